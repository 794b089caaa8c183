"""A knob stands on one of its values, and every value has words of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicedu.display.panel import choice, slider


@given(
    first=st.integers(-20, 20), width=st.sampled_from(["1", "2", "0.1", "0.02", "0.25", "2.5"]), n=st.integers(1, 60)
)
def test_a_slider_has_every_step_as_it_is_written_and_reads_it_back(first, width, n):
    step = int(width) if width.isdigit() else float(width)
    last = first + (n - 1) * step
    knob = slider(first, round(last, 6), step, value=first)
    assert len(knob.values) == n
    assert all(value == float(text) for value, text in zip(knob.values, knob.texts, strict=True))
    assert all(type(value) is type(step) for value in knob.values)
    assert all(knob.read(text) == knob.turned(float(text)) for text in knob.texts)


def test_texts_show_as_many_decimals_as_the_steps():
    assert slider(0.2, 0.6, 0.2, value=0.4).texts == ("0.2", "0.4", "0.6")
    assert slider(-0.5, 0.5, 0.25, value=0).texts == ("-0.50", "-0.25", "0.00", "0.25", "0.50")
    assert slider(0.5, 4.0, 0.5, value=2.0).texts[0] == "0.5"


def test_a_choice_holds_things_of_any_kind():
    knob = choice([None, 0.1, "C"], value=0.1)
    assert (knob.value, knob.text) == (0.1, "0.1")
    assert knob.read("None").value is None
    assert knob.read("D") == knob


@pytest.mark.parametrize(
    "make",
    [
        lambda: slider(0, 10, 3, value=2),
        lambda: slider(0, 10, 0, value=0),
        lambda: slider(10, 0, 1, value=0),
        lambda: choice(["a", "b"], value="c"),
        lambda: choice(["1", 1]),
        lambda: choice([]),
    ],
)
def test_a_knob_that_could_not_stand_anywhere_is_refused(make):
    with pytest.raises(ValueError, match=r"no|must"):
        make()
