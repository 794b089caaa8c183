"""`musicedu corpus`: the collection of tunes that the lessons and the training use."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from musicedu.cli.reporting import AsJson, print_json

app = typer.Typer(no_args_is_help=True, help="Build the collection of tunes that lessons and training use.")


@app.callback()
def _corpus() -> None:
    """Build the collection of tunes that lessons and training use."""


@app.command()
def build(
    collection: Annotated[list[str] | None, typer.Option(help="Only this collection; may be repeated.")] = None,
    out: Annotated[Path | None, typer.Option(help="File to write. Default: in the cache folder.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes to use. Default: one a core.")] = None,
    as_json: AsJson = False,
) -> None:
    """Read the tunes that music21 brings, and write them to one file with their sources and licences.

    Tunes that are variants of one another are found and kept together, so that nothing is tested on a variant of what
    it was trained on. It takes about half a minute, happens by itself when a lesson needs it, and is never needed to
    make an exercise.

    **Examples**

    `musicedu corpus build` reads everything, and says what was dropped and why.

    `musicedu corpus build --collection ryans --out ryans.parquet` reads one collection into a file of its own.
    """
    from musicedu.corpus.build import build_corpus
    from musicedu.corpus.progress import progress_bar

    with progress_bar() as progress:
        report = build_corpus(out, collections=collection, jobs=jobs, progress=progress)
    if as_json:
        print_json(report.to_dict())
    else:
        print(report.text())


@app.command()
def quotes(
    out: Annotated[Path, typer.Option(help="File to write.")] = Path("data/quotes.npz"),
    as_json: AsJson = False,
) -> None:
    """Write the index by which an exercise knows that it quotes a tune.

    It holds hashes of runs of ten notes, and the tunes' titles; no tune can be made from it. Tunes for non-commercial
    use only are left out. The index travels with the package: this command is for whoever changes the corpus.

    **Examples**

    `musicedu corpus quotes` writes the index that the package ships.
    """
    from musicedu.corpus.load import load_corpus
    from musicedu.originality.quotes import build_quotes, save_quotes

    corpus = load_corpus(include_non_commercial=False)
    index = build_quotes((tune.id, tune.title, tune.family, tune.melody) for tune in corpus.tunes())
    save_quotes(index, out)
    n_tunes, n_runs, n_bytes = len(index.tunes), len(index.keys), out.stat().st_size
    if as_json:
        print_json({"file": str(out), "tunes": n_tunes, "runs": n_runs, "bytes": n_bytes})
    else:
        print(f"{n_runs} runs of {n_tunes} tunes in {n_bytes / 1000:.0f} kB: {out}")
