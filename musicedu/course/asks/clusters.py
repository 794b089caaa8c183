"""What a task may ask of clusters: of the two steps of K-Means, of names for groups of tunes, of a form in letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from musicedu.course.asks.functions import outcome
from musicedu.course.checks import Requirement, asked_first
from musicedu.course.slips import kind_of
from musicedu.learning.clustering import Clusters, assign, move
from musicedu.learning.form import form_letters
from musicedu.melody import Melody

_POINTS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, 0.0], [4.0, 5.0], [6.0, 5.0], [5.0, 8.0], [0.0, 9.0]])
_CENTRES = np.array([[6.0, 0.0], [1.0, 1.0], [5.0, 6.0]])
_LABELS = np.array([1, 1, 1, 2, 2, 2, 0])


def assigns_to_nearest(answer: Any) -> str | None:
    """A function of points and centres gives the number of the nearest centre, point by point."""
    result, fault = outcome(answer, _POINTS, _CENTRES)
    if fault:
        return fault
    labels = np.asarray(result)
    if labels.shape != (len(_POINTS),):
        return (
            f"For {len(_POINTS)} points it gives something of shape {labels.shape}: one whole number a point is wanted."
        )
    wanted = assign(_POINTS, _CENTRES)
    if np.array_equal(labels, wanted):
        return None
    place = int(np.flatnonzero(labels != wanted)[0])
    point, said = _POINTS[place], labels[place]
    if said not in range(len(_CENTRES)):
        return f"It gives {said}, but there are only the centres 0, 1 and 2: the number of a centre is wanted."
    nearer = _CENTRES[wanted[place]]
    return f"It puts the point {_said(point)} with the centre {_said(_CENTRES[said])}; {_said(nearer)} lies nearer."


def moves_to_the_middle(answer: Any) -> str | None:
    """A function of points, labels and centres gives every centre the mean of its points."""
    result, fault = outcome(answer, _POINTS, _LABELS, _CENTRES)
    if fault:
        return fault
    centres, wanted = np.asarray(result, dtype=float), move(_POINTS, _LABELS, _CENTRES)
    if centres.shape != wanted.shape:
        return f"It gives something of shape {centres.shape}; 3 centres with 2 numbers each are wanted, so (3, 2)."
    if np.allclose(centres, wanted):
        return None
    if np.array_equal(centres, _CENTRES):
        return "The centres stay where they are."
    if np.allclose(centres, _POINTS.mean(axis=0)):
        return "Every centre goes to the middle of all points. Each has points of its own: those with its number."
    place = int(np.flatnonzero(~np.isclose(centres, wanted).all(axis=1))[0])
    points = " and ".join(_said(point) for point in _POINTS[place == _LABELS])
    return f"It puts a centre at {_said(centres[place])}. Its points are {points}: is that their middle?"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of tune by its rhythm: places (of 48) where notes mostly begin, places where few do, and in words."""

    often: tuple[int, ...]
    seldom: tuple[int, ...]
    words: str


KINDS = {
    "reel": Kind((6, 18, 30, 42), (9,), "a reel runs: notes begin between the four beats as well, evenly"),
    "jig": Kind((16, 24, 40), (11,), "a jig has two beats, and each divides into three"),
    "hymn": Kind((12, 24, 36), (6, 9, 42, 45), "a hymn or march walks: mostly one note a beat, four beats"),
    "hornpipe": Kind((9, 21, 33, 45), (), "dotted hornpipes and strathspeys limp: long, short, long, short"),
    "waltz": Kind((16, 32), (11, 12, 24), "waltz time has three beats, and little between them"),
    "slip jig": Kind((11, 16, 32, 43), (), "a slip jig has three beats, and each divides into three"),
}


def names_clusters(clusters: Clusters) -> Requirement:
    """A dictionary names every cluster by its rhythm, with the words of `KINDS`."""

    def named(answer: Any) -> str | None:
        if not isinstance(answer, Mapping):
            return 'A dictionary is wanted: {0: "...", 1: "..."}, a cluster\'s number before each colon.'
        missing = [number for number in range(clusters.k) if number not in answer]
        if missing:
            return f"Cluster {missing[0]} has no name yet."
        for number in range(clusters.k):
            fault = _misnamed(number, answer[number], clusters.centres[number])
            if fault:
                return fault
        return None

    return named


@asked_first
def is_letters(answer: Any) -> str | None:
    """The answer is a text of letters."""
    if not isinstance(answer, str):
        return f"This is {kind_of(answer)}; a text is wanted, one letter for each phrase, in quotes."
    return None if answer.isalpha() else "Only letters are wanted, one for each phrase, without spaces."


def is_form_of(melody: Melody, n_measures: int = 4) -> Requirement:
    """The letters say which phrases of a melody are alike; which letter is used for which does not matter."""
    wanted = form_letters(melody, n_measures)

    def in_its_form(answer: Any) -> str | None:
        if len(answer) != len(wanted):
            return f"There are {len(wanted)} phrases of {n_measures} measures, and you give {len(answer)} letters."
        for first, second in combinations(range(len(wanted)), 2):
            alike, said = wanted[first] == wanted[second], answer[first] == answer[second]
            pair = f"Phrases {first + 1} and {second + 1}"
            if said and not alike:
                return f"{pair} have the same letter. Sing both: they go different ways."
            if alike and not said:
                return f"{pair} have different letters. Sing both: most of their notes are the same."
        return None

    return in_its_form


def _misnamed(number: int, name: Any, centre: NDArray[np.float64]) -> str | None:
    kind = KINDS.get(str(name).strip().lower())
    if kind is None:
        return f"Cluster {number}: {name!r} is none of the names. They are {', '.join(KINDS)}."
    fits = centre[list(kind.often)].mean() > 0.5 and not (centre[list(kind.seldom)] > 0.5).any()
    return (
        None
        if fits
        else f"Cluster {number} is no {str(name).strip().lower()}: {kind.words}. Look where its notes begin."
    )


def _said(point: NDArray[np.float64]) -> str:
    return "(" + ", ".join(f"{number:.3g}" for number in point) + ")"
