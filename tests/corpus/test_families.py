"""Variants and transpositions are one family, and a family is in one split."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.corpus.families import (
    find_families,
    fingerprint,
    melody_outlines,
    melody_runs,
    share_in_training,
    split_of,
)
from musicedu.melody import IrregularAt, Melody, MetreAt, Note
from musicedu.pitch import spell
from tests import strategies


def tune(seed: int, n_notes: int = 48) -> Melody:
    """A melody of eighths and quarters that wanders by itself."""
    rng = np.random.default_rng(seed)
    pitches = 60 + np.cumsum(rng.choice([-4, -2, -1, 1, 2, 3], n_notes)) % 12
    durations = [Fraction(int(half), 2) for half in rng.choice([1, 1, 2], n_notes)]
    onsets = accumulate(durations, initial=Fraction(0))
    notes = [
        Note(*both, spell(int(pitch), 0))
        for both, pitch in zip(zip(onsets, durations, strict=False), pitches, strict=True)
    ]
    return Melody(tuple(notes), notes[-1].offset)


def families(*melodies: Melody) -> list[int]:
    return find_families([fingerprint(melody) for melody in melodies]).tolist()


@settings(max_examples=25)
@given(strategies.melodies(max_measures=8), st.integers(-6, 6))
def test_transposing_changes_no_fingerprint(melody, semitones):
    original, moved = fingerprint(melody), fingerprint(melody.transposed(semitones))
    assert np.array_equal(original.runs, moved.runs)
    assert np.array_equal(original.outlines, moved.outlines)


@settings(max_examples=25)
@given(strategies.melodies(with_marks=False, max_measures=8))
def test_writing_in_halved_values_changes_no_run(melody):
    notes = tuple(replace(note, onset=note.onset / 2, duration=note.duration / 2) for note in melody.notes)
    halved = Melody(notes, melody.duration)
    assert np.array_equal(melody_runs(melody), melody_runs(halved))


@pytest.mark.parametrize("semitones", [-5, 1, 7])
def test_a_transposed_tune_is_in_the_same_family(semitones):
    assert families(tune(1), tune(2), tune(1).transposed(semitones)) == [0, 1, 0]


def test_a_tune_with_another_ending_is_in_the_same_family():
    original = tune(3)
    ending = tune(4, 12).notes
    notes = original.notes[:36] + tuple(replace(note, onset=note.onset + original.notes[35].offset) for note in ending)
    assert families(original, Melody(notes, notes[-1].offset)) == [0, 0]


def test_beats_are_counted_from_the_barline_after_a_short_measure():
    notes = "C4:1/2 D4:1/2 E4:1/2 G4:1/2 B4:1/2 F4:1/2 A4:1/2 D4:1/2 " * 3
    whole = Melody.from_text(notes)
    later = Melody.from_text(f"G4 A4 B4 C5 D5:1/2 {notes}")
    short = replace(later, irregular=(IrregularAt(Fraction(4), Fraction(1, 2)),))
    assert set(melody_outlines(whole)) <= set(melody_outlines(short))
    assert not set(melody_outlines(whole)) & set(melody_outlines(later))


def test_an_ornamented_tune_is_in_the_same_family():
    plain = Melody.from_text("C4 E4 G4 A4 F4 D4 B3 C4 G4 F4 E4 A4 B4 C5 D5 G4")
    ornamented = Melody(
        tuple(
            half
            for note in plain.notes
            for half in (
                replace(note, duration=Fraction(1, 2)),
                Note(note.onset + Fraction(1, 2), Fraction(1, 2), spell(note.pitch + 2, 0)),
            )
        ),
        plain.duration,
    )
    assert not np.intersect1d(melody_runs(plain), melody_runs(ornamented)).size
    assert families(plain, ornamented) == [0, 0]


def test_unrelated_tunes_are_families_of_their_own():
    assert families(*(tune(seed) for seed in range(20))) == list(range(20))


def test_families_are_the_same_in_any_order():
    melodies = [tune(1), tune(2), tune(1).transposed(3), tune(5), tune(2).transposed(-2)]
    order = [3, 0, 4, 2, 1]
    labels = families(*melodies)
    shuffled = families(*(melodies[place] for place in order))
    together = {(a, b) for a in range(5) for b in range(5) if labels[a] == labels[b]}
    again = {(order[a], order[b]) for a in range(5) for b in range(5) if shuffled[a] == shuffled[b]}
    assert together == again


def test_a_run_that_everybody_has_relates_nobody():
    scale = Melody.from_text("C4 D4 E4 F4 G4 A4 B4 C5 B4 A4 G4 F4 E4 D4 C4").notes
    melodies = []
    for seed in range(80):
        own = tune(seed, 24).notes
        moved = tuple(replace(note, onset=note.onset + 15) for note in own)
        melodies.append(Melody(scale + moved, moved[-1].offset))
    assert len(set(families(*melodies))) > 60


def test_a_melody_too_short_to_compare_has_no_runs_and_its_own_family():
    short = Melody.from_text("C4 D4 E4")
    assert melody_runs(short).size == melody_outlines(short).size == 0
    assert families(short, short) == [0, 1]
    assert families() == []


def test_a_melody_that_begins_with_a_rest_or_an_upbeat_has_outlines():
    notes = "r:1 " + " ".join(["C4:1 E4:1 G4:1 F4:1"] * 4)
    assert melody_outlines(Melody.from_text(notes)).size
    assert melody_outlines(Melody.from_text(notes, anacrusis=1)).size
    irregular = Melody.from_text(notes)
    assert melody_outlines(replace(irregular, metres=(*irregular.metres, MetreAt(Fraction(4), irregular.metre)))).size


def test_splits_depend_on_the_family_alone_and_come_near_80_10_10():
    splits = Counter(split_of(f"airds/book1/{number}") for number in range(4000))
    assert split_of("airds/book1/7") == split_of("airds/book1/7")
    assert splits["train"] == pytest.approx(3200, abs=120)
    assert splits["test"] == pytest.approx(400, abs=80)
    assert splits["validation"] == pytest.approx(400, abs=80)


def test_what_the_test_tunes_share_with_the_training_tunes_is_a_share_of_their_runs():
    runs = [np.array([1, 2, 3, 4]), np.array([3, 4, 5, 6])]
    assert share_in_training(runs, ["train", "test"]) == pytest.approx(0.5)
    assert share_in_training(runs, ["train", "train"]) == 0
