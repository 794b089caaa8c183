"""Prose that opens with a click, kernel or not: hints in three stages, and the choices of a quiz.

Hints are the idea, where to look, and nearly all of it. In a source they are a prose cell with the tag `hints`, a list
of three:

    # 1. A measure of 3/4 holds three beats.
    # 2. Look at the durations, after the colon.
    # 3. `"G4:1 B4:1 D5:?"`: only one number is missing.

Every choice of a quiz opens to an answer that says what it confuses, or why it is right. In a source it is a prose cell
with the tag `quiz`: questions in bold, choices after `- [ ]` (wrong) or `- [x]` (right), and after ` :: ` what to
answer to whoever chooses it. Before the first question there may be an opening:

    # **How many quarter notes fill a measure of 6/8?**
    #
    # - [ ] 6 :: Those are eighths: the lower number says which value is counted.
    # - [x] 3 :: Six eighths last as long as three quarters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from musicedu.errors import FileProblem

STAGES = ("the idea", "where to look", "nearly all of it")
_CODE = re.compile(r"`([^`]+)`")
_ITEM = re.compile(r"(?m)^\d\. +")
_QUESTION = re.compile(r"\*\*(?P<text>.+)\*\*")
_CHOICE = re.compile(r"- \[(?P<mark>[ x])\] (?P<text>.+?) :: (?P<feedback>.+)")


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


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a question: its text, whether it is right, and the answer to whoever chooses it."""

    text: str
    is_right: bool
    feedback: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question and its choices."""

    text: str
    choices: tuple[Choice, ...]


def parse_quiz(text: str, *, where: str = "") -> tuple[Question, ...]:
    """Read the questions of a quiz; raises `FileProblem` unless each has one right choice and two or more in all."""
    questions: list[Question] = []
    _, lines = _parted(text)
    for line in filter(None, lines):
        if asked := _QUESTION.fullmatch(line):
            questions.append(Question(asked["text"], ()))
        elif (choice := _CHOICE.fullmatch(line)) and questions:
            last = questions.pop()
            answer = Choice(choice["text"], choice["mark"] == "x", choice["feedback"])
            questions.append(Question(last.text, (*last.choices, answer)))
        else:
            raise FileProblem(
                f"cannot read {line!r}", where=where, remedy="Write '**question**' and '- [x] choice :: feedback'"
            )
    for question in questions:
        if len(question.choices) < 2 or sum(choice.is_right for choice in question.choices) != 1:
            raise FileProblem(
                f"{question.text!r} needs two choices or more, one of them right", where=where, remedy="Mark it [x]"
            )
    return tuple(questions)


def render_quiz(text: str, *, where: str = "") -> str:
    """Lay out a quiz as Markdown: a click on a choice shows the answer to it."""
    opening, _ = _parted(text)
    parts = [opening] if opening else []
    for number, question in enumerate(parse_quiz(text, where=where), start=1):
        parts.append(f"#### {number}. {question.text}")
        parts += [folded(choice.text, _verdict(choice)) for choice in question.choices]
    return "\n\n".join(parts)


def _parted(text: str) -> tuple[str, list[str]]:
    """What stands before the first question, and the lines from there on."""
    lines = [line.strip() for line in text.splitlines()]
    first = next((index for index, line in enumerate(lines) if _QUESTION.fullmatch(line)), 0)
    return "\n".join(lines[:first]).strip(), lines[first:]


def _verdict(choice: Choice) -> str:
    return f"> **{'Right' if choice.is_right else 'Not quite'}.** {choice.feedback}"
