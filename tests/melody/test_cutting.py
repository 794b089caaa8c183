"""What is cut out of a melody is that music, and what is joined again is the whole."""

from dataclasses import replace
from fractions import Fraction

import pytest

from musicedu.melody import IrregularAt, Key, KeyAt, Melody, Metre, MetreAt
from musicedu.melody.cutting import cut_measures, join

TUNE = Melody.from_text("G4:1 C4:2 E4:2 D4:3 F4:3 E4:1 C4:3", anacrusis=1, key="F", title="A tune")


def test_measures_are_cut_by_their_number_and_held_notes_are_cut_off():
    cut = cut_measures(TUNE, 1, 2)
    assert cut.duration == 8
    assert [(note.onset, note.duration) for note in cut.notes] == [(0, 2), (2, 2), (4, 3), (7, 1)]
    assert (cut.key.name, cut.title, cut.anacrusis) == ("F major", "A tune", 0)
    assert cut_measures(TUNE, 0, 1).duration == 1


def test_the_metre_and_key_are_those_that_hold():
    changing = Melody(
        TUNE.notes[:1],
        Fraction(10),
        metres=(MetreAt(Fraction(0), Metre(4, 4)), MetreAt(Fraction(4), Metre(3, 4))),
        keys=(KeyAt(Fraction(0), Key(0)), KeyAt(Fraction(4), Key(2))),
    )
    cut = cut_measures(changing, 2, 2)
    assert (str(cut.metre), cut.key.fifths, cut.duration) == ("3/4", 2, 6)


def test_what_is_cut_up_and_joined_is_the_same_music():
    tune = Melody.from_text("C4:2 E4:2 D4:3 r:1 F4:4", key="G")
    again = join([cut_measures(tune, number, 1) for number in (1, 2, 3)])
    assert again.notes == tune.notes
    assert (again.duration, again.key, again.metre) == (tune.duration, tune.key, tune.metre)


def test_irregular_measures_are_kept_where_they_are_cut_and_joined():
    tune = replace(
        Melody.from_text("C4:4 D4:3 E4:4 F4:5 G4:4"),
        irregular=(IrregularAt(Fraction(4), Fraction(3)), IrregularAt(Fraction(11), Fraction(5))),
    )
    assert [measure.duration for measure in cut_measures(tune, 1, 4).measures] == [4, 3, 4, 5]
    assert cut_measures(tune, 4, 1).irregular == (IrregularAt(Fraction(0), Fraction(5)),)
    opened = cut_measures(tune, 2, 2)
    assert (opened.anacrusis, opened.irregular, opened.duration) == (3, (), 7)
    assert join([cut_measures(tune, 1, 3), cut_measures(tune, 4, 2)]) == tune


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="no 3 measures from number 3"):
        cut_measures(TUNE, 3, 3)
    with pytest.raises(ValueError, match="nothing to join"):
        join([])
    with pytest.raises(ValueError, match="only whole measures of 4/4"):
        join([cut_measures(TUNE, 1, 1), Melody.from_text("C4:3", metre="3/4")])
