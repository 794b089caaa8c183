"""The record as tables in Markdown: all of them, the short one in the README, and what was aimed at and reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isnan

from musicedu.evaluation.making.sweep import BEST_OF, HELD, MEMORY, PEOPLE, POOLED, TO_VARY, Record, Row

BEGIN, END = "<!-- evaluation:begin -->", "<!-- evaluation:end -->"
_HEAD = (
    "who writes", "control", "weakest attribute", "asked independently", "overlap", "coverage", "spread",
    "spread to one request", "copied", "nats", "key", "cadence", "ms",
)  # fmt: skip
_COLUMNS = """\
- *control*: Spearman's correlation of asked and realised, the mean over six attributes; *asked independently*: each
  attribute of another tune. Requests come from test tunes, comparisons are with validation tunes.
- *overlap*: of attribute distributions (Yang and Lerch 2020). *Coverage*: of held-out windows by histograms of pitch
  classes, intervals and times (Naeem et al. 2020).
- *spread*: how much windows differ, as a share of how much real ones do; *to one request*: windows made for the same.
- *copied*: runs of eight notes (intervals and times) that stand in training tunes, for people with the 95 % interval.
- *nats*: surprise an event under a Markov chain of order 4. *Key*: correlation with the best of 24 keys (Krumhansl
  1990). *Cadence*: ends of tunes on a long tonic on a beat.
- *ms*: processor time of one request. *Always hold* has most steps right because the grid has 12 a quarter note."""
_SHORT_HEAD = (
    "who writes four measures", "control, one draw / best of 16", "asked independently", "overlap", "coverage",
    "copied", "nats", "cadence",
)  # fmt: skip
Value = Callable[[Row], float]


def render_tables(record: Record) -> str:
    """All tables of a record: who writes how well, at every length, what is given back, and the targets."""
    parts = [making_table(record, n_measures) for n_measures in record.lengths]
    return "\n\n".join([_COLUMNS, *parts, reconstruction_table(record), targets_table(record)])


def making_table(record: Record, n_measures: int) -> str:
    """Every maker's figures at one length, as a Markdown table under a line that says what was asked."""
    setting = record.setting
    lines = [
        f"Windows of {n_measures} measures; {setting.n_requests} requests, {setting.n_seeds} sampling "
        f"seed{'' if setting.n_seeds == 1 else 's'} (mean, and ± standard deviation over them).",
        "",
        "| " + " | ".join(_HEAD) + " |",
        "|---" * len(_HEAD) + "|",
    ]
    for row in record.rows:
        if row.kind == "matched" and row.n_measures == n_measures:
            harder = record.find(row.name, row.draws, n_measures, "independent")
            lines.append("| " + " | ".join(_cells(row, harder)) + " |")
    return "\n".join(lines)


def reconstruction_table(record: Record) -> str:
    """How much of held-out windows comes back."""
    lines = ["| given back | measures | steps | onset pitch | onset F | whole windows |", "|---" * 6 + "|"]
    for row in record.rows:
        if row.kind == "reconstruction":
            figures = [_number(row.mean(name)) for name in ("steps", "onset_pitch", "onset_f", "exact")]
            lines.append(f"| {row.name} | {row.n_measures} | " + " | ".join(figures) + " |")
    return "\n".join(lines)


def label(row: Row) -> str:
    """What a row is called: the name, and how many draws where that is a choice."""
    if row.name in {PEOPLE, MEMORY, HELD}:
        return row.name
    if row.name == POOLED:
        return f"{row.name} of {row.draws:,}"
    return f"{row.name}, best of {row.draws}" if row.draws == BEST_OF else f"{row.name}, one draw"


def _cells(row: Row, harder: Row | None) -> list[str]:
    name, control = row.weakest_control
    copied = _number(row.mean("copied"))
    if row.name == PEOPLE:
        copied += f" ({_number(row.mean('copied_low'))}-{_number(row.mean('copied_high'))})"
    return [
        label(row),
        "1" if row.name == PEOPLE else _spread(row, "control", 3),
        "" if row.name == PEOPLE else f"{_number(control)} {name.replace('_', ' ')}",
        _number(harder.mean("control")) if harder else "",
        _spread(row, "overlap", 3),
        _number(row.mean("coverage")),
        _number(row.mean("spread")),
        _number(row.mean("spread_within")),
        copied,
        _number(row.mean("nats")),
        _number(row.mean("clarity")),
        _number(row.mean("cadence")),
        "" if isnan(row.mean("ms")) else f"{row.mean('ms'):.0f}",
    ]


def _spread(row: Row, figure: str, n_digits: int) -> str:
    mean, deviation = row.figures.get(figure, (float("nan"), 0.0))
    return f"{mean:.{n_digits}f} ± {deviation:.{n_digits}f}" if deviation else f"{mean:.{n_digits}f}"


def _number(value: float) -> str:
    return "" if isnan(value) else f"{value:.2f}"


def short_table(record: Record, n_measures: int = 4) -> str:
    """A line for every writer at one length, with one draw and with the best of 16: what the README shows."""
    lines = ["| " + " | ".join(_SHORT_HEAD) + " |", "|---" * len(_SHORT_HEAD) + "|"]
    rows = [row for row in record.rows if row.kind == "matched" and row.n_measures == n_measures]
    for name in dict.fromkeys(row.name for row in rows):
        own = [row for row in rows if row.name == name]
        last = own[-1]
        harder = record.find(name, last.draws, n_measures, "independent")
        cells = [
            f"{POOLED} of {last.draws:,}" if name == POOLED else name,
            " / ".join(_number(row.mean("control")) for row in own),
            _number(harder.mean("control")) if harder else "",
            *(_number(last.mean(figure)) for figure in ("overlap", "coverage", "copied", "nats", "cadence")),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def placed(text: str, record: Record) -> str:
    """A document with the short table between its two marks; `ValueError` where it has no such marks."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the document has no {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{short_table(record)}\n{END}{after}"


@dataclass(frozen=True)
class Reached:
    """One target at one length: what it is about, the figure, the bound, and whether it is met.

    decimals: how many of the figure's are worth showing.
    """

    engine: str
    words: str
    n_measures: int
    figure: float
    bound: str
    is_met: bool
    decimals: int = 3


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
    most_ms = f"at most {_SLOWEST_MS:.0f}"
    yield Reached(engine, "one request, ms (p95)", n_measures, slow, most_ms, slow <= _SLOWEST_MS, decimals=0)


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
            figure = f"{one.figure:.{one.decimals}f}"
            verdict = "met" if one.is_met else "**missed**"
            lines.append(f"| {one.words} | {engine} | {one.n_measures} | {figure} | {one.bound} | {verdict} |")
    return "\n".join(lines)
