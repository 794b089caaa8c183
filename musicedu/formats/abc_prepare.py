"""ABC text before music21's tokenizer sees it: what that would lose or misread is put into a form that it keeps.

music21's tokenizer drops `!f!` and other decorations, loses a note after `H`, reads `[M:3/4]` as a chord, takes the
rest of a line after `A::` for a field, takes an unknown letter for the note C, knows neither Locrian nor F flat nor
single accidentals in a key, and has no multi-measure rests. So of one tune one voice is written anew in the plain form
of `musicedu.formats.abc_music`, its fields on lines of their own with values that are certain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from musicedu.errors import FileProblem
from musicedu.formats.abc_book import is_prose
from musicedu.formats.abc_fields import (
    KeyField,
    default_unit,
    is_clef,
    key_field,
    metre_of,
    shown,
    tempo_of,
    unit_of,
)
from musicedu.formats.abc_music import Found, Scanner, VoiceText
from musicedu.formats.reading import NotOneLine, Simplified, choose
from musicedu.melody import Key

PERCENT = "\ue000"
"""Stands for an escaped `%` until the text of a field is read, since music21 cuts fields there."""

_MOST_CHANGES = 1_000  # of key, metre, unit, tempo and voice in one tune
_MOST_VOICES = 64
_FIELD = re.compile(r"[ \t]*([A-Za-z+]):(.*)")
_REPEAT_AFTER_NOTE = re.compile(r"[ \t]*[A-Ga-gz]:[ \t]*[|:]")
_PROPAGATION = re.compile(r"(?:%%|I:)[ \t]*propagate-accidentals[ \t]+(not|octave|pitch)\b")
_NAME = re.compile(r"\b(?:name|nm)=(?:\"([^\"]*)\"|(\S+))")
_DEFINED = re.compile(r"[ \t]*([.~H-Wh-w])[ \t]*=[ \t]*[!+\"]?([^!+\"]*)")
_SPOKEN = str.maketrans({
    "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"', "＂": '"',
    "‘": "'", "’": "'", "‛": "'", "′": "'", "´": "'", "ʼ": "'", "‚": ",",
    "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "‒": "-", "―": "-",
    "|": "|", "｜": "|", "∥": "||", "¦": "|", "…": "...", "½": "1/2", "¼": "1/4", "¾": "3/4", "⁄": "/",
    "‹": "<", "›": ">", "＾": "^", "＿": "_", "＝": "=", "（": "(", "）": ")", "：": ":", "×": "x",
} | dict.fromkeys("\t\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B))), " ")
  | dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff\ufe0e\ufe0f", None)
)  # fmt: skip
"""Signs that word processors and mail programs put for those of ABC."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """One voice of one tune in plain form, and what is to be said of it.

    `simplified` names what makes the tune more than a single line in one metre (chords, voices, no metre); `notices`
    hold that and what was chosen, mended or passed over.
    """

    text: str
    simplified: tuple[Simplified, ...] = ()
    notices: tuple[str, ...] = ()


def prepare(text: str, where: str = "", voice: int | str | None = None) -> Prepared:
    """Write one voice of one tune so that music21's tokenizer loses nothing that a `Melody` holds.

    Raises `FileProblem` for a voice that is not there and for more notes, rests and changes than can be read.
    """
    preparation = _Preparation(where)
    preparation.read(text)
    return preparation.prepared(voice)


class _Preparation:
    """Reads the lines of one tune in order: its header, then music and fields, each for the voice that is open."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.found = Found()
        self.scanner = Scanner(self.found, where)
        self.names: dict[str, str] = {}
        self.voices: dict[str, VoiceText] = {}
        self.start = VoiceText()  # what holds for every voice that has not begun
        self.current = self.start
        self.seen: set[str] = set()  # letters of the fields before the music
        self.in_body = False
        self.n_changes = 0
        self.notices: dict[str, None] = {}
        self.simplified: dict[Simplified, None] = {}

    def read(self, text: str) -> None:
        lines = [line for line in text.split("\n") if line.strip()]
        has_key = any(re.match(r"[ \t]*K:", line) for line in lines)
        for line in lines:
            field = _FIELD.match(line)
            if propagation := _PROPAGATION.match(line):
                self.start.pieces.append(f"%%propagate-accidentals {propagation[1]}\n")
            elif line.startswith("%"):
                continue
            elif field is not None and not (self.in_body and _REPEAT_AFTER_NOTE.match(line)):
                self._field(field[1], field[2])
            elif self.in_body:
                self._music(line)
            elif not has_key and self.seen and not is_prose(line):
                self.notices["names no key (K:): read without sharps or flats"] = None
                self._key(KeyField(Key(0)))
                self._music(line)

    def prepared(self, wanted: int | str | None) -> Prepared:
        played = {name: voice for name, voice in self.voices.items() if voice.n_notes}
        sounding = played or {name: voice for name, voice in self.voices.items() if voice.n_signs}
        said: tuple[str, ...] = ()
        taken = self.start
        if sounding:
            place, said = self._choose(list(sounding), wanted)
            taken = list(sounding.values())[place]
        if len(sounding) > 1:
            self.simplified[Simplified(NotOneLine.VOICES, "has several voices")] = None
        simplified = (*self.simplified, *self.found.simplified())
        notices = (*said, *self.notices, *self.found.notices())
        return Prepared("".join(taken.pieces) + "\n", simplified, notices)

    def _choose(self, names: list[str], wanted: int | str | None) -> tuple[int, tuple[str, ...]]:
        """A voice by its name in `V:`, else by its full name or its place."""
        asked = "" if wanted is None else str(wanted).strip()
        if asked in names:
            return names.index(asked), ()
        labels = [self.names.get(name, "") or f"V:{name}" for name in names]
        return choose(labels, wanted, "voice", where=self.where)

    def _music(self, line: str) -> None:
        line = line.translate(_SPOKEN)
        if is_prose(line):
            self.found.pass_over(line)
            return
        tag, value, position = self.scanner.scan(line, self._voice())
        while tag:
            self._field(tag, value)
            tag, value, position = self.scanner.scan(line, self._voice(), position)

    def _voice(self) -> VoiceText:
        """The voice that is open; the first one where the tune names none."""
        if self.current is self.start:
            self._open_voice(next(iter(self.names), "1"))
        return self.current

    def _open_voice(self, name: str) -> None:
        if name not in self.voices:
            if len(self.voices) == _MOST_VOICES:
                problem = f"holds more than {_MOST_VOICES} voices"
                raise FileProblem(problem, where=self.where, kind=NotOneLine.VOICES)
            self.voices[name] = replace(self.start, pieces=list(self.start.pieces))
        self.current = self.voices[name]

    def _field(self, tag: str, value: str) -> None:
        value = _without_comment(value)
        if tag in ("X", "T"):
            if tag not in self.seen and not self.voices:
                self.start.pieces.append(f"{tag}: {value}\n")
        elif tag in "KLMQV":
            self._change(tag, value.replace(PERCENT, "%").translate(_SPOKEN).strip())
        elif tag == "U" and (defined := _DEFINED.match(value)):
            self.found.decorations[defined[1]] = defined[2].strip()
        elif tag == "m":
            self.notices["macros (m:) are not written out"] = None
        if not self.in_body:
            self.seen.add(tag)

    def _change(self, tag: str, value: str) -> None:
        self.n_changes += 1
        if self.n_changes > _MOST_CHANGES:
            raise FileProblem(f"holds more than {_MOST_CHANGES:,} changes of key, metre or voice", where=self.where)
        match tag:
            case "K":
                self._read_key(value)
            case "L":
                self._read_unit(value)
            case "M":
                self._read_metre(value)
            case "Q":
                self._read_tempo(value)
            case _:
                self._read_voice(value)

    def _read_key(self, value: str) -> None:
        key = key_field(value, self.where)
        if key is None:
            if self.in_body and not value.lower().startswith("none"):
                return  # a clef alone, or nothing that is known: the key stays
            if not is_clef(value):
                self.notices[f"the key {shown(value)} is not known: read without sharps or flats"] = None
            key = KeyField(Key(0))
        elif not key.is_certain:
            self.notices[f"the key {shown(value)} is not known: read as {key.key.name}"] = None
        if key.alters:
            words = f"has a key signature of single accidentals (K:{shown(value)[1:-1]})"
            self.simplified[Simplified(NotOneLine.KEY, words)] = None
            self.notices[f"the key {shown(value)} is called {key.key.name}, its accidentals stand by the notes"] = None
        self._key(key)

    def _key(self, key: KeyField) -> None:
        if not self.in_body:
            if "L" not in self.seen:
                self._unit(default_unit(self.start.metre) if self.start.metre is not None else Fraction(1, 8))
            self.in_body = True
        alters = ",".join(f"{step}{alter}" for step, alter in key.alters)
        signature = str(Key(key.key.fifths).tonic)[:-1]
        self.current.octave = key.octave
        self.current.pieces.append(
            f"\nK:{signature}\nN:!key {key.key.fifths} {key.key.mode} {key.transposition} {alters}!\n"
        )

    def _read_unit(self, value: str) -> None:
        unit = unit_of(value)
        if unit is None:
            self.notices[f"the unit note length {shown(value)} cannot be read: {self.current.unit} is taken"] = None
        self._unit(unit or self.current.unit)

    def _unit(self, unit: Fraction) -> None:
        self.current.unit = unit
        self.current.pieces.append(f"\nL:{unit.numerator}/{unit.denominator}\n")

    def _read_metre(self, value: str) -> None:
        """A metre in plain numbers; checked here, since music21 takes minutes over one of 100,000 beats."""
        try:
            metre = metre_of(value)
        except ValueError:
            metre = None
        if metre is None:
            if value.lower().strip('"') not in ("", "none", "free"):
                self.notices[f"the metre {shown(value)} cannot be read"] = None
            self.simplified[Simplified(NotOneLine.NO_METRE, f"has no metre (M:{shown(value)[1:-1]})")] = None
        groups = f"({'+'.join(map(str, metre.groups))})/{metre.denominator}" if metre and metre.groups else ""
        self.current.metre = metre
        plain = f"M:{metre}\n" if metre else ""
        self.current.pieces.append(f"\n{plain}N:!metre {groups or metre or 'none'}!\n")

    def _read_tempo(self, value: str) -> None:
        tempo = tempo_of(value, self.current.unit)
        if tempo is not None:
            words = tempo[1].replace("%", PERCENT)
            self.current.pieces.append(f"\nN:!tempo {tempo[0]} {words}!\n")
        elif re.search(r"\d", value):
            self.notices[f"the tempo {shown(value)} cannot be read"] = None

    def _read_voice(self, value: str) -> None:
        name, _, rest = value.partition(" ")
        if not name or name == "*":
            return
        if full := _NAME.search(rest[:400]):
            self.names[name] = full[1] or full[2]
        self.names.setdefault(name, "")
        if self.in_body:
            self._open_voice(name)


def _without_comment(value: str) -> str:
    """A field's value without its comment; an escaped `%` becomes `PERCENT`."""
    return re.sub(r"\\([\\%])", lambda match: PERCENT if match[1] == "%" else "\\", value).split("%")[0].strip()
