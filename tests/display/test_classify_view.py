"""Pictures of classifiers, and the words that say them."""

import matplotlib.pyplot as plt
import numpy as np

from musicedu.display.classify_view import confusion_in_words, plot_border, plot_confusion
from musicedu.learning.classify import Judgement, build_classifier

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
