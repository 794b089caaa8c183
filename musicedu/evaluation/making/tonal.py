"""Tonal sense: is there a key, is it the one that was asked for, and does the music come home?

Key clarity is the best correlation of what sounds with the profiles of the 24 keys (Krumhansl 1990, chapter 4; so named
by Lartillot and Toiviainen 2007). A cadence is plainer here than in a book of harmony, as there are no chords: the
last note is the tonic, begins on a beat, and lasts no less than the notes do on average.

Four measures (`musicedu evaluate`): clarity is 0.77 for held-out tunes, 0.78 for training tunes, and 0.75 even for
random notes of one scale, so that it tells little where the scale is given; their own key is the best for 0.55, 0.57
and 0.26 of them, and 0.75, 0.82 and 0.03 of tunes' ends have a cadence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from musicedu.encoding.events import Window, line_of_events
from musicedu.harmony.tonality import key_profiles

Floats = NDArray[np.float64]
_TONIC = {False: 0, True: 9}
"""The pitch class of the tonic in the frame, by whether it is minor."""
_BEAT = -2
"""The metrical weight that a beat has at least."""


def key_correlations(windows: Iterable[Window]) -> Floats:
    """How well each window's pitch classes, by time, correlate with every key: (windows, 24), major keys from C first.

    A window that sounds every pitch class alike, or none, correlates with none: zeros.
    """
    table = np.array([_histogram(window) for window in windows])
    profiles = key_profiles("krumhansl")
    correlations: Floats = _standardised(table) @ _standardised(profiles).T
    return correlations


def key_clarity(windows: Iterable[Window]) -> Floats:
    """The correlation with the key that suits each window best, -1 to 1: (windows,)."""
    clarity: Floats = key_correlations(windows).max(axis=1)
    return clarity


def own_key_share(windows: Sequence[Window]) -> float:
    """The share of windows that correlate best with the key they are to be in, C major or A minor."""
    best = key_correlations(windows).argmax(axis=1)
    own = [12 + _TONIC[True] if window.is_minor else _TONIC[False] for window in windows]
    return float((best == own).mean())


def has_cadence(window: Window) -> bool:
    """Whether a window comes home: its last note is the tonic, on a beat, and not short."""
    line = line_of_events(window.events, window.grid.weights())
    if not len(line.pitches) or line.pitches[-1] % 12 != _TONIC[window.is_minor]:
        return False
    on_beat = line.weights[line.onsets[-1]] >= _BEAT
    return bool(on_beat and line.durations[-1] >= line.durations.mean())


def cadence_share(windows: Iterable[Window]) -> float:
    """The share with a cadence of the windows that are to end a tune; NaN if none is."""
    closing = [has_cadence(window) for window in windows if window.ends_tune]
    return float(np.mean(closing)) if closing else float("nan")


def _histogram(window: Window) -> Floats:
    line = line_of_events(window.events, window.grid.weights())
    return np.bincount(line.pitches % 12, line.durations, minlength=12).astype(np.float64)


def _standardised(table: Floats) -> Floats:
    centred = table - table.mean(axis=1, keepdims=True)
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    return np.where(length > 1e-9, centred / np.maximum(length, 1e-300), 0.0)
