"""What a run says: much where it could have gone otherwise, little where a scale or a figure goes on."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from musicedu.melody import Melody
from musicedu.originality.run_information import NO_MOVES, TuneMoves, count_moves
from tests.strategies import melodies


@given(melodies())
def test_every_note_after_the_first_says_something_and_no_key_changes_how_much(melody: Melody) -> None:
    bits = NO_MOVES.bits(melody)
    assert len(bits) == max(0, len(melody.notes) - 1)
    assert np.all(bits > 0)
    higher = melody.transposed(12)
    assert np.allclose(NO_MOVES.bits(higher), bits)


@given(st.sampled_from([(1,), (2, -1), (2, 2, -3), (1, 1, -1, -1, 2)]))
def test_a_figure_that_goes_on_says_less_and_less(figure: tuple[int, ...]) -> None:
    place, words = 14, []
    for number in range(40):
        words.append(f"{'CDEFGAB'[place % 7]}{place // 7}")
        place += figure[number % len(figure)]
    bits = NO_MOVES.bits(Melody.from_text(" ".join(words)))
    assert bits[-8:].mean() < 0.3 * bits[:4].mean()


def test_what_tunes_do_often_says_less() -> None:
    stepping = Melody.from_text("C4 D4 E4 F4 G4 F4 E4 D4 C4 D4 E4 D4 C4")
    heard = sum([count_moves(stepping)] * 20, NO_MOVES)
    assert isinstance(heard, TuneMoves)
    leaping = Melody.from_text("C4 A4 D4 B4 E4 C4 G4")
    assert heard.bits(leaping).sum() > 2 * heard.bits(Melody.from_text("C4 D4 E4 F4 G4 F4 E4")).sum()
