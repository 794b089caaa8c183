import contextlib
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicedu.errors import FileProblem
from musicedu.formats.abc import parse_abc, read_tune, render_abc
from musicedu.formats.abc_book import tunes_of
from musicedu.melody import Dynamic, Hairpin, IrregularAt, Key, KeyAt, Melody, Metre, MetreAt, Note, Slur, TempoAt
from musicedu.pitch import Spelling
from tests.strategies import melodies

F = Fraction


def tune(body: str, *, metre: str = "4/4", key: str = "C", unit: str = "1/8") -> Melody:
    return parse_abc(f"X:1\nT:Test\nM:{metre}\nL:{unit}\nK:{key}\n{body}\n")


def names(melody: Melody) -> str:
    return " ".join(str(note.spelling) for note in melody.notes)


def durations(melody: Melody) -> list[F]:
    return [note.duration for note in melody.notes]


@given(melodies())
@settings(max_examples=150)
def test_abc_round_trip_is_the_identity(melody):
    assert parse_abc(render_abc(melody)) == melody


def test_a_last_measure_that_would_fill_others_with_the_anacrusis_comes_back():
    melody = replace(Melody.from_text("C4 D4 E4 F4", metre="2/4", anacrusis=F(1)), irregular=(IrregularAt(F(1), F(3)),))
    assert parse_abc(render_abc(melody)) == melody
    assert not parse_abc(render_abc(melody).replace("[M:2/4]", "")).irregular  # as people leave out a barline


@given(melodies(with_marks=False, max_measures=8))
@settings(max_examples=100)
def test_abc_round_trip_of_plain_melodies_is_the_identity(melody):
    assert parse_abc(render_abc(melody)) == melody


@given(melodies())
@settings(max_examples=40)
def test_every_abc_reading_of_accidentals_gives_the_same_notes(melody):
    """Accidentals may be held to the measure's end in all octaves, in their own, or not at all."""
    text = render_abc(melody)
    for rule in ("not", "octave", "pitch"):
        assert parse_abc(f"%%propagate-accidentals {rule}\n{text}").pitches == melody.pitches


def test_a_melody_with_every_mark_comes_back():
    melody = Melody(
        notes=(
            Note(F(0), F(1), Spelling("E", -1, 4), frozenset({"staccato", "accent"})),
            Note(F(1), F(4), Spelling("F", 2, 5), frozenset({"fermata", "inverted-mordent"})),
            Note(F(6), F(1), Spelling("B", 0, 3), frozenset({"trill", "tenuto"})),
        ),
        duration=F(7),
        metres=(MetreAt(F(0), Metre(3, 4)), MetreAt(F(4), Metre(3, 4, (1, 2)))),
        keys=(KeyAt(F(0), Key(-3, "minor")), KeyAt(F(4), Key(7, "locrian"))),
        anacrusis=F(1),
        tempos=(TempoAt(F(0), F(241, 2), "50 % slower"), TempoAt(F(4), F(60))),
        dynamics=(Dynamic(F(0), "mf"), Dynamic(F(5, 2), "pp")),
        hairpins=(Hairpin(F(0), F(5, 2), "diminuendo"), Hairpin(F(5), F(7), "crescendo")),
        slurs=(Slur(F(0), F(1)), Slur(F(1), F(6))),
        title="100 % \\ alone",
        transposition=-14,
    )
    assert parse_abc(render_abc(melody)) == melody


def test_broken_rhythm_reaches_over_slurs_dots_and_grace_notes():
    assert durations(tune("A>(B c)<.d {e}f>>{g}g")) == [F(3, 4), F(1, 4), F(1, 4), F(3, 4), F(7, 8), F(1, 8)]


def test_accidentals_hold_to_the_end_of_the_measure():
    assert names(tune("^FGAF|F4")) == "F#4 G4 A4 F#4 F4"


def test_a_tie_carries_its_accidental_over_the_barline():
    melody = tune("z6 ^F2-|F4 F4")
    assert (names(melody), durations(melody)) == ("F#4 F4", [F(3), F(2)])


def test_a_tie_between_different_pitches_joins_nothing():
    assert names(tune("F2-G2-G4")) == "F4 G4"


def test_tuplets_scale_their_notes_and_no_others():
    assert durations(tune("(3ABc d2 (3:2:2A2B z4")) == [F(1, 3)] * 3 + [F(1), F(2, 3), F(1, 3)]


def test_grace_notes_are_dropped_and_counted():
    read = read_tune("X:7\nM:2/4\nL:1/8\nK:D\n{gf}A2-{g}A2|]")
    assert (names(read.melody), read.n_grace_notes, read.reference) == ("A4", 3, "7")


