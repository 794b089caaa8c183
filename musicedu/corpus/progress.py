"""Telling how far a build has come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[int, int], None]
"""Called with how many parts of the work are done, and of how many."""


def silent(done: int, total: int) -> None:
    """Say nothing."""


@contextmanager
def progress_bar(title: str = "Reading the tunes") -> Iterator[Progress]:
    """Show a bar on standard error for the length of the block; nothing where that is no terminal."""
    from rich import progress
    from rich.console import Console

    console = Console(stderr=True)
    columns = (
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.TaskProgressColumn(),
        progress.TimeRemainingColumn(),
    )
    with progress.Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
