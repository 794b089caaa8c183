"""Why an exercise fits its wish, in sentences a teacher can check against the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise

from musicedu.exercise.plan import Plan
from musicedu.exercise.resolve import describe_phrase
from musicedu.melody import Melody
from musicedu.originality.quotes import Quote
from musicedu.syllabus.difficulty import Difficulty

_ORDINALS = {1: "repetition", 2: "step", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth", 7: "seventh", 8: "octave"}

_VALUE_NAMES = {
    Fraction(6): "dotted wholes",
    Fraction(4): "wholes",
    Fraction(3): "dotted halves",
    Fraction(2): "halves",
    Fraction(3, 2): "dotted quarters",
    Fraction(1): "quarters",
    Fraction(3, 4): "dotted eighths",
    Fraction(2, 3): "triplet quarters",
    Fraction(1, 2): "eighths",
    Fraction(1, 3): "triplet eighths",
    Fraction(1, 4): "sixteenths",
}


def interval_name(number: int) -> str:
    """The name of a diatonic number.

    >>> interval_name(3), interval_name(10)
    ('third', '10th')
    """
    return _ORDINALS.get(number, f"{number}th")


def reasons_for(plan: Plan, melody: Melody, difficulty: Difficulty, cells: Mapping[str, int]) -> tuple[str, ...]:
    """Why a melody fits its plan, one sentence each: key, range, leaps, rhythm, shape, focus and difficulty.

    cells: how often each rhythm cell occurs in it.
    """
    return tuple(_reasons(plan, melody, difficulty, cells))


def quote_reason(quote: Quote) -> str:
    """The sentence that names the tune a melody quotes; notes are counted from 1."""
    last = quote.first + quote.n_notes
    return f"It quotes a tune: notes {quote.first + 1} to {last} are those of {quote.name}, in some key and tempo."


def _reasons(plan: Plan, melody: Melody, difficulty: Difficulty, cells: Mapping[str, int]) -> Iterator[str]:
    at = plan.level
    grade = f"comparable to {at.comparable_grade}" if at.number > 2 else at.comparable_grade
    yield f"{plan.key.name} and {plan.metre.name}: both within level {at.number}, {grade}."
    lowest = min((note.spelling for note in melody.notes), key=lambda spelling: spelling.pitch)
    highest = max((note.spelling for note in melody.notes), key=lambda spelling: spelling.pitch)
    low, high = plan.instrument.compass_at(at.number)
    yield f"From {lowest} to {highest}; a {plan.instrument.name} player of this level has {low} to {high}."
    yield _leaps(_largest(melody), plan.largest_leap)
    values = sorted({note.duration for note in melody.notes}, reverse=True)
    lengths = f"{len(values)} length{'s' if len(values) != 1 else ''} of note"
    new = [cell.title for cell in plan.cells if cell.name in cells and cell.level == at.number > 1]
    yield f"{lengths}, {_longest_and_shortest(values)}" + (
        f"; new in level {at.number}: {', '.join(new)}." if new else "."
    )
    for phrase in plan.phrases:
        text = describe_phrase(phrase, plan.key)
        yield f"{text[0].upper()}{text[1:]}."
    if plan.focus:
        yield f"To practise: {', '.join(plan.focus)}, {plan.focus_count} times or more."
    strongest = "; ".join(str(term) for term in difficulty.terms[:4])
    yield f"Measured difficulty {difficulty.score:.1f} on the level scale" + (f" ({strongest})." if strongest else ".")


def _leaps(largest: int, most: int) -> str:
    allowed = f"a{_n(interval_name(most))} {interval_name(most)}"
    if largest <= 2:
        return "It moves by step only." if most == 2 else f"It moves by step only; up to {allowed} may come."
    return f"The largest leap is a{_n(interval_name(largest))} {interval_name(largest)}; up to {allowed} may come."


def _n(word: str) -> str:
    return "n" if word[0] in "aeiou" or word in ("8th", "11th", "18th") else ""


def _largest(melody: Melody) -> int:
    letters = [note.spelling.diatonic for note in melody.notes]
    return max((abs(b - a) + 1 for a, b in pairwise(letters)), default=1)


def _longest_and_shortest(values: list[Fraction]) -> str:
    """The longest and the shortest of the lengths that one note value writes."""
    names = [_VALUE_NAMES[value] for value in values if value in _VALUE_NAMES]
    if not names:
        return "tied notes"
    return f"all {names[0]}" if len(names) == 1 else f"from {names[0]} to {names[-1]}"
