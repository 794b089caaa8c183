"""Of staves, voices, chords and hidden notes one line is read, and it is said which."""

from __future__ import annotations

import pytest

from musicedu.errors import FileProblem
from musicedu.formats.musicxml import read_musicxml
from musicedu.formats.reading import Choice, Reading
from tests.formats.scores import attributes, back, forward, note, score_of


def names(reading: Reading) -> str:
    return " ".join(str(each.spelling) for each in reading.melody.notes)


def read(*measures: str, voice: int | str | None = None) -> Reading:
    return read_musicxml(score_of(*measures), "tune.xml", Choice(voice=voice))


PIANO = (
    attributes(1) + note("E5", 2, voice=1, staff=1) + note("D5", 2, voice=1, staff=1) + back(4)
    + note("C3", 4, voice=5, staff=2),
    note("C5", 4, voice=1, staff=1) + back(4) + note("G3", 4, voice=5, staff=2) + note("B3", 4, voice=5, staff=2,
    chord=True),
)  # fmt: skip


def test_of_two_staves_the_upper_is_read_and_said() -> None:
    reading = read(*PIANO)
    assert names(reading) == "E5 D5 C5"
    assert reading.notices == (
        "Took voice 1 on the upper staff, of 2: 1, 5 on staff 2. Choose with --voice (in Python voice=)",
    )


def test_a_voice_is_chosen_by_its_number_or_label() -> None:
    for voice in ("5", 5, "5 on staff 2"):
        assert names(read(*PIANO, voice=voice)) == "C3 B3"
    assert names(read(*PIANO, voice=1)) == "E5 D5 C5"
    assert read(*PIANO, voice="5").notices == ("Took the top note of 1 chord in measure 2",)
    with pytest.raises(FileProblem, match=r"tune.xml: there is no voice '7'. The voices are 1, 5 on staff 2"):
        read(*PIANO, voice="7")


def test_one_number_for_the_voices_of_both_staves_is_no_mixture() -> None:
    reading = read(attributes(1) + note("E5", 4, voice=1, staff=1) + back(4) + note("C3", 4, voice=1, staff=2))
    assert names(reading) == "E5"


def test_a_voice_that_crosses_to_the_other_staff_is_one_line() -> None:
    reading = read(attributes(1) + note("E4", 2, voice=1, staff=1) + note("B3", 2, voice=1, staff=2))
    assert names(reading) == "E4 B3"
    assert reading.notices == ()


def test_of_two_voices_on_a_staff_the_upper_is_read() -> None:
    low, high = note("C4", 4, voice=1), note("G4", 2, voice=2) + note("A4", 2, voice=2)
    assert names(read(attributes(1) + low + back(4) + high)) == "G4 A4"


def test_voices_by_turns_are_one_line_whoever_has_the_measure() -> None:
    reading = read(attributes(1) + note("C4", 4, voice=1), note("D4", 4, voice=2), note("E4", 4, voice=1))
    assert names(reading) == "C4 D4 E4"
    assert "Voices 1, 2 never sound together and were read as one line" in reading.notices[0]


def test_voices_by_turns_inside_a_measure_are_one_line() -> None:
    first = (
        attributes(1) + note("C4", 2, voice=1) + note("r", 2, voice=1) + back(4) + forward(2) + note("D4", 2, voice=2)
    )
    assert names(read(first, note("E4", 4, voice=1))) == "C4 D4 E4"


def test_a_silent_measure_is_filled_from_the_other_voice() -> None:
    both = note("G4", 4, voice=1) + back(4) + note("C4", 4, voice=2)
    reading = read(attributes(1) + both, note("r", 4, voice=1) + back(4) + note("D4", 4, voice=2), both)
    assert names(reading) == "G4 D4 G4"
    assert "Took voice 1, of 2: 1, 2, and in 1 measure where it is silent another" in reading.notices[0]


def test_a_second_line_without_a_voice_number_is_a_voice() -> None:
    reading = read(attributes(1) + note("C4", 4) + back(4) + note("G4", 2) + note("A4", 2))
    assert names(reading) == "G4 A4"
    assert "of 2: 1, 1, line 2" in reading.notices[0]


@pytest.mark.parametrize("voice", [1, 2])
def test_hidden_notes_are_left_out_and_counted(voice: int) -> None:
    hidden = "".join(note("D5", 1, voice=voice, shown=False) for _ in range(4))
    reading = read(attributes(1) + note("C5", 4, voice=1) + back(4) + hidden)
    assert names(reading) == "C5"
    assert reading.notices == ("Left out 4 notes that are played but not printed",)


def test_cues_are_left_out() -> None:
    cue = note("G5", 4, extra="").replace("<note>", "<note><cue/>")
    small = note("A5", 4, "w").replace("<type>", '<type size="cue">')
    reading = read(attributes(1) + cue, note("C5", 4), small)
    assert names(reading) == "C5"
    assert reading.notices == ("Left out 2 notes of a cue",)
    assert reading.melody.duration == 12


def test_where_all_notes_are_hidden_they_are_the_music() -> None:
    assert names(read(attributes(1) + note("C5", 4, shown=False))) == "C5"


def test_of_a_chord_the_top_note_is_read_and_said() -> None:
    double = note("E4", 2) + note("G4", 2, chord=True) + note("D4", 2) + note("B3", 2, chord=True)
    reading = read(attributes(1) + double, double, note("C4", 4))
    assert names(reading) == "G4 D4 G4 D4 C4"
    assert reading.notices == ("Took the top note of 4 chords in 2 measures",)


def test_a_unison_is_no_chord() -> None:
    assert read(attributes(1) + note("E4", 4) + note("E4", 4, chord=True)).notices == ()


def test_ties_and_slurs_belong_to_the_line_that_is_read() -> None:
    tied = '<tie type="start"/>'
    first = attributes(1) + note("G4", 4, voice=1, extra=tied) + back(4) + note("C4", 4, voice=2)
    second = note("G4", 4, voice=1, extra='<tie type="stop"/>') + back(4) + note("D4", 4, voice=2)
    assert [each.duration for each in read(first, second).melody.notes] == [8]
