"""MusicXML: back and forth is the identity, other programs and we read each other, bad files are named."""

import importlib.util
import io
import warnings
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from lxml import etree

from musicedu.errors import FileProblem
from musicedu.formats.musicxml import CLEFS, choose_clef, parse_musicxml, read_musicxml, render_musicxml
from musicedu.melody import Dynamic, Hairpin, IrregularAt, Key, KeyAt, Melody, Metre, Slur, TempoAt
from tests.strategies import melodies

F = Fraction
_XML_SCHEMA = "http://www.w3.org/2001/XMLSchema"
_XLINK = ("type", "href", "role", "title", "show", "actuate")
_STUBS = {
    "xml.xsd": f"""<xs:schema targetNamespace="http://www.w3.org/XML/1998/namespace" xmlns:xs="{_XML_SCHEMA}">
        <xs:attribute name="lang" type="xs:language"/><xs:attribute name="space" type="xs:NCName"/></xs:schema>""",
    "xlink.xsd": f"""<xs:schema targetNamespace="http://www.w3.org/1999/xlink" xmlns:xs="{_XML_SCHEMA}">
        {"".join(f'<xs:attribute name="{n}" type="xs:string"/>' for n in _XLINK)}
        </xs:schema>""",
}


class _Local(etree.Resolver):
    """Serves the two small schemas that the MusicXML schema imports, so that nothing is fetched."""

    def resolve(self, url, public_id, context):
        return self.resolve_string(_STUBS[url.rsplit("/", 1)[-1]], context) if "xsd/" in url else None


@lru_cache(maxsize=1)
def schema() -> etree.XMLSchema:
    """The XSD that partitura ships (MusicXML 3.1, of which we write nothing that 4.0 changed)."""
    package = importlib.util.find_spec("partitura").submodule_search_locations[0]
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Local())
    return etree.XMLSchema(etree.parse(str(Path(package) / "assets" / "musicxml.xsd"), parser))


@settings(max_examples=120)
@given(melodies())
def test_parsing_what_was_rendered_gives_the_same_melody(melody: Melody) -> None:
    assert parse_musicxml(render_musicxml(melody)) == melody


@settings(max_examples=40)
@given(melodies())
def test_files_obey_the_schema(melody: Melody) -> None:
    schema().assertValid(etree.fromstring(render_musicxml(melody, instrument="Oboe", part_name="Oboe")))


@settings(max_examples=20)
@given(melodies())
def test_rendering_is_deterministic(melody: Melody) -> None:
    assert render_musicxml(melody) == render_musicxml(replace(melody))


def from_music21(stream) -> list[tuple[F, F, int]]:
    """Onset, duration and written pitch of the notes; ties join equal pitches (`stripTies` joins others too)."""
    joined: list[tuple[F, F, int]] = []
    goes_on = False
    for note in stream.flatten().notes:
        onset, duration = (F(length).limit_denominator(96) for length in (note.offset, note.quarterLength))
        if goes_on and note.tie and note.tie.type != "start" and joined[-1][2] == note.pitch.midi:
            joined[-1] = (joined[-1][0], joined[-1][1] + duration, note.pitch.midi)
        elif duration:
            joined.append((onset, duration, note.pitch.midi))
        goes_on = note.tie is not None and note.tie.type != "stop"
    return joined


def sounding(melody: Melody) -> list[tuple[F, F, int]]:
    return [(note.onset, note.duration, note.pitch) for note in melody.notes]


@settings(max_examples=25)
@given(melodies())
def test_music21_reads_the_same_notes(melody: Melody) -> None:
    converter = pytest.importorskip("music21.converter")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        score = converter.parseData(render_musicxml(melody), format="musicxml")
    assert from_music21(score.parts[0]) == sounding(melody)


@settings(max_examples=25)
@given(melodies())
def test_partitura_reads_the_same_notes(melody: Melody) -> None:
    partitura = pytest.importorskip("partitura")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        part = partitura.load_musicxml(io.BytesIO(render_musicxml(melody)))[0]
    quarter = F(part.quarter_durations()[0, 1].item())
    notes = [(F(n.start.t) / quarter, F(n.duration_tied) / quarter, n.midi_pitch) for n in part.notes_tied]
    assert notes == sounding(melody)


@pytest.mark.parametrize(
    "tune",
    [
        "essenFolksong/altdeu10:1",
        "essenFolksong/han1:5",
        "oneills1850/0001-0050:3",
        "ryansMammoth/ArkansasTravellerReel",
    ],
)
def test_files_that_music21_writes_are_read(tune: str) -> None:
    corpus = pytest.importorskip("music21.corpus")
    exporter = importlib.import_module("music21.musicxml.m21ToXml").GeneralObjectExporter
    name, _, number = tune.partition(":")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        score = corpus.parse(name, number=int(number)) if number else corpus.parse(name)
        data = exporter(score).parse()
        again = importlib.import_module("music21.converter").parseData(data, format="musicxml")  # its rests filled in
    assert sounding(parse_musicxml(data)) == from_music21(again.parts[0])


