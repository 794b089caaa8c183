"""What a task about classifiers may ask: each is a requirement for `musicedu.course.checks.check`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from musicedu.course.asks.functions import outcome
from musicedu.course.checks import Requirement, asked_first
from musicedu.course.slips import kind_of
from musicedu.learning.classify import Fold, cross_validate
from musicedu.melody import Melody

_FREQUENCIES_HZ = np.array([0.0, 200.0, 400.0, 600.0, 800.0])


def finds_the_balance(answer: Any) -> str | None:
    """A function of (magnitudes, frequencies_hz) gives the mean frequency, weighted by the magnitudes."""
    tried = (
        ([0, 0, 3, 0, 0], 400.0, "Of a tone at 400 Hz alone"),
        ([0, 1, 0, 1, 0], 400.0, "Of two equally loud tones at 200 and 600 Hz"),
        ([0, 3, 0, 1, 0], 300.0, "Of a tone at 200 Hz and one at 600 Hz that is three times softer"),
    )
    for magnitudes, expected_hz, words in tried:
        found, fault = _number(answer, np.array(magnitudes, dtype=float), _FREQUENCIES_HZ)
        if fault or found is None:
            return fault
        if not math.isclose(found, expected_hz, rel_tol=1e-6):
            return f"{words} you find the brightness {found:.4g} Hz. {_what_went_wrong(found, magnitudes)}"
    return None


def _what_went_wrong(found: float, magnitudes: Sequence[float]) -> str:
    weighted = float(np.dot(magnitudes, _FREQUENCIES_HZ))
    if math.isclose(found, float(_FREQUENCIES_HZ.mean())) or math.isclose(found, float(_FREQUENCIES_HZ.sum())):
        return "The magnitudes do not count yet: a loud frequency must pull harder than a soft one."
    if math.isclose(found, weighted) or math.isclose(found, weighted / len(magnitudes)):
        return "A louder sound would be brighter: divide by the sum of the magnitudes."
    if found == _FREQUENCIES_HZ[int(np.argmax(magnitudes))]:
        return "That is the strongest frequency; the others must have their say too."
    return "It must be where the spectrum balances, as on the edge of a knife."


def keeps_apart(answer: Any) -> str | None:
    """A function of (groups, held_out) gives two lists of rows: those to learn from, and those to be asked about."""
    groups = np.array(["reel 1", "jig 1", "reel 1", "jig 2", "reel 2", "jig 1"])
    held_out = ["jig 1", "reel 2"]
    result, fault = outcome(answer, groups, held_out)
    if fault:
        return fault
    if not isinstance(result, tuple | list) or len(result) != 2:
        return "Give two things back, with a comma between: the rows to learn from, then the rows to ask about."
    try:
        train, test = (_rows(part, len(groups)) for part in result)
    except (TypeError, ValueError, IndexError):
        return "Each of the two must be a list of row numbers from 0, or of True and False for every row."
    both = sorted({str(groups[row]) for row in train} & {str(groups[row]) for row in test})
    if both:
        return f"{both[0]!r} is on both sides: it is learned from, and asked about."
    if {str(groups[row]) for row in train} & set(held_out):
        return "The two are the wrong way round: what is held out must not be learned from."
    if len(train) + len(test) < len(groups):
        lost = len(groups) - len(train) - len(test)
        return f"{lost} of {len(groups)} rows are on neither side."
    return None


def _rows(part: Any, n_rows: int) -> list[int]:
    array = np.asarray(part)
    if array.dtype == bool:
        if array.shape != (n_rows,):
            raise ValueError("one truth a row")
        return list(np.flatnonzero(array).tolist())
    if array.size and array.dtype.kind not in "iu":
        raise TypeError("rows are whole numbers")
    rows = array.astype(int).ravel().tolist()
    if any(not 0 <= row < n_rows for row in rows):
        raise IndexError("no such row")
    return sorted(set(rows))


def measures_every(melodies: Sequence[Melody]) -> Requirement:
    """A function of a melody gives a number for each of these, and not the same for all."""

    @asked_first
    def is_measuring_every(answer: Any) -> str | None:
        numbers, fault = _numbers(answer, melodies)
        if fault:
            return fault
        if len(set(numbers)) == 1:
            return f"It is {numbers[0]:g} for every tune, so it tells none from another."
        return None

    return is_measuring_every


def helps(
    table: ArrayLike, labels: Sequence[str], melodies: Sequence[Melody], folds: Sequence[Fold], *, gain: float
) -> Requirement:
    """As one more column, a function of a melody raises the cross-validated accuracy by `gain` (0 to 1) or more."""
    before = cross_validate(table, labels, folds).accuracy

    def helps_enough(answer: Any) -> str | None:
        column, fault = _numbers(answer, melodies)
        if fault:
            return fault
        after = cross_validate(np.column_stack([np.asarray(table), column]), labels, folds).accuracy
        if after >= before + gain:
            return None
        verb = "falls" if after < before - 0.005 else "rises" if after > before + 0.005 else "goes"
        return (
            f"With your feature the accuracy {verb} from {100 * before:.0f} % to {100 * after:.0f} %; "
            f"{100 * (before + gain):.0f} % is asked."
        )

    return helps_enough


def ignores_the_metre(melodies: Sequence[Melody]) -> Requirement:
    """A function of a melody does not simply tell the metre: within one metre it differs from tune to tune."""

    def looks_beyond_the_metre(answer: Any) -> str | None:
        by_metre: dict[str, set[float]] = {}
        for melody, number in zip(melodies, _numbers(answer, melodies)[0], strict=False):
            by_metre.setdefault(str(melody.metre), set()).add(number)
        if by_metre and all(len(numbers) == 1 for numbers in by_metre.values()):
            return "It says no more than the metre does, and the metre is the name of the dance written small."
        return None

    return looks_beyond_the_metre


def _numbers(function: Any, melodies: Sequence[Melody]) -> tuple[list[float], str | None]:
    """What a function says of each melody, or none and what is wrong with the first that fails."""
    numbers = []
    for melody in melodies:
        number, fault = _number(function, melody)
        if fault or number is None:
            return [], f"{fault} That was {melody.title!r}."
        numbers.append(number)
    return numbers, None


def _number(function: Any, *arguments: Any) -> tuple[float | None, str | None]:
    result, fault = outcome(function, *arguments)
    if fault:
        return None, fault
    try:
        number = float(result)
    except (TypeError, ValueError):
        return None, f"Your function gives {_kind(result)}; it must give one number."
    if not math.isfinite(number):
        return None, f"Your function gives {number}: something is divided by nothing."
    return number, None


def _kind(result: Any) -> str:
    return f"{result.size} numbers" if isinstance(result, np.ndarray) else f"{kind_of(result)}"
