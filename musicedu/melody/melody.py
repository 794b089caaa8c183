"""`Melody`: a single line of music, exact, knowing its metre, key and anacrusis; what it refuses to be."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise

from musicedu.melody.key import Key, key_moved_by_fifths, transposed_key
from musicedu.melody.laying import Measure, lay
from musicedu.melody.marks import Dynamic, Hairpin, IrregularAt, KeyAt, MetreAt, Note, Slur, TempoAt
from musicedu.melody.metre import Metre
from musicedu.pitch import Spelling


@dataclass(frozen=True)
class Melody:
    """A single line of music; see `musicedu.melody` for the conventions.

    Parameters
    ----------
    notes: in order of onset, none sounding into the next.
    duration: quarter notes from the start to the final barline, trailing rest included.
    metres, keys: what holds from where; the first entry of each stands at 0.
    anacrusis: duration of the incomplete first measure, 0 if there is none.
    irregular: the measures that are longer or shorter than their metre, in order of onset; the anacrusis, and a last
        measure that ends early, are none.
    tempos, dynamics, hairpins, slurs: marks, in order of onset.
    title: for people; transposition: sounding minus written pitch, in semitones.

    Raises `ValueError` that names the first fault.

    >>> tune = Melody.from_text("C4:1 E4:1 G4:2", metre="4/4")
    >>> [note.pitch for note in tune.notes], tune.duration
    ([60, 64, 67], Fraction(4, 1))
    """

    notes: tuple[Note, ...]
    duration: Fraction
    metres: tuple[MetreAt, ...] = (MetreAt(Fraction(0), Metre(4, 4)),)
    keys: tuple[KeyAt, ...] = (KeyAt(Fraction(0), Key(0)),)
    anacrusis: Fraction = Fraction(0)
    tempos: tuple[TempoAt, ...] = ()
    dynamics: tuple[Dynamic, ...] = ()
    hairpins: tuple[Hairpin, ...] = ()
    slurs: tuple[Slur, ...] = ()
    title: str = ""
    transposition: int = 0
    irregular: tuple[IrregularAt, ...] = ()
    _measures: tuple[Measure, ...] = field(init=False, repr=False, compare=False, default=())

    def __post_init__(self) -> None:
        _check_times(self)
        _check_marks(self)
        object.__setattr__(self, "_measures", lay(self.metres, self.anacrusis, self.irregular, self.duration))

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures in order; an anacrusis is measure 0, a last measure may be cut short."""
        return self._measures

    @property
    def metre(self) -> Metre:
        """The first metre."""
        return self.metres[0].metre

    @property
    def key(self) -> Key:
        """The first key."""
        return self.keys[0].key

    @property
    def pitches(self) -> tuple[int, ...]:
        """The written MIDI pitches in order."""
        return tuple(note.pitch for note in self.notes)

    @property
    def intervals(self) -> tuple[int, ...]:
        """The melodic intervals in semitones, signed, across rests too."""
        return tuple(b - a for a, b in pairwise(self.pitches))

    @property
    def rests(self) -> tuple[tuple[Fraction, Fraction], ...]:
        """The silences as (onset, offset), in quarter notes, barlines disregarded."""
        gaps, position = [], Fraction(0)
        for note in self.notes:
            if note.onset > position:
                gaps.append((position, note.onset))
            position = note.offset
        if self.duration > position:
            gaps.append((position, self.duration))
        return tuple(gaps)

    def key_at(self, onset: Fraction) -> Key:
        """The key that holds at `onset`."""
        return self.keys[bisect_right(self.keys, onset, key=lambda change: change.onset) - 1].key

    def measure_at(self, onset: Fraction) -> Measure:
        """The measure that contains `onset`; `ValueError` outside the melody."""
        if not 0 <= onset < self.duration:
            raise ValueError(f"onset {onset} is outside the melody (0 to {self.duration})")
        return self._measures[bisect_right(self._measures, onset, key=lambda measure: measure.onset) - 1]

    def transposed(self, semitones: int, key: Key | None = None) -> Melody:
        """Move every written note by `semitones`, to `key` (by default the nearest signature with fewest accidentals).

        Spelling moves along the line of fifths with the key, so raised and lowered notes stay so.
        """
        new_key = key if key is not None else transposed_key(self.key, semitones)
        shift = new_key.fifths - self.key.fifths
        if (7 * shift - semitones) % 12:
            raise ValueError(f"{semitones} semitones do not lead from {self.key.name} to {new_key.name}")
        notes = tuple(replace(note, spelling=_moved(note.spelling, semitones, shift)) for note in self.notes)
        keys = tuple(KeyAt(change.onset, key_moved_by_fifths(change.key, shift)) for change in self.keys)
        return replace(self, notes=notes, keys=keys)

    @classmethod
    def from_text(
        cls, text: str, *, metre: str = "4/4", key: str = "C", anacrusis: Fraction | int = 0, title: str = ""
    ) -> Melody:
        """Read a short melody as `name:quarters` words, `r` for a rest: `"C4:1 r:1/2 D4:1/2"`."""
        notes, position = [], Fraction(0)
        for word in text.split():
            name, _, length = word.partition(":")
            duration = Fraction(length or "1")
            if name.lower() != "r":
                notes.append(Note(position, duration, Spelling.parse(name)))
            position += duration
        return cls(
            notes=tuple(notes),
            duration=position,
            metres=(MetreAt(Fraction(0), Metre.parse(metre)),),
            keys=(KeyAt(Fraction(0), Key.parse(key)),),
            anacrusis=Fraction(anacrusis),
            title=title,
        )


