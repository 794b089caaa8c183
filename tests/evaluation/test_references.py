"""Real pieces beside exercises: strains are what the tune says, as long as asked, and close."""

from fractions import Fraction

import pytest

from musicedu.encoding.windows import cut_windows
from musicedu.evaluation.level_windows import obeys
from musicedu.evaluation.references import simplified_strain, strain
from musicedu.melody import Melody

PHRASES = (
    "C4 D4 E4 F4 G4 G4 E4:2 C4 D4 E4 F4 G4:4",
    "A4 G4 F4 E4 D4 E4 F4:2 E4 D4 C4 D4 C4:4",
    "C4:1/2 D4:1/2 E4 F4 G4 A4:1/2 G4:1/2 E4 C4:2 D4 E4 F4 D4 C4:4",
    "G4 E4 C4:2 D4 B3 C4:2 E4 D4 C4 B3 C4:4",
)


def tune(*phrases, **kinds):
    return Melody.from_text(" ".join(phrases), **kinds)


@pytest.mark.parametrize("n_phrases", [2, 4])
def test_a_strain_is_how_the_tune_begins(n_phrases):
    melody = tune(*PHRASES[:n_phrases])
    cut = strain(melody)
    assert cut.duration == 8 * 4
    assert cut.notes == melody.notes[: len(cut.notes)]
    assert sum(len(measure.metre.beats) for measure in cut.measures) == 32


def test_a_tune_of_another_length_has_no_strain():
    assert strain(tune(*PHRASES[:3])) is None
    assert strain(tune(*PHRASES[:1])) is None


def test_a_strain_ends_before_the_upbeat_of_the_next():
    melody = tune(
        "G3", PHRASES[0], "A4 G4 F4 E4 D4 E4 F4:2 E4 D4 C4 D4 C4:3", "G3", *PHRASES[2:], anacrusis=Fraction(1)
    )
    cut = strain(melody)
    assert cut.duration == 32
    assert cut.anacrusis == 1
    assert str(cut.notes[-1].spelling) == "C4"
    assert cut.notes[-1].offset == 32


def test_a_note_across_the_end_makes_no_strain():
    held = PHRASES[1].replace("C4:4", "C4:6"), PHRASES[2].replace("C4:1/2 D4:1/2 E4 ", "")
    melody = tune(PHRASES[0], *held, PHRASES[3])
    assert melody.duration == 64
    assert strain(melody) is None


@pytest.mark.parametrize("number", [1, 3, 6])
def test_every_phrase_of_a_simplified_strain_obeys_the_level(number):
    easier = simplified_strain(tune(*PHRASES), number)
    assert easier is not None
    assert len(easier.measures) == 8
    assert all(obeys(window, number) for window in cut_windows(easier, 4))
