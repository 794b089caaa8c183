"""A blind test keeps first answers in the workspace, tells nothing on the way; an example stands in until it ends."""

import json

import numpy as np
import pytest

from musicedu.course.listening_test import EXAMPLE_RIGHT, FILE, blind_test, load_answers
from musicedu.display.blind_test import SIDES, BlindTest, Pair
from musicedu.errors import FileProblem
from musicedu.melody import Melody

HUMAN, MACHINE = Melody.from_text("C4 E4 G4 C5:1"), Melody.from_text("C4 D4 E4:2")
PAIRS = [Pair(f"pair {number}", HUMAN, MACHINE) for number in range(1, 4)]


def test_an_example_stands_in_until_all_pairs_are_answered(tmp_path):
    before = load_answers(PAIRS * 4, tmp_path)
    assert before.is_example
    taken = blind_test(PAIRS, folder=tmp_path)
    for pair in PAIRS:
        assert load_answers(PAIRS, tmp_path).is_example
        taken.press(taken.order[pair.name])
    after = load_answers(PAIRS, tmp_path)
    assert (after.n_right, len(after), after.is_example) == (3, 3, False)
    twelve = [Pair(str(number), HUMAN, MACHINE) for number in range(12)]
    assert load_answers(twelve, tmp_path / "elsewhere").n_right == EXAMPLE_RIGHT


def test_wrong_answers_are_kept_as_wrong_and_first_answers_for_good(tmp_path):
    first = blind_test(PAIRS, folder=tmp_path)
    other = {"A": "B", "B": "A"}
    first.press(other[first.order["pair 1"]])
    assert json.loads((tmp_path / FILE).read_text()) == {"pair 1": False}
    again = blind_test(PAIRS, folder=tmp_path)
    assert [pair.name for pair in again.waiting] == ["pair 2", "pair 3"]
    assert "Pair 2 of 3" in again.scene["said"]
    (tmp_path / FILE).unlink()
    assert len(blind_test(PAIRS, folder=tmp_path).waiting) == 3


def test_the_seed_decides_the_sides_and_both_come():
    many = [Pair(str(number), HUMAN, MACHINE) for number in range(20)]
    orders = [BlindTest(many, np.random.default_rng(seed), print).order for seed in (1, 1, 2)]
    assert orders[0] == orders[1] != orders[2]
    assert set(orders[0].values()) == set(SIDES)


def test_nothing_is_told_before_the_end_and_an_answer_too_many_is_none(tmp_path):
    taken = blind_test(PAIRS, folder=tmp_path)
    said = []
    for _ in range(5):
        said.append(taken.scene["said"])
        taken.press("A")
    assert not any(word in " ".join(said).lower() for word in ("right", "wrong", "correct"))
    assert "All 3 pairs are answered" in taken.scene["said"]
    assert len(json.loads((tmp_path / FILE).read_text())) == 3


def test_the_sound_of_each_side_is_that_of_the_order():
    taken = BlindTest(PAIRS, np.random.default_rng(1), lambda name, right: None)
    human = taken.order["pair 1"]
    lengths = {side: float(taken.sounds[side].split("Player: ")[1].split(" s")[0]) for side in SIDES}
    assert lengths[human] > 0
    assert taken.sounds["A"] != taken.sounds["B"]


def test_a_saved_notebook_says_what_the_cell_does():
    taken = BlindTest(PAIRS, np.random.default_rng(1), print)
    assert taken.still().words == "Run this cell to take the listening test: 3 pairs, 3 of them to go."


@pytest.mark.parametrize("text", ["", "[]", '{"pair 1": 1}'])
def test_damaged_answers_are_one_line(text, tmp_path):
    (tmp_path / FILE).write_text(text)
    with pytest.raises(FileProblem, match="Delete the file"):
        load_answers(PAIRS, tmp_path)
