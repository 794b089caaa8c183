"""A recording in 67 numbers: the fixed set of features that `musicedu.corpus.extraction` collects from many files.

Most are the mean and the standard deviation, over all frames, of a descriptor of `musicedu.audio.spectrum`, all from
one transform; long recordings are taken in blocks of frames, so that an hour needs no more memory than a minute.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
from scipy.fft import dct

from musicedu.audio import spectrum as spectral
from musicedu.audio.mixing import Sound
from musicedu.audio.passing import PassingSound
from musicedu.audio.rhythm.onsets import (
    DISTANCE_SEC,
    SILENT,
    THRESHOLD,
    accent_envelope,
    passing_onset_envelope,
    pick_peaks,
)
from musicedu.audio.rhythm.onsets import HOP_LENGTH as RHYTHM_HOP_LENGTH
from musicedu.audio.rhythm.tempo import tempo_of
from musicedu.audio.spectrum import HOP_LENGTH, N_FFT

SUMMARY_VERSION = 1
"""Raised whenever the same sound would give other numbers: what was cached before is then computed again."""

PITCH_CLASSES = ("c", "c_sharp", "d", "e_flat", "e", "f", "f_sharp", "g", "a_flat", "a", "b_flat", "b")
N_MFCC = 13
_MARGIN = N_FFT // HOP_LENGTH  # frames at a cut that see sound beyond it
_BLOCK = 1024  # frames at a time
_SILENT_POWER = 1e-10  # 100 dB below full scale

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
        Feature("onset_rate", "onsets a second", "how many notes begin"),
        Feature("tempo_bpm", "beats a minute", "where people would most likely tap; 0 if nothing recurs"),
    )
    means_and_deviations = tuple(
        Feature(f"{name}_{kind}", unit, f"{how} of: {words}")
        for name, unit, words in described
        for kind, how in (("mean", "mean"), ("sd", "standard deviation"))
    )
    return (*whole, *means_and_deviations)


FEATURES: Mapping[str, Feature] = MappingProxyType({feature.name: feature for feature in _catalogue()})
"""Every feature by name, in the order in which tables have them."""


def summarise_passing(sound: Callable[[], Iterable[Sound]], sr: int) -> dict[str, float]:
    """The features of a recording by name, in the order of `FEATURES`: finite numbers, for silence too.

    sound: gives the chunks of mono sound, in all at least one sample, so that they need not all be held in memory; it
    is asked for them twice. sr: hertz; numbers of recordings are comparable only at the same `sr`.
    """
    loudest = 0.0

    def heard() -> Iterator[Sound]:
        nonlocal loudest
        for chunk in sound():
            loudest = max(loudest, float(np.max(np.abs(chunk), initial=0.0)))
            yield chunk

    passing = PassingSound(heard())
    numbers = _means_and_deviations(passing, sr)
    n_samples = passing.n_samples
    envelope: Floats
    if loudest < SILENT:
        envelope = np.zeros(1 + n_samples // RHYTHM_HOP_LENGTH)
    else:
        envelope = passing_onset_envelope(PassingSound(chunk / loudest for chunk in sound()), sr)
    numbers |= {"duration_sec": n_samples / sr, **_pulse(envelope, n_samples, sr)}
    return {name: float(numbers[name]) for name in FEATURES}


def _means_and_deviations(sound: PassingSound, sr: int) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for name, values in describe_passing_frames(sound, sr).items():
        columns = [(name, values)] if values.ndim == 1 else zip(_column_names(name), values, strict=True)
        for column, row in columns:
            numbers[f"{column}_mean"], numbers[f"{column}_sd"] = row.mean(dtype=np.float64), row.std(dtype=np.float64)
    return numbers


def _column_names(name: str) -> list[str]:
    parts = PITCH_CLASSES if name == "chroma" else range(N_MFCC)
    return [f"{name}_{part}" for part in parts]


def _pulse(envelope: Floats, n_samples: int, sr: int) -> dict[str, float]:
    """Onsets and tempo by the methods of `musicedu.audio.rhythm`, from one envelope."""
    frames_per_sec = sr / RHYTHM_HOP_LENGTH
    onsets = pick_peaks(np.pad(envelope, 1), THRESHOLD, round(DISTANCE_SEC * frames_per_sec))
    tempo_bpm = tempo_of(accent_envelope(envelope, frames_per_sec), frames_per_sec).tempo_bpm
    return {
        "onset_rate": len(onsets) * sr / n_samples,
        "tempo_bpm": tempo_bpm if np.isfinite(tempo_bpm) else 0.0,
    }


def describe_passing_frames(sound: PassingSound, sr: int) -> dict[str, Floats]:
    """Descriptors of every frame by name: (n_frames,), or (n_columns, n_frames) for `mfcc` and `chroma`.

    sound: at least one sample; sr: hertz. `level_db` is the root mean square in decibels below full scale;
    `spectral_flux` the mean rise of the mel bands in decibels since the frame before; `chroma` the share of each pitch
    class in the power of all. Unlike in `extract_mfcc`, decibels go down to 100 below full scale and not to 80 below
    the loudest moment, so that no frame depends on another.
    """
    blocks: list[dict[str, Floats]] = []
    before: Floats | None = None
    for part, first, last in _blocks(sound):
        block = _describe_block(part, sr, first, last)
        mel_db = block.pop("mel_db")
        rises = np.maximum(np.diff(mel_db, axis=1, prepend=mel_db[:, :1] if before is None else before), 0)
        mfcc, before = dct(mel_db, axis=0, norm="ortho")[:N_MFCC].copy(), mel_db[:, -1:].copy()
        blocks.append({**block, "spectral_flux": rises.mean(axis=0), "mfcc": mfcc})
    # Each block is let go of as it is joined: an hour has a hundred and fifty thousand frames.
    return {name: np.concatenate([block.pop(name) for block in blocks], axis=-1) for name in list(blocks[0])}


def _blocks(sound: PassingSound) -> Iterator[tuple[Sound, int, int]]:
    """Parts of the sound, and which of the frames of each are counted: those that see nothing of a cut."""
    first, is_last = 0, False
    while not is_last:
        last, begin = first + _BLOCK, max(0, first - _MARGIN)
        part = sound.stretch(begin * HOP_LENGTH, (last + _MARGIN) * HOP_LENGTH)
        if sound.has_ended:
            n_frames = 1 + sound.n_samples // HOP_LENGTH
            is_last, last = last >= n_frames, min(last, n_frames)
        yield part, first - begin, last - begin
        first = last


def _describe_block(y: Sound, sr: int, first: int, last: int) -> dict[str, Floats]:
    spectrum = spectral.extract_spectrum(y, sr)
    mel = spectral.extract_mel(spectrum).values
    chroma = spectral.extract_chroma(spectrum).values
    rms = spectral.extract_rms(y, sr).values
    described = {
        "level_db": 20 * np.log10(np.maximum(rms, _SILENT_POWER**0.5)),
        "zero_crossing_rate": spectral.extract_zero_crossings(y, sr).values,
        "spectral_centroid_hz": spectral.extract_centroid(spectrum).values,
        "spectral_bandwidth_hz": spectral.extract_bandwidth(spectrum).values,
        "spectral_rolloff_hz": spectral.extract_rolloff(spectrum).values,
        "spectral_flatness": spectral.extract_flatness(spectrum).values,
        "chroma": chroma / np.maximum(chroma.sum(axis=0), 1.0),  # the strongest is 1, or all are 0
        "mel_db": 10 * np.log10(np.maximum(mel, _SILENT_POWER)),
    }
    return {name: values[..., first:last].copy() for name, values in described.items()}
