"""Notes whose instrument is known: no tune is played twice, and all instruments share one range."""

import numpy as np
import pytest

from musicedu.corpus.tune import Tune
from musicedu.evaluation.instrument_notes import HIGHEST, LOWEST, record_notes
from musicedu.melody import Melody

TEXTS = ["C4:1 E4:1 G4:2", "C4:1/2 D4:1/2 E4:1 F4:1 G4:1", "A3:1 C4:1 E4:2", "G4:1 F4:1 E4:1 D4:1", "C3:1 C6:3"]
TUNES = [
    Tune(f"x/{number}", "x", "x.abc", str(number), "", "free", False, Melody.from_text(text), f"x/{number}")
    for number, text in enumerate(TEXTS)
]
TWO = {"flute": 73, "violin": 40}


def test_every_take_is_a_tune_of_its_own_within_the_range():
    notes = record_notes(TUNES, takes_each=2, programs=TWO, rng=np.random.default_rng(0))
    players = {(note.tune, note.instrument) for note in notes}
    assert len(players) == len({tune for tune, _ in players}) == 4
    assert "x/4" not in {tune for tune, _ in players}, "three octaves do not fit"
    assert all(LOWEST <= note.pitch <= HIGHEST for note in notes)
    assert all(np.abs(note.y).max() > 0.01 for note in notes)


def test_the_same_seed_gives_the_same_notes():
    first, again = (record_notes(TUNES, takes_each=1, programs=TWO, rng=np.random.default_rng(5)) for _ in range(2))
    assert all(np.array_equal(one.y, other.y) for one, other in zip(first, again, strict=True))


def test_too_few_tunes_are_refused():
    with pytest.raises(ValueError, match="too few tunes"):
        record_notes(TUNES, takes_each=3, programs=TWO, rng=np.random.default_rng(0))
