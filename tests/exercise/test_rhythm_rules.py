"""The rhythmic rules of every level and metre, judged by the checker, which knows nothing of the automaton."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from musicedu.encoding.events import decode
from musicedu.encoding.vocabulary import VALUES, Frame
from musicedu.exercise.checker import rhythm as checker
from musicedu.exercise.checker.checked import Checked
from musicedu.exercise.plan import Plan
from musicedu.exercise.resolve import resolve
from musicedu.exercise.rhythm_rules import SHORT_STEPS, Placed, end_placed, phrase_grid, phrase_rhythm
from musicedu.exercise.specification import Specification
from musicedu.generation.decoding import draw_phrases, no_preference
from musicedu.generation.lookahead import LookAhead
from musicedu.generation.rhythm import Rhythm, Sound
from musicedu.generation.rules import Cadence, Counter, Rules, any_move
from musicedu.grid import TICKS_PER_QUARTER, Grid
from musicedu.melody import Key, Melody, Metre, MetreAt
from musicedu.syllabus.levels import LEVEL_NUMBERS, level, metre_grid, metre_grids

CASES = [(number, metre) for number in LEVEL_NUMBERS for metre in level(number).metres]
FRAME = Frame(Key(0), 0)
RULES = (checker.rhythms, checker.rests, checker.rests_in_a_row, checker.ties, checker.sound_at_both_ends)


def plan_of(number: int, metre: str, **wishes: object) -> Plan:
    wishes = {"metre_change": False if number >= 9 else None} | wishes
    return resolve(Specification(number, "piano", metre=metre, **wishes))  # type: ignore[arg-type]


def drawn(plan: Plan, n: int, seed: int = 0, *, ties: int = 0) -> list[Melody]:
    """Melodies of the plan's rhythm with any notes and some ties, in one phrase as long as the exercise."""
    grid = phrase_grid(plan.metre, plan.measures, sum(plan.anacrusis))
    rhythm = phrase_rhythm(plan, plan.metre, grid, is_first=True)
    assert rhythm is not None
    tied = Counter("ties", ties, plan.max_ties, sounds=frozenset({Sound.TIE}))
    rules = Rules(
        grid,
        rhythm,
        any_move(),
        cadence=Cadence(placed=end_placed(plan.metre, grid, strictly=False)),
        counters=(tied,),
        may_begin_with_rest=not (plan.begins_with_note or plan.anacrusis),
    )
    phrases = draw_phrases(LookAhead(rules), no_preference, n, np.random.default_rng(seed))
    return [
        Melody(
            notes=decode(events, FRAME),
            duration=Fraction(grid.n_ticks, TICKS_PER_QUARTER),
            metres=(MetreAt(Fraction(0), plan.metre.metre),),
            anacrusis=Fraction(sum(plan.anacrusis), TICKS_PER_QUARTER),
        )
        for events in phrases
    ]


def faults(plan: Plan, melody: Melody) -> list[tuple[int, str]]:
    piece = Checked(melody, plan, plan.phrases)
    return [fault for rule in RULES for fault in rule(piece)]


@pytest.mark.parametrize(("number", "metre"), CASES, ids=[f"{number} {metre}" for number, metre in CASES])
def test_every_rhythm_that_is_drawn_is_one_of_the_level(number: int, metre: str) -> None:
    plan = plan_of(number, metre, measures=min(4, level(number).max_measures))
    for melody in drawn(plan, 6):
        assert faults(plan, melody) == []


@pytest.mark.parametrize("metre", [name for name, grid in metre_grids().items() if grid.anacruses])
def test_an_upbeat_is_played_as_planned_and_taken_from_the_end(metre: str) -> None:
    for seed in range(3):
        plan = plan_of(
            8 if level(8).number >= metre_grid(metre).level else 10, metre, anacrusis=True, measures=4, seed=seed
        )
        for melody in drawn(plan, 3, seed):
            assert faults(plan, melody) == []
            upbeat = [note.duration * TICKS_PER_QUARTER for note in melody.notes[: len(plan.anacrusis)]]
            assert tuple(upbeat[:-1]) == plan.anacrusis[:-1]  # the last may be tied over the barline
            assert upbeat[-1] >= plan.anacrusis[-1]
            assert melody.measures[-1].duration + melody.anacrusis == melody.metre.duration


def test_what_a_wish_leaves_out_does_not_occur() -> None:
    plan = plan_of(7, "4/4", rests=False, ties=False, rhythms=("quarter", "half", "sixteenths"), measures=8)
    for melody in drawn(plan, 6):
        assert not melody.rests
        assert {note.duration for note in melody.notes} <= {1, 2, Fraction(1, 4)}
        assert all(note.offset <= melody.measure_at(note.onset).offset for note in melody.notes)


