"""The collections of tunes that music21 ships: what each is, which files it has, on what terms it may be used.

Palestrina, the trecento pieces, Josquin and Monteverdi are left out on purpose: a voice of a polyphonic piece is no
tune. It waits through long rests, breaks off where another voice goes on, and its bars are an editor's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from musicedu.errors import FileProblem, UnknownName

Part = Literal["", "soprano", "bass"]

_NO_TERMS = "No terms stated: music21 passes it on by permission of its encoders, as out of copyright in the USA"


@dataclass(frozen=True, slots=True)
class Collection:
    """One named collection.

    Parameters
    ----------
    name: how code and the command line call it.
    title: how people call it.
    source: who printed and who encoded it.
    licence: the terms as music21's licence files give them, in one line.
    non_commercial: whether those terms allow non-commercial use only.
    patterns: its files, as glob patterns inside music21's `corpus` folder.
    part: which voice of a chorale is taken; empty where the files hold single tunes.
    names_tonic_only: whether its keys say `G` for G major and G minor alike (see `musicedu.corpus.reading`).
    """

    name: str
    title: str
    source: str
    licence: str
    non_commercial: bool
    patterns: tuple[str, ...]
    part: Part = ""
    names_tonic_only: bool = False


_ALL = (
    Collection(
        "essen",
        "Essen folk song collection",
        "Songs of many, mostly German-speaking, regions; begun by Helmut Schaffrath, continued by Ewa Dahlig-Turek; "
        "in ABC by Seymour Shlien",
        "Non-commercial use and distribution only, by permission of Ewa Dahlig-Turek",
        True,
        ("essenFolksong/*.abc",),
        names_tonic_only=True,
    ),
    Collection(
        "airds",
        "Aird's Airs",
        "A Selection of Scotch, English, Irish and Foreign Airs, Glasgow 1778-1801; encoded by Jack Campin",
        _NO_TERMS,
        False,
        ("airdsAirs/*.abc",),
    ),
    Collection(
        "oneills",
        "O'Neill's Music of Ireland",
        "Francis O'Neill, Chicago 1903; encoded by volunteers",
        _NO_TERMS,
        False,
        ("oneills1850/*.abc",),
    ),
    Collection(
        "ryans",
        "Ryan's Mammoth Collection",
        "1050 reels, jigs and hornpipes, Boston 1883; encoded by Ray Davies and others",
        _NO_TERMS,
        False,
        ("ryansMammoth/*.abc",),
    ),
    Collection(
        "nottingham",
        "Nottingham music database, two tunes",
        "The sample of the Nottingham collection that music21 ships",
        _NO_TERMS,
        False,
        ("nottingham-dataset/*.abc",),
    ),
    Collection(
        "fife",
        "American fife music",
        "Colonial and Civil War tunes; encoder unknown, tidied by Jack Campin",
        _NO_TERMS,
        False,
        ("miscFolk/americanfifeopus.abc",),
    ),
    Collection(
        "northumbrian",
        "Northumbrian Minstrelsy",
        "Bruce and Stokoe, Newcastle 1882; encoded by Jack Campin",
        _NO_TERMS,
        False,
        ("miscFolk/northumbrianminstrelsyopus.abc",),
    ),
    Collection(
        "bach_soprano",
        "Bach chorales, soprano",
        "Chorales harmonised by J. S. Bach; encoded by Margaret Greentree, used by permission",
        _NO_TERMS,
        False,
        ("bach/*.mxl", "bach/*.xml"),
        "soprano",
    ),
    Collection(
        "bach_bass",
        "Bach chorales, bass",
        "Chorales harmonised by J. S. Bach; encoded by Margaret Greentree, used by permission",
        _NO_TERMS,
        False,
        ("bach/*.mxl", "bach/*.xml"),
        "bass",
    ),
)

COLLECTIONS: dict[str, Collection] = {collection.name: collection for collection in _ALL}
"""Every collection by name, in the order in which tunes are listed."""


def find_collections(names: Iterable[str] | None = None) -> tuple[Collection, ...]:
    """Return the named collections, or all; `UnknownName` lists the choices.

    >>> [collection.title for collection in find_collections(["airds"])]
    ["Aird's Airs"]
    """
    if names is None:
        return _ALL
    wanted = [names] if isinstance(names, str) else list(names)
    unknown = [name for name in wanted if name not in COLLECTIONS]
    if unknown:
        raise UnknownName(
            f"no collection is called {', '.join(map(repr, unknown))}", remedy=f"Choose from {', '.join(COLLECTIONS)}"
        )
    return tuple(collection for collection in _ALL if collection.name in wanted)


@lru_cache(maxsize=1)
def corpus_folder() -> Path:
    """Return music21's folder of tunes, without importing music21; `FileProblem` where it is missing."""
    spec = find_spec("music21")
    roots = [] if spec is None else [Path(place) / "corpus" for place in spec.submodule_search_locations or ()]
    for root in roots:
        if root.is_dir():
            return root
    raise FileProblem("the tunes that come with music21 are missing", remedy="Install music21 again")


def collection_files(collection: Collection) -> tuple[Path, ...]:
    """Return the files of a collection in a fixed order; `FileProblem` if there is none."""
    root = corpus_folder()
    files = sorted(path for pattern in collection.patterns for path in root.glob(pattern))
    if not files:
        raise FileProblem(f"music21 has no files of the collection {collection.name!r}", remedy="Install music21 again")
    return tuple(files)


@dataclass(frozen=True, slots=True)
class Source:
    """One file of one collection."""

    collection: str
    path: Path

    @property
    def file(self) -> str:
        """The file's name inside music21's corpus folder."""
        root = corpus_folder()
        return (self.path.relative_to(root) if self.path.is_relative_to(root) else Path(self.path.name)).as_posix()


def sources_of(collections: Iterable[Collection]) -> tuple[Source, ...]:
    """Return every file of the collections."""
    return tuple(Source(collection.name, path) for collection in collections for path in collection_files(collection))


def batches_of(sources: Sequence[Source], n_bytes: int = 60_000) -> tuple[tuple[Source, ...], ...]:
    """Group files into batches of about `n_bytes`, the largest first so that no worker is left with one at the end."""
    sized = sorted(((source.path.stat().st_size, index) for index, source in enumerate(sources)), reverse=True)
    batches: list[list[Source]] = []
    filled = n_bytes
    for size, index in sized:
        if filled + size > n_bytes:
            batches.append([])
            filled = 0
        batches[-1].append(sources[index])
        filled += size
    return tuple(map(tuple, batches))
