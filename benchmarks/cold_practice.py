"""How long `musicedu practice --level 3` takes from a cold start, and where the time goes.

Run with `python benchmarks/cold_practice.py [RUNS]`. Every run is a new process; beside it stands the bare interpreter
(`python -c pass`). Of several runs the fastest is shown, because a shared machine can only add time; processor
seconds are what is left when other processes are taken out. The target is 2.5 s with the PDF and the WAV.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TARGET_SEC = 2.5
_COMMAND = "import sys; from musicedu.cli import main; sys.argv[0] = 'musicedu'; main()"
_STAGES = """
import json, sys, time
stages, before = {}, time.perf_counter()
def done(stage):
    global before
    now = time.perf_counter()
    stages[stage], before = now - before, now
import musicedu.cli.app
done("import the command line")
from musicedu.exercise.specification import Specification
from musicedu.exercise.generator import generate
done("import the generator")
exercise = generate(Specification(3, seed=int(sys.argv[1])))
done("make the exercise")
from musicedu.sheet.folder import render, save_exercise
done("import sheet and sound")
for kind in ("pdf", "musicxml", "midi", "wav", "recipe"):
    render(exercise, kind)
    done(f"render {kind}")
heavy = [name for name in ("tensorflow", "keras", "music21", "librosa", "matplotlib", "scipy") if name in sys.modules]
print(json.dumps({"stages": stages, "heavy": heavy}))
"""


def timed(*arguments: str) -> tuple[float, float, str]:
    """Seconds on the clock, processor seconds and output of a Python process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    finished = subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True)
    wall_sec = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_sec = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall_sec, cpu_sec, finished.stdout


def main() -> None:
    """Print both tables; exit with 1 where the command misses the target."""
    n_runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    bare = [timed("-c", "pass") for _ in range(n_runs)]
    with tempfile.TemporaryDirectory() as folder:
        commands = [
            timed(
                "-c", _COMMAND, "practice", "--level", "3", "--seed", str(seed), "--out", str(Path(folder, str(seed)))
            )
            for seed in range(1, n_runs + 1)
        ]
    traced = [json.loads(timed("-c", _STAGES, str(seed))[2]) for seed in range(1, n_runs + 1)]
    print(f"{'':<34}{'fastest':>9}{'median':>9}{'processor':>11}   seconds, {n_runs} runs")
    for title, runs in (("python -c pass", bare), ("musicedu practice --level 3", commands)):
        walls = sorted(wall for wall, _, _ in runs)
        print(f"{title:<34}{walls[0]:>9.2f}{walls[len(walls) // 2]:>9.2f}{min(cpu for _, cpu, _ in runs):>11.2f}")
    fastest = min(traced, key=lambda run: sum(run["stages"].values()))
    total_sec = sum(fastest["stages"].values())
    print(f"\nWhere it goes (the fastest of {n_runs} runs, {total_sec:.2f} s after the interpreter has started)")
    for stage, seconds in fastest["stages"].items():
        print(f"  {stage:<32}{seconds:>9.3f}{seconds / total_sec:>9.0%}")
    print(f"  heavy libraries loaded: {', '.join(fastest['heavy']) or 'none'}")
    fastest_sec = min(wall for wall, _, _ in commands)
    print(f"\n{'within' if fastest_sec <= TARGET_SEC else 'MISSES'} the target of {TARGET_SEC} s")
    sys.exit(fastest_sec > TARGET_SEC)


if __name__ == "__main__":
    main()
