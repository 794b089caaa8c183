"""Voices, bass and drums under a melody: laws of accompaniment."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings

from musicedu.errors import UnknownName, Unsatisfiable
from musicedu.generation.accompaniment.arranging import HIGHEST, LOWEST, arrange, bass_line
from musicedu.generation.accompaniment.patterns import drum_hits, strokes_of
from musicedu.generation.accompaniment.styles import STYLES, find_style
from musicedu.generation.accompaniment.voicing import RANGES, lead_pad, lead_voices, stack_voices
from musicedu.harmony.chord import Chord, ChordAt
from musicedu.harmony.hidden_chords import find_chords
from musicedu.harmony.voices import measure_voice_leading
from musicedu.melody import IrregularAt, Melody, Metre
from tests.strategies import melodies

TWINKLE = Melody.from_text("C4 C4 G4 G4 A4 A4 G4:2 F4 F4 E4 E4 D4 D4 C4:2")
WALTZ = Melody.from_text("D4 F#4 A4 A4:2 G4 F#4 A4 F#4 E4:3 E4 G4 B4 B4:2 A4 G4 F#4 E4 D4:3", metre="3/4", key="D")
MINOR = Melody.from_text("A4 E4 F4 E4 D4 C4 B3:2 A3 C4 E4 D4 C4 B3 A3:2", key="A minor")
UPBEAT = Melody.from_text("G4 C5:2 B4 A4 G4:4 F4:2 D4:2 C4:3", anacrusis=1)
TUNES = (TWINKLE, WALTZ, MINOR, UPBEAT)
UNEVEN = replace(
    Melody.from_text("D4 F#4 A4 A4:2 G4 F#4 E4 A4 B4 A4 G4 F#4 E4 D4:3", metre="3/4", key="D"),
    irregular=(IrregularAt(Fraction(6), Fraction(2)), IrregularAt(Fraction(8), Fraction(4))),
)


def named(names, length=1):
    return [ChordAt(Fraction(length * place), Chord.parse(name)) for place, name in enumerate(names.split())]


@pytest.mark.parametrize("melody", TUNES)
@pytest.mark.parametrize("n_voices", [3, 4])
def test_led_voices_keep_their_ranges_and_run_in_no_parallels(melody, n_voices):
    voices = lead_voices(melody, find_chords(melody), n_voices)
    assert len(voices) == n_voices - 1
    for voice, (low, high) in zip(voices, RANGES[n_voices], strict=True):
        assert low <= min(voice.pitches) <= max(voice.pitches) <= high
    found = measure_voice_leading((melody, *voices))
    assert found.parallels == 0
    stacked = measure_voice_leading((melody, *stack_voices(melody, find_chords(melody))))
    assert found.mean_move < stacked.mean_move


def test_every_voiced_note_belongs_to_its_chord():
    chords = find_chords(WALTZ, chords_per_measure=1)
    for voice in (*lead_voices(WALTZ, chords), *lead_pad(WALTZ, chords)):
        for note in voice.notes:
            chord = [one.chord for one in chords if one.onset <= note.onset][-1]
            assert note.pitch % 12 in chord.pitch_classes


def test_only_three_or_four_voices_are_led():
    with pytest.raises(ValueError, match="3 or 4"):
        lead_voices(TWINKLE, find_chords(TWINKLE), 5)


@pytest.mark.parametrize("kind", ["root-fifth", "roots", "walking"])
def test_a_bass_begins_every_chord_on_its_root(kind):
    chords = named("C F G C", 4)
    tune = Melody.from_text("C4:4 A4:4 B4:4 C5:4")
    line = bass_line(tune, chords, "xxxx", kind)
    for one in chords:
        first = next(note for note in line.notes if note.onset == one.onset)
        assert first.pitch % 12 == one.chord.root
    assert LOWEST <= min(line.pitches) <= max(line.pitches) <= HIGHEST


def test_a_walking_bass_steps_into_the_next_root():
    line = bass_line(Melody.from_text("C4:4 A4:4 B4:4 C5:4"), named("C F G C", 4), "xxxx", "walking")
    for place in (4, 8, 12):
        assert abs(line.notes[place].pitch - line.notes[place - 1].pitch) <= 2


def test_an_unknown_bass_is_refused():
    with pytest.raises(ValueError, match="walking"):
        bass_line(TWINKLE, named("C"), "x", "slap")


@pytest.mark.parametrize("style", STYLES.values(), ids=lambda style: style.name)
def test_every_pattern_of_every_style_can_be_read_and_fits_its_measure(style):
    for name, groove in style.grooves.items():
        duration = Metre.parse(name).duration
        for rows in (groove.drums, groove.fill):
            for pattern in rows.values():
                assert all(stroke.onset + stroke.duration <= duration for stroke in strokes_of(pattern, duration))
                assert 12 % Fraction(duration / len(pattern)).denominator == 0


def test_a_pattern_begins_anew_at_every_barline_and_is_played_on_through_a_long_measure():
    hits = drum_hits(UNEVEN, {"snare": "x.o"})
    assert [hit.onset for hit in hits if hit.sound == "snare"] == [0, 2, 3, 5, 6, 8, 10, 11, 12, 14]
    line = bass_line(UNEVEN, find_chords(UNEVEN, chords_per_measure=1), "x--", "roots")
    assert [note.onset for note in line.notes] == [0, 3, 6, 8, 11, 12, 15]


@given(melodies(with_marks=False, max_measures=4))
@settings(max_examples=25)
def test_irregular_measures_are_arranged_as_they_stand(melody):
    if not melody.notes:
        return
    arrangement = arrange(melody, "plain", with_drums=False)
    assert {voice.irregular for part in arrangement.parts for voice in part.voices} == {melody.irregular}
    for chords_per_measure in (None, 1, 2):
        onsets = [one.onset for one in find_chords(melody, chords_per_measure=chords_per_measure)]
        assert onsets == sorted(set(onsets))
        whole = [measure.onset for measure in melody.measures if measure.number > 0]
        sounding = [onset for onset in whole if onset <= melody.notes[-1].onset]
        assert chords_per_measure != 1 or set(sounding) <= set(onsets)


def test_fills_end_phrases_and_a_cymbal_answers():
    tune = Melody.from_text("C4:4 " * 8)
    rows, fill = {"kick": "x...", "ride": "xxxx"}, {"snare": "xxxx"}
    hits = drum_hits(tune, rows, fill, ends={4, 8})
    sounds = {number: [hit.sound for hit in hits if 4 * number - 4 <= hit.onset < 4 * number] for number in range(1, 9)}
    assert set(sounds[3]) == {"kick", "ride"}
    assert set(sounds[4]) == {"snare"}
    assert "crash" in sounds[5]
    assert sorted(sounds[8]) == ["crash", "kick"]


def test_a_pattern_of_other_characters_is_refused():
    with pytest.raises(ValueError, match="not 'x!'"):
        strokes_of("x!", Fraction(4))


METRES = {"4/4": TWINKLE, "3/4": WALTZ, "2/4": Melody.from_text("C4 E4 G4 E4 D4 B3 C4:2", metre="2/4")}
METRES |= {"6/8": Melody.from_text("C4:1/2 D4:1/2 E4:1/2 G4:3/2 A4:3/2 G4:3/2 F4:3/2 D4:3/2 C4:3", metre="6/8")}
METRES |= {"5/4": Melody.from_text("C4:2 E4:3 G4:3 F4:2 C4:5", metre="5/4")}


@pytest.mark.parametrize(("style", "metre"), [(s, m) for s in STYLES for m in METRES])
def test_every_style_arranges_its_metres_and_refuses_others_by_name(style, metre):
    known = STYLES[style]
    if metre not in known.grooves and style != "plain":
        with pytest.raises(Unsatisfiable, match=f"not in {metre}"):
            arrange(METRES[metre], style)
        return
    made = arrange(METRES[metre], style)
    assert made.parts[0].line == made.melody
    assert bool(made.drums) == (style != "chorale")
    for _, voice in made.voices:
        assert all(note.offset <= made.melody.duration for note in voice.notes)


def test_an_unknown_style_names_those_there_are():
    with pytest.raises(UnknownName, match="waltz"):
        find_style("tango", Metre(4, 4))


def test_the_same_melody_is_arranged_the_same_way():
    assert arrange(UPBEAT, "rock") == arrange(UPBEAT, "rock")


def test_players_can_be_left_out():
    made = arrange(TWINKLE, "rock", with_bass=False, with_drums=False)
    assert [part.name for part in made.parts] == ["Melody", "Chords"]
    assert made.drums == ()
