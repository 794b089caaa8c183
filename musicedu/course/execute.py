"""Running a notebook and keeping of its outputs what is the same on every run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from nbformat import NotebookNode

from musicedu.display.live import FAULT_PLACE, LIVE_PLACE, STILL_OF_A_KERNEL
from musicedu.errors import FileProblem
from musicedu.heavy import OF_TENSORFLOW

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
CELL_TIMEOUT_SEC = 300


def execute_notebook(notebook: NotebookNode, *, where: str = "", folder: str | Path | None = None) -> NotebookNode:
    """Run every cell of a notebook in place, in the quick setting, and tidy its outputs.

    Cells with the tag `raises-exception` may fail. `folder` is where it runs (by default an empty one that is
    removed afterwards). Raises `FileProblem` that names the cell which failed.
    """
    with TemporaryDirectory() as scratch, _quick_setting():
        client = NotebookClient(
            notebook,
            kernel_name="python3",
            extra_arguments=["--log-level=ERROR"],  # what a kernel says of itself is not part of a lesson
            timeout=CELL_TIMEOUT_SEC,
            record_timing=False,
            store_widget_state=False,
            resources={"metadata": {"path": str(folder or scratch)}},
        )
        try:
            client.execute()
        except (CellExecutionError, CellTimeoutError) as fault:
            raise FileProblem(_first_failure(notebook, fault), where=where, remedy="Mend the source") from fault
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = _tidied(cell.outputs)
            said = next(filter(None, map(_fault_in_widget, cell.outputs)), "")
            if said and "raises-exception" not in cell.metadata.get("tags", []):
                raise FileProblem(f"the widget of cell {cell.id!r} says: {said}", where=where, remedy="Mend the source")
    return notebook


@contextmanager
def _quick_setting() -> Iterator[None]:
    chosen = os.environ.pop("MUSICEDU_FULL", None)
    try:
        yield
    finally:
        if chosen is not None:
            os.environ["MUSICEDU_FULL"] = chosen


def _first_failure(notebook: NotebookNode, fault: Exception) -> str:
    for cell in notebook.cells:
        failed = [output for output in cell.get("outputs", []) if output.output_type == "error"]
        if failed and "raises-exception" not in cell.metadata.get("tags", []):
            return f"cell {cell.id!r} fails with {failed[0].ename}: {failed[0].evalue}"
    return f"does not run: {str(fault).splitlines()[0]}"


def _tidied(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Join what was printed in pieces (how it is cut depends on timing), and drop what is no part of a lesson: what
    TensorFlow says of its own start, and widgets, which need their kernel: their still pictures stay.
    """
    kept: list[NotebookNode] = []
    for output in outputs:
        last = kept[-1] if kept else None
        if output.output_type == "stream" and last is not None and last.get("name") == output.name:
            last.text += output.text
        else:
            kept.append(output)
    for output in kept:
        _drop_kernel_bound(output)
        if output.get("name") == "stderr":
            lines = output.text.splitlines(keepends=True)
            output.text = "".join(line for line in lines if not OF_TENSORFLOW.match(line.encode()))
    return [output for output in kept if not _is_empty(output)]


def _is_empty(output: Any) -> bool:
    is_silent = output.get("name") == "stderr" and not output.text
    return is_silent or LIVE_PLACE in output.get("data", {}).get("text/html", "")


def _drop_kernel_bound(output: Any) -> None:
    output.pop("execution_count", None) if output.output_type == "display_data" else None
    data = output.get("data", {})
    if WIDGET_VIEW in data and len(data) > 1:
        del data[WIDGET_VIEW]
    if "text/html" in data:
        data["text/html"] = STILL_OF_A_KERNEL.sub("", data["text/html"])


def _fault_in_widget(output: Any) -> str:
    data = output.get("data", {})
    return str(data["text/plain"]).splitlines()[0] if FAULT_PLACE in data.get("text/html", "") else ""
