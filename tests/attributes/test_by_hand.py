"""Attributes of small melodies, counted by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from musicedu.attributes.catalogue import ATTRIBUTES, measure
from musicedu.attributes.on_melody import STAVES, ledger_lines, mean_ledger_lines, most_ledger_lines
from musicedu.formats.musicxml import CLEFS
from musicedu.melody import Dynamic, Hairpin, Key, KeyAt, Melody, Metre, MetreAt, TempoAt
from musicedu.pitch import Spelling

F = Fraction


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("range", "C4:1 G4:1 E4:2", 7),
        ("register", "C4:1 E4:1 r:2", 62),
        ("mean_interval", "C4:1 D4:1 C4:1 G4:1", 11 / 3),
        ("largest_interval", "C5:1 r:1 C4:1 D4:1", 12),
        ("leap_share", "C4:1 D4:1 F4:1 E4:1", 1 / 3),
        ("note_density", "C4:1 D4:1/2 E4:1/2 r:2", 3 / 4),
        ("rhythm_entropy", "C4:1 D4:1 E4:1 F4:1", 0),
        ("rhythm_entropy", "C4:1 D4:1 E4:1/2 F4:1/2 G4:1", pytest.approx(0.971, abs=1e-3)),
        ("syncopation", "C4:1 D4:1 E4:1 F4:1", 0),
        ("syncopation", "C4:1/2 D4:1 E4:1/2 F4:2", 1 / 4),
        ("syncopated_share", "C4:1/2 D4:1 E4:1/2 F4:2", 1 / 4),
        ("syncopated_share", "C4:1 D4:2 E4:1", 0),
        ("note_values", "C4:1 D4:1/2 E4:1/2 F4:2", 3),
        ("note_values", "C4:1/3 D4:1/3 E4:1/3 F4:1/2 G4:1/2 A4:2", 2),
        ("rest_values", "C4:1 r:1 D4:1/2 r:1/2 E4:1 r:4", 3),
        ("rest_share", "C4:1 r:3", 3 / 4),
        ("rest_share", "r:4", 1),
        ("accidental_share", "C4:1 C#4:1 D4:1 Bb4:1", 1 / 2),
        ("double_accidental_share", "C##4:1 D4:1 E4:1 F4:1", 1 / 4),
        ("most_ledger_lines", "C4:1 C6:1 A3:1 G4:1", 2),
        ("mean_ledger_lines", "C4:1 C6:1 A3:1 G4:1", 5 / 4),
        ("eighth_share", "C4:1 D4:1/2 E4:1/2 F4:2", 1 / 2),
        ("sixteenth_share", "C4:3/4 D4:1/4 E4:1 F4:2", 1 / 4),
        ("dotted_share", "C4:3/2 D4:1/2 E4:2", 1 / 3),
        ("tuplet_share", "C4:1/3 D4:1/3 E4:1/3 F4:1 G4:2", 3 / 5),
        ("tie_share", "C4:3 D4:2 E4:1 F4:2", 1 / 5),
        ("rhythm_pattern_share", "C4:2 D4:2 E4:1 F4:3 G4:2 A4:2 r:4", 1 / 3),
        ("interval_pattern_share", "C4:2 D4:2 E4:1 F4:3 G4:4 A4:2 G4:2", 1 / 3),
        ("felt_beats", "C4:4", 4),
        ("compound_share", "C4:4", 0),
        ("changes", "C4:4", 0),
    ],
)
def test_counted_by_hand(name: str, text: str, value: float) -> None:
    assert ATTRIBUTES[name].measure(Melody.from_text(text)) == value


@pytest.mark.parametrize(
    ("metre", "beats", "compound", "uneven"),
    [("2/4", 2, 0, 0), ("6/8", 2, 1, 0), ("3/8", 1, 1, 0), ("5/8", 2, 0, 1), ("5/4", 5, 0, 1), ("7/4", 7, 0, 1),
     ("12/8", 4, 1, 0), ("2/2", 2, 0, 0), ("6/4", 6, 0, 0)],
)  # fmt: skip
def test_metres(metre: str, beats: int, compound: int, uneven: int) -> None:
    measured = measure(Melody.from_text("r:24", metre=metre), ("felt_beats", "compound_share", "uneven_share"))
    assert tuple(measured.values()) == (beats, compound, uneven)


def test_a_change_of_metre_counts_by_its_measures() -> None:
    tune = replace(Melody.from_text("r:15"), metres=(MetreAt(F(0), Metre(3, 4)), MetreAt(F(9), Metre(6, 8))))
    measured = measure(tune, ("felt_beats", "compound_share", "changes"))
    assert measured == {"felt_beats": 2.6, "compound_share": 0.4, "changes": 1}


@pytest.mark.parametrize(
    ("key", "distance", "minor"), [("C", 0, 0), ("Eb", 3, 0), ("F# minor", 3, 1), ("D dorian", 0, 1)]
)
def test_keys(key: str, distance: int, minor: int) -> None:
    measured = measure(Melody.from_text("C4:4", key=key), ("key_distance", "is_minor"))
    assert tuple(measured.values()) == (distance, minor)


def test_an_accidental_is_one_to_the_key_that_holds() -> None:
    tune = Melody.from_text("F#4:4 F#4:4")
    assert ATTRIBUTES["accidental_share"].measure(tune) == 1
    moved = replace(tune, keys=(KeyAt(F(0), Key(0)), KeyAt(F(4), Key(1))))
    assert ATTRIBUTES["accidental_share"].measure(moved) == 1 / 2
    assert ATTRIBUTES["key_distance"].measure(moved) == 1


def test_marks_tempo_and_upbeat() -> None:
    tune = replace(
        Melody.from_text("G4:1 C5:4", anacrusis=1),
        tempos=(TempoAt(F(0), F(84)), TempoAt(F(3), F(60))),
        dynamics=(Dynamic(F(0), "p"), Dynamic(F(1), "f"), Dynamic(F(3), "p")),
        hairpins=(Hairpin(F(0), F(1), "crescendo"),),
    )
    assert measure(tune, ("tempo", "anacrusis", "mark_kinds")) == {"tempo": 84, "anacrusis": 1, "mark_kinds": 3}


@pytest.mark.parametrize(("clef", "note"), [("treble", "C4"), ("bass", "E2"), ("alto", "D3"), ("treble-8vb", "C3")])
def test_the_clef_says_where_the_staff_is(clef: str, note: str) -> None:
    assert ledger_lines(Spelling.parse(note), clef) == 1
    tune = Melody.from_text(f"{note}:4")
    assert mean_ledger_lines(tune, clef) == most_ledger_lines(tune, clef) == 1


def test_clefs_are_those_that_are_engraved() -> None:
    assert {name: (clef.lowest, clef.highest) for name, clef in CLEFS.items()} == STAVES
    with pytest.raises(ValueError, match=r"clef must be one of treble, bass.*'soprano'"):
        ledger_lines(Spelling.parse("C4"), "soprano")


def test_a_sequence_repeats_its_intervals_and_its_rhythm() -> None:
    steps = Melody.from_text("C4:2 D4:1 E4:1  D4:2 E4:1 F4:1  E4:2 F4:1 G4:1")
    assert measure(steps, ("rhythm_pattern_share", "interval_pattern_share")) == {
        "rhythm_pattern_share": 2 / 3,
        "interval_pattern_share": 2 / 3,
    }
