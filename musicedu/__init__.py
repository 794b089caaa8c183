"""A course that builds a machine which listens to music, learns from it and makes it."""

import os as _os

from musicedu.heavy import arrange as _arrange

_arrange()
__version__ = "0.1.0"


def quick(setting: int, *, full: int) -> int:
    """Choose between the quick setting of a lesson, which its outputs were made with, and the full one.

    The quick one holds unless the environment variable `MUSICEDU_FULL` is 1.

    >>> quick(2, full=60)
    2
    """
    return full if _os.environ.get("MUSICEDU_FULL") == "1" else setting
