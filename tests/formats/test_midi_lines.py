"""The track of the melody: chosen by number or name, else the one most like a melody, and said."""

import pytest

from musicedu.errors import FileProblem
from musicedu.formats.midi import parse_midi, read_midi
from musicedu.formats.reading import Choice
from musicedu.melody import Melody
from tests.formats.midi_bytes import events, head, length, meta, played, scale, single, track

TUNE = Melody.from_text("C4 D4 E4:1/2 F4:1/2 G4:2 A4:3/2 G4:1/2 F4 E4 D4:2 C4:2 E4 F4 G4:2 F4:1/2 E4:1/2 D4 C4:4")
MELODY = played(TUNE, 480, lambda value: value)
END = 24 * 480
ALBERTI = [(at, 240, 72 + (0, 7, 4, 7)[at // 240 % 4]) for at in range(0, END, 240)]
BASS = [(at, 480, 36 + (0, 7)[at // 480 % 2]) for at in range(0, END, 480)]
CLICK = [(at, 60, 76) for at in range(0, END, 480)]
CHORDS = [(at, 960, pitch) for at in range(0, END, 960) for pitch in (60, 64, 67)]


def named(name):
    return meta(0x03, name.encode()) if name else b""


def several(*parts, names=None, channels=None):
    names, channels = names or [""] * len(parts), channels or range(len(parts))
    tracks = [
        track(named(name), events(notes, channel)) for notes, name, channel in zip(parts, names, channels, strict=True)
    ]
    return head(1, len(parts)) + b"".join(tracks)


@pytest.mark.parametrize("others", [[ALBERTI], [BASS], [CLICK], [CHORDS], [ALBERTI, BASS], [CLICK, CHORDS, ALBERTI]])
def test_the_melody_is_found_wherever_it_stands_and_said(others):
    for place in range(len(others) + 1):
        parts = [*others[:place], MELODY, *others[place:]]
        reading = read_midi(several(*parts))
        assert reading.melody.pitches == TUNE.pitches
        assert any(notice.startswith(f"Took track {place + 1} of {len(parts)}") for notice in reading.notices)


@pytest.mark.parametrize("name", ["Melody", "VOCALS", "Lead", "Piano RH", "right hand", "Flöte", "Gesang", "Soprano"])
def test_a_track_that_is_called_the_melody_is_it(name):
    low = [(at, dur, pitch - 24) for at, dur, pitch in MELODY]
    names = ["Guitar", name]
    assert read_midi(several(MELODY, low, names=names)).melody.pitches[0] == TUNE.pitches[0] - 24


@pytest.mark.parametrize("name", ["Click", "metronome", "Count-in", "Piano LH", "Accompaniment"])
def test_a_track_that_is_called_something_else_is_not_it(name):
    low = [(at, dur, pitch - 24) for at, dur, pitch in MELODY]
    assert read_midi(several(MELODY, low, names=[name, ""])).melody.pitches[0] == TUNE.pitches[0] - 24


def test_a_track_is_chosen_by_its_number_or_name():
    data = several(MELODY, BASS, names=["Geige", "Kontrabaß"])
    assert parse_midi(data).pitches == TUNE.pitches
    for wanted in (2, "2", "kontrabass", "KON"):
        reading = read_midi(data, choice=Choice(part=wanted))
        assert reading.melody.pitches[:2] == (36, 43)
    with pytest.raises(FileProblem, match=r"there is no track 'geig2'\. Did you mean 'Geige'\? .*1 Geige, 2 Kontra"):
        parse_midi(data, part="geig2")
    with pytest.raises(FileProblem, match="there is no track 5"):
        parse_midi(data, part=5)


def test_channels_of_one_track_are_parts_with_the_names_of_their_sounds():
    sounds = length(0) + b"\xc0\x49" + length(0) + b"\xc1\x20"
    body = sounds + _merged(events(MELODY, 0), events(BASS, 1), events(CLICK, 9))
    reading = read_midi(head(0, 1) + track(body))
    assert reading.melody.pitches == TUNE.pitches
    assert any("1 Flute, 2 Acoustic bass, 3 Drums" in notice for notice in reading.notices)


def _merged(*bodies):
    """Events of several channels in one track; all of them here have three bytes after the time."""
    timed = []
    for body in bodies:
        position = now = 0
        while position < len(body):
            delta = 0
            while True:
                byte, position = body[position], position + 1
                delta = delta << 7 | byte & 0x7F
                if byte < 0x80:
                    break
            now += delta
            timed.append((now, body[position : position + 3]))
            position += 3
    merged, now = b"", 0
    for tick, event in sorted(timed, key=lambda pair: pair[0]):
        merged, now = merged + length(tick - now) + event, tick
    return merged


def test_of_a_piano_the_top_line_is_taken_and_said():
    under = [(at, dur, pitch - 24) for at, dur, pitch in CHORDS]
    reading = read_midi(single(sorted([*MELODY, *under])))
    assert reading.melody.pitches == TUNE.pitches
    assert [note.duration for note in reading.melody.notes] == [note.duration for note in TUNE.notes]
    assert any("the highest are taken" in notice for notice in reading.notices)


def test_of_double_stops_the_upper_notes_are_taken():
    stops = sorted([*MELODY, *[(at, dur, pitch - 3) for at, dur, pitch in MELODY[4:7]]])
    reading = read_midi(single(stops))
    assert reading.melody.pitches == TUNE.pitches
    assert any("3 under them left out" in notice for notice in reading.notices)


def test_a_left_hand_alone_is_no_melody():
    rests = [note for note in MELODY if not 4 * 480 <= note[0] < 6 * 480]
    low = [(at, 480, 40 + at // 480 % 3) for at in range(0, END, 480)]
    melody = parse_midi(single(sorted([*rests, *low])))
    assert min(melody.pitches) >= 60


def test_drums_alone_are_refused():
    with pytest.raises(FileProblem, match="drums only"):
        parse_midi(head() + track(events(scale(), 9)))