def _moved(spelling: Spelling, semitones: int, shift: int) -> Spelling:
    place = spelling.fifths + shift
    while place > 19:  # beyond double sharps: an enharmonic neighbour
        place -= 12
    while place < -15:
        place += 12
    return Spelling.from_fifths(place, spelling.pitch + semitones)


def _check_times(melody: Melody) -> None:
    """Notes in order and inside the melody, marks in order, an anacrusis shorter than a measure."""
    position = Fraction(0)
    for index, note in enumerate(melody.notes):
        if note.onset < position:
            raise ValueError(
                f"note {index + 1} begins at {note.onset}, before the note before it has ended ({position})"
            )
        position = note.offset
    if melody.duration <= 0:
        raise ValueError(f"a melody must last longer than 0 quarter notes, not {melody.duration}")
    if position > melody.duration:
        raise ValueError(f"the last note ends at {position}, after the end of the melody ({melody.duration})")
    if not melody.metres or melody.metres[0].onset != 0 or not melody.keys or melody.keys[0].onset != 0:
        raise ValueError("the first metre and the first key must stand at onset 0")
    for name, onsets in _mark_onsets(melody).items():
        if any(later < earlier for earlier, later in pairwise(onsets)):
            raise ValueError(f"{name} must be in order of onset")
        if any(not 0 <= onset < melody.duration for onset in onsets):
            raise ValueError(f"{name} must lie inside the melody (0 to {melody.duration})")
    for name in ("metres", "keys", "tempos", "dynamics", "irregular"):
        onsets = _mark_onsets(melody)[name]
        if len(set(onsets)) < len(onsets):
            raise ValueError(f"{name} has two entries at one onset")
    if not 0 <= melody.anacrusis < melody.metre.duration:
        raise ValueError(
            f"an anacrusis must be shorter than a measure ({melody.metre.duration}), not {melody.anacrusis}"
        )


def _mark_onsets(melody: Melody) -> dict[str, list[Fraction]]:
    names = ("metres", "keys", "tempos", "dynamics", "hairpins", "slurs", "irregular")
    return {name: [mark.onset for mark in getattr(melody, name)] for name in names}


def _check_marks(melody: Melody) -> None:
    """Slurs reach from note to note, hairpins end inside the melody."""
    onsets = {note.onset for note in melody.notes}
    for slur in melody.slurs:
        if slur.onset not in onsets or slur.last_onset not in onsets:
            raise ValueError(f"a slur must go from note to note: none begins at {slur.onset} or {slur.last_onset}")
    for hairpin in melody.hairpins:
        if hairpin.offset > melody.duration:
            raise ValueError(f"a hairpin ends at {hairpin.offset}, after the end of the melody")
