"""`musicedu audit`: many exercises made, and every rule checked on each."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from musicedu.cli.reporting import AsJson, print_json


def audit(
    n: Annotated[int, typer.Option("--n", "-n", min=1, help="How many exercises.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="Which exercises; the same seed draws the same wishes.")] = 0,
    engine: Annotated[str, typer.Option(help="What proposes the notes: vae, gan or markov.")] = "vae",
    candidates: Annotated[
        int | None,
        typer.Option(min=1, help="Draws a phrase, of which the best is kept. Default: as in exercises; 1 for speed."),
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes to use. Default: one a core.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make exercises over the whole space of wishes, check every rule on each, and count the violations.

    The checker shares no code with what makes the exercises. The exit code is 1 if it finds anything; each finding
    comes with a recipe that makes the exercise again.

    **Examples**

    `musicedu audit --n 1000` takes about a minute.

    `musicedu audit --n 140000 --candidates 1` makes some 100,000 exercises, which is what a release is judged by: the
    rules must hold for every draw, not only for the chosen ones.
    """
    from musicedu.evaluation.audit import audit as run_audit
    from musicedu.evaluation.audit import drawn_from
    from musicedu.exercise.composing import N_CANDIDATES

    with typer.progressbar(length=n, label="Making and checking", hidden=as_json, file=sys.stderr) as bar:
        report = run_audit(
            n,
            seed=seed,
            engine=engine,
            workers=jobs or os.cpu_count() or 1,
            generate=drawn_from(candidates or N_CANDIDATES),
            on_progress=lambda done, _: bar.update(done - bar.pos),
        )
    if as_json:
        print_json({"is_clean": report.is_clean, **vars(report)})
    else:
        print("\n".join(report.lines()))
    if not report.is_clean:
        raise typer.Exit(1)
