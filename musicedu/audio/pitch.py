"""How high a sound is, moment by moment: the fundamental frequency of one voice or instrument, and where there is one.

Candidates for the period of each moment come from the difference function, which says for every lag how badly a stretch
of sound repeats after it; divided by its own mean up to that lag, it begins at 1 and has its first deep trough at the
period (YIN: de Cheveigné and Kawahara 2002). How deep is deep enough is not one number but a distribution of
thresholds, so that each trough gets a probability: the share of the thresholds for which it is the first one deep
enough (pYIN: Mauch and Dixon 2014). Unlike pYIN the shares are summed in closed form, sound below the lowest pitch and
far above the highest is taken away first, and thresholds are Beta(2, 5) distributed, wider than theirs, so that a noise
10 dB below the music costs little.

Of the candidates a path is chosen in which leaps, and changes between pitch and no pitch, cost something (Viterbi, as
Boersma 1993 has it). Unlike `librosa.pyin`, whose path leads over a grid of all pitches, this one leads over the few
candidates, which makes it many times as fast. `notes_of_runs` is the plain way on to notes: what stays the same is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy import fft
from scipy.signal import butter, sosfiltfilt

from musicedu.audio.filters import resample
from musicedu.played import PlayedNote

SR, HOP_LENGTH = 22_050, 256
FMIN_HZ, FMAX_HZ = 65.4, 2093.0  # C2 and C7

_COST_OF_AN_OCTAVE, _DEAREST_LEAP = 6.0, 4.0
_COST_OF_A_CHANGE = 6.0  # from pitch to none, or back
_LEAST_PROB = 1e-4
_IMPOSSIBLE = -1e9
_WINDOW = 1024  # samples that are compared with those one lag later: 46 ms
_N_CANDIDATES = 5
_BLOCK = 2048  # frames at a time
_HIGHEST_HZ = 4000.0
_BETA = 5.0
_NO_TROUGH = 0.01  # of the thresholds that no trough reaches, for the deepest one
_QUIETEST_DB, _SILENT = -50.0, 1e-4  # of the loudest frame; of full scale
_TINY = 1e-12

Floats = npt.NDArray[np.float64]
Samples = npt.NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class PitchTrack:
    """A pitch every 11.6 ms.

    times_sec: (n_frames,); f0_hz: NaN where there is no pitch; voiced_flag: whether there is one; voiced_prob: how
    probable that is by the frame alone, 0 to 1.
    """

    times_sec: Floats
    f0_hz: Floats
    voiced_flag: npt.NDArray[np.bool_]
    voiced_prob: Floats

    @property
    def pitch(self) -> Floats:
        """Fractional MIDI numbers, NaN where there is no pitch."""
        midi: Floats = 69 + 12 * np.log2(self.f0_hz / 440)
        return midi


def estimate_f0(y: Samples, sr: int, *, fmin_hz: float = FMIN_HZ, fmax_hz: float = FMAX_HZ) -> PitchTrack:
    """The pitch of a sound in which one note sounds at a time.

    y: mono, shape (n_samples,), at least one sample; sr: hertz; fmin_hz, fmax_hz: the lowest and the highest pitch
    looked for, C2 and C7 if not given. `ValueError` for sound that is not one row of finite samples.
    """
    return best_pitch_path(extract_candidates(y, sr, fmin_hz=fmin_hz, fmax_hz=fmax_hz))


def best_pitch_path(candidates: Candidates) -> PitchTrack:
    """The likeliest row of candidates, one or none a frame."""
    is_one = candidates.prob > 0
    octaves = np.log2(np.where(is_one, candidates.f0_hz, 1.0))
    evidence = np.where(is_one, np.log(np.where(is_one, candidates.prob, 1.0)), _IMPOSSIBLE)
    none = np.log(np.maximum(1 - candidates.voiced_prob, _LEAST_PROB))
    states = _viterbi(octaves, np.column_stack([evidence, none]))
    n_candidates = candidates.prob.shape[1]
    voiced = states < n_candidates
    chosen = np.take_along_axis(candidates.f0_hz, np.minimum(states, n_candidates - 1)[:, None], axis=1)[:, 0]
    return PitchTrack(candidates.times_sec, np.where(voiced, chosen, np.nan), voiced, candidates.voiced_prob)


def _viterbi(octaves: Floats, evidence: Floats) -> npt.NDArray[np.int_]:
    """The best state of every frame: a candidate's number, or the last for no pitch."""
    n_frames, n_states = evidence.shape
    came_from = np.zeros((n_frames, n_states), dtype=np.int8)
    steps = np.full((n_states, n_states), -_COST_OF_A_CHANGE)
    steps[-1, -1] = 0
    score = evidence[0]
    for t in range(1, n_frames):
        leaps = np.abs(octaves[t - 1][:, None] - octaves[t][None, :])
        steps[:-1, :-1] = -np.minimum(_COST_OF_AN_OCTAVE * leaps, _DEAREST_LEAP)
        reached = score[:, None] + steps
        came_from[t] = reached.argmax(axis=0)
        score = reached.max(axis=0) + evidence[t]
    states = np.empty(n_frames, dtype=int)
    states[-1] = int(score.argmax())
    for t in range(n_frames - 1, 0, -1):
        states[t - 1] = came_from[t, states[t]]
    return states


