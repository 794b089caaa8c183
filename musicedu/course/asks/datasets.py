"""What a task about scores as data may ask: each is a requirement for `musicedu.course.checks.check`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from musicedu.course.asks.functions import outcome
from musicedu.course.checks import Requirement, asked_first
from musicedu.course.slips import kind_of
from musicedu.encoding.piano_roll import N_PITCHES, onset_roll, piano_roll
from musicedu.melody import Melody

Row = Mapping[str, Any]

_TRIED = (
    ("C4:1 D4:1 E4:2", 2, "C4:1 D4:1 E4:2"),
    ("G4:3/2 r:1/2 A4:1/2 B4:1/2 G4:1", 4, "a tune with a rest and a dot"),
)


def draws_the_roll(answer: Any) -> str | None:
    """A function of (melody, steps_per_quarter) gives the piano roll of a melody that lies on the grid."""
    for text, steps_per_quarter, name in _TRIED:
        melody = Melody.from_text(text)
        found, fault = outcome(answer, melody, steps_per_quarter)
        fault = fault or _roll_fault(found, melody, steps_per_quarter)
        if fault:
            return f"For {name} with {steps_per_quarter} steps to a quarter note: {fault}"
    return None


def _roll_fault(found: Any, melody: Melody, steps_per_quarter: int) -> str | None:
    expected = piano_roll(melody, steps_per_quarter)
    n_steps = expected.shape[1]
    if not isinstance(found, np.ndarray) or found.ndim != 2:
        return f"your function gives {kind_of(found)}, not an array with rows and columns."
    if found.shape == (n_steps, N_PITCHES):
        return "rows and columns are exchanged: a row is a pitch, a column a step of time."
    if found.shape != expected.shape:
        rows, columns = found.shape
        return f"your array has {rows} rows and {columns} columns; there are 128 pitches and {n_steps} steps."
    roll = found.astype(bool)
    if np.array_equal(roll, expected):
        return None
    if not roll.any():
        return "nothing sounds yet: every switch is off."
    if np.array_equal(roll, onset_roll(melody, steps_per_quarter)):
        return "every note sounds for one step only, however long it is."
    return _difference(roll, expected)


def _difference(roll: np.ndarray, expected: np.ndarray) -> str:
    rows, wanted = (set(np.flatnonzero(one.any(axis=1)).tolist()) for one in (roll, expected))
    if rows != wanted:
        return f"pitches {sorted(rows)} sound; it should be {sorted(wanted)}."
    row, step = (int(at) for at in np.argwhere(roll != expected)[0])
    state = "sounds" if roll[row, step] else "is silent"
    return f"pitch {row} {state} in step {step} (steps count from 0), and should not."


@asked_first
def is_list_of_rows(answer: Any) -> str | None:
    """The answer is a list of rows of a table."""
    if not isinstance(answer, list | tuple) or not all(isinstance(row, Mapping) for row in answer):
        return "This is not a list of rows. Begin with a square bracket: [row for row in rows if ...]."
    return None if answer else "The list is empty: the condition lets no row through."


def free_for_sale(rows: Sequence[Row]) -> Requirement:
    """The list holds every row whose terms do not forbid commercial use, and no other."""
    n_wanted = sum(not row["non_commercial"] for row in rows)

    def leaves_out_what_is_forbidden(answer: Any) -> str | None:
        forbidden = [row for row in answer if row["non_commercial"]]
        if forbidden:
            title, terms = forbidden[0]["title"], forbidden[0]["licence"]
            return f"{len(forbidden)} tunes in your list may not be sold, such as {title!r}: {terms}."
        if len(answer) < n_wanted:
            return f"{n_wanted - len(answer)} tunes are left out whose terms do not forbid it."
        return None

    return leaves_out_what_is_forbidden


def splits_families(families: Sequence[str]) -> Requirement:
    """A function of a family's name says "train" or "test", always the same for one name, about one in ten "test"."""

    def keeps_families_together(answer: Any) -> str | None:
        said = []
        for family in families:
            side, fault = outcome(answer, family)
            if fault:
                return fault
            if side not in ("train", "test"):
                return f"For {family!r} it gives {side!r}; it must be 'train' or 'test'."
            said.append(side)
        if said != [answer(family) for family in families]:
            return "Asked twice about the same family, it changes its mind: two variants may land on two sides."
        if "hash" in getattr(getattr(answer, "__code__", None), "co_names", ()):
            return "Python's own hash of a text differs each time Python starts: tomorrow the test set is another one."
        share = said.count("test") / len(said)
        if not 0.05 <= share <= 0.2:
            return f"{100 * share:.0f} % of the families are in the test set; about 10 % are asked for."
        return None

    return keeps_families_together
