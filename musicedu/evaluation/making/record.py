"""The record of an evaluation: a JSON file with the setting and every row, from which tables and plots are made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from musicedu.errors import FileProblem
from musicedu.evaluation.making.judging import Setting
from musicedu.evaluation.making.sweep import Kind, Row

_REMEDY = "Make a new one: musicedu evaluate --out FOLDER"


@dataclass(frozen=True)
class Record:
    """Rows and the setting they were made in."""

    setting: Setting
    rows: tuple[Row, ...]

    def find(self, name: str, draws: int, n_measures: int, kind: Kind = "matched") -> Row | None:
        """The row of a name, None if it was not made."""
        wanted = (name, draws, kind, n_measures)
        return next((row for row in self.rows if (row.name, row.draws, row.kind, row.n_measures) == wanted), None)

    @property
    def lengths(self) -> tuple[int, ...]:
        """The numbers of measures there are rows for, the longest first."""
        return tuple(sorted({row.n_measures for row in self.rows}, reverse=True))


def render_record(setting: Setting, rows: Sequence[Row]) -> bytes:
    """Write a record as JSON, a line a row."""
    lines = ",\n".join("  " + json.dumps(asdict(row), ensure_ascii=False) for row in rows)
    return f'{{\n "setting": {json.dumps(asdict(setting))},\n "rows": [\n{lines}\n ]\n}}\n'.encode()


def load_record(path: Path) -> Record:
    """Read a record; `FileProblem` where it is missing or not one."""
    try:
        known = json.loads(path.read_bytes())
        rows = tuple(
            Row(
                str(row["name"]),
                int(row["draws"]),
                row["kind"],
                int(row["n_measures"]),
                {str(name): (float(mean), float(spread)) for name, (mean, spread) in row["figures"].items()},
            )
            for row in known["rows"]
        )
        return Record(Setting(**known["setting"]), rows)
    except OSError as fault:
        raise FileProblem("there is no record here", where=str(path), remedy=_REMEDY) from fault
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise FileProblem("this is no record of an evaluation", where=str(path), remedy=_REMEDY) from fault
