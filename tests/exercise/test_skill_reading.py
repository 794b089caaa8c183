"""Every rung is read off an exercise that focuses on it, and nothing is read that does not stand there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from musicedu.errors import MusicEduError
from musicedu.exercise.exercise import Exercise
from musicedu.exercise.generator import generate
from musicedu.exercise.skill_reading import skills_of
from musicedu.exercise.specification import Specification
from musicedu.exercise.wishable import TOPICS, key_text
from musicedu.melody import Melody
from musicedu.syllabus.difficulty import estimate_difficulty
from musicedu.syllabus.instruments import instrument
from musicedu.syllabus.levels import LEVEL_NUMBERS
from musicedu.syllabus.skills import Rung, rungs

PLAYERS = ("violin", "piano", "flute", "cello")
MOST_SEEDS = 40
COMPOUND = ("dotted-quarter", "three-eighths", "dotted-half")
NOT_YET = {"patterns 6": "no form of ours moves an idea twice in a row"}


@cache
def made(specification: Specification) -> Exercise | None:
    try:
        return generate(specification)
    except MusicEduError:
        return None


def wishes_for(rung: Rung) -> Iterator[dict[str, Any]]:
    """What a teacher would ask for who wants a rung trained."""
    needs = dict(rung.attributes)
    yield from ({"focus": (name,)} for name in rung.cells)
    yield from ({"metre": name} for name in rung.metres)
    if rung.rests:
        rhythms = {4: {"rhythms": ("triplet", "quarter")}, 18: {"rhythms": COMPOUND, "metre": "6/8"}}
        yield {"focus": ("rests",), **rhythms.get(rung.rests[0], {})}
    if "ties" in needs:
        yield {"focus": ("ties",)}
    if "interval" in needs:
        yield {"focus": (next((name for name, n in TOPICS.items() if n == needs["interval"]), "leaps"),)}
    if "leading_notes" in needs or "minor" in needs:
        yield {"key": "A minor"} if "minor" in needs else {"key": "A minor", "focus": ("accidentals",)}
    if "accidentals" in needs or "double_accidentals" in needs:
        yield {"focus": ("accidentals",)}
    if "modulations" in needs:
        yield {"modulation": True}
    if "tempo_bpm" in needs:
        yield {"tempo_bpm": needs["tempo_bpm"]}
    if "sequences" in needs:
        yield {"form": "sequence", "measures": 12}
    yield {}


def keys_for(rung: Rung, player: str) -> Iterator[dict[str, Any]]:
    wanted = dict(rung.attributes).get("fifths")
    if wanted is None:
        yield {}
    for key in instrument(player).keys_at(rung.level):
        if wanted is not None and abs(key.fifths) == wanted:
            yield {"key": key_text(key)}


def marked(rung: Rung) -> Any:
    reason = NOT_YET.get(rung.name)
    return pytest.param(rung, id=rung.name, marks=pytest.mark.xfail(reason=reason) if reason else ())


@pytest.mark.parametrize("rung", [marked(one) for one in rungs().values()])
def test_a_rung_is_found_in_an_exercise_that_focuses_on_it(rung: Rung) -> None:
    for seed in range(4 if rung.name in NOT_YET else MOST_SEEDS):
        player, level = PLAYERS[seed % len(PLAYERS)], min(10, rung.level + seed // 4)
        for wishes in wishes_for(rung):
            for key in keys_for(rung, player):
                exercise = made(Specification(level, player, seed=seed, **(wishes | key)))
                if exercise is not None and any(rung.name in found for found in skills_of(exercise)):
                    return
    pytest.fail(f"{rung.name}, {rung.title}: in none of the exercises")


@pytest.mark.parametrize("number", LEVEL_NUMBERS)
def test_a_level_trains_what_it_has_and_nothing_of_much_higher_ones(number: int) -> None:
    exercise = made(Specification(number, seed=number))
    assert exercise is not None
    found = skills_of(exercise)
    assert len(found) == len(exercise.melody.measures)
    levels = [rungs()[name].level for names in found for name in names if not name.startswith("key")]
    assert max(levels) <= number + 1  # a rung is taught where a level first has it as a rule, not by exception
    assert all(found)


def read(text: str, **more: Any) -> tuple[frozenset[str], ...]:
    base = made(Specification(1, seed=1))
    assert base is not None
    melody = Melody.from_text(text, **more)
    plan = replace(base.plan, key=melody.key)
    return skills_of(Exercise(melody, plan, (), estimate_difficulty(melody), ()))


def names(found: frozenset[str], strand: str) -> set[str]:
    return {name for name in found if name.split()[0] == strand}


def test_a_tune_whose_skills_are_known_is_read_so() -> None:
    first, second, third, fourth = read(
        "C4:1 E4:1/2 G4:1/2 C5:2   D4:1 E4:1 F4:1 G4:1   E4:1 F4:1 G4:1 A4:1   r:2 C4:3/2 D4:1/2"
    )
    assert names(first, "values") == {"values 1", "values 2"}
    assert names(first, "intervals") == {"intervals 2", "intervals 3"}  # thirds, and the fourth up to C5
    assert names(second, "values") == {"values 1"}
    assert names(second, "patterns") == {"patterns 1"}
    assert names(third, "patterns") == {"patterns 1", "patterns 4"}
    assert names(fourth, "rests") == {"rests 2"}
    assert names(fourth, "values") == {"values 3"}
    assert names(first, "metre") == {"metre 1"}


def test_leading_notes_of_minor_are_told_from_other_accidentals() -> None:
    (found,) = read("A4:1 G#4:1 A4:1 D#5:1", key="A minor")
    assert names(found, "accidentals") == {"accidentals 1", "accidentals 2"}
    (found,) = read("A4:1 G#4:1 A4:1 E5:1", key="A minor")
    assert names(found, "accidentals") == {"accidentals 1"}


def test_of_keys_and_leaps_the_highest_counts_alone() -> None:
    (found,) = read("D4:1 A4:1 B4:1 A4:1", key="D")
    assert names(found, "key") == {"key 4"}
    assert names(found, "intervals") == {"intervals 1", "intervals 4"}
