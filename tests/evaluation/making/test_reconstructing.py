"""How much comes back: windows and rows of steps are measured alike."""

from __future__ import annotations

import numpy as np
import pytest

from musicedu.encoding.step_grid import HOLD, step_grid, window_of_steps
from musicedu.encoding.vocabulary import REST, token_of_pitch
from musicedu.evaluation.making.reconstructing import compare, compare_rows

C, D, E = (token_of_pitch(pitch) for pitch in (60, 62, 64))
ROW = np.array([C, HOLD, HOLD, HOLD, D, HOLD, E, HOLD, *[REST] * 8])


@pytest.mark.parametrize(
    ("changed", "onset_pitch", "onset_f"),
    [({}, 1, 1), ({4: E}, 2 / 3, 1), ({4: HOLD}, 2 / 3, 0.8), ({2: C}, 1, 6 / 7), ({0: REST, 1: C}, 2 / 3, 2 / 3)],
)
def test_rows_are_measured_as_their_windows_are(changed: dict[int, int], onset_pitch: float, onset_f: float) -> None:
    guess = ROW.copy()
    for step, token in changed.items():
        guess[step] = token
    by_rows = compare_rows(ROW[None], guess[None])
    windows = [window_of_steps(row, step_grid(16)) for row in (ROW, guess)]
    by_windows = compare(windows[0], windows[1].events)
    assert by_rows.onset_pitch == pytest.approx(by_windows.onset_pitch) == pytest.approx(onset_pitch)
    assert by_rows.onset_f == pytest.approx(by_windows.onset_f) == pytest.approx(onset_f)


def test_all_holds_are_right_in_many_steps_and_in_no_note() -> None:
    found = compare_rows(np.stack([ROW, ROW]), np.full((2, 16), HOLD))
    assert found.steps == pytest.approx(5 / 16)
    assert found.onset_pitch == found.onset_f == 0


def test_rows_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="their reconstruction"):
        compare_rows(ROW[None], ROW[None, :8])
