"""The whole table: requests, baselines, rows that are kept, the record and what is made of it."""

from dataclasses import replace

import numpy as np
import pytest

from musicedu.encoding.features import CONDITION_ATTRIBUTES
from musicedu.errors import FileProblem
from musicedu.evaluation.making.baselines import Memory, Pool, RandomInKey, WithoutLatent, drawn_by
from musicedu.evaluation.making.judging import Setting, judge, judge_windows
from musicedu.evaluation.making.material import Material, Tunes
from musicedu.evaluation.making.pieces import (
    FAMILIAR,
    cut_pieces,
    independent_requests,
    line_of_window,
    measure_windows,
    requests_like,
)
from musicedu.evaluation.making.reconstructing import by_holding, judge_reconstruction
from musicedu.evaluation.making.sweep import (
    HELD,
    PEOPLE,
    TO_VARY,
    Record,
    Row,
    Sweep,
    list_jobs,
    load_record,
    render_record,
)
from musicedu.evaluation.making.table import BEGIN, END, making_table, placed, reached, render_tables, short_table
from musicedu.exercise.engines import shipped_engine
from tests.evaluation.making.examples import Flat, tune

SETTING = Setting(n_requests=20, n_seeds=2)


@pytest.fixture(scope="module")
def tunes():
    rng = np.random.default_rng(3)
    made = [tune(rng) for _ in range(24)]
    return Tunes(made[:12], made[12:18], made[18:])


@pytest.fixture(scope="module")
def material(tunes):
    return Material(tunes, 2, Flat().rank)


def test_pieces_know_their_tunes_and_are_of_the_commonest_metres(tunes):
    pieces = cut_pieces(tunes.training, 4, np.random.default_rng(0))
    assert {(str(window.grid.metre), window.grid.phase) for window in pieces.windows} <= set(FAMILIAR)
    assert {window.grid.n_measures for window in pieces.windows} == {4}
    assert sorted(set(pieces.tunes.tolist())) == list(range(12))
    np.testing.assert_array_equal(pieces.values, measure_windows(pieces.windows))


def test_independent_requests_ask_for_the_same_values_in_other_company(material):
    rng = np.random.default_rng(0)
    plain, mixed = requests_like(material.requests), independent_requests(material.requests, rng)
    for name in CONDITION_ATTRIBUTES:
        values = [sorted(one.attributes[name] for one in asked) for asked in (plain, mixed)]
        assert values[0] == values[1]
    assert plain != mixed


def test_memory_copies_and_obeys_and_a_pool_gives_the_nearest(material):
    rng = np.random.default_rng(0)
    requests = requests_like(material.requests)[:20]
    recalled = material.memory(requests, rng)
    assert material.tunes.index.share([line_of_window(window) for window in recalled]) > 0.95
    assert all(len(alike) == 4 for alike in material.memory.nearest(requests, 4))
    pooled = Pool(Flat(), 50)(requests, rng)
    assert [window.grid for window in pooled] == [one.grid for one in requests]
    own = Memory(material.requests, Flat().rank)(requests, rng)
    np.testing.assert_allclose(measure_windows(own), material.requests.values[:20])


def test_random_notes_are_in_the_key(material):
    windows = drawn_by(RandomInKey(Flat().rank), 1)(requests_like(material.requests)[:10], np.random.default_rng(0))
    classes = {int(pitch) % 12 for window in windows for pitch in line_of_window(window).pitches}
    assert classes <= {0, 2, 4, 5, 7, 9, 11}


def test_without_its_latent_a_vae_has_one_for_each_request(material):
    vae = shipped_engine("vae")
    engine = WithoutLatent(vae)
    told = np.stack([vae.condition(one) for one in requests_like(material.requests)[:3]])
    drawn = [engine.draw_latents(told, np.random.default_rng(seed)) for seed in (0, 1)]
    np.testing.assert_array_equal(*drawn)
    assert engine.rank("range", 5.0) == vae.rank("range", 5.0)


def test_a_copier_overlaps_wholly_and_is_caught_by_its_copies_and_by_answering_the_same(material):
    copier = judge(material.memory, material, SETTING)[0]
    people = judge_windows(
        material.requests.windows,
        requests_like(material.requests),
        material.requests,
        material,
        np.random.default_rng(0),
    )
    assert copier["overlap"] > people["overlap"] - 0.1
    assert copier["control"] > 0.8
    assert copier["copied"] > 0.95 > 0.3 > people["copied"]
    assert copier["spread_within"] == 0.0
    assert people["control"] == pytest.approx(1.0)


def test_a_generator_that_holds_one_note_fails_everywhere_but_surprise(material):
    stuck = Flat(always=(4, 20))  # an eighth, one pitch
    figures = judge(drawn_by(stuck, 1), material, SETTING)[0]
    assert figures["unique"] < 0.1
    assert figures["control"] == 0.0
    assert figures["coverage"] < 0.05
    assert figures["overlap"] < 0.2


