"""A side issue never costs a whole file: the music is read, and what was passed over is said."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from musicedu.errors import FileProblem
from musicedu.formats.files import load_melody, read_music
from musicedu.formats.musicxml import read_musicxml
from musicedu.formats.musicxml.reading import LONGEST_LINE, MOST_NOTES
from musicedu.formats.reading import Choice
from tests.formats.scores import attributes, back, note, part_of, score_of

TUNE = "".join(note(f"{step}4", 4, "q") for step in "CDEC")


def notices(*measures: str) -> tuple[str, ...]:
    reading = read_musicxml(score_of(*measures))
    assert reading.melody.notes
    return reading.notices


def direction(content: str, after: str = "") -> str:
    return f"<direction><direction-type>{content}</direction-type>{after}</direction>"


def metronome(per_minute: str) -> str:
    return direction(f"<metronome><beat-unit>quarter</beat-unit><per-minute>{per_minute}</per-minute></metronome>")


@pytest.mark.parametrize(
    ("mark", "tempo"),
    [
        (metronome("92,5"), 92.5), (metronome("ca. 92"), 92), (metronome("c. 88-96"), 88), (metronome("120"), 120),
        ('<sound tempo="92,5"/>', 92.5), (direction("<words>Lento</words>", '<sound tempo="60"/>'), 60),
    ],
)  # fmt: skip
def test_a_tempo_is_read_as_people_write_it(mark: str, tempo: float) -> None:
    reading = read_musicxml(score_of(attributes() + mark + TUNE))
    assert [float(change.tempo_bpm) for change in reading.melody.tempos] == [tempo]
    assert reading.notices == ()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (metronome("fast"), "Passed over 1 tempo mark that cannot be read, in measure 1 ('fast')"),
        (metronome("5000"), "Passed over 1 tempo mark that cannot be read, in measure 1 ('5000')"),
        ('<sound tempo="0"/><sound tempo="?"/>', "Passed over 2 tempo marks that cannot be read, the first in measure"),
        ("<attributes><key><fifths>x</fifths></key></attributes>", "Passed over 1 key signature that cannot be read"),
        ("<attributes><transpose><chromatic>x</chromatic></transpose></attributes>", "Passed over 1 transposition"),
        ("<attributes><time><beats>0</beats><beat-type>4</beat-type></time></attributes>", "Passed over 1 metre that"),
        ("<backup><duration>x</duration></backup>", "Passed over 1 duration that cannot be read, in measure 1 ('x')"),
        ("<note><unpitched/><duration>0</duration></note>", ""),
        (direction("<dynamics><other-dynamics>loud</other-dynamics></dynamics>"), ""),
        (direction("<wedge type='odd'/>", "<offset>late</offset>"), ""),
        ("<attributes><clef><sign>jianpu</sign></clef><staff-details/></attributes>", ""),
        ("<harmony><root><root-step>?</root-step></root><kind>odd</kind></harmony><figured-bass/><link/>", ""),
        ("<barline><repeat direction='sideways'/></barline><print new-page='maybe'/><unknown/>", ""),
        ("<attributes><directive>dolce</directive></attributes><grouping type='x'/><bookmark/>", ""),
    ],
)
def test_what_cannot_be_read_beside_the_notes_is_passed_over_and_said(content: str, said: str) -> None:
    told = notices(attributes() + content + TUNE)
    assert told[-1].startswith(said) if said else told == ()


def test_percussion_beside_notes_is_passed_over() -> None:
    drum = "<note><unpitched/><duration>4</duration></note>"
    assert notices(attributes() + drum + "".join(note(f"{step}4", 4, "q") for step in "CDE")) == (
        "Passed over 1 note without a pitch, in measure 1",
    )


def test_a_quarter_tone_is_the_nearest_semitone() -> None:
    half_sharp = note("F4", 16).replace("</step>", "</step><alter>0.5</alter>")
    assert notices(attributes() + half_sharp) == (
        "Passed over 1 quarter tone (read as the nearest semitone), in measure 1",
    )


@pytest.mark.parametrize(
    ("key", "name", "said"),
    [
        ("<fifths>-1</fifths>", "D minor", "The key signature gives no mode; the notes say D minor"),
        ("<fifths>-1</fifths><mode>none</mode>", "D minor", "The key signature gives no mode; the notes say D minor"),
        ("<fifths>-1</fifths><mode>Dorian</mode>", "G dorian", ""),
        ("<fifths>-1</fifths><mode>minor</mode>", "D minor", ""),
        ("<fifths>-1</fifths><mode>major</mode>", "F major", ""),
        ("<fifths>-1</fifths><mode>MOLL</mode>", "D minor", ""),
        ("<fifths>11</fifths><mode>minor</mode>", "D minor", "A key signature of 11 fifths was read as one of -1"),
        ("", "A minor", "No key signature is given; the notes say A minor"),
        ("<key-step>B</key-step><key-alter>-1</key-alter>", "A minor", "No key signature is given; the notes say A"),
    ],
)
def test_a_mode_that_is_not_given_is_what_the_notes_say(key: str, name: str, said: str) -> None:
    tonic = {"A minor": ("A4 C5 B4 A4", "E5 D5 C5 B4", "A4 G#4 A4 A4")}.get(
        name, ("D4 F4 E4 D4", "A4 G4 F4 E4", "D4 C#4 D4 D4")
    )
    measures = ["".join(note(each, 4, "q") for each in measure.split()) for measure in tonic]
    reading = read_musicxml(score_of(attributes(key=key) + measures[0], *measures[1:]))
    assert reading.melody.key.name == name
    assert reading.notices[:1] == ((said,) if said else ()) or reading.notices[0].startswith(said)


def test_major_beside_every_signature_is_not_believed_of_a_program_that_writes_it_always() -> None:
    measures = [
        "".join(note(each, 4, "q") for each in measure.split())
        for measure in ("D4 F4 E4 D4", "A4 G4 F4 E4", "D4 C#4 D4 D4")
    ]
    key = attributes(key="<fifths>-1</fifths><mode>major</mode>")
    head = "<identification><encoding><software>MuseScore 2.3.2</software></encoding></identification>"
    reading = read_musicxml(score_of(key + measures[0], *measures[1:], head=head))
    assert reading.melody.key.name == "D minor"
    assert reading.notices == ("The key signature says major; the notes say D minor",)


@pytest.mark.parametrize(
    ("metre", "said"),
    [
        ("", "No metre is given in measure 1; its measures say 3/4"),
        ("<time><senza-misura/></time>", "Passed over 1 metre that cannot be read, in measure 1 ('senza misura')"),
        ("<time><beats>x</beats><beat-type>4</beat-type></time>", "Passed over 1 metre that cannot be read"),
    ],
)
def test_a_metre_that_is_missing_is_what_the_measures_last(metre: str, said: str) -> None:
    three = "".join(note(f"{step}4", 4) for step in "CDE")
    first = attributes(metre="").replace("</attributes>", f"{metre}</attributes>")
    reading = read_musicxml(score_of(first + three, three, three))
    assert str(reading.melody.metre) == "3/4"
    assert any(notice.startswith(said) for notice in reading.notices)


def test_the_anacrusis_does_not_tell_the_metre() -> None:
    three = "".join(note(f"{step}4", 4) for step in "CDE")
    assert str(read_musicxml(score_of(attributes(metre="") + note("G3", 4), three)).melody.metre) == "3/4"


def test_common_and_cut_time_without_numbers() -> None:
    for symbol, metre in (("common", "4/4"), ("cut", "2/2")):
        first = attributes(metre="").replace("</attributes>", f'<time symbol="{symbol}"/></attributes>')
        assert str(read_musicxml(score_of(first + TUNE)).melody.metre) == metre


HEAD = "<work><work-title>Frühling in Orléans</work-title></work>"


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-8", ""), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"), ("utf-16", "UTF-8"), ("utf-8", "UTF-16"), ("utf-8", "klingon"), ("utf-32", "UTF-8"),
        ("cp1252", "windows-1252"), ("latin-1", "ISO-8859-1"), ("cp1252", "UTF-8"), ("cp1252", ""),
        ("utf-8", "ISO-8859-1"), ("mac-roman", "macintosh"),
    ],
)  # fmt: skip
def test_the_text_is_read_in_whatever_encoding(encoding: str, declared: str) -> None:
    says = f' encoding="{declared}"' if declared else ""
    text = f'<?xml version="1.0"{says}?>\n' + score_of(attributes() + TUNE, head=HEAD).decode()
    reading = read_musicxml(text.encode(encoding))
    assert reading.melody.title == "Frühling in Orléans"
    wrong = encoding == "cp1252" and declared in ("UTF-8", "")
    assert reading.notices == (("The text is not UTF-8, as it says, and was read as Windows-1252",) if wrong else ())


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("Tom &amp; Jerry", "Tom & Jerry"), ("Tom & Jerry", "Tom & Jerry"), ("A&nbsp;B &eacute;t&eacute;", "A B été"),
        ("one &amp;gt; two", "one > two"), ("bell\x07 \x0bend", "bell end"), ("&#233;&unknown;", "é&unknown;"),
    ],
)  # fmt: skip
def test_a_title_is_mended(title: str, read: str) -> None:
    data = score_of(attributes() + TUNE, head=f"<work><work-title>{title}</work-title></work>")
    assert read_musicxml(data).melody.title == read


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" "http://www.musicxml.org/x.dtd">',
        '<!DOCTYPE score-partwise SYSTEM "file:///etc/passwd">',
        "<!DOCTYPE score-partwise [<!ELEMENT note ANY> <!ATTLIST note x CDATA #IMPLIED>]>",
        "\n\n  <!-- made by hand --> <?xml-stylesheet href='x'?>",
    ],
)
def test_a_document_type_is_passed_over_unread(doctype: str) -> None:
    data = f'<?xml version="1.0" encoding="UTF-8" standalone="no"?>{doctype}'.encode() + score_of(attributes() + TUNE)
    assert read_musicxml(data).notices == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("entity", ['<!ENTITY a "x">', '<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;'])
def test_entities_are_refused_in_every_encoding(encoding: str, entity: str) -> None:
    text = f"<!DOCTYPE score-partwise [{entity}]>" + score_of(attributes() + TUNE).decode()
    with pytest.raises(FileProblem, match="defines XML entities"):
        read_musicxml(text.encode(encoding))


def test_a_timewise_score_is_turned_round() -> None:
    frame = attributes()
    measures = "".join(
        f'<measure number="{n}"><part id="P1">{frame if n == 1 else ""}{note("C4", 16)}</part>'
        f'<part id="P2">{frame if n == 1 else ""}{note("E3", 16)}</part></measure>'
        for n in (1, 2)
    )
    names = "".join(
        f'<score-part id="{i}"><part-name>{n}</part-name></score-part>' for i, n in (("P1", "Oboe"), ("P2", "Viola"))
    )
    data = f"<score-timewise><part-list>{names}</part-list>{measures}</score-timewise>".encode()
    assert read_musicxml(data).melody.pitches == (60, 60)
    assert read_musicxml(data, choice=Choice(part="viola")).melody.pitches == (52, 52)


def test_namespaces_do_not_matter() -> None:
    data = score_of(attributes() + TUNE).replace(b"<score-partwise ", b'<score-partwise xmlns="urn:music" ')
    assert len(read_musicxml(data).melody.notes) == 4


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (note("r", 16, "w"), "tune.musicxml: holds no notes"),
        ("", "tune.musicxml: holds no notes"),
        ("<note><grace/><pitch><step>C</step><octave>4</octave></pitch></note>", "holds no notes"),
        ("<note><unpitched/><duration>16</duration></note>", "holds no notes. Passed over 1 note without a pitch"),
    ],
)
def test_without_notes_there_is_nothing_to_judge(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "tune.musicxml").write_bytes(score_of(attributes() + content))
    with pytest.raises(FileProblem, match=message):
        load_melody(tmp_path / "tune.musicxml")


def test_a_part_without_notes_that_was_asked_for_is_answered_with_the_others() -> None:
    parts = part_of(attributes() + TUNE) + part_of(attributes() + note("r", 16), number=2)
    names = "".join(
        f'<score-part id="P{i}"><part-name>{n}</part-name></score-part>' for i, n in ((1, "Oboe"), (2, "Viola"))
    )
    data = f"<score-partwise><part-list>{names}</part-list>{parts}</score-partwise>".encode()
    with pytest.raises(FileProblem, match=r"part 2 holds no notes. Those with notes are 1 Oboe"):
        read_musicxml(data, choice=Choice(part=2))
    assert read_musicxml(data).notices == ()


def test_one_tune_is_no_choice_of_tunes(tmp_path: Path) -> None:
    (tmp_path / "tune.musicxml").write_bytes(score_of(attributes() + TUNE))
    assert read_music(tmp_path / "tune.musicxml", Choice(tune="1")).notices == ()
    with pytest.raises(FileProblem, match=r"tune.musicxml: there is no tune '2'. There is one tune$"):
        read_music(tmp_path / "tune.musicxml", Choice(tune="2"))


def test_load_melody_says_what_it_took(tmp_path: Path) -> None:
    (tmp_path / "tune.musicxml").write_bytes(score_of(attributes(key="<fifths>0</fifths>") + TUNE))
    told: list[str] = []
    load_melody(tmp_path / "tune.musicxml", tell=told.append)
    assert told == ["tune.musicxml: The key signature gives no mode; the notes say C major"]


def many(n: int, measure: str, first: str = attributes()) -> bytes:
    return score_of(first + measure, *[measure] * (n - 1))


DIVISIONS = [f"<attributes><divisions>{2 * n + 101}</divisions></attributes>{note('C4', 7)}" for n in range(1000)]
WEDGES = "<direction><direction-type><wedge type='crescendo'/></direction-type></direction>" * 20_000
TOGETHER = note("C4", 12, "q.") + back(12) + note("E4", 16)
VOICES = "".join(note("C4", 1, voice=n) + back(1) for n in range(3_000))


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (many(MOST_NOTES + 1, ""), f"the part holds {MOST_NOTES + 1:,} measures, and {MOST_NOTES:,} are read at most"),
        (many(MOST_NOTES // 4 + 1, TUNE), f"notes and rests, and {MOST_NOTES:,} are read at most"),
        (many(LONGEST_LINE // 4 + 1, TUNE), f"the line has 6,004 notes, and {LONGEST_LINE:,} are read at most"),
        (b"<score-partwise>" + b"<a/>" * 500_001 + b"</score-partwise>", "more than 500,000 elements"),
        (b"<score-partwise><a " + b"x='' " * 500_001 + b"/></score-partwise>", "more than 500,000 attributes"),
        (b"<a>" * 499_000, "broken"),
        (score_of(attributes() + note("C4", 10**9 - 1)), "longer than 50,000 quarter notes"),
        (b"&" * 20_000_000, "broken"),
        (b"&lt;" * 5_000_000, "broken"),
        (b"<score-partwise>" + b"&" * 60_000 + b"</score-partwise>", "broken"),
        (many(4_000, note("C4", 1, "s")), None),
        (score_of(attributes() + DIVISIONS[0], *DIVISIONS[1:]), None),
        (score_of(attributes() + "".join(DIVISIONS)), None),
        (many(1_000, TOGETHER), None),
        (score_of(attributes() + VOICES), None),
        (score_of(attributes() + "".join(note("C4", 1, chord=n > 0) for n in range(5_000))), None),
        (score_of(attributes() + note("C4", 16) + WEDGES), None),
    ],
)
def test_work_is_bounded_before_it_is_done(data: bytes, refusal: str | None) -> None:
    """Each ends within five seconds of one processor, refused with the limit said or read."""
    began = time.process_time()
    outcome = outcome_of(data)
    assert time.process_time() - began < 5
    assert len(outcome) < 300
    assert refusal is None or refusal in outcome


def outcome_of(data: bytes) -> str:
    try:
        return f"{len(read_musicxml(data).melody.notes)} notes"
    except FileProblem as problem:
        return str(problem)
