"""Pictures of classifiers, and the words that say them."""

import matplotlib.pyplot as plt
import numpy as np

from musicedu.attributes.rhythm_patterns import onset_profile
from musicedu.display.learning_view import (
    confusion_in_words,
    plot_border,
    plot_centres,
    plot_confusion,
    plot_points,
    plot_profile,
    plot_self_similarity,
    show_cluster,
    show_k,
    show_step,
)
from musicedu.learning.classify import Judgement, build_classifier
from musicedu.learning.clustering import compare_k, fit_clusters, k_means_steps
from musicedu.melody import Melody

JUDGED = Judgement(
    ("jig", "reel"), np.array(["jig"] * 3 + ["reel"] * 5), np.array(["jig", "reel", "reel"] + ["reel"] * 4 + ["jig"])
)


def test_a_confusion_matrix_shows_every_count_and_says_it():
    ax = plot_confusion(JUDGED)
    assert [text.get_text() for text in ax.texts] == ["1", "2", "1", "4"]
    words = confusion_in_words(JUDGED, "tunes")
    assert words.startswith("Confusion matrix of 8 tunes, 62 % right: jig 33 %, reel 80 %.")
    assert words.endswith("Most often jig is taken for reel: 2 times")
    plt.close(ax.figure)


def test_without_a_mistake_none_is_named():
    perfect = Judgement(JUDGED.classes, JUDGED.reference, JUDGED.reference)
    assert "Most often" not in confusion_in_words(perfect)


def test_a_border_has_every_class_in_its_legend():
    rng = np.random.default_rng(0)
    points, labels = rng.standard_normal((30, 2)), ["flute", "horn", "oboe"] * 10
    ax = plot_border(points, labels, build_classifier().fit(points, labels), ("first", "second"))
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["flute", "horn", "oboe"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("first", "second")
    plt.close(ax.figure)


POINTS = np.random.default_rng(0).normal(size=(40, 2)) + np.repeat([[0, 0], [6, 0], [0, 6], [6, 6]], 10, axis=0)


def test_every_step_says_its_own_words_and_the_last_that_it_is_the_last():
    steps = list(k_means_steps(POINTS, POINTS[:3]))
    words = [show_step(POINTS, steps, step, ("x", "y")).words for step in range(len(steps) + 2)]
    assert len(set(words)) == len(steps)
    assert "nothing moves any more" in words[-1]
    assert words[-1] == words[len(steps) - 1]
    assert words[0].startswith("Step 0: inertia ")
    assert not plt.get_fignums()


def test_every_k_says_its_own_words():
    fitted = {k: fit_clusters(POINTS, k, np.random.default_rng(0)) for k in (2, 3, 4)}
    found = compare_k(POINTS, (2, 3, 4), np.random.default_rng(0))
    words = [show_k(fitted, found, k).words for k in (2, 3, 4)]
    assert words[2].startswith("k = 4: inertia ")
    assert words[2].endswith("clusters of 10, 10, 10 and 10 tunes")


def test_a_cluster_is_written_heard_and_named_by_its_typical_tunes():
    jig = Melody.from_text("C4:1 D4:1/2 E4:1 D4:1/2 " * 4, metre="6/8", title="A jig")
    reel = Melody.from_text("C4:1/2 D4:1/2 " * 16, title="A reel")
    melodies = [jig, jig, reel]
    points = [onset_profile(melody) for melody in melodies]
    clusters = fit_clusters(points, 2, np.random.default_rng(0))
    shown = show_cluster(0, clusters, points, melodies)
    assert "Cluster 0, 2 tunes. Most typical: A jig. 100% of the measures are" in shown.words
    assert "Score: 1 measure of 6/8" in shown.words
    assert "<audio" in shown.html
    assert "A reel" in show_cluster(1, clusters, points, melodies).words


def test_a_profile_has_a_bar_a_position_and_a_line_a_beat():
    ax = plot_profile(np.linspace(0, 1, 48), n_beats=3)
    assert len(ax.patches) == 48
    assert [line.get_xdata()[0] for line in ax.lines] == [0, 16, 32]


def test_groups_differ_in_shape_not_in_colour_alone():
    clusters = fit_clusters(POINTS, 4, np.random.default_rng(0))
    ax = plot_points(POINTS, clusters)
    shapes = {tuple(dots.get_paths()[0].vertices.ravel().round(3)) for dots in ax.collections}
    assert len(shapes) == 4
    assert len(plot_points(POINTS).collections) == 1


def test_centres_say_how_many_tunes_they_have():
    ax = plot_centres(fit_clusters(np.eye(48)[:24], 3, np.random.default_rng(0)))
    assert all(label.get_text().endswith(" tunes") for label in ax.get_yticklabels())


def test_a_piece_against_itself_carries_its_letters_and_figures():
    ax = plot_self_similarity([[1, 0.25], [0.25, 1]], "AB")
    assert [text.get_text() for text in ax.texts] == ["1.00", "0.25", "0.25", "1.00"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1 A", "2 B"]
