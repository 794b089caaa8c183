"""Resolving fills every open wish within level and instrument, or names the conflict and the nearest that works."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.errors import Unsatisfiable
from musicedu.evaluation.audit import draw_specification
from musicedu.exercise.checker.checked import Checked
from musicedu.exercise.checker.shape import phrases as phrase_faults
from musicedu.exercise.checker.shape import plan_within_level
from musicedu.exercise.phrases import forms_for, phrase_lengths, plan_phrases
from musicedu.exercise.plan import Plan
from musicedu.exercise.resolve import resolve
from musicedu.exercise.resolve_pitch import scale_notes
from musicedu.exercise.rhythm_rules import can_fill
from musicedu.exercise.specification import Specification
from musicedu.exercise.wishable import key_text
from musicedu.melody import Key
from musicedu.syllabus.instruments import instruments
from musicedu.syllabus.levels import LEVEL_NUMBERS


def faults(plan: Plan) -> list[tuple[int, str]]:
    piece = Checked(None, plan, plan.phrases)  # type: ignore[arg-type]
    return [*plan_within_level(piece), *phrase_faults(piece)]


@pytest.mark.parametrize("name", instruments())
@pytest.mark.parametrize("number", LEVEL_NUMBERS)
def test_every_level_and_instrument_can_be_satisfied(name: str, number: int) -> None:
    for seed in range(4):
        plan = resolve(Specification(number, name, seed=seed))
        assert faults(plan) == []
        assert can_fill(plan.cells, plan.metre, plan.anacrusis)
        notes = scale_notes(plan.key, plan.lowest, plan.highest)
        assert any(note.step == plan.key.tonic.step for note in notes)
        assert not plan.level.range or len(notes) <= plan.level.range


def refusal_of(wish: Specification) -> Unsatisfiable | None:
    try:
        resolve(wish)
    except Unsatisfiable as refusal:
        return refusal
    return None


@given(st.integers(0, 2**32))
@settings(max_examples=200)
def test_any_wish_is_met_or_refused_by_name(seed: int) -> None:
    wish = draw_specification(np.random.default_rng(seed))
    refusal = refusal_of(wish)
    if refusal is not None:
        assert refusal.remedy
        assert "\n" not in str(refusal)
        return
    plan = resolve(wish)
    assert faults(plan) == []
    for name in ("measures", "tempo_bpm", "form", "largest_leap", "focus"):
        assert getattr(wish, name) in (None, getattr(plan, name))
    assert wish.key in (None, key_text(plan.key))
    assert wish.metre in (None, plan.metre.name)
    assert all(can_fill(plan.cells, plan.metre, using=one.name) for one in plan.cells if one.name in plan.focus)


@given(st.integers(0, 2**32))
@settings(max_examples=40)
def test_the_same_wish_has_the_same_plan(seed: int) -> None:
    wish = Specification(7, "flute", seed=seed)
    assert resolve(wish) == resolve(wish)


def test_another_seed_is_another_plan() -> None:
    assert len({resolve(Specification(6, seed=seed)).key for seed in range(30)}) > 3


def test_fixing_one_wish_leaves_the_other_choices() -> None:
    free = resolve(Specification(5, seed=9))
    fixed = resolve(Specification(5, seed=9, tempo_bpm=72))
    assert replace(fixed, tempo_bpm=free.tempo_bpm, specification=free.specification) == free


REFUSED: list[tuple[dict[str, Any], str, dict[str, Any]]] = [
    (
        {"level": 3, "key": "E", "instrument": "piano"},
        "it has 4 sharps; level 3 allows 1. The nearest is G",
        {"key": "G"},
    ),
    ({"level": 2, "key": "Em"}, "level 2 has no minor key. The nearest is", {"key": "G"}),
    ({"level": 1, "key": "G"}, "level 1 on the violin is in D. The nearest is D", {"key": "D"}),
    ({"level": 3, "metre": "6/8"}, "begins at level 6, not at level 3. The nearest is 3/4", {"metre": "3/4"}),
    ({"level": 3, "measures": 20}, "2 to 8 measures, not 20. The nearest is 8", {"measures": 8}),
    ({"level": 3, "measures": 1}, "The nearest is 2", {"measures": 2}),
    ({"level": 3, "tempo_bpm": 200}, "The nearest is 92", {"tempo_bpm": 92}),
    (
        {"level": 3, "lowest": "G3"},
        "outside the compass of the violin at level 3, C4 to A5. The nearest is C4",
        {"lowest": "C4"},
    ),
    ({"level": 3, "highest": "C7"}, "The nearest is A5", {"highest": "A5"}),
    ({"level": 3, "lowest": "G5", "highest": "C4"}, "is above the highest", {"highest": "A5"}),
    (
        {"level": 3, "lowest": "D4", "highest": "E4", "key": "C"},
        "too small for a cadence in C major. The nearest that works is C4 to E4",
        {"lowest": "C4"},
    ),
    ({"level": 3, "largest_leap": 5}, "The nearest is 3", {"largest_leap": 3}),
    (
        {"level": 3, "rhythms": ("triplet",)},
        "begins at level 8, not at level 3. The nearest",
        {"rhythms": ("eighths", "quarter")},
    ),
    (
        {"level": 4, "rhythms": ("eighths",)},
        "can be filled and ended with only: eighths. Add 'quarter'",
        {"rhythms": ("eighths", "quarter")},
    ),
    ({"level": 6, "metre": "6/8", "rhythms": ("quarter",)}, "Add 'dotted-quarter'", {"rhythms": ("dotted-quarter",)}),
    ({"level": 6, "metre": "6/8", "focus": ("sixteenths",)}, "cannot stand in 6/8. It stands in 4/4", {"metre": "4/4"}),
    (
        {"level": 6, "rhythms": ("quarter",), "focus": ("eighths",)},
        "Add 'eighths' to the rhythms",
        {"rhythms": ("quarter", "eighths")},
    ),
    ({"level": 4, "key": "C", "focus": ("accidentals",)}, "only in minor.*Ask for A minor", {"key": "Am"}),
    (
        {"level": 2, "focus": ("fourths",)},
        "focus 'fourths' cannot be met: the largest leap is 3",
        {"focus": ("thirds",)},
    ),
    ({"level": 2, "focus": ("ties",)}, "focus 'ties' cannot be met", {"level": 4}),
    (
        {"level": 2, "measures": 2, "focus": ("rests", "eighths")},
        "too many for 2 measures. Choose 1",
        {"focus": ("rests",)},
    ),
    ({"level": 5, "anacrusis": True}, "level 5 has no anacrusis. .* level 6", {"level": 6}),
    ({"level": 8, "metre": "5/8", "anacrusis": True}, "5/8 has no anacrusis", {"metre": "6/8"}),
    (
        {"level": 4, "instrument": "recorder", "dynamics": True},
        "plays no dynamics. Leave dynamics out",
        {"dynamics": None},
    ),
    ({"level": 3, "form": "aaba"}, "The nearest level that has room is 8", {"level": 8}),
    ({"level": 3, "form": "period", "measures": 4}, "The nearest is 'phrase'", {"form": "phrase"}),
    ({"level": 8, "modulation": True, "measures": 4}, "no room to modulate", {"measures": 12}),
    ({"level": 8, "modulation": True, "accidentals": False}, "needs accidentals", {"accidentals": None}),
    ({"level": 9, "metre_change": True, "measures": 8}, "Ask for 12 measures", {"measures": 12}),
    ({"level": 9, "metre_change": True, "anacrusis": True}, "either an anacrusis or a change", {"anacrusis": None}),
]


@pytest.mark.parametrize(("wishes", "words", "_"), REFUSED)
def test_the_impossible_is_refused_with_the_nearest(wishes: dict[str, Any], words: str, _: dict[str, Any]) -> None:
    with pytest.raises(Unsatisfiable, match=words):
        resolve(Specification(**wishes))


@pytest.mark.parametrize(("wishes", "_", "nearest"), REFUSED)
def test_the_nearest_that_is_named_works(wishes: dict[str, Any], _: str, nearest: dict[str, Any]) -> None:
    if wishes.get("lowest") == "G5":
        nearest = {"lowest": "C4", "highest": "A5"}
    assert resolve(Specification(**wishes | nearest))


def test_a_focus_on_accidentals_in_a_low_level_finds_a_minor_key() -> None:
    plan = resolve(Specification(3, focus=("accidentals",), seed=1))
    assert plan.key == Key(0, "minor")
    tonics = [note for note in scale_notes(plan.key, plan.lowest, plan.highest) if note.step == "A"]
    assert any(note.pitch - 1 >= plan.lowest.pitch for note in tonics)


def test_a_recorder_has_no_dynamics_and_a_singer_her_own_skips() -> None:
    assert resolve(Specification(8, "recorder")).dynamics == ()
    assert not resolve(Specification(8, "recorder")).hairpins
    assert resolve(Specification(4, "voice")).largest_leap == 5
    assert resolve(Specification(9, "voice")).named_skips is None


def test_what_is_switched_off_is_gone() -> None:
    switches = ("accidentals", "rests", "ties", "dynamics", "articulations", "slurs", "anacrusis")
    plan = resolve(Specification.from_dict({"level": 8} | dict.fromkeys(switches, False)))
    assert (plan.accidentals, plan.rests, plan.max_ties, plan.dynamics, plan.articulations) == ("none", (), 0, (), ())
    assert not any((plan.measure_rest, plan.slurs, plan.hairpins, plan.anacrusis))
    assert all(phrase.key == plan.key for phrase in plan.phrases)


def test_a_change_of_metre_comes_and_goes_with_a_phrase() -> None:
    plan = resolve(Specification(9, measures=12, metre_change=True, seed=2))
    (first, other), (back, home) = plan.metre_changes
    assert home == plan.metre != other
    assert [phrase.first_measure for phrase in plan.phrases if phrase.first_measure == first]
    assert plan.metre_of(first) == other
    assert plan.metre_of(back) == home
    assert plan.metre_of(first - 1) == home


@pytest.mark.parametrize("n_measures", range(2, 33))
def test_phrases_cover_every_length(n_measures: int) -> None:
    assert sum(phrase_lengths(n_measures)) == n_measures
    assert all(2 <= length <= (7 if n_measures < 8 else 5) for length in phrase_lengths(n_measures))
    for form in forms_for(n_measures):
        laid = plan_phrases(n_measures, form, Key(0), (Key(1),), np.random.default_rng(1))
        assert laid[-1].cadence == "full"
        assert laid[0].key == laid[-1].key == Key(0)
        assert len({phrase.n_measures for phrase in laid}) == 1 or form != "aaba"


def test_every_field_of_a_plan_is_filled() -> None:
    plan = resolve(Specification(4))
    missing = [field.name for field in fields(plan) if getattr(plan, field.name) is None]
    assert missing == ["named_skips"]
    assert plan.recipe == "me1 violin L4 s0"
