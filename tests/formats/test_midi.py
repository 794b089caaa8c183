import contextlib
import random
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
import symusic
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.errors import FileProblem, MusicEduError
from musicedu.formats.midi import parse_midi, render_midi
from musicedu.melody import Dynamic, Hairpin, IrregularAt, Key, KeyAt, Melody, Metre, MetreAt, Note, TempoAt
from musicedu.melody.key import transposed_key
from musicedu.pitch import Spelling
from tests.strategies import melodies

F = Fraction


def sounding(melody):
    return [(note.onset, note.duration, note.pitch + melody.transposition) for note in melody.notes]


def signatures(melody):
    """The keys as MIDI can hold them: sounding, and major or minor."""
    keys = [(change.onset, transposed_key(change.key, melody.transposition)) for change in melody.keys]
    if not melody.transposition:
        keys = [(change.onset, change.key) for change in melody.keys]
    return [(onset, key.fifths, key.mode == "minor") for onset, key in keys]


def metres(melody):
    """The metres as MIDI can hold them: 5/8 stays 5/8 where only the groups of its beats change."""
    sizes = [(change.onset, change.metre.numerator, change.metre.denominator) for change in melody.metres]
    return [size for index, size in enumerate(sizes) if index == 0 or size[1:] != sizes[index - 1][1:]]


@given(melodies(max_measures=6))
@settings(max_examples=150)
def test_midi_round_trip_keeps_what_sounds(melody):
    if not melody.notes or min(p for _, _, p in sounding(melody)) < 0:
        return
    read = parse_midi(render_midi(melody))
    assert sounding(read) == sounding(melody)
    assert metres(read) == metres(melody)
    assert signatures(read) == signatures(melody)
    assert [(t.onset, t.tempo_bpm) for t in read.tempos] == [(t.onset, t.tempo_bpm) for t in melody.tempos]
    assert (read.anacrusis, read.duration) == (melody.anacrusis, melody.duration)
    assert read.title == " ".join(melody.title.split())


