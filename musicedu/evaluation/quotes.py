"""Quotes: which tune of the collections a melody shares a run of notes with, told without the collections.

What travels with the package is no tune, but a sorted array of numbers: hashes of runs of ten notes (intervals and
relative note values, so that neither key nor tempo hides one), thinned by winnowing (Schleimer, Wilkerson and Aiken
2003): of every three neighbours the least is kept, so that a shared run of twelve notes is certain to be found, and
some of ten or eleven are. Runs that three families of tunes have, and runs of fewer than four pitches, are nobody's.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from musicedu.attributes.runs import run_hashes
from musicedu.data import data_path
from musicedu.errors import FileProblem
from musicedu.melody import Melody
from musicedu.storage import write_atomically

QUOTE_NOTES = 10
CERTAIN_NOTES = 12
MOST_FAMILIES = 2
FEWEST_PITCHES = 4

_WINDOW = CERTAIN_NOTES - QUOTE_NOTES + 1
_TUNE_BITS = 13
_MOST_TUNES = 2**_TUNE_BITS
_UNREADABLE = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, EOFError, OSError, MemoryError)

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Quote:
    """first, n_notes: which notes of the melody, counted from 0, and how many at least; tune, title: whose they are."""

    first: int
    n_notes: int
    tune: str
    title: str

    @property
    def name(self) -> str:
        """The tune as a sentence names it."""
        return f"{self.title.rstrip('.') or 'a tune without a title'} ({self.tune})"


@dataclass(frozen=True, eq=False)
class QuoteIndex:
    """keys: (n,) sorted, the upper 32 bits of a run's hash; owners: (n,) three more bits of it, and the tune's number.

    tunes: id and title of each tune. Two runs have the same 35 bits by chance once in 34 thousand million pairs.
    """

    keys: NDArray[np.uint32]
    owners: NDArray[np.uint16]
    tunes: tuple[tuple[str, str], ...]

    def find(self, melody: Melody) -> Quote | None:
        """The longest run that a melody shares with one tune, the first of equals; None if it has none."""
        hashes = run_hashes(melody, QUOTE_NOTES).view(np.uint64)
        if not len(hashes) or not len(self.keys):
            return None
        keys, checks = _split(hashes)
        places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        known = (self.keys[places] == keys) & (self.owners[places] >> _TUNE_BITS == checks)
        found = [(int(at), int(self.owners[places[at]]) % _MOST_TUNES) for at in np.flatnonzero(known)]
        return self._longest(found) if found else None

    def _longest(self, found: Sequence[tuple[int, int]]) -> Quote:
        """Runs of the same tune that overlap are one quote."""
        best = (0, 0, 0)  # length, minus the first note, tune
        begun = found[0][0]
        for (at, tune), before in zip(found, [found[0], *found], strict=False):
            if tune != before[1] or at - before[0] >= QUOTE_NOTES:
                begun = at
            best = max(best, (at - begun + QUOTE_NOTES, -begun, tune))
        name, title = self.tunes[best[2]]
        return Quote(-best[1], best[0], name, title)


def build_quotes(tunes: Iterable[tuple[str, str, str, Melody]]) -> QuoteIndex:
    """Index tunes, given as (id, title, family, melody). `ValueError` for more than 8,192 of them."""
    names: list[tuple[str, str]] = []
    families: dict[str, int] = {}
    rows: list[NDArray[np.uint64]] = []
    kept: list[NDArray[np.bool_]] = []
    family_numbers: list[int] = []
    for name, title, family, melody in tunes:
        hashes = run_hashes(melody, QUOTE_NOTES).view(np.uint64)
        family_numbers.append(families.setdefault(family, len(families)))
        names.append((name, title))
        rows.append(hashes)
        kept.append(_winnowed(hashes) & _is_tune(melody, len(hashes)))
    if len(names) > _MOST_TUNES:
        raise ValueError(f"an index holds {_MOST_TUNES} tunes at most, not {len(names)}")
    hashes = np.concatenate([np.empty(0, np.uint64), *rows])
    n_runs = np.array([len(row) for row in rows], dtype=np.int64)
    tune = np.repeat(np.arange(len(names)), n_runs)
    family_of = np.repeat(np.array(family_numbers, dtype=np.int64), n_runs)
    rare = ~np.isin(hashes, _common(hashes, family_of)) & np.concatenate([np.empty(0, bool), *kept])
    hashes, first = np.unique(hashes[rare], return_index=True)
    keys, checks = _split(hashes)
    _, alone = np.unique(keys, return_index=True)
    owner = (checks << _TUNE_BITS) + tune[rare][first].astype(np.uint16)
    return QuoteIndex(keys[alone], owner[alone].astype(np.uint16), tuple(names))


def _split(hashes: NDArray[np.uint64]) -> tuple[NDArray[np.uint32], NDArray[np.uint16]]:
    """The upper 32 bits, and the three after them."""
    return (hashes >> np.uint64(32)).astype(np.uint32), (hashes >> np.uint64(29) & np.uint64(7)).astype(np.uint16)


def _winnowed(hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which of a melody's runs are the least of some `_WINDOW` neighbours."""
    kept = np.zeros(len(hashes), dtype=bool)
    if len(hashes):
        windows = np.lib.stride_tricks.sliding_window_view(hashes, min(_WINDOW, len(hashes)))
        kept[np.arange(len(windows)) + np.argmin(windows, axis=1)] = True
    return kept


