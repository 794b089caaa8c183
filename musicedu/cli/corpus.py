"""`musicedu corpus` and `extract`: the collection of tunes, and a folder of recordings as a table of features."""

from __future__ import annotations

import sys
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
    from musicedu.corpus.pool import progress_bar

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


def extract(
    folder: Annotated[Path, typer.Argument(help="Folder of sound files; folders in it are searched too.")],
    out: Annotated[Path, typer.Option(help="Table to write: a name that ends in .parquet or .csv.")],
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes to use. Default: one a core.")] = None,
    as_json: AsJson = False,
) -> None:
    """Describe every recording in a folder by 67 numbers: loudness, brightness, timbre, pitch classes, tempo.

    One row a file, ready for pandas or a spreadsheet. WAV, FLAC, OGG, Opus, MP3, AIFF, CAF, AU and W64 are read, and
    where ffmpeg is installed M4A, WebM and the like. A file that is damaged or cannot be read is named and left out.
    What was computed once is remembered by the content of the file, so that a second run, or one after an
    interruption, computes only what is new.

    **Examples**

    `musicedu extract takes --out takes.csv` writes a table for a spreadsheet.

    `musicedu extract takes --out takes.parquet --jobs 1` leaves the other cores to others.
    """
    from musicedu.corpus.extraction import extract_features, find_recordings, refuse_name, save_features
    from musicedu.errors import FileProblem

    refuse_name(out)
    if not folder.is_dir():
        raise FileProblem("is no folder", where=str(folder), remedy="Name a folder of sound files")
    paths, closed = find_recordings(folder)
    for fault in closed:
        print(fault, file=sys.stderr)
    if not paths:
        raise FileProblem("holds no sound file", where=str(folder), remedy="Name a folder of recordings, such as .wav")
    table = extract_features(paths, jobs=jobs)
    save_features(out, table)
    summary = {"files": len(paths), "rows": len(table), "left_out": len(paths) - len(table), "table": str(out)}
    summary["folders_closed"] = len(closed)
    if as_json:
        print_json(summary)
    else:
        left_out = f"; {summary['left_out']} left out, named above" if summary["left_out"] else ""
        print(f"{len(table)} of {len(paths)} files described in {out}{left_out}")
