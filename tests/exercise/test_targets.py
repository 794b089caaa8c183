"""What the network is asked for comes from real tunes of the level, and the windows that are of one obey its rules."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicedu.attributes.on_grid import GRID_ATTRIBUTES
from musicedu.encoding.events import Window, encode, line_of_events
from musicedu.encoding.vocabulary import Frame
from musicedu.evaluation.level_windows import build_requests, level_ahead, obeys, request_row, suits
from musicedu.exercise import targets as requests
from musicedu.exercise.targets import FIELDS, Scale, draw_request, scale_for
from musicedu.grid import Grid
from musicedu.melody import Key, Melody, Metre
from musicedu.syllabus.levels import LEVEL_NUMBERS, level

MAJOR, MINOR = Key(0), Key(0, "minor")


@pytest.mark.parametrize("number", LEVEL_NUMBERS)
def test_every_level_has_something_to_ask_for_in_every_metre_and_mode(number: int) -> None:
    rng = np.random.default_rng(number)
    for metre in level(number).metres:
        for key in (MAJOR, MINOR):
            request = draw_request(number, Metre.parse(metre), key, rng)
            assert 0 <= request.range <= 36
            assert 0 <= request.mean_interval <= 12
            assert 0 < request.note_density <= 6
            assert 0 <= request.rhythm_entropy < 5
            assert request.syncopation >= 0
            assert 0 <= request.height <= 1


def test_the_same_rng_asks_for_the_same() -> None:
    first, again = (draw_request(4, Metre(3, 4), MAJOR, np.random.default_rng(1)) for _ in range(2))
    assert first == again
    many = {draw_request(4, Metre(3, 4), MAJOR, np.random.default_rng(seed)) for seed in range(20)}
    assert len(many) > 5


def test_higher_levels_ask_for_more() -> None:
    def mean(number: int, name: str) -> float:
        drawn = [draw_request(number, Metre(4, 4), MAJOR, np.random.default_rng(seed)) for seed in range(60)]
        return float(np.mean([getattr(request, name) for request in drawn]))

    for name in ("range", "note_density"):
        assert mean(1, name) < mean(4, name) < mean(8, name)


def test_what_is_not_in_the_table_is_asked_as_its_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    def table() -> dict[str, list[list[float]]]:
        return {"3 4/4 major": [[3.0] * 6] * 12, "6 6/8 minor": [[6.0] * 6] * 12, "5 4/4 major": [[5.0] * 6] * 11}

    monkeypatch.setattr(requests, "_table", table)
    requests._rows_for.cache_clear()
    rng = np.random.default_rng(0)
    try:
        assert draw_request(1, Metre(2, 4), MINOR, rng).range == 3
        assert draw_request(5, Metre(12, 8), MAJOR, rng).range == 6
        assert draw_request(5, Metre(4, 4), MAJOR, rng).range == 3  # eleven rows are too few
        monkeypatch.setattr(requests, "_table", dict)
        requests._rows_for.cache_clear()
        with pytest.raises(ValueError, match="the table of requests is empty"):
            draw_request(5, Metre(4, 4), MAJOR, rng)
    finally:
        requests._rows_for.cache_clear()


values = st.lists(st.floats(-50, 50), min_size=1, max_size=20)


@given(values, st.floats(-60, 60), st.floats(-60, 60))
def test_a_scale_ranks_in_order(known: list[float], one: float, other: float) -> None:
    scale = Scale.of_table(("range",), np.array(known)[:, None])
    low, high = sorted((one, other))
    assert 0 <= scale.rank("range", low) <= scale.rank("range", high) <= 1
    assert scale.distance({"range": one}, {"range": one}) == 0
    forth, back = scale.distance({"range": one}, {"range": other}), scale.distance({"range": other}, {"range": one})
    assert forth == back
    assert 0 <= forth <= 1


def test_a_level_has_a_scale_of_its_own() -> None:
    easy, hard = scale_for(2, Metre(4, 4), MAJOR), scale_for(9, Metre(4, 4), MAJOR)
    assert set(easy.values) == set(FIELDS[:-1]) <= set(GRID_ATTRIBUTES)
    wide = {"range": 14.0}
    assert easy.rank("range", wide["range"]) > hard.rank("range", wide["range"])


# --- windows of a level ------------------------------------------------------------------------------------------


def window(text: str, metre: str = "4/4", *, is_minor: bool = False) -> Window:
    melody = Melody.from_text(text, metre=metre, key="Am" if is_minor else "C")
    n_measures = int(melody.duration / melody.metre.duration)
    return Window(Grid(melody.metre, n_measures), encode(melody, Frame(melody.key, 0)), is_minor)


PLAIN = "C4:1 D4:1 E4:1 D4:1 C4:2 D4:2 E4:1 F4:1 E4:1 D4:1 C4:4"
CASES = [
    (window(PLAIN), 1),
    (window(PLAIN.replace("C4:2 D4:2", "C4:1/2 D4:1/2 E4:1 D4:2")), 2),
    (window("C4:2 G4:2 F4:1 E4:1 D4:2 C4:2 F4:2 E4:1 D4:1 C4:2"), 5),
    (window("C4:3/2 D4:1/2 E4:1 F4:1 E4:2 D4:2 C4:1 D4:1 E4:1 D4:1 C4:4"), 4),
    (window("E4:1 D4:1 C4:1 D4:1 E4:1/3 F4:1/3 E4:1/3 D4:1 C4:2 D4:2 E4:2 C4:4"), 8),
    (window("A4:1 B4:1 C5:1 B4:1 A4:2 G#4:2 A4:1 B4:1 C5:1 B4:1 A4:4", is_minor=True), 3),
]


@pytest.mark.parametrize(("one", "first"), CASES)
def test_a_window_is_of_every_level_from_its_first_on(one: Window, first: int) -> None:
    assert [number for number in LEVEL_NUMBERS if obeys(one, number)] == list(range(first, 11))


def test_a_metre_or_mode_that_a_level_does_not_have_has_no_rules() -> None:
    assert level_ahead(1, Grid(Metre(3, 4), 4), is_minor=False) is None
    assert level_ahead(2, Grid(Metre(4, 4), 4), is_minor=True) is None
    assert level_ahead(4, Grid(Metre(4, 4), 4, 36), is_minor=False) is None  # no upbeats yet
    assert level_ahead(3, Grid(Metre(3, 4), 4), is_minor=True) is not None


def test_a_row_is_what_is_measured() -> None:
    one = CASES[0][0]
    line = line_of_events(one.events, one.grid.weights())
    row = dict(zip(FIELDS, request_row(line), strict=True))
    assert (row["range"], row["note_density"], row["syncopation"]) == (5, 0.6875, 0)
    assert row["mean_interval"] == pytest.approx(18 / 10, abs=1e-4)
    assert row["height"] == pytest.approx((np.mean(line.pitches) - 60) / 5, abs=1e-4)
    still = window("C4:4 C4:4")
    assert request_row(line_of_events(still.events, still.grid.weights()))[-1] == 0.5


def test_the_table_has_a_row_for_every_level_that_a_window_is_of() -> None:
    table = json.loads(build_requests([one for one, _ in CASES], np.random.default_rng(0)))
    assert table["fields"] == list(FIELDS)
    rows = table["rows"]
    assert {name.split()[0] for name in rows} == {str(number) for number in LEVEL_NUMBERS}
    assert len(rows["1 4/4 major"]) == 1
    assert len(rows["3 4/4 minor"]) == 1
    assert len(rows["4 4/4 major"]) == 3
    assert build_requests([], np.random.default_rng(0)) == json.dumps(
        {"fields": FIELDS, "rows": {}}, separators=(",", ":")
    )


def test_a_window_suits_the_level_whose_difficulty_it_has() -> None:
    for score in np.linspace(1, 10, 19):
        suited = [number for number in LEVEL_NUMBERS if suits(float(score), number)]
        assert suited
        assert all(after == before + 1 for before, after in pairwise(suited))
