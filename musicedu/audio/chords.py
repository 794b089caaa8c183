"""Chords from chroma: 24 templates and silence, and a row of them that does not flicker.

Templates after Fujishima (1999), with the root again in the bass. The row has the highest similarity summed over time,
less a cost for every change (a Viterbi search, as Sheh and Ellis 2003 have it with learnt probabilities).
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from musicedu.audio.harmony import Harmony, extract_harmony
from musicedu.audio.mixing import Sound
from musicedu.audio.takes import SoundingChord
from musicedu.harmony.chord import Chord

Floats = npt.NDArray[np.float64]

CHORDS: tuple[Chord, ...] = tuple(Chord(root, quality) for quality in ("major", "minor") for root in range(12))
"""The 24 chords in the order of templates: the major ones from C up, then the minor ones."""

CHANGE_COST_SEC = 0.08
_BASS_SHARE = 0.4
_NO_CHORD = 0.45
_LEAST_BASS = 0.3  # beside the strongest pitch class: a fainter bass counts for less


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
