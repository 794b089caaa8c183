"""Some measures of a tune as a window: what comes back is the tune, and what cannot be cut is named."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicedu.encoding.passages import passage_of
from musicedu.errors import Unsatisfiable
from musicedu.melody import Key, KeyAt, Melody, Metre, MetreAt
from musicedu.melody.cutting import cut_measures
from tests.training.tunes import tune


@given(st.integers(0, 60), st.integers(2, 4), st.integers(1, 4))
def test_a_passage_written_back_is_the_tune(number: int, n_measures: int, first: int) -> None:
    melody = tune(number)
    passage = passage_of(melody, n_measures, first_measure=first)
    there = cut_measures(melody, first, n_measures)
    back = passage.melody()
    assert back.notes == there.notes
    assert (back.duration, back.metre, back.key) == (there.duration, there.metre, there.key)
    assert passage.window.begins_tune == (first == 1)
    assert passage.window.ends_tune == (first + n_measures - 1 == 8)


def test_the_first_passage_begins_with_the_upbeat() -> None:
    melody = Melody.from_text("G4:1 C5:2 E5:2 D5:2 B4:1 C5:1 E5:3", metre="4/4", anacrusis=1)
    passage = passage_of(melody, 2)
    assert passage.window.grid.phase == 36
    assert passage.melody().notes[0].pitch == 67
    assert passage.melody().anacrusis == 1


def test_other_events_are_written_in_the_key_of_the_tune() -> None:
    passage = passage_of(Melody.from_text("D5:2 F#5:2 A5:4", key="D"), 2)
    assert [str(note.spelling) for note in passage.melody(passage.window.events[::-1]).notes] == ["A5", "F#5", "D5"]


def changed(melody: Melody, **changes: object) -> Melody:
    return replace(melody, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("melody", "first", "words"),
    [
        (tune(0), 7, "the tune has 8 measures, not 10"),
        (tune(0), 0, "the tune has 8 measures, not 3"),
        (Melody.from_text("r:8"), 1, "has 2 measures, not 4"),
        (Melody.from_text("r:16"), 1, "begin in silence"),
        (changed(tune(0), keys=(KeyAt(Fraction(0), Key(0, "dorian")),)), 1, "the tune is in"),
        (
            changed(tune(0), metres=(MetreAt(Fraction(0), Metre(4, 4)), MetreAt(Fraction(8), Metre(2, 4)))),
            1,
            "change their metre",
        ),
    ],
)
def test_what_cannot_be_cut_is_named(melody: Melody, first: int, words: str) -> None:
    with pytest.raises(Unsatisfiable, match=words):
        passage_of(melody, 4, first_measure=first)
