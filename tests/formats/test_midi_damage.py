"""Files with faults beside the music are read, and what was passed over is said."""

from fractions import Fraction
from itertools import pairwise

import pytest

from musicedu.errors import FileProblem
from musicedu.formats.midi import parse_midi, read_midi, render_midi
from musicedu.formats.midi_names import decode_text
from musicedu.melody import Key, Melody, Metre
from tests.formats.midi_bytes import END, SCALE, chunk, events, head, length, meta, scale, single, track

NOTES = events(scale())


def read(data, said=""):
    reading = read_midi(data, "odd.mid")
    assert reading.melody.pitches == SCALE
    assert said in " | ".join(reading.notices)
    return reading.melody


@pytest.mark.parametrize("metre", [(0, 2), (4, 200), (33, 2), (4, 6), (255, 255)])
def test_a_metre_that_is_none_is_passed_over_and_said(metre):
    melody = read(single(scale(), before=meta(0x58, bytes([*metre, 24, 8]))), f"Passed over the metre {metre[0]}/")
    assert melody.metre == Metre(4, 4)


def test_a_tempo_of_nothing_and_a_key_of_nine_sharps_are_passed_over():
    assert read(single(scale(), before=meta(0x51, b"\0\0\0")), "Passed over a tempo").tempos == ()
    assert read(single(scale(), before=meta(0x59, bytes([9, 0]))), "Passed over a key").key == Key(0)
    assert read(single(scale(), before=meta(0x59, bytes([200, 7]))), "Passed over a key").key == Key(0)


def test_running_status_goes_on_after_other_events():
    body = length(0) + b"\x90\x3c\x50"
    for before, after in pairwise(SCALE):
        body += length(480) + bytes([before, 0]) + meta(0x01, b"la") + length(0) + bytes([after, 80])
    read(head() + track(body + length(480) + bytes([72, 0])))


def test_a_track_without_an_end_or_with_a_wrong_length_is_read():
    read(head() + track(NOTES, end=b""))
    read(head() + chunk(b"MTrk", NOTES + END, said=5000), "length of track 1 is wrong")
    read(head() + chunk(b"MTrk", NOTES + END, said=20), "length of track 1 is wrong")
    read(head(n_tracks=2) + chunk(b"MTrk", NOTES + END, said=7) + track(), "length of track 1 is wrong")
    read(head() + track(NOTES) + b"\0" * 100)
    read(head() + track(NOTES) + b"trailing rubbish", "Passed over")


def test_unknown_chunks_riff_and_what_stands_before_the_head():
    read(head() + chunk(b"XFIH", b"karaoke") + track(NOTES), "part called XFIH")
    whole = head() + track(NOTES)
    size = (len(whole) + 12).to_bytes(4, "little")
    read(b"RIFF" + size + b"RMIDdata" + len(whole).to_bytes(4, "little") + whole)
    read(b"\0" * 128 + whole, "Passed over 128 bytes")
    read(chunk(b"MThd", b"\0\1\0\1\1\xe0\0\0\0\0") + track(NOTES))


def test_what_a_damaged_or_cut_track_still_has_is_read_and_said():
    whole = head() + track(NOTES)
    reading = read_midi(whole[: len(whole) - 24])
    assert 3 <= len(reading.melody.notes) < 8
    assert "cut short" in " ".join(reading.notices)
    reading = read_midi(head() + track(NOTES[:40], b"\xff" * 9, NOTES[40:]))
    assert reading.melody.pitches[:4] == SCALE[:4]
    assert any("damaged" in notice for notice in reading.notices)


def test_notes_without_an_end_last_to_the_next():
    body = b"".join(length(480 * bool(rank)) + bytes([0x90, pitch, 80]) for rank, pitch in enumerate(SCALE))
    melody = read(head() + track(body, end=meta(0x2F, b"", 480)), "never ended")
    assert {note.duration for note in melody.notes} == {1}
    body = b"".join(length(480 * bool(rank)) + bytes([0x90, 60, 80]) for rank in range(6))
    assert [note.onset for note in parse_midi(head() + track(body)).notes] == list(range(6))


@pytest.mark.parametrize("body", [b"", meta(0x03, b"Empty"), meta(0x51, b"\x07\xa1\x20")])
def test_a_file_without_notes_says_so_in_one_line(body):
    with pytest.raises(FileProblem, match=r"^silent\.mid: holds no notes") as caught:
        read_midi(head() + track(body), "silent.mid")
    assert "\n" not in str(caught.value)


