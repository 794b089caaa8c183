"""What a build of the corpus found, kept, dropped and why; and how it is printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from musicedu.corpus.collections import COLLECTIONS
from musicedu.corpus.table import Row
from musicedu.corpus.tune import SPLITS, Dropped


@dataclass(frozen=True, slots=True)
class BuildReport:
    """The account of a build: counts by collection, metre, mode, split and reason; families; how long it took.

    `shared_runs` is the share of 8-note runs (intervals and rhythm) in test tunes that training tunes hold too.
    """

    n_found: Mapping[str, int]
    n_kept: Mapping[str, int]
    dropped: Mapping[str, Mapping[str, int]]
    metres: Mapping[str, int]
    modes: Mapping[str, int]
    splits: Mapping[str, int]
    n_families: int
    largest_family: int
    shared_runs: float
    seconds: float

    @property
    def n_tunes(self) -> int:
        return sum(self.n_kept.values())

    def to_dict(self) -> dict[str, object]:
        """Return the account as plain values, for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> BuildReport:
        """Return the account that `to_dict` gave; `ValueError` if it is of another make."""
        names = {field.name for field in fields(cls)}
        if set(values) != names:
            raise ValueError(f"the account of a build must have {', '.join(sorted(names))}, not {', '.join(values)}")
        return cls(**values)

    def text(self) -> str:
        """Return the account as lines to print."""
        lines = [f"{self.n_tunes} tunes kept of {sum(self.n_found.values())}, in {self.seconds:.0f} s"]
        for name, found in self.n_found.items():
            lines.append(f"  {name:<13} {self.n_kept.get(name, 0):>5} of {found:>5}{_reasons(self.dropped.get(name))}")
        lines.append(f"metres: {_listed(self.metres)}")
        lines.append(f"modes: {_listed(self.modes)}")
        lines.append(f"families: {self.n_families}, the largest has {self.largest_family} tunes")
        lines.append(f"splits by family: {_listed(self.splits)}")
        lines.append(f"8-note runs of test tunes that training tunes hold too: {100 * self.shared_runs:.1f} %")
        return "\n".join(lines)


def report_build(rows: Sequence[Row], dropped: Sequence[Dropped], *, shared_runs: float, seconds: float) -> BuildReport:
    """Count what a build kept and dropped."""
    kept = Counter(row["collection"] for row in rows)
    lost: dict[str, Counter[str]] = {}
    for drop in dropped:
        lost.setdefault(drop.collection, Counter())[drop.reason] += 1
    present = [name for name in COLLECTIONS if name in kept or name in lost]
    families = Counter(row["family"] for row in rows)
    splits = Counter(row["split"] for row in rows)
    return BuildReport(
        n_found={name: kept[name] + sum(lost.get(name, {}).values()) for name in present},
        n_kept={name: kept[name] for name in present},
        dropped={name: dict(lost[name].most_common()) for name in present if name in lost},
        metres=_falling(row["metre"][0] for row in rows),
        modes=_falling(row["key_mode"][0] for row in rows),
        splits={split: splits[split] for split in SPLITS},
        n_families=len(families),
        largest_family=max(families.values(), default=0),
        shared_runs=shared_runs,
        seconds=seconds,
    )


def _falling(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0])))


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "none"


def _reasons(reasons: Mapping[str, int] | None) -> str:
    return f"   dropped: {_listed(reasons)}" if reasons else ""
