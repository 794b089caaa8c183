"""`musicedu extract` describes a folder of recordings in a table."""

import json

import numpy as np
import pandas as pd
import pytest
import soundfile

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
    assert json.loads(printed.out) == {"files": 3, "rows": 2, "left_out": 1, "table": str(out), "folders_closed": 0}
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


def test_what_cannot_be_read_is_named_and_counted(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("MUSICEDU_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "takes"
    folder.mkdir()
    y = (0.3 * np.sin(np.arange(11_025) / 8)).astype(np.float32)
    soundfile.write(folder / "=1+1.wav", y, 22_050)
    soundfile.write(folder / "memo.opus", np.repeat(y, 2), 48_000, format="OGG", subtype="OPUS")
    (folder / "page.webm").write_bytes(b"\x1aE\xdf\xa3" + bytes(100))
    (folder / "._memo.wav").write_bytes(b"\0\x05\x16\x07" + bytes(100))
    monkeypatch.chdir(folder)
    with pytest.raises(SystemExit) as ended:
        main(["extract", ".", "--out", "table.csv"])
    assert ended.value.code == 0
    captured = capsys.readouterr()
    assert "2 of 3 files described in table.csv; 1 left out, named above" in captured.out
    assert captured.err.startswith("page.webm: ")
    rows = (folder / "table.csv").read_text().splitlines()[1:]
    assert [row.partition(",")[0] for row in rows] == ["./=1+1.wav", "memo.opus"]