def test_every_clef_is_written_and_the_range_chooses() -> None:
    low, high = Melody.from_text("C2:4"), Melody.from_text("C5:4")
    assert (choose_clef(low), choose_clef(high)) == ("bass", "treble")
    for clef in CLEFS:
        schema().assertValid(etree.fromstring(render_musicxml(low, clef=clef)))
    with pytest.raises(ValueError, match="clef must be one of treble"):
        render_musicxml(low, clef="soprano")


def elements(melody: Melody, path: str) -> list[str]:
    return [element.text or "" for element in etree.fromstring(render_musicxml(melody)).iterfind(path)]


def test_tempo_counts_the_felt_beat_and_keeps_the_exact_tempo() -> None:
    tune = replace(Melody.from_text("C4:3", metre="6/8"), tempos=(TempoAt(F(0), F(90), "Andante"),))
    assert elements(tune, ".//beat-unit") == ["quarter"]
    assert len(elements(tune, ".//beat-unit-dot")) == 1
    assert elements(tune, ".//per-minute") == ["60"]
    assert etree.fromstring(render_musicxml(tune)).find(".//sound").get("tempo") == "90"


def test_words_of_change_stand_without_a_metronome_mark() -> None:
    tune = replace(Melody.from_text("C4:4"), tempos=(TempoAt(F(0), F(60), "rit."),))
    assert elements(tune, ".//words") == ["rit."]
    assert elements(tune, ".//metronome") == []


def test_transposition_is_written_as_letters_and_octaves() -> None:
    horn = replace(Melody.from_text("C4:4"), transposition=-7)
    tenor = replace(horn, transposition=-14)
    assert [elements(horn, f".//transpose/{tag}") for tag in ("diatonic", "chromatic")] == [["-4"], ["-7"]]
    assert [elements(tenor, f".//transpose/{t}") for t in ("diatonic", "chromatic", "octave-change")] == [
        ["-1"],
        ["-2"],
        ["-1"],
    ]


def test_marks_stand_at_their_place_inside_a_long_note() -> None:
    tune = replace(
        Melody.from_text("C4:4 D4:4"),
        dynamics=(Dynamic(F(1), "p"),),
        hairpins=(Hairpin(F(2), F(4), "crescendo"), Hairpin(F(4), F(8), "diminuendo")),
        keys=(KeyAt(F(0), Key(0)), KeyAt(F(6), Key(2, "minor"))),
        slurs=(Slur(F(0), F(4)),),
    )
    assert parse_musicxml(render_musicxml(tune)) == tune


def score(measures: str, attributes: str = "<time><beats>4</beats><beat-type>4</beat-type></time>") -> bytes:
    """A minimal score; `|` separates measures of notes such as `C4:4` with durations in quarters."""
    body = ""
    for number, measure in enumerate(measures.split("|"), start=1):
        body += f'<measure number="{number}">' + (f"<attributes>{attributes}</attributes>" if number == 1 else "")
        for word in measure.split():
            name, duration = word.split(":")
            body += f"<note><pitch><step>{name[0]}</step><octave>{name[1]}</octave></pitch>"
            body += f"<duration>{duration}</duration></note>"
        body += "</measure>"
    return wrapped(f'<part id="P1">{body}</part>')


def wrapped(parts: str) -> bytes:
    names = "".join(
        f'<score-part id="P{n}"><part-name>Part {n}</part-name></score-part>'
        for n in range(1, parts.count("<part ") + 1)
    )
    return f"<score-partwise><part-list>{names}</part-list>{parts}</score-partwise>".encode()


def lasting(reading) -> list[str]:
    """What is said of how long measures last."""
    return [notice for notice in reading.notices if " last" in notice]


def test_a_short_first_measure_is_an_anacrusis() -> None:
    melody = parse_musicxml(score("C4:1|C4:4|C4:3"))
    assert (melody.anacrusis, [measure.number for measure in melody.measures]) == (1, [0, 1, 2])


def test_a_measure_divided_at_a_repeat_is_one_measure() -> None:
    reading = read_musicxml(score("C4:4|C4:3|D4:1|C4:4"))
    assert [measure.duration for measure in reading.melody.measures] == [4, 4, 4]
    assert lasting(reading) == []


def test_a_metre_that_is_given_again_parts_two_short_measures() -> None:
    again = "<attributes><time><beats>4</beats><beat-type>4</beat-type></time></attributes>"
    text = score("C4:4|C4:3|D4:1|C4:4").decode()
    reading = read_musicxml(text.replace('<measure number="3">', f'<measure number="3">{again}').encode())
    assert [measure.duration for measure in reading.melody.measures] == [4, 3, 1, 4]
    assert len(reading.melody.metres) == 1
    assert lasting(reading) == ["Measure 2 lasts 3 beats of 4 and measure 3 lasts 1: kept as they are"]


