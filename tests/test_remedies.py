"""Every remedy exists: what a message names, a command, an option or an argument, is there to be used."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
import typer

import musicedu
from musicedu.cli.app import app
from musicedu.formats.files import load_melody

ROOT = Path(musicedu.__file__).parent
OF_OTHERS = {"allow-root"}
"""An option of JupyterLab, which the text names as such."""
HOLE = "\ue000"
"""Stands for what an f-string puts in."""

COMMAND = re.compile(r"(?:`|: |[Rr]un |[Ww]ith )musicedu ([a-z][a-z-]+)(?: ([a-z][a-z-]+))?")
OPTION = re.compile(rf"(?<![\w-])--([a-z][a-z-]*[a-z])\b(?![-{HOLE}])")
ARGUMENT = re.compile(r"(?<![\w.\"'<&/;?-])([a-z][a-z_]+)=(?![=\"'/])")
FAULTS = ("FileProblem", "MusicEduError", "UnknownName", "Unsatisfiable", "StorageProblem", "ValueError", "TypeError")
OF_THE_COMMAND_LINE = {
    "cli": "", "formats": "check", "practice": "practice", "sheet": "practice", "classroom": "assign",
    "evaluation": "evaluate", "corpus": "corpus build", "training": "train vae", "course": "lab", "audio": "extract",
}  # fmt: skip
"""The command, for each room, whose user reads what the room says."""


@lru_cache
def commands() -> dict[str, frozenset[str]]:
    """The options of every command, by its words."""
    found: dict[str, frozenset[str]] = {}

    def gather(command, words: tuple[str, ...]) -> None:
        options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
        found[" ".join(words)] = frozenset(options | {"--help"})
        for name, inner in getattr(command, "commands", {}).items():
            gather(inner, (*words, name))

    gather(typer.main.get_command(app), ())
    return found


def texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every text of a module but its docstrings, with a hole for what is put in."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    passed_over = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            passed_over |= {id(piece) for piece in node.values}
            yield node.lineno, "".join(p.value if isinstance(p, ast.Constant) else HOLE for p in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed_over:
            yield node.lineno, node.value


MODULES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.py"))


def tree_of(module: str) -> ast.Module:
    return ast.parse((ROOT / module).read_text(encoding="utf-8"))


def test_every_command_that_a_text_names_exists() -> None:
    named, missing = 0, []
    for module in MODULES:
        for line, text in texts(tree_of(module)):
            for first, second in COMMAND.findall(text):
                named += 1
                is_group = any(name.startswith(f"{first} ") for name in commands())
                words = f"{first} {second}" if is_group and second else first
                if words not in commands():
                    missing.append(f"{module}:{line}: musicedu {words}")
    assert not missing, "\n".join(missing)
    assert named > 10


def test_every_option_that_a_text_names_exists_where_it_is_read() -> None:
    named, missing = 0, []
    for module in MODULES:
        room = module.partition("/")[0]
        for line, text in texts(tree_of(module)):
            spoken = " " in text and not text.startswith("--")  # a sentence, and no declaration of an option
            for option in OPTION.findall(text) if spoken and HOLE + "--" not in text else ():
                if option in OF_OTHERS:
                    continue
                named += 1
                wanted = [f"{a} {b}".strip() for a, b in COMMAND.findall(text)] or [OF_THE_COMMAND_LINE.get(room, "")]
                known = [name for name in commands() if any(name == w or not w or name == w.split()[0] for w in wanted)]
                if not any(f"--{option}" in commands()[name] for name in known):
                    missing.append(f"{module}:{line}: --{option} of musicedu {' or '.join(wanted)}")
    assert not missing, "\n".join(missing)
    assert named > 5


def parameters_in(tree: ast.Module) -> set[str]:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    arguments = {a.arg for f in functions for a in (*f.args.posonlyargs, *f.args.args, *f.args.kwonlyargs)}
    fields = {n.target.id for n in ast.walk(tree) if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name)}
    return arguments | fields


def faults_in(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The texts of what is raised, and of what is called a remedy."""
    for node in ast.walk(tree):
        name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
        is_remedy = isinstance(node, ast.Assign) and any("remedy" in ast.unparse(t).lower() for t in node.targets)
        if name in FAULTS or name == "unknown_name" or is_remedy:
            yield from texts(node)


def test_every_argument_that_a_fault_names_exists_in_its_room() -> None:
    missing = []
    by_room: dict[str, set[str]] = {}
    trees = {module: tree_of(module) for module in MODULES}
    for module, tree in trees.items():
        by_room.setdefault(module.partition("/")[0], set()).update(parameters_in(tree))
    for module, tree in trees.items():
        for line, text in faults_in(tree):
            missing += [
                f"{module}:{line}: {argument}="
                for argument in ARGUMENT.findall(text)
                if argument not in by_room[module.partition("/")[0]]
            ]
    assert not missing, "\n".join(missing)


def test_every_choice_of_a_line_is_an_option_and_an_argument() -> None:
    """What `choose` and `took` say can be chosen with is taken by `musicedu check` and by `load_melody`."""
    chosen_with = set()
    for module in MODULES:
        for node in ast.walk(tree_of(module)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("choose", "took"):
                given = {keyword.arg: keyword.value for keyword in node.keywords}
                kind = node.args[2] if len(node.args) > 2 else given.get("kind")
                option = given.get("option", kind)
                if isinstance(option, ast.Constant):
                    chosen_with.add(option.value)
    assert {"part"} <= chosen_with
    for name in chosen_with:
        assert f"--{name}" in commands()["check"]
        assert name in inspect.signature(load_melody).parameters


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Run `musicedu doctor`", [("doctor", "")]),
        ("Train some: musicedu train vae", [("train", "vae")]),
        ("Install musicedu again", []),
        ("what musicedu reads", []),
    ],
)
def test_commands_are_found_in_a_text(text: str, found: list[tuple[str, str]]) -> None:
    assert COMMAND.findall(text) == found
