"""How fast a class's sheets are made on all cores beside one, and whether a pupil costs the same in a larger class.

    uv run python benchmarks/class.py [--pupils 30 100 300] [--jobs 2] [--kinds pdf musicxml midi wav]

Every pupil gets a PDF, or what `--kinds` names; the class one PDF of all. Each row is one class, made on one core and
on `--jobs`, from the roster to the last file; the files are compared, byte for byte. A shared machine makes single
times worthless: what counts is the ratio, and the processor time a pupil, which does not depend on who else computes.

Measured with PDFs alone, one core and two: 30 pupils in 10.2 s and 6.0 s, 100 in 30.1 s and 17.6 s, 300 in 99.7 s and
47.0 s; 300 to 340 ms of processor a pupil in every row. The machine was slow that hour: `warm_exercise.py` took 153 ms
for what takes it 59 ms in a quiet one.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path

from musicedu.classroom.assign import assign
from musicedu.classroom.roster import parse_roster
from musicedu.exercise.specification import Specification


def main() -> None:
    """Print a table, a row a class."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pupils", type=int, nargs="+", default=[30, 100, 300])
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--kinds", nargs="+", default=["pdf"])
    asked = parser.parse_args()
    kinds = tuple(asked.kinds)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{'pupils':>7}{'one core':>11}{'processor, a pupil':>20}{asked.jobs:>5} cores{'processor':>11}{'ratio':>7}")
    with tempfile.TemporaryDirectory() as name:
        make(3, 1, Path(name) / "warm", kinds)
        for n_pupils in asked.pupils:
            alone, shared = (Path(name) / f"{n_pupils} on {jobs}" for jobs in (1, asked.jobs))
            clock, processor = make(n_pupils, 1, alone, kinds)
            pooled_clock, pooled_processor = make(n_pupils, asked.jobs, shared, kinds)
            assert contents(alone) == contents(shared), "the files differ"
            print(
                f"{n_pupils:>7}{clock:>9.1f} s{1000 * processor / n_pupils:>17.0f} ms{pooled_clock:>9.1f} s"
                f"{1000 * pooled_processor / n_pupils:>8.0f} ms{clock / pooled_clock:>7.2f}"
            )


def make(n_pupils: int, jobs: int, folder: Path, kinds: tuple[str, ...]) -> tuple[float, float]:
    """Seconds on the clock and of the processors that a class takes."""
    roster = parse_roster("\n".join(["name", *(f"Pupil {number}" for number in range(n_pupils))]).encode())
    begun, used = time.perf_counter(), processor_sec()
    assign(roster, Specification(3), folder, 7, kinds=kinds, jobs=jobs)
    return time.perf_counter() - begun, processor_sec() - used


def processor_sec() -> float:
    """What this process and those it has waited for have used."""
    both = (resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


if __name__ == "__main__":
    main()
