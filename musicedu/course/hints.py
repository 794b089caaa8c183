"""Hints in three stages: the idea, where to look, and nearly all of it; each opens with a click, kernel or not.

In a source they are a prose cell with the tag `hints`, a list of three:

    # 1. A measure of 3/4 holds three beats.
    # 2. Look at the durations, after the colon.
    # 3. `"G4:1 B4:1 D5:?"`: only one number is missing.
"""

from __future__ import annotations

import re
from html import escape

from musicedu.errors import FileProblem

STAGES = ("the idea", "where to look", "nearly all of it")
_CODE = re.compile(r"`([^`]+)`")
_ITEM = re.compile(r"(?m)^\d\. +")


def render_hints(text: str, *, where: str = "") -> str:
    """Lay out three hints as Markdown that opens one by one; raises `FileProblem` unless there are three."""
    _, *hints = _ITEM.split(text)
    if len(hints) != len(STAGES):
        raise FileProblem(
            f"holds {len(hints)} hints", where=where, remedy="Write three: the idea, where to look, nearly all of it"
        )
    return "\n\n".join(
        folded(f"<b>Hint {number}</b>: {stage}", _dedented(hint))
        for number, (stage, hint) in enumerate(zip(STAGES, hints, strict=True), start=1)
    )


def folded(summary: str, body: str) -> str:
    """Markdown that shows `summary` and opens to `body` (works with the keyboard, and where no kernel runs)."""
    # Inside a summary Markdown is not read: code is marked up here.
    marked = _CODE.sub(lambda code: f"<code>{escape(code[1])}</code>", summary)
    return f"<details><summary>{marked}</summary>\n\n{body}\n\n</details>"


def _dedented(hint: str) -> str:
    return "\n".join(line.removeprefix("   ") for line in hint.strip().splitlines())