@given(melodies(with_marks=False, max_measures=6).filter(lambda melody: melody.irregular))
@settings(max_examples=60)
def test_every_barline_is_read_back_beside_those_that_full_measures_have(melody):
    if not melody.notes:
        return
    read = parse_midi(render_midi(melody))
    assert sounding(read) == sounding(melody)
    written, laps = [measure.onset for measure in melody.measures], set()
    for measure in melody.measures:
        laps |= {
            measure.onset + lap * measure.metre.duration
            for lap in range(-(-measure.duration // measure.metre.duration))
        }
    assert set(written) <= {measure.onset for measure in read.measures} <= laps


def test_short_and_long_measures_come_back_from_midi():
    tune = Melody.from_text("C4 D4 E4 F4 G4 A4 B4 C5 B4 A4 G4 F4 E4 D4 C4:3", metre="3/4")
    short, long = IrregularAt(F(3), F(2)), IrregularAt(F(8), F(4))
    read = parse_midi(render_midi(replace(tune, irregular=(short, long))))
    assert [measure.duration for measure in read.measures] == [3, 2, 3, 3, 1, 3, 2]
    assert (read.notes, read.duration, str(read.metre)) == (tune.notes, tune.duration, "3/4")


def test_a_metre_that_only_silence_fills_is_read_back():
    notes = tuple(Note(F(i), F(1), Spelling.parse("C4")) for i in range(6))
    melody = Melody(notes, F(15, 2), (MetreAt(F(0), Metre(3, 4)), MetreAt(F(6), Metre(3, 8))))
    assert metres(parse_midi(render_midi(melody))) == metres(melody)


@given(melodies(max_measures=3))
@settings(max_examples=25)
def test_symusic_reads_the_same_notes(melody):
    if not melody.notes or min(p for _, _, p in sounding(melody)) < 0:
        return
    score = symusic.Score.from_midi(render_midi(melody, program=40))
    (track,) = score.tracks
    ticks = score.ticks_per_quarter
    notes = [(F(note.time, ticks), F(note.duration, ticks), note.pitch) for note in track.notes]
    assert sorted(notes) == sounding(melody)
    assert (track.program, track.name) == (40, melody.title)


def test_the_same_melody_gives_the_same_bytes():
    melody = Melody.from_text("C4:1 E4:1/3 F4:1/3 G4:1/3 C5:2", title="Same")
    assert render_midi(melody) == render_midi(melody)


def test_an_anacrusis_is_a_short_first_measure():
    melody = Melody.from_text("G4:1/2 C5:3/2 C5:3/2", metre="6/8", anacrusis=F(1, 2))
    score = symusic.Score.from_midi(render_midi(melody))
    assert [(t.time, t.numerator, t.denominator) for t in score.time_signatures] == [(0, 1, 8), (240, 6, 8)]


def test_a_first_measure_in_another_metre_is_no_anacrusis():
    melody = Melody(
        Melody.from_text("C4:1 D4:1 E4:1 F4:1 G4:1").notes, F(5),
        (MetreAt(F(0), Metre(2, 4)), MetreAt(F(2), Metre(3, 4))),
    )  # fmt: skip
    assert parse_midi(render_midi(melody)).metres == melody.metres


def test_dynamics_hairpins_and_accents_are_heard():
    notes = [Note(F(i), F(1), Spelling("C", 0, 4), frozenset({"accent"} if i == 7 else ())) for i in range(8)]
    melody = Melody(
        tuple(notes),
        F(8),
        dynamics=(Dynamic(F(1), "p"), Dynamic(F(6), "f")),
        hairpins=(Hairpin(F(2), F(6), "crescendo"),),
    )
    velocities = [note.velocity for note in symusic.Score.from_midi(render_midi(melody)).tracks[0].notes]
    assert velocities == [80, 49, 49, 61, 72, 84, 96, 108]


def test_keys_are_written_as_they_sound():
    melody = Melody(Melody.from_text("D4:1").notes, F(1), keys=(KeyAt(F(0), Key(2)),), transposition=-2)
    read = parse_midi(render_midi(melody))
    assert (read.key, read.pitches) == (Key(0), (60,))


def test_notes_outside_the_midi_range_are_refused():
    with pytest.raises(MusicEduError, match="outside the MIDI range"):
        render_midi(Melody(Melody.from_text("C0:1").notes, F(1), transposition=-24))


def midi(*tracks, ticks=480, metres=((0, 4, 4),), keys=(), drums=()):
    """A MIDI file of tracks of (onset, duration, pitch) in ticks."""
    score = symusic.Score(ticks)
    for rank, notes in enumerate(tracks):
        track = symusic.Track(name=f"Track {rank + 1}", is_drum=rank in drums)
        for onset, duration, pitch in notes:
            track.notes.append(symusic.Note(onset, duration, pitch, 80))
        score.tracks.append(track)
    for onset, numerator, denominator in metres:
        score.time_signatures.append(symusic.TimeSignature(onset, numerator, denominator))
    for onset, sharps, minor in keys:
        score.key_signatures.append(symusic.KeySignature(onset, sharps, minor))
    return score.dumps_midi()


SCALE = [(480 * i, 480, pitch) for i, pitch in enumerate([60, 62, 64, 65, 67, 69, 71, 72])]


def test_notes_shortened_for_playback_last_to_the_next():
    read = parse_midi(midi([(onset, 455, pitch) for onset, _, pitch in SCALE]))
    assert {note.duration for note in read.notes} == {F(1)}


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_a_played_melody_is_quantised_to_what_was_meant(seed):
    rng = random.Random(seed)
    meant = [F(1, 2), F(1, 2), F(1), F(1, 3), F(1, 3), F(1, 3), F(1), F(1, 4), F(3, 4), F(2), F(1)]
    onsets = [sum(meant[:rank], F(0)) for rank in range(len(meant))]
    edges = [int(480 * onset) + (rng.randint(-4, 4) if onset else 0) for onset in onsets] + [480 * 8]
    played = [(a, b - a - rng.randint(0, 12), 60 + rank) for rank, (a, b) in enumerate(pairwise(edges))]
    read = parse_midi(midi(played))
    assert [note.duration for note in read.notes] == meant


def test_a_note_too_short_for_the_grid_is_an_ornament():
    played = [(onset + 3, duration, pitch) for onset, duration, pitch in SCALE]
    read = parse_midi(midi([*played[:3], (played[3][0] - 30, 20, 72), *played[3:]]))
    assert read.pitches == tuple(pitch for _, _, pitch in SCALE)


def test_rests_stay_rests_where_times_are_exact():
    read = parse_midi(midi([(0, 240, 60), (480, 360, 62), (960, 480, 64)]))
    assert [(note.onset, note.duration) for note in read.notes] == [(0, F(1, 2)), (1, F(3, 4)), (2, 1)]


def test_a_file_ends_with_its_last_measure():
    assert parse_midi(midi(SCALE[:5])).duration == 8
    assert parse_midi(midi([(480, 480, 60)], metres=[(0, 1, 4), (480, 3, 4)])).duration == 3


def test_the_key_is_read_or_estimated_and_spells_the_notes():
    flats = midi([(480 * i, 480, pitch) for i, pitch in enumerate([63, 65, 67, 68, 70, 72, 74, 75])])
    assert [str(note.spelling) for note in parse_midi(flats).notes][:4] == ["Eb4", "F4", "G4", "Ab4"]
    minor = midi([(0, 480, 61)], keys=[(0, 2, 1)])
    assert (parse_midi(minor).key, str(parse_midi(minor).notes[0].spelling)) == (Key(2, "minor"), "C#4")


GOOD = render_midi(Melody.from_text("G4:1 C4:1 D4:1 E4:1 F4:1", anacrusis=1, title="Good"))


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (b"", "is empty"),
        (b"MThd", "is not a MIDI file"),
        (GOOD[:9] + b"\x02" + GOOD[10:] + GOOD[14:], "format 2"),
        (GOOD[:12] + b"\xe2\x50" + GOOD[14:], "film frames"),
        (GOOD[:12] + b"\x00\x00" + GOOD[14:], "film frames"),
        (GOOD[:40], "holds no notes"),
        (GOOD[:14], "holds no notes"),
        (midi([(0, 480, 40)], drums=(0,)), "drums only"),
        (midi([(0, 480, 60), (480 * 30_000, 480, 60)]), "longer than 20,000 quarter notes"),
        (GOOD + b"\0" * 5_000_000, "larger than 5,000,000 bytes"),
    ],
)
def test_files_that_hold_no_melody_are_refused_in_one_line(data, match):
    with pytest.raises(FileProblem, match=match) as caught:
        parse_midi(data, "bad.mid")
    assert "\n" not in str(caught.value)


@given(st.data())
@settings(max_examples=300)
def test_damaged_midi_is_read_or_refused_but_never_crashes(data):
    damaged = bytearray(GOOD)
    for _ in range(data.draw(st.integers(0, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    damaged = damaged[: data.draw(st.integers(0, len(damaged)))]
    with contextlib.suppress(FileProblem):
        parse_midi(bytes(damaged))


def test_tempos_come_back_as_they_were():
    tempos = tuple(TempoAt(F(i), bpm) for i, bpm in enumerate([F(120), F(121, 2), F(37), F(200, 3)]))
    melody = Melody(Melody.from_text("C4:4").notes, F(4), tempos=tempos)
    assert parse_midi(render_midi(melody)).tempos == tempos
