"""A phrase made easier: the one nearest to it that obeys a level, and still the same tune.

What a tune keeps is chosen by what ears keep of it: the notes on strong beats, its first and its last note, the way the
line goes; what it loses first is what lies between the beats, as in the reductions of Lerdahl and Jackendoff (1983).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from musicedu.encoding.events import Window, line_of_events
from musicedu.encoding.vocabulary import LOWEST_PITCH, N_PITCHES, N_VALUES, VALUES
from musicedu.evaluation.level_windows import level_ahead, obeys
from musicedu.exercise.frames import NATURALS
from musicedu.generation.cheapest import CheapestAhead, Costs
from musicedu.generation.rules import Mask
from musicedu.grid import Grid, GridLine
from musicedu.syllabus.levels import level

KEPT_SHARE = 0.6
"""The least share of strong notes that must keep place and pitch for a tune to be called the same."""

STRONG_WEIGHT = -1
"""The metrical weight from which a note is strong: the barline, and the middle of a measure or the beats of three."""

_IMPORTANCE = {0: 4.0, -1: 3.0, -2: 2.0, -3: 1.0}
_LEAST_IMPORTANCE = 0.6
_EDGE = 1.5
_REPEATED = 0.5
_OTHER_PITCH, _SEMITONE, _OTHER_OCTAVE = 0.6, 0.1, 0.9
_ADDED, _ADDED_SEMITONE = 1.5, 0.1
_SILENCED, _FILLED = 1.5 / 12, 0.3 / 12
_OFF_INTERVAL, _TURNED, _STANDS_STILL = 0.04, 0.15, 0.4
Floats = NDArray[np.float64]
_PITCHES = np.arange(N_PITCHES)


def simplify(window: Window, number: int) -> Window | None:
    """The phrase nearest to a window that obeys a level; the window itself if it does.

    It stays within the compass of the window, and at least `KEPT_SHARE` of the strong notes keep place and pitch. At
    levels without upbeats it begins with the first full measure. None if that cannot be, or the level has not the metre
    or the mode. The same window always gives the same.
    """
    if obeys(window, number):
        return window
    grid = window.grid if level(number).anacrusis else replace(window.grid, phase=0)
    ahead = _ahead_of(number, grid, is_minor=window.is_minor)
    line = _line_on(window, grid)
    if ahead is None or not len(line.onsets):
        return None
    events = ahead.cheapest(_costs(line), _reaches(line, level(number).range))
    if events is None:
        return None
    easier = replace(window, grid=grid, events=events)
    return easier if kept_share(window, easier) >= KEPT_SHARE and obeys(easier, number) else None


def kept_share(window: Window, other: Window) -> float:
    """The share of a window's strong notes that another has at the same place and pitch; 0 without strong notes."""
    strong = _placed(window, STRONG_WEIGHT)
    return len(strong & _placed(other, STRONG_WEIGHT)) / len(strong) if strong else 0.0


def _placed(window: Window, least_weight: int) -> set[tuple[int, int]]:
    """Where notes of some weight begin, counted from the first barline, and their pitches."""
    line = line_of_events(window.events, window.grid.weights())
    notes = zip(line.onsets.tolist(), line.pitches.tolist(), strict=True)
    begin = _upbeat(window.grid)
    return {(onset - begin, pitch) for onset, pitch in notes if line.weights[onset] >= least_weight}


def _upbeat(grid: Grid) -> int:
    """The steps before the first barline."""
    return -grid.phase % grid.measure_ticks


def _line_on(window: Window, grid: Grid) -> GridLine:
    """The notes of a window on its own grid, or from its first barline on if the grid begins there.

    What is then left of the last measure belongs to the last note, or to the rest that the window ends with.
    """
    line = line_of_events(window.events, grid.weights())
    begin = 0 if grid == window.grid else _upbeat(window.grid)
    onsets, ends = np.maximum(line.onsets, begin), line.onsets + line.durations
    ends = np.where(ends == line.n_ticks, line.n_ticks + begin, ends)
    kept = ends > onsets
    return GridLine(onsets[kept] - begin, (ends - onsets)[kept], line.pitches[kept], line.weights)


@lru_cache(maxsize=64)
def _ahead_of(number: int, grid: Grid, *, is_minor: bool) -> CheapestAhead | None:
    ahead = level_ahead(number, grid, is_minor=is_minor)
    return None if ahead is None else CheapestAhead(ahead.rules)


