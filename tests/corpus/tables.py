"""Some tunes as the table that a corpus is."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from musicedu.corpus.table import SCHEMA, tune_to_row
from musicedu.corpus.tune import Tune


def table_of(tunes: Iterable[Tune]) -> pa.Table:
    return pa.Table.from_pylist([tune_to_row(tune) for tune in tunes], schema=SCHEMA)
