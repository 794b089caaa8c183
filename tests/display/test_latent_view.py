"""Maps of latents, bars of shares, sweeps, and rows that can be heard."""

import matplotlib.pyplot as plt
import numpy as np

from musicedu.display.latent_view import hear_row, plot_map, plot_shares, plot_sweep

POINTS = np.random.default_rng(0).normal(size=(30, 2))


def test_a_map_has_a_dot_for_every_tune_and_a_walk_over_it():
    ax = plot_map(POINTS, np.arange(30), "notes", [(0, 0), (1, 1)])
    assert len(ax.collections[0].get_offsets()) == 30
    assert ax.lines[0].get_xydata().tolist() == [[0, 0], [1, 1]]
    assert not plot_map(POINTS, np.arange(30), "notes").lines
    plt.close("all")


def test_shares_stand_below_each_other_beside_what_is_wanted():
    ax = plot_shares({"people": 0.05, "machine": 0.2}, "people", "leaps")
    assert [bar.get_width() for bar in ax.patches] == [5, 20]
    assert ax.lines[0].get_xdata()[0] == 5
    assert [label.get_text() for label in ax.get_yticklabels()] == ["people", "machine"]
    plt.close("all")


def test_a_sweep_has_a_panel_a_setting():
    ax = plot_sweep({"rate": {"1": (0.5, 0.4), "2": (0.2, 0.1)}, "batch": {"8": (0.5, 0.4)}}, "notes (%)")
    assert [one.get_title() for one in ax.figure.axes] == ["rate", "batch"]
    assert [round(bar.get_height()) for bar in ax.patches] == [50, 20, 40, 10]
    ax = plot_sweep({"rate": {"1": (38.0, 33.5)}}, "nats a phrase", unit=1)
    assert [bar.get_height() for bar in ax.patches] == [38.0, 33.5]
    plt.close("all")


def test_a_row_is_seen_and_heard_and_called_by_its_words():
    row = np.ones(32, int)
    row[[0, 8, 16]] = 14, 18, 21
    shown = hear_row(row, "a <row>")
    assert shown.words == "a <row>"
    assert "a &lt;row&gt;" in shown.html
    assert "<audio" in shown.html
    assert "<img" in shown.html
