"""Chroma for harmony: how strongly each pitch class sounds, overtones taken away, with the bass kept apart.

After Mauch and Dixon (2010, "Approximate note transcription for the improved identification of difficult chords"): a
spectrum on a scale of a third of a semitone, freed of what is not a peak, is explained as a sum of notes with their
overtones (non-negative least squares, here by the multiplicative updates of Lee and Seung 2001), and the notes are
folded into pitch classes. Unlike there, a frame's
loudest pitch class is always 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from musicedu.audio.mixing import Sound
from musicedu.audio.spectrum import Frames, extract_spectrum

Floats = npt.NDArray[np.float64]

_LOWEST, _HIGHEST = 28, 96  # MIDI: E1 to C7
_BINS = 3  # a semitone
_N_PARTIALS = 16
_OVERTONE_FALL = 0.7  # each partial beside the one before
_ITERATIONS = 30
_WINDOW_SEC = 0.37
_SILENCE_DB = -50.0


@dataclass(frozen=True, eq=False)
class Harmony:
    """What sounds when, folded into pitch classes.

    times_sec: shape (n_frames,), the middle of each frame; chroma, bass: shape (12, n_frames), from C, 0 or more, what
    lies above and below about F#3, so scaled that the largest of their sum is 1; loudness_db: shape (n_frames,), 0 for
    the loudest; tuning_cents: of the recording's A4 above 440 Hz, from -50 to 50.
    """

    times_sec: Floats
    chroma: Floats
    bass: Floats
    loudness_db: Floats
    tuning_cents: float

    @property
    def is_silent(self) -> npt.NDArray[np.bool_]:
        """Frames 50 dB or more below the loudest: shape (n_frames,)."""
        return self.loudness_db < _SILENCE_DB

    @property
    def pitch_class_weights(self) -> Floats:
        """How much of each pitch class sounds in all, bass and treble alike: shape (12,), what key finding takes."""
        heard = (self.chroma + self.bass)[:, ~self.is_silent]
        return heard.mean(axis=1) if heard.size else np.zeros(12)

    @property
    def hop_sec(self) -> float:
        """From one frame to the next."""
        return float(self.times_sec[1] - self.times_sec[0]) if len(self.times_sec) > 1 else 0.0


def extract_harmony(y: Sound, sr: int, *, hop_sec: float = 0.1) -> Harmony:
    """Chroma and bass chroma of a sound, one frame about every `hop_sec`.

    y: mono, shape (n_samples,); sr: hertz, 8000 or more. The tuning of the recording is found first, so that an
    orchestra at 443 Hz is not smeared over two pitch classes. Silence, and an empty sound, give zeros. A minute takes
    about 10 MB while it is worked on.
    """
    if sr < 8000 or hop_sec <= 0:
        raise ValueError(f"sr must be 8000 Hz or more and hop_sec above 0, not {sr} and {hop_sec}")
    n_fft = 1 << round(np.log2(_WINDOW_SEC * sr))
    spectrum = extract_spectrum(y, sr, n_fft=n_fft, hop_length=round(hop_sec * sr))
    tuning_cents = estimate_tuning(spectrum)
    notes = _notes(spectrum, tuning_cents)
    pitches = np.arange(_LOWEST, _HIGHEST + 1)
    treble, bass = (_folded(notes, pitches, share) for share in (_treble_share(pitches), 1 - _treble_share(pitches)))
    strongest = np.maximum((treble + bass).max(axis=0, initial=0.0), 1e-9)
    power = np.mean(np.square(spectrum.values, dtype=np.float64), axis=0)
    loudest = max(float(power.max(initial=0.0)), 1e-20)
    return Harmony(
        times_sec=spectrum.times_sec,
        chroma=treble / strongest,
        bass=bass / strongest,
        loudness_db=10 * np.log10(np.maximum(power / loudest, 1e-12)),
        tuning_cents=tuning_cents,
    )


def estimate_tuning(spectrum: Frames) -> float:
    """How far the notes of a recording lie above equal temperament at A4 = 440 Hz: cents, from -50 to 50.

    The peaks of every frame between 100 and 2,000 Hz, placed between their rows by a parabola, are pointed round a
    circle of one semitone; the mean direction, weighted by magnitude, is the tuning. Silence is in tune.
    """
    values = spectrum.values.astype(np.float64)
    inner, below, above = values[1:-1], values[:-2], values[2:]
    floor = 0.1 * values.max(axis=0, initial=0.0)
    at, frame = np.nonzero((inner > below) & (inner >= above) & (inner > floor))
    low, mid, high = (np.log(np.maximum(part[at, frame], 1e-12)) for part in (below, inner, above))
    bend = low - 2 * mid + high
    frequencies = (at + 1 + 0.5 * (low - high) / np.where(bend == 0, 1, bend)) * spectrum.rows[1]
    heard = (frequencies > 100) & (frequencies < 2000)
    turns = 12 * np.log2(frequencies[heard] / 440.0)
    direction = np.sum(inner[at, frame][heard] * np.exp(2j * np.pi * turns))
    return float(np.angle(direction) / (2 * np.pi) * 100)


def _notes(spectrum: Frames, tuning_cents: float) -> Floats:
    """How strongly each note from E1 to C7 sounds: shape (n_notes, n_frames)."""
    pitches = np.arange(_LOWEST, _HIGHEST + 1)
    grid = np.arange(_BINS * (_LOWEST - 1), _BINS * (_HIGHEST + 25)) / _BINS
    places = 440.0 * 2 ** ((grid + tuning_cents / 100 - 69) / 12) / spectrum.rows[1]
    grid, places = grid[places < len(spectrum.rows) - 1], places[places < len(spectrum.rows) - 1]
    low = places.astype(int)
    share = (places - low)[:, None]
    peaks = _peaks((1 - share) * spectrum.values[low] + share * spectrum.values[low + 1])
    return _explained(peaks, _dictionary(grid, pitches))


def _peaks(spectra: Floats) -> Floats:
    """What rises above its surroundings of an octave, measured by how uneven they are."""
    width = 12 * _BINS
    weights = np.hamming(width + 1)
    total = np.convolve(np.ones(spectra.shape[0]), weights, "same")[:, None]
    mean = _smoothed(spectra, weights) / total
    spread = np.sqrt(np.maximum(_smoothed((spectra - mean) ** 2, weights) / total, 0))
    floor = 1e-3 * spectra.max(axis=0, initial=0.0) + 1e-12
    peaks: Floats = np.maximum(spectra - mean, 0) / np.maximum(spread, floor)
    return peaks


def _smoothed(spectra: Floats, weights: Floats) -> Floats:
    size = 1 << (len(spectra) + len(weights)).bit_length()
    product = np.fft.rfft(spectra, size, axis=0) * np.fft.rfft(weights, size)[:, None]
    first = len(weights) // 2
    return np.fft.irfft(product, size, axis=0)[first : first + len(spectra)]


def _dictionary(grid: Floats, pitches: npt.NDArray[np.int_]) -> Floats:
    """A note with its overtones on the grid, one a column, each of length 1: shape (n_bins, n_notes)."""
    partials = np.arange(1, _N_PARTIALS + 1)
    places = pitches[None, :] + 12 * np.log2(partials)[:, None]
    bumps = np.maximum(0, 1 - np.abs(grid[:, None, None] - places[None]))  # a semitone wide on either side
    columns = np.tensordot(bumps, _OVERTONE_FALL ** (partials - 1), axes=([1], [0]))
    columns /= np.maximum(np.linalg.norm(columns, axis=0), 1e-12)
    return columns


def _explained(spectra: Floats, dictionary: Floats) -> Floats:
    """The notes, 0 or more, whose sum comes nearest to each spectrum."""
    wanted, overlap = dictionary.T @ spectra, dictionary.T @ dictionary
    notes = wanted.copy()
    for _ in range(_ITERATIONS):
        notes *= wanted / np.maximum(overlap @ notes, 1e-9)
    return notes


def _treble_share(pitches: npt.NDArray[np.int_]) -> Floats:
    """How much of a note counts as treble: none below C3, all of it from C4 on."""
    return np.clip((pitches - 48) / 12, 0, 1).astype(np.float64)


def _folded(notes: Floats, pitches: npt.NDArray[np.int_], shares: Floats) -> Floats:
    folded = np.zeros((12, notes.shape[1]))
    np.add.at(folded, pitches % 12, shares[:, None] * notes)
    return folded
