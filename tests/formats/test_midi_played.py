"""What is played is read back as it was: to a tick, whatever the tempo does, and what a damaged file has left."""

from __future__ import annotations

import time
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from symusic.core import ControlChangeTick, NoteTick, ScoreTick, TempoTick, TrackTick

from musicedu.audio.performance import perform
from musicedu.errors import FileProblem
from musicedu.exercise.generator import generate
from musicedu.exercise.recipe import parse_recipe
from musicedu.formats.files import load_played
from musicedu.formats.midi_played import read_played
from musicedu.played import PlayedNote
from tests.formats.midi_bytes import chunk, events, head, length, meta, scale, single, track
from tests.strategies import melodies

TICKS = 480
PLAYERS = {0: 60, 3: 40, 9: 36, 12: 67}  # a pitch on each channel, drums on 9


@st.composite
def keyboards(draw):
    """Notes in ticks on one channel, (onset, duration, pitch, velocity); no key is struck while it is down."""
    notes, free = [], {}
    for _ in range(draw(st.integers(1, 30))):
        pitch = draw(st.integers(0, 127))
        onset = free.get(pitch, 0) + draw(st.integers(0, 2000))
        duration = draw(st.integers(1, 3000))
        free[pitch] = onset + duration
        notes.append((onset, duration, pitch, draw(st.integers(1, 127))))
    return sorted(notes, key=lambda note: (note[0], note[2]))


tempi = st.dictionaries(st.integers(0, 40_000), st.integers(60_001, 3_000_000), max_size=8)


def written(notes, tempos=None, ticks=TICKS, controls=()):
    """The file of some notes, and the same music by another clock, in seconds."""
    score = ScoreTick(ticks)
    for tick, microseconds in (tempos or {}).items():
        score.tempos.append(TempoTick(tick, mspq=microseconds))
    player = TrackTick(name="Keys")
    for note in notes:
        player.notes.append(NoteTick(*note))
    for control in controls:
        player.controls.append(ControlChangeTick(*control))
    score.tracks.append(player)
    return bytes(score.dumps_midi()), score


def silent(notice):
    raise AssertionError(f"nothing is to be said, and this is: {notice}")


@settings(max_examples=150)
@given(keyboards(), tempi, st.sampled_from([24, 96, 480, 960, 32_767]))
def test_what_is_played_comes_back_at_its_time_whatever_the_tempo_does(notes, tempos, ticks):
    data, score = written(notes, tempos, ticks)
    take = read_played(data)
    assert take.notices == ()
    expected = sorted(score.to("second").tracks[0].notes, key=lambda note: (note.start, note.pitch))
    tick_sec = max([500_000, *tempos.values()]) / 1e6 / ticks
    assert [(note.pitch, note.velocity) for note in take.notes] == [(pitch, hard) for *_, pitch, hard in notes]
    for ours, theirs in zip(sorted(take.notes, key=lambda note: (note.onset_sec, note.pitch)), expected, strict=True):
        assert ours.onset_sec == pytest.approx(theirs.start, abs=tick_sec + 1e-4)
        assert ours.offset_sec == pytest.approx(theirs.end, abs=tick_sec + 1e-4)


@given(keyboards(), st.integers(100, 400))
def test_without_a_change_of_tempo_seconds_are_ticks_exactly(notes, tempo_bpm):
    data, _ = written(notes, {0: round(60e6 / tempo_bpm)})
    tick_sec = round(60e6 / tempo_bpm) / 1e6 / TICKS
    assert [(note.onset_sec, note.duration_sec) for note in read_played(data).notes] == [
        (pytest.approx(onset * tick_sec), pytest.approx(duration * tick_sec, abs=1e-8)) for onset, duration, *_ in notes
    ]


def test_a_tempo_in_the_middle_of_a_note_bends_that_note():
    data, _ = written([(0, 960, 60, 80), (960, 480, 62, 80)], {0: 500_000, 480: 1_000_000})
    assert read_played(data).notes == (PlayedNote(0, 1.5, 60, 80), PlayedNote(1.5, 2.5, 62, 80))


