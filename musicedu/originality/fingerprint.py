"""An index of recordings by their constellations: which one is this excerpt from, where, and how sure is that?

Three steps, as in Sonnleitner and Widmer (2016): equal hashes vote for a recording and a place in it; for the best of
these, the tempo ratio that most votes agree on is found; and then the stars of the excerpt are laid over those of the
recording. Unlike there, stars are weighed by their strengths: of two tunes that share a rhythm many stars fall
together, but seldom the strong ones. Tempo may differ by 10 %; pitch may not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musicedu.originality.constellation import (
    Floats,
    Hashes,
    Ints,
    Stars,
    find_stars,
    frames_to_sec,
    hash_stars,
)

MOST_TEMPO_CHANGE = 0.10
LEAST_CONFIDENCE = 0.75
"""Below it an excerpt is said to be of none of the recordings; see `benchmarks/fingerprint.py` for what it costs."""

_COARSE_FRAMES = 32
_N_CANDIDATES = 24
_TEMPO_STEPS = 41
_FEWEST_TO_FIT = 5  # different moments that agree, for a line through them
_VOTE_FRAMES, _STAR_FRAMES = 2, 2
_BOUND = 2.1  # standard deviations: a likeness of few stars counts for less
_MOST_RECORDINGS, _MOST_FRAMES = 2**16, 2**16 - 1


@dataclass(frozen=True, slots=True)
class Match:
    """Where an excerpt is from.

    name: of the recording; offset_sec: where in it the excerpt begins; tempo_ratio: the excerpt's tempo by the
    recording's, above 1 where it is played faster; confidence: 0 to 1, how alike their stars are (the cosine of their
    strengths, of which the lower bound of Wilson's interval is taken, since a few stars are soon alike).
    """

    name: str
    offset_sec: float
    tempo_ratio: float
    confidence: float


@dataclass(frozen=True, eq=False)
class FingerprintIndex:
    """Hashes and stars of recordings, as flat arrays; `build_index` makes one, `fingerprint_file` keeps it on disk.

    Hash `h` is found at postings `starts[i]` to `starts[i + 1]` where `values[i] == h`: `recordings`, `frames` and
    `spans` say where. The stars of recording `r` are `star_frames` and `star_bands` from `star_starts[r]` on.
    """

    names: tuple[str, ...]
    values: NDArray[np.uint32]
    starts: NDArray[np.uint32]
    recordings: NDArray[np.uint16]
    frames: NDArray[np.uint16]
    spans: NDArray[np.uint8]
    star_starts: NDArray[np.uint32]
    star_frames: NDArray[np.uint16]
    star_bands: NDArray[np.uint8]
    star_strengths: NDArray[np.float16]

    def __len__(self) -> int:
        return len(self.names)

    def identify(self, y: Floats, sr: int, *, least_confidence: float = LEAST_CONFIDENCE) -> Match | None:
        """Name the recording that an excerpt is from; None where no recording reaches `least_confidence`.

        y: mono, some seconds; sr: hertz.
        """
        best = next(iter(self.candidates(y, sr)), None)
        return best if best is not None and best.confidence >= least_confidence else None

    def candidates(self, y: Floats, sr: int) -> tuple[Match, ...]:
        """The recordings that an excerpt may be from, the likeliest first, whatever their confidence."""
        stars = find_stars(y, sr)
        votes = self._votes(hash_stars(stars))
        found: dict[int, Match] = {}
        for recording, place in _crowded(votes, len(self)):
            near = (votes.recordings == recording) & (np.abs(votes.recorded - votes.heard - place) <= _COARSE_FRAMES)
            offset, stretch = _alignment(votes.heard[near], votes.recorded[near])
            confidence = self._confidence(stars, recording, offset, stretch)
            if recording not in found or confidence > found[recording].confidence:
                begin_sec = frames_to_sec(max(0.0, offset))
                found[recording] = Match(self.names[recording], begin_sec, stretch, confidence)
        return tuple(sorted(found.values(), key=lambda match: -match.confidence))

    def _votes(self, hashes: Hashes) -> _Votes:
        """All places in recordings that have a hash of the excerpt and nearly its span."""
        if not len(self.values):
            return _Votes(*(np.empty(0, np.int64),) * 3)
        place = np.searchsorted(self.values, hashes.values)
        known = np.flatnonzero(self.values[np.minimum(place, len(self.values) - 1)] == hashes.values)
        begin, end = (self.starts[place[known] + side].astype(np.int64) for side in (0, 1))
        asked = np.repeat(known, end - begin)
        within = np.arange(len(asked)) - np.repeat(np.cumsum(end - begin) - (end - begin), end - begin)
        posting = np.repeat(begin, end - begin) + within
        stretch = self.spans[posting] / hashes.spans[asked]
        alike = np.abs(np.log(stretch)) <= np.log(1 + MOST_TEMPO_CHANGE) + 0.02
        posting, asked = posting[alike], asked[alike]
        recorded, heard = self.frames[posting].astype(np.int64), hashes.frames[asked]
        return _Votes(self.recordings[posting].astype(np.int64), recorded, heard)

    def _stars_of(self, recording: int, first: int, last: int) -> Stars:
        """The stars of a recording between two frames, both included."""
        begin, end = self.star_starts[recording], self.star_starts[recording + 1]
        frames = self.star_frames[begin:end].astype(np.int64)
        low, high = np.searchsorted(frames, first), np.searchsorted(frames, last, side="right")
        rows = slice(begin + low, begin + high)
        return Stars(frames[low:high], self.star_bands[rows].astype(np.int64), self.star_strengths[rows].astype(float))

    def _confidence(self, stars: Stars, recording: int, offset: float, stretch: float) -> float:
        frames = np.rint(offset + stretch * stars.frames).astype(np.int64)
        heard = Stars(frames, stars.bands, stars.strengths)
        recorded = self._stars_of(recording, int(frames[0]) - _STAR_FRAMES, int(frames[-1]) + _STAR_FRAMES)
        return likeness(heard, recorded)


def likeness(one: Stars, other: Stars) -> float:
    """How alike two constellations are, 0 to 1, when laid over each other as they stand."""
    n_stars = (len(one.frames) + len(other.frames)) / 2
    energy = float(np.sum(one.strengths**2) * np.sum(other.strengths**2))
    if energy == 0:
        return 0.0
    near = np.abs(one.frames[:, None] - other.frames[None]) <= _STAR_FRAMES
    ours, theirs = np.nonzero(near & (one.bands[:, None] == other.bands[None]))
    cosine = min(1.0, float(np.sum(one.strengths[ours] * other.strengths[theirs])) / energy**0.5)
    spread = _BOUND**2 / n_stars
    lower = cosine + spread / 2 - (spread * cosine * (1 - cosine) + spread**2 / 4) ** 0.5
    return float(lower / (1 + spread))


@dataclass(frozen=True, eq=False)
class _Votes:
    recordings: Ints
    recorded: Ints
    heard: Ints


def build_index(recordings: Iterable[tuple[str, Floats, int]]) -> FingerprintIndex:
    """Index recordings, given as (name, samples, sample rate) one by one, so that only hashes are kept in memory.

    `ValueError` for a name given twice, for more than 65,536 recordings, and for one longer than 25 minutes.
    """
    names: list[str] = []
    stars: list[Stars] = []
    for name, y, sr in recordings:
        names.append(name)
        stars.append(find_stars(y, sr))
    return index_of(names, stars)


def index_of(names: Sequence[str], stars: Sequence[Stars]) -> FingerprintIndex:
    """Index recordings whose stars are known already; the same limits as `build_index`."""
    if len(set(names)) < len(names):
        raise ValueError("every recording needs a name of its own")
    if len(names) > _MOST_RECORDINGS or any(len(own.frames) and own.frames[-1] > _MOST_FRAMES for own in stars):
        raise ValueError("an index holds 65,536 recordings of 25 minutes at most")
    hashes = [hash_stars(own) for own in stars]
    all_values = np.concatenate([np.empty(0, np.int64), *(own.values for own in hashes)])
    order = np.argsort(all_values, kind="stable")
    values, counts = np.unique(all_values, return_counts=True)
    owners = np.repeat(np.arange(len(names)), [len(own.values) for own in hashes])
    return FingerprintIndex(
        tuple(names),
        values.astype(np.uint32),
        _running(counts),
        owners[order].astype(np.uint16),
        _joined([own.frames for own in hashes])[order].astype(np.uint16),
        _joined([own.spans for own in hashes])[order].astype(np.uint8),
        _running(np.array([len(own.frames) for own in stars], dtype=np.int64)),
        _joined([own.frames for own in stars]).astype(np.uint16),
        _joined([own.bands for own in stars]).astype(np.uint8),
        np.concatenate([np.empty(0), *(own.strengths for own in stars)]).astype(np.float16),
    )


def _joined(parts: Sequence[Ints]) -> Ints:
    return np.concatenate([np.empty(0, np.int64), *parts])


def _running(counts: Ints) -> NDArray[np.uint32]:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.uint32)


def _crowded(votes: _Votes, n_recordings: int) -> list[tuple[int, int]]:
    """The recordings and rough places (in frames) that get most votes, at most `_N_CANDIDATES`."""
    if not len(votes.recordings):
        return []
    cells = (votes.recorded - votes.heard) // _COARSE_FRAMES
    lowest = int(cells.min()) - 1
    width = int(cells.max()) - lowest + 2
    keys, counts = np.unique(votes.recordings * width + cells - lowest, return_counts=True)
    after = np.append(keys[1:] == keys[:-1] + 1, False)  # a place near a border has votes on both sides of it
    beside = np.where(after, np.append(counts[1:], 0), 0)
    best = np.argsort(-(counts + beside), kind="stable")[:_N_CANDIDATES]
    return [(int(key // width), int((key % width + lowest + 1) * _COARSE_FRAMES)) for key in keys[best]]


def _alignment(heard: Ints, recorded: Ints) -> tuple[float, float]:
    """The (offset, stretch) that most votes agree on: recorded = offset + stretch * heard, in frames."""
    best, agreeing = (0.0, 1.0), np.empty(0, np.int64)
    steps = np.linspace(-MOST_TEMPO_CHANGE, MOST_TEMPO_CHANGE, _TEMPO_STEPS)
    for stretch in 1 + steps[np.argsort(np.abs(steps), kind="stable")]:  # of equals, the one nearest to no change
        order = np.argsort(recorded - stretch * heard, kind="stable")
        offsets = (recorded - stretch * heard)[order]
        together = np.searchsorted(offsets, offsets + 2 * _VOTE_FRAMES, side="right") - np.arange(len(offsets))
        first = int(np.argmax(together))
        if together[first] > len(agreeing):
            agreeing = order[first : first + together[first]]
            best = (float(np.median(offsets[first : first + together[first]])), float(stretch))
    if len(np.unique(heard[agreeing])) < _FEWEST_TO_FIT:
        return best
    stretch, offset = np.polyfit(heard[agreeing], recorded[agreeing], 1)
    return float(offset), float(stretch)
