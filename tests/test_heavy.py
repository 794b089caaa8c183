"""TensorFlow comes in silence, by whatever door."""

import os
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from musicedu.heavy import _without_chatter

WORK = "keras.ops.ones(3)"


@pytest.mark.parametrize("door", ["import musicedu, keras", "from musicedu.models import losses; import keras"])
def test_in_a_program_it_says_nothing(door, tmp_path):
    ran = subprocess.run([sys.executable, "-c", f"{door}\n{WORK}"], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_in_a_notebook_it_says_nothing():
    cell = nbformat.v4.new_code_cell(f"import musicedu\nimport keras\n{WORK};")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    NotebookClient(notebook, kernel_name="python3", extra_arguments=["--log-level=ERROR"], timeout=300).execute()
    assert [output for output in cell.outputs if output.output_type == "stream"] == []


def fail_after(words):
    with _without_chatter():
        os.write(2, words)
        raise ImportError


def test_what_others_say_meanwhile_is_said_after(capfd):
    with _without_chatter():
        os.write(2, b"I0000 00:00:1 cudart_stub.cc] no GPU\nmind the gap\n")
    assert capfd.readouterr().err == "mind the gap\n"
    with pytest.raises(ImportError):
        fail_after(b"E0000 00:00:1 why it fails\n")
    assert capfd.readouterr().err == "E0000 00:00:1 why it fails\n"
