"""Windows of a level, and the table that judges engines on them."""

import json

import numpy as np
import pytest

from musicedu.encoding.features import CONDITION_ATTRIBUTES
from musicedu.encoding.windows import cut_windows
from musicedu.evaluation.level_table import (
    Known,
    attributes_of,
    constant_proposer,
    engine_proposer,
    judge,
    known_of_level,
    real_rows,
    request_ahead,
)
from musicedu.evaluation.level_windows import build_requests, obeys
from musicedu.exercise.engines import shipped_engine
from musicedu.exercise.targets import FIELDS, Scale
from musicedu.generation.decoding import no_preference
from musicedu.melody import Melody

EASY = "C4:1 D4:1 E4:1 D4:1 E4:2 D4:2 E4:1 F4:1 E4:1 D4:1 C4:4"
HARDER = "C4:1/2 E4:1/2 G4:1 C5:1 G4:1 A4:3/2 G4:1/2 F4:2 E4:1/2 F4:1/2 G4:1 E4:1 D4:1 C4:4"


def window_of(text):
    return next(cut_windows(Melody.from_text(text), 4))


def test_a_window_obeys_its_level_and_all_above_it_and_none_below():
    lowest = {text: min(number for number in range(1, 11) if obeys(window_of(text), number)) for text in (EASY, HARDER)}
    assert lowest[EASY] == 1
    assert lowest[HARDER] == 4  # the dotted quarter and the fourth
    for text, first in lowest.items():
        assert [obeys(window_of(text), number) for number in range(1, 11)] == [n >= first for n in range(1, 11)]


def test_requests_hold_the_attributes_of_windows_that_obey():
    table = json.loads(build_requests([window_of(EASY), window_of(HARDER)], np.random.default_rng(0)))
    assert tuple(table["fields"]) == FIELDS
    assert len(table["rows"]["1 4/4 major"]) == 1
    assert len(table["rows"]["4 4/4 major"]) == 2
    assert table["rows"]["1 4/4 major"][0][0] == 5  # C to F


def test_the_rules_of_a_request_accept_the_request_itself():
    for text, number in ((EASY, 1), (HARDER, 4)):
        window = window_of(text)
        assert request_ahead(window, number).accepts(window.events)
    with pytest.raises(ValueError, match="does not have the metre"):
        request_ahead(next(cut_windows(Melody.from_text("C4:3 D4:3 E4:3 C4:3", metre="3/4"), 4)), 1)


def test_a_scale_ranks_values_and_measures_distance_in_ranks():
    scale = Scale.of_table(("range",), np.array([[1.0], [2.0], [2.0], [5.0]]))
    assert [scale.rank("range", value) for value in (0, 2, 9)] == [0.0, 0.5, 1.0]
    assert scale.distance({"range": 0}, {"range": 9}) == 1.0


def test_asking_the_network_controls_more_than_asking_nobody():
    requests = [window_of(EASY), window_of(HARDER)] * 12
    held_out = attributes_of(requests)
    model = shipped_engine()
    rows = [
        judge(5, name, proposer, requests, held_out, model, np.random.default_rng(1), n_draws=4)
        for name, proposer in (("vae", engine_proposer(model)), ("nobody", constant_proposer(no_preference)))
    ]
    assert len(CONDITION_ATTRIBUTES) == held_out.shape[1]
    assert rows[0].control > rows[1].control
    assert rows[0].overlap > rows[1].overlap


def test_where_few_tunes_obey_simplified_ones_stand_beside_them():
    known = [Known(window_of(EASY), "a"), Known(window_of(HARDER), "b"), Known(window_of(EASY), "c")]
    assert known_of_level(known, 2, 9) == [known[0], known[2]]
    found = known_of_level(known, 2, 9, simplified=True)
    assert [one.family for one in found] == ["a", "b", "c"]
    assert found[0] == known[0]
    assert obeys(found[1].window, 2)
    assert known_of_level(known, 2, 1, simplified=True) == found[:1]


def test_real_tunes_are_compared_with_themselves_by_window_and_by_family():
    known = [Known(window_of(text), str(index % 4)) for index, text in enumerate([EASY, HARDER] * 20)]
    rows = {row.engine: row for row in real_rows(5, known[:10], known, np.random.default_rng(0))}
    assert (rows["real halves"].n, rows["real halves by family"].n, rows["training tunes"].n) == (40, 4, 10)
    assert all(0 <= row.suiting <= 1 and 0 < row.overlap <= 1 for row in rows.values())
    assert rows["training tunes"].overlap > 0.9
