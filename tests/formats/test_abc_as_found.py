"""ABC as people have it: text around and inside tunes, signs of word processors, old programs' habits, slips."""

from fractions import Fraction

import pytest

from musicedu.errors import FileProblem
from musicedu.formats.abc import read_abc
from musicedu.formats.reading import Choice
from musicedu.melody import Key, Metre, TempoAt

F = Fraction
HEADER = "X:1\nT:Own tune\nM:4/4\nL:1/8\nK:G\n"


def names(text: str, choice: Choice | None = None) -> str:
    melody = read_abc(text, "own.abc", choice or Choice()).melody
    return " ".join(str(note.spelling) for note in melody.notes)


def notices(text: str, choice: Choice | None = None) -> str:
    return "; ".join(read_abc(text, "own.abc", choice or Choice()).notices)


PLAIN = "G4 A4 B4 C5 D5 B4 G4"


@pytest.mark.parametrize(
    "body",
    [
        "“G”G2A2 „D7“B2c2|d4 B2G2|]",
        "G2\u00a0A2\u2003B2\u200bc2\u202f| d4 B2G2|]",
        "G2A2 B2c2 | d4 B2G2 |] % Played at the session",
        'G2A2 "^Solo, dolce (2nd time)"B2c2|"_Fine"d4 B2G2|]',
        "G2A2 B2c2|\\\nd4 B2G2|]",
        "G2A2 B2c2|\\\\\nd4 B2G2|]",
        "G2A2 B2c2!\nd4 B2G2!",
        "!G2A2!B2c2|$d4 *B2G2|]",
        "G2yA2 y3B2c2|`d4` B2G2|]",
        "!trill!G2+accent+A2 !5!B2!D.C.!c2|!fine!d4 B2G2|]",
        "G2A2 B2c2|\nw: la la la la A B C\n+: d e f\nd4 B2G2|]\nW: A B C",
        "G2A2 B2c2|\nN: A remark about A and B\nd4 B2G2|]\nH: heard at A's\n",
        "%%MIDI program 24\nG2A2 B2c2|\n%%begintext\nABC abc | CDEF GABc |\n%%endtext\nI:linebreak $\nd4 B2G2|]",
        "G2A2 B2c2|[r:a remark, ABC]d4 [P:A]B2G2|]",
        "Played very slowly, by Ed and Abe\nG2A2 B2c2|d4 B2G2|]\nFrom the playing of Ada",
        "G2A2 B2c2|d4 B2G2|] Fine\n\nThis tune was made by Ada. A cabbage | a bad egg | A B C.",
        "G2A2 B2c2 |1 d4 :|2nd B2G2|] D.C. al Fine",
        "G2A2 B2c2|d4 B2G2|]\n-- \nAda\nCabbage Road | A B C | D E F",
        "G2A2<br>\nB2c2|<br/>d4 B2G2|]",
        "{/g}G2{ab}A2 B2c2|d4 B2(G2)|]",
        "[V:1] G2A2 B2c2|[V:1] d4 B2G2|]",
        "G2A2 B2c2|[d4B4] [GB]2[DG]2|]",
        "G2A2 B2c2 & E8 |(& d4 B2G2 & C4 D4 |]",
        "G2A2 B2c2&EEEE\nd4 B2G2|]",
        "+GE+2A2 B2c2|d4 B2G2|]",
        "é G2A2 § B2c2|d4 ¶B2G2|]",
        "G2A2 B2c2|d4 B2G2|]]]]]",
        "((((((G2A2 B2c2|d4 B2G2)|]",
        'G2A2 "D7 B2c2|d4 B2G2|]',
    ],
)
def test_what_is_no_music_is_not_read_as_notes(body):
    assert names(HEADER + body) == PLAIN


@pytest.mark.parametrize(
    "text",
    [
        "Dear Ada,\n\nA: here is a tune. B: it is good | A B C |\n\n" + HEADER + "G2A2 B2c2|d4 B2G2|]\n\nBye, Abe\n",
        "From: ada@b.c\nSubject: CDE\nDate: A\n\n" + HEADER + "G2A2 B2c2|d4 B2G2|]\n",
        "".join(f"> {line}\n" for line in (HEADER + "G2A2 B2c2|d4 B2G2|]").split("\n")),
        HEADER.replace("\n", "\n\n") + "\nG2A2 B2c2|\n\nd4 B2G2|]\n\n\nBad cabbage | A B C | a",
        HEADER + "\nG2A2 B2c2|d4 B2G2|]",
        HEADER + "G2A2 B2c2|\n\nd4 B2G2|]\n",
        (HEADER + "G2A2 B2c2|d4 B2G2|]\n").replace("\n", "\r"),
        (HEADER + "G2A2 B2c2|d4 B2G2|]\n\nA cabbage").replace("\n", "\r"),
        (HEADER + "G2A2 B2c2|d4 B2G2|]\n").replace("\n", "\r\r\n"),
        "<html><body><pre>" + HEADER + "G2A2 B2c2|d4 B2G2|]\n</pre>\n<p>A cabbage",
        HEADER.replace("Own tune", "Own tune\nH:A long story\nwhich goes on | A B C D |\nC:Ada")
        + "G2A2 B2c2|d4 B2G2|]",
        (HEADER + "=G2A2 B2=\nc2|=20\nd4 B2G2|]\n").replace("=G", "=3DG"),
        HEADER.replace("X:1\n", "") + "G2A2 B2c2|d4 B2G2|]",
        "X:1\nT:No key\nM:4/4\nL:1/8\nG2A2 B2c2|d4 B2G2|]",
    ],
)
def test_text_before_between_and_after_tunes_is_no_music(text):
    assert names(text) == PLAIN


