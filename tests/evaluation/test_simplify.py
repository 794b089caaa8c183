"""Simplified phrases: they obey the level, and they are still the tune."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.encoding.events import line_of_events, window_melody
from musicedu.encoding.windows import cut_windows
from musicedu.evaluation.level_windows import obeys
from musicedu.evaluation.simplify import KEPT_SHARE, STRONG_WEIGHT, kept_share, simplify
from musicedu.melody import Key, KeyAt, Melody, Metre, MetreAt, Note
from musicedu.syllabus.difficulty import estimate_difficulty

EASY = "C4:1 D4:1 E4:1 D4:1 E4:2 D4:2 E4:1 F4:1 E4:1 D4:1 C4:4"
REEL = (
    "E4:1/2 C4:1/2 D4:1/2 E4:1/2 F4:1/2 D4:1/2 E4:1/2 F4:1/2 G4:1/2 E4:1/2 F4:1/2 D4:1/2 E4:1/2 C4:1/2 D4:1 "
    "E4:1/2 C4:1/2 D4:1/2 E4:1/2 F4:1/2 D4:1/2 E4:1/2 F4:1/2 E4:1/2 F4:1/2 D4:1/2 B3:1/2 C4:2"
)
CELLS = ([4], [2, 2], [3, 1], [1, 1, 2], [1, 1, 1, 1], [1, 2, 1])
NATURALS = ["C", "D", "E", "F", "G", "A", "B"]


def window_of(text, n_measures=4):
    return next(cut_windows(Melody.from_text(text), n_measures))


@st.composite
def windows(draw):
    """Four measures of a walk through an octave and a half, in cells of a quarter; perhaps with an upbeat."""
    metre = Metre.parse(draw(st.sampled_from(["4/4", "3/4", "2/4"])))
    upbeat = draw(st.sampled_from([0, 0, 1]))
    total = 4 * metre.numerator + upbeat
    height, onset, notes = draw(st.integers(0, 9)), Fraction(0), []
    for cell in draw(st.lists(st.sampled_from(CELLS), min_size=total, max_size=total)):
        for sixteenths in cell:
            height = min(11, max(0, height + draw(st.sampled_from([-3, -2, -1, -1, 0, 1, 1, 2, 4]))))
            spelled = Melody.from_text(f"{NATURALS[height % 7]}{4 + height // 7}:1").notes[0].spelling
            notes.append(Note(onset, Fraction(sixteenths, 4), spelled))
            onset += notes[-1].duration
    melody = Melody(
        tuple(notes), onset, (MetreAt(Fraction(0), metre),), (KeyAt(Fraction(0), Key(0)),), anacrusis=Fraction(upbeat)
    )
    return next(cut_windows(melody, 4))


@settings(max_examples=60)  # the first look-ahead of a level takes a while
@given(windows(), st.integers(1, 8))
def test_what_comes_out_obeys_the_level_and_keeps_the_strong_notes(window, number):
    easier = simplify(window, number)
    if obeys(window, number):
        assert easier == window
    if easier is not None:
        assert obeys(easier, number)
        assert kept_share(window, easier) >= KEPT_SHARE
        assert simplify(easier, number) == easier
        assert set(pitches_of(easier)) <= set(range(min(pitches_of(window)), max(pitches_of(window)) + 1))
        assert (easier.is_minor, easier.begins_tune, easier.ends_tune) == (False, True, window.ends_tune)


def pitches_of(window):
    return line_of_events(window.events, window.grid.weights()).pitches.tolist()


def strong_pitches(window):
    line = line_of_events(window.events, window.grid.weights())
    notes = zip(line.onsets, line.pitches, strict=True)
    return [int(pitch) for onset, pitch in notes if line.weights[onset] >= STRONG_WEIGHT]


def test_a_reel_in_eighths_becomes_a_tune_in_quarters_for_level_1():
    reel = window_of(REEL)
    easier = simplify(reel, 1)
    assert easier is not None
    assert obeys(easier, 1)
    assert not obeys(reel, 1)
    assert strong_pitches(easier) == strong_pitches(reel)
    assert all(note.duration >= 1 for note in window_melody(easier).notes)
    assert pitches_of(easier)[0] == pitches_of(reel)[0]
    assert pitches_of(easier)[-1] == pitches_of(reel)[-1]


def test_a_lower_level_keeps_no_more_and_is_no_harder():
    reel = window_of(REEL)
    made = [simplify(reel, number) for number in (1, 2, 3)]
    n_notes = [len(pitches_of(one)) for one in made]
    assert n_notes == sorted(n_notes)
    scores = [estimate_difficulty(window_melody(one)).score for one in (*made, reel)]
    assert scores[0] < scores[-1]
    assert scores == sorted(scores)


def test_an_obeying_tune_comes_back_as_it_is():
    window = window_of(EASY)
    assert all(simplify(window, number) is window for number in (1, 2, 5))


def test_an_upbeat_goes_where_the_level_has_none():
    melody = Melody.from_text("G4:1 " + EASY[:-2] + ":3", anacrusis=1)
    window = next(cut_windows(melody, 4))
    assert window.grid.phase
    easier = simplify(window, 1)
    assert easier is not None
    assert easier.grid.phase == 0
    assert pitches_of(easier) == pitches_of(window)[1:]
    assert window_melody(easier).notes[-1].duration == 4
    assert kept_share(window, easier) == 1


@pytest.mark.parametrize(
    ("text", "metre", "number"),
    [
        ("C4:3 D4:3 E4:3 C4:3", "3/4", 1),  # level 1 knows 4/4 alone
        ("C4:2 C5:2 C4:2 C5:2 C6:2 C4:2 C5:2 C4:2", "4/4", 1),  # within five notes too little of it would be left
    ],
)
def test_where_too_little_would_be_left_nothing_comes_out(text, metre, number):
    assert simplify(next(cut_windows(Melody.from_text(text, metre=metre), 4)), number) is None


def test_what_is_kept_counts_strong_notes_alone():
    window, other = window_of(EASY), window_of(EASY.replace("C4:1 D4:1", "C4:1 E4:1"))
    assert kept_share(window, window) == 1
    assert kept_share(window, other) == 1
    assert kept_share(window, window_of(EASY.replace("C4:4", "E4:4"))) == pytest.approx(6 / 7)
