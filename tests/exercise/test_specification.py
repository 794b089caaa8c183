"""A specification refuses what does not exist, and is written and read without loss, as a dict and as a recipe."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.errors import MusicEduError, UnknownName, Unsatisfiable
from musicedu.exercise.recipe import format_recipe, parse_recipe
from musicedu.exercise.specification import Specification
from musicedu.exercise.wishable import ENGINES, FORMS, LANDINGS, TOPICS, key_text
from musicedu.melody import Key
from musicedu.syllabus.instruments import instruments
from musicedu.syllabus.levels import LEVEL_NUMBERS, cells, metre_grids

KEYS = [key_text(Key(fifths, mode)) for fifths in range(-7, 8) for mode in ("major", "minor")]
SWITCH = st.none() | st.booleans()
NOTES = st.none() | st.sampled_from(["G3", "A3", "C4", "F#4", "Bb4", "C5", "E5", "C##6", "Ebb2"])

SPECIFICATIONS = st.builds(
    Specification,
    level=st.sampled_from(LEVEL_NUMBERS),
    instrument=st.sampled_from(
        [name for one in instruments().values() for name in (one.name, one.title, *one.aliases)]
    ),
    key=st.none() | st.sampled_from(KEYS),
    metre=st.none() | st.sampled_from(list(metre_grids())),
    measures=st.none() | st.integers(1, 1000),
    tempo_bpm=st.none() | st.integers(1, 1000),
    rhythms=st.lists(st.sampled_from(list(cells())), max_size=4).map(tuple),
    lowest=NOTES,
    highest=NOTES,
    largest_leap=st.none() | st.integers(2, 12),
    skips_land_on=st.lists(st.sampled_from(list(LANDINGS)), max_size=3).map(tuple),
    focus=st.lists(st.sampled_from([*cells(), *TOPICS]), max_size=3).map(tuple),
    form=st.none() | st.sampled_from(FORMS),
    anacrusis=SWITCH,
    accidentals=SWITCH,
    rests=SWITCH,
    ties=SWITCH,
    dynamics=SWITCH,
    articulations=SWITCH,
    slurs=SWITCH,
    modulation=SWITCH,
    metre_change=SWITCH,
    concert_pitch=st.booleans(),
    engine=st.sampled_from(ENGINES),
    seed=st.integers(0, 2**63 - 1),
)


@given(SPECIFICATIONS)
@settings(max_examples=150)
def test_a_recipe_makes_the_same_specification_again(wish: Specification) -> None:
    text = format_recipe(wish)
    assert parse_recipe(text) == wish
    assert format_recipe(parse_recipe(text)) == text


@given(SPECIFICATIONS)
@settings(max_examples=50)
def test_a_dict_makes_the_same_specification_again(wish: Specification) -> None:
    assert Specification.from_dict(wish.to_dict()) == wish


@given(st.text(max_size=60) | st.text(max_size=30).map(lambda text: f"me1 violin L3 s42 {text}"))
@settings(max_examples=150)
def test_any_other_text_is_read_or_refused_in_one_line(text: str) -> None:
    assert "\n" not in refusal_of(text)


def refusal_of(text: str) -> str:
    try:
        parse_recipe(text)
    except MusicEduError as error:
        return str(error)
    return ""


def test_names_are_brought_to_one_form() -> None:
    wish = Specification(3, "BB clarinet", key="f#m", lowest="g3", focus=("rests", "rests"))
    assert (wish.instrument, wish.key, wish.lowest, wish.focus) == ("clarinet", "F# minor", "G3", ("rests",))


@pytest.mark.parametrize(
    ("wishes", "kind", "words"),
    [
        ({"level": 11}, UnknownName, "no level 11"),
        ({"level": "3"}, Unsatisfiable, "level must be a whole number"),
        ({"level": True}, Unsatisfiable, "level must be a whole number"),
        ({"level": 3, "instrument": "kazoo"}, UnknownName, "unknown instrument 'kazoo'"),
        ({"level": 3, "instrument": None}, Unsatisfiable, "instrument must be a text"),
        ({"level": 3, "key": "H"}, UnknownName, "unknown key 'H'"),
        ({"level": 3, "key": "D dorian"}, UnknownName, "unknown key 'D dorian'"),
        ({"level": 3, "metre": "4/5"}, UnknownName, "unknown metre '4/5'"),
        ({"level": 3, "lowest": "Q9"}, UnknownName, "unknown note 'Q9'"),
        ({"level": 3, "measures": 0}, Unsatisfiable, "measures must be a whole number from 1"),
        ({"level": 3, "measures": 2.5}, Unsatisfiable, "measures must be a whole number"),
        ({"level": 3, "tempo_bpm": -4}, Unsatisfiable, "tempo_bpm must be a whole number"),
        ({"level": 3, "largest_leap": 1}, Unsatisfiable, "largest_leap must be a whole number from 2 to 12"),
        ({"level": 3, "rhythms": ("tripletts",)}, UnknownName, "Did you mean 'triplet'"),
        ({"level": 3, "rhythms": (3,)}, Unsatisfiable, "rhythms must be names"),
        ({"level": 3, "skips_land_on": ("quater",)}, UnknownName, "Did you mean 'quarter'"),
        ({"level": 3, "focus": ("rythm",)}, UnknownName, "unknown focus"),
        ({"level": 3, "form": "rondo"}, UnknownName, "unknown form 'rondo'"),
        ({"level": 3, "rests": "yes"}, Unsatisfiable, "rests must be on, off or left out"),
        ({"level": 3, "seed": -1}, Unsatisfiable, "seed must be a whole number"),
        ({"level": 3, "keyy": "G"}, UnknownName, "Did you mean 'key'"),
        ({"key": "G"}, Unsatisfiable, "no level is given"),
    ],
)
def test_a_wish_that_does_not_exist_is_refused(wishes: dict[str, Any], kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        Specification.from_dict(wishes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not a recipe"),
        ("hello", "not a recipe"),
        ("me2 violin L3 s1", "version me2, this musicedu reads me1"),
        ("me1 violin", "incomplete"),
        ("me1 violin 3 1", "incomplete"),
        ("me1 violin L3 s1 key=G key=D", "a wish twice"),
        ("me1 violin L3 s1 keyy=G", "Did you mean 'key'"),
        ("me1 violin L3 s1 measures=eight", "must be a whole number"),
        ("me1 violin L3 s1 rests=maybe", "must be yes or no"),
        ("me1 violin L3 s1 key", "has no value"),
        ("me1 violin L3 s1 seed=4", "unknown wish"),
    ],
)
def test_a_broken_recipe_is_refused(text: str, words: str) -> None:
    with pytest.raises(MusicEduError, match=words):
        parse_recipe(text)
