"""Building, keeping and loading the corpus, on a few of its files."""

import os
import signal
import subprocess
import sys
import textwrap

import pytest

from musicedu.corpus import load
from musicedu.corpus.build import build_corpus, load_table, stamp_of
from musicedu.corpus.collections import COLLECTIONS, Source, collection_files, corpus_folder
from musicedu.corpus.load import Corpus, load_corpus
from musicedu.corpus.pool import map_over
from musicedu.corpus.reading import read_source
from musicedu.corpus.report import BuildReport
from musicedu.corpus.tune import Dropped
from musicedu.errors import FileProblem, StorageProblem, UnknownName


def few_sources() -> tuple[Source, ...]:
    folder = corpus_folder()
    return (
        *(Source("ryans", path) for path in collection_files(COLLECTIONS["ryans"])[22:34]),
        Source("nottingham", folder / "nottingham-dataset" / "reelsa-c.abc"),
        Source("essen", folder / "essenFolksong" / "test1.abc"),
        Source("bach_soprano", folder / "bach" / "bwv253.mxl"),
        Source("bach_bass", folder / "bach" / "bwv253.mxl"),
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    path = tmp_path_factory.mktemp("corpus") / "tunes.parquet"
    told = []
    report = build_corpus(path, sources=few_sources(), jobs=1, progress=lambda done, total: told.append((done, total)))
    return path, report, told


@pytest.fixture
def only_few(monkeypatch):
    """Let the whole corpus be a few files, so that an automatic build is quick."""
    monkeypatch.setattr(load, "sources_of", lambda collections: few_sources())
    monkeypatch.setattr("musicedu.corpus.build.sources_of", lambda collections: few_sources())
    monkeypatch.setattr("musicedu.corpus.pool.cpu_count", lambda: 1)


def corpus_at(path) -> Corpus:
    return Corpus(*load_table(path))


def test_reading_back_equals_reading_the_files(built):
    tunes = [tune for source in few_sources() for tune in read_source(source) if not isinstance(tune, Dropped)]
    kept = {tune.id: tune for tune in corpus_at(built[0])}
    assert {tune.id: tune.melody for tune in tunes} == {name: tune.melody for name, tune in kept.items()}
    assert all(kept[tune.id].region == tune.region and kept[tune.id].file == tune.file for tune in tunes)


def test_melodies_are_those_of_the_tunes_in_the_same_order(built):
    corpus = corpus_at(built[0])
    assert list(corpus.melodies()) == [tune.melody for tune in corpus]
    assert corpus[3] == list(corpus)[3]
    assert corpus[-1] == list(corpus)[-1]
    assert corpus.tune(corpus[3].id) == corpus[3]


def test_the_account_adds_up_and_is_kept_with_the_table(built):
    path, report, told = built
    corpus = corpus_at(path)
    assert report.n_tunes == len(corpus) == sum(report.splits.values()) == sum(report.metres.values())
    assert corpus.report == report
    for name, found in report.n_found.items():
        assert found == report.n_kept[name] + sum(report.dropped.get(name, {}).values())
    (reason,) = report.dropped["ryans"]
    assert f"dropped: {reason} 1" in report.text()
    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1]


def test_an_account_of_another_make_is_refused():
    with pytest.raises(ValueError, match="the account of a build must have"):
        BuildReport.from_dict({"n_found": {}})


def test_every_tune_has_a_licence_and_no_family_is_in_two_splits(built):
    splits = {}
    for tune in corpus_at(built[0]):
        assert tune.licence == COLLECTIONS[tune.collection].licence
        assert tune.non_commercial == COLLECTIONS[tune.collection].non_commercial
        assert splits.setdefault(tune.family, tune.split) == tune.split


def test_the_same_tunes_have_the_same_rows_on_one_core_and_on_two(built, tmp_path):
    build_corpus(tmp_path / "again.parquet", sources=tuple(reversed(few_sources())), jobs=2)
    assert load_table(tmp_path / "again.parquet")[0].equals(load_table(built[0])[0])


