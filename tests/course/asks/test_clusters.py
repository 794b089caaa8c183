"""The tasks about clusters know right answers from typical wrong ones; what the lesson writes, the package does."""

import numpy as np
import pytest

from musicedu.course.asks.clusters import (
    KINDS,
    assigns_to_nearest,
    is_form_of,
    is_letters,
    moves_to_the_middle,
    names_clusters,
)
from musicedu.course.asks.functions import is_function
from musicedu.course.checks import Unsolved, check
from musicedu.evaluation.patchwork import sew
from musicedu.learning.clustering import Clusters, assign, move
from musicedu.melody import Melody


def nearest(points, centres):
    far = [[((point - centre) ** 2).sum() for centre in centres] for point in points]
    return np.argmin(far, axis=1)


def middles(points, labels, centres):
    rows = [points[labels == number].mean(axis=0) for number in range(len(centres))]
    return np.array(rows)


def test_what_is_written_in_the_lesson_is_what_the_package_does():
    rng = np.random.default_rng(3)
    points, centres = rng.normal(size=(200, 3)), rng.normal(size=(4, 3))
    labels = nearest(points, centres)
    assert np.array_equal(labels, assign(points, centres))
    np.testing.assert_allclose(middles(points, labels, centres), move(points, labels, centres))


def test_both_steps_pass():
    assert check("Task 1", nearest, is_function, assigns_to_nearest).passed
    assert check("Task 1", lambda p, c: nearest(p, c).tolist(), is_function, assigns_to_nearest).passed
    assert check("Task 2", middles, is_function, moves_to_the_middle).passed


def distances(points, centres):
    return np.linalg.norm(points[:, None] - centres[None], axis=2)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (lambda p, c: distances(p, c).argmin(axis=0), "For 7 points it gives something of shape (3,)"),
        (lambda p, c: distances(p, c).argmax(axis=1), "lies nearer"),
        (lambda p, c: distances(p[:, :1], c[:, :1]).argmin(axis=1), "lies nearer"),
        (lambda p, c: distances(p, c).min(axis=1), "the number of a centre is wanted"),
        (lambda p, c: distances(p, c).argmin(axis=1) + 1, "lies nearer"),
        (lambda p, c: None, "gives nothing back"),
        (lambda p: p, "stops with TypeError"),
    ],
)
def test_a_wrong_assignment_is_told_by_a_point(answer, fault):
    verdict = check("Task 1", answer, is_function, assigns_to_nearest)
    assert fault in repr(verdict)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (lambda p, w, c: c, "The centres stay where they are."),
        (lambda p, w, c: np.tile(p.mean(axis=0), (3, 1)), "the middle of all points"),
        (lambda p, w, c: p.mean(axis=0), "something of shape (2,)"),
        (lambda p, w, c: np.array([p[w == n].sum(axis=0) for n in range(3)]), "is that their middle?"),
        (lambda p, w, c: np.array([np.full(2, p[w == n].mean()) for n in range(3)]), "is that their middle?"),
    ],
)
def test_a_wrong_move_is_told_by_a_centre(answer, fault):
    assert fault in repr(check("Task 2", answer, is_function, moves_to_the_middle))


def test_an_untried_step_is_waited_for():
    for requirement in (assigns_to_nearest, moves_to_the_middle):
        with pytest.raises(Unsolved, match="Task 1 is waiting"):
            check("Task 1", lambda *arguments: ..., is_function, requirement)


def centre_of(kind):
    centre = np.full(48, 0.02)
    centre[
        list(
            {"reel": (12, 24, 36), "hornpipe": (12, 24, 36), "jig": (8, 32), "slip jig": (5, 21, 27, 37)}.get(kind, ())
        )
    ] = 0.7
    centre[list(KINDS[kind].often)], centre[0] = 0.8, 1.0
    return centre


CLUSTERS = Clusters(np.array([centre_of(kind) for kind in KINDS]), np.arange(len(KINDS)), 0.0)
NAMES = dict(enumerate(KINDS))


def test_groups_are_named_by_their_rhythm():
    assert check("Task 3", NAMES, names_clusters(CLUSTERS)).passed
    assert check(
        "Task 3", {number: f" {name.upper()}" for number, name in NAMES.items()}, names_clusters(CLUSTERS)
    ).passed


@pytest.mark.parametrize("number", range(len(KINDS)))
def test_no_other_name_fits_and_the_right_one_is_not_said(number):
    for name in KINDS:
        if name != NAMES[number]:
            verdict = check("Task 3", NAMES | {number: name}, names_clusters(CLUSTERS))
            assert f"Cluster {number} is no {name}" in repr(verdict)
            assert KINDS[NAMES[number]].words not in repr(verdict)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (["reel", "jig"], "A dictionary is wanted"),
        ({0: "reel"}, "Cluster 1 has no name yet."),
        (NAMES | {2: "polka"}, "Cluster 2: 'polka' is none of the names"),
    ],
)
def test_what_is_no_list_of_names_is_said(answer, fault):
    assert fault in repr(check("Task 3", answer, names_clusters(CLUSTERS)))


SONG = sew(
    "ABBA",
    [
        Melody.from_text("C4:1 D4:1 E4:1 F4:1 G4:2 E4:2 A4:1 G4:1 F4:1 E4:1 D4:4"),
        Melody.from_text("C5:3 G4:1 C5:3 G4:1 E5:4 r:2 C5:2"),
    ],
)


@pytest.mark.parametrize("answer", ["ABBA", "BAAB", "xyyx"])
def test_a_form_may_be_written_with_any_letters(answer):
    assert check("Task 4", answer, is_letters, is_form_of(SONG)).passed


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ("ABB", "There are 4 phrases of 4 measures, and you give 3 letters."),
        ("AABA", "Phrases 1 and 2 have the same letter. Sing both: they go different ways."),
        ("ABCA", "Phrases 2 and 3 have different letters. Sing both: most of their notes are the same."),
        ("A B B A", "Only letters are wanted"),
        (["A", "B"], "This is a list; a text is wanted"),
    ],
)
def test_a_wrong_form_is_told_by_two_phrases(answer, fault):
    assert fault in repr(check("Task 4", answer, is_letters, is_form_of(SONG)))
