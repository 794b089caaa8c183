"""Where functions that numba compiles are kept while tests run.

librosa keeps them beside its own code. Two processes that compile the same one for the first time spoil what is kept
there, and whoever loads it afterwards ends in a segmentation fault; so every worker has a folder of its own.
"""

import os

from musicedu.storage import cache_folder


def keep_apart() -> None:
    """Give this worker, and the kernels it starts, a folder of their own for compiled functions."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        os.environ["NUMBA_CACHE_DIR"] = str(cache_folder() / "compiled" / worker)
