"""How pytest compares the notebooks: the solutions strictly, the students' copies only for running through."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest
from nbval.plugin import IPyNbFile


def pytest_collectstart(collector: pytest.Collector) -> None:
    if isinstance(collector, IPyNbFile):
        # What libraries write to stderr and how a front end lays out a table are not what a lesson teaches.
        collector.skip_compare += ("stderr", "text/html", "image/svg+xml")
        collector.compare_outputs = collector.path.parent.name == "solutions"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    """Before its first cell a notebook gets its kernel: where nothing is compared, networks are trained but briefly."""
    if not getattr(item.parent, "compare_outputs", True):
        os.environ["MUSICEDU_HURRY"] = "1"
    try:
        return (yield)
    finally:
        os.environ.pop("MUSICEDU_HURRY", None)