def test_always_holding_gives_back_steps_and_no_onset(material):
    figures = judge_reconstruction(by_holding, material, SETTING)[0]
    assert figures["steps"] > 0.7
    assert figures["onset_f"] < 0.4
    assert figures["exact"] == 0.0


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return tmp_path_factory.mktemp("rows")


def sweep(tunes, folder, digest="a", load=None):
    return Sweep({"markov": Flat()}, {"markov": digest}, load or (lambda: tunes), SETTING, folder)


JOBS = [job for job in list_jobs(["markov"], [2]) if job.draws < 100]


@pytest.fixture(scope="module")
def rows(tunes, kept):
    return list(sweep(tunes, kept).rows(JOBS))


def test_every_row_has_its_figures_and_real_tunes_stand_first(rows):
    assert rows[0].name == PEOPLE
    assert {row.kind for row in rows} == {"matched", "independent", "reconstruction"}
    for row in rows:
        if row.kind != "reconstruction":
            assert {"control", "overlap", "copied", "nats", "coverage", "clarity"} <= set(row.figures)
    assert rows[1].weakest_control[0] in CONDITION_ATTRIBUTES


def test_the_vae_to_vary_with_only_gives_back():
    jobs = list_jobs(["vae", "gan", TO_VARY], [4])
    assert {job.kind for job in jobs if job.name == TO_VARY} == {"reconstruction"}
    assert [job.name for job in jobs if job.kind == "reconstruction"] == [HELD, "vae", TO_VARY]


def test_finished_rows_are_not_made_again(rows, tunes, kept):
    def fail():
        raise AssertionError("the tunes are not needed")

    assert list(sweep(tunes, kept, load=fail).rows(JOBS)) == rows
    with pytest.raises(AssertionError, match="not needed"):
        list(sweep(tunes, kept, "other weights", fail).rows(JOBS))


def test_a_damaged_row_is_made_again(rows, tunes, tmp_path):
    jobs = JOBS[:1]
    first = list(sweep(tunes, tmp_path).rows(jobs))
    (path,) = tmp_path.iterdir()
    path.write_text("[]")
    assert list(sweep(tunes, tmp_path).rows(jobs)) == first == rows[:1]


def test_a_record_is_read_as_it_was_written(rows, tmp_path):
    path = tmp_path / "evaluation.json"
    path.write_bytes(render_record(SETTING, rows))
    assert load_record(path) == Record(SETTING, tuple(rows))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"setting": {}, "rows": [{"name": 1}]}', '{"setting": 1, "rows": []}']
)
def test_what_is_no_record_is_refused(text, tmp_path):
    path = tmp_path / "evaluation.json"
    with pytest.raises(FileProblem, match="no record here"):
        load_record(path)
    path.write_text(text)
    with pytest.raises(FileProblem, match="no record of an evaluation"):
        load_record(path)


def test_tables_name_every_maker_and_are_put_between_their_marks(rows):
    record = Record(SETTING, tuple(rows))
    table = making_table(record, 2)
    for name in ("held-out people", "random in key, best of 16", "training tune retrieved", "markov, one draw"):
        assert f"| {name} |" in table
    assert table in render_tables(record)
    assert short_table(record, 2).count("| markov |") == 1, "one draw and the best of 16 share a line"
    document = placed(f"before {BEGIN} old {END} after", record)
    assert document == f"before {BEGIN}\n{short_table(record, 4)}\n{END} after"
    assert placed(document, record) == document
    with pytest.raises(ValueError, match="has no"):
        placed("no marks", record)


def test_targets_are_met_or_missed():
    good = {"control": (0.99, 0.0), "overlap": (0.95, 0.0), "unique": (1.0, 0.0), "spread_within": (0.9, 0.0)}
    good |= {f"control_{name}": (0.96, 0.0) for name in CONDITION_ATTRIBUTES}
    good |= {"copied": (0.1, 0.0), "copied_high": (0.2, 0.0), "nats_sixteenth": (0.7, 0.0), "ms_95": (20.0, 0.0)}
    vae, people = Row("vae", 16, "matched", 4, good), Row(PEOPLE, 1, "matched", 4, good)
    assert all(one.is_met for one in reached(Record(SETTING, (vae, people)), "vae"))
    bad = replace(vae, figures=good | {"copied": (0.3, 0.0), "control_range": (0.5, 0.0), "nats_sixteenth": (0.9, 0.0)})
    missed = [one.words for one in reached(Record(SETTING, (bad, people)), "vae") if not one.is_met]
    assert missed == [
        "its weakest attribute",
        "runs of eight copied",
        "surprise a sixteenth, apart from people's, nats",
    ]
    gan = replace(vae, name="gan", figures=good | {"overlap": (0.90, 0.0)})
    behind = [one for one in reached(Record(SETTING, (vae, gan, people)), "gan") if "behind" in one.words]
    assert [one.is_met for one in behind] == [True, False]


def test_a_sweep_needs_an_engine(tunes, tmp_path):
    with pytest.raises(ValueError, match="needs an engine"):
        Sweep({}, {}, lambda: tunes, SETTING, tmp_path)
