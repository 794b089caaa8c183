"""Varying a phrase and walking from one to another, in the space that a VAE has learnt.

A phrase is a point there: its latent, and the ranks of its attributes that the decoder is told. Either may be moved.
The latent is moved as the learnt prior sees it, in standard deviations from what the attributes would lead one to
expect, so that a phrase that is asked to become easier keeps what was its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from musicedu.attributes.on_grid import GRID_ATTRIBUTES
from musicedu.encoding.events import Window, line_of_events
from musicedu.encoding.features import CONDITION_ATTRIBUTES, condition_vector
from musicedu.errors import UnknownName, Unsatisfiable
from musicedu.generation.decoding import draw_phrases
from musicedu.generation.lookahead import LookAhead, free_ahead
from musicedu.generation.numpy_vae import NumpyVae

Floats = NDArray[np.float64]
LIKELIEST = 1e-4
"""The temperature at which a phrase is what the decoder thinks likeliest."""

WISHES: dict[str, dict[str, float]] = {
    "easier": {"note_density": -0.4, "mean_interval": -0.3, "rhythm_entropy": -0.3, "syncopation": -0.3, "range": -0.3},
    "harder": {"note_density": 0.4, "mean_interval": 0.3, "rhythm_entropy": 0.3, "syncopation": 0.3, "range": 0.3},
    "more leaps": {"mean_interval": 0.5, "range": 0.3},
    "smoother": {"mean_interval": -0.5, "range": -0.3},
    "busier": {"note_density": 0.5},
    "calmer": {"note_density": -0.5},
    "higher": {"register": 0.5},
    "lower": {"register": -0.5},
}
"""What may be wished in words: how far each attribute's rank, from -1 to 1, is moved, the main one first."""


@dataclass(frozen=True)
class Point:
    """A phrase as a VAE holds it: latent (latent_dim,) and ranks of `CONDITION_ATTRIBUTES`; `window` has the metre."""

    z: Floats
    ranks: Floats
    window: Window

    @property
    def condition(self) -> Floats:
        """What the decoder is told."""
        window = self.window
        vector = condition_vector(
            [float(rank) for rank in self.ranks], window.grid, is_minor=window.is_minor,
            begins_tune=window.begins_tune, ends_tune=window.ends_tune,
        )  # fmt: skip
        return vector.astype(np.float64)


def ranks_of_window(vae: NumpyVae, window: Window) -> Floats:
    """Where each of a window's attributes stands among the training windows, from -1 to 1."""
    line = line_of_events(window.events, window.grid.weights())
    return np.array([vae.rank(name, GRID_ATTRIBUTES[name](line)) for name in CONDITION_ATTRIBUTES])


def point_of(vae: NumpyVae, window: Window) -> Point:
    """The point of a phrase: its own attributes, and the mean of its posterior."""
    there = Point(np.zeros(0), ranks_of_window(vae, window), window)
    return replace(there, z=vae.encode(window, there.condition)[0])


def asked(vae: NumpyVae, point: Point, moves: Mapping[str, float]) -> Point:
    """The point with the ranks of some attributes moved, within -1 to 1; the latent keeps its place in the prior."""
    ranks = point.ranks.copy()
    for name, move in moves.items():
        if name not in CONDITION_ATTRIBUTES:
            known = ", ".join(CONDITION_ATTRIBUTES)
            raise UnknownName(f"no attribute is called {name!r}", remedy=f"Choose from {known}")
        column = CONDITION_ATTRIBUTES.index(name)
        ranks[column] = np.clip(ranks[column] + move, -1, 1)
    new = replace(point, ranks=ranks)
    return replace(new, z=_placed(vae, new, _standing(vae, point)))


def strayed(vae: NumpyVae, point: Point, amount: float, rng: np.random.Generator) -> Point:
    """The point gone astray: 0 is where it was, 1 a draw from the prior that has nothing of it but its attributes."""
    if not 0 <= amount <= 1:
        raise ValueError(f"amount must be from 0 to 1, not {amount}")
    chance = rng.standard_normal(len(point.z))
    return replace(point, z=_placed(vae, point, np.sqrt(1 - amount**2) * _standing(vae, point) + amount * chance))


