"""Features of many files: each computed once, bad ones told of and left out, a killed run continued."""

import os
import signal
import subprocess
import sys
import textwrap

import numpy as np
import pandas as pd
import pytest

from musicedu.audio.load import load_audio
from musicedu.audio.summary import FEATURES, summarise_passing
from musicedu.audio.synthesise import render_wav
from musicedu.corpus import extraction
from musicedu.corpus.extraction import COLUMNS, FeatureCache, content_hash, extract_features, save_features
from musicedu.errors import FileProblem, StorageProblem

SR = 22_050


def write_sound(path, seed=0, sec=0.3):
    rng = np.random.default_rng(seed)
    path.write_bytes(render_wav((0.3 * rng.standard_normal(round(sec * SR))).astype(np.float32), SR))
    return path


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "takes"
    folder.mkdir()
    return [write_sound(folder / f"{number}.wav", number) for number in range(5)]


@pytest.fixture
def heard(monkeypatch):
    """The paths that were really listened to, in this process."""
    paths, hear = [], extraction.hear
    monkeypatch.setattr(extraction, "hear", lambda sr, path: (paths.append(path), hear(sr, path))[1])
    return paths


def extract(paths, tmp_path, **options):
    return extract_features(paths, cache=tmp_path / "cache", **{"jobs": 1, **options})


def test_a_row_is_a_file_and_holds_what_the_sound_gives(files, tmp_path):
    table = extract(files[::-1], tmp_path)
    assert list(table.columns) == list(COLUMNS)
    assert table["path"].tolist() == [str(path) for path in files[::-1]]
    y = load_audio(files[4], sr=SR).y
    expected = summarise_passing(lambda: [y], SR)
    assert table.loc[0, list(FEATURES)].to_dict() == expected


def test_two_processes_find_the_same(files, tmp_path):
    alone = extract(files, tmp_path)
    together = extract_features(files, jobs=2, cache=tmp_path / "other")
    pd.testing.assert_frame_equal(alone, together, rtol=1e-5)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:distributed")
