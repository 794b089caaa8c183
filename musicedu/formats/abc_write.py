"""A `Melody` as ABC text, by the ABC standard 2.1, so that other programs and `parse_abc` read the same music.

Accidentals are written wherever one of the readings in use (they hold for the measure in one octave, in all octaves,
or not at all) would otherwise differ.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import groupby, pairwise

from musicedu.formats.barlines import metres_again
from musicedu.melody import Key, Measure, Melody, Metre, Mode, TempoAt
from musicedu.notation import Symbol, write

_UNIT = Fraction(1, 2)  # L:1/8, in quarter notes
_MEASURES_A_LINE = 4
_ACCIDENTALS = {-2: "__", -1: "_", 0: "=", 1: "^", 2: "^^"}
_MODE_NAMES: dict[Mode, str] = {
    "major": "", "minor": "m", "dorian": "dor", "phrygian": "phr", "lydian": "lyd", "mixolydian": "mix",
    "locrian": "loc",
}  # fmt: skip
_DECORATIONS = {"staccato": ".", "inverted-mordent": "!uppermordent!", "mordent": "!lowermordent!"}


def render_abc(melody: Melody) -> str:
    """Write a melody as one ABC tune.

    Held: notes with their spelling and marks, metres, irregular measures, keys, anacrusis, title, tempos, dynamics,
    hairpins and slurs, the transposition (`K:D transpose=-2`). Not held: slurs that cross (`(a (b c) d)` reads as
    nested ones), two hairpins of one kind at the same time, and double quotes in a tempo's words. Raises
    `MusicEduError` for a rhythm that cannot be written down.

    >>> from musicedu.melody import Melody
    >>> print(render_abc(Melody.from_text("F#4:1 G4:1/2 A4:1/2 F4:2", key="G", title="Up")), end="")
    X:1
    T: Up
    M:4/4
    L:1/8
    K:G
    F2 GA =F4 |]
    """
    return "\n".join([*_header(melody), *_body(melody)]) + "\n"


def _header(melody: Melody) -> list[str]:
    lines = ["X:1", f"T: {_escaped(melody.title)}", f"M:{_metre(melody.metre)}", "L:1/8"]
    lines += [f"Q:{_tempo(tempo)}" for tempo in melody.tempos if tempo.onset == 0]
    return [*lines, f"K:{_key(melody.key, melody.transposition)}"]


def _body(melody: Melody) -> list[str]:
    events = _events(melody)
    writer = _Writer(melody, events)
    measures = [writer.measure(measure, symbols) for measure, symbols in write(melody)]
    rows = [measures[start : start + _MEASURES_A_LINE] for start in range(0, len(measures), _MEASURES_A_LINE)]
    lines = [" | ".join(row) + " |" for row in rows]
    ending = "".join(events.get(melody.duration, ()))
    lines[-1] = f"{lines[-1].removesuffix('|')}{ending + ' ' if ending else ''}|]"
    return lines


def _events(melody: Melody) -> dict[Fraction, list[str]]:
    """What is written between notes, by onset: inline fields, ends of hairpins, dynamics, beginnings of hairpins."""
    metres = (*melody.metres, *metres_again(melody))
    placed = [(change.onset, f"[M:{_metre(change.metre)}]") for change in metres if change.onset]
    placed += [
        (change.onset, f"[K:{_key(change.key, melody.transposition)}]") for change in melody.keys if change.onset
    ]
    placed += [(tempo.onset, f"[Q:{_tempo(tempo)}]") for tempo in melody.tempos if tempo.onset]
    placed += [(hairpin.offset, f"!{hairpin.kind})!") for hairpin in melody.hairpins]
    placed += [(dynamic.onset, f"!{dynamic.mark}!") for dynamic in melody.dynamics]
    placed += [(hairpin.onset, f"!{hairpin.kind}(!") for hairpin in melody.hairpins]
    placed.sort(key=lambda event: event[0])
    return {onset: [text for _, text in group] for onset, group in groupby(placed, key=lambda event: event[0])}


class _Writer:
    """Writes measures in order; knows which accidentals have been written in the measure."""

    def __init__(self, melody: Melody, events: dict[Fraction, list[str]]) -> None:
        self.melody, self.events, self.altered = melody, events, set[str]()
        self.slur_starts = _counted(slur.onset for slur in melody.slurs)
        self.slur_ends = _counted(slur.last_onset for slur in melody.slurs)

    def measure(self, measure: Measure, symbols: tuple[Symbol, ...]) -> str:
        self.altered.clear()
        text = ""
        for index, symbol in enumerate(symbols):
            joined = symbol.beams and symbol.beams[0] in ("continue", "end")
            text += "" if joined or not text else " "
            n_pieces = [len(self._pieces(each)) for each in symbols[index:]]
            text += self._symbol(symbol, _tuplet_sign(symbols[index:], n_pieces))
        return text

    def _pieces(self, symbol: Symbol) -> list[tuple[Fraction, Fraction]]:
        """A symbol cut where something is written inside it, such as a dynamic under a long note."""
        inside = sorted(onset for onset in self.events if symbol.onset < onset < symbol.offset)
        edges = [symbol.onset, *inside, symbol.offset]
        return list(pairwise(edges))

    def _symbol(self, symbol: Symbol, tuplet_sign: str) -> str:
        scale = Fraction(*symbol.tuplet) if symbol.tuplet else Fraction(1)
        pieces = self._pieces(symbol)
        text = ""
        for rank, (onset, offset) in enumerate(pieces):
            is_first, is_last = not symbol.tied_from and rank == 0, not symbol.tied_to and rank == len(pieces) - 1
            length = _length((offset - onset) * scale / _UNIT)
            text += "".join(self.events.get(onset, ()))
            if symbol.note is None:
                text += f"{tuplet_sign}z{length}"
            else:
                note = self.melody.notes[symbol.note]
                starts = "(" * self.slur_starts.get(note.onset, 0) if is_first else ""
                marks = "".join(_DECORATIONS.get(mark, f"!{mark}!") for mark in sorted(note.marks)) if is_first else ""
                ends = ")" * self.slur_ends.get(note.onset, 0) if is_last else "-" if not is_last else ""
                text += f"{starts}{tuplet_sign}{marks}{self._pitch(symbol.note, onset)}{length}{ends}"
            tuplet_sign = ""
        return text

    def _pitch(self, index: int, onset: Fraction) -> str:
        spelling = self.melody.notes[index].spelling
        usual = self.melody.key_at(onset).signature.get(spelling.step, 0)
        accidental = ""
        if spelling.alter != usual or spelling.step in self.altered:
            accidental = _ACCIDENTALS[spelling.alter]
            self.altered.add(spelling.step)
        letter = spelling.step.lower() if spelling.octave >= 5 else spelling.step
        return accidental + letter + "'" * (spelling.octave - 5) + "," * (4 - spelling.octave)


def _tuplet_sign(symbols: tuple[Symbol, ...], n_pieces: list[int]) -> str:
    """The sign before the first note of a tuplet: `(3`, or `(p:q:r` where the short form would not say enough."""
    first = symbols[0]
    if not first.tuplet_begins or first.tuplet is None:
        return ""
    last = next(index for index, symbol in enumerate(symbols) if symbol.tuplet_ends)
    actual, normal = first.tuplet
    n_notes = sum(n_pieces[: last + 1])
    return "(3" if (actual, normal, n_notes) == (3, 2, 3) else f"({actual}:{normal}:{n_notes}"


def _counted(onsets: Iterable[Fraction]) -> dict[Fraction, int]:
    counts: dict[Fraction, int] = {}
    for onset in onsets:
        counts[onset] = counts.get(onset, 0) + 1
    return counts


def _length(units: Fraction) -> str:
    """A note length as a multiple of the unit: nothing for 1, `3`, `/2`, `3/2`."""
    numerator = "" if units.numerator == 1 else str(units.numerator)
    return numerator if units.denominator == 1 else f"{numerator}/{units.denominator}"


def _metre(metre: Metre) -> str:
    return f"({'+'.join(map(str, metre.groups))})/{metre.denominator}" if metre.groups else str(metre)


def _key(key: Key, transposition: int) -> str:
    name = str(key.tonic)[:-1] + _MODE_NAMES[key.mode]
    return f"{name} transpose={transposition}" if transposition else name


def _tempo(tempo: TempoAt) -> str:
    """`1/4=120`, with a smaller unit if the quarters a minute are no whole number."""
    words = f' "{_escaped(tempo.text).replace(chr(34), chr(39))}"' if tempo.text else ""
    return f"1/{4 * tempo.tempo_bpm.denominator}={tempo.tempo_bpm.numerator}{words}"


def _escaped(text: str) -> str:
    return " ".join(text.replace("\\", "\\\\").replace("%", "\\%").split())