@settings(max_examples=30)
@given(melodies(max_measures=4))
def test_a_performance_written_as_midi_is_read_as_it_was_played(melody):
    played = [note for note in perform(melody) if note.duration_sec > 0.002]
    in_ticks = [
        (round(note.onset_sec * 960), round(note.duration_sec * 960), note.pitch, note.velocity) for note in played
    ]
    again = read_played(written(in_ticks)[0]).notes if in_ticks else ()
    plain = [replace(note, joined=False) for note in played]
    assert [(note.pitch, note.velocity) for note in again] == [(note.pitch, note.velocity) for note in plain]
    for ours, theirs in zip(again, plain, strict=True):
        assert ours.onset_sec == pytest.approx(theirs.onset_sec, abs=1 / 960)
        assert ours.duration_sec == pytest.approx(theirs.duration_sec, abs=2 / 960)


@pytest.mark.parametrize("recipe", ["me1 piano L3 s5", "me1 flute L5 s2", "me1 clarinet L2 s9"])
def test_an_exercise_played_on_a_keyboard_becomes_notes_again(recipe, tmp_path):
    melody = generate(parse_recipe(recipe)).melody
    in_ticks = [(round(n.onset_sec * 960), round(n.duration_sec * 960), n.pitch, n.velocity) for n in perform(melody)]
    (tmp_path / "take.mid").write_bytes(written(in_ticks)[0])
    take = load_played(tmp_path / "take.mid", tell=silent)
    assert [note.pitch for note in take] == [note.pitch + melody.transposition for note in melody.notes]


def test_two_keys_at_once_and_one_held_under_others_are_all_there():
    data = single([(0, 1920, 48), (0, 480, 64), (240, 480, 67), (480, 480, 64)])
    assert [(note.pitch, note.duration_sec) for note in read_played(data).notes] == [
        (48, 2.0), (64, 0.5), (67, 0.5), (64, 0.5),
    ]  # fmt: skip


def test_a_key_struck_again_while_it_is_down_is_released_first_in_first_out():
    first, second = read_played(single([(0, 720, 60), (480, 480, 60)])).notes
    assert (first.offset_sec, second.onset_sec, second.offset_sec) == (0.75, 0.5, 1.0)


def test_a_note_on_without_velocity_is_a_release_also_in_running_status():
    body = length(0) + b"\x90\x3c\x50" + length(480) + b"\x3c\x00" + length(0) + b"\x3e\x22" + length(240) + b"\x3e\x00"
    assert read_played(head() + track(body)).notes == (PlayedNote(0, 0.5, 60, 80), PlayedNote(0.5, 0.75, 62, 34))


def test_a_note_that_is_never_ended_lasts_to_the_next_and_that_is_said():
    body = length(0) + b"\x90\x3c\x50" + length(480) + b"\x90\x3e\x50" + length(480) + b"\x80\x3e\x00"
    take = read_played(head() + track(body))
    assert [note.offset_sec for note in take.notes] == [0.5, 1.0]
    assert take.notices == ("1 note is never ended: it lasts to the next one",)


PEDALLED = "The sustain pedal holds {} longer than the keys"


@pytest.mark.parametrize(
    ("controls", "ends", "said"),
    [
        ([(0, 64, 127), (960, 64, 0)], (1.0, 1.0), "2 notes"),
        ([(0, 64, 64), (720, 64, 63)], (0.75, 0.75), "1 note"),
        ([(0, 64, 63)], (0.5, 0.75), None),
        ([(240, 64, 90), (300, 64, 0)], (0.5, 0.75), None),
        ([(480, 64, 127), (960, 64, 0)], (0.5, 1.0), "1 note"),
        ([(0, 64, 127), (600, 64, 100), (960, 121, 0)], (1.0, 1.0), "2 notes"),
        ([(0, 64, 127), (1440, 7, 100)], (1.5, 1.5), "2 notes"),
        ([(0, 66, 127), (0, 67, 127)], (0.5, 0.75), None),
    ],
)
def test_the_sustain_pedal_holds_notes_until_it_comes_up(controls, ends, said):
    data, _ = written([(0, 480, 60, 80), (480, 240, 64, 80)], controls=controls)
    take = read_played(data)
    assert [note.offset_sec for note in take.notes] == pytest.approx(
        ends, abs=0.002
    )  # symusic ends a track a tick later
    assert take.notices == ((PEDALLED.format(said),) if said else ())


