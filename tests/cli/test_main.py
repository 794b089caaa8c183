"""Whatever goes wrong, the command line says it in one line and ends with the right exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
import typer

from musicedu.cli import app as application
from musicedu.cli import main
from musicedu.errors import INSTALL_THE_COURSE, FileProblem


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    app = typer.Typer()
    app.callback()(lambda: None)
    monkeypatch.setattr(application, "app", app)
    return app


@pytest.mark.parametrize(
    ("fault", "code", "line"),
    [
        (
            FileProblem("is empty", where="a.mid", remedy="Export it again"),
            2,
            "musicedu: a.mid: is empty. Export it again",
        ),
        (FileProblem("holds\ntwo lines"), 2, "musicedu: holds two lines"),
        (
            ModuleNotFoundError("No module named 'keras'", name="keras.saving"),
            2,
            f"musicedu: the package keras is not installed. {INSTALL_THE_COURSE}",
        ),
        (OSError(28, "No space left on device", "/x"), 2, "musicedu: /x: no space left on device"),
        (KeyboardInterrupt(), 130, "musicedu: stopped; nothing was left half-written."),
        (typer.Abort(), 130, "musicedu: stopped; nothing was left half-written."),
        (typer.BadParameter("say how hard"), 2, "musicedu: Invalid value: say how hard. Try `musicedu work --help`"),
    ],
)
def test_a_fault_is_one_line(
    failing: typer.Typer, capsys: pytest.CaptureFixture[str], fault: BaseException, code: int, line: str
) -> None:
    @failing.command()
    def work() -> None:
        raise fault

    assert run("work") == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.strip() == line


def test_a_mistake_of_ours_is_not_hidden(failing: typer.Typer) -> None:
    @failing.command()
    def work() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        main(["work"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["practise"], "Did you mean 'practice'? Try `musicedu --help`"),
        (["doctor", "--loud"], "No such option: --loud (Possible options: --out). Try `musicedu doctor --help`"),
        (["corpus", "build", "--jobs", "many"], "Try `musicedu corpus build --help`"),
    ],
)
def test_a_slip_of_the_pen_is_one_line(capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    assert run(*arguments) == 2
    line = capsys.readouterr().err
    assert words in line
    assert line.count("\n") == 1


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    from musicedu import __version__

    assert run("--version") == 0
    assert capsys.readouterr().out == f"musicedu {__version__}\n"


def test_without_a_command_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    captured = capsys.readouterr()
    assert "practice" in captured.out
    assert captured.err == ""


def commands(group: typer.main.TyperGroup, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for name, command in group.commands.items():
        deeper = isinstance(command, typer.main.TyperGroup)
        found += commands(command, (*path, name)) if deeper else [(*path, name)]
    return found


ALL = commands(typer.main.get_command(application.app))  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_the_help_of_every_command_teaches_with_examples(
    path: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*path, "--help") == 0
    text = capsys.readouterr().out
    assert "Examples" in text
    assert f"musicedu {' '.join(path)}" in " ".join(text.split())


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_speaks_json(path: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    run(*path, "--help")
    assert "--json" in capsys.readouterr().out


@pytest.mark.parametrize(("typed", "offered"), [("musicedu pra", "practice"), ("musicedu practice -i cl", "clarinet")])
def test_the_shell_completes_commands_and_names(typed: str, offered: str) -> None:
    environment = {"_MUSICEDU_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))}
    script = "from musicedu.cli import main; main()"
    run = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert offered in run.stdout.split(), run.stderr


def test_it_starts_at_once() -> None:
    script = "import sys; from musicedu.cli.app import app; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    heavy = {
        "numpy",
        "rich",
        "nbformat",
        "pyarrow",
        "music21",
        "librosa",
        "keras",
        "tensorflow",
        "reportlab",
        "verovio",
    }
    assert heavy.isdisjoint(loaded)


def test_what_a_console_cannot_show_never_ends_the_work(tmp_path):
    path = tmp_path / "song.abc"
    path.write_text("X:1\nT:春の歌 ♪\nM:4/4\nL:1/4\nK:C\nCDEF|G4|]\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", "from musicedu.cli import main; main()", "check", str(path)]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(b"???")
    as_json = subprocess.run([*command, "--json"], env=environment, capture_output=True, check=True)
    assert json.loads(as_json.stdout)["title"] == "春の歌 ♪"


def test_what_steers_a_terminal_is_never_printed(tmp_path, capsys):
    path = tmp_path / "song.abc"
    path.write_text("X:1\nT:\x1b[31mRed\x1b[0m \x9b2J\x07song\nM:4/4\nL:1/4\nK:C\nCDEF|G4|]\n", encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["check", str(path)])
    assert ended.value.code == 0
    printed = capsys.readouterr().out
    assert "Red" in printed.partition("\n")[0]
    assert all(one.isprintable() or one == "\n" for one in printed)


@pytest.mark.parametrize("digits", [20, 4_301, 100_000])
@pytest.mark.parametrize(
    "recipe", ["me1 violin L3 s{}", "me1 violin L{} s1", "me1 violin L3 s1 measures={}", "mp1 vae s{}"]
)
def test_endless_digits_in_a_recipe_are_one_short_line(capsys, recipe, digits):
    command = "make" if recipe.startswith("mp1") else "practice"
    with pytest.raises(SystemExit) as ended:
        main([command, "--recipe", recipe.format("9" * digits)])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert len(said) < 1_100
