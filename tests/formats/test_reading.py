"""Lines are chosen by number or by name, as people type names; what is not there is answered with what is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicedu.errors import FileProblem
from musicedu.formats.reading import chosen, listed, took

NAMES = ["Flûte à bec", "Violin 1", "Violin 2", "B♭ Clarinet", "Piano"]


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        ("Piano", 4), ("piano", 4), (" PIANO ", 4), ("pia", 4), ("flute a bec", 0), ("FLÛTE", 0), ("clarinet", 3),
        ("violin 2", 2), (2, 1), ("2", 1), ("5", 4), (1, 0),
    ],
)  # fmt: skip
def test_a_line_is_found_by_number_or_name(wanted: int | str, place: int) -> None:
    assert chosen(NAMES, wanted, "part") == place


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("Paino", "duo.xml: there is no part 'Paino'. Did you mean 'Piano'[?] The parts are 1 Flûte à bec, 2 Violin 1"),
        ("violin", "there is no part 'violin'. Did you mean 'Violin 2' or 'Violin 1'[?] The parts are"),
        (6, "there is no part 6. The parts are"),
        (0, "there is no part 0. The parts are"),
        (-1, "there is no part -1. The parts are"),
        ("", "there is no part ''. The parts are"),
        ("9" * 5000, "there is no part '99999"),
    ],
)
def test_what_is_not_there_is_answered_with_what_is(wanted: int | str, message: str) -> None:
    with pytest.raises(FileProblem, match=message) as caught:
        chosen(NAMES, wanted, "part", "duo.xml")
    assert len(str(caught.value)) < 300


def test_of_two_with_one_name_the_first_is_taken() -> None:
    assert chosen(["Violin", "Violin", "Viola"], "violin", "part") == 0


def test_a_name_that_is_a_number_is_a_name_first() -> None:
    assert chosen(["2", "1"], "2", "voice") == 0
    assert chosen(["2", "1"], 2, "voice") == 1


@given(st.lists(st.text(max_size=100), min_size=1, max_size=40), st.data())
def test_every_line_is_found_by_its_number_and_lists_stay_short(names: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(names) - 1))
    assert chosen(names, place + 1, "part") == place
    assert len(listed(names)) < 12 * 70
    assert took(names, place, "part").startswith(f"Took part {place + 1}")


def test_a_single_line_is_listed_as_one() -> None:
    with pytest.raises(FileProblem, match=r"there is no voice 'alto'. There is one voice: 1 Soprano"):
        chosen(["Soprano"], "alto", "voice")
