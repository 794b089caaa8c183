"""Lines of ABC music: which signs there are, and the plain form in which music21's tokenizer gets them.

What comes out holds notes, rests, grace notes, tuplets, broken rhythm, ties, slurs and barlines only, a space after
each; decorations are fields on lines of their own (`N:!f!`). What is no music is left out and remembered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction

from musicedu.errors import FileProblem
from musicedu.formats.abc_book import ALIEN, TAME
from musicedu.formats.abc_fields import shown
from musicedu.formats.abc_marks import is_decoration
from musicedu.formats.reading import NotOneLine, Simplified, counted
from musicedu.melody import Metre

MOST_SIGNS = 15_000
"""Notes, rests, barlines and marks in one voice of a tune; the longest tunes have a few thousand."""

_MOST_MEASURES = 5_000  # of rests in all; an hour of music has about two thousand measures
_MOST_SLURS = 32  # open at a time
_MOST_SHOWN = 3  # things of a kind that a notice quotes
_DECORATIONS = {
    ".": "staccato", "~": "roll", "H": "fermata", "L": "accent", "M": "lowermordent", "O": "coda", "P": "uppermordent",
    "S": "segno", "T": "trill",
}  # fmt: skip
_LENGTH = r"[,'\d/]*"
_NOTE = rf"(?:[\^_=]{{1,4}}/?)?[A-Ga-g]{_LENGTH}"
_SIGNS = re.compile(
    rf"""(?P<text>"[^"]*") | (?P<quote>"[^"\s|]*)
      | (?P<word>(?<![^\W\d_])(?:{TAME}*{ALIEN}{TAME}*{ALIEN}[^\W\d_]*
          |(?:[Cc]oda|CODA|[Dd]a\ +[Cc]apo|[Dd]al\ +[Ss]egno)(?![^\W\d_])
          |D\.\ ?[CS]\.(?:\ ?al\ +\w+)?|(?<=\d)(?:st|nd|rd|th)(?![^\W\d_])))
      | (?P<tuplet>\(\d{{1,2}}(?::\d{{0,2}}){{0,2}})
      | !(?P<mark>(?:[^!\s|:\[\]]|:(?=[A-Za-z])){{1,32}})! | \+(?P<plus>[^+\s|:\[\]]{{1,32}})\+
      | \[(?P<tag>[A-Za-z]):(?P<value>[^\]]{{0,300}})\]
      | (?P<comment>%.*)
      | (?P<bar>[.]?(?:\[\||[|:])[|:\]]*(?:(?<=\|)\[(?=[\d"]))?(?:\d[\d,.\-]*(?:st|nd|rd|th)?)?|\[\d[\d,.\-]*)
      | \[(?P<chord>[^\]\[|]*)\](?P<outer>[\d/]*)
      | {{(?P<grace>[^{{}}]*)}}
      | (?P<dotted>[.](?=[(\-]))
      | (?P<note>{_NOTE}) | (?P<rest>[zx][\d/]*) | (?P<rests>[ZX]\d*)
      | (?P<overlay>\(&|&\)|&) | (?P<broken><+|>+) | (?P<tie>-) | (?P<slur>\() | (?P<end>\))
      | (?P<sign>[.~H-Wh-w]) | (?P<space>y\d*)
      | (?P<silent>[\s!*$\\`;,'\d/\^_=+\[\]]) | (?P<unknown>.)""",
    re.VERBOSE | re.DOTALL,
)
_COMMON = Metre(4, 4)  # where no `M:` field says otherwise
_INNER_TEXT = re.compile(r'"[^"]*"|![^!\s]{1,32}!')
_INNER_NOTE = re.compile(rf"({_NOTE})(-?)")
_PARTS = re.compile(rf"([\^_=]*)/?([A-Ga-g])({_LENGTH})")


@dataclass
class VoiceText:
    """What is written for one voice so far, in plain form, and what holds there."""

    metre: Metre | None = _COMMON
    unit: Fraction = Fraction(1, 8)
    octave: int = 0
    pieces: list[str] = field(default_factory=list)
    n_notes: int = 0
    n_signs: int = 0
    n_measures: int = 0
    n_slurs: int = 0
    is_skipping: bool = False
    in_long_overlay: bool = False
    scale: Fraction = Fraction(1)
    n_scaled: int = 0


@dataclass
class Found:
    """What a melody cannot hold or ABC does not know, gathered over a whole tune."""

    n_chords: int = 0
    n_overlays: int = 0
    passed: dict[str, None] = field(default_factory=dict)
    decorations: dict[str, str] = field(default_factory=lambda: dict(_DECORATIONS))

    def pass_over(self, text: str) -> None:
        self.passed.setdefault(shown(text))

    def simplified(self) -> list[Simplified]:
        """What makes the tune more than a single line."""
        chords = Simplified(NotOneLine.CHORDS, "holds chords")
        overlays = Simplified(NotOneLine.VOICES, "holds voice overlays (&)")
        return [chords] * (self.n_chords > 0) + [overlays] * (self.n_overlays > 0)

    def notices(self) -> list[str]:
        said = []
        if self.n_chords:
            said.append(f"{counted(self.n_chords, 'chord')}: the top note is taken")
        if self.n_overlays:
            said.append(f"{counted(self.n_overlays, 'voice overlay')} (&): the first line is taken")
        if self.passed:
            quoted = ", ".join(list(self.passed)[:_MOST_SHOWN])
            more = len(self.passed) - _MOST_SHOWN
            said.append(f"passed over as no music: {quoted}{f' and {more:,} more' if more > 0 else ''}")
        return said


class Scanner:
    """Writes lines of music in plain form, and counts as it goes; raises `FileProblem` where there is too much."""

    def __init__(self, found: Found, where: str) -> None:
        self.found, self.where = found, where

    def scan(self, line: str, voice: VoiceText, start: int = 0) -> tuple[str, str, int]:
        """Write a line from `start` to its next inline field: returns the field's letter, its value and where it ends.

        At the end of the line the letter is empty.
        """
        for match in _SIGNS.finditer(line, start):
            kind = match.lastgroup or ""
            if kind == "value":
                return match["tag"], match["value"], match.end()
            if kind == "overlay":
                self._overlay(match[0], voice)
            elif not voice.is_skipping:
                self._write(kind, match, voice)
            elif kind == "bar" and not voice.in_long_overlay:
                voice.is_skipping = False
                self._write(kind, match, voice)
        voice.is_skipping = voice.is_skipping and voice.in_long_overlay
        return "", "", len(line)

    def _overlay(self, sign: str, voice: VoiceText) -> None:
        """`a & b |` has two lines in a measure, `(& a | b & c | d &)` in several: the first is taken."""
        if sign == "&":
            self.found.n_overlays += not voice.is_skipping
            voice.is_skipping = True
        else:
            voice.in_long_overlay, voice.is_skipping = sign == "(&", False

    def _write(self, kind: str, match: re.Match[str], voice: VoiceText) -> None:
        match kind:
            case "note":
                self._note(match[0], voice)
            case "rest":
                self._rest(match[0][1:], voice)
            case "bar" | "broken" | "tie":
                self._count_sign(voice)
                voice.pieces.append(f"{'|' if kind == 'bar' else match[0][:3]} ")
            case "slur" | "end":
                self._slur(match[0], voice)
            case "tuplet":
                self._tuplet(match[0], voice)
            case "mark" | "plus":
                self._mark(match[kind], match[0], voice)
            case "sign":
                if match[0] in self.found.decorations:
                    self._decorate(self.found.decorations[match[0]], voice)
            case "outer":
                self._chord(match["chord"], match["outer"], voice)
            case "grace":
                self._grace(match["grace"], voice)
            case "rests":
                self._measures(int(match[0][1:][:6] or 1), voice)
            case "quote" | "word" | "unknown":
                self.found.pass_over(match[0])
            case _:
                pass  # texts, comments, spacers, line breaks: nothing that sounds

    def _count_note(self, voice: VoiceText) -> None:
        voice.n_notes += 1
        self._count_sign(voice)

    def _count_sign(self, voice: VoiceText) -> None:
        voice.n_signs += 1
        if voice.n_signs > MOST_SIGNS:
            raise FileProblem(f"holds a tune of more than {MOST_SIGNS:,} notes, barlines and marks", where=self.where)

    def _note(self, text: str, voice: VoiceText) -> None:
        name, length = self._parted(text, voice)
        if length:
            self._count_note(voice)
            voice.pieces.append(f"{name}{_written(self._scaled(length, voice))} ")

    def _rest(self, digits: str, voice: VoiceText) -> None:
        length = self._length(digits)
        if length:
            self._count_sign(voice)
            voice.pieces.append(f"z{_written(self._scaled(length, voice))} ")

    def _parted(self, text: str, voice: VoiceText) -> tuple[str, Fraction]:
        """A note without its length, and the length in units."""
        match = _PARTS.match(text)
        assert match is not None, text
        signs, letter, rest = match.groups()
        if signs not in ("", "^", "^^", "_", "__", "="):
            self.found.pass_over(text)
            signs = signs[-1]
        octave = rest.count("'") - rest.count(",") + voice.octave
        name = f"{signs}{letter}{chr(39) * octave}{',' * -octave}"
        return name, self._length(re.sub(r"[,']", "", rest))

    def _length(self, digits: str) -> Fraction:
        """`3`, `3/2`, `/`, `//`, `/4`: a note length in units; 0 where it is written so."""
        if not digits:
            return Fraction(1)
        above, slash, below = digits.partition("/")
        if len(above) > 5:
            raise FileProblem(f"holds a note of length {shown(digits)}", where=self.where)
        below = below if below.strip("/") else str(2 ** min(len(below) + 1, 8)) if slash else "1"
        if not (below.isdecimal() and len(below) <= 4 and int(below)) or not int(above or 1):
            self.found.pass_over(digits)
            return Fraction(0) if above and not int(above) else Fraction(int(above or 1))
        return Fraction(int(above or 1), int(below))

    def _scaled(self, length: Fraction, voice: VoiceText) -> Fraction:
        if not voice.n_scaled:
            return length
        voice.n_scaled -= 1
        return length * voice.scale

    def _slur(self, sign: str, voice: VoiceText) -> None:
        voice.n_slurs += 1 if sign == "(" else -1 if voice.n_slurs else 0
        if voice.n_slurs > _MOST_SLURS:
            voice.n_slurs -= 1
        else:
            self._count_sign(voice)
            voice.pieces.append(f"{sign} ")

    def _tuplet(self, text: str, voice: VoiceText) -> None:
        """music21 knows tuplets of up to 9 notes; the notes of larger ones get lengths of their own."""
        numbers = [int(number) if number else 0 for number in text[1:].split(":")]
        actual, normal, n_notes = (*numbers, 0, 0)[:3]
        self._count_sign(voice)
        if 1 <= actual <= 9 and normal <= 9 and n_notes <= 9:
            voice.pieces.append(f"({':'.join(str(number or '') for number in numbers)} ")
        elif actual:
            voice.scale = Fraction(normal or (3 if voice.metre is not None and voice.metre.is_compound else 2), actual)
            voice.n_scaled = n_notes or actual
        else:
            self.found.pass_over(text)

    def _mark(self, name: str, whole: str, voice: VoiceText) -> None:
        """`!trill!`, `+trill+`; a note between line breaks, `!c2d2!`, and the chord of old, `+CEG+`, are music."""
        notes = [match[0] for match in _INNER_NOTE.finditer(name)]
        if is_decoration(name) or "".join(notes) != name:
            self._decorate(name, voice)
        elif whole.startswith("+"):
            self._chord(name, "", voice)
        else:
            for note in notes:
                self._note(note.removesuffix("-"), voice)

    def _decorate(self, name: str, voice: VoiceText) -> None:
        self._count_sign(voice)
        voice.pieces.append(f"\nN:!{name}!\n")

    def _chord(self, inside: str, outer: str, voice: VoiceText) -> None:
        """The top note of a chord, as long as its first."""
        notes = [
            (self._parted(match[1], voice), match[2]) for match in _INNER_NOTE.finditer(_INNER_TEXT.sub("", inside))
        ]
        if not notes:
            self.found.pass_over(f"[{inside}]")
            return
        (name, _), tie = max(notes, key=lambda note: _height(note[0][0]))
        length = notes[0][0][1] * self._length(outer)
        self.found.n_chords += len({name for (name, _), _ in notes}) > 1
        if length:
            self._count_note(voice)
            voice.pieces.append(f"{name}{_written(self._scaled(length, voice))} {tie} ")

    def _grace(self, inside: str, voice: VoiceText) -> None:
        notes = [self._parted(match[1], voice)[0] for match in _INNER_NOTE.finditer(_INNER_TEXT.sub("", inside))]
        for _ in notes:
            self._count_sign(voice)
        voice.pieces.append(f"{{{' '.join(notes)}}} " if notes else "")

    def _measures(self, count: int, voice: VoiceText) -> None:
        """Rests of whole measures, spelled out in the unit note length that holds."""
        voice.n_measures += count
        if voice.n_measures > _MOST_MEASURES:
            raise FileProblem(f"holds a tune with more than {_MOST_MEASURES:,} measures of rest", where=self.where)
        if voice.metre is not None:
            voice.pieces.append(" | ".join([f"z{_written(voice.metre.duration / 4 / voice.unit)}"] * count) + " ")


def _height(name: str) -> tuple[int, int]:
    """How high a note is: its place on the staff, then its accidental."""
    letter = name.strip("^_=,'")
    octave = name.count("'") - name.count(",") + letter.islower()
    return 7 * octave + "CDEFGAB".index(letter.upper()), name.count("^") - name.count("_")


def _written(length: Fraction) -> str:
    """A length in units as ABC writes it: nothing for 1, `3`, `3/2`."""
    if length == 1:
        return ""
    return str(length.numerator) if length.denominator == 1 else f"{length.numerator}/{length.denominator}"
