"""Tempo: how fast the beats follow each other, by comparing an envelope with itself a little later."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter1d

from musicedu.audio.rhythm.onsets import HOP_LENGTH, Array, accent_envelope, onset_envelope, pick_peaks

SLOWEST_BPM, FASTEST_BPM = 45.0, 220.0
USUAL_BPM, USUAL_OCTAVES = 110.0, 1.0
_WINDOW_SEC, _STEP_SEC, _LONGEST_LAG_SEC = 8.0, 1.0, 4.5
_SMOOTHING_SEC = 0.02
_N_MULTIPLES, _N_TEMPI = 4, 240
_SAME_TEMPO = 0.04


@dataclass(frozen=True, slots=True)
class TempoEstimate:
    """A tempo, and how sure.

    tempo_bpm: beats a minute, `nan` where nothing recurs; confidence: from 0 (another tempo fits as well) to 1 (no
    other fits at all); alternatives_bpm: the other tempi that fit, best first: look there for half and double.
    """

    tempo_bpm: float
    confidence: float
    alternatives_bpm: tuple[float, ...] = ()


def autocorrelation(envelope: Array, n_lags: int) -> Array:
    """How alike an envelope is to itself 0 to `n_lags - 1` frames later: shape (n_lags,), 1 at lag 0.

    The mean is taken away first; each lag is averaged over the frames it has. An even envelope gives zeros.
    """
    n_frames = len(envelope)
    swing = envelope - np.mean(envelope)
    size = 1 << (2 * n_frames - 1).bit_length()
    spectrum = np.fft.rfft(swing, size)
    alike = np.fft.irfft(np.abs(spectrum) ** 2, size)[: min(n_lags, n_frames)]
    alike = alike / (n_frames - np.arange(len(alike)))
    alike = np.pad(alike, (0, n_lags - len(alike)))
    return alike / alike[0] if alike[0] > 1e-12 else np.zeros(n_lags)


def tempogram(envelope: Array, frames_per_sec: float) -> Array:
    """Autocorrelations of 8 s windows, one a second: shape (n_lags, n_windows); a shorter envelope is one window."""
    n_lags, size = round(_LONGEST_LAG_SEC * frames_per_sec), round(_WINDOW_SEC * frames_per_sec)
    firsts = range(0, max(len(envelope) - size, 0) + 1, max(1, round(_STEP_SEC * frames_per_sec)))
    return np.stack([autocorrelation(envelope[first : first + size], n_lags) for first in firsts], axis=1)


def estimate_tempo(y: Array, sr: int, *, usual_bpm: float = USUAL_BPM) -> TempoEstimate:
    """The tempo at which people would most likely tap.

    y: mono samples; usual_bpm: what is likely before anything is heard; half and double of it are less likely.
    """
    frames_per_sec = sr / HOP_LENGTH
    accents = accent_envelope(onset_envelope(y, sr), frames_per_sec)
    return tempo_of(accents, frames_per_sec, usual_bpm=usual_bpm)


def tempo_of(envelope: Array, frames_per_sec: float, *, usual_bpm: float = USUAL_BPM) -> TempoEstimate:
    """The tempo of an envelope.

    A period fits if the envelope recurs after one, two, three and four of it; the sum is weighed by how usual the
    tempo is (a bell on a logarithmic scale, as Ellis 2007 has it, one octave wide).
    """
    tempi_bpm, support = tempo_support(envelope, frames_per_sec, usual_bpm=usual_bpm)
    peaks = pick_peaks(np.pad(support, 1), 1e-6) - 1
    if not len(peaks):
        return TempoEstimate(float("nan"), 0.0)
    ranked = peaks[np.argsort(-support[peaks], kind="stable")]
    best = float(tempi_bpm[ranked[0]])
    others = [k for k in ranked[1:] if abs(tempi_bpm[k] / best - 1) > _SAME_TEMPO]
    confidence = 1 - float(support[others[0]] / support[ranked[0]]) if others else 1.0
    return TempoEstimate(best, confidence, tuple(float(tempi_bpm[k]) for k in others[:3]))


def tempo_support(
    envelope: Array, frames_per_sec: float, *, usual_bpm: float = USUAL_BPM
) -> tuple[npt.NDArray[np.float64], Array]:
    """Tempi from slow to fast in beats a minute, and how well each fits: two arrays of one shape."""
    smooth = gaussian_filter1d(np.asarray(envelope, dtype=float), _SMOOTHING_SEC * frames_per_sec)
    alike = tempogram(smooth, frames_per_sec).mean(axis=1)
    tempi_bpm = np.geomspace(SLOWEST_BPM, FASTEST_BPM, _N_TEMPI)
    periods = 60 / tempi_bpm * frames_per_sec
    lags = np.arange(len(alike))
    recurs = sum(np.interp(k * periods, lags, alike, right=0.0) for k in range(1, _N_MULTIPLES + 1))
    usual = np.exp(-0.5 * (np.log2(tempi_bpm / usual_bpm) / USUAL_OCTAVES) ** 2)
    return tempi_bpm, np.maximum(recurs, 0) * usual
