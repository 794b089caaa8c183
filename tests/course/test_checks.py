"""Each check is tried with a right answer and with the typical wrong ones."""

from contextlib import suppress

import pytest

from musicedu.course.asks.requirements import (
    ends_on_tonic,
    every_measure_holds,
    is_list_of_measures,
    is_melody,
    leaps_at_most,
    measures,
    n_measures,
)
from musicedu.course.checks import NoChoice, Unsolved, answer_to, check
from musicedu.course.predictions import compare, predict
from musicedu.melody import Melody

WALTZ = ["G4:1 B4:1 A4:1", "G4:3"]
WALTZ_TASK = (
    *measures(2, "3/4"),
    leaps_at_most("third"),
    ends_on_tonic("G major"),
)


def test_a_right_answer_passes_and_is_praised():
    verdict = check("Task 1", WALTZ, *WALTZ_TASK, praise="It can be danced.")
    assert verdict.passed
    assert repr(verdict) == "Task 1: right. It can be danced."


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ("G4:1 B4:1 A4:1 G4:3", "This is one text. Put square brackets around it"),
        ([3, 4], "This is not a list of texts"),
        ([], "This is not a list of texts"),
        (["G4:3"], "There is 1 measure; the task asks for 2."),
        (["G4:1 B4:1 A4:1", "G4:4"], "Measure 2 lasts 4 beats; 3/4 holds 3."),
        (["G4:1 B4:1 A4:1/2", "G4:3"], "Measure 1 lasts 2 1/2 beats; 3/4 holds 3."),
        (["G4 B4 A4 G4", "G4:3"], "Measure 1 lasts 4 beats"),
        (["H4:1 B4:1 A4:1", "G4:3"], "Measure 1: 'H4' is not a note"),
        (["G4:x B4:1 A4:1", "G4:3"], "Measure 1: 'x' in 'G4:x' is not a duration"),
        (["G4:1/0 B4:1 A4:1", "G4:3"], "is not a duration"),
        (["G4:-1 B4:3 A4:1", "G4:3"], "lasts no time"),
        (["G4:1 D5:1 B4:1", "G4:3"], "From G4 to D5 is a fifth; the task allows nothing wider than a third."),
        (["G4:1 G6:1 A4:1", "G4:3"], "is a leap of more than an octave"),
        (["G4:1 B4:1 G4:1", "A4:3"], "The last note is A4, and the ear still waits"),
        (["r:3", "r:3"], "There is no note in it yet."),
    ],
)
def test_a_wrong_answer_is_told_what_is_wrong_and_where(answer, fault):
    verdict = check("Task 1", answer, *WALTZ_TASK, praise="It can be danced.")
    assert not verdict.passed
    assert fault in repr(verdict)
    assert "danced" not in repr(verdict)


def test_a_check_counts_in_the_value_of_the_metre():
    verdict = check("Task 1", ["C4:3"], every_measure_holds("6/8"))
    assert verdict.passed
    assert "lasts 4 eighths; 6/8 holds 6" in repr(check("Task 1", ["C4:2"], every_measure_holds("6/8")))


def test_a_check_never_prints_the_answer():
    wrong = (["G4:1 B4:1 G4:1", "A4:3"], ["G4:1", "G4:4"])
    for answer in wrong:
        assert "G4:3" not in repr(check("Task 1", answer, *WALTZ_TASK))
        assert not any("on G" in fault for fault in check("Task 1", answer, *WALTZ_TASK).faults)


def test_requirements_of_a_melody():
    tune = Melody.from_text("C4:1 D4:1 E4:2")
    assert check("Task 1", tune, is_melody, n_measures(1), leaps_at_most("second")).passed
    assert "is at home on its tonic" in repr(check("Task 1", tune, is_melody, ends_on_tonic("C")))
    assert "This is a list, not a Melody" in repr(check("Task 1", [tune], is_melody, n_measures(1)))


@pytest.mark.parametrize("answer", [..., [...], ("C4:1", ...)])
def test_an_untried_task_says_so_by_its_name(answer):
    with pytest.raises(Unsolved, match=r"Task 7 is waiting for you\. Write your answer in place of the three dots"):
        check("Task 7", answer, is_list_of_measures)


def test_a_right_answer_is_kept_for_the_cells_below_and_shown():
    shown = []
    assert answer_to("Task 8", until_then="the package's") == "the package's"
    check("Task 8", WALTZ, *WALTZ_TASK, then=shown.append)
    assert answer_to("Task 8", until_then="the package's") == WALTZ
    assert shown == [WALTZ]


@pytest.mark.parametrize("later", [["G4:3"], "G4:3", None, ...])
def test_an_answer_that_is_right_no_more_is_kept_no_more(later):
    shown = []
    check("Task 8", WALTZ, *WALTZ_TASK)
    with suppress(Unsolved):
        check("Task 8", later, *WALTZ_TASK, then=shown.append)
    assert answer_to("Task 8", until_then="the package's") == "the package's"
    assert not shown


def test_a_check_that_cannot_judge_says_so():
    def has_notes(answer):
        return None if answer.notes else "There is no note in it."

    said = repr(check("Task 8", "G4:1", has_notes))
    assert said == (
        "Task 8: not yet.\n- Your answer is a text, and it cannot be judged: a text has no 'notes'. "
        "Read again what the task asks for."
    )


def test_what_two_requirements_say_is_said_once():
    assert len(check("Task 8", 3, lambda _: "Too short.", lambda _: "Too short.").faults) == 1


def test_a_verdict_is_escaped_where_it_is_shown_as_html():
    html = check("Task 1", ["<b>:1"], every_measure_holds("3/4"))._repr_html_()
    assert "<b>:1" not in html
    assert "&lt;b&gt;" in html


def test_a_prediction_is_kept_and_compared():
    assert "'slower' is noted" in repr(predict("Prediction 1", " Slower ", ("faster", "slower")))
    assert compare("Prediction 1", "slower") == "Prediction 1: you said 'slower', and so it is."
    assert "you said 'slower'; it is 'faster'" in compare("Prediction 1", "faster")


@pytest.mark.parametrize("guess", ["about 70%", "About 70 %", " about 70 % ", "about_70%"])
def test_spaces_do_not_spoil_a_guess(guess):
    assert predict("Prediction 1", guess, ("about 70 %", "most of it")).guess == "about 70 %"


def test_no_prediction_is_no_failure():
    assert "You made no guess this time" in compare("Prediction 99", "faster")


def test_a_prediction_outside_the_choices_is_refused():
    for guess in ("quick", 3, None, ["faster"], max):
        predict("Prediction 1", "faster", ("faster", "slower"))
        with pytest.raises(NoChoice, match=r'Prediction 1: .* is none of the choices\. Write "faster" or "slower"'):
            predict("Prediction 1", guess, ("faster", "slower"))
        assert "You made no guess this time" in compare("Prediction 1", "faster")
    with pytest.raises(Unsolved, match="Prediction 1 is waiting"):
        predict("Prediction 1", ..., ("faster", "slower"))