def test_a_dask_cluster_of_two_processes_finds_the_same(files, tmp_path):
    distributed = pytest.importorskip("distributed")
    bad = tmp_path / "bad.wav"
    bad.write_bytes(b"RIFF and nothing more")
    said = []
    with (
        distributed.LocalCluster(
            n_workers=2, processes=True, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        table = extract([*files, bad], tmp_path, client=client, say=said.append)
        assert len(client.scheduler_info()["workers"]) == 2
    pd.testing.assert_frame_equal(extract_features(files, jobs=1, cache=tmp_path / "other"), table, rtol=1e-5)
    assert len(said) == 1
    assert "bad.wav" in said[0]


def test_nothing_is_listened_to_twice_whatever_it_is_called(files, tmp_path, heard):
    first = extract(files, tmp_path)
    assert len(heard) == 5
    files[0].rename(files[0].with_name("renamed.wav"))
    copy = files[0].with_name("copy.wav")
    copy.write_bytes(files[1].read_bytes())
    again = extract([files[0].with_name("renamed.wav"), *files[1:], copy], tmp_path)
    assert len(heard) == 5
    pd.testing.assert_frame_equal(again.iloc[:5].drop(columns="path"), first.drop(columns="path"))


def test_a_changed_file_is_listened_to_again(files, tmp_path, heard):
    before = extract(files, tmp_path)
    write_sound(files[2], seed=99)
    after = extract(files, tmp_path)
    assert heard[5:] == [str(files[2])]
    assert after.loc[2, "level_db_mean"] != before.loc[2, "level_db_mean"]


def test_two_sample_rates_are_kept_apart(files, tmp_path, heard):
    extract(files, tmp_path)
    extract(files, tmp_path, sr=11_025)
    assert len(heard) == 10


def test_bad_files_are_told_of_one_by_one_and_the_rest_is_kept(files, tmp_path):
    long = write_sound(tmp_path / "long.wav", sec=1.0).read_bytes()
    bad = {"empty.wav": b"", "text.wav": b"not a sound", "cut.wav": long[: len(long) // 2]}
    for name, data in bad.items():
        (tmp_path / name).write_bytes(data)
    said = []
    paths = [tmp_path / "missing.wav", *(tmp_path / name for name in bad), tmp_path / "takes", *files]
    table = extract(paths, tmp_path, say=said.append)
    assert len(table) == 5
    assert ["missing.wav" in said[0], "no such file" in said[0]] == [True, True]
    for line, expected in zip(said[1:], ("is empty", "is no sound file", "breaks off", "is a folder"), strict=True):
        assert expected in line
        assert "\n" not in line


def test_two_copies_of_a_bad_file_are_both_told_of(tmp_path):
    said = []
    for name in ("a.wav", "b.wav"):
        (tmp_path / name).write_bytes(b"not a sound")
    table = extract([tmp_path / "a.wav", tmp_path / "b.wav"], tmp_path, say=said.append)
    assert [("a.wav" in said[0]), ("b.wav" in said[1])] == [True, True]
    assert list(table.columns) == list(COLUMNS)
    assert len(table) == 0


def test_no_files_give_an_empty_table(tmp_path):
    assert extract([], tmp_path).shape == (0, len(COLUMNS))


def test_progress_counts_every_file(files, tmp_path):
    told = []
    extract(files, tmp_path, progress=lambda done, total: told.append((done, total)))
    assert told == [(number, 5) for number in range(6)]
    told.clear()
    extract(files, tmp_path, progress=lambda done, total: told.append((done, total)))
    assert told == [(5, 5)]


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"duration_sec": 1}', b"\xff\xfe"])
def test_a_damaged_entry_is_computed_again(files, tmp_path, heard, damage):
    table = extract(files, tmp_path)
    entry = FeatureCache(SR, tmp_path / "cache")._path(content_hash(files[3]))
    entry.write_bytes(damage)
    pd.testing.assert_frame_equal(extract(files, tmp_path), table)
    assert heard[5:] == [str(files[3])]
    assert entry.read_bytes() != damage


def test_a_killed_run_is_continued(tmp_path):
    files = [write_sound(tmp_path / f"{number}.wav", number, sec=0.1) for number in range(6)]
    program = textwrap.dedent("""
        import os, signal, sys
        from pathlib import Path
        from musicedu.corpus.extraction import extract_features

        def stop(done, total):
            if done == 3:
                os.kill(os.getpid(), signal.SIGKILL)

        extract_features(sys.argv[2:], cache=Path(sys.argv[1]), jobs=1, progress=stop)
    """)
    command = [sys.executable, "-c", program, str(tmp_path / "cache"), *map(str, files)]
    assert subprocess.run(command, check=False, env=dict(os.environ)).returncode == -signal.SIGKILL
    told = []
    table = extract(files, tmp_path, progress=lambda done, total: told.append(done))
    assert told == [3, 4, 5, 6]
    assert len(table) == 6


def test_a_cache_that_cannot_be_written_is_one_line(files, tmp_path):
    (tmp_path / "cache").write_text("a file", encoding="utf-8")
    with pytest.raises(StorageProblem, match="a file stands where a folder is needed"):
        extract(files, tmp_path)


def test_an_impossible_rate_is_refused(files, tmp_path):
    with pytest.raises(ValueError, match="sr must be from 8000 to 96000 Hz, not 100"):
        extract(files, tmp_path, sr=100)


@pytest.mark.parametrize("kind", [".parquet", ".csv"])
def test_a_table_is_read_back_as_it_was(files, tmp_path, kind):
    table = extract(files, tmp_path)
    path = tmp_path / f"features{kind}"
    save_features(path, table)
    back = pd.read_parquet(path) if kind == ".parquet" else pd.read_csv(path)
    pd.testing.assert_frame_equal(back, table, check_dtype=kind == ".parquet")


def test_an_unknown_kind_of_table_is_refused(tmp_path):
    with pytest.raises(FileProblem, match=r"End the name in \.parquet or \.csv"):
        save_features(tmp_path / "features.xlsx", pd.DataFrame())
