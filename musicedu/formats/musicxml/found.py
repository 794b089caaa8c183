"""What was found in one part: its written notes, its measures and what stands beside them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby

from musicedu.formats.musicxml.beside import Beside
from musicedu.formats.musicxml.signatures import Signature, metre_lasting
from musicedu.formats.musicxml.tally import Tally
from musicedu.melody import Metre, MetreAt
from musicedu.pitch import Spelling


@dataclass(slots=True)
class Heard:
    """One written note, before ties join it to others.

    layer: counts on where one voice begins a second line after a backup; absent: "hidden" for a note that is played and
    not shown, "cue" for one that is shown and not played; slurs: "start" and "stop" with their numbers.
    """

    onset: Fraction
    duration: Fraction
    spelling: Spelling
    marks: frozenset[str]
    measure: str
    voice: str
    staff: str
    layer: int
    is_tied_from: bool
    is_tied_to: bool
    in_chord: bool
    absent: str = ""
    slurs: tuple[tuple[str, str], ...] = ()

    @property
    def offset(self) -> Fraction:
        """When the note ends, in quarter notes."""
        return self.onset + self.duration


@dataclass(slots=True)
class MeasureRead:
    """A measure as the file has it: its number, place, length in quarter notes and metre."""

    number: str
    onset: Fraction
    duration: Fraction
    metre: Metre
    is_implicit: bool


@dataclass(slots=True)
class PartRead:
    """All that was found in a part, in the order of the file; positions in quarter notes.

    unmetred: the rows of the measures of which no metre was given, or none that can be read.
    """

    passed_over: Tally
    beside: Beside
    notes: list[Heard] = field(default_factory=list)
    measures: list[MeasureRead] = field(default_factory=list)
    metres: dict[Fraction, MetreAt] = field(default_factory=dict)
    signatures: dict[Fraction, Signature] = field(default_factory=dict)
    transposition: int = 0
    unmetred: list[int] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def give_metres(found: PartRead) -> tuple[str, ...]:
    """Give the measures without a metre the one that most of them last, each stretch its own; say so."""
    rows, said = sorted(found.unmetred), []
    stretches = [list(group) for _, group in groupby(enumerate(rows), key=lambda pair: pair[1] - pair[0])]
    for stretch in stretches:
        measures = [found.measures[row] for _, row in stretch]
        n_lasting = Counter(measure.duration for measure in measures if not measure.is_implicit)
        lengths = sorted(n_lasting, key=lambda length: (-n_lasting[length], -length))  # an anacrusis is the shorter
        metre = next((fit for length in lengths if (fit := metre_lasting(length)) is not None), Metre(4, 4))
        for measure in measures:
            measure.metre = metre
        found.metres[measures[0].onset] = MetreAt(measures[0].onset, metre)
        said.append(f"No metre is given in measure {measures[0].number}; its measures say {metre}")
    return tuple(said[:1])
