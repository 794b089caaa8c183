"""Melodies are alike in any key and tempo, under ornaments and in other rhythms; and the more they differ, the less."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.melody import Melody
from musicedu.originality.similarity import align, line_of_melody
from tests.originality.test_quotes import part, tune


def slower(melody: Melody) -> Melody:
    notes = tuple(replace(note, onset=2 * note.onset, duration=2 * note.duration) for note in melody.notes)
    return replace(melody, notes=notes, duration=2 * melody.duration)


def ornamented(melody: Melody) -> Melody:
    """Every fourth note gets a mordent."""
    words = []
    for number, note in enumerate(melody.notes):
        short = Fraction(1, 8)
        if number % 4 == 0:
            words += [f"{note.spelling}:{short}", f"D5:{short}", f"{note.spelling}:{note.duration - 2 * short}"]
        else:
            words.append(f"{note.spelling}:{note.duration}")
    return Melody.from_text(" ".join(words))


@settings(max_examples=10)
@given(st.integers(0, 10_000), st.integers(-11, 11))
def test_neither_key_nor_tempo_changes_the_likeness(seed, semitones):
    melody = tune(seed)
    found = align(melody, slower(melody.transposed(semitones)))
    assert found.similarity == pytest.approx(1)
    assert found.transposition == semitones
    assert found.pairs == tuple((note, note) for note in range(len(melody.notes)))


@settings(max_examples=10)
@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_likeness_is_the_same_from_both_sides_and_between_0_and_1(one, other):
    there, back = align(tune(one, 25), tune(other, 30)), align(tune(other, 30), tune(one, 25))
    assert there.score == pytest.approx(back.score)
    assert 0 <= there.similarity <= 1
    firsts, seconds = zip(*there.pairs, strict=True)
    assert list(firsts) == sorted(set(firsts))
    assert list(seconds) == sorted(set(seconds))


def test_ornaments_cost_something_and_another_tune_is_far():
    melody = tune(4)
    plain, decorated, other = (align(melody, one).similarity for one in (melody, ornamented(melody), tune(5)))
    assert plain > decorated > 2 * other
    assert align(melody, ornamented(melody)).span[1] >= len(melody.notes) - 4


def test_a_quoted_part_is_found_where_it_stands():
    melody = tune(6)
    found = align(part(melody, 10, 12), melody)
    assert (found.span, found.other_span) == ((0, 11), (10, 21))


def test_a_melody_of_no_or_one_note_is_like_nothing_or_little():
    empty, single = Melody((), Fraction(4)), Melody.from_text("C4:1")
    assert align(empty, tune(1)).pairs == align(tune(1), empty).pairs == ()
    assert align(empty, tune(1)).span == (0, -1)
    assert align(single, single).pairs == ((0, 0),)
    assert np.isnan(line_of_melody(single).ratios).all()
