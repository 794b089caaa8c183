"""The record as tables in Markdown: all of them, and the short one in the README."""

from __future__ import annotations

from math import isnan

from musicedu.evaluation.making.record import Record
from musicedu.evaluation.making.sweep import BEST_OF, HELD, MEMORY, PEOPLE, POOLED, Row
from musicedu.evaluation.making.targets import targets_table

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
