"""`musicedu extract` describes a folder of recordings in a table."""

import json

import numpy as np
import pandas as pd
import pytest

from musicedu.audio.synthesise import render_wav
from musicedu.cli import main


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("MUSICEDU_CACHE", str(tmp_path / "cache"))
    takes = tmp_path / "takes"
    (takes / "more").mkdir(parents=True)
    rng = np.random.default_rng(0)
    for name in ("a.wav", "more/B.WAV"):
        (takes / name).write_bytes(render_wav((0.1 * rng.standard_normal(4000)).astype(np.float32), 22_050))
    (takes / "notes.txt").write_text("no sound, and not asked for", encoding="utf-8")
    return takes


def run(*arguments):
    with pytest.raises(SystemExit) as ended:
        main(["extract", *map(str, arguments)])
    return ended.value.code


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_a_folder_becomes_a_table(folder, tmp_path, capsys, kind):
    (folder / "bad.wav").write_bytes(b"no sound")
    out = tmp_path / f"features.{kind}"
    assert run(folder, "--out", out, "--json") == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out) == {"files": 3, "rows": 2, "left_out": 1, "table": str(out)}
    assert "bad.wav: is no sound file" in printed.err
    table = pd.read_parquet(out) if kind == "parquet" else pd.read_csv(out)
    assert [path.rsplit("/", 1)[1] for path in table["path"]] == ["a.wav", "B.WAV"]


def test_what_is_wrong_is_said_before_anything_is_done(folder, tmp_path, capsys):
    assert run(folder, "--out", tmp_path / "features.xlsx") == 2
    assert "End the name in .parquet or .csv" in capsys.readouterr().err
    assert run(tmp_path / "nowhere", "--out", tmp_path / "features.csv") == 2
    assert "is no folder" in capsys.readouterr().err
    assert run(folder.parent / "takes" / "more" / "B.WAV", "--out", tmp_path / "features.csv") == 2
    empty = tmp_path / "empty"
    empty.mkdir()
    assert run(empty, "--out", tmp_path / "features.csv") == 2
    assert "holds no sound file" in capsys.readouterr().err
    assert not (tmp_path / "features.csv").exists()
