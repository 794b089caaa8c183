"""From music21's ABC tokens to a `Melody`: the fast half of `converter.parse`, without building a score.

`tunes_of` cuts a tune book into tunes, `tokens_of` brings one tune through music21's token stage (prepared first, see
`musicedu.formats.abc_prepare`), `read_tokens` and `melody_of_tokens` make the melody.

Where music21 10.5 misreads ABC, the text or the tokens are mended, so that `read_tune` differs from `converter.parse`:
accidentals hold to the end of the measure whatever version a file claims (music21 forgets them for files that claim
none), broken rhythm works across a slur, a staccato dot or a grace note (`A>.B`), grace notes take no part in ties and
tuplets, and notes that music21 drops (after `H`, under `">"`) are kept. `read_tokens` of music21's own tokens gives
the converter's notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from music21 import abcFormat

from musicedu.errors import FileProblem, MusicEduError
from musicedu.formats.abc_marks import Marks
from musicedu.formats.abc_prepare import PERCENT, key_of, metre_of, prepare
from musicedu.formats.abc_tune import AbcTune
from musicedu.formats.barlines import irregular_notices, lay_measures
from musicedu.melody import Key, KeyAt, Melody, Metre, MetreAt, Note
from musicedu.pitch import Spelling

_REFERENCE = re.compile(r"^\s*X:\s*(\d*)", re.MULTILINE)
_ABC_VERSION = (2, 1, 0)  # accidentals hold to the end of the measure
_LONGEST = 20_000  # quarter notes: an hour and more of music; what is longer is a mistyped length
_WHOLE = 4  # quarter notes
_ALTERS = {"#": 1, "-": -1, "n": 0}


def tunes_of(text: str) -> Iterator[tuple[str, str]]:
    """Cut ABC text into (reference number, text of the tune); what stands before the first `X:` goes with each."""
    starts = list(_REFERENCE.finditer(text))
    if not starts:
        yield "", text
        return
    head = "\n".join(line for line in text[: starts[0].start()].split("\n") if re.match(r"[A-Z]:|%%", line))
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        tune = text[start.start() : following.start() if following else len(text)]
        yield start[1], f"{head}\n{tune}" if head else tune


def tokens_of(text: str, where: str = "") -> list[abcFormat.ABCToken]:
    """Bring one tune through music21's token stage; raises `FileProblem` for what it cannot read."""
    handler = abcFormat.ABCHandler(abcVersion=_ABC_VERSION)
    try:
        handler.tokenize(prepare(text, where))
        tokens = _mended(handler.tokens)
        kinds = (abcFormat.ABCNote, abcFormat.ABCMetadata, abcFormat.ABCTuplet)
        handler.tokens = [token for token in tokens if isinstance(token, kinds)]
        handler.tokenProcess()
    except MusicEduError:
        raise
    except Exception as error:  # music21 raises whatever the text provokes: ValueError, IndexError, its own kinds
        raise FileProblem(f"is not ABC that can be read ({type(error).__name__}: {error})", where=where) from error
    return tokens


def read_tune(text: str, where: str = "") -> AbcTune:
    """Read the text of one tune: `tokens_of`, then `read_tokens`."""
    return read_tokens(tokens_of(text, where), where)


def melody_of_tokens(tokens: Sequence[abcFormat.ABCToken], where: str = "") -> Melody:
    """Make a `Melody` of one tune's processed tokens, in about a millisecond; see `read_tokens`."""
    return read_tokens(tokens, where).melody


def read_tokens(tokens: Sequence[abcFormat.ABCToken], where: str = "") -> AbcTune:
    """Make a melody of one tune's processed tokens and say what it leaves out.

    Repeats are written once, as printed, endings one after the other; grace notes are dropped; a tie joins two notes of
    one pitch and is nothing otherwise. Raises `FileProblem` for a tune without metre or notes, with chords or with
    several voices.
    """
    reader = _Reader(where)
    for token in tokens:
        reader.read(token)
    return reader.tune()


def _mended(tokens: Sequence[abcFormat.ABCToken]) -> list[abcFormat.ABCToken]:
    """Bind broken rhythm to the notes around it, whatever stands between, and bar grace notes from processing."""
    kept: list[abcFormat.ABCToken] = []
    in_grace, last_note, broken = False, None, ""
    for token in tokens:
        if isinstance(token, abcFormat.ABCGraceStart | abcFormat.ABCGraceStop):
            in_grace = isinstance(token, abcFormat.ABCGraceStart)
        elif in_grace:
            if isinstance(token, abcFormat.ABCNote):
                kept.append(_GraceNote(token.src))
        elif isinstance(token, abcFormat.ABCBrokenRhythmMarker):
            if last_note is not None:
                broken = token.src.strip()
                last_note.brokenRhythmMarker = (broken, "left")
        else:
            if isinstance(token, abcFormat.ABCNote):
                if broken:
                    token.brokenRhythmMarker = (broken, "right")
                last_note, broken = token, ""
            kept.append(token)
    return kept


class _GraceNote(abcFormat.ABCToken):
    """A note inside braces: counted, and otherwise passed over."""

    __slots__ = ()


