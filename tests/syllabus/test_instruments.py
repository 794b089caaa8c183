"""Contracts of the instruments: keys and compass for every level, with room around a tonic of each key."""

from __future__ import annotations

from itertools import pairwise

import pytest

from musicedu.errors import UnknownName
from musicedu.exercise.resolve_pitch import scale_notes
from musicedu.melody import Key
from musicedu.syllabus.instruments import NamedSkip, instrument, instruments
from musicedu.syllabus.levels import LEVEL_NUMBERS, level

NAMES = tuple(instruments())


def test_the_twelve_instruments_are_there() -> None:
    assert len(NAMES) == 12


@pytest.mark.parametrize("name", NAMES)
def test_the_compass_grows_with_the_level(name: str) -> None:
    player = instrument(name)
    assert len(player.lowest) == len(player.highest) == 10
    for below, above in pairwise(player.lowest):
        assert below.pitch >= above.pitch
    for below, above in pairwise(player.highest):
        assert below.pitch <= above.pitch


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("number", LEVEL_NUMBERS)
def test_every_key_has_a_fifth_around_a_tonic(name: str, number: int) -> None:
    player = instrument(name)
    assert player.keys_at(number)
    for key in player.keys_at(number):
        notes = scale_notes(key, *player.compass_at(number))
        assert len(notes) >= 5, key.name
        assert any(note.step == key.tonic.step for note in notes), key.name


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("number", LEVEL_NUMBERS)
def test_keys_stay_within_the_level_after_the_first_two(name: str, number: int) -> None:
    for key in instrument(name).majors_at(number)[2:]:
        assert abs(key.fifths) <= level(number).max_fifths or key in instrument(name).majors_at(2), key.name


@pytest.mark.parametrize("name", NAMES)
def test_level_1_has_one_major_key(name: str) -> None:
    assert len(instrument(name).keys_at(1)) == 1
    assert not instrument(name).keys_at(1)[0].is_minor


@pytest.mark.parametrize("name", NAMES)
def test_all_keys_up_to_five_are_taught_by_level_10(name: str) -> None:
    assert {key.fifths for key in instrument(name).majors_at(10)} == set(range(-5, 6))


@pytest.mark.parametrize(
    ("name", "concert"), [("clarinet", "Bb"), ("trumpet", "Bb"), ("saxophone", "Bb"), ("horn", "F")]
)
def test_a_transposing_instrument_begins_in_an_easy_concert_key(name: str, concert: str) -> None:
    player = instrument(name)
    sounding = (player.majors[0][1].tonic_pitch_class + player.transposition) % 12
    assert sounding == Key.parse(concert).tonic_pitch_class


@pytest.mark.parametrize("alias", ["Bb Clarinet", "clarinet in bb", "CLARINET", " clarinet "])
def test_an_instrument_is_found_by_any_of_its_names(alias: str) -> None:
    assert instrument(alias).name == "clarinet"


def test_no_two_instruments_share_a_name() -> None:
    names = [name for one in instruments().values() for name in {one.name, one.title.lower(), *one.aliases}]
    assert len(set(names)) == len(names)


def test_an_unknown_instrument_names_the_nearest_and_all() -> None:
    with pytest.raises(UnknownName, match=r"Did you mean 'violin'\? Known: violin, viola, cello"):
        instrument("voilin")


@pytest.mark.parametrize(
    ("skip", "steps"),
    [
        (NamedSkip(1, 3, 1, 2), 2),
        (NamedSkip(5, 1, -1, 5), -4),
        (NamedSkip(5, 1, 1, 6), 3),
        (NamedSkip(1, 5, -1, 6), -3),
        (NamedSkip(1, 1, 1, 6), 7),
    ],
)
def test_a_named_skip_counts_steps_in_its_direction(skip: NamedSkip, steps: int) -> None:
    assert skip.steps == steps


def test_a_singer_is_free_from_level_7_and_has_no_skip_at_level_1() -> None:
    voice = instrument("voice")
    assert voice.skips_at(1) == ()
    assert [skip.title for skip in voice.skips_at(2) or ()] == ["do-mi up", "mi-sol up"]
    assert voice.skips_at(7) is None
    assert instrument("violin").skips_at(1) is None
