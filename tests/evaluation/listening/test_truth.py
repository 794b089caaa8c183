"""The truth set is the same every time, and is what it says; and the package hears it as well as it claims."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from musicedu.audio.transcribe import estimate_notes
from musicedu.corpus.tune import Tune
from musicedu.evaluation.listening.melody import score_notes
from musicedu.evaluation.listening.truth import HIGHEST, LOWEST, VOICES, opening, record_notes, truth_takes
from musicedu.harmony.chord import Chord, ChordAt
from musicedu.melody import Melody, TempoAt


@pytest.fixture(scope="module")
def takes():
    return {snr_db: list(truth_takes(9, snr_db=snr_db, longest_sec=6.0)) for snr_db in (None, 10.0)}


def test_the_same_arguments_give_the_same_takes(takes):
    again = next(iter(truth_takes(1, longest_sec=6.0)))
    assert np.array_equal(again.take.y, takes[None][0].take.y)


def test_noise_changes_the_sound_and_not_the_music(takes):
    for clean, noisy in zip(takes[None], takes[10.0], strict=True):
        assert clean.take.notes == noisy.take.notes
        assert (clean.voice, clean.room) == (noisy.voice, noisy.room)
        assert not np.array_equal(clean.take.y, noisy.take.y)


def test_tunes_are_free_and_from_the_test_split(takes):
    for one in takes[None]:
        assert one.tune.split == "test"
        assert not one.tune.non_commercial


def test_instruments_and_rooms_take_turns_and_stay_in_their_compass(takes):
    assert {one.voice for one in takes[None]} == set(VOICES)
    assert {one.room for one in takes[None]} == {"dry", "room", "hall"}
    for one in takes[None]:
        assert min(one.take.melody.pitches) >= one.voice.lowest
        assert max(one.take.melody.pitches) <= one.voice.highest
        assert one.take.duration_sec < 8


def test_chords_sound_under_the_melody_if_asked_for():
    def in_c(melody):
        return [ChordAt(Fraction(0), Chord(0))]

    one = next(iter(truth_takes(1, longest_sec=4.0, harmonise=in_c)))
    assert [chord.chord.name for chord in one.take.chords] == ["C"]


def test_an_opening_ends_with_a_barline_and_its_notes_with_it():
    tempo = TempoAt(Fraction(0), Fraction(60))
    melody = replace(Melody.from_text("C4:1 D4:1 E4:1 F4:1 G4:3 A4:2 B4:1 C5:2"), tempos=(tempo,))
    cut = opening(melody, 9.0)
    assert cut.duration == 8
    assert [(note.onset, note.duration) for note in cut.notes][-2:] == [(4, 3), (7, 1)]
    assert opening(melody, 0.1).duration == 4


def test_notes_are_heard_as_well_as_the_package_claims(takes):
    """The targets, with a margin for so few takes: 0.90 clean, and noise takes 0.10 at most."""
    clean, noisy = (
        np.mean([score_notes(one.take.notes, estimate_notes(one.take.y, one.take.sr)).f_measure for one in takes[snr]])
        for snr in (None, 10.0)
    )
    assert clean >= 0.90
    assert clean - noisy <= 0.10


TEXTS = ["C4:1 E4:1 G4:2", "C4:1/2 D4:1/2 E4:1 F4:1 G4:1", "A3:1 C4:1 E4:2", "G4:1 F4:1 E4:1 D4:1", "C3:1 C6:3"]
TUNES = [
    Tune(f"x/{number}", "x", "x.abc", str(number), "", "free", False, Melody.from_text(text), f"x/{number}")
    for number, text in enumerate(TEXTS)
]
TWO = {"flute": 73, "violin": 40}


def test_every_take_is_a_tune_of_its_own_within_the_range():
    notes = record_notes(TUNES, takes_each=2, programs=TWO, rng=np.random.default_rng(0))
    players = {(note.tune, note.instrument) for note in notes}
    assert len(players) == len({tune for tune, _ in players}) == 4
    assert "x/4" not in {tune for tune, _ in players}, "three octaves do not fit"
    assert all(LOWEST <= note.pitch <= HIGHEST for note in notes)
    assert all(np.abs(note.y).max() > 0.01 for note in notes)


def test_the_same_seed_gives_the_same_notes():
    first, again = (record_notes(TUNES, takes_each=1, programs=TWO, rng=np.random.default_rng(5)) for _ in range(2))
    assert all(np.array_equal(one.y, other.y) for one, other in zip(first, again, strict=True))


def test_too_few_tunes_are_refused():
    with pytest.raises(ValueError, match="too few tunes"):
        record_notes(TUNES, takes_each=3, programs=TWO, rng=np.random.default_rng(0))
