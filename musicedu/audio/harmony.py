"""Harmony heard: how strongly each pitch class sounds (chroma), and the chords that this shows.

For the chroma, after Mauch and Dixon (2010, "Approximate note transcription for the improved identification of
difficult chords"), a spectrum on a scale of a third of a semitone, freed of what is not a peak, is explained as a sum
of notes with their overtones (non-negative least squares, here by the multiplicative updates of Lee and Seung 2001),
and the notes are folded into pitch classes, with the bass kept apart. Unlike there, a frame's loudest pitch class is
always 1.

For the chords, there are 24 templates and silence (after Fujishima 1999, with the root again in the bass). The row of
them has the highest similarity summed over time, less a cost for every change, so that it does not flicker (a Viterbi
search, as Sheh and Ellis 2003 have it with learnt probabilities).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from musicedu.audio.mixing import Sound
from musicedu.audio.spectrum import Frames, extract_spectrum
from musicedu.audio.takes import SoundingChord
from musicedu.harmony.chord import Chord

_LOWEST, _HIGHEST = 28, 96  # MIDI: E1 to C7
_BINS = 3  # a semitone
_N_PARTIALS = 16
_OVERTONE_FALL = 0.7  # each partial beside the one before
_ITERATIONS = 30
_WINDOW_SEC = 0.37
_SILENCE_DB = -50.0
CHORDS: tuple[Chord, ...] = tuple(Chord(root, quality) for quality in ("major", "minor") for root in range(12))
"""The 24 chords in the order of templates: the major ones from C up, then the minor ones."""

CHANGE_COST_SEC = 0.08
_BASS_SHARE = 0.4
_NO_CHORD = 0.45
_LEAST_BASS = 0.3  # beside the strongest pitch class: a fainter bass counts for less

Floats = npt.NDArray[np.float64]


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


def estimate_chords(y: Sound, sr: int, *, change_cost_sec: float = CHANGE_COST_SEC) -> tuple[SoundingChord, ...]:
    """The major and minor chords of a sound, in order; a gap between two is a stretch without a chord.

    A melody alone has no chords: one note at a time fits no template well.

    y: mono; sr: hertz; change_cost_sec: for how long a new chord must fit perfectly, where the old one does not fit
    at all, to pay for the change.
    """
    harmony = extract_harmony(y, sr)
    path = best_chord_path(similarities(harmony), change_cost_sec / (harmony.hop_sec or 1.0))
    return sounding_chords(path, harmony.times_sec)


def templates() -> Floats:
    """The pitch classes of the 24 chords, each of length 1: shape (24, 12)."""
    rows = np.zeros((len(CHORDS), 12))
    for row, chord in zip(rows, CHORDS, strict=True):
        row[list(chord.pitch_classes)] = 1 / np.sqrt(3)
    return rows


def similarities(harmony: Harmony) -> Floats:
    """How well each chord, and last no chord, fits each frame, from 0 to 1: shape (25, n_frames).

    The cosine between chroma and template, with the bass beside the root for a part of it. No chord fits a frame
    always as well as a poor match does, and silence perfectly.
    """
    treble = templates() @ _of_length_one(harmony.chroma + harmony.bass)
    roots = np.array([chord.root for chord in CHORDS])
    bass = _of_length_one(harmony.bass, _LEAST_BASS)[roots]
    fits = (1 - _BASS_SHARE) * treble + _BASS_SHARE * bass
    fits = np.where(harmony.is_silent, 0.0, fits)
    return np.vstack([fits, np.where(harmony.is_silent, 1.0, _NO_CHORD)])


def best_chord_path(fits: Floats, change_cost: float) -> npt.NDArray[np.int_]:
    """The row with the highest sum of fits less `change_cost` for every change: shape (n_frames,), indices of rows.

    fits: shape (n_states, n_frames). With a cost of 0 it is the best of each frame. Empty for no frames.
    """
    n_states, n_frames = fits.shape
    came_from = np.zeros((n_frames, n_states), dtype=int)
    best = np.zeros(n_states)
    for frame in range(n_frames):
        leader = int(best.argmax())
        changes = best[leader] - change_cost > best
        came_from[frame] = np.where(changes, leader, np.arange(n_states))
        best = np.where(changes, best[leader] - change_cost, best) + fits[:, frame]
    path = np.zeros(n_frames, dtype=int)
    state = int(best.argmax())
    for frame in range(n_frames - 1, -1, -1):
        path[frame] = state
        state = int(came_from[frame, state])
    return path


def sounding_chords(path: npt.NDArray[np.int_], times_sec: Floats) -> tuple[SoundingChord, ...]:
    """A path of frames as chords in seconds: a change falls half-way between two frames; 24 is no chord."""
    if not len(path):
        return ()
    hop_sec = float(times_sec[1] - times_sec[0]) if len(times_sec) > 1 else 0.0
    turns = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), len(path)]
    edges = [max(0.0, float(times_sec[turn] - hop_sec / 2)) for turn in turns[:-1]] + [
        float(times_sec[-1] + hop_sec / 2)
    ]
    return tuple(
        SoundingChord(onset_sec, offset_sec, CHORDS[path[turn]])
        for turn, (onset_sec, offset_sec) in zip(turns, pairwise(edges), strict=False)
        if path[turn] < len(CHORDS)
    )


def _of_length_one(columns: Floats, least: float = 1e-9) -> Floats:
    scaled: Floats = columns / np.maximum(np.linalg.norm(columns, axis=0), least)
    return scaled
