"""From the tokens of one ABC tune to a `Melody`: notes, ties, metres, keys and marks, in the order they come."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from music21 import abcFormat

from musicedu.errors import FileProblem
from musicedu.formats.abc_fields import key_of, metre_of, shown
from musicedu.formats.abc_marks import Marks
from musicedu.formats.abc_prepare import PERCENT
from musicedu.formats.barlines import irregular_notices, lay_measures
from musicedu.formats.reading import NotOneLine, Simplified
from musicedu.melody import Key, KeyAt, Melody, Metre, MetreAt, Note
from musicedu.pitch import Spelling

_LONGEST = 20_000  # quarter notes: an hour and more of music; what is longer is a mistyped length
_WHOLE = 4  # quarter notes
_ALTERS = {"#": 1, "-": -1, "n": 0}


@dataclass(frozen=True, slots=True)
class AbcTune:
    """A tune as it was read: its melody, its number (`X:`) and what the melody does not hold.

    `barlines` stand where the file has them, in quarter notes. `n_grace_notes` were left out. `simplified` names what
    makes the tune more than a single line in one metre (chords, voices, no metre); `notices` say that and what else was
    chosen, mended or passed over.
    """

    melody: Melody
    barlines: tuple[Fraction, ...] = ()
    reference: str = ""
    n_grace_notes: int = 0
    simplified: tuple[Simplified, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def n_irregular(self) -> int:
        """How many measures are longer or shorter than their metre."""
        return len(self.melody.irregular)


class GraceNote(abcFormat.ABCToken):
    """A note inside braces: counted, and otherwise passed over."""

    __slots__ = ()


class TuneReader:
    """Gathers one tune token by token."""

    def __init__(self, where: str) -> None:
        self.where, self.position = where, Fraction(0)
        self.notes: list[Note] = []
        self.metres: dict[Fraction, Metre | None] = {}
        self.keys: dict[Fraction, Key] = {}
        self.barlines: list[Fraction] = []
        self.marks = Marks()
        self.title, self.reference, self.transposition = "", "", 0
        self.n_grace_notes, self.tied = 0, False
        self.alters: dict[str, int] = {}
        self.notices: dict[str, None] = {}
        self.measure_begins, self.are_rests = Fraction(0), list[bool]()  # since the last barline

    def read(self, token: abcFormat.ABCToken) -> None:
        if isinstance(token, GraceNote):
            self.n_grace_notes += 1
        elif isinstance(token, abcFormat.ABCChord):
            raise self._problem("holds a chord, so it is not a single melodic line", kind=NotOneLine.CHORDS)
        elif isinstance(token, abcFormat.ABCNote):
            self._read_note(token)
        elif isinstance(token, abcFormat.ABCBar):
            self._close_measure()
            self.barlines.append(self.position)
        elif isinstance(token, abcFormat.ABCMetadata):
            self._read_field(token.tag, token.data)
        elif isinstance(token, abcFormat.ABCTie):
            self.tied = True
        elif isinstance(token, abcFormat.ABCSlurStart):
            self.marks.open_slur()
        elif isinstance(token, abcFormat.ABCParenStop) and self.notes:
            self.marks.close_slur(self.notes[-1].onset)

    def _read_note(self, token: abcFormat.ABCNote) -> None:
        if token.inGrace:
            self.n_grace_notes += 1
            return
        duration = _duration_of(token)
        if duration <= 0:
            return
        if self.position + duration > _LONGEST:
            raise self._problem(f"is longer than {_LONGEST:,} quarter notes")
        if token.pitchName is None:
            self.marks.begin_rest(self.position)
        elif not self._prolonged(spelling := self._spelled(token), token.src, duration):
            self.notes.append(Note(self.position, duration, spelling, self.marks.begin_note(self.position)))
        self.are_rests.append(token.pitchName is None)
        self.tied = False
        self.position += duration

    def _close_measure(self) -> None:
        """A rest alone between barlines that is a whole one, or too long, lasts as long as the measure."""
        length = self.position - self.measure_begins
        metre = list(self.metres.values())[-1] if self.metres else Metre(4, 4)
        is_alone = metre is not None and self.are_rests == [True] and length % metre.duration != 0
        if metre and is_alone and (length > metre.duration or (length == _WHOLE and self.measure_begins)):
            self.position = self.measure_begins + metre.duration
            self.notices[f"A rest of {float(length):g} quarter notes is read as a whole measure of {metre}"] = None
        self.measure_begins, self.are_rests = self.position, []

    def _spelled(self, token: abcFormat.ABCNote) -> Spelling:
        source, name = token.src, str(token.pitchName)
        try:
            if source.count(",") > 4:  # below octave 0 music21's names are ambiguous: C-1 is C flat 1, too
                raise ValueError("lower than C0")
            spelling = _spelling(name)
        except ValueError as error:
            raise self._problem(f"holds the note {shown(source)}, which is no pitch here: {error}") from None
        if spelling.step in self.alters and not re.search(r"[\^_=]", source) and not token.carriedAccidental:
            return Spelling(spelling.step, self.alters[spelling.step], spelling.octave)
        return spelling

    def _prolonged(self, spelling: Spelling, source: str, duration: Fraction) -> bool:
        """Whether the note only continues a tied one; an accidental carries over the barline with the tie."""
        if not self.tied or not self.notes or self.notes[-1].offset != self.position:
            return False
        last = self.notes[-1]
        same_place = (last.spelling.step, last.spelling.octave) == (spelling.step, spelling.octave)
        if last.spelling != spelling and not (same_place and not re.search(r"[\^_=]", source)):
            return False
        self.notes[-1] = replace(last, duration=last.duration + duration, marks=last.marks | self.marks.continue_note())
        return True

    def _read_field(self, tag: str, value: str) -> None:
        if tag == "N" and value.startswith("!"):
            self._read_own(*value[1:-1].partition(" ")[::2])
        elif tag == "M":
            self.metres[self.position] = metre_of(value)
        elif tag == "K":
            self.keys[self.position], self.alters = key_of(value, self.where) or Key(0), {}
        elif tag == "T" and not self.title:
            self.title = " ".join(value.replace(PERCENT, "%").split())
        elif tag == "X":
            self.reference = value

    def _read_own(self, kind: str, value: str) -> None:
        """What `prepare` writes between exclamation marks: keys, metres and tempos in full, decorations."""
        if kind == "key":
            fifths, mode, semitones, alters = value.split(" ")
            self.keys[self.position] = Key(int(fifths), mode)  # type: ignore[arg-type]
            self.transposition = self.transposition or int(semitones)
            self.alters = {each[0]: int(each[1:]) for each in alters.split(",") if each}
        elif kind == "metre":
            self.metres[self.position] = metre_of(value)
        elif kind == "tempo":
            tempo_bpm, _, words = value.partition(" ")
            self.marks.change_tempo(Fraction(tempo_bpm), words.replace(PERCENT, "%"), self.position)
        else:
            self.marks.decorate(kind, self.position)

    def tune(self) -> AbcTune:
        if not self.position:
            raise self._problem("holds no notes", "ABC music stands after a K: field.", NotOneLine.NO_NOTES)
        end = self.position
        layout = lay_measures(self._metres(end), self.barlines, end, onsets={note.onset for note in self.notes})
        keys = {Fraction(0): Key(0), **self.keys}
        try:
            melody = Melody(
                notes=tuple(self.notes),
                duration=end,
                metres=layout.metres,
                keys=tuple(KeyAt(onset, keys[onset]) for onset in sorted(keys) if onset < end),
                anacrusis=layout.anacrusis,
                tempos=self.marks.tempos(end),
                dynamics=self.marks.dynamics(end),
                hairpins=self.marks.hairpins(end),
                slurs=self.marks.slurs(),
                title=self.title,
                transposition=self.transposition,
                irregular=layout.irregular,
            )
        except ValueError as error:
            raise self._problem(str(error)) from None
        barlines = tuple(dict.fromkeys(self.barlines))
        notices = (*self.notices, *layout.notices, *irregular_notices(melody))
        return AbcTune(melody, barlines, self.reference, self.n_grace_notes, notices=notices)

    def _metres(self, end: Fraction) -> list[MetreAt]:
        """The metres that are given, and where none is, that of most measures between two barlines."""
        given = {onset: metre for onset, metre in sorted(({Fraction(0): None} | self.metres).items()) if onset < end}
        found = []
        for onset, stop in pairwise([*given, end]):
            metre = given[onset]
            if metre is None:
                metre = _usual_metre([barline for barline in self.barlines if onset <= barline <= stop])
                self.notices[f"no metre is given{' here' if onset else ''}: its measures are counted in {metre}"] = None
            found.append(MetreAt(onset, metre))
        return found

    def _problem(self, problem: str, remedy: str = "", kind: str = "") -> FileProblem:
        where = self.where or f"ABC tune {self.reference}".strip()
        return FileProblem(problem, where=where, remedy=remedy, kind=kind)


def _usual_metre(barlines: Sequence[Fraction]) -> Metre:
    """The metre of half of the measures at least, if they agree on one; else common time."""
    lengths = Counter(after - before for before, after in pairwise(dict.fromkeys(barlines)))
    length, count = lengths.most_common(1)[0] if lengths else (Fraction(4), 0)
    for denominator in (4, 8, 16):
        numerator = length * denominator / 4
        if 2 * count >= lengths.total() > 1 and numerator.denominator == 1 and 2 <= numerator <= 32:
            return Metre(int(numerator), denominator)
    return Metre(4, 4)


def _duration_of(token: abcFormat.ABCNote) -> Fraction:
    length = _exact(token.quarterLength)
    tuplet = token.activeTuplet
    return length * tuplet.numberNotesNormal / tuplet.numberNotesActual if tuplet is not None else length


@lru_cache(maxsize=1024)
def _exact(quarter_length: float | Fraction) -> Fraction:
    return Fraction(quarter_length).limit_denominator(65536)


@lru_cache(maxsize=1024)
def _spelling(pitch_name: str) -> Spelling:
    """Read music21's name of a pitch: `F#5`, `B-4`, `Cn5`."""
    match = re.fullmatch(r"[A-G](#+|-+|n+|)(-?\d+)", pitch_name)
    if match is None:
        raise ValueError("its accidentals contradict each other")
    return Spelling(pitch_name[0], sum(_ALTERS[sign] for sign in match[1]), int(match[2]))
