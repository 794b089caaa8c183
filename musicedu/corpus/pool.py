"""The one `map` seam: the same work on this machine's cores, or on a cluster when given a client of one.

How far it has come is told to a `Progress`, such as a bar on the terminal.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import closing, contextmanager, suppress
from typing import Any, Protocol, TypeVar

from joblib import Parallel, cpu_count, delayed

Item = TypeVar("Item")
Result = TypeVar("Result")
Progress = Callable[[int, int], None]
"""Called with how many parts of the work are done, and of how many."""


class Client(Protocol):
    """What is asked of a cluster's client; `distributed.Client` has it."""

    def map(self, function: Callable[..., object], items: Sequence[object]) -> Sequence[object]: ...

    def gather(self, futures: Sequence[object]) -> Sequence[object]: ...


def jobs_for_memory(bytes_each: int) -> int:
    """As many processes as there are cores, or as the memory that is free holds of this size; 1 at least."""
    try:
        free_bytes = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # Windows does not tell
        return int(cpu_count())
    return max(1, min(int(cpu_count()), free_bytes // bytes_each))


def map_over(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    *,
    jobs: int | None = None,
    client: Client | None = None,
    copies: bool = False,
) -> Generator[tuple[int, Result], None, None]:
    """Yield `(index, function(item))` as results arrive, in any order.

    `jobs` is the number of processes (all cores by default, 1 for none but this one); a `client` takes their place.
    `copies`: whether they may be copies of this process, where `can_copy` says so: they start at once, with all that is
    loaded here. An exception in `function`, or Ctrl-C, ends the work and its processes and is raised here.
    """
    if client is not None:
        futures = client.map(function, items)
        for index, future in enumerate(futures):
            yield index, client.gather([future])[0]  # type: ignore[misc]
        return
    jobs = min(jobs or cpu_count(), max(1, len(items)))
    if jobs == 1:
        for index, item in enumerate(items):
            yield index, function(item)
        return
    if copies and can_copy():
        yield from _copied(function, items, jobs)
        return
    with Parallel(n_jobs=jobs, return_as="generator_unordered", batch_size=1) as parallel:
        work = (delayed(_numbered)(function, index, item) for index, item in enumerate(items))
        with _unheard_by_children():
            results = parallel(work)  # starts the processes
        yield from results


def in_order(results: Generator[tuple[int, Result], None, None]) -> Generator[Result, None, None]:
    """Yield what `map_over` gives in the order of its items, each as soon as all before it have come."""
    waiting: dict[int, Result] = {}
    due = 0
    with closing(results):
        for index, result in results:
            waiting[index] = result
            while due in waiting:
                yield waiting.pop(due)
                due += 1


def can_copy() -> bool:
    """Whether this process may be copied: on Linux, before it has threads of its own or TensorFlow's."""
    return sys.platform == "linux" and threading.active_count() == 1 and "tensorflow" not in sys.modules


def _copied(
    function: Callable[[Item], Result], items: Sequence[Item], jobs: int
) -> Generator[tuple[int, Result], None, None]:
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(jobs, context, initializer=_begin, initargs=(function, items, os.getpid())) as pool:
        try:
            with _heard_afterwards(), warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # idle threads of a numeric library are no danger
                futures = [pool.submit(_at, index) for index in range(len(items))]
            for future in as_completed(futures):
                yield future.result()
        finally:
            pool.shutdown(cancel_futures=True)


_given: tuple[Callable[[Any], Any], Sequence[Any]]
"""What a copy of the process shall do, and with what: it need not be sent."""


def _begin(function: Callable[[Any], Any], items: Sequence[Any], parent: int) -> None:
    global _given
    _given = function, items
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that gave the work, which ends this one
    with suppress(OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: nobody is left to work for
    if os.getppid() != parent:
        os._exit(1)


def _at(index: int) -> tuple[int, Any]:
    function, items = _given
    return index, function(items[index])


@contextmanager
def _heard_afterwards() -> Iterator[None]:
    """Put a Ctrl-C off until the end of the block, in which this process is copied; its copies never hear it."""
    if threading.current_thread() is not threading.main_thread():  # only the main one hears it at all
        yield
        return
    this, heard = os.getpid(), []
    before = signal.signal(signal.SIGINT, lambda *_: heard.append(True) if os.getpid() == this else None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if heard:
            signal.raise_signal(signal.SIGINT)


@contextmanager
def _unheard_by_children() -> Iterator[None]:
    """Let programs that start in the block never hear Ctrl-C: it reaches this process, which ends them.

    Otherwise each of them would print a traceback of its own. What a process ignores, the programs it starts ignore;
    blocking the signal instead does not last, since joblib's resource tracker unblocks it.
    """
    if threading.current_thread() is not threading.main_thread():  # only the main one may say what is ignored
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _numbered(function: Callable[[Item], Result], index: int, item: Item) -> tuple[int, Result]:
    return index, function(item)


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
