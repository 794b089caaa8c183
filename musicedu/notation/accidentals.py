"""Which notes carry an accidental: what the signature and the measure so far do not say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from musicedu.melody import Measure, Melody
from musicedu.notation.symbols import Symbol

NAMES = {-2: "flat-flat", -1: "flat", 0: "natural", 1: "sharp", 2: "double-sharp"}


@dataclass(frozen=True, slots=True)
class Accidental:
    """An accidental before a note: `alter` from -2 to 2; `courtesy` if it only reminds after the barline."""

    alter: int
    courtesy: bool = False

    @property
    def name(self) -> str:
        """flat-flat, flat, natural, sharp or double-sharp."""
        return NAMES[self.alter]


def accidentals(
    melody: Melody, written: tuple[tuple[Measure, tuple[Symbol, ...]], ...]
) -> dict[tuple[int, int], Accidental]:
    """The accidentals by (place of the measure, place of the symbol in it).

    An accidental holds for its staff position to the end of the measure. A tied note repeats none. A courtesy
    accidental stands where the position was altered otherwise in the measure before.
    """
    return {(row, column): sign for (row, column, _), sign in accidentals_of_chords((melody,), written).items()}


def accidentals_of_chords(
    voices: Sequence[Melody], written: tuple[tuple[Measure, tuple[Symbol, ...]], ...]
) -> dict[tuple[int, int, int], Accidental]:
    """The accidentals of voices with one rhythm on one staff, by measure, symbol and voice; see `accidentals`."""
    shown: dict[tuple[int, int, int], Accidental] = {}
    before: dict[tuple[str, int], int] = {}
    for row, (_, symbols) in enumerate(written):
        now: dict[tuple[str, int], int] = {}
        sounded: dict[tuple[str, int], int] = {}
        for column, symbol in enumerate(symbols):
            if symbol.note is None:
                continue
            signed = voices[0].key_at(symbol.onset).signature
            for number, voice in enumerate(voices):
                spelling = voice.notes[symbol.note].spelling
                position = (spelling.step, spelling.octave)
                holds = now.get(position, signed.get(spelling.step, 0))
                sounded[position] = spelling.alter
                if symbol.tied_from:
                    continue
                if spelling.alter != holds:
                    shown[row, column, number] = Accidental(spelling.alter)
                elif position not in now and before.get(position, spelling.alter) != spelling.alter:
                    shown[row, column, number] = Accidental(spelling.alter, courtesy=True)
                now[position] = spelling.alter
        before = sounded
    return shown
