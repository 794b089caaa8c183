"""Which dance a tune is, as far as its title says: "After the Hare -- Reel"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from musicedu.corpus.tune import Tune

DANCES = ("reel", "hornpipe", "jig", "strathspey")
"""Dances of the British Isles of which the corpus has dozens or more, the most common first."""

_WORD = re.compile(r"[a-z]+")


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
