"""A course that builds a machine which listens to music, learns from it and makes it.

The names below are the front door: what lessons and scripts need most, each loaded when it is first asked for. Whatever
stands in the rooms behind may move; these stay.

>>> from musicedu import Melody, Specification, generate
>>> generate(Specification(1, seed=3)).melody.metre == Melody.from_text("C4:1").metre
True
"""

import os as _os
from importlib import import_module as _import_module
from typing import Any as _Any

from musicedu.heavy import arrange as _arrange

_arrange()
__version__ = "0.1.0"

_DOOR = {
    "Melody": "melody", "Note": "melody", "Metre": "melody", "Key": "melody", "TempoAt": "melody", "Spelling": "pitch",
    "MusicEduError": "errors", "load_melody": "formats.files", "load_corpus": "corpus.load",
    "Specification": "exercise.specification", "Exercise": "exercise.exercise", "generate": "exercise.generator",
    "parse_recipe": "exercise.recipe", "estimate_difficulty": "syllabus.difficulty", "save_exercise": "sheet.folder",
    "in_words": "wording.english", "show_score": "display.score", "show_player": "display.player",
    "show_sound": "display.player",
}  # fmt: skip

__all__ = ["__version__", "quick", *_DOOR]


def quick(setting: int, *, full: int) -> int:
    """Choose between the quick setting of a lesson, which its outputs were made with, and the full one.

    The quick one holds unless the environment variable `MUSICEDU_FULL` is 1; where `MUSICEDU_HURRY` is 1, as when a
    lesson is only run through to see that it runs, a quarter of it does.

    >>> quick(2, full=60)
    2
    """
    if _os.environ.get("MUSICEDU_HURRY") == "1":
        return max(1, setting // 4)
    return full if _os.environ.get("MUSICEDU_FULL") == "1" else setting


def __getattr__(name: str) -> _Any:
    if name not in _DOOR:
        raise AttributeError(f"module 'musicedu' has no attribute {name!r}")
    try:
        module = _import_module(f"musicedu.{_DOOR[name]}")
    except ModuleNotFoundError as fault:
        from musicedu.errors import missing_package

        lacking = missing_package(fault)
        if lacking is None:
            raise
        raise lacking from fault
    value = getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_DOOR})
