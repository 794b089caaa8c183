"""`musicedu extract`: a folder of recordings as a table of features."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from musicedu.cli.reporting import AsJson, print_json


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
