"""A report names what a melody shares with a small corpus, and where."""

from __future__ import annotations

import pytest

from musicedu.corpus.load import Corpus
from musicedu.corpus.tune import Tune
from musicedu.melody import Melody
from musicedu.originality.copied import originality
from tests.corpus.tables import table_of
from tests.originality.test_quotes import part, tune
from tests.originality.test_similarity import ornamented, slower

N_TUNES = 30


@pytest.fixture(scope="module")
def corpus():
    tunes = [Tune(f"t/{seed}", "t", "t.abc", str(seed), "", "free", False, tune(seed)) for seed in range(N_TUNES)]
    return Corpus(table_of(tunes), None)


def test_a_tune_is_found_in_another_key_and_tempo(corpus):
    report = originality(slower(tune(3).transposed(4)), corpus)
    assert report.longest_run.tune.id == "t/3"
    assert report.longest_run.notes == report.longest_run.tune_notes == (0, 39)
    assert report.nearest[0].tune.id == "t/3"
    assert report.nearest[0].alignment.similarity == pytest.approx(1)


def test_a_tune_is_found_under_ornaments(corpus):
    report = originality(ornamented(tune(7)), corpus)
    assert report.nearest[0].tune.id == "t/7"
    assert report.nearest[0].alignment.similarity > 2 * report.nearest[1].alignment.similarity


def test_the_shared_run_is_the_longest_there_is(corpus):
    before, quoted = tune(99, 10), part(tune(5), 8, 15)
    text = " ".join(f"{note.spelling}:{note.duration}" for note in (*before.notes, *quoted.notes))
    run = originality(Melody.from_text(text), corpus).longest_run
    assert run.tune.id == "t/5"
    assert run.n_notes >= 15
    assert run.notes[1] == 24
    assert run.tune_notes[1] == 22


def test_a_tune_can_be_left_out(corpus):
    report = originality(tune(3), corpus, leave_out=["t/3"])
    assert report.n_tunes == N_TUNES - 1
    assert "t/3" not in [neighbour.tune.id for neighbour in report.nearest]


def test_a_melody_of_a_few_notes_shares_nothing_that_counts(corpus):
    report = originality(Melody.from_text("C4 G4 C4"), corpus)
    assert report.longest_run is None
    assert report.nearest == ()
    assert "No run of six notes is shared" in report.text()


def test_the_report_says_it_in_sentences_that_count_from_one(corpus):
    text = originality(tune(3), corpus).text()
    assert text.startswith(f"Compared with {N_TUNES} tunes, in any key and at any tempo.")
    assert "Longest shared run: notes 1 to 40 beside notes 1 to 40 of a tune without a title (t/3)." in text
    assert "\n1. likeness 1.00: " in text
