"""What a program decides by is a value: no code looks into the words of a message, which are for people alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import musicedu

ROOT = Path(musicedu.__file__).parent
SAID = {"problem", "remedy", "where", "words", "notices", "passed_over", "__name__"}
"""Fields that hold words for people, or the name that a function has for programmers."""
LOOKING = {
    *("startswith", "endswith", "removeprefix", "removesuffix", "find", "rfind", "index", "rindex", "count"),
    *("split", "rsplit", "partition", "rpartition", "match", "search", "fullmatch", "findall", "finditer"),
}
PYTHONS_OWN = {"course/asks/functions.py", "course/lesson.py", "course/slips.py"}
"""They put Python's own messages, which carry nothing but words, into a student's; no message of this package."""


def looked_into(source: str) -> Iterator[str]:
    """The expressions that look for something in the words of a message: `str(fault)`, a field, one of the notices."""
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    faults = {node.name for node in nodes if isinstance(node, ast.ExceptHandler) and node.name}
    faults |= {node.arg for node in nodes if isinstance(node, ast.arg) and is_fault(node.annotation)}
    notices = {
        node.target.id
        for node in nodes
        if isinstance(node, ast.comprehension | ast.For) and isinstance(node.target, ast.Name) and is_field(node.iter)
    }

    def is_said(node: ast.expr) -> bool:
        match node:
            case ast.Call(func=ast.Name(id="str"), args=[ast.Name(id=name)]):
                return name in faults
            case ast.Call(func=ast.Attribute(value=inner)) | ast.Subscript(value=inner):
                return is_said(inner)
            case ast.Name(id=name):
                return name in notices
        return is_field(node)

    for node in nodes:
        match node:
            case ast.Compare(left=left, comparators=others) if any(map(is_said, (left, *others))):
                yield f"line {node.lineno}: {ast.unparse(node)}"
            case ast.Call(func=ast.Attribute(value=whose, attr=verb), args=args) if verb in LOOKING:
                if any(map(is_said, (whose, *args))):
                    yield f"line {node.lineno}: {ast.unparse(node)}"


def is_fault(annotation: ast.expr | None) -> bool:
    return annotation is not None and ast.unparse(annotation).endswith(("Error", "Exception", "Problem"))


def is_field(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in SAID


def test_nothing_is_decided_by_the_words_of_a_message() -> None:
    found = [
        f"{path.relative_to(ROOT)}, {use}"
        for path in sorted(ROOT.rglob("*.py"))
        if path.relative_to(ROOT).as_posix() not in PYTHONS_OWN
        for use in looked_into(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize("module", sorted(PYTHONS_OWN))
def test_the_modules_that_read_pythons_messages_do(module: str) -> None:
    assert list(looked_into((ROOT / module).read_text()))


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    f()\nexcept ValueError as fault:\n    g('late' in str(fault))",
        "try:\n    f()\nexcept ValueError as fault:\n    g(str(fault).lower().startswith('late'))",
        "try:\n    f()\nexcept ValueError as fault:\n    re.search('late', str(fault))",
        "def g(fault: MusicEduError):\n    return str(fault)[0] == '-'",
        "'line ' in fault.where",
        "fault.where[fault.where.rfind('line '):]",
        "[notice for notice in reading.notices if notice.startswith('Passed over')]",
        "for notice in reading.notices:\n    if 'grid' in notice: pass",
        "'ms' in one.words",
        "requirement.__name__.startswith('is_')",
    ],
)
def test_a_look_into_words_is_found(source: str) -> None:
    assert list(looked_into(source))
