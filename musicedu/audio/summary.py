"""A recording in 67 numbers: the fixed set of features that `musicedu.corpus.extraction` collects from many files.

Most are the mean and the standard deviation, over all frames, of a descriptor in `musicedu.audio.frames`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from musicedu.audio.frames import N_MFCC, describe_frames
from musicedu.audio.mixing import Sound
from musicedu.audio.spectrum import HOP_LENGTH

SUMMARY_VERSION = 1
"""Raised whenever the same sound would give other numbers: what was cached before is then computed again."""

PITCH_CLASSES = ("c", "c_sharp", "d", "e_flat", "e", "f", "f_sharp", "g", "a_flat", "a", "b_flat", "b")
_FASTEST_BPM, _SLOWEST_BPM, _USUAL_BPM = 240.0, 40.0, 120.0
_NEIGHBOURHOOD_SEC = 0.05

Floats = npt.NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Feature:
    """One number about a recording: its name, the unit of the number, and what it says."""

    name: str
    unit: str
    words: str

    def __str__(self) -> str:
        return f"{self.name} ({self.unit}): {self.words}"


_DESCRIPTORS = (
    ("level_db", "dB below full scale", "how loud a frame is (root mean square)"),
    ("spectral_centroid_hz", "Hz", "the centre of gravity of a frame's spectrum: how bright it sounds"),
    ("spectral_bandwidth_hz", "Hz", "how far the spectrum spreads around that centre"),
    ("spectral_rolloff_hz", "Hz", "below which 85 % of the spectrum's magnitude lies"),
    ("spectral_flatness", "share (0-1)", "how much the spectrum is like noise's (1) rather than a tone's (0)"),
    ("zero_crossing_rate", "share of samples (0-1)", "how often the waveform changes its sign"),
    ("spectral_flux", "dB a frame", "how much rises from one frame to the next, in the mean of all mel bands"),
)


def _catalogue() -> tuple[Feature, ...]:
    described = [(name, unit, words) for name, unit, words in _DESCRIPTORS]
    described += [
        (f"mfcc_{number}", "dB", f"coefficient {number} of the spectrum's shape on the mel scale")
        for number in range(N_MFCC)
    ]
    described += [
        (f"chroma_{name}", "share (0-1)", f"the part of {name.replace('_', ' ')} among the twelve pitch classes")
        for name in PITCH_CLASSES
    ]
    whole = (
        Feature("duration_sec", "s", "how long the recording lasts"),
        Feature("onset_rate", "onsets a second", "how many peaks the spectral flux has"),
        Feature("tempo_bpm", "beats a minute", "the period at which the spectral flux repeats itself best; 0 if none"),
    )
    means_and_deviations = tuple(
        Feature(f"{name}_{kind}", unit, f"{how} of: {words}")
        for name, unit, words in described
        for kind, how in (("mean", "mean"), ("sd", "standard deviation"))
    )
    return (*whole, *means_and_deviations)


FEATURES: Mapping[str, Feature] = MappingProxyType({feature.name: feature for feature in _catalogue()})
"""Every feature by name, in the order in which tables have them."""


def summarise_sound(y: Sound, sr: int) -> dict[str, float]:
    """The features of a recording by name, in the order of `FEATURES`: finite numbers, for silence too.

    y: mono, at least one sample; sr: hertz. Numbers of recordings are comparable only at the same `sr`.
    """
    frames = describe_frames(y, sr)
    numbers = {"duration_sec": len(y) / sr, **_pulse(frames["spectral_flux"], sr / HOP_LENGTH)}
    for name, values in frames.items():
        columns = [(name, values)] if values.ndim == 1 else zip(_column_names(name), values, strict=True)
        for column, row in columns:
            numbers[f"{column}_mean"], numbers[f"{column}_sd"] = row.mean(dtype=np.float64), row.std(dtype=np.float64)
    return {name: float(numbers[name]) for name in FEATURES}


def _column_names(name: str) -> list[str]:
    parts = PITCH_CLASSES if name == "chroma" else range(N_MFCC)
    return [f"{name}_{part}" for part in parts]


def _pulse(flux: Floats, frames_per_sec: float) -> dict[str, float]:
    return {"onset_rate": _onset_rate(flux, frames_per_sec), "tempo_bpm": _tempo_bpm(flux, frames_per_sec)}


def _onset_rate(flux: Floats, frames_per_sec: float) -> float:
    """Peaks a second: frames above their neighbours of 50 ms, and clearly above the mean."""
    reach = max(1, round(_NEIGHBOURHOOD_SEC * frames_per_sec))
    around = np.lib.stride_tricks.sliding_window_view(np.pad(flux, reach), 2 * reach + 1).max(axis=1)
    peaks = (flux >= around) & (flux > flux.mean() + 0.5 * flux.std())
    return float(np.count_nonzero(peaks)) * frames_per_sec / len(flux)


def _tempo_bpm(flux: Floats, frames_per_sec: float) -> float:
    """The best lag of the autocorrelation, weighted towards 120 beats a minute (Ellis 2007)."""
    lags = np.arange(round(60 * frames_per_sec / _FASTEST_BPM), round(60 * frames_per_sec / _SLOWEST_BPM) + 1)
    centred = flux - flux.mean()
    if len(flux) <= lags[-1] or not centred.any():
        return 0.0
    spectrum = np.abs(np.fft.rfft(centred, 2 * len(flux))) ** 2
    correlation = np.fft.irfft(spectrum)[lags]
    weight = np.exp(-0.5 * np.log2(60 * frames_per_sec / lags / _USUAL_BPM) ** 2)
    best = int(np.argmax(correlation * weight))
    return float(60 * frames_per_sec / lags[best]) if correlation[best] > 0 else 0.0