def test_a_part_of_the_corpus_is_chosen_by_terms_collection_and_split(built):
    corpus = corpus_at(built[0])
    free = corpus.select(include_non_commercial=False)
    assert {tune.collection for tune in free} == {"ryans", "nottingham", "bach_soprano", "bach_bass"}
    assert {tune.collection for tune in corpus.select(collections=["essen"])} == {"essen"}
    parts = [corpus.select(split=split) for split in ("train", "validation", "test")]
    assert sum(map(len, parts)) == len(corpus)
    with pytest.raises(UnknownName, match=r"no split is called 'dev'.*train, validation, test"):
        corpus.select(split="dev")
    with pytest.raises(UnknownName, match="no collection is called 'bach'"):
        corpus.select(collections=["bach"])
    with pytest.raises(UnknownName, match="the corpus has no tune 'nowhere/1'"):
        corpus.tune("nowhere/1")


@pytest.mark.usefixtures("only_few")
def test_a_missing_corpus_is_built_when_first_needed_and_then_read(tmp_path):
    path, said = tmp_path / "corpus" / "tunes.parquet", []
    first = load_corpus(path=path, say=said.append)
    assert len(said) == 1
    assert "has not been built yet" in said[0]
    assert [tune.id for tune in load_corpus(path=path, say=said.append)] == [tune.id for tune in first]
    assert len(said) == 1


@pytest.mark.usefixtures("only_few")
@pytest.mark.parametrize("harm", ["truncated", "altered", "emptied", "not a table", "outdated"])
def test_a_damaged_or_outdated_corpus_is_said_in_one_line_and_built_again(built, tmp_path, harm, monkeypatch):
    good = built[0].read_bytes()
    middle = len(good) // 3
    broken = {
        "truncated": good[: len(good) // 2],
        "altered": good[:middle] + bytes(255 - byte for byte in good[middle : middle + 400]) + good[middle + 400 :],
        "emptied": b"",
        "not a table": b"PAR1 is not enough PAR1",
        "outdated": good,
    }[harm]
    path, said = tmp_path / "tunes.parquet", []
    path.write_bytes(broken)
    if harm == "outdated":
        monkeypatch.setattr("musicedu.corpus.build.TABLE_VERSION", 999)
    corpus = load_corpus(path=path, say=said.append)
    assert len(corpus) == len(corpus_at(built[0]))
    assert len(said) == 1
    assert ("was made by another version" if harm == "outdated" else "is damaged") in said[0]
    assert not list(tmp_path.glob(".*"))


def test_a_stamp_knows_every_file():
    sources = few_sources()
    assert stamp_of(sources) == stamp_of(tuple(reversed(sources)))
    assert stamp_of(sources) != stamp_of(sources[1:])


def test_a_missing_table_says_how_to_build_it(tmp_path):
    with pytest.raises(FileProblem, match=r"has not been built yet\. Run `musicedu corpus build`"):
        load_table(tmp_path / "nothing.parquet")


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StorageProblem, match="a file stands where a folder is needed"):
        build_corpus(tmp_path / "file" / "tunes.parquet", sources=few_sources()[:1], jobs=1)


class _Cluster:
    """What a cluster's client does, done here."""

    def map(self, function, items):
        return [(function, item) for item in items]

    def gather(self, futures):
        return [function(item) for function, item in futures]


def test_a_cluster_does_the_same_work(built, tmp_path):
    build_corpus(tmp_path / "cluster.parquet", sources=few_sources(), client=_Cluster())
    assert load_table(tmp_path / "cluster.parquet")[0].equals(load_table(built[0])[0])


def test_no_work_needs_no_workers():
    assert list(map_over(abs, [])) == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_fault_in_a_worker_comes_home(jobs):
    with pytest.raises(ZeroDivisionError):
        list(map_over((1).__truediv__, [1, 0, 2], jobs=jobs))


def test_an_interrupted_build_leaves_nothing_and_keeps_what_was_there(tmp_path):
    path = tmp_path / "tunes.parquet"
    path.write_bytes(b"as it was")
    program = textwrap.dedent("""
        import signal, sys, time
        from musicedu.corpus.build import build_corpus

        def wait(done, total):  # for the interrupt, in the middle of the work
            if done == 1:
                print(flush=True)
                time.sleep(3600)

        signal.signal(signal.SIGINT, signal.default_int_handler)
        build_corpus(sys.argv[1], collections=["airds"], jobs=2, progress=wait)
    """)
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=300)
    assert process.returncode == -signal.SIGINT, errors
    assert path.read_bytes() == b"as it was"
    assert [child.name for child in tmp_path.iterdir()] == ["tunes.parquet"]
