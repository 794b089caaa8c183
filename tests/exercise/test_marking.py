"""Marks follow the phrases: dynamics return with their idea, hairpins lead on, and measures alike are marked alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

import numpy as np
import pytest

from musicedu.exercise.exercise import Exercise
from musicedu.exercise.generator import generate
from musicedu.exercise.marking import PhraseSpan, mark
from musicedu.exercise.specification import Specification
from musicedu.melody import ARTICULATIONS, DYNAMICS, ORNAMENTS, Measure, Melody, Note, TempoAt
from musicedu.notation import write

LEVELS = [1, 2, 3, 5, 7, 8, 9, 10]
SEEDS = range(8)
BESIDE_SLURS = set(ARTICULATIONS) - {"fermata"} | set(ORNAMENTS)


@lru_cache
def exercise_of(number: int, **wishes: object) -> Exercise:
    return generate(Specification(number, "violin", seed=11, **wishes), n_attempts=1)  # type: ignore[arg-type]


def without_marks(melody: Melody) -> Melody:
    notes = tuple(replace(note, marks=frozenset()) for note in melody.notes)
    return replace(melody, notes=notes, dynamics=(), hairpins=(), slurs=(), tempos=melody.tempos[:1])


def spans_of(exercise: Exercise) -> list[PhraseSpan]:
    upbeat = exercise.melody.anacrusis
    begins = {measure.number: measure.onset for measure in exercise.melody.measures}
    first = [begins[phrase.first_measure] - upbeat for phrase in exercise.phrases]
    between = pairwise([*first, exercise.melody.duration])
    return [PhraseSpan(phrase, a, b) for phrase, (a, b) in zip(exercise.phrases, between, strict=True)]


def marked(number: int) -> Iterator[tuple[Exercise, Melody, list[PhraseSpan]]]:
    exercise = exercise_of(number)
    bare, spans = without_marks(exercise.melody), spans_of(exercise)
    for seed in SEEDS:
        yield exercise, mark(bare, exercise.plan, spans, np.random.default_rng(seed)), spans


def notes_in(melody: Melody, measure: Measure) -> list[Note]:
    return [note for note in melody.notes if measure.onset <= note.onset < measure.offset]


def loudness_at(melody: Melody, onset: Fraction) -> str:
    return [dynamic.mark for dynamic in melody.dynamics if dynamic.onset <= onset][-1]


@pytest.mark.parametrize("number", LEVELS)
def test_marks_leave_the_notes_alone_and_are_those_of_the_level(number: int) -> None:
    for exercise, melody, _ in marked(number):
        plan = exercise.plan
        assert without_marks(melody) == without_marks(exercise.melody)
        assert {name for note in melody.notes for name in note.marks} <= {*plan.articulations, *plan.ornaments}
        assert {dynamic.mark for dynamic in melody.dynamics} <= set(plan.dynamics)
        assert plan.slurs or not melody.slurs
        assert plan.hairpins or not melody.hairpins
        assert plan.ritardando or not any(tempo.text == "rit." for tempo in melody.tempos)


@pytest.mark.parametrize("number", LEVELS[1:])
def test_dynamics_come_back_with_their_idea(number: int) -> None:
    for _, melody, spans in marked(number):
        assert melody.dynamics[0].onset == 0
        assert {dynamic.onset for dynamic in melody.dynamics} <= {span.onset for span in spans}
        assert all(before.mark != after.mark for before, after in pairwise(melody.dynamics))
        heard: dict[tuple[str, int], set[str]] = {}
        for index, span in enumerate(spans):
            heard.setdefault((span.phrase.idea, index % 2), set()).add(loudness_at(melody, span.onset))
        assert all(len(marks) == 1 for marks in heard.values())


@pytest.mark.parametrize("number", LEVELS[2:])
def test_a_hairpin_leads_to_another_dynamic(number: int) -> None:
    n_hairpins = 0
    for _, melody, _ in marked(number):
        changes = {after.onset: (before.mark, after.mark) for before, after in pairwise(melody.dynamics)}
        for hairpin in melody.hairpins:
            n_hairpins += 1
            before, after = changes[hairpin.offset]
            louder = DYNAMICS.index(after) > DYNAMICS.index(before)
            assert hairpin.kind == ("crescendo" if louder else "diminuendo")
            assert loudness_at(melody, hairpin.onset) == before
            assert hairpin.onset in {measure.onset for measure in melody.measures}
            assert sum(hairpin.onset <= note.onset < hairpin.offset for note in melody.notes) >= 2
        assert len(melody.hairpins) == len(changes)  # every phrase has a barline with two notes after it
    assert n_hairpins or len(exercise_of(number).phrases) == 1


@pytest.mark.parametrize("number", LEVELS[2:])
def test_a_slur_covers_a_felt_beat_of_steps(number: int) -> None:
    for _, melody, spans in marked(number):
        for slur in melody.slurs:
            inside = [note for note in melody.notes if slur.onset <= note.onset <= slur.last_onset]
            measure = melody.measure_at(slur.onset)
            beats = dict(zip(measure.metre.beat_onsets, measure.metre.beats, strict=True))
            beat = beats[slur.onset - measure.onset + measure.shift]
            assert inside[-1].offset == slur.onset + beat
            assert len(inside) >= 2
            assert all(0 < abs(a.pitch - b.pitch) <= 2 and a.offset == b.onset for a, b in pairwise(inside))
            assert not any(note.marks & BESIDE_SLURS for note in inside)
            assert not any(slur.onset < span.onset <= slur.last_onset for span in spans)


def test_slurs_occur() -> None:
    assert sum(len(melody.slurs) for number in LEVELS[2:] for _, melody, _ in marked(number)) > len(LEVELS)


def alike(measure: Measure, notes: list[Note]) -> object:
    """What two measures must share to be alike: when their notes begin and end, and whether each steps or leaps."""
    moves = [after.pitch - before.pitch for before, after in pairwise(notes)]
    bounded = [max(-3, min(3, 2 * move if abs(move) == 1 else move)) for move in moves]
    rhythm = [(note.onset - measure.onset, note.offset - measure.onset) for note in notes]
    return (measure.metre, tuple(rhythm), tuple(bounded))


@pytest.mark.parametrize("number", LEVELS[1:])
def test_measures_alike_are_marked_alike(number: int) -> None:
    for exercise, melody, _ in marked(number):
        ends = {phrase.last_measure for phrase in exercise.phrases}
        seen: dict[object, object] = {}
        for measure in melody.measures:
            if measure.number in ends or (melody.anacrusis and measure.number + 1 in ends):
                continue  # a phrase's last note is left alone
            notes = notes_in(melody, measure)
            is_loud = loudness_at(melody, measure.onset) in ("mf", "f", "ff")  # below there are no accents
            marks = tuple(note.marks for note in notes)
            slurs = tuple(slur.onset - measure.onset for slur in melody.slurs if slur.onset in {n.onset for n in notes})
            assert seen.setdefault((is_loud, alike(measure, notes)), (marks, slurs)) == (marks, slurs)


def test_a_phrase_played_twice_is_marked_twice() -> None:
    """Four measures four times over: level 10 has every mark there is."""
    exercise = exercise_of(
        10, metre="4/4", form="aaba", measures=16, anacrusis=False, modulation=False, metre_change=False
    )
    once = Melody.from_text(
        "C4:1/2 D4:1/2 E4:1 C4:1 G4:1 A4:1/2 G4:1/2 F4:1/2 E4:1/2 D4:1 G4:1 E4:1/2 F4:1/2 G4:2 A4:1 G4:4"
    )
    notes = tuple(replace(note, onset=note.onset + 16 * turn) for turn in range(4) for note in once.notes)
    bare = replace(once, notes=notes, duration=Fraction(64), tempos=(TempoAt(Fraction(0), Fraction(90)),))
    for seed in range(20):
        melody = mark(bare, exercise.plan, spans_of(replace(exercise, melody=bare)), np.random.default_rng(seed))
        accents = frozenset({"accent", "marcato", "fermata"})
        turns = [
            [note.marks - accents for note in melody.notes[n : n + len(once.notes)]]
            for n in range(0, len(notes), len(once.notes))
        ]
        assert turns == [turns[0]] * 4
        slurs = [
            {slur.onset - 16 * turn for slur in melody.slurs if 0 <= slur.onset - 16 * turn < 16} for turn in range(4)
        ]
        assert slurs == [slurs[0]] * 4


@pytest.mark.parametrize("number", LEVELS[1:])
def test_articulations_stand_where_they_can_be_played(number: int) -> None:
    for _, melody, spans in marked(number):
        symbols = [symbol.note for _, symbols in write(melody) for symbol in symbols if symbol.note is not None]
        last = {max(note.onset for note in melody.notes if note.onset < span.offset) for span in spans}
        for measure in melody.measures:
            notes = notes_in(melody, measure)
            short = [rank for rank, note in enumerate(notes) if "staccato" in note.marks]
            assert not short or len(short) >= 3
            assert short == list(range(short[0], short[0] + len(short))) if short else True
            assert all(a.offset == b.onset for a, b in pairwise(notes[rank] for rank in short))
            long = [note for note in notes if "tenuto" in note.marks]
            assert len(long) != 1
        for index, note in enumerate(melody.notes):
            assert "staccato" not in note.marks or (note.duration <= 1 and symbols.count(index) == 1)
            assert "tenuto" not in note.marks or note.duration >= 1
            if note.marks & {"accent", "marcato"}:
                assert loudness_at(melody, note.onset) in ("mf", "f", "ff")
                assert note.onset == melody.measure_at(note.onset).onset
            assert not note.marks & set(ORNAMENTS) or note.duration >= 1
            assert note.onset not in last or note.marks <= {"fermata"}
            assert "fermata" not in note.marks or index == len(melody.notes) - 1


@pytest.mark.parametrize("number", LEVELS)
def test_a_ritardando_has_notes_to_slow_down_on(number: int) -> None:
    for exercise, melody, spans in marked(number):
        first, *others = melody.tempos
        assert (first.onset, first.tempo_bpm, first.text) == (0, exercise.plan.tempo_bpm, "")
        for tempo in others:
            if tempo.text == "rit.":
                measure = melody.measure_at(tempo.onset)
                assert measure.number >= exercise.plan.measures - 1
                assert tempo.onset - measure.onset in measure.metre.beat_onsets
                assert sum(note.onset >= tempo.onset for note in melody.notes) >= 4
            else:
                assert tempo.onset in {span.onset for span in spans}
            assert tempo.tempo_bpm == first.tempo_bpm if tempo.text == "a tempo" else tempo.tempo_bpm < first.tempo_bpm


def test_a_last_measure_of_one_long_note_needs_an_earlier_ritardando() -> None:
    exercise = exercise_of(8, metre="4/4", measures=4, anacrusis=False, form="phrase", metre_change=False)
    plan, spans = exercise.plan, spans_of(exercise)

    def ritardando(text: str) -> list[Fraction]:
        melody = Melody.from_text(text)
        found = mark(melody, plan, [replace(spans[0], offset=melody.duration)], np.random.default_rng(0))
        return [tempo.onset for tempo in found.tempos if tempo.text == "rit."]

    assert ritardando("C4:4 D4:4 E4:1 F4:1 G4:1 D4:1 C4:4") == [9]
    assert ritardando("C4:4 D4:4 E4:1 F4:1 G4:1 D4:1 C4:1/2 D4:1/2 E4:1/2 D4:1/2 C4:2") == [12]
    assert ritardando("C4:4 D4:4 E4:4 C4:4") == []


def test_a_pupil_without_marks_gets_none() -> None:
    bare = exercise_of(7, dynamics=False, articulations=False, slurs=False).melody
    assert not bare.dynamics
    assert not bare.hairpins
    assert not bare.slurs
    assert not any(note.marks for note in bare.notes)
