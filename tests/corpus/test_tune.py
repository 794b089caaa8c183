"""A tune is the dance its title ends in."""

from dataclasses import replace

import pytest

from musicedu.corpus.tune import DANCES, Tune, dance_of, dance_tunes
from musicedu.melody import Melody

TUNE = Tune("x/1", "x", "x.abc", "1", "", "free", False, Melody.from_text("C4:2"))


@pytest.mark.parametrize("dance", DANCES)
def test_a_title_that_ends_in_a_dance_names_it_however_it_is_written(dance):
    for title in (f"After the Hare -- {dance}", f"AFTER THE HARE {dance.upper()}.", dance):
        assert dance_of(title) == dance


@pytest.mark.parametrize("title", ["", "...", "The Reel of Tulloch", "Jigging", "Clog", "Polka"])
def test_other_titles_name_none(title):
    assert dance_of(title) is None


def test_a_jig_in_two_four_is_no_jig_here():
    def titled(title, metre):
        return replace(TUNE, melody=Melody.from_text("C4:3", metre=metre, title=title))

    tunes = [titled("A -- Jig", "6/8"), titled("B -- Jig", "3/4"), titled("C -- Reel", "3/4"), titled("D", "6/8")]
    assert [(tune.title, dance) for tune, dance in dance_tunes(tunes)] == [("A -- Jig", "jig"), ("C -- Reel", "reel")]
