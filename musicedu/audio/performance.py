"""How a player plays what is written: a melody as timed, weighted, articulated notes in seconds.

The rules are the ordinary ones of first method books: a plain note is held for most of its value, a slurred one until
the next begins, a staccato note for half of it, a tenuto note in full; an accent is louder. How loud a moment is, is a
MIDI velocity: dynamic marks hold, hairpins lead from one to the next. Ornaments become the notes they stand for.

When anything sounds, from quarter notes to seconds, says a clock that follows the tempo marks.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction

from musicedu.melody import DYNAMICS, Hairpin, Key, Melody, Note
from musicedu.pitch import STEPS, Spelling
from musicedu.played import PlayedNote

_GAP_SHARE, _LONGEST_GAP_SEC = 0.1, 0.05
_HELD = {"staccato": 0.5, "marcato": 0.75, "tenuto": 1.0}
_STRESS = {"accent": 18, "marcato": 24, "tenuto": 4}
VELOCITIES = {"pp": 40, "p": 54, "mp": 68, "mf": 82, "f": 98, "ff": 114}
DEFAULT_DYNAMIC = "mf"
_QUICK_SEC = 0.07
_TRILL_SEC = 0.085
DEFAULT_TEMPO_BPM = 120.0
_GRADUAL = ("rit", "rall", "accel", "string", "allarg", "slarg", "smorz", "morendo", "calando")


def perform(melody: Melody, *, fermata_factor: float = 1.5) -> tuple[PlayedNote, ...]:
    """Play a melody: its notes in seconds at sounding pitch, marks obeyed.

    fermata_factor: how many times its value a note under a fermata lasts, 1 for strict time; `ValueError` below 1.
    Empty for a melody without notes.

    >>> [round(note.onset_sec, 2) for note in perform(Melody.from_text("C4:1 D4:1/2 E4:1/2"))]
    [0.0, 0.5, 0.75]
    """
    clock, loudness = clock_of(melody, fermata_factor=fermata_factor), Loudness(melody)
    slurred = _SlurredNotes(melody)
    played: list[PlayedNote] = []
    for note in melody.notes:
        onset_sec = clock.seconds(note.onset)
        length_sec = clock.seconds(note.offset) - onset_sec
        held_sec = length_sec if slurred.goes_on(note) else _held(note, length_sec)
        velocity = min(127, loudness.velocity(note.onset) + sum(_STRESS.get(mark, 0) for mark in note.marks))
        turns = ornament(note, melody.key_at(note.onset), length_sec)
        played += _played(turns, onset_sec, held_sec, velocity, melody.transposition, slurred.comes_from(note))
    return tuple(played)


def clock_of(melody: Melody, *, fermata_factor: float = 1.5) -> Clock:
    """The clock of a performance: tempo marks and the extra time of fermatas."""
    if fermata_factor < 1:
        raise ValueError(f"fermata_factor must be 1 or more, not {fermata_factor}")
    strict = Clock(melody)
    pauses = tuple(
        (note.offset, (fermata_factor - 1) * (strict.seconds(note.offset) - strict.seconds(note.onset)))
        for note in melody.notes
        if "fermata" in note.marks
    )
    return Clock(melody, pauses)


def _held(note: Note, length_sec: float) -> float:
    for mark, share in _HELD.items():
        if mark in note.marks:
            return share * length_sec
    if "fermata" in note.marks:
        return length_sec
    return length_sec - min(_GAP_SHARE * length_sec, _LONGEST_GAP_SEC)


class _SlurredNotes:
    """Which notes lie under a slur."""

    def __init__(self, melody: Melody) -> None:
        self._slurs = sorted((slur.onset, slur.last_onset) for slur in melody.slurs)
        self._firsts = [first for first, _ in self._slurs]

    def goes_on(self, note: Note) -> bool:
        """Whether the slur leads on to a later note; a staccato dot under a slur still shortens."""
        return "staccato" not in note.marks and any(
            last > note.onset for _, last in self._slurs[: bisect_right(self._firsts, note.onset)]
        )

    def comes_from(self, note: Note) -> bool:
        """Whether the slur leads to this note from an earlier one."""
        return any(first < note.onset <= last for first, last in self._slurs)


def _played(
    turns: tuple[Turn, ...], onset_sec: float, held_sec: float, velocity: int, transposition: int, joined: bool
) -> list[PlayedNote]:
    played, at_sec = [], 0.0
    for index, turn in enumerate(turns):
        is_last = index == len(turns) - 1
        begin_sec = onset_sec + at_sec
        end_sec = begin_sec + (max(held_sec - at_sec, 0.03) if is_last else turn.duration_sec)
        played.append(PlayedNote(begin_sec, end_sec, turn.pitch + transposition, velocity, joined or index > 0))
        at_sec += turn.duration_sec
    return played


class Loudness:
    """The velocity that holds at each onset of a melody.

    A hairpin moves evenly to the dynamic mark at its end (or before the end of the next measure's length), and one
    level up or down where there is none or it points the other way; that level holds until the next mark.

    >>> Loudness(Melody.from_text("C4:1")).velocity(Fraction(0))
    82
    """

    def __init__(self, melody: Melody) -> None:
        self._points = _points(melody)
        self._onsets = [onset for onset, _ in self._points]

    def velocity(self, onset: Fraction) -> int:
        """The MIDI velocity (1 to 127) at `onset`, articulations aside."""
        index = bisect_right(self._onsets, float(onset)) - 1
        before, level = self._points[index]
        if index + 1 == len(self._points) or self._points[index + 1][1] == level:
            return round(level)
        after, next_level = self._points[index + 1]
        return round(level + (next_level - level) * (float(onset) - before) / (after - before))


def _points(melody: Melody) -> list[tuple[float, float]]:
    """Breakpoints of a line over time; a jump is two of them at one onset."""
    marks = {mark.onset: float(VELOCITIES[mark.mark]) for mark in melody.dynamics}
    points = [(0.0, marks.get(Fraction(0), float(VELOCITIES[DEFAULT_DYNAMIC])))]
    events = sorted([(at, 0) for at in marks if at > 0] + [(pin.onset, 1) for pin in melody.hairpins])
    pins = {pin.onset: pin for pin in melody.hairpins}
    ended = Fraction(0)
    for onset, kind in events:
        if onset < ended:  # inside a hairpin: its own end says where the loudness goes
            continue
        level = marks.get(onset, points[-1][1])
        points += [(float(onset), points[-1][1]), (float(onset), level)]
        if kind:
            ended = pins[onset].offset
            points.append((float(ended), _goal(pins[onset], level, marks, melody)))
    return points


def _goal(pin: Hairpin, level: float, marks: dict[Fraction, float], melody: Melody) -> float:
    rising = pin.kind == "crescendo"
    reach = pin.offset + melody.measure_at(pin.onset).metre.duration / 2
    marked = [marks[at] for at in sorted(marks) if pin.onset < at <= reach]
    if marked and (marked[0] > level) is rising and marked[0] != level:
        return marked[0]
    ladder = [float(VELOCITIES[name]) for name in DYNAMICS]
    beyond = [step for step in ladder if (step > level if rising else step < level)]
    if not beyond:
        return level
    return beyond[0] if rising else beyond[-1]


@dataclass(frozen=True, slots=True)
class Turn:
    """One note of an ornament: written MIDI pitch and how long it lasts, in seconds."""

    pitch: int
    duration_sec: float


def ornament(note: Note, key: Key, length_sec: float) -> tuple[Turn, ...]:
    """The notes that a note with its ornament stands for, the note alone where it has none.

    A mordent dips to the lower neighbour, an inverted mordent rises to the upper, a turn goes round the note (upper,
    note, lower, note), a trill alternates with the upper and ends on the note. Neighbours are those of `key`.
    A note too short for its ornament is played plain.
    """
    name = next(iter(sorted(note.marks & {"trill", "mordent", "inverted-mordent", "turn"})), "")
    main, upper, lower = note.pitch, _neighbour(note.spelling, key, 1), _neighbour(note.spelling, key, -1)
    figures = {"mordent": (main, lower), "inverted-mordent": (main, upper), "turn": (upper, main, lower)}
    if name == "trill":
        quick_sec, figure = _TRILL_SEC, (main, upper) * int((length_sec - 0.1) / (2 * _TRILL_SEC))
    else:
        quick_sec, figure = _QUICK_SEC, figures.get(name, ())
    if length_sec < len(figure) * quick_sec + _QUICK_SEC:
        figure = ()
    turns = tuple(Turn(pitch, quick_sec) for pitch in figure)
    return (*turns, Turn(main, length_sec - quick_sec * len(figure)))


def _neighbour(spelling: Spelling, key: Key, direction: int) -> int:
    """The pitch of the next letter up or down, as the key signature has it."""
    octave, index = divmod(spelling.diatonic + direction, 7)
    return Spelling(STEPS[index], key.signature.get(STEPS[index], 0), octave).pitch


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch of music whose tempo moves evenly from one value to another (quarter notes a minute)."""

    onset: float
    duration: float
    first_bpm: float
    last_bpm: float

    def seconds(self, quarters: float) -> float:
        """How long the first `quarters` of the stretch last."""
        growth = (self.last_bpm - self.first_bpm) / self.duration
        if abs(growth) * quarters < 1e-9:
            return 60 * quarters / self.first_bpm
        return 60 / growth * math.log1p(growth * quarters / self.first_bpm)


class Clock:
    """Where each moment of a melody falls in time.

    A tempo mark holds from its onset on. One that reads "rit.", "rall.", "accel." or the like is reached little by
    little: the tempo moves evenly from the one before it until the next mark or the end. Without marks the tempo is
    120, as in MIDI and MusicXML files. `pauses` are extra seconds that pass at an onset (fermatas).

    >>> clock = Clock(Melody.from_text("C4:1 D4:1 E4:2"))
    >>> clock.seconds(Fraction(2))
    1.0
    """

    def __init__(self, melody: Melody, pauses: tuple[tuple[Fraction, float], ...] = ()) -> None:
        self._stretches = _stretches(melody)
        self._onsets = [stretch.onset for stretch in self._stretches]
        self._starts_sec = [0.0]
        for stretch in self._stretches[:-1]:
            self._starts_sec.append(self._starts_sec[-1] + stretch.seconds(stretch.duration))
        self._pauses = pauses

    @property
    def opening_bpm(self) -> float:
        """The tempo of the first moment, in quarter notes a minute."""
        return self._stretches[0].first_bpm

    def seconds(self, onset: Fraction) -> float:
        """Seconds from the start of the melody to `onset` (quarter notes, 0 or more)."""
        index = max(bisect_right(self._onsets, float(onset)) - 1, 0)
        stretch = self._stretches[index]
        paused_sec = sum(seconds for at, seconds in self._pauses if at <= onset)
        return self._starts_sec[index] + stretch.seconds(float(onset) - stretch.onset) + paused_sec


def _stretches(melody: Melody) -> list[_Stretch]:
    marks = [(float(mark.onset), float(mark.tempo_bpm), _is_gradual(mark.text)) for mark in melody.tempos]
    if not marks or marks[0][0] > 0:
        opening = next((bpm for _, bpm, gradual in marks if not gradual), DEFAULT_TEMPO_BPM)
        marks.insert(0, (0.0, opening, False))
    ends = [onset for onset, _, _ in marks[1:]] + [float(melody.duration)]
    stretches: list[_Stretch] = []
    for (onset, bpm, gradual), end in zip(marks, ends, strict=True):
        before = stretches[-1].last_bpm if stretches else bpm
        stretches.append(_Stretch(onset, end - onset, before if gradual else bpm, bpm))
    return stretches


def _is_gradual(text: str) -> bool:
    return text.strip().lower().startswith(_GRADUAL)
