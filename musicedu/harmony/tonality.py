"""Key finding: how much of each pitch class sounds, compared with what listeners or pieces have in each key.

The same profiles serve scores and sound: twelve weights, from a melody (`pitch_class_histogram`) or from a chroma.
A profile is turned to each of the twelve tonics, and the key whose profile correlates best with the weights wins
(Krumhansl 1990, chapter 4, the Krumhansl-Schmuckler algorithm). Unlike Albrecht and Shanahan (2013), who take the
nearest of their profiles by Euclidean distance, all profiles here are compared by correlation.

A melody tells more than its pitch classes, and is not spelled before its key is known: `musicedu.harmony.melody_key`
finds the key of every file and performance that names none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from musicedu.errors import UnknownName
from musicedu.melody import Key, Melody

Weights = npt.NDArray[np.float64]

_KEY_MODES = ("major", "minor")
_MOST_FLATS = -5  # D flat major and B flat minor: one more is written with six sharps


@dataclass(frozen=True, slots=True)
class Profile:
    """What a key holds: a weight for each pitch class from the tonic up, in major and in minor, and its source."""

    major: tuple[float, ...]
    minor: tuple[float, ...]
    source: str


@dataclass(frozen=True, slots=True)
class KeyGuess:
    """A key and how well its profile correlates with what sounded, from -1 to 1."""

    key: Key
    correlation: float


PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        "krumhansl": Profile(
            (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
            (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
            "Krumhansl & Kessler 1982: listeners rated how well a tone fits after a cadence",
        ),
        "temperley": Profile(
            (0.748, 0.060, 0.488, 0.082, 0.670, 0.460, 0.096, 0.715, 0.104, 0.366, 0.057, 0.400),
            (0.712, 0.084, 0.474, 0.618, 0.049, 0.460, 0.105, 0.747, 0.404, 0.067, 0.133, 0.330),
            "Temperley 2007, table 6.1: counted in the excerpts of a harmony textbook (Kostka and Payne)",
        ),
        "albrecht": Profile(
            (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081),
            (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052),
            "Albrecht & Shanahan 2013: counted in the openings and endings of 490 pieces",
        ),
    }
)
"""Every key profile by name."""


def pitch_class_histogram(melody: Melody) -> Weights:
    """How long each pitch class sounds in a melody: shape (12,), from C, quarter notes; written pitches.

    >>> pitch_class_histogram(Melody.from_text("C4:1 G4:1 C5:2"))[[0, 7]].tolist()
    [3.0, 1.0]
    """
    histogram = np.zeros(12)
    for note in melody.notes:
        histogram[note.pitch % 12] += float(note.duration)
    return histogram


def estimate_key(histogram: npt.ArrayLike, profile: str = "temperley") -> tuple[KeyGuess, ...]:
    """The 24 major and minor keys, the likeliest first, by correlation with twelve weights from C.

    histogram: shape (12,), any unit, 0 or more; profile: a name in `PROFILES`, or `UnknownName`. Equal weights (and
    silence) say nothing: every correlation is then 0. `ValueError` for another shape, or for weights below 0.

    >>> estimate_key(pitch_class_histogram(Melody.from_text("D4 F#4 A4 G4 E4 C#4 D4:2")))[0].key.name
    'D major'
    """
    weights = _checked(histogram)
    correlations = _centred(key_profiles(profile)) @ _centred(weights[None])[0]
    order = np.argsort(-correlations, kind="stable")
    return tuple(KeyGuess(key_of(int(at) % 12, _KEY_MODES[at // 12]), float(correlations[at])) for at in order)


def key_profiles(profile: str = "temperley") -> Weights:
    """A profile turned to every tonic: shape (24, 12), the major keys from C up, then the minor ones."""
    if profile not in PROFILES:
        raise UnknownName(f"there is no key profile {profile!r}", remedy=f"Choose from {', '.join(PROFILES)}")
    known = PROFILES[profile]
    return np.array([np.roll(weights, tonic) for weights in (known.major, known.minor) for tonic in range(12)])


def key_of(tonic: int, mode: str) -> Key:
    """The major or minor key on a pitch class, with the fewest sharps or flats (F sharp rather than G flat major)."""
    fifths = (7 * tonic - (3 if mode == "minor" else 0) - _MOST_FLATS) % 12 + _MOST_FLATS
    return Key(fifths, "minor" if mode == "minor" else "major")


def _checked(histogram: npt.ArrayLike) -> Weights:
    weights = np.asarray(histogram, dtype=np.float64)
    if weights.shape != (12,):
        raise ValueError(f"histogram must hold 12 weights, from C up, not an array of shape {weights.shape}")
    if not np.all(weights >= 0):
        raise ValueError("histogram must hold weights of 0 or more")
    return weights


def _centred(rows: Weights) -> Weights:
    """Each row without its mean, of length 1; a row of equal weights becomes zeros."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    return np.where(length > 1e-9 * (1 + np.abs(rows).max()), centred / np.maximum(length, 1e-300), 0.0)
