"""Pictures of an evaluation have a bar or a line for every row, and say what is under both densities."""

import numpy as np

from musicedu.display.evaluation_view import evaluation_plots, plot_attributes, plot_densities, plot_figure
from musicedu.encoding.features import CONDITION_ATTRIBUTES
from musicedu.evaluation.making.judging import Setting
from musicedu.evaluation.making.sweep import PEOPLE, Record, Row

NAMES = ("control", "overlap", "copied", "copied_low", "copied_high", "nats", "cadence")
FIGURES = dict.fromkeys(NAMES, (0.5, 0.1))
FIGURES |= {f"control_{name}": (0.5, 0.0) for name in CONDITION_ATTRIBUTES}
ROWS = [Row(PEOPLE, 1, "matched", 4, FIGURES), Row("vae", 16, "matched", 4, FIGURES)]


def test_a_bar_for_every_row():
    ax = plot_figure(ROWS, "copied", name="copied")
    assert [text.get_text() for text in ax.get_yticklabels()] == ["held-out people", "vae, best of 16"]
    assert ax.get_xlabel() == "copied"


def test_a_line_for_every_row():
    assert len(plot_attributes(ROWS[1:]).lines) == 1


def test_two_densities_and_what_they_share():
    points, values = np.linspace(0, 1, 50), np.array([0.2, 0.7])
    ax = plot_densities({"a": values, "b": values}, points, {"a": np.ones(50) / 50, "b": points / points.sum()})
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["a", "b", "under both"]


def test_every_length_has_its_plots():
    plots = evaluation_plots(Record(Setting(), tuple(ROWS)))
    assert set(plots) == {f"{name}_4" for name in ("control", "overlap", "attributes", "copied", "surprise", "cadence")}
    assert all(plot.startswith(b"\x89PNG") for plot in plots.values())
