"""Every slip has a sentence: the line, what is wrong, what to do, in words that a musician knows."""

import linecache
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicedu.course.lesson import begin_lesson, sentence_of
from musicedu.course.slips import kind_of
from musicedu.errors import UnknownName
from musicedu.exercise.specification import Specification
from musicedu.melody import Melody


def slip(code, **known):
    """What is said of a cell that was run with some variables."""
    linecache.cache["cell"] = len(code), None, code.splitlines(keepends=True), "cell"  # as a kernel does
    cell = {"np": np, "math": math, "Specification": Specification, "melody": Melody.from_text("C4 D4"), **known}
    try:
        exec(compile(code, "cell", "exec"), cell)
    except BaseException as fault:
        return sentence_of(fault, cell)
    return pytest.fail("it runs")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("guess = the same", 'Line 1: Python cannot read this. A text needs quotes around it: "the same"'),
        ("guess = about 70 %", 'A text needs quotes around it: "about 70 %"'),
        ('guess = "the same', "Line 1: a quote is missing"),
        ("a = 1\nguess = 'don't know'", "Line 2: a quote is missing"),
        ("guess = “the same”", "“ is a printed quote. Type a straight one"),
        ("a = 1\u00a0+ 2", "a character that Python cannot read (U+00A0)"),
        ("f(1, 2", "Line 1: the bracket ( is never closed"),
        ("a = [1, 2\nb = 3", "the bracket [ is never closed"),
        ("a = (1, 2]", "] does not close (: brackets go in pairs"),
        ("a = 1)", "there is a ) too many"),
        ("a = ?", "a question mark is still there"),
        ("a = 12.03.2009", "a number has one point at most"),
        ("a = 03", "a number does not begin with 0"),
        ("a = 4th", "a name does not begin with a digit"),
        ("3 = a", "on the left of = there must be a name"),
        ("a = [1 2]", "a comma"),
        ("def f(a):\nreturn a", "Line 2: the lines after the function definition must be indented by four spaces"),
        ("a = 1\n  b = 2", "Line 2: the line is indented too far"),
        ("if a:\n    b = 1\n  c = 1", "Line 3: the line must begin exactly below another"),
        ("def f(a)\n    return a", "Line 1: a colon is missing at its end"),
        ("return 3", "return stands outside of the function"),
        ("f(a=1, a=2)", "a is given twice"),
        ("print 3", "print needs brackets"),
        ("a = 3 +", "Look for a missing comma, bracket or quote"),
        ("guess = rise", 'Line 1: Python knows no rise. If you mean the word, put quotes around it: "rise"'),
        ("melod", "Python knows no melod. Did you mean 'melody'?"),
        ("pront(3)", "Did you mean 'print'?"),
        ("quartett.notes", "Is it spelled right, and are the cells above run?"),
        ("np.men(3)", "numpy has no 'men'. Did you mean 'mean'?"),
        ("melody.note", "a Melody has no 'note'. Did you mean 'notes'?"),
        ("Specification(levle=3)", "Specification has no 'levle'. Did you mean 'level'?"),
        ("Specification()", "Specification needs 'level' as well."),
        ('Specification(3, instrument="trombone")', "Line 1: unknown instrument 'trombone'. Did you mean 'trumpet'?"),
        ("Specification(level=11)", "Line 1: there is no level 11. Levels go from 1 to 10"),
        ('Specification(level="3")', "level must be a whole number from 1 to 10, not '3'"),
        ('Specification(3, seed="12.03.2009")', "seed must be a whole number"),
        ("Specification(level=...)", "three dots are still there"),
        ("a = ... + 1", "three dots are still there"),
        ("for a in ...: pass", "three dots are still there"),
        ("1 / 0", "something is divided by 0"),
        ("[1][3]", "an entry is asked for that is not there"),
        ('{"a": 1}["b"]', "'b' is looked up and is not there"),
        ('"3" + 4', "a text and a whole number cannot be joined. Numbers stand without quotes"),
        ('4 * 2 - "3"', "a whole number and a text do not go together"),
        ('"3" < 4', "a text cannot be compared with a whole number"),
        ('math.sqrt("3")', "a number is wanted here, and this is a text"),
        ("len(3)", "a whole number has no length"),
        ("a = 3\na[0]", "Line 2: a whole number has no parts"),
        ("a = 3\na(2)", "there are brackets after a whole number"),
        ("None.notes", "nothing (None) has no 'notes'"),
        ("a = None\na + 1", "Line 2: nothing (None) and a whole number do not go together"),
        ("def f(n):\n    return f(n)\nf(3)", "Line 2: f calls itself without end"),
        ("def f(a):\n    b = c\n    c = 1\nf(1)", "Line 2: c is used before it has a value"),
        ("def f(a): pass\nf(1, 2)", "Line 2: f takes 1 in its brackets, not 2"),
        ("import numpyy", "there is nothing to import"),
        ('open("no such take.wav")', "there is no file 'no such take.wav'"),
        ("raise KeyboardInterrupt", "you stopped the cell here"),
        ('int("x")', "Line 1: invalid literal for int()"),
        ("raise RuntimeError('x' * 900)", "RuntimeError: "),
        ("raise RuntimeError", "Line 1: RuntimeError."),
    ],
)
def test_a_slip_is_told_in_one_sentence(code, words):
    said = slip(code)
    assert words in said
    assert len(said) < 250
    assert "\n" not in said


def test_the_line_is_that_of_the_cell_and_not_of_the_package():
    assert slip("a = 1\n\nSpecification(level=99)").startswith("Line 3: ")


def test_a_function_of_an_earlier_cell_is_no_line_of_this_one():
    cell = {}
    exec(compile("def f(a):\n\n\n    return 1 / a", "earlier", "exec"), cell)
    with pytest.raises(ZeroDivisionError) as raised:
        exec(compile("a = 1\nf(0)", "cell", "exec"), cell)
    assert sentence_of(raised.value, cell).startswith("Line 2: ")


@given(st.from_type(type).flatmap(st.from_type).filter(lambda value: value is not ...))
def test_every_value_has_a_name(value):
    assert kind_of(value)


@given(st.text(max_size=300), st.sampled_from([ValueError, TypeError, KeyError, RuntimeError, NameError, SyntaxError]))
def test_whatever_a_fault_says_is_one_short_sentence(text, kind):
    said = sentence_of(kind(text), {})
    assert 0 < len(said) < 500
    assert len(said.splitlines()) == 1


def test_without_a_notebook_nothing_is_changed():
    begin_lesson()
    with pytest.raises(UnknownName):
        Specification(level=11)
