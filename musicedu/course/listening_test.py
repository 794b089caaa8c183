"""What a student answered in a blind listening test, kept in a file of the workspace from one day to the next.

Only the first answer to a pair counts: the second time it is no longer blind. Whoever deletes the file begins anew.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from musicedu.display.blind_test import BlindTest, Pair
from musicedu.errors import FileProblem
from musicedu.storage import write_atomically

FILE = "listening_test.json"
EXAMPLE_RIGHT = 7
"""Of twelve pairs: what stands in until somebody has answered them all."""


@dataclass(frozen=True)
class Answers:
    """Which pairs were answered, and whether rightly; `is_example` where nobody has taken the whole test yet."""

    right: dict[str, bool]
    is_example: bool = False

    @property
    def n_right(self) -> int:
        """How often the human was recognised."""
        return sum(self.right.values())

    def __len__(self) -> int:
        return len(self.right)


def blind_test(pairs: Sequence[Pair], *, seed: int = 1, folder: Path | str = ".", program: int = 0) -> BlindTest:
    """A listening test that keeps every answer in `listening_test.json` of a folder, the workspace by default.

    seed: decides which side the humans are on. Pairs that have been answered do not come again.
    """
    path = Path(folder) / FILE

    def record(name: str, is_right: bool) -> None:
        kept = _load(path)
        write_atomically(path, json.dumps({name: is_right, **kept}, indent=1).encode())

    return BlindTest(pairs, np.random.default_rng(seed), record, tuple(_load(path)), program)


def load_answers(pairs: Sequence[Pair], folder: Path | str = ".") -> Answers:
    """What was answered so far; until all pairs are answered, an example listener's answers stand in."""
    kept = _load(Path(folder) / FILE)
    names = [pair.name for pair in pairs]
    if all(name in kept for name in names):
        return Answers({name: kept[name] for name in names})
    return Answers({name: number < EXAMPLE_RIGHT for number, name in enumerate(names)}, is_example=True)


def _load(path: Path) -> dict[str, bool]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as fault:
        raise FileProblem("the answers cannot be read", where=str(path), remedy="Delete the file") from fault
    if not isinstance(kept, dict) or not all(isinstance(answer, bool) for answer in kept.values()):
        raise FileProblem("these are no answers", where=str(path), remedy="Delete the file")
    return kept
