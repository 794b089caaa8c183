"""`musicedu check` judges any file, and survives every broken one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from musicedu.cli import main
from musicedu.exercise.generator import generate
from musicedu.exercise.recipe import parse_recipe
from musicedu.formats.files import save_melody
from musicedu.melody import Melody


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["check", *arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


EASY = "C4:1 D4:1 E4:1 D4:1 C4:4"
HARD = "F#4:1/4 C5:1/4 G4:1/2 Eb5:3/4 B3:1/4 r:1/2 C#5:1/2 A4:1/2 F#5:1/2 Bb3:1 D5:1/4 G#4:1/4 F4:1/2"


@pytest.mark.parametrize("suffix", [".musicxml", ".mxl", ".mid", ".abc"])
def test_every_format_is_judged(tmp_path: Path, suffix: str, capsys: pytest.CaptureFixture[str]) -> None:
    levels = []
    for name, text in (("easy", EASY), ("hard", HARD)):
        path = tmp_path / f"{name}{suffix}"
        save_melody(Melody.from_text(text), path)
        assert run(str(path), "--json") == 0
        report = json.loads(capsys.readouterr().out)
        assert report["notes"] == len(Melody.from_text(text).notes)
        assert report["metre"] == "4/4"
        levels.append(report["level"])
    assert levels[0] < levels[1]


def test_the_reasons_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "tune.musicxml"
    save_melody(Melody.from_text(HARD, title="A hard one"), path)
    assert run(str(path)) == 0
    printed = capsys.readouterr().out
    assert "A hard one" in printed
    assert "\nLevel " in printed
    assert "  +" in printed


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("missing.mid", None),
        ("empty.musicxml", b""),
        ("empty.mid", b""),
        ("empty.abc", b""),
        ("broken.musicxml", b"<score-partwise><part>"),
        ("other.musicxml", b"<html><body>no music here</body></html>"),
        ("broken.mid", b"MThd\x00\x00\x00\x06\x00\x01"),
        ("broken.mxl", b"PK\x03\x04 and no more"),
        ("noise.abc", bytes(range(256))),
        ("picture.png", b"\x89PNG\r\n\x1a\n"),
        (
            "bomb.musicxml",
            b'<!DOCTYPE s [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><score-partwise>&b;</score-partwise>',
        ),
    ],
)
def test_a_broken_file_is_one_line(
    tmp_path: Path, name: str, data: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    assert run(str(path)) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert name in captured.err
    assert captured.err.count("\n") == 1


def test_a_folder_is_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(tmp_path)) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_quote_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "quoting.musicxml"
    save_melody(generate(parse_recipe("me1 violin L8 s24")).melody, path)
    assert run(str(path)) == 0
    assert "\nIt quotes a tune: notes 80 to 91 are those of Youghal Harbour" in capsys.readouterr().out
    assert run(str(path), "--json") == 0
    assert json.loads(capsys.readouterr().out)["quote"]["tune"] == "oneills/1625-1700/1633"


def duet(*names: str) -> bytes:
    """A score of one part for each name, each of one measure on a note of its own: C4, D4, …"""
    listed = "".join(
        f'<score-part id="P{n}"><part-name>{name}</part-name></score-part>' for n, name in enumerate(names)
    )
    parts = "".join(
        f'<part id="P{n}"><measure number="1"><note><pitch><step>{"CDEFGAB"[n]}</step><octave>4</octave></pitch>'
        "<duration>4</duration></note></measure></part>"
        for n, _ in enumerate(names)
    )
    return f"<score-partwise><part-list>{listed}</part-list>{parts}</score-partwise>".encode()


def test_a_part_is_chosen_and_a_wrong_one_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "duet.musicxml"
    path.write_bytes(duet("Flute", "Viola"))
    for wanted, notices in (("2", 0), ("Viola", 0), ("vio", 1)):
        assert run(str(path), "--part", wanted, "--json") == 0
        told = json.loads(capsys.readouterr().out)["notices"]
        assert sum(notice.startswith("Took part 2, Viola") for notice in told) == notices
    assert run(str(path)) == 0
    printed = capsys.readouterr().out
    assert "  Took part 1, Flute, of 2: 1 Flute, 2 Viola. Choose with --part" in printed.partition("Level")[0]
    assert run(str(path), "--part", "Oboe") == 2
    assert "there is no part 'Oboe'. The parts are 1 Flute, 2 Viola" in capsys.readouterr().err


def test_a_length_that_no_note_has_is_told_with_its_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "odd.musicxml"
    path.write_bytes(duet("Flute").replace(b"<duration>4<", b"<duration>1/9<"))
    assert run(str(path)) == 2
    assert capsys.readouterr().err.startswith("musicedu: odd.musicxml, measure 1: no note value fits a note of")