def test_entities_of_web_pages_are_read():
    melody = read_abc("X:1\nT:Cheese &amp; Bread\nM:2/4\nL:1/4\nK:C\nC&gt;D|E&amp;lt;F|]").melody
    assert melody.title == "Cheese & Bread"
    assert [note.duration for note in melody.notes] == [F(3, 2), F(1, 2), F(1, 2), F(3, 2)]


def test_what_is_passed_over_is_said():
    said = notices(HEADER + "Played at the session\nG2A2 § B2[ce]2|{d}d8&B8|]\n\nBye")
    assert "passed over as no music: 'Played at the session', '§'" in said
    assert "1 chord: the top note is taken" in said
    assert "1 voice overlay (&): the first line is taken" in said
    assert "1 grace note is left out" in said
    assert not notices(HEADER + "G2A2 B2c2|d4 B2G2|]\n")


def test_music_after_an_empty_line_goes_on_and_after_words_it_does_not():
    assert "an empty line inside the tune is passed over" in notices(HEADER + "GABc dedB|\n\nP:B\ngfed cBAG|]")
    text = HEADER + "GABc dedB|\n\nAnother way to end it:\nGABc dedB|\n"
    assert "the tune ends at an empty line: 1 line of music after it is not read" in notices(text)
    assert len(read_abc(text).melody.notes) == 8


def test_a_chord_is_as_long_as_its_first_note_and_sounds_its_top_one():
    melody = read_abc("X:1\nM:4/4\nL:1/4\nK:G\n[GBd]2 [^cA]|[F2a2c'2]/ [G,-D-]-[G,D] z|]").melody
    assert [(str(note.spelling), note.duration) for note in melody.notes] == [
        ("D5", 2), ("C#5", 1), ("C6", 1), ("D4", 2),
    ]  # fmt: skip


BOOK = (
    "%%a book\nM:3/4\n\nX:3\nT:Évora\nK:D\nd3|d3|\n\nsome words\n\nX:5\nT:The Green Man\nK:C\nc3|\n\n"
    "X:9\nT:Green Sleeves\nM:6/8\nK:Am\na6|a6|a6|\n"
)


@pytest.mark.parametrize(
    ("wanted", "title"),
    [
        (3, "Évora"), ("5", "The Green Man"), (" 09 ", "Green Sleeves"), ("evora", "Évora"), (None, "Évora"),
        ("the green", "The Green Man"), ("sleeves", "Green Sleeves"),
    ],
)  # fmt: skip
def test_a_tune_is_chosen_by_its_number_or_title(wanted, title):
    assert read_abc(BOOK, "book.abc", Choice(tune=wanted)).melody.title == title


def test_the_first_of_several_tunes_is_taken_and_said():
    assert notices(BOOK) == (
        "Took tune 3, Évora, of 3: 3 Évora, 5 The Green Man, 9 Green Sleeves. Choose with --tune (in Python tune=)"
    )
    assert notices(BOOK, Choice(tune=3)) == ""
    assert read_abc(BOOK).melody.metre == Metre(3, 4)


@pytest.mark.parametrize(
    ("wanted", "match"),
    [
        (1, "there is no tune 1. The tunes are 3 Évora, 5 The Green Man"),
        ("Green Slevs", "Did you mean 'Green Sleeves'"),
        ("9" * 5_000, "there is no tune"),
        ("", "there is no tune ''"),
    ],
)
def test_a_tune_that_is_not_there_is_refused_with_what_is(wanted, match):
    with pytest.raises(FileProblem, match=match) as caught:
        read_abc(BOOK, "book.abc", Choice(tune=wanted))
    assert len(str(caught.value)) < 400


def test_where_numbers_repeat_a_tune_is_chosen_by_its_place():
    book = "X:1\nT:One\nK:C\nc8|\n\nX:1\nT:Two\nK:D\nd8|\n"
    assert read_abc(book, choice=Choice(tune=2)).melody.title == "Two"
    unnumbered = "T:One\nK:C\nc8|\n\nT:Two\nK:D\nd8|\n"
    assert read_abc(unnumbered, choice=Choice(tune="two")).melody.key == Key(2)


