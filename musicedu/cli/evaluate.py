"""`musicedu evaluate` and `musicedu audit`: engines judged, and every rule checked on many exercises."""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from musicedu.cli.reporting import AsJson, print_json

if TYPE_CHECKING:
    from musicedu.evaluation.making.judging import Setting
    from musicedu.evaluation.making.sweep import Sweep
    from musicedu.generation.engine import Engine


ALL = "all"
LENGTHS = (4, 2)


def evaluate(
    engine: Annotated[list[str] | None, typer.Option(help="vae, gan or markov; may be repeated. Default: all.")] = None,
    measures: Annotated[list[int] | None, typer.Option(help="2 or 4; may be repeated. Default: both.")] = None,
    requests: Annotated[int, typer.Option(min=20, help="Requests a seed.")] = 500,
    seeds: Annotated[int, typer.Option(min=1, help="How often all is drawn anew.")] = 5,
    quick: Annotated[
        bool, typer.Option("--quick", help="A look in minutes: 60 requests, one seed, 600 tunes.")
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder for the record, tables and plots.")] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh/--resume", help="Make every row anew, or keep finished ones.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Judge the engines that write music: control, overlap, coverage, spread, copying, surprise, key, cadence, time.

    Every engine answers the same requests, taken from tunes that were kept aside, once with one draw and once with the
    best of 16; beside it stand those tunes, random notes, a training tune looked up, and a pool of 8,000 draws. Seeds
    are of the sampling: the weights are those that come with musicedu. A row that is finished is kept in the cache
    folder, so that a stopped evaluation goes on where it was.

    **Examples**

    `musicedu evaluate --quick` gives an idea.

    `musicedu evaluate --engine vae --measures 4 --out report/` writes a record, tables and plots.

    `musicedu evaluate --out report/` makes all of it; an hour.
    """
    from musicedu.evaluation.making.judging import Setting
    from musicedu.evaluation.making.sweep import Record, list_jobs, render_record
    from musicedu.evaluation.making.table import render_tables

    lengths = _lengths(measures)
    engines = _engines(engine)
    setting = Setting(min(requests, 60), 1, 600) if quick else Setting(requests, seeds)
    sweep, rows = _sweep(engines, setting), []
    jobs = list_jobs(list(engines), lengths)
    with typer.progressbar(length=len(jobs), label="Judging", hidden=as_json, file=sys.stderr) as bar:
        for row in sweep.rows(jobs, fresh=fresh):
            rows.append(row)
            bar.update(1)
    data, tables = render_record(setting, rows), render_tables(Record(setting, tuple(rows)))
    if out is not None:
        _write(out, data, tables)
    print(data.decode() if as_json else tables)


def _engines(names: list[str] | None) -> dict[str, Engine]:
    """The engines of these names; of all engines, those that have weights. With the VAE comes the one to vary with."""
    from musicedu.data import data_path
    from musicedu.errors import FileProblem
    from musicedu.evaluation.making.sweep import TO_VARY
    from musicedu.exercise.engines import shipped_engine
    from musicedu.exercise.wishable import ENGINES
    from musicedu.generation.numpy_vae import NumpyVae
    from musicedu.weights import load_weights

    def load(name: str) -> Engine:
        return NumpyVae(load_weights(data_path("models", _file_of(name)))) if name == TO_VARY else shipped_engine(name)

    if names and ALL not in names:
        return {name: load(name) for name in [*names, *[TO_VARY] * ("vae" in names)]}
    found = {}
    for name in (*ENGINES, TO_VARY):
        try:
            found[name] = load(name)
        except FileProblem as fault:
            print(f"{name} is left out: {fault}", file=sys.stderr)
    return found


def _file_of(name: str) -> str:
    from musicedu.evaluation.making.sweep import TO_VARY

    return "vae_vary.npz" if name == TO_VARY else f"{name}.npz"


def _lengths(measures: list[int] | None) -> tuple[int, ...]:
    if measures and set(measures) - set(LENGTHS):
        raise typer.BadParameter("choose from 2 and 4", param_hint="--measures")
    return tuple(length for length in LENGTHS if not measures or length in measures)


def _sweep(engines: dict[str, Engine], setting: Setting) -> Sweep:
    from musicedu.data import data_path
    from musicedu.evaluation.making.material import Tunes
    from musicedu.evaluation.making.sweep import Sweep
    from musicedu.storage import cache_folder

    def tunes() -> Tunes:
        from musicedu.corpus.load import load_corpus

        return Tunes.of_corpus(load_corpus(include_non_commercial=False), most_training=setting.most_training)

    digests = {name: sha256(data_path("models", _file_of(name)).read_bytes()).hexdigest() for name in engines}
    return Sweep(engines, digests, tunes, setting, cache_folder("evaluation"))


def _write(folder: Path, data: bytes, tables: str) -> None:
    from musicedu.display.evaluation_view import evaluation_plots
    from musicedu.evaluation.making.sweep import load_record
    from musicedu.storage import atomic_folder

    with atomic_folder(folder) as unfinished:
        record = unfinished / "evaluation.json"
        record.write_bytes(data)
        (unfinished / "evaluation.md").write_text(tables + "\n", encoding="utf-8")
        for name, plot in evaluation_plots(load_record(record)).items():
            (unfinished / f"{name}.png").write_bytes(plot)


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
            workers=jobs,
            generate=drawn_from(candidates or N_CANDIDATES),
            on_progress=lambda done, _: bar.update(done - bar.pos),
        )
    if as_json:
        print_json({"is_clean": report.is_clean, **vars(report)})
    else:
        print("\n".join(report.lines()))
    if not report.is_clean:
        raise typer.Exit(1)
