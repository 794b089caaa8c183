"""A played note knows how long it lasts, and nothing of where it comes from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicedu.played import PlayedNote

SECONDS = st.floats(0, 10_000)


@given(st.integers(0, 10_000_000), SECONDS)
def test_a_note_lasts_as_long_wherever_it_stands(length_usec: int, onset_sec: float) -> None:
    length_sec = length_usec / 1_000_000
    note = PlayedNote(onset_sec, onset_sec + length_sec, 60)
    assert note.duration_sec == length_sec
    assert note.later(1.5).duration_sec == length_sec


def test_a_note_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match=r"offset_sec must not be before onset_sec: 1\.0 to 0\.5"):
        PlayedNote(1.0, 0.5, 60)
