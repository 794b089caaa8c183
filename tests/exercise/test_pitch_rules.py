"""The melodic rules as musicians say them, read off the masks: skips, leading notes, chromatic notes, cadences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from musicedu.encoding.vocabulary import LOWEST_PITCH, N_PITCHES
from musicedu.exercise.checker.checked import Checked
from musicedu.exercise.checker.pitch import kind_of_skip, largest_leap, sung_skips
from musicedu.exercise.frames import LETTERS, NATURALS, PITCH_CLASSES, degrees, frame_for, inside
from musicedu.exercise.pitch_rules import (
    allowed_moves,
    cadence_moves,
    chromatic_notes,
    leading_notes,
    opening_moves,
    skip_moves,
    step_moves,
)
from musicedu.exercise.plan import Plan
from musicedu.exercise.resolve import resolve
from musicedu.exercise.specification import Specification
from musicedu.generation.rules import NOTHING_YET, Mask
from musicedu.melody import Key, Melody
from musicedu.pitch import Spelling
from musicedu.syllabus.instruments import instruments
from musicedu.syllabus.levels import LEVEL_NUMBERS, level

C, A_MINOR = Key(0), Key(0, "minor")
FIRST_MINOR = min(number for number in LEVEL_NUMBERS if level(number).minors)


def plan_of(number: int, name: str = "piano", **wishes: object) -> Plan:
    return resolve(Specification(number, name, **wishes))  # type: ignore[arg-type]


def index(name: str) -> int:
    return Spelling.parse(name).pitch - LOWEST_PITCH


def moves(mask: Mask) -> list[tuple[int, int]]:
    return [(int(before), int(after)) for before, after in np.argwhere(mask[:N_PITCHES])]


def allows(mask: Mask, text: str) -> bool:
    before, after = text.split()
    return bool(mask[index(before), index(after)])


@pytest.mark.parametrize(("key", "number"), [*product([C], LEVEL_NUMBERS), *product([A_MINOR], range(FIRST_MINOR, 11))])
def test_what_a_level_allows_the_next_one_does_too(key: Key, number: int) -> None:
    here = allowed_moves(plan_of(number), key)
    assert here.shape == (N_PITCHES + 1, N_PITCHES)
    assert np.array_equal(here[NOTHING_YET], NATURALS)
    if number < 10:
        assert (here <= allowed_moves(plan_of(number + 1), key)).all()


@pytest.mark.parametrize("number", range(FIRST_MINOR, 11))
def test_minors_natural_seventh_falls(number: int) -> None:
    mask = allowed_moves(plan_of(number), A_MINOR)
    onward = {after - before for before, after in moves(mask) if PITCH_CLASSES[before] == 7}
    assert 0 in onward
    assert -2 in onward
    assert max(onward) == 0
    assert allows(mask, "G#4 A4")
    in_major = {after - before for before, after in moves(allowed_moves(plan_of(number), C)) if before == index("G4")}
    assert max(in_major) > 0


def test_where_the_seventh_is_not_raised_or_not_left_by_skip_it_may_rise() -> None:
    assert allows(allowed_moves(plan_of(8, accidentals=False), A_MINOR), "G4 A4")
    assert allows(allowed_moves(plan_of(8, largest_leap=2), A_MINOR), "G4 A4")


@pytest.mark.parametrize("key", [C, A_MINOR], ids=["major", "minor"])
def test_wide_skips_lead_somewhere(key: Key) -> None:
    degree = degrees(key)
    found = [
        (int(LETTERS[b] - LETTERS[a]), b - a, int(degree[a]), int(degree[b]))
        for a, b in moves(allowed_moves(plan_of(10), key))
        if NATURALS[a] & NATURALS[b]
    ]
    sevenths = {(size, steps, start) for size, steps, start, _ in found if abs(size) == 6}
    octaves = {(start, end) for size, _, start, end in found if abs(size) == 7}
    wider = {degree for size, _, *ends in found if abs(size) > 7 for degree in ends}
    assert sevenths <= {(6, 10, 5), (6, 10, 2)}  # upwards by ten semitones from the fifth degree or the second
    assert sevenths
    assert octaves == {(1, 1), (5, 5)}
    assert wider == {1, 3, 5}


@pytest.mark.parametrize("key", [C, A_MINOR], ids=["major", "minor"])
def test_an_opening_in_the_triad_binds_the_first_note_alone(key: Key) -> None:
    mask = opening_moves(key)
    assert mask[:N_PITCHES].all()
    assert set(degrees(key)[np.flatnonzero(mask[NOTHING_YET])]) == {1, 3, 5}


@pytest.mark.parametrize("number", LEVEL_NUMBERS)
def test_no_skip_is_wider_than_the_level_has(number: int) -> None:
    plan = plan_of(number)
    sizes = {
        abs(int(LETTERS[b] - LETTERS[a])) + 1 for a, b in moves(allowed_moves(plan, C)) if NATURALS[a] & NATURALS[b]
    }
    assert max(sizes) == min(plan.largest_leap, level(number).largest_skip)
    assert {1, 2} <= sizes


def test_the_first_level_goes_by_step() -> None:
    mask = allowed_moves(plan_of(1), C)
    assert allows(mask, "C4 D4")
    assert allows(mask, "C4 C4")
    assert not allows(mask, "C4 E4")
    assert not mask[:N_PITCHES][:, ~NATURALS].any()


def test_the_second_level_skips_inside_the_tonic_triad() -> None:
    major, minor = (allowed_moves(plan_of(2), key) for key in (C, A_MINOR))
    assert allows(major, "C4 E4")
    assert allows(major, "G4 E4")
    assert not allows(major, "D4 F4")
    assert not allows(major, "A4 C5")
    assert allows(minor, "A4 C5")
    assert not allows(minor, "G4 E4")


def test_consonant_skips_leave_out_the_tritone_and_the_sevenths_stay_in_the_scale() -> None:
    plan = next(plan_of(number) for number in LEVEL_NUMBERS if level(number).skips == "consonant" and number > 3)
    mask = allowed_moves(plan, C)
    assert not allows(mask, "F4 B4")
    assert not allows(mask, "B4 F4")
    assert allows(mask, "F4 C4")
    free = allowed_moves(plan_of(10), C)
    assert allows(free, "F4 B4")


def test_a_singer_meets_only_the_skips_that_are_named() -> None:
    plan = plan_of(2, "voice")
    mask = allowed_moves(plan, C)
    assert allows(mask, "C4 E4")
    assert allows(mask, "E4 G4")
    assert not allows(mask, "G4 E4")
    assert not allows(mask, "E4 C4")
    assert not allows(mask, "A4 C5")


@pytest.mark.parametrize("number", [7, 8, 10])
@pytest.mark.parametrize("key", [C, A_MINOR], ids=["major", "minor"])
def test_a_note_outside_the_signature_goes_on_by_a_semitone(number: int, key: Key) -> None:
    found = moves(allowed_moves(plan_of(number), key))
    for chromatic in np.flatnonzero(~NATURALS):
        onward = {b - a for a, b in found if a == chromatic}
        back = {b - a for a, b in found if b == chromatic}
        is_leading_note = key.is_minor and PITCH_CLASSES[chromatic] == 8
        both_ways = key.is_minor and PITCH_CLASSES[chromatic] == 6  # F# goes up to G or, on its way home, to G#
        assert onward <= ({1} if is_leading_note else {1, 2} if both_ways else {-1, 1})
        assert back <= {-2, -1, 1, 2} | ({-3, 4} if is_leading_note else set())
    assert {int(PITCH_CLASSES[b]) for _, b in found if not NATURALS[b]} >= {6, 8, 10}


def test_a_raised_note_rises_and_a_lowered_one_falls() -> None:
    mask = allowed_moves(plan_of(8), C)
    assert allows(mask, "G4 F#4")
    assert allows(mask, "F#4 G4")
    assert not allows(mask, "F#4 F4")
    assert allows(mask, "Bb4 A4")
    assert not allows(mask, "Bb4 B4")
    assert not allows(mask, "F#4 G#4")


def test_the_third_level_knows_the_leading_note_of_minor_alone() -> None:
    major, minor = (allowed_moves(plan_of(3, key=key.name), key) for key in (C, A_MINOR))
    assert not major[:N_PITCHES][:, ~NATURALS].any()
    assert {int(PITCH_CLASSES[b]) for _, b in moves(minor) if not NATURALS[b]} == {8}
    assert allows(minor, "A4 G#4")
    assert allows(minor, "G#4 A4")
    assert not allows(minor, "F4 G#4")
    assert not allows(minor, "G#4 F#4")
    assert not allows(minor, "G#4 E4")


def test_without_accidentals_there_are_none() -> None:
    mask = allowed_moves(plan_of(8, accidentals=False), A_MINOR)
    assert not mask[:N_PITCHES][:, ~NATURALS].any()


def test_double_accidentals_wait_for_the_last_level() -> None:
    sharp = Key.parse("G# minor")
    before, after = (allowed_moves(plan_of(number), sharp) for number in (9, 10))
    assert not before[:, PITCH_CLASSES == 8].any()  # its leading note is F double sharp
    assert after[:, PITCH_CLASSES == 8].any()


@pytest.mark.parametrize("number", LEVEL_NUMBERS)
@pytest.mark.parametrize("key", [C, A_MINOR], ids=["major", "minor"])
def test_phrases_rest_where_their_cadence_says(number: int, key: Key) -> None:
    plan, degree = plan_of(number), degrees(key)
    goals = {"half": {2, 5}, "open": {1, 3, 5}, "full": {1}}
    for cadence, goal in goals.items():
        mask = cadence_moves(plan, key, cadence)
        assert {int(degree[after]) for _, after in moves(mask)} == goal
        assert (mask <= allowed_moves(plan, key)).all()


@pytest.mark.parametrize("number", LEVEL_NUMBERS)
def test_the_end_is_reached_by_step_or_from_the_dominant(number: int) -> None:
    degree = degrees(C)
    full = cadence_moves(plan_of(number), C, "full")
    assert not full[NOTHING_YET].any()
    for before, after in moves(full):
        assert 0 < abs(after - before) <= 2 or degree[before] == 5
    minor = cadence_moves(plan_of(max(3, number)), A_MINOR, "full")
    assert not allows(minor, "G4 A4")
    assert allows(minor, "G#4 A4")
    assert allows(minor, "B4 A4")


def test_what_is_counted() -> None:
    skips, thirds, chromatic, steps = skip_moves(0), skip_moves(3), chromatic_notes(), step_moves()
    assert allows(thirds, "C4 E4")
    assert allows(thirds, "E4 C4")
    assert not allows(thirds, "C4 F4")
    assert allows(skips, "C4 F4")
    assert not allows(skips, "C4 D4")
    assert not allows(skips, "C4 D#4")  # only between notes of the signature
    assert allows(chromatic, "C4 C#4")
    assert not allows(chromatic, "C#4 D4")
    assert allows(steps, "C4 D4")
    assert allows(steps, "C4 C4")
    assert not allows(steps, "C4 D#4")
    assert not skips[NOTHING_YET].any()
    assert allows(leading_notes(A_MINOR), "A4 G#4")
    assert not allows(leading_notes(A_MINOR), "G#4 A4")
    assert not leading_notes(C).any()


@pytest.mark.parametrize("name", instruments())
def test_a_frame_holds_the_notes_of_its_window(name: str) -> None:
    for number in LEVEL_NUMBERS[:-1]:
        for seed in range(2):
            plan = plan_of(number, name, seed=seed)
            frame = frame_for(plan.key, plan.lowest, plan.highest)
            window = inside(frame, plan.lowest.pitch, plan.highest.pitch)
            assert window.sum() == plan.highest.pitch - plan.lowest.pitch + 1
            lowest = int(np.flatnonzero(window)[0])
            assert lowest + LOWEST_PITCH + frame.shift == plan.lowest.pitch
            assert (frame.shift - 7 * plan.key.fifths) % 12 == 0


def test_naturals_are_the_signatures_notes() -> None:
    names = {0: "C", 2: "D", 4: "E", 5: "F", 7: "G", 9: "A", 11: "B"}
    for place, (natural, pitch_class) in enumerate(zip(NATURALS, PITCH_CLASSES, strict=True)):
        assert natural == (int(pitch_class) in names)
        if natural:
            spelling = Spelling.from_fifths(Spelling.parse(f"{names[int(pitch_class)]}4").fifths, LOWEST_PITCH + place)
            assert LETTERS[place] - LETTERS[0] == spelling.diatonic - Spelling.parse("C3").diatonic
    for key, (tonic, leading) in product([C, A_MINOR], [(1, 7)]):
        degree = degrees(key)
        assert degree[index("A3" if key.is_minor else "C4")] == tonic
        assert degree[index("G3" if key.is_minor else "B3")] == leading
        assert degree[index("F#3")] == 0


def passed_by_the_checker(plan: Plan, key: Key, start: int, ends: np.ndarray) -> Iterator[int]:
    """To which of the ends the checker lets a line go from a pitch of the frame: each way in a measure of its own."""
    names = {int(end): key.spell(LOWEST_PITCH + int(end)) for end in (start, *ends)}
    tune = Melody.from_text(" ".join(f"{names[start]}:4 {names[int(end)]}:4" for end in ends), key=key.name)
    phrase = replace(plan.phrases[0], first_measure=1, n_measures=2 * len(ends), key=key)
    piece = Checked(tune, replace(plan, measures=2 * len(ends)), (phrase,))
    faulty = {number for rule in (largest_leap, kind_of_skip, sung_skips) for number, _ in rule(piece)}
    yield from (int(end) for place, end in enumerate(ends) if 2 * place + 2 not in faulty)


@pytest.mark.parametrize("number", LEVEL_NUMBERS)
@pytest.mark.parametrize("name", ["piano", "voice"])
def test_masks_and_checker_agree_on_every_skip(name: str, number: int) -> None:
    plan, naturals = plan_of(number, name, metre="4/4"), np.flatnonzero(NATURALS)
    for key in (C, A_MINOR):
        mask, degree = allowed_moves(plan, key)[:N_PITCHES], degrees(key)
        for start in naturals:
            ends = naturals[np.abs(LETTERS[naturals] - LETTERS[start]) >= 2]
            passed = {*passed_by_the_checker(plan, key, int(start), ends)}
            allowed = {int(end) for end in ends if mask[start, end]}
            assert allowed <= passed
            for end in passed - allowed:  # what the masks alone forbid: skips that lead nowhere
                leads_nowhere = abs(LETTERS[end] - LETTERS[start]) >= 6
                assert leads_nowhere or (key.is_minor and degree[start] == 7 and end > start)
