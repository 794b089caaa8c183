"""A written line comes back as written, whatever a program left of the lengths of its notes."""

import random
from fractions import Fraction

import pytest

from musicedu.formats.midi import read_midi
from musicedu.melody import Melody
from tests.formats.midi_bytes import played, scale, single

F = Fraction
TUNES = {
    "quarters": "C4 D4 E4 F4 G4 A4 B4 C5 G4 E4 D4 C4",
    "values": "C4 D4 E4:1/2 F4:1/2 G4:2 A4:3/2 G4:1/2 F4 E4 D4:2 C4:2",
    "dotted": "G4:3/4 A4:1/4 B4:3/4 C5:1/4 D5:3/2 C5:1/2 B4 G4:3 D4:1/2 D4:1/2 G4:3/4 G4:1/4 G4:3",
    "rests": "C4 D4 E4 r F4 G4 A4:2 r:2 G4:1/2 r:1/2 F4:1/2 r:1/2 E4 D4 C4:3 r",
    "triplets": "C4:1/3 D4:1/3 E4:1/3 F4 G4:2/3 A4:1/3 B4 C5:1/2 B4:1/2 A4:1/3 G4:1/3 F4:1/3 E4 D4 C4:4",
    "sixteenths": "C4:1/4 D4:1/4 E4:1/4 F4:1/4 G4:1/2 A4:1/4 G4:1/4 F4 E4:1/2 D4:1/4 E4:1/4 F4:1/2 D4:1/2 C4:2",
    "long": "C4:4 D4:2 E4:2 F4:3 r G4:4 A4:2 r:2 C4:4",
}
RULES = {
    f"{share} %": lambda value, share=share: value * share // 100 for share in (98, 95, 90, 85, 80, 75, 66, 60, 50)
}
RULES |= {f"{gap} ticks early": lambda value, gap=gap: value - gap for gap in (1, 2, 5)}
RULES |= {f"{gap} ticks late": lambda value, gap=gap: value + gap for gap in (1, 5)}
RULES |= {"95 %, one tick early": lambda value: value * 95 // 100 - 1}
TICKS = (96, 120, 192, 220, 384, 480, 960, 1024)


def heard(melody):
    return [(note.onset, note.duration, note.pitch) for note in melody.notes]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("tune", TUNES)
def test_shortened_notes_come_back_as_written(tune, rule):
    melody = Melody.from_text(TUNES[tune])
    for ticks in TICKS:
        reading = read_midi(single(played(melody, ticks, RULES[rule]), ticks))
        assert heard(reading.melody) == heard(melody), ticks


def test_what_was_done_is_said():
    def said(gate):
        return [notice for notice in read_midi(single(scale(gate=gate))).notices if "key" not in notice]

    assert said(0.95) == ["The notes sound 95% of their length: taken as full"]
    assert said(1.0) == []
    legato = played(Melody.from_text(TUNES["quarters"]), 480, lambda value: value + 12)
    assert "held into the next" in " ".join(read_midi(single(legato)).notices)


def test_a_file_whose_every_note_sounds_half_is_gated_and_one_with_full_notes_too_has_rests():
    assert {note.duration for note in read_midi(single(scale(gate=0.5))).melody.notes} == {1}
    mixed = [(onset, 240 if rank % 2 else 480, pitch) for rank, (onset, _, pitch) in enumerate(scale())]
    assert [note.duration for note in read_midi(single(mixed)).melody.notes][:4] == [1, F(1, 2), 1, F(1, 2)]


def test_staccato_among_shortened_notes_is_full():
    notes = [(onset, 240 if rank in (2, 3) else 456, pitch) for rank, (onset, _, pitch) in enumerate(scale())]
    reading = read_midi(single(notes))
    assert {note.duration for note in reading.melody.notes} == {1}
    assert any("played short" in notice for notice in reading.notices)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("tune", ["quarters", "values", "sixteenths", "dotted"])
def test_a_recording_comes_back_as_it_was_meant(tune, seed):
    """Onsets up to 12 ms off at 120 a minute, lengths 92 % of the value, 3 % more or less."""
    rng, melody = random.Random(seed), Melody.from_text(TUNES[tune])
    notes = [
        (max(0, onset + rng.randint(-11, 11)), int(duration * min(1.0, rng.gauss(0.92, 0.03))), pitch)
        for onset, duration, pitch in played(melody, 480, lambda value: value)
    ]
    reading = read_midi(single(notes))
    assert heard(reading.melody) == heard(melody)
    assert any("as played" in notice for notice in reading.notices)


def test_rests_of_a_recording_stay():
    rng, melody = random.Random(5), Melody.from_text("C4 D4 E4 F4 G4:2 r:2 A4 G4 F4 E4 D4:1 r:3 D4 E4 F4 D4 C4:4")
    notes = [(on, int(dur * rng.uniform(0.86, 0.98)), pitch) for on, dur, pitch in played(melody, 480, lambda v: v)]
    assert heard(read_midi(single(notes)).melody) == heard(melody)
