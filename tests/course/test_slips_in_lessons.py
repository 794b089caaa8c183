"""A slip costs one cell: every lesson is run once with every kind of slip in each cell that a student edits.

Before the cell as it is handed out stand copies of it, one for each slip. So one run of a lesson tells for all of them
what a student reads, that an open task says what it waits for, and that no cell below is harmed.
"""

import os
import re
from copy import deepcopy
from pathlib import Path

import nbformat
import pytest

from musicedu.course.build import student_notebook
from musicedu.course.execute import execute_notebook
from musicedu.course.source import find_sources, load_lesson

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
TRAINING = ("11", "12", "13", "14")  # minutes each: the build runs their open tasks, and the static rules hold for all
SOURCES = [
    path
    for path in find_sources(NOTEBOOKS / "source")
    if "MUSICEDU_ALL_SLIPS" in os.environ or not path.stem.startswith(TRAINING)
]
GAP = re.compile(r"^(?P<kept>\s*(?:return |[A-Za-z_]\w*\s*=\s)?)\.\.\.(?=\s*(?:#|$))", re.MULTILINE)
LONGEST = 420

WRITTEN = {  # what stands in place of the three dots
    "no quotes": "the same",
    "one quote": '"the same',
    "printed quotes": "“the same”",
    "a word without quotes": "quartett",
    "no word that is known": '"trombone"',
    "a number": "11",
    "a number as text": '"3"',
    "a date": '"12.03.2009"',
    "a share as text": '"about 90%"',
    "nothing": "None",
    "a bracket too few": "(1, 2",
    "a bracket too many": "[1, 2))",
    "two points": "12.03.2009",
    "a question mark": "?",
    "zero": "1 / 0",
    "a list of texts": '["a", "b"]',
    "a list of lists": "[[], [None]]",
    "a list of nothing": "[]",
    "a dictionary": '{"a": 1}',
    "a function": "lambda *_: None",
    "an unknown argument": "dict(1, 2, three=4)",
    "a name misspelt": "np.men([1, 2])",
    "no such part": "check.nothing",
    "no such level": "Specification(level=11)",
    "no such instrument": 'Specification(3, instrument="trombone")',
    "a wish misspelt": "Specification(levle=3)",
    "a fault raised": "int('x')",
    "too many at once": "max()",
}


IN_FUNCTIONS = {  # where a check may listen to a whole recording, these are enough
    "no quotes",
    "one quote",
    "a word without quotes",
    "no word that is known",
    "a number",
    "nothing",
    "a bracket too few",
    "a question mark",
    "zero",
    "a list of texts",
    "a name misspelt",
    "a fault raised",
}


def gaps_filled(source, text):
    return GAP.sub(lambda gap: gap["kept"] + text, source)


def calling_itself(source):
    name, arguments = re.search(r"def (\w+)\((.*?)\)", source).groups()
    return gaps_filled(source, f"{name}({arguments})")


def begins_with_gap(source):
    """Whether nothing is worked out in a function before its first gap (what is would be done a thousand times)."""
    before = source[: GAP.search(source).start()].rstrip().splitlines()[-1].strip()
    return before.startswith(("def ", '"""'))


def slips(source):
    """The cell with each kind of slip, by what it is."""
    kinds = [kind for kind in WRITTEN if "def " not in source or kind in IN_FUNCTIONS]
    found = {kind: gaps_filled(source, WRITTEN[kind]) for kind in kinds}
    last = list(GAP.finditer(source))[-1]
    found["indented too far"] = f"{source[: last.start()]}{last['kept']}1\n             x = 2{source[last.end() :]}"
    found["spaces miscounted"] = f"if True:\n    x = 2\n  {source.splitlines()[-1]}"
    found["no last line"] = gaps_filled(source, "[1,\n").rsplit("\n", 1)[0]
    if "def " in source:
        if begins_with_gap(source):
            found["without end"] = calling_itself(source)
        found["no return"] = source.replace("return ...", "pass")
        found["outside of the function"] = source.replace("    return ...", "return 3")
        found["no colon"] = gaps_filled(re.sub(r"(def .*):", r"\1", source, count=1), "1")
        found["nothing below"] = re.sub(r"(?s)(def [^\n]*:\n).*?\n\n", r"\1\n\n", source, count=1)
    return {kind: text for kind, text in found.items() if text != source}


def with_slips(notebook):
    """The cells of a notebook, and before each that a student edits its copies with a slip; their kinds by id."""
    cells, kinds = [], {}
    for cell in notebook.cells:
        if "task" in cell.metadata.get("tags", []):
            for number, (kind, text) in enumerate(slips(cell.source).items()):
                copy = deepcopy(cell)
                copy.id, copy.source = f"{cell.id}-{number}", text
                kinds[copy.id] = (cell.id, kind, text)
                cells.append(copy)
        cells.append(cell)
    return nbformat.v4.new_notebook(cells=cells, metadata=notebook.metadata), kinds


@pytest.fixture(scope="class")
def ran(path):
    """A lesson run to its end (`execute_notebook` raises where a cell that nobody edits fails)."""
    notebook, kinds = with_slips(student_notebook(load_lesson(path)))
    return execute_notebook(notebook, where=path.stem), kinds


def said(output):
    if output.output_type == "error":
        return "\n".join(output.traceback)
    return output.get("text") or output.data["text/plain"]


def is_one_sentence(told):
    """Whether a student reads one thing: where it is, or whose, and what; not frames, nor praise."""
    return (
        len(told) == 1
        and re.match(r"Line \d+: |(Task|Prediction) \d", told[0])
        and not re.search(r"Traceback|\x1b|File |right\.|is noted|<[a-z]+ ", told[0])
        and len(told[0]) <= LONGEST
    )


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem, scope="class")
class TestOurLessons:
    def test_a_slip_is_told_in_one_sentence(self, ran):
        notebook, kinds = ran
        told = {cell.id: [said(output) for output in cell.outputs] for cell in notebook.cells if cell.id in kinds}
        unclear = [(*kinds[name], words) for name, words in told.items() if not is_one_sentence(words)]
        assert not unclear, "\n\n".join(f"{cell}, {kind}:\n{text}\n-> {words}" for cell, kind, text, words in unclear)

    def test_an_open_task_says_by_its_name_that_it_waits(self, ran):
        messages = []
        for cell in ran[0].cells:
            if "task" in cell.metadata.get("tags", []) and cell.id not in ran[1]:
                (words,) = map(said, cell.outputs)
                name = cell.id.replace("-", " ").capitalize()
                assert " ".join(words.split()).startswith(f"{name} is waiting for you."), words
                messages.append(words)
        assert len(set(messages)) == len(messages), "two tasks say the same"
