"""How hard a melody is to read and play, and why: a sum of small terms on the level scale.

Each term is a monotone function of one attribute, rising from 0 to a ceiling, as in the additive model of RubricNet
(Ramoneda et al. 2024, arXiv 2408.00473); unlike there the ceilings are set by hand from what each level adds, so the
estimate does not learn from what it judges. Length and tempo are kept out of the sum, since the number of notes alone
would pass for difficulty; they are reported beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from musicedu.attributes import on_page
from musicedu.attributes.on_grid import largest_interval, leap_share, range_semitones, rhythm_entropy
from musicedu.attributes.on_melody import (
    accidental_share,
    changes,
    double_accidental_share,
    key_distance,
    mark_kinds,
    syncopated_share,
)
from musicedu.grid import line_of
from musicedu.melody import Key, Melody, Metre
from musicedu.notation import Symbol
from musicedu.syllabus.levels import LEVEL_NUMBERS

EASIEST = 1.0
"""What a melody scores of which no term says anything: the bottom of the scale."""

TermName = Literal[
    "eighths", "sixteenths", "dotted notes", "tuplets", "ties", "rests", "syncopation", "rhythmic variety", "range",
    "largest leap", "leaps", "accidentals", "double accidentals", "metre", "key signature", "minor", "marks",
    "anacrusis", "changes",
]  # fmt: skip
Figure = int | Key | tuple[Metre, ...] | None


@dataclass(frozen=True, slots=True)
class Term:
    """One reason: the attribute, how much it adds (levels), its ceiling, and what was found.

    figure: the kinds of rests or of marks, the semitones of the range or of the largest leap, the metres, or the key
    with most sharps or flats; None where the name says all.
    """

    name: TermName
    value: float
    ceiling: float
    figure: Figure = None


@dataclass(frozen=True, slots=True)
class Difficulty:
    """A measured difficulty.

    score: on the level scale, 1 and up; terms: what it adds up from, largest first;
    n_notes and tempo_bpm (quarter notes a minute, None if unmarked): reported apart, not in the score.
    """

    score: float
    terms: tuple[Term, ...]
    n_notes: int
    tempo_bpm: Fraction | None

    @property
    def level(self) -> int:
        """The level the score falls into."""
        return min(LEVEL_NUMBERS[-1], max(LEVEL_NUMBERS[0], round(self.score)))

    @property
    def reasons(self) -> tuple[Term, ...]:
        """Every term that adds a tenth or more, largest first; `musicedu.in_words` says each."""
        return tuple(term for term in self.terms if round(term.value, 1) > 0)


def estimate_difficulty(melody: Melody) -> Difficulty:
    """Estimate the difficulty of any melody, whoever wrote it; an empty one scores the least.

    >>> estimate_difficulty(Melody.from_text("C4:1 D4:1 E4:1 D4:1 C4:4")).level
    1
    """
    tempo = melody.tempos[0].tempo_bpm if melody.tempos else None
    if not melody.notes:
        return Difficulty(EASIEST, (), 0, tempo)
    symbols = on_page.symbols_of(melody)
    terms = [*_rhythm_terms(melody, symbols), *_pitch_terms(melody), *_frame_terms(melody)]
    score = EASIEST + sum(term.value for term in terms)
    ordered = sorted((term for term in terms if term.value > 0), key=lambda term: (-term.value, term.name))
    return Difficulty(score, tuple(ordered), len(melody.notes), tempo)


def _ramp(
    name: TermName, attribute: float, full_at: float, ceiling: float, figure: Figure = None, *, free: float = 0.0
) -> Term:
    """A term that rises in a straight line from 0 at `free` to `ceiling` at `full_at`."""
    share = min(1.0, max(0.0, (attribute - free) / (full_at - free)))
    return Term(name, ceiling * share, ceiling, figure)


def _rhythm_terms(melody: Melody, symbols: Sequence[Symbol]) -> list[Term]:
    n_rests = round(on_page.rest_values(symbols))
    return [
        _ramp("eighths", on_page.eighth_share(symbols), 0.25, 0.7),
        _ramp("sixteenths", on_page.sixteenth_share(symbols), 0.3, 1.1),
        _ramp("dotted notes", on_page.dotted_share(symbols), 0.12, 0.7),
        _ramp("tuplets", on_page.tuplet_share(symbols), 0.12, 1.0),
        _ramp("ties", on_page.tie_share(symbols), 0.12, 0.4),
        _ramp("rests", n_rests, 5, 0.6, n_rests),
        _ramp("syncopation", syncopated_share(melody), 0.1, 1.0),
        _ramp("rhythmic variety", rhythm_entropy(line_of(melody)), 2.5, 0.6, free=0.5),
    ]


def _pitch_terms(melody: Melody) -> list[Term]:
    line = line_of(melody)
    largest = round(largest_interval(line))
    compass = range_semitones(line)
    doubled = float(double_accidental_share(melody) > 0)
    return [
        _ramp("range", compass, 35, 2.4, round(compass), free=5),
        _ramp("largest leap", largest, 18, 2.2, largest, free=2),
        _ramp("leaps", leap_share(line), 0.35, 0.5),
        _ramp("accidentals", accidental_share(melody), 0.15, 1.2),
        _ramp("double accidentals", doubled, 1, 0.3),
    ]


_METRE_TERMS = {(4, 4): 0.0, (2, 4): 0.1, (3, 4): 0.2, (2, 2): 0.8, (3, 8): 0.6, (6, 8): 1.0, (9, 8): 1.3, (12, 8): 1.5}

_OTHER_METRES = 1.5


def _frame_terms(melody: Melody) -> list[Term]:
    metres = tuple(dict.fromkeys(at.metre for at in melody.metres))
    hardest = max(_METRE_TERMS.get((metre.numerator, metre.denominator), _OTHER_METRES) for metre in metres)
    key = max((at.key for at in melody.keys), key=lambda one: abs(one.fifths))
    minor = any(at.key.is_minor for at in melody.keys)
    n_kinds = round(mark_kinds(melody))
    return [
        _ramp("metre", hardest, _OTHER_METRES, _OTHER_METRES, metres),
        _ramp("key signature", key_distance(melody), 6, 1.2, key),
        _ramp("minor", float(minor), 1.0, 0.3),
        _ramp("marks", n_kinds, 12, 1.1, n_kinds),
        _ramp("anacrusis", float(melody.anacrusis > 0), 1.0, 0.2),
        _ramp("changes", changes(melody), 2, 0.4),
    ]


def attribute_ceilings() -> dict[str, float]:
    """The most each term can add, in levels."""
    example = Melody.from_text("C4:1")
    symbols = on_page.symbols_of(example)
    terms = [*_rhythm_terms(example, symbols), *_pitch_terms(example), *_frame_terms(example)]
    return {term.name: term.ceiling for term in terms}
