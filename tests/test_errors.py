"""Errors say in one line what was wrong, where, and what to do."""

from __future__ import annotations

import pickle

import pytest

from musicedu.errors import FileProblem, MusicEduError, StorageProblem, UnknownName, Unsatisfiable

KINDS = (MusicEduError, FileProblem, UnknownName, Unsatisfiable, StorageProblem)


@pytest.mark.parametrize("kind", KINDS)
def test_problem_place_and_remedy_make_one_line(kind: type[MusicEduError]) -> None:
    error = kind("the file is\n  empty", where="tune.xml", remedy="Save it again")
    assert str(error) == "tune.xml: the file is empty. Save it again"
    assert (error.problem, error.where, error.remedy) == ("the file is\n  empty", "tune.xml", "Save it again")
    assert isinstance(error, MusicEduError)


def test_what_is_missing_leaves_no_trace() -> None:
    assert str(MusicEduError("the file is empty")) == "the file is empty"
    assert str(MusicEduError("it is empty", where="tune.xml")) == "tune.xml: it is empty"
    assert str(MusicEduError("it is empty", remedy="Save it again")) == "it is empty. Save it again"


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_comes_whole_out_of_another_process(kind: type[MusicEduError]) -> None:
    error = kind("no room", where="/full", remedy="Free some space")
    copied = pickle.loads(pickle.dumps(error))
    assert type(copied) is kind
    assert str(copied) == str(error)
    assert (copied.problem, copied.where, copied.remedy) == (error.problem, error.where, error.remedy)


def test_the_kind_of_a_file_s_fault_comes_with_it() -> None:
    error = FileProblem("sounds as a chord", where="tune.abc", kind="chords")
    copied = pickle.loads(pickle.dumps(error))
    assert (copied.kind, str(copied)) == ("chords", str(error))
    assert FileProblem("is empty").kind == ""


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_raised_and_caught_by_its_kind(kind: type[MusicEduError]) -> None:
    with pytest.raises(kind, match=r"^here: broken\. Mend it$"):
        raise kind("broken", where="here", remedy="Mend it")