def _standing(vae: NumpyVae, point: Point) -> Floats:
    """The latent in standard deviations from the mean of the prior given the attributes."""
    mean, log_var = vae.prior(point.condition[None])
    standing: Floats = (point.z - mean[0]) / np.exp(0.5 * log_var[0])
    return standing


def _placed(vae: NumpyVae, point: Point, standing: Floats) -> Floats:
    mean, log_var = vae.prior(point.condition[None])
    placed: Floats = mean[0] + np.exp(0.5 * log_var[0]) * standing
    return placed


def played(
    vae: NumpyVae,
    points: Sequence[Point],
    *,
    ahead: LookAhead | None = None,
    temperature: float = LIKELIEST,
    rng: np.random.Generator | None = None,
) -> list[Window]:
    """Play points of one grid, under the rules of `ahead` or none; the likeliest unless `temperature` is higher."""
    grid = _grid_of(points)
    conditions = np.stack([point.condition for point in points])
    decoder = vae.decoder(np.stack([point.z for point in points]), conditions, grid.grid)
    chance = rng or np.random.default_rng(0)
    drawn = draw_phrases(ahead or free_ahead(grid.grid), decoder, len(points), chance, temperature=temperature)
    return [replace(point.window, events=events) for point, events in zip(points, drawn, strict=True)]


def _grid_of(points: Sequence[Point]) -> Window:
    first = points[0].window
    for point in points:
        if point.window.grid != first.grid:
            raise Unsatisfiable(
                f"a phrase of {_named(point.window)} does not lie on the grid of one of {_named(first)}",
                remedy="Choose phrases of one metre, one length and one upbeat",
            )
    return first


def _named(window: Window) -> str:
    grid = window.grid
    upbeat = " with an upbeat" if grid.phase else ""
    return f"{grid.n_measures} measures of {grid.metre}{upbeat}"


def vary(
    vae: NumpyVae,
    window: Window,
    rng: np.random.Generator,
    *,
    moves: Mapping[str, float] | None = None,
    amount: float = 0.2,
    n_draws: int = 64,
    ahead: LookAhead | None = None,
) -> Window:
    """A variation of a phrase: of `n_draws` that stray by `amount`, the one that does best what is asked.

    moves: by how much the ranks of attributes are moved, such as `WISHES["more leaps"]`. Without moves and amount it is
    the reconstruction. A latent that tells much resists what is asked, so later draws are told it more strongly, and
    with less of the latent. Best is what moves as far as was asked and nothing the wrong way, ends on the note that the
    phrase ends on, and keeps most of its notes.
    """
    here, wish = point_of(vae, window), dict(moves or {})
    found = played(vae, [strayed(vae, goal, amount, rng) for goal in _goals(vae, here, wish, n_draws)], ahead=ahead)
    misses = np.array([_KEEPING * (1 - kept_notes(window, one)) + _SOUNDING * difference(window, one) for one in found])
    if wish:
        columns = [CONDITION_ATTRIBUTES.index(name) for name in wish]
        wanted = (asked(vae, here, wish).ranks - here.ranks)[columns]
        moved = np.array([(ranks_of_window(vae, one) - here.ranks)[columns] for one in found])
        misses += _disobedience(moved, wanted, np.sign(list(wish.values())))
        misses += _ENDING * np.array([_last_sounding(one) != _last_sounding(window) for one in found])
    return found[int(np.argmin(misses))]


_STRENGTHS, _LET_GO = (0.5, 3.0), (0.0, 0.6)
"""From the first draw to the last: how many times as strongly it is told what is asked, and how much it forgets."""
_KEEPING, _SOUNDING, _ENDING, _ASTRAY, _STAYING, _LEAST_MOVE = 0.8, 0.3, 0.3, 1.0, 8.0, 0.2


