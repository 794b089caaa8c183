"""One tune of the corpus, with where it comes from and on what terms; what became of a tune that was left out.

Which dance a tune is, is known as far as its title says: "After the Hare -- Reel".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from musicedu.melody import Melody

Split = Literal["train", "validation", "test"]

SPLITS: tuple[Split, ...] = ("train", "validation", "test")
DANCES = ("reel", "hornpipe", "jig", "strathspey")
"""Dances of the British Isles of which the corpus has dozens or more, the most common first."""

_WORD = re.compile(r"[a-z]+")


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


def dance_of(title: str) -> str | None:
    """The dance that a title ends in, None if it names none of `DANCES` there.

    >>> dance_of("PARNELL AND IRELAND -- JIG"), dance_of("Jig of Slurs"), dance_of("Miss Hall's Reels.")
    ('jig', None, None)
    """
    words = _WORD.findall(title.lower())
    return words[-1] if words and words[-1] in DANCES else None


def dance_tunes(tunes: Iterable[Tune]) -> Iterator[tuple[Tune, str]]:
    """The tunes whose title ends in a dance, each with its dance.

    Jigs in two beats of four ("straight jigs" of the minstrel stage) are left out: they share no more than the name.
    """
    for tune in tunes:
        dance = dance_of(tune.title)
        if dance is not None and (dance != "jig" or tune.melody.metre.is_compound):
            yield tune, dance
