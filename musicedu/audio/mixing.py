"""Many notes in one row of samples: mixed, levelled, and brought down to the sample rate asked for.

One note of a sampled instrument is resampled to its pitch, shaped by its envelope, darker when softer.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from musicedu.audio.soundfont import Region, bundled_soundfont
from musicedu.played import PlayedNote

PEAK = 0.89  # one decibel below full scale
_JOINED_ATTACK_SEC = 0.03
_CLICK_FREE_SEC = 0.003
_RELEASE_FLOOR_DB = 70.0
_SOFTEST_CUTOFF_CENTS = 1200.0  # half of what the specification's velocity-to-cutoff modulator asks: less dull
_THIRD_HARMONIC_CENTS = 1902.0  # the filter never takes the body of a high note away
_FULL_SCALE_DB = 100.0  # decay and release times are given for a fall of 100 dB

Sound = npt.NDArray[np.float32]


def mix(notes: Iterable[PlayedNote], program: int, end_sec: float, sr: int, *, bank: int = 0) -> Sound:
    """All notes in one row: float32 mono, as long as the last of them rings, and at least to `end_sec`.

    program: General MIDI number from 0; bank: 128 for drums.
    """
    font = bundled_soundfont()
    sounds: dict[tuple[int, int, int, bool], list[Sound]] = {}  # equal notes are made once
    placed: list[tuple[int, Sound]] = []
    for note in notes:
        kind = (note.pitch, note.velocity, round(note.duration_sec * sr), note.joined)
        if kind not in sounds:
            attack_sec = _JOINED_ATTACK_SEC if note.joined else 0.0
            regions = font.regions(program, note.pitch, note.velocity, bank=bank)
            sounds[kind] = [
                play(region, note.pitch, note.velocity, note.duration_sec, sr, attack_sec=attack_sec)
                for region in regions
            ]
        placed += [(round(note.onset_sec * sr), sound) for sound in sounds[kind]]
    y = np.zeros(max([round(end_sec * sr), *(first + len(sound) for first, sound in placed)]), dtype=np.float32)
    for first, sound in placed:
        y[first : first + len(sound)] += sound
    return y


def halved(y: Sound) -> Sound:
    """Half the sample rate: a half-band low-pass (31 taps, Hamming), then every second sample."""
    taps = np.sinc(np.arange(-15, 16) / 2) / 2 * np.hamming(31)
    taps /= taps.sum()
    padded = np.pad(y, 15)
    n_samples = len(y) // 2
    low = np.zeros(n_samples, dtype=np.float32)
    for k in np.flatnonzero(np.abs(taps) > 1e-9):
        low += np.float32(taps[k]) * padded[k : k + 2 * n_samples : 2]
    return low


def levelled(y: Sound) -> Sound:
    """The same sound with its loudest sample at `PEAK`; silence stays silence."""
    loudest = float(np.max(np.abs(y), initial=0.0))
    return y if loudest == 0 else y * np.float32(PEAK / loudest)


def added(first: Sound, second: Sound) -> Sound:
    """Both sounds at once, as long as the longer."""
    n_samples = max(len(first), len(second))
    return np.pad(first, (0, n_samples - len(first))) + np.pad(second, (0, n_samples - len(second)))


def play(region: Region, pitch: int, velocity: int, duration_sec: float, sr: int, *, attack_sec: float = 0.0) -> Sound:
    """Sound one note, its release included: float32 mono of shape (n_samples,).

    pitch: MIDI number; velocity: 1 to 127, amplitude as its square; duration_sec: from the onset to the release;
    attack_sec: the shortest attack, above 0 to join a note to the one before it.
    """
    release_sec = max(region.release_sec, 0.02) * _RELEASE_FLOOR_DB / _FULL_SCALE_DB
    n_samples = max(1, round((duration_sec + release_sec) * sr))
    y = _resampled(region, pitch, n_samples, sr)
    y *= _envelope(region, n_samples, duration_sec, sr, attack_sec)
    y *= (velocity / 127) ** 2 * 10 ** (-region.attenuation_db / 20)
    cutoff_cents = region.cutoff_cents - _SOFTEST_CUTOFF_CENTS * (127 - velocity) / 127
    return _darkened(y, max(cutoff_cents, 100 * pitch + _THIRD_HARMONIC_CENTS), sr)


def _resampled(region: Region, pitch: int, n_samples: int, sr: int) -> Sound:
    """The sample at its pitch by cubic (Catmull-Rom) interpolation, the loop repeated as long as needed."""
    semitones = (pitch - region.root) * region.cents_per_key / 100
    step = 2 ** (semitones / 12) * region.sr / sr
    source = _unrolled(region, int(n_samples * step) + 4)
    position = np.arange(n_samples) * step
    position = position[: int(np.searchsorted(position, len(source) - 3))]
    index = position.astype(np.int64)
    t = (position - index).astype(np.float32)
    a, b, c, d = (source[index + k] for k in range(4))
    y = np.zeros(n_samples, dtype=np.float32)
    y[: len(position)] = b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
    return y


def _unrolled(region: Region, length: int) -> Sound:
    """The sample with its loop written out to `length` samples and more; one zero stands before it."""
    whole = region.sample.astype(np.float32) / 32768
    if region.loop is None:
        return np.concatenate((np.zeros(1, np.float32), whole, np.zeros(3, np.float32)))
    first, last = region.loop
    n_loops = max(0, -(-(length + 4 - last) // (last - first)))
    return np.concatenate((np.zeros(1, np.float32), whole[:last], np.tile(whole[first:last], n_loops + 1)))


def _envelope(region: Region, n_samples: int, duration_sec: float, sr: int, attack_sec: float) -> Sound:
    """Attack (straight in amplitude), hold, decay to the sustain level and release (both straight in decibels)."""
    at_sec = np.arange(n_samples, dtype=np.float32) / np.float32(sr)
    attack = max(region.attack_sec, attack_sec, _CLICK_FREE_SEC)
    since_hold = np.maximum(at_sec - np.float32(attack + region.hold_sec), 0)
    fall_db = np.minimum(since_hold * np.float32(_FULL_SCALE_DB / region.decay_sec), region.sustain_db)
    since_release = np.maximum(at_sec - np.float32(duration_sec), 0)
    fall_db += since_release * np.float32(_FULL_SCALE_DB / max(region.release_sec, 0.02))
    level: Sound = np.exp(fall_db * np.float32(-np.log(10) / 20))
    level *= np.minimum(at_sec / np.float32(attack), 1)
    fade = min(n_samples, round(_CLICK_FREE_SEC * sr))
    level[n_samples - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)
    return level


def _darkened(y: Sound, cutoff_cents: float, sr: int) -> Sound:
    """Low-pass of two poles (Butterworth) at `cutoff_cents` above 8.176 Hz, as a product of spectra."""
    cutoff_hz = 8.176 * 2 ** (cutoff_cents / 1200)
    if cutoff_hz > 0.45 * sr:
        return y
    n_fft = _smooth_length(len(y) + sr // 100)
    s = 1j * np.arange(n_fft // 2 + 1) * (sr / n_fft / cutoff_hz)
    spectrum = np.fft.rfft(y, n_fft) / (1 + np.sqrt(2) * s + s * s)
    return np.fft.irfft(spectrum, n_fft)[: len(y)].astype(np.float32)


def _smooth_length(length: int) -> int:
    """The least 2**i or 3 * 2**i that is not below `length`: lengths that transform fast."""
    power = 1 << (length - 1).bit_length()
    return power * 3 // 4 if power * 3 // 4 >= length else power
