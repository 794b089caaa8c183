"""The contract of every attribute, and the laws of several: adding an attribute adds no test."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.attributes import on_grid
from musicedu.attributes.catalogue import ATTRIBUTES, Attribute, measure
from musicedu.errors import MusicEduError, UnknownName
from musicedu.melody import Melody, Note
from tests.strategies import melodies

EMPTY = Melody.from_text("r:4")
SHORTEST = Melody.from_text("r:1/16")
each = pytest.mark.parametrize("attribute", ATTRIBUTES.values(), ids=lambda attribute: attribute.name)

OF_PITCH = {"register", "mean_ledger_lines", "most_ledger_lines"}
OF_KEY = {"key_distance", "double_accidental_share"}


@each
def test_it_says_what_it_is(attribute: Attribute) -> None:
    assert ATTRIBUTES[attribute.name] is attribute
    assert attribute.name.isidentifier()
    for text in (attribute.unit, attribute.words, attribute.source):
        assert text
        assert text == text.strip()
    assert str(attribute).startswith(f"{attribute.name} ({attribute.unit}): ")


@each
@pytest.mark.parametrize("melody", [EMPTY, SHORTEST, Melody.from_text("C4:1")], ids=["silent", "shortest", "one note"])
def test_it_survives_next_to_nothing(attribute: Attribute, melody: Melody) -> None:
    assert math.isfinite(attribute.measure(melody))


@each
def test_what_counts_notes_is_0_without_notes(attribute: Attribute) -> None:
    of_the_frame = {"felt_beats", "rest_share", "rest_values"}
    assert attribute.measure(EMPTY) == 0 or attribute.name in of_the_frame


@given(melodies())
@settings(max_examples=30)
def test_any_melody_can_be_measured(melody: Melody) -> None:
    measured = measure(melody)
    assert list(measured) == list(ATTRIBUTES)
    for name, value in measured.items():
        assert isinstance(value, float)
        assert math.isfinite(value)
        assert value >= 0
        assert value <= 1 or not ATTRIBUTES[name].unit.startswith("share")


@given(melodies(), st.integers(-5, 5))
@settings(max_examples=30)
def test_transposing_keeps_all_but_register_staff_and_key(melody: Melody, semitones: int) -> None:
    before, after = measure(melody), measure(melody.transposed(semitones))
    plain = all(abs(note.spelling.alter) < 2 for note in melody.notes)
    # Seven sharps moved on become five flats: letters, and what is outside a signature, change there.
    respelled = OF_KEY if len(melody.keys) == 1 and plain else {*OF_KEY, "accidental_share", "interval_pattern_share"}
    unlike = {name for name in before if before[name] != pytest.approx(after[name])}
    assert unlike <= OF_PITCH | respelled
    if melody.notes:
        assert after["register"] == pytest.approx(before["register"] + semitones)


def doubled_durations(melody: Melody) -> Melody:
    notes = tuple(Note(2 * note.onset, 2 * note.duration, note.spelling) for note in melody.notes)
    return Melody(notes=notes, duration=2 * melody.duration)


@given(melodies(with_marks=False))
@settings(max_examples=30)
def test_doubling_durations_halves_density_and_keeps_the_mixture(melody: Melody) -> None:
    names = ("note_density", "rhythm_entropy", "rest_share", "range", "mean_interval")
    on_steps = all((12 * time).denominator == 1 for note in melody.notes for time in (note.onset, note.duration))
    before, after = measure(melody, names), measure(doubled_durations(melody), names)
    if on_steps and (12 * melody.duration).denominator == 1:
        assert after["note_density"] == pytest.approx(before["note_density"] / 2)
        assert after["rhythm_entropy"] == pytest.approx(before["rhythm_entropy"])
    for name in names[2:]:
        assert after[name] == pytest.approx(before[name])


@given(melodies(with_marks=False))
@settings(max_examples=30)
def test_marks_change_nothing_but_the_number_of_marks(melody: Melody) -> None:
    marked = replace(melody, notes=tuple(replace(note, marks=frozenset({"accent"})) for note in melody.notes))
    before, after = measure(melody), measure(marked)
    unlike = {name for name in before if before[name] != after[name]}
    assert unlike == ({"mark_kinds"} if melody.notes else set())


@pytest.mark.parametrize("name", on_grid.GRID_ATTRIBUTES)
def test_what_the_generator_measures_is_in_the_catalogue(name: str) -> None:
    assert name in ATTRIBUTES


def test_only_what_is_asked_is_measured() -> None:
    tune = Melody.from_text("C4:1 E4:1 G4:2")
    assert measure(tune, ("tempo", "range")) == {"tempo": 0, "range": 7}
    assert measure(tune, ()) == {}
    with pytest.raises(UnknownName, match=r"there is no attribute 'loudness'\. Choose from: range, register"):
        measure(tune, ["loudness"])


def test_a_melody_that_cannot_be_written_says_where() -> None:
    odd = Melody(notes=(replace(Melody.from_text("C4").notes[0], duration=Fraction(1, 11)),), duration=Fraction(4))
    with pytest.raises(MusicEduError, match="measure 1: no note value fits"):
        measure(odd, ["note_values"])
