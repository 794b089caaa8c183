"""A lesson as it is written: its cells."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LessonCell:
    """One cell of a source: its id, `code` or `markdown`, its text and its tags, sorted."""

    id: str
    kind: str
    text: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson as it is written: its name (`NN_topic`) and its cells."""

    name: str
    cells: tuple[LessonCell, ...]
