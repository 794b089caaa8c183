"""A melody that quotes a tune is told so, in any key; what is common property is nobody's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.data import data_path
from musicedu.errors import FileProblem
from musicedu.exercise.generator import generate
from musicedu.exercise.recipe import parse_recipe
from musicedu.melody import Melody, Note
from musicedu.originality.quotes import (
    CERTAIN_NOTES,
    QUOTE_NOTES,
    Quote,
    build_quotes,
    find_quote,
    load_quotes,
    save_quotes,
    shipped_quotes,
)
from musicedu.wording.english import in_words


def tune(seed: int, n_notes: int = 40) -> Melody:
    rng = np.random.default_rng(seed)
    names = rng.choice(["C4", "D4", "E4", "F4", "G4", "A4", "B4", "C5"], n_notes)
    lengths = rng.choice(["1", "1/2"], n_notes)
    return Melody.from_text(" ".join(f"{name}:{length}" for name, length in zip(names, lengths, strict=True)))


def index_of(*melodies: Melody):
    return build_quotes((f"t/{row}", f"Tune {row}", f"f/{row}", melody) for row, melody in enumerate(melodies))


def part(melody: Melody, first: int, n_notes: int) -> Melody:
    notes = melody.notes[first : first + n_notes]
    moved = tuple(Note(note.onset - notes[0].onset, note.duration, note.spelling) for note in notes)
    return Melody(moved, moved[-1].offset)


@settings(max_examples=15)
@given(st.integers(0, 28), st.integers(-6, 6))
def test_twelve_notes_of_a_tune_are_found_wherever_they_stand_and_in_any_key(first, semitones):
    index = index_of(tune(1), tune(2))
    asked = part(tune(2), first, CERTAIN_NOTES).transposed(semitones)
    quote = index.find(asked)
    assert quote is not None
    assert (quote.tune, quote.title) == ("t/1", "Tune 1")
    assert QUOTE_NOTES <= quote.n_notes <= CERTAIN_NOTES


def test_nine_notes_are_no_quote_and_another_tune_has_none():
    index = index_of(tune(1), tune(2))
    assert index.find(part(tune(2), 5, QUOTE_NOTES - 1)) is None
    assert index.find(tune(3)) is None
    assert index.find(Melody((), tune(1).duration)) is None
    assert index_of().find(tune(1)) is None


def test_the_longest_quote_is_named_with_its_notes():
    quote = index_of(tune(1), tune(2)).find(tune(1))
    assert quote == Quote(quote.first, quote.n_notes, "t/0", "Tune 0", quote.first, quote.bits)
    assert quote.n_notes >= 40 - 2 * (CERTAIN_NOTES - QUOTE_NOTES)
    assert in_words(Quote(2, 10, "t/0", "A jig.", 5, 40.0)).startswith(
        "It quotes a tune: notes 3 to 12 are those of A jig (t/0)"
    )


def test_what_three_families_share_is_nobodys_and_neither_is_a_drone():
    assert index_of(*[tune(1)] * 3).find(tune(1)) is None
    assert index_of(*[tune(1)] * 2).find(tune(1)) is not None
    drone = Melody.from_text("C4:1 D4:1 C4:1 E4:1 " * 5)
    assert index_of(drone).find(drone) is None


def scale(n_notes: int, figure: tuple[int, ...] = (1,), value: str = "1/2") -> Melody:
    """A figure of moves on the staff, over and over, turned round where it would leave three octaves."""
    place, words, sign = 28, [], 1
    for number in range(n_notes):
        words.append(f"{'CDEFGAB'[place % 7]}{place // 7}:{value}")
        move = sign * figure[number % len(figure)]
        sign = sign if 21 <= place + move < 42 else -sign
        place += move if 21 <= place + move < 42 else -move
    return Melody.from_text(" ".join(words))


@pytest.mark.parametrize(
    "figure", [(1,), (-1,), (2, -1), (-2, 1), (2, 2, -3), (2, -1, -1, 1), (1, 1, 1, 1, -1, -1, -1, 0)]
)
@pytest.mark.parametrize("value", ["1/2", "1/4", "1"])
def test_a_scale_broken_thirds_and_a_finger_exercise_quote_nobody(figure, value):
    assert find_quote(scale(48, figure, value)) is None


def test_of_random_lines_of_steps_at_most_one_in_fifty_is_said_to_quote():
    rng, flagged = np.random.default_rng(7), 0
    for _ in range(400):
        turns = rng.integers(0, 2, 47) * 2 - 1
        flagged += find_quote(scale(48, tuple(int(turn) for turn in turns))) is not None
    assert flagged <= 8


def test_a_quote_lies_in_one_place_of_one_tune():
    longer = tune(5, 60)
    there_and_again = Melody.from_text(" ".join(f"{n.spelling}:{n.duration}" for n in (*longer.notes, *longer.notes)))
    quote = index_of(longer, tune(6)).find(there_and_again)
    assert quote is not None
    assert quote.n_notes <= 60, "the tune has no more notes"
    for row in range(quote.n_notes):
        assert there_and_again.notes[quote.first + row].pitch == longer.notes[quote.tune_first + row].pitch


def test_an_index_is_kept_on_disk_and_the_same_index_gives_the_same_bytes(tmp_path):
    index = index_of(tune(1), tune(2))
    for name in ("one.npz", "two.npz"):
        save_quotes(index, tmp_path / name)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    again = load_quotes(tmp_path / "one.npz")
    assert np.array_equal(again.keys, index.keys)
    assert np.array_equal(again.owners, index.owners)
    assert np.array_equal(again.places, index.places)
    assert np.array_equal(again.moves.moves, index.moves.moves)
    assert again.tunes == index.tunes


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_truncated_index_is_refused(tmp_path, share):
    save_quotes(index_of(tune(1)), tmp_path / "quotes.npz")
    data = (tmp_path / "quotes.npz").read_bytes()
    (tmp_path / "quotes.npz").write_bytes(data[: int(share * len(data))])
    with pytest.raises(FileProblem, match=r"quotes\.npz: is not a complete index of quotes"):
        load_quotes(tmp_path / "quotes.npz")


def test_a_missing_index_is_refused(tmp_path):
    with pytest.raises(FileProblem, match="is not a complete index"):
        load_quotes(tmp_path / "none.npz")


def test_the_shipped_index_is_small_and_holds_no_non_commercial_tune():
    index = shipped_quotes()
    assert data_path("quotes.npz").stat().st_size < 1e6
    assert len(index.tunes) > 5000
    assert not any(name.startswith("essen") for name, _ in index.tunes)
    assert np.all(np.diff(index.keys.astype(np.int64)) > 0)


def test_an_exercise_that_quotes_a_tune_says_so_and_the_others_do_not():
    quoting = generate(parse_recipe("me1 violin L8 s24"))
    assert [reason for reason in quoting.reasons if isinstance(reason, Quote)] == [find_quote(quoting.melody)]
    own = generate(parse_recipe("me1 violin L4 s1"))
    assert find_quote(own.melody) is None
    assert not any(isinstance(reason, Quote) for reason in own.reasons)
    assert find_quote(replace(quoting.melody, title="other")) == find_quote(quoting.melody)