VOICES = (
    "X:1\nM:4/4\nL:1/4\n%%score (1 T) B\nV:1 name=\"Flöte\" clef=treble\nV:T nm=Tenor\nV:B\nK:G\n"
    "V:1\nGABc|d4|\nV:T\nEFGA|[M:3/4]B3|\nV:B\nG,4|G,4|\n"
)  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (None, "G4 A4 B4 C5 D5"), ("1", "G4 A4 B4 C5 D5"), (2, "E4 F#4 G4 A4 B4"), ("T", "E4 F#4 G4 A4 B4"),
        ("tenor", "E4 F#4 G4 A4 B4"), ("flote", "G4 A4 B4 C5 D5"), ("B", "G3 G3"), (3, "G3 G3"),
    ],
)  # fmt: skip
def test_a_voice_is_chosen_by_its_number_or_name(wanted, expected):
    assert names(VOICES, Choice(voice=wanted)) == expected
    assert names(VOICES, Choice(part=wanted)) == expected


def test_what_is_taken_of_several_voices_is_said():
    assert "Took voice 1, Flöte, of 3: 1 Flöte, 2 Tenor, 3 V:B. Choose with --voice" in notices(VOICES)
    assert notices(VOICES, Choice(voice="Tenor")) == ""
    assert "ABC has voices and no parts: --part is taken as --voice" in notices(VOICES, Choice(part=2))
    with pytest.raises(FileProblem, match=r"there is no voice 7. The voices are 1 Flöte, 2 Tenor, 3 V:B"):
        read_abc(VOICES, choice=Choice(voice=7))


def test_voices_inside_lines_and_measures_by_turns_are_told_apart():
    text = "X:1\nM:2/4\nL:1/4\nK:C\n[V:1]CD|[V:2]EF|\n[V:1]GA|\n[V:2]cd|\n"
    assert names(text) == "C4 D4 G4 A4"
    assert names(text, Choice(voice=2)) == "E4 F4 C5 D5"
    assert read_abc(text).melody.duration == 4


@pytest.mark.parametrize(
    ("key", "expected", "sounding"),
    [
        ("HP", Key(2, "mixolydian"), "F#4 G4 C#5 Bb4"), ("Hp", Key(2, "mixolydian"), "F#4 G4 C#5 Bb4"),
        ("Dphr ^f", Key(-2, "phrygian"), "F#4 G4 C5 Bb4"), ("D exp _b _e ^f", Key(-2, "phrygian"), "F#4 G4 C5 Bb4"),
        ("D exp ^f ^c", Key(2), "F#4 G4 C#5 Bb4"), ("G=f^c", Key(1), "F4 G4 C#5 Bb4"), ("^f", Key(1), "F#4 G4 C5 Bb4"),
        ("none", Key(0), "F4 G4 C5 Bb4"), ("", Key(0), "F4 G4 C5 Bb4"), ("G clef=treble", Key(1), "F#4 G4 C5 Bb4"),
        ("treble", Key(0), "F4 G4 C5 Bb4"), ("d Minor", Key(-1, "minor"), "F4 G4 C5 Bb4"),
        ("D DORIAN", Key(0, "dorian"), "F4 G4 C5 Bb4"), ("Dmixolydisch", Key(1, "mixolydian"), "F#4 G4 C5 Bb4"),
        ("B♭", Key(-2), "F4 G4 C5 Bb4"), ("F♯m", Key(3, "minor"), "F#4 G#4 C#5 Bb4"), ("Gfoo", Key(1), "F#4 G4 C5 Bb4"),
        ("C octave=-1", Key(0), "F3 G3 C4 Bb3"),
    ],
)  # fmt: skip
def test_keys_of_every_kind_sound_as_they_say(key, expected, sounding):
    melody = read_abc(f"X:1\nM:4/4\nL:1/4\nK:{key}\nFGc_B|]").melody
    assert (melody.key, " ".join(str(note.spelling) for note in melody.notes)) == (expected, sounding)


def test_accidentals_of_a_measure_stand_above_those_of_the_key():
    assert names("X:1\nM:4/4\nL:1/4\nK:Dphr ^f\nF=FFf|F4|]") == "F#4 F4 F4 F5 F#4"


def test_a_clef_inside_a_tune_leaves_the_key():
    melody = read_abc("X:1\nM:4/4\nL:1/4\nK:D\nF4|[K:bass]F4|[K:clef=alto]F4|[K:none]F4|]").melody
    assert [str(note.spelling) for note in melody.notes] == ["F#4", "F#4", "F#4", "F4"]


