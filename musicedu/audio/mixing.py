"""Many notes in one row of samples: mixed, levelled, and brought down to the sample rate asked for."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from musicedu.audio.soundfont import bundled_soundfont
from musicedu.audio.voice import play
from musicedu.played import PlayedNote

PEAK = 0.89  # one decibel below full scale
_JOINED_ATTACK_SEC = 0.03

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
