"""Varying a phrase and walking from one to another, in the space that a VAE has learnt.

A phrase is a point there: its latent, and the ranks of its attributes that the decoder is told. Either may be moved.
The latent is moved as the learnt prior sees it, in standard deviations from what the attributes would lead one to
expect, so that a phrase that is asked to become easier keeps what was its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from musicedu.attributes.on_grid import GRID_ATTRIBUTES
from musicedu.encoding.events import Window, line_of_events
from musicedu.encoding.features import CONDITION_ATTRIBUTES, condition_vector
from musicedu.errors import UnknownName, Unsatisfiable
from musicedu.generation.decoding import draw_phrases
from musicedu.generation.free import free_ahead
from musicedu.generation.lookahead import LookAhead
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
"""What may be wished in words: by how much of the scale from -1 to 1 each attribute's rank is moved."""


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


def wish_named(name: str) -> dict[str, float]:
    """A wish in words as moves of ranks; `UnknownName` lists the wishes."""
    if name not in WISHES:
        raise UnknownName(f"no wish is called {name!r}", remedy=f"Choose from {', '.join(WISHES)}")
    return WISHES[name]


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
    n_draws: int = 8,
    ahead: LookAhead | None = None,
) -> Window:
    """A variation of a phrase: of `n_draws` that stray by `amount`, the one whose moved attributes are as asked.

    moves: by how much the ranks of attributes are moved, such as `WISHES["more leaps"]`. Without moves and amount it is
    the reconstruction. Of several that are as near, the one that keeps most of the phrase is taken.
    """
    goal = asked(vae, point_of(vae, window), moves or {})
    points = [strayed(vae, goal, amount, rng) for _ in range(n_draws)]
    found = played(vae, points, ahead=ahead)
    columns = [CONDITION_ATTRIBUTES.index(name) for name in moves or {}]
    misses = [_miss(vae, one, goal.ranks, columns) + 0.5 * difference(window, one) for one in found]
    return found[int(np.argmin(misses))]


def _miss(vae: NumpyVae, window: Window, wanted: Floats, columns: Sequence[int]) -> float:
    if not columns:
        return 0.0
    return float(np.abs(ranks_of_window(vae, window) - wanted)[list(columns)].mean())


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