def _goals(vae: NumpyVae, here: Point, wish: Mapping[str, float], n_draws: int) -> Iterator[Point]:
    """Where the draws begin: what is asked, ever more strongly and with less of the latent."""
    if n_draws == 1 or not wish:
        yield from [asked(vae, here, wish)] * n_draws
        return
    for strength, let_go in zip(np.linspace(*_STRENGTHS, n_draws), np.linspace(*_LET_GO, n_draws), strict=True):
        goal = asked(vae, here, {name: strength * move for name, move in wish.items()})
        yield replace(goal, z=_placed(vae, goal, (1 - let_go) * _standing(vae, goal)))


def _disobedience(moved: Floats, wanted: Floats, signs: Floats) -> Floats:
    """How far draws, (draws, attributes), miss what was wanted; the wrong way weighs more, and staying most."""
    missed = np.abs(moved - wanted).mean(axis=1)
    astray = np.maximum(0, -moved * signs).mean(axis=1)
    stayed = np.maximum(0, _LEAST_MOVE - (moved * signs).mean(axis=1))
    disobedience: Floats = missed + _ASTRAY * astray + _STAYING * stayed
    return disobedience


def _last_sounding(window: Window) -> int:
    """The pitch class of the last step, or a number below 0 where it is silent."""
    pitch = int(_sounding(window)[-1])
    return pitch % 12 if pitch > 0 else -1


def kept_notes(one: Window, other: Window) -> float:
    """The share of notes that two windows share (onset and pitch), of the one that has fewer, from 0 to 1.

    A phrase thinned out, and one with notes put between, keep all of theirs. Two empty windows share everything.
    """
    lines = (line_of_events(window.events, window.grid.weights()) for window in (one, other))
    first, second = (set(zip(line.onsets, line.pitches, strict=True)) for line in lines)
    fewer = min(len(first), len(second))
    return len(first & second) / fewer if fewer else float(len(first) == len(second))


def difference(one: Window, other: Window) -> float:
    """The share of the steps at which two windows of one grid sound unlike (another pitch, or silence), from 0 to 1."""
    first, second = (_sounding(window) for window in (one, other))
    if len(first) != len(second):
        raise ValueError(f"one window lasts {len(first)} steps, the other {len(second)}")
    return float((first != second).mean())


def _sounding(window: Window) -> NDArray[np.int64]:
    weights = window.grid.weights()
    line, steps = line_of_events(window.events, weights), np.zeros(len(weights), np.int64)
    for onset, duration, pitch in zip(line.onsets, line.durations, line.pitches, strict=True):
        steps[onset : onset + duration] = pitch
    return steps


def between(one: Point, other: Point, n: int, *, along: str = "sphere") -> list[Point]:
    """`n` points from one phrase to another, ends included: on a line, or on a sphere (slerp, Shoemake 1985).

    High-dimensional normal latents lie near a sphere, and a straight line passes through its empty middle (White 2016).
    Attributes go on a line, metre and mode are the nearer end's. `Unsatisfiable` if the ends are of different grids.
    """
    _grid_of([one, other])
    if n < 2:
        raise ValueError(f"a way needs 2 points at least, not {n}")
    if along not in ("sphere", "line"):
        raise UnknownName(f"no way is called {along!r}", remedy="Choose from sphere, line")
    points = []
    for share in np.linspace(0, 1, n):
        z = _on_sphere(one.z, other.z, share) if along == "sphere" else (1 - share) * one.z + share * other.z
        ranks = (1 - share) * one.ranks + share * other.ranks
        points.append(Point(z, ranks, (one if share <= 0.5 else other).window))
    return points


def _on_sphere(one: Floats, other: Floats, share: float) -> Floats:
    lengths = np.linalg.norm(one), np.linalg.norm(other)
    if min(lengths) == 0:
        return (1 - share) * one + share * other
    cosine = float(np.clip(one @ other / (lengths[0] * lengths[1]), -1, 1))
    angle = np.arccos(cosine)
    if np.sin(angle) < 1e-6:
        return (1 - share) * one + share * other
    mixed: Floats = (np.sin((1 - share) * angle) * one + np.sin(share * angle) * other) / np.sin(angle)
    return mixed