@pytest.mark.parametrize("rest", ['<note><rest measure="yes"/>{}</note>', "<note><rest/>{}<type>whole</type></note>"])
@pytest.mark.parametrize("duration", [2, 4, 6])
def test_a_whole_measure_rest_lasts_a_measure_whatever_duration_is_written(rest, duration) -> None:
    text = score("C4:3|X4:3|C4:3", "<time><beats>3</beats><beat-type>4</beat-type></time>").decode()
    begin, _, end = text.partition("<note><pitch><step>X")
    _, _, end = end.partition("</note>")
    written = begin + rest.format(f"<duration>{duration}</duration>") + end
    reading = read_musicxml(written.encode())
    assert [measure.duration for measure in reading.melody.measures] == [3, 3, 3]
    assert (reading.melody.irregular, lasting(reading)) == ((), [])


def test_a_measure_longer_than_its_metre_is_an_irregular_one_and_said() -> None:
    reading = read_musicxml(score("C4:4|C4:5|C4:4"))
    assert [str(change.metre) for change in reading.melody.metres] == ["4/4"]
    assert reading.melody.irregular == (IrregularAt(F(4), F(5)),)
    assert lasting(reading) == ["Measure 2 lasts 5 beats of 4: kept as it is"]


def test_additive_metres_are_grouped() -> None:
    time = "<time><beats>3+2</beats><beat-type>8</beat-type></time>"
    assert parse_musicxml(score("C4:2", time)).metre == Metre(5, 8, (3, 2))
    time = "<time><beats>2</beats><beat-type>4</beat-type><beats>3</beats><beat-type>8</beat-type></time>"
    assert parse_musicxml(score("C4:3", time)).metre == Metre(7, 8, (4, 3))


TWO_PARTS = wrapped(
    "".join(
        f'<part id="P{n}"><measure number="1"><note><pitch><step>{step}</step><octave>4</octave></pitch>'
        "<duration>4</duration></note></measure></part>"
        for n, step in ((1, "C"), (2, "E"))
    )
)


def test_a_part_is_chosen_by_number_or_name() -> None:
    assert parse_musicxml(TWO_PARTS, part=2).pitches == parse_musicxml(TWO_PARTS, part="Part 2").pitches == (64,)
    with pytest.raises(FileProblem, match=r"there is no part 'Oboe'. The parts are 1 Part 1, 2 Part 2"):
        parse_musicxml(TWO_PARTS, part="Oboe")


def note(step: str, extra: str = "", voice: int = 1) -> str:
    pitch = f"<pitch><step>{step}</step><octave>4</octave></pitch>"
    return f"<note>{extra}{pitch}<duration>4</duration><voice>{voice}</voice></note>"


def one_measure(content: str) -> bytes:
    return wrapped(f'<part id="P1"><measure number="7">{content}</measure></part>')


BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>
<score-partwise>&b;</score-partwise>"""


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "tune.xml: the file is empty. Export it again"),
        (b" \n", "the file is empty"),
        (b"<score-partwise><part>", "the XML is broken in line 1"),
        (b"MThd\x00\x00", "the XML is broken in line 1"),
        (b"<html></html>", "this is not MusicXML: it is a <html> document"),
        (b"<score-timewise/>", "the score holds no part"),
        (b"<opus/>", "this is a list of scores"),
        (BOMB, "the file defines XML entities"),
        (b"<a>" * 100 + b"</a>" * 100, "elements lie more than 60 deep"),
        (b"<score-partwise/>", "the score holds no part"),
        (wrapped('<part id="P1"></part>'), "the part holds no measures"),
        (one_measure(note("H")), "measure 7: step must be a letter from A to G, not 'H'"),
        (one_measure(note("C").replace(">4</d", ">four</d")), "measure 7: <duration> holds 'four', not a number"),
        (one_measure(note("C").replace(">4</d", ">999999999</d")), "(longer than 50,000|no metre fits)"),
    ],
)
def test_a_bad_file_is_one_line_that_says_why(data: bytes, message: str) -> None:
    with pytest.raises(FileProblem, match=message) as caught:
        parse_musicxml(data, "tune.xml")
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("tune.xml: ")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (one_measure(note("C") + note("E", "<chord/>")), "measure 7: C4 and E4 sound as a chord"),
        (
            one_measure(note("C") + "<backup><duration>4</duration></backup>" + note("E", voice=2)),
            r"measure 7: C4 and E4 sound together \(voices 1 and 2\)",
        ),
    ],
)
def test_a_part_that_divides_is_refused_where_only_a_single_voice_will_do(data: bytes, message: str) -> None:
    assert parse_musicxml(data).pitches in [(60,), (64,)]
    with pytest.raises(FileProblem, match=message):
        parse_musicxml(data, alone=True)


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    with pytest.raises(FileProblem, match="the file is too large"):
        parse_musicxml(b"<" + b" " * 20_000_001)
