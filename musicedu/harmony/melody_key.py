"""The key of a melody whose source names none, or only its signature: for files of every format, and for what is heard.

A key scores by its scale degrees: how much of the time each one sounds, and which one the melody ends on. The weights
of the degrees are those of a multinomial logistic regression over the 24 keys, the same for every tonic, fitted on the
training split of the corpus (`benchmarks/key_finder.py --fit`).

Of 1,221 tunes of the test split it is right for 91.6 %, where the key profiles of `musicedu.harmony.tonality` are
right for 87.0 % (Temperley), 85.7 % (Albrecht) and 72.2 % (Krumhansl); told the signature, it has the mode of 96.0 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

import numpy as np
import numpy.typing as npt

from musicedu.harmony.tonality import key_of
from musicedu.melody import Key

_SOUNDING = {
    "major": (10.0, -9.4, 2.9, -7.0, 7.7, -1.7, -11.7, 10.2, -6.6, 2.8, -11.2, -2.1),
    "minor": (10.7, -4.3, 4.9, 5.0, -4.1, 3.9, -4.8, 11.2, 0.5, -6.9, 4.9, -5.1),
}
"""By semitones above the tonic: weight of the square root of the share of the time in which a pitch class sounds."""
_LAST = {
    "major": (2.3, -3.0, 0.6, -0.4, 0.7, 0.7, -1.5, 1.2, -0.5, 0.3, 0.6, -0.2),
    "minor": (2.7, -1.2, 0.0, -0.6, -1.0, 1.0, 2.4, 0.6, -2.1, -1.7, 0.1, -0.7),
}
"""By semitones above the tonic: weight of the last note."""
_MINOR = -5.0
"""What every minor key begins with."""

_CERTAIN = 3.0


def estimate_melody_key(pitches: Sequence[int], durations: Sequence[Fraction | float]) -> Key:
    """The likeliest major or minor key of a melody, with the fewest sharps or flats; C major without notes.

    pitches: MIDI, in order, as written or as they sound; durations: of the same notes, in any unit, above 0.

    >>> estimate_melody_key([62, 64, 66, 67, 69, 71, 73, 74], [1, 1, 1, 1, 2, 1, 1, 4]).name
    'D major'
    """
    best = int(np.argmax(_scores(pitches, durations)))
    return key_of(best % 12, "minor" if best >= 12 else "major")


def estimate_mode(
    pitches: Sequence[int], durations: Sequence[Fraction | float], fifths: int
) -> Literal["major", "minor"]:
    """Whether a melody under a signature (`fifths`: sharps, flats negative) is in major or in the relative minor.

    For sources that give a signature and no mode; pitches and durations as for `estimate_melody_key`. Church modes are
    not told from these two: a tune in D dorian, under no sharps or flats, comes out as A minor or C major.

    >>> estimate_mode([62, 65, 69, 67, 65, 64, 62], [1, 1, 1, 1, 1, 1, 2], -1)
    'minor'
    """
    return "minor" if minor_odds(pitches, durations, fifths) > 0 else "major"


def is_surely_minor(pitches: Sequence[int], durations: Sequence[Fraction | float], fifths: int) -> bool:
    """Whether the notes speak for the relative minor so plainly that a source that says "major" cannot be meant.

    Some programs write "major" beside every signature.
    """
    return minor_odds(pitches, durations, fifths) > _CERTAIN


def minor_odds(pitches: Sequence[int], durations: Sequence[Fraction | float], fifths: int) -> float:
    """The natural logarithm of the odds that a melody under a signature is in minor, and not in major."""
    scores = _scores(pitches, durations)
    major, minor = (Key(fifths, "major").tonic_pitch_class, Key(fifths, "minor").tonic_pitch_class)
    return float(scores[12 + minor] - scores[major])


def _scores(pitches: Sequence[int], durations: Sequence[Fraction | float]) -> npt.NDArray[np.float64]:
    """How well each key fits, the major ones from C up, then the minor ones: shape (24,)."""
    features = key_features(pitches, durations)
    scores = []
    for mode, bias in (("major", 0.0), ("minor", _MINOR)):
        weights = np.array([_SOUNDING[mode], _LAST[mode]])
        scores += [bias + float((np.roll(features, -tonic, axis=1) * weights).sum()) for tonic in range(12)]
    return np.array(scores)


def key_features(pitches: Sequence[int], durations: Sequence[Fraction | float]) -> npt.NDArray[np.float64]:
    """What the keys are scored by, from C up: shape (2, 12); row 0 the sounding time's root, row 1 the last note."""
    features = np.zeros((2, 12))
    for pitch, duration in zip(pitches, durations, strict=True):
        features[0, pitch % 12] += float(duration)
    if len(pitches):
        features[0] = np.sqrt(features[0] / features[0].sum())
        features[1, pitches[-1] % 12] = 1
    return features