def test_a_key_struck_again_under_the_pedal_ends_the_note_before():
    data, _ = written([(0, 240, 60, 80), (480, 240, 60, 80)], controls=[(0, 64, 127), (1440, 64, 0)])
    assert [note.offset_sec for note in read_played(data).notes] == [0.5, 1.5]


@given(keyboards(), st.lists(st.tuples(st.integers(0, 20_000), st.just(64), st.integers(0, 127)), max_size=12))
def test_a_pedal_never_shortens_a_note_nor_lets_it_sound_into_the_next_of_its_key(notes, controls):
    plain, held = (read_played(written(notes, controls=one)[0]).notes for one in ((), controls))
    for before, after in zip(plain, held, strict=True):
        assert (after.onset_sec, after.pitch, after.velocity) == (before.onset_sec, before.pitch, before.velocity)
        assert after.offset_sec >= before.offset_sec
    for pitch in {note.pitch for note in held}:
        of_key = [note for note in held if note.pitch == pitch]
        assert all(one.offset_sec <= other.onset_sec for one, other in pairwise(of_key))


def several(notes):
    """The events of (onset, duration, pitch, channel) in ticks."""
    timed = [(onset, 1, bytes([0x90 + channel, pitch, 80])) for onset, _, pitch, channel in notes]
    timed += [(onset + duration, 0, bytes([0x90 + channel, pitch, 0])) for onset, duration, pitch, channel in notes]
    body, now = b"", 0
    for tick, _, event in sorted(timed):
        body, now = body + length(tick - now) + event, tick
    return body


