"""Chords under a melody, found by what was counted: laws of the search, of its stretches and its tables."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.errors import FileProblem
from musicedu.harmony.chord import Chord, ChordAt
from musicedu.harmony.chord_tables import (
    N_STATES,
    chord_of,
    count_chords,
    load_tables,
    render_tables,
    shipped_tables,
    state_of,
)
from musicedu.harmony.hidden_chords import best_path, best_triads, find_chords
from musicedu.harmony.stretches import PLACES, phrase_closes, stretches_of
from musicedu.melody import Key, Melody

TWINKLE = Melody.from_text("C4 C4 G4 G4 A4 A4 G4:2 F4 F4 E4 E4 D4 D4 C4:2")
WALTZ = Melody.from_text("D4 F#4 A4 A4:2 G4 F#4 A4 F#4 E4:3 E4 G4 B4 B4:2 A4 G4 F#4 E4 D4:3", metre="3/4", key="D")
MINOR = Melody.from_text("A4 E4 F4 E4 D4 C4 B3:2 A3 C4 E4 D4 C4 B3 A3:2", key="A minor")
UPBEAT = Melody.from_text("G4 C5:2 B4 A4 G4:4 F4:2 D4:2 C4:3", anacrusis=1)
TUNES = (TWINKLE, WALTZ, MINOR, UPBEAT)


def named(names, length=1):
    return [ChordAt(Fraction(length * place), Chord.parse(name)) for place, name in enumerate(names.split())]


def test_a_state_and_its_chord_are_one_another():
    for key in (Key.parse("D"), Key.parse("F# minor")):
        assert [state_of(chord_of(state, key), key) for state in range(N_STATES)] == list(range(N_STATES))


@given(st.integers(2, 5), st.integers(1, 5), st.integers(0, 1000))
@settings(max_examples=40)
def test_the_best_path_is_the_best_of_all_paths(n_states, n_moves, seed):
    rng = np.random.default_rng(seed)
    first = rng.normal(size=n_states)
    moves, worths = rng.normal(size=(n_moves, n_states, n_states)), rng.normal(size=(n_moves, n_states))

    def worth(path):
        steps = zip(path, path[1:], moves, worths, strict=False)
        return first[path[0]] + sum(move[a, b] + own[b] for a, b, move, own in steps)

    every = np.stack(np.meshgrid(*[range(n_states)] * (n_moves + 1)), -1).reshape(-1, n_moves + 1)
    best = max(worth(tuple(path)) for path in every)
    assert worth(best_path(first, list(moves), list(worths))) == pytest.approx(best, abs=1e-6)


@pytest.mark.parametrize("melody", TUNES)
def test_chords_come_in_order_and_the_last_is_home(melody):
    for chords_per_measure, plain in ((None, False), (1, True), (2, True)):
        chords = find_chords(melody, chords_per_measure=chords_per_measure, plain=plain)
        onsets = [one.onset for one in chords]
        assert onsets == sorted(set(onsets))
        assert chords[-1].chord.root == melody.key.tonic_pitch_class


def test_transposing_a_melody_transposes_its_chords():
    here = find_chords(TWINKLE)
    for semitones in (3, -4):
        there = find_chords(TWINKLE.transposed(semitones))
        assert [one.chord.quality for one in here] == [one.chord.quality for one in there]
        assert [(one.chord.root + semitones) % 12 for one in here] == [one.chord.root for one in there]


def test_a_plain_tune_has_the_chords_that_everybody_plays():
    names = [one.chord.triad.name for one in find_chords(TWINKLE, chords_per_measure=2, plain=True)]
    assert names[0] == names[1] == "C"
    assert names[-2:] == ["G", "C"]


def test_plain_chords_are_of_the_key():
    for melody in TUNES:
        scale = melody.key.scale | {(melody.key.tonic_pitch_class + 11) % 12}
        for one in find_chords(melody, chords_per_measure=1, plain=True):
            assert scale.issuperset(one.chord.pitch_classes)


def test_the_rule_of_thumb_holds_the_most_of_every_beat():
    assert [one.chord.name for one in best_triads(Melody.from_text("C4 B4 E4 G4:1/2 B4:1/2 C4:4"))][-1] == "C"
    for one, note in zip(best_triads(TWINKLE), TWINKLE.notes, strict=False):
        if one.onset == note.onset:
            assert note.pitch % 12 in one.chord.pitch_classes


def test_phrases_close_under_fermatas_or_every_four_measures():
    assert phrase_closes(TWINKLE) == {TWINKLE.notes[-1].onset}
    assert phrase_closes(WALTZ) == {Fraction(9), Fraction(21)}
    assert phrase_closes(Melody((), Fraction(4))) == frozenset()


def test_every_piece_has_one_last_chord_and_what_leads_to_it():
    places = [PLACES[one.place] for one in stretches_of(WALTZ, chords_per_measure=1)]
    assert places == ["strong", "strong", "approach", "close", "strong", "strong", "last approach", "final"]


def test_a_melody_without_notes_has_no_chords():
    assert find_chords(Melody((), Fraction(4))) == best_triads(Melody((), Fraction(4))) == ()


def test_counting_learns_what_it_is_shown():
    tune = Melody.from_text("C4 G4 C4 G4 C4 G4 C4 C4")
    tables = count_chords([(tune, tuple(named("C G C G C G C C")))] * 20, {})
    assert [one.chord.name for one in find_chords(tune, tables)] == ["C", "G", "C", "G", "C", "G", "C", "C"]


def test_tables_survive_a_file_and_the_same_tables_give_the_same_bytes(tmp_path):
    tables = shipped_tables()
    data = render_tables(tables)
    assert data == render_tables(tables)
    path = tmp_path / "chords.npz"
    path.write_bytes(data)
    again = load_tables(path)
    np.testing.assert_array_equal(again.moves, tables.moves)
    assert again.account == tables.account


@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda data: b"PK nothing", lambda data: b""])
def test_damaged_tables_are_refused_in_one_line(tmp_path, damage):
    path = tmp_path / "chords.npz"
    path.write_bytes(damage(render_tables(shipped_tables())))
    with pytest.raises(FileProblem, match="musicedu train chords"):
        load_tables(path)
    with pytest.raises(FileProblem, match="no chord tables"):
        load_tables(tmp_path / "missing.npz")
