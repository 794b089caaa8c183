"""How pytest compares the notebooks: the solutions strictly, the students' copies only for running through."""

from __future__ import annotations

import pytest
from nbval.plugin import IPyNbFile


def pytest_collectstart(collector: pytest.Collector) -> None:
    if isinstance(collector, IPyNbFile):
        # What libraries write to stderr and how a front end lays out a table are not what a lesson teaches.
        collector.skip_compare += ("stderr", "text/html", "image/svg+xml")
        collector.compare_outputs = collector.path.parent.name == "solutions"