def _is_tune(melody: Melody, n_runs: int) -> NDArray[np.bool_]:
    """Which of a melody's runs have `FEWEST_PITCHES` or more."""
    if not n_runs:
        return np.zeros(0, dtype=bool)
    windows = np.sort(np.lib.stride_tricks.sliding_window_view(np.array(melody.pitches), QUOTE_NOTES), axis=1)
    return np.asarray(1 + (np.diff(windows, axis=1) > 0).sum(axis=1) >= FEWEST_PITCHES)


def _common(hashes: NDArray[np.uint64], families: Ints) -> NDArray[np.uint64]:
    """The runs that more than `MOST_FAMILIES` families have."""
    order = np.lexsort((families, hashes))
    runs, owners = hashes[order], families[order]
    new = np.ones(len(runs), dtype=bool)  # the first run of each family
    new[1:] = (runs[1:] != runs[:-1]) | (owners[1:] != owners[:-1])
    values, counts = np.unique(runs[new], return_counts=True)
    return values[counts > MOST_FAMILIES]


def save_quotes(index: QuoteIndex, path: str | Path) -> None:
    """Write an index as a compressed NumPy archive without pickle, the same bytes for the same index."""
    arrays = {
        "steps": np.diff(index.keys, prepend=np.uint32(0)).view(np.uint8).reshape(-1, 4).T,  # a plane a byte packs well
        "owners": index.owners,
        "tunes": np.frombuffer("\n".join("\t".join(pair) for pair in index.tunes).encode(), dtype=np.uint8),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.save(member, np.ascontiguousarray(array), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, member.getvalue(), compresslevel=9)
    write_atomically(path, buffer.getvalue())


def load_quotes(path: str | Path) -> QuoteIndex:
    """Read an index. Raises `FileProblem` for a file that is missing, truncated or of another kind."""
    try:
        with Path(path).open("rb") as file, np.load(file, allow_pickle=False) as archive:
            steps, owners, text = archive["steps"], archive["owners"], bytes(archive["tunes"]).decode()
        keys = np.cumsum(np.ascontiguousarray(steps.T).view(np.uint32).ravel(), dtype=np.uint32)
        tunes = [line.partition("\t") for line in text.split("\n")]
        if owners.shape != keys.shape or owners.dtype != np.uint16 or np.any(owners % _MOST_TUNES >= len(tunes)):
            raise ValueError("keys and owners do not fit")
    except _UNREADABLE as fault:
        raise FileProblem(
            "is not a complete index of quotes", where=str(path), remedy="Install musicedu again"
        ) from fault
    return QuoteIndex(keys, owners, tuple((name, title) for name, _, title in tunes))


@lru_cache(maxsize=1)
def shipped_quotes() -> QuoteIndex:
    """The index that comes with the package."""
    return load_quotes(data_path("quotes.npz"))


def find_quote(melody: Melody) -> Quote | None:
    """The longest run of ten notes or more that a melody shares with a tune of the shipped index, if any."""
    return shipped_quotes().find(melody)