def test_what_has_no_key_or_one_that_is_not_known_is_said():
    assert "names no key" in notices("X:1\nM:4/4\nL:1/4\nGABc|d4|]")
    assert "the key 'H' is not known" in notices("X:1\nM:4/4\nL:1/4\nK:H\nGABc|d4|]")
    assert "the key 'Gfoo' is not known: read as G major" in notices("X:1\nM:4/4\nL:1/4\nK:Gfoo\nGABc|d4|]")


@pytest.mark.parametrize(
    ("metre", "expected"),
    [
        ("C", Metre(4, 4)), ("c|", Metre(2, 2)), ("2+3/8", Metre(5, 8, (2, 3))), ("(2+3)/8", Metre(5, 8, (2, 3))),
        ("2/4+3/4", Metre(5, 4, (2, 3))), ("3/4 waltz", Metre(3, 4)), ("6/8 % jig", Metre(6, 8)),
    ],
)  # fmt: skip
def test_metres_of_every_kind_are_read(metre, expected):
    assert read_abc(f"X:1\nM:{metre}\nL:1/8\nK:C\nc16|]").melody.metre == expected


@pytest.mark.parametrize("metre", ["none", "free", "", "0/4", "4/5", "600000/8", "9" * 5_000 + "/8", "5\x1b[31m8"])
def test_without_a_metre_the_barlines_say_how_long_measures_are(metre):
    text = f"X:1\nM:{metre}\nL:1/4\nK:C\nc|def|gab|c'3|d2|]"
    reading = read_abc(text)
    assert reading.melody.metre == Metre(3, 4)
    assert reading.melody.anacrusis == 1
    assert "no metre is given: its measures are counted in 3/4" in reading.notices
    assert all(len(notice) < 150 and notice.isprintable() for notice in reading.notices)
    assert "no metre is given: its measures are counted in 4/4" in notices(f"X:1\nM:{metre}\nL:1/4\nK:C\ncdefg")


@pytest.mark.parametrize(
    ("value", "tempo"),
    [
        ('"Allegro" 1/4=120', TempoAt(F(0), F(120), "Allegro")), ('3/8=80 "lively"', TempoAt(F(0), F(120), "lively")),
        ("120", TempoAt(F(0), F(120))), ("C=120", TempoAt(F(0), F(60))), ("C3=40", TempoAt(F(0), F(60))),
        ("1/4=120-130", TempoAt(F(0), F(120))), ("1/4=ca. 60", TempoAt(F(0), F(60))),
        ("1/4 = 92,5", TempoAt(F(0), F(185, 2))), ("♩. = 40", TempoAt(F(0), F(60))),
        ("1/4 1/8 1/4 1/8=40", TempoAt(F(0), F(120))),
    ],
)  # fmt: skip
def test_tempos_of_every_form_are_read(value, tempo):
    assert read_abc(f"X:1\nM:4/4\nL:1/8\nQ:{value}\nK:C\nc8|]").melody.tempos == (tempo,)


@pytest.mark.parametrize("value", ["1/0=10", "1/4=" + "9" * 6_000, "9" * 6_000, "1/4=0", "1/4=-5", "1/4=", "1/4=5000"])
def test_a_tempo_that_cannot_be_read_is_passed_over_and_said(value):
    reading = read_abc(f"X:1\nM:4/4\nL:1/8\nQ:{value}\nK:C\nc8|]")
    assert reading.melody.tempos == ()
    assert ["the tempo" in notice and len(notice) < 100 for notice in reading.notices] == [True]


def test_slips_in_notes_are_read_as_far_as_they_can_be_and_said():
    reading = read_abc("X:1\nM:4/4\nL:one\nK:C\n^^^c2 ^_d2 c1/0 (0d c0|]")
    assert [str(note.spelling) for note in reading.melody.notes] == ["C#5", "Db5", "C#5", "Db5"]
    said = "; ".join(reading.notices)
    assert "the unit note length 'one' cannot be read: 1/8 is taken" in said
    assert "passed over as no music: '^^^c2', '^_d2', '1/0' and 2 more" in said


def test_tuplets_of_ten_and_more_last_as_long_as_they_say():
    melody = read_abc("X:1\nM:4/4\nL:1/16\nK:C\n(10:8:10cdefgabc'ba (3cde f2 z4|]").melody
    assert {note.duration for note in melody.notes[:10]} == {F(1, 5)}
    assert [note.duration for note in melody.notes[10:]] == [F(1, 6)] * 3 + [F(1, 2)]


def test_signs_can_be_given_another_meaning():
    melody = read_abc("X:1\nM:4/4\nL:1/4\nU:W=!trill!\nU:T=!nil!\nK:C\nWc Td .e f|]").melody
    assert [sorted(note.marks) for note in melody.notes] == [["trill"], [], ["staccato"], []]
