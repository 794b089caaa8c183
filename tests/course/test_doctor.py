"""The doctor finds what is missing, says what to do, and never falls ill itself."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from musicedu.cli import main
from musicedu.course import doctor
from musicedu.course.doctor import Finding, examine
from musicedu.errors import StorageProblem


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSICEDU_CACHE", str(tmp_path / "cache"))


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["doctor", "--no-play", *arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_this_installation_is_well() -> None:
    findings = list(examine())
    assert [finding for finding in findings if not finding.is_well] == []
    assert [finding.part for finding in findings] == list(doctor.TRIALS)


def test_it_leaves_nothing_behind(tmp_path: Path) -> None:
    list(examine())
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("fault", "finding"),
    [
        (
            StorageProblem("the disk is read-only", where="/cache", remedy="Choose another folder"),
            Finding("part", False, "/cache: the disk is read-only", "Choose another folder"),
        ),
        (
            ImportError("No module named 'verovio'\nand more"),
            Finding(
                "part",
                False,
                "ImportError: No module named 'verovio'",
                "Install musicedu again (`uv sync` in a checkout)",
            ),
        ),
    ],
)
def test_a_broken_part_is_a_finding_and_the_others_are_still_looked_at(
    monkeypatch: pytest.MonkeyPatch, fault: Exception, finding: Finding
) -> None:
    def broken() -> str:
        raise fault

    monkeypatch.setattr(doctor, "TRIALS", {"part": broken, "other": lambda: "fine"})
    assert list(examine()) == [finding, Finding("other", True, "fine")]


def test_an_old_python_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.version_info", (3, 9, 1))
    finding = next(examine())
    assert not finding.is_well
    assert finding.text == "musicedu was not tested with Python 3.9.1"


def test_a_full_disk_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_LEAST_FREE_MB", 10**12)
    (finding,) = (finding for finding in examine() if not finding.is_well)
    assert finding.part == "cache folder"
    assert finding.remedy == "Free some space on this disk"


def test_the_command_says_what_to_do(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> str:
        raise StorageProblem("the disk is read-only", where="/cache", remedy="Choose another folder")

    monkeypatch.setattr(doctor, "TRIALS", {"cache folder": broken})
    assert run() == 1
    printed = capsys.readouterr().out
    assert "MISSING cache folder: /cache: the disk is read-only" in printed
    assert "What to do: Choose another folder." in printed
    assert "1 of 1 parts need attention." in printed


def test_the_command_keeps_the_bar_that_it_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json", "--out", str(tmp_path / "trial")) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["is_well"]
    assert (tmp_path / "trial" / "bar.wav").read_bytes()[:4] == b"RIFF"
    assert "<svg" in (tmp_path / "trial" / "bar.svg").read_text()
    assert [Path(path).name for path in report["files"]] == ["bar.svg", "bar.wav"]


@pytest.mark.parametrize("outcome", [0, 1])
def test_a_sound_is_played_by_the_player_that_is_there(monkeypatch: pytest.MonkeyPatch, outcome: int) -> None:
    played: list[str] = []

    def play(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        played.append(command[0])
        assert Path(command[-1]).read_bytes() == b"RIFF"
        return subprocess.CompletedProcess(command, outcome)

    monkeypatch.setattr(doctor.shutil, "which", lambda name: name if name in ("aplay", "afplay") else None)
    monkeypatch.setattr(doctor.subprocess, "run", play)
    assert doctor.play_wav(b"RIFF") is (outcome == 0)
    assert played == (["aplay"] if outcome == 0 else ["aplay", "afplay"])


def test_without_a_player_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)
    assert not doctor.play_wav(b"RIFF")