def test_the_channels_of_one_track_are_one_player_and_drums_are_not():
    notes = [(tick, 480, pitch + tick // 480, channel) for tick in (0, 480) for channel, pitch in PLAYERS.items()]
    data = head(0) + track(meta(3, b"Take"), several(notes))
    assert [note.pitch for note in read_played(data, part=1).notes] == [40, 60, 67, 41, 61, 68]
    assert [note.pitch for note in read_played(data, part="drums").notes] == [36, 37]
    assert read_played(data).notices == (
        "Took track 1, Take, of 2: 1 Take, 2 Take: Drums. Choose with --part (in Python part=)",
    )


def test_a_track_is_chosen_as_a_part_of_a_melody_is():
    data = head(n_tracks=3) + track(meta(0x51, b"\x0f\x42\x40"))
    data += track(meta(3, b"Left hand"), events(scale(pitches=(40, 41))))
    data += track(meta(3, b"Right hand"), events(scale(pitches=(70, 71))))
    for part, pitches in ((1, [40, 41]), ("right hand", [70, 71]), ("left", [40, 41])):
        assert [note.pitch for note in read_played(data, part=part).notes] == pitches
    assert read_played(data, part=1).notes[1].onset_sec == 1.0, "the first track's tempo holds in all"
    assert "Took track 2, Right hand, of 2" in read_played(data).notices[0]
    with pytest.raises(FileProblem, match=r"there is no track 'viola'\. The tracks are 1 Left hand, 2 Right hand"):
        read_played(data, part="viola")


@pytest.mark.parametrize(
    ("frames", "ticks", "tick_sec"),
    [
        (24, 80, Fraction(1, 1920)), (25, 40, Fraction(1, 1000)), (30, 100, Fraction(1, 3000)),
        (29, 100, Fraction(1001, 3_000_000)),
    ],
)  # fmt: skip
def test_film_frames_are_seconds_whatever_tempo_stands_there(frames, ticks, tick_sec):
    division = bytes([256 - frames, ticks])
    data = chunk(b"MThd", b"\0\0\0\1" + division) + track(meta(0x51, b"\x01\x86\xa0"), events([(1000, 250, 60)]))
    (note,) = read_played(data).notes
    assert note == PlayedNote(float(1000 * tick_sec), float(1250 * tick_sec), 60, 80)


@pytest.mark.parametrize("division", [b"\0\0", b"\xe7\0", b"\xf0\x28", b"\x80\x28"])
def test_a_division_that_is_none_is_refused_in_one_line(division):
    with pytest.raises(FileProblem, match=r"counts time in film frames.*Export it again with ticks per quarter"):
        read_played(chunk(b"MThd", b"\0\0\0\1" + division) + track(events(scale())))


def test_a_tempo_without_time_is_passed_over():
    take = read_played(single([(480, 480, 60)], before=meta(0x51, b"\0\0\0")))
    assert take.notes == (PlayedNote(0.5, 1.0, 60, 80),)
    assert take.notices == ("Passed over a tempo faster than 1,000 quarter notes a minute",)


def test_what_is_left_of_a_track_cut_short_is_read_and_that_is_said():
    whole = single(scale())
    take = read_played(whole[:-20])
    assert 5 <= len(take.notes) <= 8
    assert "Track 1 is damaged or cut short" in " ".join(take.notices)


@settings(max_examples=60)
@given(keyboards(), st.data())
def test_damage_is_one_line_or_notes_with_times_in_order(notes, data):
    file = bytearray(written(notes, {500: 400_000}, controls=[(100, 64, 127), (900, 64, 0)])[0])
    for _ in range(data.draw(st.integers(1, 4))):
        file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    take, said = read_or_refused(bytes(file[: data.draw(st.integers(14, len(file)))]))
    assert bool(take) != bool(said)
    assert not said or (said.startswith("take.mid: ") and "\n" not in said)
    assert [note.onset_sec for note in take] == sorted(note.onset_sec for note in take)
    assert all(note.duration_sec >= 0 and 0 <= note.pitch <= 127 and 1 <= note.velocity <= 127 for note in take)


def read_or_refused(data):
    """The notes and no word, or no notes and the error's line."""
    try:
        return read_played(data, "take.mid").notes, ""
    except FileProblem as fault:
        return (), str(fault)


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("take.mid", b"", "is empty"),
        ("take.mid", b"nothing of the kind", "is not a MIDI file"),
        ("take.mid", head() + track(), "holds no notes"),
        ("take.mid", head(2, 2) + 2 * track(events(scale())), "format 2"),
        ("take.mid", b"MThd" + bytes(5_000_001), "is larger than 5,000,000 bytes"),
        ("take.mid", single([(5 * rank, 4, 60) for rank in range(10_001)]), "10,001 notes; 10,000 can be read"),
        ("take.mid", single([(480 * 20_000, 480, 60)]), "is longer than 20,000 quarter notes"),
        ("take.abc", b"X:1\nK:C\nCDEF|\n", "is ABC, which holds no playing. A take is a MIDI file"),
        ("take.musicxml", b"<score-partwise/>", "is MusicXML, which holds no playing"),
        ("take.wav", b"RIFF\0\0\0\0WAVEfmt ", "is a recording"),
        ("take", b"\1\2\3\4", "is no MIDI file"),
    ],
)
def test_what_is_no_take_is_refused_in_one_line(name, data, problem, tmp_path):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(FileProblem) as caught:
        load_played(tmp_path / name, tell=silent)
    assert str(caught.value).startswith(f"{name}: ")
    assert problem in str(caught.value)


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(FileProblem, match="there is no such file"):
        load_played(tmp_path / "take.mid")


def test_what_was_chosen_is_told(tmp_path, capsys):
    (tmp_path / "take.mid").write_bytes(written([(0, 480, 60, 80)], controls=[(0, 64, 127), (960, 64, 0)])[0])
    load_played(tmp_path / "take.mid")
    assert capsys.readouterr().out == f"take.mid: {PEDALLED.format('1 note')}\n"


def test_the_longest_take_is_read_soon():
    notes = [(rank * 900, 800, 40 + rank % 40, 1 + rank % 127) for rank in range(10_000)]
    data, _ = written(
        notes,
        {rank * 90: 500_000 + rank for rank in range(50_000)},
        controls=[(rank * 450, 64, 127 * (rank % 2)) for rank in range(20_000)],
    )
    begun = time.process_time()
    take = read_played(data)
    assert time.process_time() - begun < 5
    assert len(take.notes) == 10_000
