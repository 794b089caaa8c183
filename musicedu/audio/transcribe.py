"""What was played: from the sound of one voice or instrument to notes in seconds, and to a `Melody` on a grid.

How strongly a note seems to begin is spectral flux: the rise of each band's loudness since two frames ago, added up
over the bands. A band is compared with the loudest of itself and its neighbours then, so that a vibrato, which only
moves the sound to the band next door, is no beginning (SuperFlux: Böck and Widmer 2013).

From what each frame may be to notes leads the likeliest course of silence, attacks and sustained notes. Every pitch has
two states. In its *attack* a note has begun, whatever the frame seems to be: the sound is still noise, or the note
before it still rings. In its *sustain* the frame has to be of that pitch. To begin a note costs something, which a
clear attack in the sound pays back, and its peak more than that; so a repeated note is told by its attack, a slurred
one by its pitch, and a doubtful one has to show both. After the note model of Mauch et al. (2015, Tony), which knows no
attacks in the sound; solved exactly (Viterbi). The constants were tuned on takes of the validation split.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.ndimage import maximum_filter1d

from musicedu.audio.filters import resample
from musicedu.audio.gridding import fit_beats, lay_on_grid
from musicedu.audio.pitch import FMAX_HZ, FMIN_HZ, HOP_LENGTH, SR, Candidates, Samples, extract_candidates
from musicedu.audio.spectrum import extract_spectrum
from musicedu.errors import FileProblem
from musicedu.melody import Key, Melody, Metre
from musicedu.played import PlayedNote

__all__ = ["estimate_notes", "estimate_tuning", "transcribe"]

_HOP_SEC = HOP_LENGTH / SR
_TUNED = 0.3  # how much the pitches have to agree (0 to 1) before they are taken to be out of tune together
_N_FFT = 1024
_LAG = 2  # frames
_LOWEST_HZ, _HIGHEST_HZ = 60.0, 8000.0
_COMPRESSION = 100.0
_CLEAR_ATTACK = 8.0  # the flux of an attack that leaves no doubt
_IN_TUNE = 0.3  # semitones: the spread of a sustained note around its pitch
_ANY_PITCH = 0.05  # the least likelihood of a frame in a sustained note
_ATTACK = 0.65 * np.exp(-0.2)  # the likelihood of a frame in an attack, whatever it seems to be
_ATTACK_LASTS = 0.2  # a frame of attack costs so much even if the pitch is right
_COST_OF_A_NOTE = 2.6  # a clear attack pays it back
_GAIN_OF_A_PEAK, _PEAK_FRAMES = 0.8, 3  # more than that, where the attack is clearest within so many frames
_COST_OF_SILENCE = 1.0
_LEAST_SILENT = 0.01
_AS_GOOD_AS_NONE = 0.05  # candidates less probable do not widen the compass
_IMPOSSIBLE = -1e9
_SILENCE = 0

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.signedinteger]


def transcribe(
    y: Samples,
    sr: int,
    *,
    beats_sec: Sequence[float] | None = None,
    tempo_bpm: float | None = None,
    metre: Metre | None = None,
    key: Key | None = None,
    first_downbeat_sec: float | None = None,
) -> Melody:
    """The melody of a sound in which one note sounds at a time.

    y, sr: as in `estimate_notes`; beats_sec: where the felt beats of the metre are; without them they are fitted to the
    notes, at `tempo_bpm` (felt beats a minute) or at the steady tempo that fits best; metre, key, first_downbeat_sec:
    as in `lay_on_grid`. `FileProblem` where no note is heard.
    """
    notes = estimate_notes(y, sr)
    if not notes:
        raise FileProblem(
            "no note is heard in this sound",
            remedy="A transcription needs one voice or instrument at a time, louder than what is around it",
        )
    beats_sec = fit_beats(notes, tempo_bpm=tempo_bpm, metre=metre) if beats_sec is None else beats_sec
    return lay_on_grid(notes, beats_sec, metre=metre, key=key, first_downbeat_sec=first_downbeat_sec)


def estimate_notes(
    y: Samples, sr: int, *, fmin_hz: float = FMIN_HZ, fmax_hz: float = FMAX_HZ, shortest_sec: float = 0.04
) -> tuple[PlayedNote, ...]:
    """The notes of a sound in which one note sounds at a time, in order.

    y: mono, shape (n_samples,), at least one sample; sr: hertz; fmin_hz, fmax_hz: the compass looked at; shortest_sec:
    what is shorter is taken for a slip of the ear. An instrument that is tuned high or low as a whole is put right.
    """
    candidates = extract_candidates(y, sr, fmin_hz=fmin_hz, fmax_hz=fmax_hz)
    segments = likeliest_notes(candidates, extract_attacks(y, sr), tuning=estimate_tuning(candidates))
    notes = (PlayedNote(one.first * _HOP_SEC, one.end * _HOP_SEC, one.pitch) for one in segments)
    return tuple(note for note in notes if note.duration_sec >= shortest_sec)


def estimate_tuning(candidates: Candidates) -> float:
    """By how many semitones, -0.5 to 0.5, the pitches lie above those of a piano: their circular mean."""
    best = candidates.prob[:, 0] > 0
    if not best.any():
        return 0.0
    turns = 12 * np.log2(candidates.f0_hz[best, 0] / 440)
    mean = np.average(np.exp(2j * np.pi * turns), weights=candidates.prob[best, 0])
    return float(np.angle(mean) / (2 * np.pi)) if abs(mean) >= _TUNED else 0.0


def extract_attacks(y: Samples, sr: int) -> Floats:
    """How clearly a note begins, at the frames of `musicedu.audio.pitch`: shape (n_frames,).

    0: not at all; 1 and more: without doubt. What is there all the time (the median) counts as nothing: noise has no
    attacks. y: mono, shape (n_samples,); sr: hertz.
    """
    spectrum = extract_spectrum(
        resample(np.asarray(y, dtype=np.float32), sr, SR), SR, n_fft=_N_FFT, hop_length=HOP_LENGTH
    )
    bands = spectrum.values.astype(np.float64).T @ _bands().T
    loud = np.percentile(bands.max(axis=1), 95)
    if loud <= 0:
        return np.zeros(len(bands))
    loudness = np.log1p(_COMPRESSION * bands / loud)
    sides = np.pad(loudness, ((0, 0), (1, 1)))
    widest = np.maximum(loudness, np.maximum(sides[:, :-2], sides[:, 2:]))
    flux = np.zeros(len(bands))
    flux[_LAG // 2 : -_LAG // 2] = np.maximum(loudness[_LAG:] - widest[:-_LAG], 0).sum(axis=1)
    strength: Floats = np.maximum(flux - np.median(flux), 0) / _CLEAR_ATTACK
    return strength


@lru_cache(maxsize=1)
def _bands() -> Floats:
    """Triangles a semitone apart, lower down a row of the spectrum apart, each of sum 1: (n_bands, n_rows)."""
    rows = np.arange(_N_FFT // 2 + 1) * SR / _N_FFT
    corners = [_LOWEST_HZ]
    for semitone in range(1, int(12 * np.log2(_HIGHEST_HZ / _LOWEST_HZ)) + 1):
        corner = _LOWEST_HZ * 2 ** (semitone / 12)
        if corner - corners[-1] >= SR / _N_FFT:
            corners.append(corner)
    low, middle, high = (np.array(corners[k : len(corners) - 2 + k])[:, None] for k in range(3))
    triangles = np.maximum(np.minimum((rows - low) / (middle - low), (high - rows) / (high - middle)), 0)
    bands: Floats = triangles / np.maximum(triangles.sum(axis=1, keepdims=True), 1e-9)
    return bands


@dataclass(frozen=True, slots=True)
class Segment:
    """A note in frames: from `first` to before `end`."""

    first: int
    end: int
    pitch: int


def likeliest_notes(candidates: Candidates, attacks: Floats, *, tuning: float = 0.0) -> tuple[Segment, ...]:
    """The notes in order, none sounding into the next.

    attacks: (n_frames,), how clearly a note begins: 0 not at all, 1 and more without doubt; tuning: by how many
    semitones the sound is too high.
    """
    midi = 69 + 12 * np.log2(np.where(candidates.prob > 0, candidates.f0_hz, 440.0) / 440) - tuning
    heard = midi[candidates.prob > _AS_GOOD_AS_NONE]
    if not len(heard):
        return ()
    pitches = np.arange(int(np.round(heard.min())), int(np.round(heard.max())) + 1)
    sustained = _sustained(midi, candidates.prob, pitches)
    silent = np.log(np.maximum(1 - candidates.voiced_prob, _LEAST_SILENT))
    states = _viterbi(silent, sustained, _beginning(np.asarray(attacks, dtype=np.float64)))
    return _segments(states, pitches)


def _sustained(midi: Floats, prob: Floats, pitches: Ints) -> Floats:
    """The log likelihood of each frame in a sustained note of each pitch: (n_frames, n_pitches)."""
    likelihood = np.zeros((len(midi), len(pitches)))
    for column in range(midi.shape[1]):
        away = (midi[:, column : column + 1] - pitches) / _IN_TUNE
        likelihood += prob[:, column : column + 1] * np.exp(-0.5 * away**2)
    logs: Floats = np.log(_ANY_PITCH + (1 - _ANY_PITCH) * np.minimum(likelihood, 1))
    return logs


def _beginning(attacks: Floats) -> Floats:
    """What it adds to begin a note in each frame: less than 0 nearly everywhere, more at a clear peak."""
    clear = np.minimum(attacks, 1)
    is_peak = attacks >= maximum_filter1d(attacks, 2 * _PEAK_FRAMES + 1)
    gain: Floats = _COST_OF_A_NOTE * (clear - 1) + _GAIN_OF_A_PEAK * clear * is_peak
    return gain


def _viterbi(silent: Floats, sustained: Floats, begin: Floats) -> Ints:
    """The state of each frame: 0 for silence, then the attacks of all pitches, then their sustained parts."""
    n_frames, n = sustained.shape
    attack = np.maximum(sustained - _ATTACK_LASTS, np.log(_ATTACK))
    came_from = np.zeros((n_frames, 2 * n + 1), dtype=np.int16)
    in_attack, in_sustain = 1 + np.arange(n), 1 + n + np.arange(n)
    score = np.concatenate([silent[:1], attack[0] + begin[0], np.full(n, _IMPOSSIBLE)])
    for t in range(1, n_frames):
        attacked, held = score[1 : n + 1], score[n + 1 :]
        loudest = int(held.argmax())
        rests = score[_SILENCE] >= held[loudest] - _COST_OF_SILENCE
        # A note begins after silence, or after any held note, which may be of the same pitch.
        before = _SILENCE if score[_SILENCE] >= held[loudest] else int(in_sustain[loudest])
        begins = score[before] + begin[t] > attacked
        goes_on = held > attacked
        came_from[t, _SILENCE] = _SILENCE if rests else in_sustain[loudest]
        came_from[t, in_attack] = np.where(begins, before, in_attack)
        came_from[t, in_sustain] = np.where(goes_on, in_sustain, in_attack)
        silence = score[_SILENCE] if rests else held[loudest] - _COST_OF_SILENCE
        score = np.concatenate(
            [
                [silence + silent[t]],
                np.where(begins, score[before] + begin[t], attacked) + attack[t],
                np.where(goes_on, held, attacked) + sustained[t],
            ]
        )
    return _traced(came_from, int(score.argmax()))


def _traced(came_from: Ints, last: int) -> Ints:
    states = np.empty(len(came_from), dtype=int)
    states[-1] = last
    for t in range(len(came_from) - 1, 0, -1):
        states[t - 1] = came_from[t, states[t]]
    return states


def _segments(states: Ints, pitches: Ints) -> tuple[Segment, ...]:
    """A note begins where an attack does, and lasts until the next one or silence."""
    n, segments, first = len(pitches), [], None
    for t, state in enumerate([*states.tolist(), _SILENCE]):
        begins = 1 <= state <= n and (t == 0 or states[t - 1] != state)
        if first is not None and (begins or state == _SILENCE):
            segments.append(Segment(first, t, int(pitches[(states[first] - 1)])))
            first = None
        if begins:
            first = t
    return tuple(segments)