def test_film_frames_and_several_pieces_are_refused_with_a_remedy():
    with pytest.raises(FileProblem, match=r"film frames.*Export it again"):
        parse_midi(head(ticks=0xE728) + track(NOTES))
    with pytest.raises(FileProblem, match=r"format 2.*Export it again"):
        parse_midi(head(2, 2) + track(NOTES) + track(NOTES))
    assert parse_midi(head(2, 1) + track(NOTES)).pitches == SCALE


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("Für Elise", "utf-8"), ("Für Elise", "latin-1"), ("Größe", "latin-1"), ("L'été créé", "cp1252"),
        ("さくらさくら", "utf-8"), ("さくらさくら", "shift-jis"), ("荒城の月", "shift-jis"),
        ("ラ・カンパネラ", "shift-jis"),
        ("Катюша", "utf-8"), ("Подмосковные вечера", "cp1251"), ("月光", "utf-16"),
    ],
)  # fmt: skip
def test_titles_are_read_in_the_code_page_they_are_in(text, page):
    assert decode_text(text.encode(page)) == text
    assert parse_midi(single(scale(), before=meta(0x03, text.encode(page)))).title == text


def test_a_title_keeps_no_control_characters():
    assert parse_midi(single(scale(), before=meta(0x03, b"\x1b[31mred\x07\nline"))).title == "[31mred line"


MINOR = Melody.from_text("D4 F4 A4 G4:1/2 F4:1/2 E4 F4 D4:2 A4 Bb4 A4 G4 F4 E4 D4:2")


def of_minor(*before):
    return single([(int(n.onset * 480), int(n.duration * 480), n.pitch) for n in MINOR.notes], before=b"".join(before))


def test_a_major_that_programs_write_beside_every_signature_gives_way_to_the_notes():
    reading = read_midi(of_minor(meta(0x59, bytes([255, 0]))))
    assert reading.melody.key.name == "D minor"
    assert any("says F major" in notice for notice in reading.notices)
    assert read_midi(of_minor(meta(0x59, bytes([255, 1])))).notices == ()
    reading = read_midi(of_minor())
    assert (reading.melody.key.name, reading.notices) == ("D minor", ("It names no key: D minor, by its notes",))


def test_c_major_that_programs_write_by_themselves_gives_way_to_the_notes():
    notes = [(onset, duration, pitch + 4) for onset, duration, pitch in scale()]
    assert parse_midi(single(notes, before=meta(0x59, b"\0\0"))).key.name == "E major"


def test_a_key_that_this_package_wrote_is_kept():
    melody = Melody.from_text("D4 F4 A4 G4 F4 E4 F4 D4 A4 Bb4 A4 G4 F4 E4 D4:2", key="F")
    assert read_midi(render_midi(melody)).melody.key.name == "F major"


def test_a_metre_that_begins_a_little_off_a_barline_begins_there():
    before = meta(0x58, bytes([3, 2, 24, 8])) + meta(0x58, bytes([4, 2, 24, 8]), 2883)
    melody = parse_midi(head(n_tracks=2) + track(before) + track(events(scale())))
    assert [(change.onset, change.metre) for change in melody.metres] == [(0, Metre(3, 4)), (6, Metre(4, 4))]
    assert melody.notes[1].onset == Fraction(1)


@pytest.mark.parametrize(
    ("data", "limit"),
    [
        (head() + track(b"\x00\xb0\x07\x40" + b"\x00\x07\x41" * 400_001, NOTES), "400,000 events"),
        (head() + track(b"\x00\x90\x3c\x50" + b"\x7f\x3c\x00\x01\x3c\x50" * 10_001), "10,000 can be read"),
        (single([(0, 480 * 1300, 60)], before=meta(0x58, bytes([1, 5, 24, 8]))), "10,000 can be read"),
        (
            head(n_tracks=2)
            + track(b"".join(meta(0x59, bytes([rank % 5, 0]), 1) for rank in range(1, 2000)))
            + track(NOTES),
            "1,000 can be read",
        ),
    ],
    ids=["events", "notes", "measures", "keys"],
)
def test_what_is_too_much_is_refused_with_its_limit(data, limit):
    with pytest.raises(FileProblem, match=limit):
        parse_midi(data)


def test_of_thousands_of_tempos_the_first_is_kept_and_said():
    tempos = b"".join(meta(0x51, (500_000 + rank).to_bytes(3, "big"), 1) for rank in range(3000))
    melody = read(head(n_tracks=2) + track(tempos) + track(NOTES), "changes of tempo, as played, the first is kept")
    assert [tempo.tempo_bpm for tempo in melody.tempos] == [120]