def _reaches(line: GridLine, size: int) -> Mask:
    """Every stretch of `size` letters within the compass of a line, as sets of pitches; 0: its whole compass."""
    lowest, highest = int(line.pitches.min()) - LOWEST_PITCH, int(line.pitches.max()) - LOWEST_PITCH
    naturals = [index for index in range(lowest, highest + 1) if NATURALS[index]]
    if not size or len(naturals) <= size:
        return ((lowest <= _PITCHES) & (highest >= _PITCHES))[None]
    ends = zip(naturals, naturals[size - 1 :], strict=False)
    return np.array([(low <= _PITCHES) & (high >= _PITCHES) for low, high in ends])


@dataclass(frozen=True)
class _Tune:
    """A tune by steps: importance of the note that begins there (0: none), pitch that sounds or did last, silence."""

    importance: Floats
    pitch: NDArray[np.int64]
    is_silent: Mask


def _costs(line: GridLine) -> Costs:
    """What every event costs as part of a simpler version of a line."""
    tune = _tune(line)
    lost = _lost(tune)
    silent = np.append(0, np.cumsum(tune.is_silent))
    begins = _beginning(tune)
    n_ticks = line.n_ticks
    notes = np.full((n_ticks, N_VALUES, N_PITCHES), np.inf)
    ties, rests = notes.copy(), np.full((n_ticks, N_VALUES), np.inf)
    for index, value in enumerate(VALUES):
        first, end = np.arange(max(0, n_ticks - value + 1)), np.arange(value, n_ticks + 1)
        filled = _FILLED * (silent[end] - silent[first])[:, None]
        notes[first, index] = begins[first] + lost[end] - lost[first + 1] + filled
        ties[first, index] = lost[end] - lost[first] + filled
        silenced = _SILENCED * (value - (silent[end] - silent[first]))
        rests[first, index] = (lost[end] - lost[first]).max(axis=1) + silenced
    return Costs(notes, ties, rests, _moves(tune))


def _tune(line: GridLine) -> _Tune:
    n_ticks = line.n_ticks
    importance, is_silent = np.zeros(n_ticks), np.ones(n_ticks, dtype=bool)
    pitch = np.full(n_ticks, line.pitches[0] - LOWEST_PITCH)
    for onset, duration, sounding in zip(line.onsets, line.durations, line.pitches, strict=True):
        importance[onset] = _IMPORTANCE.get(int(line.weights[onset]), _LEAST_IMPORTANCE)
        pitch[onset:] = sounding - LOWEST_PITCH
        is_silent[onset : onset + duration] = False
    importance[line.onsets[[0, -1]]] *= _EDGE
    return _Tune(importance, pitch, is_silent)


def _lost(tune: _Tune) -> Floats:
    """What it costs that the notes before a step do not begin while a pitch sounds: (n_ticks + 1, `N_PITCHES`).

    A note that only repeats the pitch is missed less.
    """
    same = tune.pitch[:, None] == _PITCHES
    lost = tune.importance[:, None] * np.where(same, _REPEATED, 1.0)
    return np.concatenate([np.zeros((1, N_PITCHES)), np.cumsum(lost, axis=0)])


def _beginning(tune: _Tune) -> Floats:
    """What it costs that a pitch begins at a step: (n_ticks, `N_PITCHES`)."""
    off = np.abs(tune.pitch[:, None] - _PITCHES)
    changed = np.where(off > 0, _OTHER_PITCH + _SEMITONE * off, 0.0)
    changed = np.where((off > 0) & (off % 12 == 0), _OTHER_OCTAVE, changed)
    begins = tune.importance[:, None]
    return np.where(begins > 0, begins * changed, _ADDED + _ADDED_SEMITONE * off)


def _moves(tune: _Tune) -> list[Floats]:
    """What every move costs, for every step: how far it is from the move that the tune makes there."""
    wanted = np.diff(tune.pitch, prepend=tune.pitch[0])
    of_interval = {interval: _prices_of_moves(interval) for interval in set(wanted.tolist())}
    return [of_interval[interval] for interval in wanted.tolist()]


@lru_cache(maxsize=128)
def _prices_of_moves(wanted: int) -> Floats:
    made = _PITCHES[None] - _PITCHES[:, None]
    price = _OFF_INTERVAL * np.minimum(np.abs(made - wanted), 12)
    price += _TURNED * (np.sign(made) * np.sign(wanted) < 0) + _STANDS_STILL * ((made == 0) & (wanted != 0))
    return np.vstack([price, np.zeros((1, N_PITCHES))])