class _Reader:
    """Gathers one tune token by token."""

    def __init__(self, where: str) -> None:
        self.where, self.position = where, Fraction(0)
        self.notes: list[Note] = []
        self.metres: list[MetreAt] = []
        self.keys: dict[Fraction, Key] = {}
        self.barlines: list[Fraction] = []
        self.marks = Marks()
        self.title, self.reference, self.transposition = "", "", 0
        self.n_grace_notes, self.tied, self.voices = 0, False, set[str]()
        self.measure_begins, self.are_rests = Fraction(0), list[bool]()  # since the last barline
        self.notices: list[str] = []

    def read(self, token: abcFormat.ABCToken) -> None:
        if isinstance(token, _GraceNote):
            self.n_grace_notes += 1
        elif isinstance(token, abcFormat.ABCChord):
            self._read_chord(token)
        elif isinstance(token, abcFormat.ABCNote):
            self._read_note(token, token.pitchName, token.src)
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

    def _read_chord(self, token: abcFormat.ABCChord) -> None:
        notes = [note for note in token.subTokens if isinstance(note, abcFormat.ABCNote)]
        if len({note.pitchName for note in notes}) > 1:
            raise self._problem("holds a chord, so it is not a single melodic line")
        if notes:
            self._read_note(token, notes[0].pitchName, notes[0].src)

    def _read_note(self, token: abcFormat.ABCNote, pitch_name: str | None, source: str) -> None:
        if token.inGrace:
            self.n_grace_notes += 1
            return
        duration = _duration_of(token)
        if duration <= 0:
            return
        if self.position + duration > _LONGEST:
            raise self._problem(f"is longer than {_LONGEST:,} quarter notes")
        self.are_rests.append(pitch_name is None)
        if pitch_name is None:
            self.marks.begin_rest(self.position)
        elif not self._prolonged(pitch_name, source, duration):
            spelling = self._spelled(pitch_name, source)
            self.notes.append(Note(self.position, duration, spelling, self.marks.begin_note(self.position)))
        self.tied = False
        self.position += duration

    def _close_measure(self) -> None:
        """A rest alone between barlines that is a whole one, or too long, lasts as long as the measure."""
        length = self.position - self.measure_begins
        metre = self.metres[-1].metre if self.metres else Metre(4, 4)
        is_alone = self.are_rests == [True] and length % metre.duration != 0
        if is_alone and (length > metre.duration or (length == _WHOLE and self.measure_begins)):
            self.position = self.measure_begins + metre.duration
            self.notices.append(f"A rest of {float(length):g} quarter notes is read as a whole measure of {metre}")
        self.measure_begins, self.are_rests = self.position, []

    def _spelled(self, pitch_name: str, source: str) -> Spelling:
        try:
            if source.count(",") > 4:  # below octave 0 music21's names are ambiguous: C-1 is C flat 1, too
                raise ValueError("lower than C0")
            return _spelling(pitch_name)
        except ValueError as error:
            raise self._problem(f"holds the note {source.strip()!r}, which is no pitch here: {error}") from None

    def _prolonged(self, pitch_name: str, source: str, duration: Fraction) -> bool:
        """Whether the note only continues a tied one; an accidental carries over the barline with the tie."""
        if not self.tied or not self.notes or self.notes[-1].offset != self.position:
            return False
        last, spelling = self.notes[-1], self._spelled(pitch_name, source)
        same_place = (last.spelling.step, last.spelling.octave) == (spelling.step, spelling.octave)
        if last.spelling != spelling and not (same_place and not re.search(r"[\^_=]", source)):
            return False
        self.notes[-1] = replace(last, duration=last.duration + duration, marks=last.marks | self.marks.continue_note())
        return True

    def _read_field(self, tag: str, value: str) -> None:
        if tag == "N" and value.startswith("!key "):
            _, fifths, mode, semitones = value.strip("!").split()
            self.keys[self.position] = Key(int(fifths), mode)  # type: ignore[arg-type]
            self.transposition = self.transposition or int(semitones)
        elif tag == "N" and value.startswith("!metre "):
            self._change_metre(value.strip("!").removeprefix("metre "))
        elif tag == "N" and value.startswith("!"):
            self.marks.decorate(value.strip("!"), self.position)
        elif tag == "M":
            self._change_metre(value)
        elif tag == "K":
            self.keys[self.position] = key_of(value, self.where) or Key(0)
        elif tag == "Q":
            self.marks.change_tempo(value.replace(PERCENT, "%"), self.position)
        elif tag == "T" and not self.title:
            self.title = " ".join(value.replace(PERCENT, "%").split())
        elif tag == "X":
            self.reference = value
        elif tag == "V":
            self.voices.add(value.split()[0] if value.split() else "")
            if len(self.voices) > 1 and self.notes:
                raise self._problem("has several voices, so it is not a single melodic line")

    def _change_metre(self, value: str) -> None:
        try:
            metre = metre_of(value)
        except ValueError as error:
            raise self._problem(f"has the metre {value!r}: {error}") from None
        if metre is None:
            raise self._problem(f"has no metre (M:{value})", "Give it one, such as M:4/4.")
        if self.metres and self.metres[-1].onset == self.position:
            self.metres.pop()
        self.metres.append(MetreAt(self.position, metre))

    def tune(self) -> AbcTune:
        if not self.position:
            raise self._problem("holds no notes", "ABC music stands after a K: field.")
        end = self.position
        metres = (
            self.metres
            if self.metres and not self.metres[0].onset
            else [MetreAt(Fraction(0), Metre(4, 4)), *self.metres]
        )
        layout = lay_measures(
            [change for change in metres if change.onset < end],
            self.barlines,
            end,
            onsets={note.onset for note in self.notes},
        )
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
        return AbcTune(
            melody,
            tuple(dict.fromkeys(self.barlines)),
            self.reference,
            self.n_grace_notes,
            (*dict.fromkeys(self.notices), *layout.notices, *irregular_notices(melody)),
        )

    def _problem(self, problem: str, remedy: str = "") -> FileProblem:
        return FileProblem(problem, where=self.where or f"ABC tune {self.reference}".strip(), remedy=remedy)


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
