"""The one `map` seam: the same work on this machine's cores, or on a cluster when given a client of one."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol, TypeVar

from joblib import Parallel, cpu_count, delayed

Item = TypeVar("Item")
Result = TypeVar("Result")


class Client(Protocol):
    """What is asked of a cluster's client; `distributed.Client` has it."""

    def map(self, function: Callable[..., object], items: Sequence[object]) -> Sequence[object]: ...

    def gather(self, futures: Sequence[object]) -> Sequence[object]: ...


def map_over(
    function: Callable[[Item], Result], items: Sequence[Item], *, jobs: int | None = None, client: Client | None = None
) -> Iterator[tuple[int, Result]]:
    """Yield `(index, function(item))` as results arrive, in any order.

    `jobs` is the number of processes (all cores by default, 1 for none but this one); a `client` takes their place.
    An exception in `function`, or Ctrl-C, ends the work and its processes and is raised here.
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
    with Parallel(n_jobs=jobs, return_as="generator_unordered", batch_size=1) as parallel:
        work = (delayed(_numbered)(function, index, item) for index, item in enumerate(items))
        with _unheard_by_children():
            results = parallel(work)  # starts the processes
        yield from results


@contextmanager
def _unheard_by_children() -> Iterator[None]:
    """Let processes that start in the block never hear Ctrl-C: it reaches this one, which ends them.

    Otherwise each of them would print a traceback of its own. What a process ignores, its children ignore; blocking the
    signal instead does not last, since joblib's resource tracker unblocks it.
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