def test_endings_are_written_once_as_printed():
    melody = tune("|:c2d2e2f2|1 g8:|2 c'8|]")
    assert names(melody) == "C5 D5 E5 F5 G5 C6"


def test_a_short_first_measure_is_an_anacrusis():
    melody = tune("G|c2d2e2f2|g6|]", unit="1/8")
    assert (melody.anacrusis, len(melody.measures), melody.measures[-1].duration) == (F(1, 2), 3, F(3))


def test_measures_around_a_repeat_sign_fill_one_between_them():
    melody = tune("G2|c2d2e2f2|g6:|G2|c8|]")
    assert [str(change.metre) for change in melody.metres] == ["4/4"]
    assert [measure.number for measure in melody.measures] == [0, 1, 2, 3]


def test_a_measure_that_does_not_fill_its_metre_is_an_irregular_one_and_said():
    read = read_tune("M:4/4\nL:1/4\nK:C\nCDEF|GAB|CDEF|GABcd|C4|]")
    assert [str(change.metre) for change in read.melody.metres] == ["4/4"]
    assert read.melody.irregular == (IrregularAt(F(4), F(3)), IrregularAt(F(11), F(5)))
    assert (read.n_irregular, read.notices) == (
        2,
        ("Measure 2 lasts 3 beats of 4 and measure 4 lasts 5: kept as they are",),
    )


@pytest.mark.parametrize(("metre", "rest"), [("6/8", "z8"), ("3/4", "z8"), ("12/8", "z8"), ("6/8", "z7"), ("3/8", "Z")])
def test_a_lone_whole_rest_lasts_a_measure(metre, rest):
    unit = metre.split("/")
    full = f"c{8 * int(unit[0]) // int(unit[1])}"
    read = read_tune(f"M:{metre}\nL:1/8\nK:C\n{full}|{rest}|{full}|{full}|]")
    assert len({measure.duration for measure in read.melody.measures}) == 1
    assert (len(read.melody.measures), read.n_irregular) == (4, 0)


def test_the_section_after_a_short_measure_may_begin_without_an_upbeat():
    read = read_tune("M:3/4\nL:1/4\nK:G\nD|:GAB|cBA|G2:||:Bcd|edc|G3:|")
    assert [str(change.metre) for change in read.melody.metres] == ["3/4"]
    assert [measure.duration for measure in read.melody.measures] == [1, 3, 3, 2, 3, 3, 3]
    assert read.notices == ("Measure 3 lasts 2 beats of 3: kept as it is",)


@pytest.mark.parametrize(
    ("music", "metre"),
    [("|cBA GFE|" * 4, "6/8"), ("|c2 d2 e2|" * 4, "3/4"), ("|c3 d3|" * 4, "6/8"), ("|c2 d2|" * 5, "2/4")],
)
def test_measures_that_all_last_otherwise_have_another_metre_and_it_is_said(music, metre):
    read = read_tune(f"M:C\nL:1/8\nK:C\n{music.replace('||', '|')}]")
    assert (str(read.melody.metre), read.n_irregular) == (metre, 0)
    assert read.notices == (f"The measures last as in {metre}, not as in 4/4: read in {metre}",)


def test_many_irregular_measures_are_counted_and_the_first_are_named():
    read = read_tune("M:4/4\nL:1/4\nK:C\n" + "c4|c3|" * 15 + "c4|]")
    assert read.notices == (
        "15 measures are longer or shorter than their metre (measure 2 lasts 3 beats of 4, measure 4 lasts 3, "
        "measure 6 lasts 3, …): kept as they are",
    )


def test_a_missing_barline_is_no_irregular_measure():
    read = read_tune("M:2/4\nL:1/4\nK:C\nCDEF|GA|c2|]")
    assert (len(read.melody.measures), read.n_irregular) == (4, 0)


def test_metre_key_and_unit_may_change_within_a_line():
    melody = tune("c8|[M:3/4][K:Adorian][L:1/4]fga|[K:none]F3|]")
    assert [str(change.metre) for change in melody.metres] == ["4/4", "3/4"]
    assert [change.key for change in melody.keys] == [Key(0), Key(1, "dorian"), Key(0)]
    assert (names(melody), durations(melody)[1:]) == ("C5 F#5 G5 A5 F4", [F(1), F(1), F(1), F(3)])


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("G", Key(1)), ("Bb", Key(-2)), ("Am", Key(0, "minor")), ("F# minor", Key(3, "minor")),
        ("Edor", Key(2, "dorian")),
        ("A Mixolydian", Key(2, "mixolydian")), ("Fblyd", Key(-7, "lydian")), ("B loc", Key(0, "locrian")),
        ("D clef=treble", Key(2)), ("G % a comment", Key(1)), ("none", Key(0)), ("C treble", Key(0)),
    ],
)  # fmt: skip
def test_keys_are_read_with_their_mode(value, key):
    assert tune("c8|", key=value).key == key


