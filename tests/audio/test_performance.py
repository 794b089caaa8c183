from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings

from musicedu.audio.performance import VELOCITIES, Clock, Loudness, clock_of, perform
from musicedu.melody import Dynamic, Hairpin, Melody, Slur, TempoAt
from tests.strategies import melodies

F = Fraction
SCALE = Melody.from_text("C4:1 D4:1 E4:1 F4:1 G4:1 A4:1 B4:1 C5:1")


def marked(index, *marks, melody=SCALE):
    notes = list(melody.notes)
    notes[index] = replace(notes[index], marks=frozenset(marks))
    return replace(melody, notes=tuple(notes))


@settings(max_examples=60)
@given(melodies())
def test_notes_are_played_in_order_at_sounding_pitch_within_the_clock(melody):
    played = perform(melody)
    clock = clock_of(melody)
    assert len(played) >= len(melody.notes)
    assert all(a.onset_sec < b.onset_sec for a, b in pairwise(played))
    assert all(note.duration_sec > 0 and 1 <= note.velocity <= 127 for note in played)
    onsets = {round(note.onset_sec, 9) for note in played}
    assert all(round(clock.seconds(note.onset), 9) in onsets for note in melody.notes)
    plain = [n for n in melody.notes if not n.marks]
    pitches = {round(note.onset_sec, 9): note.pitch for note in played}
    assert all(pitches[round(clock.seconds(n.onset), 9)] == n.pitch + melody.transposition for n in plain)


@settings(max_examples=60)
@given(melodies())
def test_time_never_stands_still(melody):
    clock = Clock(melody)
    moments = [clock.seconds(melody.duration * k / 16) for k in range(17)]
    assert moments[0] == 0
    assert all(a < b for a, b in pairwise(moments))


def test_tempo_marks_hold_from_where_they_stand():
    melody = replace(SCALE, tempos=(TempoAt(F(0), F(60)), TempoAt(F(4), F(120), "Allegro")))
    assert Clock(melody).seconds(F(4)) == pytest.approx(4)
    assert Clock(melody).seconds(F(8)) == pytest.approx(6)


def test_a_ritardando_slows_down_little_by_little():
    melody = replace(SCALE, tempos=(TempoAt(F(0), F(120)), TempoAt(F(4), F(60), "rit.")))
    clock = Clock(melody)
    quarters_sec = [clock.seconds(F(k + 1)) - clock.seconds(F(k)) for k in range(8)]
    assert quarters_sec[:4] == pytest.approx([0.5] * 4)
    assert all(a < b for a, b in pairwise(quarters_sec[3:]))
    assert 0.85 < quarters_sec[-1] < 1


def test_articulations_shape_the_length_and_the_weight_of_a_note():
    plain, staccato = perform(SCALE)[0], perform(marked(0, "staccato"))[0]
    tenuto, accent = perform(marked(0, "tenuto"))[0], perform(marked(0, "accent"))[0]
    assert staccato.duration_sec == pytest.approx(0.25)
    assert staccato.duration_sec < plain.duration_sec < tenuto.duration_sec
    assert tenuto.duration_sec == pytest.approx(0.5)
    assert accent.velocity > plain.velocity


def test_slurred_notes_are_joined_and_the_last_one_is_released():
    played = perform(replace(SCALE, slurs=(Slur(F(0), F(2)),)))
    assert [note.joined for note in played[:4]] == [False, True, True, False]
    assert [note.duration_sec == pytest.approx(0.5) for note in played[:3]] == [True, True, False]


def test_a_fermata_is_held_and_delays_what_follows_unless_time_is_strict():
    melody = marked(3, "fermata")
    assert perform(melody)[4].onset_sec == pytest.approx(2.25)
    assert perform(melody)[3].duration_sec == pytest.approx(0.75)
    assert perform(melody, fermata_factor=1)[4].onset_sec == pytest.approx(2)
    with pytest.raises(ValueError, match="fermata_factor must be 1 or more"):
        perform(melody, fermata_factor=0.5)


@pytest.mark.parametrize(
    ("mark", "pitches"),
    [("mordent", [64, 62, 64]), ("inverted-mordent", [64, 66, 64]), ("turn", [66, 64, 62, 64])],
)
def test_ornaments_use_the_neighbours_of_the_key(mark, pitches):
    melody = marked(1, mark, melody=Melody.from_text("D4:1 E4:1 F#4:2", key="D"))
    played = perform(melody)
    assert [note.pitch for note in played[1:-1]] == pitches
    assert played[-1].onset_sec == pytest.approx(1)


def test_a_trill_alternates_and_ends_on_its_note():
    pitches = [note.pitch for note in perform(marked(2, "trill", melody=Melody.from_text("D4:1 E4:1 F#4:2", key="D")))]
    assert set(pitches[2:]) == {66, 67}
    assert pitches[-1] == 66


def test_dynamics_hold_and_hairpins_lead_to_the_next_mark():
    melody = replace(
        SCALE, dynamics=(Dynamic(F(0), "p"), Dynamic(F(6), "f")), hairpins=(Hairpin(F(2), F(6), "crescendo"),)
    )
    velocities = [Loudness(melody).velocity(note.onset) for note in melody.notes]
    assert velocities[:3] == [VELOCITIES["p"]] * 3
    assert all(a < b for a, b in pairwise(velocities[2:7]))
    assert velocities[6:] == [VELOCITIES["f"]] * 2


def test_a_hairpin_without_a_goal_moves_by_one_level():
    melody = replace(SCALE, hairpins=(Hairpin(F(0), F(4), "diminuendo"),))
    assert Loudness(melody).velocity(F(7)) == VELOCITIES["mp"]
