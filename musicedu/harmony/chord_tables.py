"""What a hidden Markov model of harmony knows: how chords follow one another, and which notes go over each.

Chords are counted from the tonic, so that one table serves all keys; major and minor have tables of their own. Counts
become probabilities by backing off to what is more general (Witten and Bell 1991): a transition to the motion of the
root, whatever the degree; a note to its interval above the root, whatever the degree.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from musicedu.arrays import read_array, read_members
from musicedu.data import data_path
from musicedu.errors import FileProblem
from musicedu.harmony.chord import QUALITIES, Chord, ChordAt
from musicedu.harmony.stretches import KINDS, PLACES, Stretch, stretches_of
from musicedu.melody import Key, Melody

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

MODES = ("major", "minor")
STATES: tuple[tuple[int, str], ...] = tuple((step, quality) for quality in QUALITIES for step in range(12))
"""The hidden states: semitones of the root above the tonic, and the quality."""

N_STATES = len(STATES)
_STEPS = np.array([step for step, _ in STATES])
_KIND = np.array([list(QUALITIES).index(quality) for _, quality in STATES])
_MOST_BYTES = 20_000_000
_UNREADABLE = (KeyError, ValueError, OSError, RecursionError)


@dataclass(frozen=True, eq=False)
class ChordTables:
    """Counts over training pieces, by mode.

    first: (2, n_states) the first chord of a piece; moves: (2, n_places, n_states, n_states) from chord to chord, by
    the place of the second; notes: (2, n_kinds, n_states, 12) steps above the tonic over a chord, by `KINDS`.
    account: what they were counted on, for people.
    """

    first: Counts
    moves: Counts
    notes: Counts
    account: Mapping[str, Any]

    def first_logs(self, mode: int) -> Floats:
        """Log-probability of a first chord, (n_states,)."""
        counts = self.first[mode] + 0.01
        return _logs(counts / counts.sum())

    @lru_cache(maxsize=64)  # noqa: B019 - the tables live as long as the process
    def move_logs(self, mode: int, place: int) -> Floats:
        """Log-probability of a chord after another, (before, after), where the second has a place."""
        pooled = self.moves[mode].sum(axis=0)
        general = _backed_off(_by_root_motion(pooled), _shares(pooled.sum(axis=0) + 0.01))
        anywhere = _backed_off(pooled, general)
        here = self.moves[mode, place]
        arrivals = _backed_off(here.sum(axis=0)[None], _shares(pooled.sum(axis=0) + 0.01))[0]
        mixed = anywhere * (
            arrivals / _shares(pooled.sum(axis=0) + 0.01)
        )  # what the place prefers, whatever came before
        return _logs(_backed_off(here, mixed / mixed.sum(axis=1, keepdims=True)))

    @lru_cache(maxsize=8)  # noqa: B019
    def note_logs(self, mode: int) -> Floats:
        """Log-probability of a step above the tonic over a chord, (n_kinds, n_states, 12)."""
        shares = [_backed_off(kind, _backed_off(_by_interval(kind), np.full(12, 1 / 12))) for kind in self.notes[mode]]
        return _logs(np.array(shares))


def count_chords(pieces: Iterable[tuple[Melody, tuple[ChordAt, ...]]], account: Mapping[str, Any]) -> ChordTables:
    """Count what the model knows on melodies with one chord a beat, in the key of each melody."""
    first = np.zeros((2, N_STATES), np.int64)
    moves = np.zeros((2, len(PLACES), N_STATES, N_STATES), np.int64)
    notes = np.zeros((2, len(KINDS), N_STATES, 12), np.int64)
    for melody, chords in pieces:
        mode, at = mode_of(melody.key), {one.onset: one.chord for one in chords}
        before = None
        for stretch in stretches_of(melody):
            if stretch.onset not in at:
                continue
            state = state_of(at[stretch.onset], stretch.key)
            if before is None:
                first[mode, state] += 1
            else:
                moves[mode, stretch.place, before, state] += 1
            for note in stretch.heard:
                notes[mode, note.kind, state, note.step] += 1
            before = state
    return ChordTables(first, moves, notes, dict(account))


def counted_shares(rows: Sequence[int], columns: Sequence[int], shape: tuple[int, int]) -> Floats:
    """How often each column was seen in each row, every count begun at 1 (Laplace), as shares that add up to 1 a row.

    >>> counted_shares([0, 0], [1, 1], (2, 2)).tolist()
    [[0.25, 0.75], [0.5, 0.5]]
    """
    counts = np.ones(shape)
    np.add.at(counts, (np.asarray(rows, dtype=int), np.asarray(columns, dtype=int)), 1)
    return _shares(counts)


def mode_of(key: Key) -> int:
    """The index into `MODES` of the tables for a key: modes with a minor third are read as minor."""
    return int(key.is_minor)


def state_of(chord: Chord, key: Key) -> int:
    """The state of a chord in a key."""
    return list(QUALITIES).index(chord.quality) * 12 + (chord.root - key.tonic_pitch_class) % 12


def chord_of(state: int, key: Key) -> Chord:
    """The chord of a state in a key."""
    step, quality = STATES[state]
    return Chord((key.tonic_pitch_class + step) % 12, quality)


def note_worth(tables: ChordTables, stretch: Stretch) -> Floats:
    """How likely each chord makes what the melody does in a stretch: log-probabilities, (n_states,)."""
    logs, worth = tables.note_logs(mode_of(stretch.key)), np.zeros(N_STATES)
    for note in stretch.heard:
        worth += logs[note.kind, :, note.step]
    return worth


def render_tables(tables: ChordTables) -> bytes:
    """Write tables as the bytes of a file; the same tables give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("account.json"), json.dumps(dict(tables.account), indent=1, sort_keys=True))
        for name in ("first", "moves", "notes"):
            array = io.BytesIO()
            np.save(array, getattr(tables, name).astype(np.int32), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), array.getvalue(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def load_tables(path: Path) -> ChordTables:
    """Read tables; `FileProblem` if the file is missing, damaged, too large or not a file of chord tables."""
    remedy = "Install musicedu again, or count them anew: musicedu train chords"
    if not path.is_file():
        raise FileProblem("there are no chord tables here", where=str(path), remedy=remedy)
    try:
        members = read_members(path.read_bytes(), most_bytes=_MOST_BYTES)
        account = json.loads(members["account.json"])
        read = {name: _counts(members[f"{name}.npy"]) for name in ("first", "moves", "notes")}
    except _UNREADABLE as fault:
        raise FileProblem(f"the chord tables cannot be read ({fault})", where=str(path), remedy=remedy) from fault
    wanted = {
        "first": (2, N_STATES),
        "moves": (2, len(PLACES), N_STATES, N_STATES),
        "notes": (2, len(KINDS), N_STATES, 12),
    }
    if {name: array.shape for name, array in read.items()} != wanted or any((a < 0).any() for a in read.values()):
        raise FileProblem("the chord tables are of another shape", where=str(path), remedy=remedy)
    return ChordTables(**read, account=account)


@lru_cache(maxsize=1)
def shipped_tables() -> ChordTables:
    """The tables that come with the package, counted on the training chorales."""
    return load_tables(data_path("models", "chords.npz"))


def _counts(data: bytes) -> Counts:
    array = read_array(data)
    if array.dtype.kind not in "iu":
        raise ValueError("counts are whole numbers")
    return array.astype(np.int64)


def _logs(shares: Floats) -> Floats:
    logs: Floats = np.log(np.maximum(shares, 1e-9))
    return logs


def _shares(counts: Floats) -> Floats:
    shares: Floats = counts / counts.sum(axis=-1, keepdims=True)
    return shares


def _backed_off(counts: NDArray[Any], general: Floats) -> Floats:
    """Shares of the counts of each row, mixed with `general` as Witten and Bell weigh them."""
    total = counts.sum(axis=-1, keepdims=True)
    kinds = np.maximum((counts > 0).sum(axis=-1, keepdims=True), 1)
    mixed: Floats = (counts + kinds * general) / (total + kinds)
    return mixed


def _by_root_motion(moves: NDArray[Any]) -> NDArray[Any]:
    """Counts of moves that forget the degree: what chords of each quality do, by the motion of the root."""
    motion = (_STEPS[None, :] - _STEPS[:, None]) % 12
    forgotten = np.zeros_like(moves)
    for quality in range(len(QUALITIES)):
        rows = np.equal(_KIND, quality)
        pooled = np.zeros((len(QUALITIES), 12), moves.dtype)
        np.add.at(pooled, (np.broadcast_to(_KIND, (rows.sum(), N_STATES)), motion[rows]), moves[rows])
        forgotten[rows] = pooled[np.broadcast_to(_KIND, (rows.sum(), N_STATES)), motion[rows]]
    return forgotten


def _by_interval(notes: NDArray[Any]) -> NDArray[Any]:
    """Counts of notes that forget the degree: each row holds what sounds over chords of its quality, from the root."""
    interval = (np.arange(12)[None, :] - _STEPS[:, None]) % 12
    forgotten = np.zeros_like(notes)
    for quality in range(len(QUALITIES)):
        rows = np.equal(_KIND, quality)
        pooled = np.zeros(12, notes.dtype)
        np.add.at(pooled, interval[rows], notes[rows])
        forgotten[rows] = pooled[interval[rows]]
    return forgotten