def test_signs_stand_for_decorations():
    melody = tune("HTc2 Ld2 .e2 ~f2|!uppermordent!c2 +f+ !>!d2 M!turn!e4|]")
    marks = [sorted(note.marks) for note in melody.notes]
    assert marks == [
        ["fermata", "trill"], ["accent"], ["staccato"], [], ["inverted-mordent"], ["accent"], ["mordent", "turn"],
    ]  # fmt: skip
    assert melody.dynamics == (Dynamic(F(5), "f"),)


def test_a_note_before_a_double_repeat_sign_is_no_field():
    assert names(tune("cdefgabA::cdefgabA:|")) == "C5 D5 E5 F5 G5 A5 B5 A4 C5 D5 E5 F5 G5 A5 B5 A4"


def test_without_metre_and_unit_a_tune_is_in_common_time_and_eighths():
    melody = parse_abc("X:1\nK:C\nc2d2e2f2|Z|g8|]")
    assert (melody.metre, melody.notes[0].duration, melody.duration) == (Metre(4, 4), F(1), F(12))


def test_rests_of_several_measures_and_invisible_ones_count():
    melody = tune("c8|Z2|x4d4|]")
    assert (melody.duration, melody.notes[1].onset) == (F(16), F(14))


def test_a_tune_book_is_cut_into_tunes():
    book = "%%abc-2.1\n% a book\nM:2/4\n\nX:1\nT:One\nK:C\nc4|\n\nX:2\nT:Two\nK:D\nd4|\n"
    assert [reference for reference, _ in tunes_of(book)] == ["1", "2"]
    assert parse_abc(book, tune=2).title == "Two"
    assert read_tune(next(tunes_of(book))[1]).melody.metre == Metre(2, 4)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "is empty"),
        (" \n ", "is empty"),
        ("nothing of the kind", "holds no notes"),
        ("X:1\nK:C\n", "holds no notes"),
        ("X:1\nM:4/4\nL:1/4\nK:G#\nc4|", "a signature has 7 at most"),
        ("X:1\nM:4/4\nL:1/4\nK:C\nc999999999999|", "holds a note of length '999999999999'"),
        ("X:1\nM:4/4\nL:1/4\nK:C\nc30000|", "longer than 20,000 quarter notes"),
        ("X:1\nM:4/4\nL:1/4\nK:C\n" + "c,,,,,,,,,,,,4|", "lower than C0"),
        ("X:1\nM:4/4\nL:1/4\nK:C\nc" + "'" * 8 + "4|", "outside the MIDI range"),
        ("X:1\nM:4/4\nL:1/4\nK:C\n" + "c4|" * 8_000, "more than 15,000 notes, barlines and marks"),
        ("X:1\nM:4/4\nL:1/4\nK:C\nc4|\n" + "w: la\n" * 60_000, "more than 300,000 characters"),
        ("X:1\nM:4/4\nL:1/4\nK:C\n" + "Z999|" * 6, "more than 5,000 measures of rest"),
        ("X:1\nM:4/4\nL:1/4\nK:C\n" + "c[K:G]" * 1_001, "more than 1,000 changes"),
        ("X:1\nM:4/4\nL:1/4\nK:C\n" + "".join(f"V:{n}\nc4|\n" for n in range(65)), "more than 64 voices"),
        ("X:1\n" * 100_001, "more than 100,000 tunes"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(text, match):
    with pytest.raises(FileProblem, match=match) as caught:
        parse_abc(text, "tune.abc")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200
    assert str(caught.value).startswith("tune.abc: ")


@given(melodies(max_measures=2), st.data())
@settings(max_examples=150)
def test_damaged_abc_is_read_or_refused_but_never_crashes(melody, data):
    text = render_abc(melody)
    start = data.draw(st.integers(0, len(text)))
    junk = data.draw(st.text("|:[](){}<>-^_=/0123456789abcGzZxKMLQV!\"%&+,'~.HT\n\\", max_size=6))
    stop = data.draw(st.integers(start, min(len(text), start + 8)))
    with contextlib.suppress(FileProblem):
        parse_abc(text[:start] + junk + text[stop:], "damaged.abc")
