"""A table of features as a file: Parquet, which keeps every digit, or CSV for a spreadsheet."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from musicedu.errors import FileProblem
from musicedu.storage import atomic_file

KINDS = (".parquet", ".csv")


def refuse_name(path: str | Path) -> None:
    """Raise `FileProblem` for a name that ends in neither `.parquet` nor `.csv`."""
    if Path(path).suffix.lower() not in KINDS:
        raise FileProblem("no such kind of table", where=str(path), remedy=f"End the name in {' or '.join(KINDS)}")


def save_features(path: str | Path, table: pd.DataFrame) -> None:
    """Write a table, completely or not at all; `FileProblem` for an unknown kind, `StorageProblem` for the disk's."""
    refuse_name(path)
    with atomic_file(path) as temporary:
        if Path(path).suffix.lower() == ".csv":
            table.to_csv(temporary, index=False, lineterminator="\n")
        else:
            table.to_parquet(temporary, index=False)
