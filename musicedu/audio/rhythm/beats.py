"""Beats: the evenly spaced moments that the most accents fall on, found by dynamic programming (Ellis 2007).

`with_clicks` makes them audible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter1d

from musicedu.audio.mixing import PEAK, Sound
from musicedu.audio.rhythm.onsets import HOP_LENGTH, Array, accent_envelope, onset_envelope
from musicedu.audio.rhythm.tempo import FASTEST_BPM, SLOWEST_BPM, tempo_of

_TIGHTNESS = 100.0
_LATE_SEC = 0.015  # the envelope's peak lies so far behind the onset
_NEAR_SEC = 0.07
_WEAK = 0.5  # of the usual accent, below which a beat at either end is silence
HIGH_HZ, LOW_HZ = 1500.0, 400.0
_CLICK_SEC, _CLICK_DECAY_SEC = 0.06, 0.012


@dataclass(frozen=True, slots=True)
class BeatEstimate:
    """Beats in seconds, the tempo they follow in beats a minute, and how sure from 0 to 1."""

    beats_sec: tuple[float, ...]
    tempo_bpm: float
    confidence: float


def estimate_beats(y: Array, sr: int, *, tempo_bpm: float | None = None) -> BeatEstimate:
    """Where people would tap along.

    y: mono samples; tempo_bpm: the tempo if it is known (your own taps say it), otherwise it is estimated. One tempo
    throughout is assumed, from which beats stray a little. Without any onset there are no beats.
    """
    if tempo_bpm is not None and not SLOWEST_BPM / 2 <= tempo_bpm <= 2 * FASTEST_BPM:
        raise ValueError(f"tempo_bpm must be from {SLOWEST_BPM / 2:.0f} to {2 * FASTEST_BPM:.0f}, not {tempo_bpm}")
    frames_per_sec = sr / HOP_LENGTH
    accents = accent_envelope(onset_envelope(y, sr), frames_per_sec)
    estimate = tempo_of(accents, frames_per_sec)
    chosen_bpm = estimate.tempo_bpm if tempo_bpm is None else tempo_bpm
    if not np.isfinite(chosen_bpm):
        return BeatEstimate((), float("nan"), 0.0)
    frames = follow_beats(accents, 60 / chosen_bpm * frames_per_sec)
    beats_sec = np.maximum(frames / frames_per_sec - _LATE_SEC, 0.0)
    return BeatEstimate(tuple(beats_sec.tolist()), chosen_bpm, _confidence(accents, frames, frames_per_sec))


def follow_beats(envelope: Array, period: float) -> npt.NDArray[np.int64]:
    """The frames of the beats that collect most of an envelope while they stay near `period` frames apart.

    A step from one beat to the next costs the squared logarithm of its ratio to the period. Beats in the silence before
    the first accent and after the last are left out. After D. Ellis (2007), Beat tracking by dynamic programming.
    """
    local = gaussian_filter1d(np.asarray(envelope, dtype=float), max(1.0, period / 32))
    spread = float(np.std(local))
    if spread < 1e-9:
        return np.zeros(0, dtype=np.int64)
    total, before = _best_paths(local / spread, period)
    return _without_silence(_path(total, before, period), local)


def _best_paths(local: Array, period: float) -> tuple[Array, npt.NDArray[np.int64]]:
    """For each frame, what the best row of beats that ends there collects, and the beat before it (-1: none)."""
    steps = np.arange(max(1, round(period / 2)), round(2 * period) + 1)
    cost = _TIGHTNESS * np.log(steps / period) ** 2
    longest = int(steps[-1])
    total, before = np.zeros(len(local) + longest), np.full(len(local), -1, dtype=np.int64)
    begun = False
    for frame, value in enumerate(local):
        reached = total[frame + longest - steps] - cost
        best = int(np.argmax(reached))
        begun = begun or value > 0.01 * float(local.max())
        total[frame + longest] = value
        if begun and steps[best] <= frame:
            total[frame + longest] += reached[best]
            before[frame] = frame - steps[best]
    return total[longest:], before


def _path(total: Array, before: npt.NDArray[np.int64], period: float) -> npt.NDArray[np.int64]:
    """The best row of beats, from the best of the last period's frames backwards."""
    tail = len(total) - min(len(total), round(period))
    frame = tail + int(np.argmax(total[tail:]))
    beats = []
    while frame >= 0:
        beats.append(frame)
        frame = int(before[frame])
    return np.array(beats[::-1], dtype=np.int64)


def _without_silence(beats: npt.NDArray[np.int64], local: Array) -> npt.NDArray[np.int64]:
    strength = local[beats]
    strong = np.flatnonzero(strength > _WEAK * np.sqrt(np.mean(strength**2)))
    return beats[strong[0] : strong[-1] + 1] if len(strong) else beats[:0]


def _confidence(accents: Array, beats: npt.NDArray[np.int64], frames_per_sec: float) -> float:
    """How much of the accents lies on the beats beyond chance, times how much weaker the places between them are."""
    total = float(np.sum(accents))
    if len(beats) < 2 or total <= 0:
        return 0.0
    frames = np.arange(len(accents))
    away = np.min(np.abs(frames - beats[np.clip(_neighbours(beats, frames), 0, len(beats) - 1)]), axis=0)
    near = away <= _NEAR_SEC * frames_per_sec
    chance = float(np.mean(near))
    share = (float(np.sum(accents[near])) / total - chance) / max(1 - chance, 1e-9)
    period = float(np.mean(np.diff(beats)))
    between = max(_mean_at(accents, beats + part * period) for part in (1 / 3, 1 / 2, 2 / 3))
    margin = 1 - between / max(_mean_at(accents, beats), 1e-9)
    return float(np.clip(share, 0, 1) * np.clip(margin, 0, 1))


def _neighbours(beats: npt.NDArray[np.int64], frames: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    after = np.searchsorted(beats, frames)
    return np.stack([after - 1, after])


def _mean_at(accents: Array, frames: npt.NDArray[np.floating | np.integer]) -> float:
    return float(np.mean(np.interp(frames, np.arange(len(accents)), accents)))


def with_clicks(
    y: npt.NDArray[np.floating],
    sr: int,
    times_sec: Sequence[float] | npt.NDArray[np.floating],
    *,
    pitch_hz: float = HIGH_HZ,
    volume: float = 0.5,
) -> Sound:
    """The sound with a click at every one of some times: float32 mono, as long as before, peak at most 0.89.

    volume: of a click beside the loudest sample of the sound. Times outside the sound are left out.
    """
    at_sec = np.arange(round(_CLICK_SEC * sr)) / sr
    click = np.sin(2 * np.pi * pitch_hz * at_sec) * np.exp(-at_sec / _CLICK_DECAY_SEC)
    loudest = float(np.max(np.abs(y), initial=0.0)) or 1.0
    heard = np.pad(np.asarray(y, dtype=np.float64), (0, len(click)))
    for time_sec in times_sec:
        first = round(float(time_sec) * sr)
        if 0 <= first < len(y):
            heard[first : first + len(click)] += volume * loudest * click
    heard = heard[: len(y)]
    return np.asarray(heard * (PEAK / max(float(np.max(np.abs(heard), initial=0.0)), PEAK)), dtype=np.float32)
