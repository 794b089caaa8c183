"""`Melody`: measures, rests, transposition, and the nonsense it refuses."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.melody import Dynamic, Hairpin, IrregularAt, Key, KeyAt, Melody, Metre, MetreAt, Note, Slur, TempoAt
from musicedu.pitch import Spelling
from tests.strategies import melodies

F = Fraction
C4, D4 = Spelling.parse("C4"), Spelling.parse("D4")
TUNE = Melody.from_text("C4:1 D4:1 E4:2 F4:4")
quick = settings(max_examples=25)


@given(melodies())
@quick
def test_measures_tile_the_melody(melody: Melody) -> None:
    measures = melody.measures
    assert measures[0].onset == 0
    assert measures[-1].offset == melody.duration
    assert all(before.offset == after.onset for before, after in pairwise(measures))
    assert all(after.number == before.number + 1 for before, after in pairwise(measures))
    assert measures[0].number == (0 if melody.anacrusis else 1)
    irregular = {one.onset: one.duration for one in melody.irregular}
    assert irregular == {measure.onset: measure.duration for measure in measures if measure.is_irregular}
    regular = [measure for measure in measures if not measure.is_irregular]
    assert all(measure.duration <= measure.metre.duration for measure in regular)
    assert all(
        measure.duration == measure.metre.duration for measure in regular if measure not in (measures[0], measures[-1])
    )


@given(melodies())
@quick
def test_the_beats_of_a_long_measure_go_on(melody: Melody) -> None:
    for measure in melody.measures:
        beats = [*measure.beat_onsets, measure.offset]
        assert all(0 < after - before <= max(measure.metre.beats) for before, after in pairwise(beats))
        assert measure.is_irregular or len(measure.beat_onsets) <= len(measure.metre.beats)


@pytest.mark.parametrize(
    ("onset", "duration", "fault"),
    [
        (4, 8, "holds whole measures of 4/4"),
        (4, 4, "holds whole measures of 4/4"),
        (3, 3, "not a barline"),
        (0, 3, "is an anacrusis"),
        (8, 3, "may end early"),
        (4, 9, "ends after the end"),
        (4, 999, "longer than 64 measures"),
        (4, 0, "longer than 0"),
        (-1, 3, "inside the melody"),
    ],
)
def test_there_is_one_way_to_say_where_the_barlines_are(onset: int, duration: int, fault: str) -> None:
    tune = Melody.from_text("C4:4 D4:4 E4:3")
    with pytest.raises(ValueError, match=fault):
        replace(tune, irregular=(IrregularAt(F(onset), F(duration)),))


def test_a_metre_may_change_after_a_short_measure() -> None:
    tune = replace(
        Melody.from_text("C4:4 D4:3 E4:3 F4:3"),
        irregular=(IrregularAt(F(4), F(3)),),
        metres=(MetreAt(F(0), Metre(4, 4)), MetreAt(F(7), Metre(3, 4))),
    )
    assert [(measure.duration, str(measure.metre)) for measure in tune.measures] == [
        (4, "4/4"),
        (3, "4/4"),
        (3, "3/4"),
        (3, "3/4"),
    ]


@given(melodies())
@quick
def test_an_upbeat_is_the_end_of_a_measure(melody: Melody) -> None:
    first = melody.measures[0]
    assert first.shift == (first.metre.duration - first.duration if melody.anacrusis else 0)


@given(melodies())
@quick
def test_notes_and_rests_fill_the_time(melody: Melody) -> None:
    spans = sorted([*((note.onset, note.offset) for note in melody.notes), *melody.rests])
    assert sum((end - begin for begin, end in spans), F(0)) == melody.duration
    assert all(before[1] == after[0] for before, after in pairwise(spans))


@given(melodies())
@quick
def test_every_note_has_its_measure_and_its_key(melody: Melody) -> None:
    for note in melody.notes:
        measure = melody.measure_at(note.onset)
        assert measure.onset <= note.onset < measure.offset
        assert melody.key_at(note.onset) in [change.key for change in melody.keys]


@given(melodies(), st.integers(-12, 12))
@quick
def test_transposing_moves_every_note_and_keeps_the_intervals(melody: Melody, semitones: int) -> None:
    moved = melody.transposed(semitones)
    assert moved.pitches == tuple(pitch + semitones for pitch in melody.pitches)
    assert moved.intervals == melody.intervals
    assert [(note.onset, note.duration, note.marks) for note in moved.notes] == [
        (note.onset, note.duration, note.marks) for note in melody.notes
    ]
    assert moved.key.tonic_pitch_class == (melody.key.tonic_pitch_class + semitones) % 12
    assert moved.key.mode == melody.key.mode


@pytest.mark.parametrize("keys", [("Cb", "C#"), ("C#", "Cb"), ("Ab", "C#")])
@pytest.mark.parametrize("name", ["B##4", "F##4", "Fbb4", "Bbb4", "C4"])
def test_every_spelling_can_be_moved_by_any_number_of_fifths(keys: tuple[str, str], name: str) -> None:
    melody, key = Melody.from_text(f"{name}:1", key=keys[0]), Key.parse(keys[1])
    semitones = key.tonic_pitch_class - melody.key.tonic_pitch_class
    assert melody.transposed(semitones, key).pitches == (melody.pitches[0] + semitones,)


@given(melodies(), st.integers(-12, 12))
@quick
def test_transposing_there_and_back_is_nothing(melody: Melody, semitones: int) -> None:
    back = melody.transposed(semitones).transposed(-semitones, melody.key)
    assert back.pitches == melody.pitches
    assert back.key == melody.key
    if all(abs(note.spelling.alter) < 2 for note in melody.notes) and len(melody.keys) == 1:
        assert melody.transposed(0, melody.key) == melody


def test_transposing_keeps_raised_notes_raised() -> None:
    tune = Melody.from_text("A4:1 G#4:1 A4:2", key="Am")
    assert [str(note.spelling) for note in tune.transposed(-2).notes] == ["G4", "F#4", "G4"]
    assert tune.transposed(-2).key == Key.parse("Gm")
    with pytest.raises(ValueError, match="2 semitones do not lead from A minor to C minor"):
        tune.transposed(2, Key.parse("Cm"))


def test_a_text_is_a_melody() -> None:
    tune = Melody.from_text("r:1/2 C#4:1/2 d4 Bb3:2", metre="3/4", key="D minor", anacrusis=1, title="Air")
    assert [(str(n.spelling), n.onset, n.duration) for n in tune.notes] == [
        ("C#4", F(1, 2), F(1, 2)), ("D4", F(1), F(1)), ("Bb3", F(2), F(2)),
    ]  # fmt: skip
    assert (tune.metre, tune.key, tune.anacrusis, tune.title) == (Metre(3, 4), Key(-1, "minor"), 1, "Air")
    assert [measure.number for measure in tune.measures] == [0, 1]
    assert tune.rests == ((F(0), F(1, 2)),)


def note(onset: int, duration: int = 1) -> Note:
    return Note(F(onset), F(duration), C4)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"notes": (note(0, 2), note(1))}, "note 2 begins at 1, before the note before it has ended"),
        ({"notes": (note(2), note(0))}, "note 2 begins at 0"),
        ({"duration": F(0), "notes": ()}, "must last longer than 0 quarter notes, not 0"),
        ({"duration": F(7)}, "the last note ends at 8, after the end of the melody"),
        ({"metres": ()}, "the first metre and the first key must stand at onset 0"),
        ({"metres": (MetreAt(F(4), Metre(3, 4)),)}, "the first metre and the first key must stand at onset 0"),
        ({"keys": (KeyAt(F(1), Key(0)),)}, "the first metre and the first key must stand at onset 0"),
        ({"keys": (KeyAt(F(0), Key(0)), KeyAt(F(0), Key(1)))}, "keys has two entries at one onset"),
        ({"metres": (MetreAt(F(0), Metre(4, 4)), MetreAt(F(2), Metre(3, 4)))}, "changes at 2, which is not a barline"),
        ({"metres": (MetreAt(F(0), Metre(4, 4)), MetreAt(F(7), Metre(3, 4)))}, "changes at 7, which is not a barline"),
        ({"tempos": (TempoAt(F(4), F(60)), TempoAt(F(0), F(80)))}, "tempos must be in order of onset"),
        ({"dynamics": (Dynamic(F(8), "p"),)}, r"dynamics must lie inside the melody \(0 to 8\)"),
        ({"dynamics": (Dynamic(F(1), "p"), Dynamic(F(1), "f"))}, "dynamics has two entries"),
        ({"anacrusis": F(4)}, r"an anacrusis must be shorter than a measure \(4\), not 4"),
        ({"anacrusis": F(-1)}, "an anacrusis must be shorter"),
        ({"slurs": (Slur(F(0), F(3)),)}, "a slur must go from note to note: none begins at 0 or 3"),
        ({"hairpins": (Hairpin(F(4), F(9), "crescendo"),)}, "a hairpin ends at 9, after the end"),
    ],
)
def test_a_melody_names_the_first_fault(fields: dict[str, object], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        replace(TUNE, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("onset", [-1, 8, 9])
def test_there_is_no_measure_outside_the_melody(onset: int) -> None:
    with pytest.raises(ValueError, match=f"onset {onset} is outside the melody"):
        TUNE.measure_at(F(onset))


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: Note(F(-1), F(1), C4), "onset must not be negative, not -1"),
        (lambda: Note(F(0), F(0), C4), "duration must be positive, not 0"),
        (lambda: Note(F(0), F(1), C4, frozenset({"loud"})), "unknown marks .'loud'.; known are staccato"),
        (lambda: TempoAt(F(0), F(0)), "tempo_bpm must be above 0 and at most 1000, not 0"),
        (lambda: TempoAt(F(0), F(1001)), "tempo_bpm must be above 0"),
        (lambda: Dynamic(F(0), "fff"), "dynamic must be one of pp, p, mp, mf, f, ff, not 'fff'"),
        (lambda: Hairpin(F(0), F(1), "louder"), "hairpin must be one of crescendo, diminuendo, not 'louder'"),
        (lambda: Hairpin(F(1), F(1), "crescendo"), "a hairpin must end after it begins: 1 to 1"),
        (lambda: Slur(F(1), F(1)), "a slur must reach a later note: 1 to 1"),
    ],
)
def test_notes_and_marks_refuse_nonsense(make: object, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        make()  # type: ignore[operator]


def test_times_are_fractions() -> None:
    with pytest.raises(TypeError, match="must be Fractions of a quarter note"):
        Note(0.5, F(1), D4)  # type: ignore[arg-type]
