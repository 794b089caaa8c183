"""Quotes: which tune of the collections a melody shares a run of notes with, told without the collections.

What travels with the package is no tune, but a sorted array of numbers: hashes of runs of ten notes (intervals and
relative note values, so that neither key nor tempo hides one) with the tune and the place in it, thinned by winnowing
(Schleimer, Wilkerson and Aiken 2003): of every three neighbours the least is kept, so that a shared run of twelve notes
is certain to be seen, and some of ten or eleven are. Runs that three families of tunes have, and runs of fewer than
four pitches, are nobody's.

Runs that follow each other in the melody and in one place of one tune are one shared run. It is a quote if it says
enough (`musicedu.originality.run_information`): a run of b bits is met by luck once in 2**b pairs of a place in the
melody and a place in the index, so b must exceed the pairs that there are by `MARGIN_BITS`. What does not is a scale,
broken thirds, a finger exercise, or common property.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from musicedu.arrays import read_arrays
from musicedu.attributes.runs import run_hashes
from musicedu.data import data_path
from musicedu.errors import FileProblem
from musicedu.melody import Melody
from musicedu.originality.run_information import NO_MOVES, TuneMoves, count_moves
from musicedu.storage import write_atomically

QUOTE_NOTES = 10
CERTAIN_NOTES = 12
MOST_FAMILIES = 2
FEWEST_PITCHES = 4
MARGIN_BITS = 12.0

_WINDOW = CERTAIN_NOTES - QUOTE_NOTES + 1
_TUNE_BITS = 13
_MOST_TUNES = 2**_TUNE_BITS
_FARTHEST = 2**16 - 1
_MOST_BYTES = 64 * 2**20
_UNREADABLE = (KeyError, ValueError, OSError)

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Quote:
    """first, n_notes: which notes of the melody, counted from 0, and how many at least; tune, title: whose they are;
    tune_first: with which of its notes the run begins there; bits: how much the run says.
    """

    first: int
    n_notes: int
    tune: str
    title: str
    tune_first: int
    bits: float

    @property
    def name(self) -> str:
        """The tune as a sentence names it."""
        return f"{self.title.rstrip('.') or 'a tune without a title'} ({self.tune})"


@dataclass(frozen=True, eq=False)
class QuoteIndex:
    """keys: (n,) sorted, the upper 32 bits of a run's hash; owners: (n,) three more bits of it, and the tune's number;
    places: (n,) the note of the tune at which the run begins.

    tunes: id and title of each tune; moves: what follows what in them. Two runs have the same 35 bits by chance once in
    34 thousand million pairs.
    """

    keys: NDArray[np.uint32]
    owners: NDArray[np.uint16]
    places: NDArray[np.uint16]
    tunes: tuple[tuple[str, str], ...]
    moves: TuneMoves

    def find(self, melody: Melody) -> Quote | None:
        """The run that says most of those that a melody shares with one tune in one place; None if none is a quote."""
        hashes = run_hashes(melody, QUOTE_NOTES).view(np.uint64)
        if not len(hashes) or not len(self.keys):
            return None
        keys, checks = _split(hashes)
        rows = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        at = np.flatnonzero((self.keys[rows] == keys) & (self.owners[rows] >> _TUNE_BITS == checks))
        if not len(at):
            return None
        tune = self.owners[rows[at]].astype(np.int64) % _MOST_TUNES
        first, last, tune, place = _shared_runs(at, tune, self.places[rows[at]].astype(np.int64))
        said = np.concatenate([[0.0, 0.0], np.cumsum(self.moves.bits(melody))])  # of the notes before each
        bits = said[last] - said[first + 1]  # the first note of a run comes from nowhere
        best = int(np.lexsort((first, -bits))[0])
        if bits[best] < np.log2(len(hashes) * len(self.keys)) + MARGIN_BITS:
            return None
        name, title = self.tunes[tune[best]]
        n_notes = int(last[best] - first[best])
        return Quote(int(first[best]), n_notes, name, title, int(place[best]), round(float(bits[best]), 1))


def _shared_runs(at: Ints, tune: Ints, place: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Join runs that go on in the melody and in the tune: their first notes, the notes after their last, tunes, places.

    at: (n,) where runs begin in the melody; tune, place: whose they are, and where they begin there.
    """
    order = np.lexsort((at, place - at, tune))
    at, tune, place = at[order], tune[order], place[order]
    new = np.ones(len(at), dtype=bool)
    new[1:] = (np.diff(tune) != 0) | (np.diff(place - at) != 0) | (np.diff(at) >= QUOTE_NOTES)
    begins = np.flatnonzero(new)
    last = at[np.append(begins[1:], len(at)) - 1] + QUOTE_NOTES
    return at[begins], last, tune[begins], place[begins]


def build_quotes(tunes: Iterable[tuple[str, str, str, Melody]]) -> QuoteIndex:
    """Index tunes, given as (id, title, family, melody). `ValueError` for more than 8,192 of them."""
    names: list[tuple[str, str]] = []
    families: dict[str, int] = {}
    rows: list[NDArray[np.uint64]] = []
    kept: list[NDArray[np.bool_]] = []
    family_numbers: list[int] = []
    moves = NO_MOVES
    for name, title, family, melody in tunes:
        moves += count_moves(melody)
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
    place = np.concatenate([np.empty(0, np.int64), *(np.arange(len(row)) for row in rows)])
    family_of = np.repeat(np.array(family_numbers, dtype=np.int64), n_runs)
    rare = ~np.isin(hashes, _common(hashes, family_of)) & np.concatenate([np.empty(0, bool), *kept])
    hashes, first = np.unique(hashes[rare], return_index=True)
    keys, checks = _split(hashes)
    _, alone = np.unique(keys, return_index=True)
    owner = (checks << _TUNE_BITS) + tune[rare][first].astype(np.uint16)
    places = np.minimum(place[rare][first], _FARTHEST).astype(np.uint16)
    return QuoteIndex(keys[alone], owner[alone].astype(np.uint16), places[alone], tuple(names), moves)


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
        "places": index.places.view(np.uint8).reshape(-1, 2).T,
        "moves": index.moves.moves,
        "values": index.moves.values,
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
        arrays = read_arrays(Path(path).read_bytes(), most_bytes=_MOST_BYTES)
        steps, owners, text = arrays["steps"], arrays["owners"], bytes(arrays["tunes"]).decode()
        places, moves = arrays["places"], TuneMoves(arrays["moves"], arrays["values"])
        keys = np.cumsum(np.ascontiguousarray(steps.T).view(np.uint32).ravel(), dtype=np.uint32)
        places = np.ascontiguousarray(places.T).view(np.uint16).ravel()
        tunes = [line.partition("\t") for line in text.split("\n")]
        if not owners.shape == keys.shape == places.shape or owners.dtype != np.uint16:
            raise ValueError("keys, owners and places do not fit")
        if np.any(owners % _MOST_TUNES >= len(tunes)):
            raise ValueError("an owner is no tune")
    except _UNREADABLE as fault:
        raise FileProblem(
            "is not a complete index of quotes", where=str(path), remedy="Install musicedu again"
        ) from fault
    return QuoteIndex(keys, owners, places, tuple((name, title) for name, _, title in tunes), moves)


@lru_cache(maxsize=1)
def shipped_quotes() -> QuoteIndex:
    """The index that comes with the package."""
    return load_quotes(data_path("quotes.npz"))


def find_quote(melody: Melody) -> Quote | None:
    """What a melody quotes of a tune of the shipped index, if anything: see `QuoteIndex.find`."""
    return shipped_quotes().find(melody)
