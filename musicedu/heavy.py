"""What is arranged when a heavy library is imported, by whomever: TensorFlow is quiet, numba keeps to a folder of ours.

It holds from the first import of `musicedu` on, costs nothing until then, and imports neither.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

OF_TENSORFLOW = re.compile(rb"WARNING: All log messages before absl|[IWEF]\d{4} \d\d:|To enable the following instr")
"""How the lines begin that TensorFlow says of its own start."""


def arrange() -> None:
    """Be there when the libraries are imported; more than once is once."""
    if not any(isinstance(finder, _Arranger) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Arranger())
        if "numba" in sys.modules:
            _keep_compiled(sys.modules["numba"])


class _Arranger:
    # No subclass of `importlib.abc.MetaPathFinder`, whose import alone takes longer than that of `musicedu`.
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        around = _AROUND.get(fullname)
        spec = PathFinder.find_spec(fullname, path) if around else None
        if around and spec and spec.loader:
            spec.loader.exec_module = partial(around, spec.loader.exec_module)  # type: ignore[method-assign]
        return spec


def _quietly(execute: Callable[[ModuleType], None], module: ModuleType) -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _without_chatter():
        execute(module)


def _apart(execute: Callable[[ModuleType], None], module: ModuleType) -> None:
    execute(module)
    _keep_compiled(module)


def _keep_compiled(numba: ModuleType) -> None:
    from musicedu.compiled import own_folder

    numba.config.CACHE_DIR = str(own_folder())


@contextmanager
def _without_chatter() -> Iterator[None]:
    """Hold back what is written to standard error, by compiled code too, and say the rest afterwards."""
    try:
        kept = os.dup(2)
    except OSError:  # a program without standard error
        yield
        return
    from tempfile import TemporaryFile

    with TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        well = False
        try:
            yield
            well = True
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            held.seek(0)
            for line in held:
                if not (well and OF_TENSORFLOW.match(line)):
                    os.write(2, line)


_AROUND: dict[str, Callable[[Callable[[ModuleType], None], ModuleType], None]] = {
    "tensorflow": _quietly,
    "numba": _apart,
}
