"""Of several parts the melody is taken, whatever its place, and it is said which."""

from __future__ import annotations

import pytest

from musicedu.errors import FileProblem
from musicedu.formats.musicxml import read_musicxml
from musicedu.formats.reading import Choice

FRAME = "<key><fifths>0</fifths><mode>major</mode></key><time><beats>4</beats><beat-type>4</beat-type></time>"


def score(*parts: str) -> bytes:
    """A score of one measure for each part; `Piano*` has two staves, `Guitar+` a chord, `Drums!` no pitches."""
    names = "".join(
        f'<score-part id="P{n}"><part-name>{part.rstrip("*+!")}</part-name></score-part>'
        for n, part in enumerate(parts, start=1)
    )
    bodies = ""
    for number, part in enumerate(parts, start=1):
        staves = "<staves>2</staves>" if part.endswith("*") else ""
        staves = f"<attributes><divisions>1</divisions>{FRAME}{staves}</attributes>"
        pitch = f"<pitch><step>{'CDEFGAB'[number % 7]}</step><octave>4</octave></pitch>"
        sound = "<unpitched/>" if part.endswith("!") else pitch
        chord = "<note><chord/><pitch><step>C</step><octave>3</octave></pitch><duration>4</duration></note>"
        notes = f"<note>{sound}<duration>4</duration></note>" + (chord if part.endswith("+") else "")
        bodies += f'<part id="P{number}"><measure number="1">{staves}{notes}</measure></part>'
    return f"<score-partwise><part-list>{names}</part-list>{bodies}</score-partwise>".encode()


@pytest.mark.parametrize(
    ("parts", "taken"),
    [
        (("Flute", "Piano"), "1, Flute, of 2: 1 Flute, 2 Piano. Choose with --part"),
        (("Piano*", "Violin"), "2, Violin, of 2"),
        (("Klavier", "Violine"), "2, Violine, of 2"),
        (("Soprano", "Alto", "Tenor", "Bass"), "1, Soprano, of 4"),
        (("Drums!", "Bass", "Guitar+", "Vocals"), "4, Vocals, of 4"),
        (("Tuba", "Trumpet"), "2, Trumpet, of 2"),
        (("", ""), "1 of 2: 1, 2. Choose with --part"),
        (("MusicXML Part", "MusicXML Part"), "1 of 2: 1, 2. Choose"),
        (("Piano*", "Organ*"), "1, Piano, of 2"),
        (("Violin", "Violin"), "1, Violin, of 2"),
    ],
)
def test_the_part_that_looks_like_the_melody_is_taken_and_said(parts: tuple[str, ...], taken: str) -> None:
    (notice,) = read_musicxml(score(*parts)).notices
    assert notice.startswith(f"Took part {taken}")


def test_one_part_with_notes_is_no_choice() -> None:
    assert read_musicxml(score("Drums!", "Oboe")).notices == ()
    assert read_musicxml(score("Oboe")).notices == ()


def test_a_part_that_was_asked_for_is_said_only_where_the_name_left_a_doubt() -> None:
    data = score("Violin", "Violoncello", "Violin")
    assert read_musicxml(data, choice=Choice(part=3)).notices == ()
    assert read_musicxml(data, choice=Choice(part="violoncello")).notices == ()
    assert read_musicxml(data, choice=Choice(part="violonc")).notices[0].startswith("Took part 2")
    assert read_musicxml(data, choice=Choice(part="violin")).notices[0].startswith("Took part 1, Violin, of 3")


def test_too_many_parts_are_refused_before_they_are_read() -> None:
    with pytest.raises(FileProblem, match=r"many.xml: the score holds 501 parts, and 500 are read at most"):
        read_musicxml(score(*["Violin"] * 501), "many.xml")
