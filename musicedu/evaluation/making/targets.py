"""What was aimed at, beside what was reached: every miss is a line of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isnan

from musicedu.evaluation.making.record import Record
from musicedu.evaluation.making.sweep import BEST_OF, PEOPLE, TO_VARY, Row

Value = Callable[[Row], float]


@dataclass(frozen=True)
class Reached:
    """One target at one length: what it is about, the figure, the bound, and whether it is met."""

    engine: str
    words: str
    n_measures: int
    figure: float
    bound: str
    is_met: bool


def _lowest_control(row: Row) -> float:
    return row.weakest_control[1]


def _of(name: str) -> Value:
    return lambda row: row.mean(name)


_AT_LEAST: tuple[tuple[str, int, str, Value, float], ...] = (
    ("control, best of 16", BEST_OF, "matched", _of("control"), 0.98),
    ("its weakest attribute", BEST_OF, "matched", _lowest_control, 0.95),
    ("control, one draw", 1, "matched", _of("control"), 0.85),
    ("its weakest attribute, one draw", 1, "matched", _lowest_control, 0.70),
    ("control, asked independently, best of 16", BEST_OF, "independent", _of("control"), 0.95),
    ("overlap with held-out tunes", BEST_OF, "matched", _of("overlap"), 0.93),
    ("windows that are unique", BEST_OF, "matched", _of("unique"), 0.99),
    ("spread of answers to one request, of real tunes'", BEST_OF, "matched", _of("spread_within"), 0.80),
    ("given back: steps", 1, "reconstruction", _of("steps"), 0.90),
    ("given back: onset pitch", 1, "reconstruction", _of("onset_pitch"), 0.75),
    ("given back: onset F", 1, "reconstruction", _of("onset_f"), 0.95),
)
_NATS, _SLOWEST_MS, _NEAR = 0.10, 50.0, 0.03


def reached(record: Record, engine: str) -> Iterator[Reached]:
    """Every target of an engine for which the record has the rows."""
    for n_measures in record.lengths:
        for words, draws, kind, value, least in _AT_LEAST:
            row = record.find(engine, draws, n_measures, kind)  # type: ignore[arg-type]
            if row is not None and not isnan(value(row)):
                figure = value(row)
                yield Reached(engine, words, n_measures, figure, f"at least {least:.2f}", figure >= least)
        yield from _beside_people(record, engine, n_measures)
        yield from _beside_vae(record, engine, n_measures)


def _beside_people(record: Record, engine: str, n_measures: int) -> Iterator[Reached]:
    best, people = record.find(engine, BEST_OF, n_measures), record.find(PEOPLE, 1, n_measures)
    if best is None or people is None:
        return
    copied, most = best.mean("copied"), people.mean("copied_high")
    yield Reached(engine, "runs of eight copied", n_measures, copied, f"at most people's {most:.2f}", copied <= most)
    gap = abs(best.mean("nats_sixteenth") - people.mean("nats_sixteenth"))
    words = "surprise a sixteenth, apart from people's, nats"
    yield Reached(engine, words, n_measures, gap, f"at most {_NATS:.2f}", gap <= _NATS)
    slow = best.mean("ms_95")
    yield Reached(engine, "one request, ms (p95)", n_measures, slow, f"at most {_SLOWEST_MS:.0f}", slow <= _SLOWEST_MS)


def _beside_vae(record: Record, engine: str, n_measures: int) -> Iterator[Reached]:
    best, vae = record.find(engine, BEST_OF, n_measures), record.find("vae", BEST_OF, n_measures)
    if engine != "gan" or best is None or vae is None:
        return
    for name in ("control", "overlap"):
        behind = vae.mean(name) - best.mean(name)
        yield Reached(engine, f"{name}, behind the vae", n_measures, behind, f"at most {_NEAR:.2f}", behind <= _NEAR)


def targets_table(record: Record) -> str:
    """Targets of the networks as a Markdown table."""
    lines = ["| target | engine | measures | reached | aim | |", "|---" * 6 + "|"]
    for engine in ("vae", TO_VARY, "gan"):
        for one in reached(record, engine):
            figure = f"{one.figure:.0f}" if "ms" in one.words else f"{one.figure:.3f}"
            verdict = "met" if one.is_met else "**missed**"
            lines.append(f"| {one.words} | {engine} | {one.n_measures} | {figure} | {one.bound} | {verdict} |")
    return "\n".join(lines)
