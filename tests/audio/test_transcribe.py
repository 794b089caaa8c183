"""From sound to notes, and from notes to a melody on its grid."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.audio.gridding import fit_beats, lay_on_grid
from musicedu.audio.pitch import Candidates, PitchTrack, extract_candidates, notes_of_runs
from musicedu.audio.takes import record_take
from musicedu.audio.transcribe import estimate_notes, estimate_tuning, extract_attacks, likeliest_notes, transcribe
from musicedu.errors import FileProblem
from musicedu.melody import Key, Melody, Metre, TempoAt
from musicedu.pitch import midi_to_hz
from musicedu.played import PlayedNote

TUNE = Melody.from_text("G4:1 A4:1 B4:1 B4:1 C5:1/2 D5:1/2 B4:1 r:1 G4:1/2 G4:1/2 G4:1", metre="3/4", key="G")
VIOLIN, PIANO, SAXOPHONE = 40, 0, 65
SR = 22_050


def at_tempo(melody, tempo_bpm):
    return replace(melody, tempos=(TempoAt(Fraction(0), Fraction(tempo_bpm)),))


def onsets_and_pitches(melody):
    return [(note.onset, note.pitch) for note in melody.notes]


@pytest.mark.parametrize("program", [VIOLIN, PIANO])
@pytest.mark.parametrize("snr_db", [None, 10])
def test_every_note_is_heard_once_repeated_ones_too(program, snr_db):
    take = record_take(TUNE, program=program, snr_db=snr_db)
    heard = estimate_notes(take.y, take.sr)
    assert [note.pitch for note in heard] == [note.pitch for note in take.notes]
    for mine, true in zip(heard, take.notes, strict=True):
        assert abs(mine.onset_sec - true.onset_sec) < 0.05


def test_notes_follow_one_another():
    take = record_take(TUNE, room="room", snr_db=10)
    heard = estimate_notes(take.y, take.sr)
    assert all(note.onset_sec < note.offset_sec for note in heard)
    assert all(one.offset_sec <= other.onset_sec for one, other in pairwise(heard))


def test_a_vibrato_is_one_note():
    at = np.arange(2 * SR) / SR
    phase = 2 * np.pi * 440 * at + 440 * 0.025 / 5.5 * np.sin(2 * np.pi * 5.5 * at)  # 40 cents, 5.5 times a second
    y = sum(np.sin(k * phase) / k for k in range(1, 6)) * 0.2
    assert [note.pitch for note in estimate_notes(y, SR)] == [69]


@pytest.mark.parametrize("cents", [-40, -20, 30, 40])
def test_an_instrument_tuned_high_or_low_is_put_right(cents):
    rate = 2 ** (cents / 1200)
    take = record_take(TUNE)
    stretched = np.interp(np.arange(0, len(take.y) - 1, rate), np.arange(len(take.y)), take.y).astype(np.float32)
    assert estimate_tuning(extract_candidates(stretched, take.sr)) == pytest.approx(cents / 100, abs=0.12)
    assert [note.pitch for note in estimate_notes(stretched, take.sr)] == list(TUNE.pitches)


def test_silence_has_no_notes_and_no_melody():
    silence = np.zeros(SR, np.float32)
    assert estimate_notes(silence, SR) == ()
    assert not extract_attacks(silence, SR).any()
    with pytest.raises(FileProblem, match="no note is heard"):
        transcribe(silence, SR)


def candidates_of(pitches):
    """One sure candidate a frame, none where the pitch is None."""
    prob = np.array([[0.0 if pitch is None else 0.99] for pitch in pitches])
    f0_hz = np.array([[midi_to_hz(pitch or 69)] for pitch in pitches])
    return Candidates(np.arange(len(pitches)) * 256 / SR, f0_hz, prob)


def test_a_repeated_note_is_told_by_its_attack_and_a_slurred_one_by_its_pitch():
    candidates, attacks = candidates_of([60] * 40 + [64] * 20), np.zeros(60)
    attacks[[0, 1]] = 1.5
    slurred = likeliest_notes(candidates, attacks)
    assert [note.pitch for note in slurred] == [60, 64]
    attacks[20] = 1.5
    repeated = likeliest_notes(candidates, attacks)
    assert [(note.first, note.pitch) for note in repeated] == [(0, 60), (20, 60), (repeated[2].first, 64)]


def test_a_slip_of_one_frame_is_no_note():
    candidates, attacks = candidates_of([60] * 20 + [72] + [60] * 20), np.zeros(41)
    attacks[0] = 1.5
    assert [note.pitch for note in likeliest_notes(candidates, attacks)] == [60]


def test_silence_ends_a_note():
    notes = likeliest_notes(candidates_of([60] * 20 + [None] * 20), np.zeros(40))
    assert [(note.first, note.end) for note in notes] == [(0, 20)]


def test_runs_hear_a_repeated_note_as_one():
    pitch = np.array([60.1, 59.9, 60.0, np.nan, 62.0, 62.2, 70.0])
    times_sec, voiced = np.arange(7) * 0.1, ~np.isnan(pitch)
    track = PitchTrack(times_sec, 440 * 2 ** ((pitch - 69) / 12), voiced, voiced.astype(float))
    notes = notes_of_runs(track, shortest_sec=0.2)
    assert [(round(note.onset_sec, 3), round(note.offset_sec, 3), note.pitch) for note in notes] == [
        (0.0, 0.3, 60),
        (0.4, 0.6, 62),
    ]
    assert len(notes_of_runs(track, shortest_sec=0.0)) == 3


@pytest.mark.parametrize("tempo_bpm", [66, 100, 132])
def test_a_take_with_its_beats_becomes_the_melody_on_the_stand(tempo_bpm):
    take = record_take(at_tempo(TUNE, tempo_bpm), program=VIOLIN)
    heard = transcribe(take.y, take.sr, beats_sec=take.beats_sec, metre=Metre(3, 4))
    assert onsets_and_pitches(heard) == onsets_and_pitches(TUNE)
    assert heard.key == TUNE.key
    assert heard.tempos[0].tempo_bpm == tempo_bpm


@pytest.mark.parametrize("tempo_bpm", [72, 90, 120])
def test_without_beats_a_steady_tempo_is_found(tempo_bpm):
    take = record_take(at_tempo(TUNE, tempo_bpm), program=PIANO)
    heard = transcribe(take.y, take.sr, metre=Metre(3, 4))
    assert heard.tempos[0].tempo_bpm == pytest.approx(tempo_bpm, abs=1)
    assert onsets_and_pitches(heard) == onsets_and_pitches(TUNE)


def test_jigs_lie_on_thirds_of_their_beats():
    jig = at_tempo(Melody.from_text("D4:1/2 E4:1/2 F#4:1/2 A4:1 G4:1/2 F#4:3/2 D4:3/2", metre="6/8", key="D"), 105)
    take = record_take(jig)
    for wishes in ({"beats_sec": take.beats_sec}, {}):
        heard = transcribe(take.y, take.sr, metre=Metre(6, 8), **wishes)
        assert onsets_and_pitches(heard) == onsets_and_pitches(jig)


def test_an_upbeat_is_an_anacrusis():
    tune = Melody.from_text("D4:1 G4:1 A4:1 B4:1 G4:1 D5:3", metre="4/4", key="G", anacrusis=1)
    take = record_take(tune)
    heard = transcribe(take.y, take.sr, beats_sec=take.beats_sec, first_downbeat_sec=take.downbeats_sec[0])
    assert heard.anacrusis == 1
    assert onsets_and_pitches(heard) == onsets_and_pitches(tune)


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from([Fraction(1, 4), Fraction(1, 2), Fraction(1), Fraction(3, 2)]), min_size=2, max_size=12),
    st.floats(0.35, 1.0),
    st.randoms(use_true_random=False),
)
def test_what_is_played_nearly_on_the_grid_lies_on_it(durations, beat_sec, rng):
    onsets = [sum(durations[:k], Fraction(0)) for k in range(len(durations))]
    notes = [
        PlayedNote(float(onset) * beat_sec + rng.uniform(-0.01, 0.01), float(onset + long) * beat_sec - 0.02, 60 + k)
        for k, (onset, long) in enumerate(zip(onsets, durations, strict=True))
    ]
    beats_sec = [k * beat_sec for k in range(40)]
    heard = lay_on_grid(notes, beats_sec, key=Key(0), first_downbeat_sec=0.0)
    assert [note.onset for note in heard.notes] == onsets
    assert [note.duration for note in heard.notes][:-1] == durations[:-1]


def test_beats_may_speed_up():
    beats_sec = np.cumsum([0.0, *np.linspace(0.7, 0.4, 11)])
    notes = [PlayedNote(at, at + 0.3, 60 + k) for k, at in enumerate(beats_sec)]
    assert [note.onset for note in lay_on_grid(notes, beats_sec).notes] == list(range(12))


def test_two_notes_on_one_step_leave_the_longer():
    notes = [PlayedNote(0.0, 0.01, 60), PlayedNote(0.012, 0.5, 62), PlayedNote(0.5, 1.0, 64)]
    heard = lay_on_grid(notes, [0.0, 0.5, 1.0])
    assert [note.pitch for note in heard.notes] == [62, 64]


def test_what_cannot_be_laid_on_a_grid_is_refused():
    note = PlayedNote(0.0, 0.5, 60)
    with pytest.raises(ValueError, match="no note to lay"):
        lay_on_grid([], [0.0, 0.5])
    with pytest.raises(ValueError, match="two beats or more"):
        lay_on_grid([note], [0.5, 0.5])
    with pytest.raises(ValueError, match="no note to find a beat"):
        fit_beats([])
    with pytest.raises(ValueError, match="tempo_bpm must be above 0"):
        fit_beats([note], tempo_bpm=0)


def test_beats_at_a_given_tempo_surround_the_notes():
    notes = [PlayedNote(0.3 + k * 0.5, 0.7 + k * 0.5, 60) for k in range(6)]
    beats = fit_beats(notes, tempo_bpm=120)
    assert np.allclose(np.diff(beats), 0.5)
    assert any(abs(beat - 0.3) < 0.01 for beat in beats)
    assert beats[0] <= 0.3 + 0.01
    assert beats[-1] >= notes[-1].offset_sec - 0.5


def test_a_real_trumpet_becomes_a_plausible_line():
    librosa = pytest.importorskip("librosa")
    try:
        path = librosa.ex("trumpet")
    except Exception:  # not there, and not to be fetched
        pytest.skip("set LIBROSA_DATA_DIR to a folder with the recordings")
    from musicedu.audio.load import load_audio

    recording = load_audio(path)
    heard = estimate_notes(recording.y, recording.sr)
    assert 12 <= len(heard) <= 24
    assert min(note.pitch for note in heard) >= 60
    assert max(note.pitch for note in heard) <= 84
    assert heard[0].pitch == 75
    assert heard[-1].pitch == 65
