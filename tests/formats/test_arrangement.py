"""An arrangement in files that other programs open: MIDI and MusicXML, read by independent readers."""

import io
from fractions import Fraction

import music21
import pretty_midi
import pytest
from lxml import etree

from musicedu.formats.engraving import engrave
from musicedu.formats.midi_events import read_events
from musicedu.formats.midi_write import render_arrangement_midi
from musicedu.formats.musicxml.score import render_lead_sheet, render_score
from musicedu.generation.accompaniment.arranging import arrange
from musicedu.harmony.chord import Chord, ChordAt
from musicedu.melody import Melody

ODE = Melody.from_text(
    "F#4 F#4 G4 A4 A4 G4 F#4 E4 D4 D4 E4 F#4 F#4:3/2 E4:1/2 E4:2 F#4 F#4 G4 A4 A4 G4 F#4 E4 D4 D4 E4 F#4 E4:3/2 "
    "D4:1/2 D4:2",
    key="D",
    title="Ode",
)
JIG = Melody.from_text("A4:1/2 E4:1/2 C5:1/2 B4:3/2 A4:3/2 G#4:3/2 A4:3", metre="6/8", key="A minor")
CASES = [(ODE, style) for style in ("rock", "swing", "march", "ballad", "chorale")] + [(JIG, "jig"), (JIG, "plain")]


@pytest.fixture(params=CASES, ids=lambda case: case[1])
def arrangement(request):
    return arrange(*request.param)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_midi_has_a_named_track_a_player_and_drums_on_channel_10(arrangement):
    read = pretty_midi.PrettyMIDI(io.BytesIO(render_arrangement_midi(arrangement)))
    names = [part.name for part in arrangement.parts]
    assert [one.name for one in read.instruments if not one.is_drum] == names
    assert [one.program for one in read.instruments if not one.is_drum] == [part.program for part in arrangement.parts]
    for part, track in zip(arrangement.parts, read.instruments, strict=False):
        assert sorted(note.pitch for note in track.notes) == sorted(p for voice in part.voices for p in voice.pitches)
    drums = [one for one in read.instruments if one.is_drum]
    assert [len(one.notes) for one in drums] == ([len(arrangement.drums)] if arrangement.drums else [])
    assert read.get_tempo_changes()[1][0] == pytest.approx(float(arrangement.tempo_bpm), rel=1e-3)


def test_midi_swings_where_the_style_does():
    tracks = read_events(render_arrangement_midi(arrange(ODE, "swing"))).tracks
    ticks = read_events(render_arrangement_midi(arrange(ODE, "swing"))).ticks_per_quarter
    assert {Fraction(note.onset % ticks, ticks) for note in tracks[0].notes} == {Fraction(0), Fraction(2, 3)}


def test_the_same_arrangement_gives_the_same_bytes(arrangement):
    assert render_arrangement_midi(arrangement) == render_arrangement_midi(arrangement)
    assert render_score(arrangement) == render_score(arrangement)


@pytest.mark.filterwarnings("ignore")
def test_music21_reads_every_part_of_the_score(arrangement):
    score = music21.converter.parseData(render_score(arrangement), format="musicxml")
    names = [part.name for part in arrangement.parts] + ["Drums"] * bool(arrangement.drums)
    assert [part.partName for part in score.parts] == names
    for part, read in zip(arrangement.parts, score.parts, strict=False):
        pitches = [p.midi for note in read.flatten().stripTies().notes for p in note.pitches if not is_symbol(note)]
        assert sorted(pitches) == sorted(p for voice in part.voices for p in voice.pitches)
    if arrangement.drums:
        struck = score.parts[-1].flatten().notes
        assert sum(len(note.notes) if note.classes[0] == "PercussionChord" else 1 for note in struck) == len(
            arrangement.drums
        )


@pytest.mark.filterwarnings("ignore")
def test_music21_reads_the_chord_symbols(arrangement):
    score = music21.converter.parseData(render_score(arrangement), format="musicxml")
    read = [symbol.root().pitchClass for symbol in score.parts[0].flatten().getElementsByClass("ChordSymbol")]
    roots = [one.chord for one in arrangement.chords]
    changes = [chord.root for place, chord in enumerate(roots) if not place or chord != roots[place - 1]]
    assert read == changes


def is_symbol(note):
    return isinstance(note, music21.harmony.ChordSymbol)


def test_verovio_engraves_every_staff(arrangement):
    svg = engrave(render_score(arrangement), width_mm=200)[0]
    n_staves = len(arrangement.parts) + bool(arrangement.drums)
    first = svg[svg.index('class="measure"') :]
    assert svg.count('class="staff"') % n_staves == 0
    assert 'class="harm"' in first


def test_measures_are_as_long_in_every_part(arrangement):
    root = etree.fromstring(render_score(arrangement))
    lengths = []
    for part in root.iter("part"):
        divisions = int(part.findtext(".//divisions"))
        lengths.append(
            [
                Fraction(
                    sum(int(note.findtext("duration")) for note in measure.iter("note") if note.find("chord") is None),
                    divisions,
                )
                for measure in part.iter("measure")
            ]
        )
    assert all(one == lengths[0] for one in lengths)


def test_a_lead_sheet_spells_chords_by_its_key():
    tune = Melody.from_text("C#4:2 E4:2 A4:4", key="A")
    chords = [ChordAt(Fraction(0), Chord.parse("C#m")), ChordAt(Fraction(4), Chord.parse("A"))]
    text = render_lead_sheet(tune, chords).decode()
    assert "<root-step>C</root-step>" in text
    assert "<root-alter>1</root-alter>" in text
    assert '<kind text="m">minor</kind>' in text