@dataclass(frozen=True, eq=False)
class Candidates:
    """What the pitch of each frame may be.

    times_sec: (n_frames,); f0_hz, prob: (n_frames, 5), the most probable first. The probabilities of a frame add up to
    1 at most; the rest is the probability that it has no pitch. A candidate with probability 0 is none.
    """

    times_sec: Floats
    f0_hz: Floats
    prob: Floats

    @property
    def voiced_prob(self) -> Floats:
        """How probable it is that a frame has a pitch at all: (n_frames,)."""
        total: Floats = self.prob.sum(axis=1)
        return np.minimum(total, 1.0)


def extract_candidates(y: Samples, sr: int, *, fmin_hz: float = FMIN_HZ, fmax_hz: float = FMAX_HZ) -> Candidates:
    """The candidates every 11.6 ms.

    y: mono, shape (n_samples,), at least one sample; sr: hertz, resampled to 22,050 if it is another; fmin_hz, fmax_hz:
    the lowest and highest pitch looked for. `ValueError` for sound that is not finite and mono, or an empty compass.
    """
    y = np.asarray(y, dtype=np.float64)
    if y.ndim != 1 or not len(y) or not np.all(np.isfinite(y)):
        raise ValueError(f"y must be one row of finite samples, not of shape {y.shape}")
    if not 20 <= fmin_hz < fmax_hz <= _HIGHEST_HZ:
        raise ValueError(f"fmin_hz and fmax_hz must rise from 20 to {_HIGHEST_HZ:.0f}, not {fmin_hz} and {fmax_hz}")
    y = _between(resample(y.astype(np.float32), sr, SR).astype(np.float64), fmin_hz)
    shortest, longest = int(SR / fmax_hz), int(np.ceil(SR / fmin_hz)) + 2
    frames = _framed(y, shortest, longest)
    f0_hz, prob = np.full((len(frames), _N_CANDIDATES), np.nan), np.zeros((len(frames), _N_CANDIDATES))
    level = np.empty(len(frames))
    for first in range(0, len(frames), _BLOCK):
        part = slice(first, first + _BLOCK)
        lags, prob[part] = likeliest_troughs(normalised_difference(frames[part], _WINDOW), shortest)
        f0_hz[part] = SR / lags
        level[part] = np.sqrt(np.mean(frames[part][:, :_WINDOW] ** 2, axis=1))
    prob[level <= max(_SILENT, level.max() * 10 ** (_QUIETEST_DB / 20))] = 0
    times_sec = np.arange(len(frames), dtype=np.float64) * (HOP_LENGTH / SR)
    return Candidates(times_sec, f0_hz.astype(np.float64), prob)


