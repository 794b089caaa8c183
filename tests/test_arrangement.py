"""Laws of `Arrangement`: one tune, equal lengths, swing that leaves beats in place."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicedu.arrangement import Arrangement, Hit, Part, blank, swung, swung_time
from musicedu.melody import Melody

TUNE = Melody.from_text("C4:1/2 D4:1/2 E4:1 G4:2")
SWING = Fraction(2, 3)


@given(st.fractions(0, 8, max_denominator=12), st.fractions(0, 8, max_denominator=12))
def test_swing_keeps_the_order_of_moments_on_one_grid(one, other):
    if one.denominator in (1, 2, 4) and other.denominator in (1, 2, 4):
        assert (one < other) == (swung_time(one, SWING) < swung_time(other, SWING))
    assert swung_time(Fraction(int(one)), SWING) == int(one)


def test_even_eighths_stay_as_they_are():
    assert swung(TUNE, Fraction(1, 2)).notes == TUNE.notes


def test_swung_eighths_are_long_and_short():
    assert [str(note.duration) for note in swung(TUNE, SWING).notes] == ["2/3", "1/3", "1", "2"]


def test_the_first_part_plays_the_tune():
    with pytest.raises(ValueError, match="plays its melody"):
        Arrangement(TUNE, (), (Part("Bass", 32, (blank(TUNE, ()),)),))


def test_all_parts_are_as_long_as_the_tune():
    longer = replace(TUNE, duration=Fraction(8))
    with pytest.raises(ValueError, match="not as long"):
        Arrangement(TUNE, (), (Part("Melody", 0, (TUNE,)), Part("Bass", 32, (longer,))))


def test_voices_of_one_part_share_a_rhythm():
    with pytest.raises(ValueError, match="one rhythm"):
        Part("Chords", 0, (TUNE, Melody.from_text("C4:4")))


def test_drums_stop_with_the_tune():
    with pytest.raises(ValueError, match="after the end"):
        Arrangement(TUNE, (), (Part("Melody", 0, (TUNE,)),), (Hit(Fraction(4), "kick"),))


@pytest.mark.parametrize("fault", [{"sound": "cowbell"}, {"velocity": 0}, {"onset": Fraction(-1)}])
def test_a_stroke_refuses_nonsense(fault):
    with pytest.raises(ValueError, match=r"sound must be|a hit needs"):
        Hit(**{"onset": Fraction(0), "sound": "kick"} | fault)
