"""What is shown carries itself, is the same every time, and has words beside it that say the same."""

import base64
import re
from dataclasses import replace
from fractions import Fraction
from urllib.parse import unquote
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import pytest

from musicedu.display.embed import Shown, picture, show, sound
from musicedu.display.player import player
from musicedu.display.plots import plot_piano_roll, plot_picture
from musicedu.display.score import score_in_words, score_picture
from musicedu.melody import IrregularAt, Melody

WALTZ = Melody.from_text("D4:1 r:1/2 F#4:1/2 A4:1 D5:2 A4:1 G4:1/3 F#4:1/3 E4:1/3 D4:4 r:1", metre="3/4", key="D")


def source_of(shown, kind):
    return re.search(rf'src="data:{kind}([^"]*)"', shown.html)[1]


def test_a_score_is_a_picture_with_its_notes_in_words():
    shown = score_picture(WALTZ)
    svg = ElementTree.fromstring(unquote(source_of(shown, r"image/svg\+xml,")))
    assert svg.tag.endswith("svg")
    assert repr(shown) == score_in_words(WALTZ)
    assert 'alt="Score: 4 measures of 3/4 in D major.' in shown.html
    assert score_picture(WALTZ).html == shown.html


def test_a_score_in_words_says_values_rests_ties_and_tuplets():
    assert score_in_words(WALTZ) == (
        "Score: 4 measures of 3/4 in D major.\n"
        "1: quarter D4, eighth rest, F#4, quarter A4. 2: half D5, quarter A4. "
        "3: triplet eighth G4, F#4, E4, half D4. 4: half D4 (held), quarter rest."
    )


def test_a_measure_of_unusual_length_is_called_so():
    uneven = replace(
        Melody.from_text("C4:2 D4:1 E4:1 F4:1 G4:4 A4:3", metre="3/4"),
        irregular=(IrregularAt(Fraction(3), Fraction(2)), IrregularAt(Fraction(5), Fraction(4))),
    )
    assert score_in_words(uneven) == (
        "Score: 4 measures of 3/4 in C major.\n"
        "1: half C4, quarter D4. 2 (short): quarter E4, F4. 3 (long): dotted half G4, quarter G4 (held). "
        "4: dotted half A4."
    )


def test_a_picture_loses_nothing_it_refers_to():
    svg = unquote(source_of(score_picture(WALTZ), r"image/svg\+xml,"))
    used = set(re.findall(r"href=['\"]#([^'\"]+)", svg))
    there = set(re.findall(r"\bid=['\"]([^'\"]+)", svg))
    assert used
    assert used <= there
    assert len(svg) < 40_000


def test_words_are_escaped_in_html():
    assert 'alt="&lt;b&gt; &quot;x&quot;"' in picture("<svg/>", '<b> "x"').html


def test_a_player_holds_its_sound():
    shown = player(WALTZ, program=40)
    data = base64.b64decode(source_of(shown, "audio/mpeg;base64,"))
    assert repr(shown).startswith("Player: ")
    assert len(data) < 5_500 * 8
    assert player(WALTZ, program=40).html == shown.html
    assert "controls" in shown.html


def test_a_player_says_its_length():
    words = repr(player(Melody.from_text("C4:4 C4:4")))
    assert re.fullmatch(r"Player: \d+ s of sound", words)


def test_a_piano_roll_has_a_bar_for_each_note():
    _, ax = plt.subplots()
    assert plot_piano_roll(WALTZ, ax) is ax
    assert [bar.get_width() for bar in ax.patches] == [float(note.duration) for note in WALTZ.notes]
    assert ax.get_yticklabels()[0].get_text() == "D4 = 62"
    plt.close()


def test_a_plot_is_shown_once_and_closed():
    shown = plot_picture(plot_piano_roll(WALTZ), "a piano roll")
    assert not plt.get_fignums()
    assert repr(shown) == "a piano roll"
    assert base64.b64decode(source_of(shown, "image/png;base64,")).startswith(b"\x89PNG")


def test_showing_outside_a_notebook_prints_the_words(capsys):
    show(Shown("<b>x</b>", "x in words"), sound(b"", "a sound in words"))
    assert capsys.readouterr().out == "x in words\na sound in words\n"


def test_things_shown_add_up():
    both = Shown("<b>1</b>", "one") + Shown("<b>2</b>", "two")
    assert (both.html, both.words) == ("<b>1</b>\n<b>2</b>", "one\ntwo")


@pytest.fixture(autouse=True, scope="module")
def no_screen():
    plt.switch_backend("agg")
