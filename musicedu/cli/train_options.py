"""Options that several kinds of training share."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Strategy(StrEnum):
    """Where a network is trained: on one device, or on all at once (`tf.distribute`)."""

    NONE = "none"
    MIRRORED = "mirrored"


NonCommercial = Annotated[
    bool,
    typer.Option(help="Use the tunes too that may be used for non-commercial purposes only; the weights then are so."),
]