@pytest.mark.parametrize("metre", ["3/4", "4/4", "6/8"])
@pytest.mark.parametrize("number", [6, 9])
def test_ties_go_out_from_plain_notes_and_not_into_the_last_measure(number: int, metre: str) -> None:
    plan = replace(plan_of(number, metre, measures=4, anacrusis=False), max_ties=9)
    for melody in drawn(plan, 24, ties=2):
        n_ties = 0
        barlines = [measure.onset for measure in melody.measures]
        for note in melody.notes:
            over = next((barline for barline in barlines if note.onset < barline < note.offset), None)
            if over is not None:
                n_ties += 1
                assert over - note.onset in {Fraction(value, 12) for value in (6, 12, 18, 24, 36, 48)}
                assert over - note.onset >= (Fraction(1, 2) if plan.syncopation else 1)
                assert over < barlines[-1]
        assert n_ties


def test_a_rest_is_an_eighth_at_least_unless_rests_are_practised() -> None:
    plan = plan_of(8, "4/4", measures=4)
    assert min(plan.rests) < 6

    def shortest(of: Plan) -> int:
        rhythm = phrase_rhythm(of, of.metre, phrase_grid(of.metre, 4, 0), is_first=True)
        assert rhythm is not None
        return min(VALUES[value] for arcs in rhythm.arcs for sound, value in arcs if sound is Sound.REST)

    assert shortest(plan) == 6
    assert shortest(replace(plan, focus=("rests",))) == min(plan.rests)


def test_a_placed_cell_stands_in_its_place_in_every_drawing() -> None:
    plan = plan_of(5, "4/4", measures=4, anacrusis=False, rests=False, ties=False)
    grid = phrase_grid(plan.metre, 4, 0)
    rhythm = phrase_rhythm(plan, plan.metre, grid, is_first=True, placed=Placed("dotted-quarter-eighth", 24))
    assert rhythm is not None
    rules = Rules(grid, rhythm, any_move())
    for events in draw_phrases(LookAhead(rules), no_preference, 12, np.random.default_rng(0)):
        notes = {note.onset: note.duration for note in decode(events, FRAME)}
        assert (notes[Fraction(2)], notes[Fraction(7, 2)]) == (Fraction(3, 2), Fraction(1, 2))
    nowhere = Placed("dotted-quarter-eighth", 6)  # it begins on a beat alone
    assert phrase_rhythm(plan, plan.metre, grid, is_first=True, placed=nowhere) is None


def test_a_singers_automaton_tells_short_notes_apart() -> None:
    plan = resolve(Specification(6, "voice", metre="4/4", anacrusis=False))
    rhythm = phrase_rhythm(plan, plan.metre, phrase_grid(plan.metre, 2, 0), is_first=True)
    assert rhythm is not None
    assert any(rhythm.after_short)
    for state, arcs in enumerate(rhythm.arcs):
        for (sound, value), arc in arcs.items():
            parted = sound is Sound.REST and rhythm.after_short[state]  # a rest does not part a short note from a leap
            assert rhythm.after_short[arc.target] == (VALUES[value] <= SHORT_STEPS or parted)


def test_cells_that_cannot_fill_the_metre_make_no_rhythm() -> None:
    plan = plan_of(4, "3/4", measures=4)
    halves = replace(plan, cells=tuple(cell for cell in plan.cells if cell.name == "half"))
    assert phrase_rhythm(halves, plan.metre, phrase_grid(plan.metre, 4, 0), is_first=True) is None


def test_equal_plans_share_their_automaton() -> None:
    plan, twin = plan_of(5, "4/4", seed=1), plan_of(5, "4/4", seed=2)
    grid = phrase_grid(plan.metre, 4, 0)

    def rhythm(of: Plan) -> Rhythm | None:
        return phrase_rhythm(of, of.metre, grid, is_first=False)

    assert rhythm(plan) is rhythm(twin)


def test_a_phrase_with_an_upbeat_begins_inside_its_measure() -> None:
    assert phrase_grid(metre_grid("3/4"), 4, 0) == Grid(Metre(3, 4), 4)
    assert phrase_grid(metre_grid("3/4"), 4, 12) == Grid(Metre(3, 4), 4, 24)


@pytest.mark.parametrize(
    ("metre", "upbeat", "strictly", "step", "value", "ends"),
    [
        ("4/4", 0, True, 24, 24, True),
        ("4/4", 0, True, 36, 12, False),
        ("4/4", 0, False, 36, 12, True),
        ("4/4", 0, False, 42, 6, False),
        ("4/4", 0, False, 36, 6, False),
        ("3/4", 0, True, 24, 12, False),
        ("3/4", 0, True, 0, 36, True),
        ("6/8", 0, False, 18, 18, True),
        ("6/8", 0, False, 18, 12, False),
        ("6/8", 6, False, 24, 12, True),  # the upbeat has taken the last eighth
        ("5/8", 0, True, 18, 12, True),
    ],
)
def test_a_phrase_ends_on_a_beat_for_a_beat(
    metre: str, upbeat: int, strictly: bool, step: int, value: int, ends: bool
) -> None:
    grid = phrase_grid(metre_grid(metre), 1, upbeat)
    assert end_placed(metre_grid(metre), grid, strictly=strictly)(step, value) == ends
