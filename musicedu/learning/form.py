"""The form of one piece: which of its segments are alike, in letters such as AABA.

Segments are laid out in slots (`musicedu.attributes.segments` for scores, `musicedu.audio.segments` for sound),
compared each with each (Foote 1999), and clustered with K-Means.
"""

from __future__ import annotations

from string import ascii_lowercase, ascii_uppercase

import numpy as np
from numpy.typing import NDArray

from musicedu.attributes.segments import Layout, segment_slots
from musicedu.errors import Unsatisfiable
from musicedu.learning.clustering import Clusters, k_means
from musicedu.melody import Melody

ALIKE, ALIKE_IN_SOUND = 0.4, 0.35
LETTERS = ascii_uppercase + ascii_lowercase

Floats = NDArray[np.float64]


def self_similarity(segments: Floats) -> Floats:
    """How alike every two segments are: (n_segments, n_segments), 1 on the diagonal.

    segments: (n_segments, n_slots, n_features), every slot of length 1. On a score the similarity is the share of the
    time in which both sound alike; on sound the mean cosine of what sounds.
    """
    flat = segments.reshape(len(segments), -1)
    return np.asarray(flat @ flat.T / segments.shape[1])


def segment_points(segments: Floats) -> Floats:
    """Segments as points for K-Means: the squared distance of two is 1 less their similarity."""
    return np.asarray(segments.reshape(len(segments), -1) / np.sqrt(2 * segments.shape[1]))


def cluster_segments(segments: Floats, alike: float = ALIKE, seed: int = 0) -> Clusters:
    """The fewest clusters in which any two segments are at least `alike` (-1 to 1)."""
    points, similar = segment_points(segments), self_similarity(segments)
    for k in range(1, len(segments)):
        clusters = k_means(points, k, np.random.default_rng(seed))
        together = clusters.labels[:, None] == clusters.labels[None, :]
        if similar[together].min() >= alike - 1e-9:
            return clusters
    return Clusters(points, np.arange(len(segments)), 0.0)


def letters_of(labels: NDArray[np.int64]) -> str:
    """Labels as letters in the order in which they appear: the first is A.

    >>> letters_of(np.array([2, 2, 0, 2]))
    'AABA'
    """
    met = list(dict.fromkeys(labels.tolist()))
    if len(met) > len(LETTERS):
        raise Unsatisfiable(f"{len(met)} different segments are more than letters", remedy="Make the segments longer")
    return "".join(LETTERS[met.index(label)] for label in labels.tolist())


def form_letters(melody: Melody, n_measures: int = 4, alike: float = ALIKE, layout: Layout = "steps") -> str:
    """The form of a melody in segments of `n_measures`, such as AABA; empty for one shorter than half a segment.

    `alike` was chosen on exercises and patchworks of the training split (`benchmarks/form_letters.py`).
    """
    segments = segment_slots(melody, n_measures, layout)
    return letters_of(cluster_segments(segments, alike).labels) if len(segments) else ""
