"""Tuplets that an exporter rounded to whole divisions are read as they are written, whatever it rounded and where."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicedu.formats.musicxml import read_musicxml
from musicedu.formats.musicxml.clock import exact
from musicedu.formats.reading import Choice
from tests.formats.scores import attributes, back, forward, note, score_of

F = Fraction


def spans(*measures: str) -> list[tuple[Fraction, Fraction]]:
    return [(each.onset, each.duration) for each in read_musicxml(score_of(*measures)).melody.notes]


def rounded(n: int, total: int) -> list[int]:
    """A length of so many divisions in n parts, each rounded so that the sum is kept."""
    edges = [round(F(total * k, n)) for k in range(n + 1)]
    return [after - before for before, after in pairwise(edges)]


@pytest.mark.parametrize(
    ("n", "ratio", "kind", "quarters"),
    [
        (3, "3:2", "e", 1), (3, "3:2", "q", 2), (5, "5:4", "s", 1), (6, "6:4", "s", 1), (7, "7:4", "s", 1),
        (7, "7:8", "s", 2), (9, "9:8", "t", 1), (2, "2:3", "e", F(3, 2)), (4, "4:3", "e", F(3, 2)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("divisions", [64, 96, 100, 256, 480, 768, 960, 1024, 10080])
def test_a_rounded_tuplet_has_the_length_that_is_written(
    n: int, ratio: str, kind: str, quarters: F, divisions: int
) -> None:
    lengths = rounded(n, int(quarters * divisions))
    tuplet = "".join(note("C4", length, kind, ratio=ratio) for length in lengths)
    rest = "".join(note("r", length, kind, ratio=ratio) for length in lengths)
    found = spans(attributes(divisions) + tuplet + rest + note("D4", divisions, "q"))
    part = F(quarters) / n
    assert found == [*((part * k, part) for k in range(n)), (2 * F(quarters), 1)]


@given(st.sampled_from([100, 256, 480, 1000, 10080]), st.lists(st.sampled_from([3, 5, 7]), min_size=1, max_size=4))
def test_every_voice_meets_the_others_after_rounding(divisions: int, tuplets: list[int]) -> None:
    """Whatever was rounded, a backup leads to the barline, and a second voice begins with it."""
    ratios = {3: "3:2", 5: "5:4", 7: "7:4"}
    upper = "".join(
        note("C5", length, "e" if n == 3 else "s", voice=1, ratio=ratios[n])
        for n in tuplets
        for length in rounded(n, divisions)
    )
    whole = divisions * len(tuplets)
    lower = note("C4", whole, voice=2)
    found = read_musicxml(score_of(attributes(divisions, metre=f"{len(tuplets)}/4") + upper + back(whole) + lower))
    assert found.melody.duration == len(tuplets)
    assert sum(each.duration for each in found.melody.notes) == len(tuplets)


def test_rounded_triplets_without_a_type_or_ratio_are_triplets() -> None:
    assert spans(attributes(256) + "".join(note("C4", n) for n in (85, 86, 85)) + note("D4", 768)) == [
        (0, F(1, 3)), (F(1, 3), F(1, 3)), (F(2, 3), F(1, 3)), (1, 3),
    ]  # fmt: skip


def test_a_forward_over_rounded_triplets_leads_to_a_third() -> None:
    first = "".join(note("C4", n, "e", voice=1, ratio="3:2") for n in (85, 85, 86)) + note("r", 768, "h.", voice=1)
    second = back(1024) + forward(85) + note("C3", 85, "e", voice=2, ratio="3:2") + forward(854)
    reading = read_musicxml(score_of(attributes(256) + first + second), choice=Choice(voice="2"))
    assert [(each.onset, each.duration) for each in reading.melody.notes] == [(F(1, 3), F(1, 3))]


def test_a_tie_out_of_a_rounded_triplet_is_exact() -> None:
    start, stop = '<tie type="start"/>', '<tie type="stop"/>'
    first = note("C4", 683, "h", ratio="3:2") + note("D4", 341, "q", ratio="3:2", extra=start)
    second = note("D4", 512, "h", extra=stop) + note("C4", 512, "h")
    found = spans(attributes(512, metre="2/4") + first, second)
    assert found == [(0, F(4, 3)), (F(4, 3), F(2, 3) + 1), (3, 1)]


def test_nested_tuplets_carry_the_product() -> None:
    lengths = rounded(9, 256)
    assert spans(attributes(256, metre="1/4") + "".join(note("C4", n, "s", ratio="9:4") for n in lengths)) == [
        (F(k, 9), F(1, 9)) for k in range(9)
    ]


@pytest.mark.parametrize("lengths", [(0, 1), (1, 0), (1, 1), (0, 0)])
def test_one_division_a_quarter_cannot_hold_eighths_and_the_type_does(lengths: tuple[int, int]) -> None:
    found = spans(attributes(1) + note("C4", lengths[0], "e") + note("D4", lengths[1], "e") + note("E4", 3, "h."))
    assert found == [(0, F(1, 2)), (F(1, 2), F(1, 2)), (1, 3)]


@pytest.mark.parametrize("text", ["0.5", "0,5", "1/2", ".5"])
def test_a_duration_may_be_a_fraction(text: str) -> None:
    assert spans(attributes(1, metre="1/4") + note("C4", text) + note("D4", text)) == [(0, F(1, 2)), (F(1, 2), F(1, 2))]


def test_a_rounded_decimal_is_a_third() -> None:
    found = spans(attributes(1, metre="1/4") + note("C4", "0.333") + note("D4", "0,33") + note("E4", "0.3333"))
    assert [duration for _, duration in found] == [F(1, 3)] * 3


def test_a_missing_or_broken_duration_is_what_the_type_says() -> None:
    assert spans(attributes(8) + note("C4", "", "q.") + note("D4", "?", "e") + note("E4", 16)) == [
        (0, F(3, 2)), (F(3, 2), F(1, 2)), (2, 2),
    ]  # fmt: skip


@pytest.mark.parametrize("divisions", ["", "0", "x", "-4"])
def test_missing_divisions_are_what_the_notes_say(divisions: str) -> None:
    data = score_of(attributes(divisions) + note("C4", 48, "h") + note("D4", 48, "h"))
    reading = read_musicxml(data)
    assert [each.duration for each in reading.melody.notes] == [2, 2]
    assert "no divisions are given; its notes say 24 a quarter note" in reading.notices[0]


def test_a_duration_that_contradicts_the_type_is_believed() -> None:
    """A swung pair, or the halves of a tremolo, sound as long as they say."""
    assert spans(attributes(480, metre="1/4") + note("C4", 320, "e") + note("D4", 160, "e"))[0] == (0, F(2, 3))


@given(st.integers(0, 10**9), st.integers(1, 10**6))
def test_lengths_lie_on_grids_that_a_few_hundred_measures_can_share(number: int, divisions: int) -> None:
    found = exact(F(number), F(divisions))
    assert found >= 0
    assert 2**6 * 3**3 * 5 * 7 * 15 % found.denominator == 0
    assert abs(found - F(number, divisions)) <= max(F(1, divisions), F(1, 960))
