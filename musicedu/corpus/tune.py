"""One tune of the corpus, with where it comes from and on what terms; and what became of a tune that was left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from musicedu.melody import Melody

Split = Literal["train", "validation", "test"]

SPLITS: tuple[Split, ...] = ("train", "validation", "test")


@dataclass(frozen=True, slots=True)
class Tune:
    """A melody with its source.

    Parameters
    ----------
    id: collection, file and number, such as `airds/book1/12`; it stays the same from build to build.
    collection, file: the collection's name, the file inside music21's corpus folder.
    reference: the number in the file, or the BWV number of a chorale.
    region: where it was collected, in the encoder's words; empty if unknown.
    licence, non_commercial: the terms, from the collection.
    family: the smallest id among its variants and transpositions (its own until `families` has compared them).
    split: `train`, `validation` or `test`; one family is wholly in one split.
    n_irregular: measures that are longer or shorter than their metre.
    """

    id: str
    collection: str
    file: str
    reference: str
    region: str
    licence: str
    non_commercial: bool
    melody: Melody
    family: str = ""
    split: Split = "train"
    n_irregular: int = 0

    @property
    def title(self) -> str:
        return self.melody.title


@dataclass(frozen=True, slots=True)
class Dropped:
    """A tune that was left out: which one, the kind of reason, and the reader's own words."""

    id: str
    collection: str
    reason: str
    detail: str