def normalised_difference(frames: Floats, window: int) -> Floats:
    """YIN's cumulative mean normalised difference of every frame at lags from 0: (n_frames, frame_length - window).

    The first `window` samples of a frame are compared with those one lag later; a silent frame is 1 everywhere.
    """
    n_lags = frames.shape[1] - window
    size = fft.next_fast_len(frames.shape[1], real=True)
    spectrum = np.conj(fft.rfft(frames[:, :window], size)) * fft.rfft(frames, size)
    product = fft.irfft(spectrum, size)[:, :n_lags]
    energy = np.cumsum(np.pad(frames**2, ((0, 0), (1, 0))), axis=1)
    energy = energy[:, window : window + n_lags] - energy[:, :n_lags]
    difference = np.maximum(energy[:, :1] + energy - 2 * product, 0)
    total = np.cumsum(difference[:, 1:], axis=1)
    normal: Floats = np.ones(difference.shape)
    normal[:, 1:] = difference[:, 1:] * np.arange(1, n_lags) / np.maximum(total, _TINY)
    normal[energy[:, 0] < _TINY] = 1
    return normal


def likeliest_troughs(normal: Floats, shortest: int) -> tuple[Floats, Floats]:
    """The lags of the likeliest troughs, between samples, and their probabilities: (n_frames, 5) each.

    normal: rows of `normalised_difference`; shortest: the smallest lag that counts, in samples.
    """
    inner = normal[:, 1:-1]
    is_trough = (inner < normal[:, :-2]) & (inner <= normal[:, 2:])
    is_trough[:, : shortest - 1] = False
    depth = np.where(is_trough, np.minimum(inner, 1.0), 1.0)
    before = np.minimum.accumulate(np.pad(depth, ((0, 0), (1, 0)), constant_values=1.0), axis=1)[:, :-1]
    prob = np.where(depth < before, _share_below(before) - _share_below(depth), 0.0)
    rows, deepest = np.arange(len(normal)), np.argmin(depth, axis=1)
    prob[rows, deepest] += _NO_TROUGH * _share_below(depth[rows, deepest]) * is_trough[rows, deepest]
    best = np.argsort(-prob, axis=1, kind="stable")[:, :_N_CANDIDATES]
    left, middle, right = (np.take_along_axis(normal, best + k, axis=1) for k in range(3))
    bend = np.maximum(left - 2 * middle + right, _TINY)
    between: Floats = best + 1 + np.clip((left - right) / (2 * bend), -0.5, 0.5)  # the vertex of a parabola
    return between, np.take_along_axis(prob, best, axis=1)


def _share_below(depth: Floats) -> Floats:
    """How many of the thresholds lie below: the distribution function of Beta(2, `_BETA`)."""
    share: Floats = 1 - (1 - depth) ** _BETA * (1 + _BETA * depth)
    return share


def _framed(y: Floats, shortest: int, longest: int) -> Floats:
    """Frames of one window and the longest lag; what is compared at a short lag is centred on the frame's time."""
    lead = (_WINDOW + shortest) // 2
    padded = np.pad(y, (lead, _WINDOW + longest))
    return np.lib.stride_tricks.sliding_window_view(padded, _WINDOW + longest)[: len(y) + 1 : HOP_LENGTH]


def _between(y: Floats, fmin_hz: float) -> Floats:
    """Without what lies below the lowest pitch or above 4,000 Hz (Butterworth, forwards and backwards)."""
    sections = butter(2, [0.75 * fmin_hz, _HIGHEST_HZ], "bandpass", fs=SR, output="sos")
    filtered: Floats = sosfiltfilt(sections, np.pad(y, (0, max(0, 64 - len(y)))))[: len(y)]
    return filtered


def notes_of_runs(track: PitchTrack, *, shortest_sec: float = 0.05) -> tuple[PlayedNote, ...]:
    """A note for every run of frames of one pitch, to the nearest semitone, that lasts `shortest_sec` or more."""
    if not len(track.times_sec):
        return ()
    pitch = np.where(track.voiced_flag, np.round(np.nan_to_num(track.pitch)), -1).astype(int)
    hop_sec = float(track.times_sec[1] - track.times_sec[0]) if len(pitch) > 1 else 0.0
    edges = [0, *(np.flatnonzero(np.diff(pitch)) + 1).tolist(), len(pitch)]
    runs = (PlayedNote(first * hop_sec, end * hop_sec, int(pitch[first])) for first, end in pairwise(edges))
    return tuple(run for run in runs if run.pitch >= 0 and run.duration_sec >= shortest_sec - 1e-9)
