"""What an engraver would write: laws over all melodies, and the cases a textbook shows."""

from fractions import Fraction
from itertools import groupby, pairwise

import pytest
from hypothesis import given, settings

from musicedu.errors import MusicEduError
from musicedu.melody import Key, KeyAt, Melody, Metre, MetreAt, Note
from musicedu.notation import VALUES, Symbol, accidentals, write
from musicedu.pitch import Spelling
from tests.strategies import melodies

F = Fraction


def spelled(symbol: Symbol) -> str:
    """`q. ` for a dotted quarter, `r` before a rest, `3` after a triplet member, `~` before a tie, `=` full measure."""
    letter = {"whole": "w", "half": "h", "quarter": "q", "eighth": "e", "16th": "s", "32nd": "t", "breve": "b"}
    tuplet = str(symbol.tuplet[0]) if symbol.tuplet else ""
    full = "=" if symbol.full_measure else ""
    return (
        ("r" if symbol.is_rest else "")
        + letter[symbol.value]
        + "." * symbol.dots
        + tuplet
        + "~" * symbol.tied_to
        + full
    )


def written(text: str, metre: str = "4/4", anacrusis: F | int = 0) -> str:
    tune = Melody.from_text(text, metre=metre, anacrusis=anacrusis)
    return " | ".join(" ".join(spelled(symbol) for symbol in symbols) for _, symbols in write(tune))


def beamed(durations: str, metre: str = "4/4") -> str:
    """The first-level beams: `[` begins, `-` continues, `]` ends, `.` none."""
    tune = Melody.from_text(" ".join(("" if d.startswith("r") else "C4:") + d for d in durations.split()), metre=metre)
    marks = {"begin": "[", "continue": "-", "end": "]"}
    return "".join(marks[s.beams[0]] if s.beams else "." for _, symbols in write(tune) for s in symbols)


@settings(max_examples=150)
@given(melodies(with_marks=False))
def test_symbols_tile_each_measure_and_spell_their_durations(melody: Melody) -> None:
    for measure, symbols in write(melody):
        assert symbols[0].onset == measure.onset
        assert symbols[-1].offset == measure.offset
        assert all(before.offset == after.onset for before, after in pairwise(symbols))
        for symbol in symbols:
            assert symbol.written == symbol.duration
            assert symbol.value in VALUES


@settings(max_examples=100)
@given(melodies(with_marks=False))
def test_joining_ties_gives_the_notes_back(melody: Melody) -> None:
    symbols = [symbol for _, measure in write(melody) for symbol in measure if not symbol.is_rest]
    rebuilt = []
    for index, group in groupby(symbols, key=lambda symbol: symbol.note):
        parts = list(group)
        assert [part.tied_from for part in parts] == [False] + [True] * (len(parts) - 1)
        assert [part.tied_to for part in parts] == [True] * (len(parts) - 1) + [False]
        rebuilt.append((index, parts[0].onset, sum(part.duration for part in parts)))
    assert rebuilt == [(index, note.onset, note.duration) for index, note in enumerate(melody.notes)]


@settings(max_examples=100)
@given(melodies(with_marks=False))
def test_tuplets_and_beams_open_and_close(melody: Melody) -> None:
    for _, symbols in write(melody):
        inside = False
        levels: dict[int, bool] = {}
        for symbol in symbols:
            if symbol.tuplet:
                assert inside != symbol.tuplet_begins
                inside = not symbol.tuplet_ends
            else:
                assert not inside
            for level, beam in enumerate(symbol.beams):
                assert levels.get(level, False) == (beam in ("continue", "end"))
                levels[level] = beam in ("begin", "continue")
        assert not inside
        assert not any(levels.values())


@pytest.mark.parametrize(
    ("text", "metre", "expected"),
    [
        ("C4:3/2 C4:1/2 C4:2", "4/4", "q. e h"),
        ("C4:1 C4:2 C4:1", "4/4", "q h q"),
        ("C4:1/2 C4:1 C4:1/2 C4:2", "4/4", "e q e h"),
        ("C4:1 C4:3", "4/4", "q q~ h"),
        ("C4:3/2 C4:1 C4:3/2", "4/4", "q. e~ e q."),
        ("C4:1/2 C4:3/2 C4:2", "4/4", "e q. h"),
        ("C4:1/2 C4:7/2", "4/4", "e q.~ h"),
        ("C4:5 C4:3", "4/4", "w~ | q q~ h"),
        ("C4:1 r:2 C4:1", "4/4", "q rq rq q"),
        ("r:4 C4:4", "4/4", "rw= | w"),
        ("C4:2 C4:1", "3/4", "h q"),
        ("C4:1 C4:2", "3/4", "q h"),
        ("C4:3/2 C4:1/2 C4:1", "3/4", "q. e q"),
        ("C4:3/2 C4:3/2", "3/4", "q. e~ q"),
        ("C4:1 r:2", "3/4", "q rq rq"),
        ("C4:3", "3/4", "h."),
        ("C4:1 C4:1/2 C4:3/2", "6/8", "q e q."),
        ("C4:2 C4:1", "6/8", "q.~ e q"),
        ("C4:3", "6/8", "h."),
        ("C4:3/4 C4:1/4 C4:1/2 r:3/2", "6/8", "e. s e rq."),
        ("C4:3/4 C4:3/4 C4:3/2", "6/8", "e2 e2 q."),
        ("r:1 C4:1/2 C4:1/2 r:1", "6/8", "rq e e re re"),
        ("C4:9/2", "9/8", "h.~ q."),
        ("C4:6", "12/8", "w."),
        ("C4:5/2", "5/8", "q.~ q"),
        ("C4:7/2", "7/8", "h~ q."),
        ("C4:5", "5/4", "h.~ h"),
        ("C4:7", "7/4", "w~ h."),
        ("C4:3/2 r:3/2", "3/8", "q. | rw="),
        ("C4:2 C4:2", "2/2", "h h"),
        ("C4:1/3 C4:1/3 C4:1/3 C4:3", "4/4", "e3 e3 e3 q~ h"),
        ("C4:2/3 C4:2/3 C4:2/3 C4:2", "4/4", "q3 q3 q3 h"),
        ("C4:2/3 C4:1/3 C4:1/3 C4:2/3 C4:2", "4/4", "q3 e3 e3 q3 h"),
        ("C4:1/6 C4:1/6 C4:1/6 C4:1/2 C4:1", "2/4", "s3 s3 s3 e q"),
        ("C4:1/3 C4:2/3 C4:1", "2/4", "e3 q3 q"),
        ("C4:1 C4:2/3 C4:2/3 C4:2/3", "3/4", "q q3 q3 q3"),
        ("C4:1/3 C4:5/3 C4:2", "4/4", "e3 q3~ q h"),
    ],
)
def test_values_are_the_usual_ones(text: str, metre: str, expected: str) -> None:
    assert written(text, metre) == expected


def test_an_anacrusis_is_written_from_the_end_of_its_measure() -> None:
    assert written("C4:1/2 C4:1 C4:4 C4:5/2", anacrusis=F(3, 2)) == "e q | w | h~ e"
    assert written("C4:1/3 C4:4", anacrusis=F(1, 3)) == "e3 | w"


def test_metre_changes_move_the_barlines() -> None:
    notes = tuple(Note(F(onset), F(3), Spelling("C", 0, 4)) for onset in (0, 3, 6))
    tune = Melody(
        notes, F(9), metres=(MetreAt(F(0), Metre(3, 4)), MetreAt(F(3), Metre(6, 8)), MetreAt(F(6), Metre(2, 4)))
    )
    assert [[spelled(s) for s in symbols] for _, symbols in write(tune)] == [["h."], ["h."], ["h~"], ["q"]]


@pytest.mark.parametrize(
    ("durations", "metre", "expected"),
    [
        ("1/2 1/2 1/2 1/2 1 1", "4/4", "[--].."),
        ("1 1/2 1/2 1/2 1/2 1", "4/4", ".[][]."),
        ("1/2 1/2 1/4 1/4 1/2 2", "4/4", "[][-]."),
        ("1/2 1/2 1/2 1/2 1/2 1/2", "3/4", "[----]"),
        ("1/2 1/2 1/2 1/2 1/2 1/2", "6/8", "[-][-]"),
        ("1/2 1/2 1/2 1/2 1/2", "5/8", "[-][]"),
        ("3/2 1/2 1/2 r:1/2 1", "4/4", "....."),
        ("1/4 r:1/4 1/2 1", "2/4", "[.]."),
        ("1/3 1/3 1/3 1/2 1/2", "2/4", "[-][]"),
        ("1/6 1/6 1/6 1/2 1", "2/4", "[--]."),
        ("r:1/3 1/6 1/2 1", "2/4", "...."),  # never half in a tuplet, half out
        ("r:1/6 1/6 1/6 1/2 1", "2/4", ".[].."),
    ],
)
def test_beams_show_the_beats(durations: str, metre: str, expected: str) -> None:
    assert beamed(durations, metre) == expected


def test_hooks_point_into_the_beat() -> None:
    tune = Melody.from_text("C4:3/4 C4:1/4 C4:1/4 C4:3/4 C4:1/4 C4:1/2 C4:1/4 C4:1")
    second = [symbol.beams[1:] for _, symbols in write(tune) for symbol in symbols]
    assert second == [(), ("backward hook",), ("forward hook",), (), ("forward hook",), (), ("backward hook",), ()]


def test_seven_in_the_time_of_four_are_a_septuplet() -> None:
    tune = Melody.from_text("C4:1/7 D4:1/7 E4:2/7 F4:1/7 E4:1/7 D4:1/7 C4:1 D4:2")
    symbols = [symbol for _, written in write(tune) for symbol in written]
    assert [symbol.value for symbol in symbols] == ["16th", "16th", "eighth", "16th", "16th", "16th", "quarter", "half"]
    assert [symbol.tuplet for symbol in symbols] == [(7, 4)] * 6 + [None] * 2
    assert all(symbol.written == symbol.duration for symbol in symbols)


@pytest.mark.parametrize("duration", ["1/11", "1/64", "1/9"])
def test_a_duration_without_a_note_value_is_named(duration: str) -> None:
    tune = Melody.from_text(f"C4:1 C4:{duration} C4:1")
    with pytest.raises(MusicEduError, match=f"measure 1: no note value fits a note of {duration} quarter"):
        write(tune)


def test_accidentals_hold_to_the_barline_and_a_courtesy_follows() -> None:
    tune = Melody.from_text("F#4:1 F#4:1 F4:1 F#5:1 F4:1 F#5:1 C4:2", key="C")
    shown = accidentals(tune, write(tune))
    assert {place: (a.name, a.courtesy) for place, a in shown.items()} == {
        (0, 0): ("sharp", False), (0, 2): ("natural", False), (0, 3): ("sharp", False), (1, 1): ("sharp", False),
    }  # fmt: skip
    back = Melody.from_text("F#4:4 F4:4")
    assert accidentals(back, write(back))[1, 0].courtesy


def test_accidentals_follow_the_signature_and_skip_ties() -> None:
    tune = Melody.from_text("F#4:4 F4:4 Bb4:8", key="G")
    assert {place: a.name for place, a in accidentals(tune, write(tune)).items()} == {(1, 0): "natural", (2, 0): "flat"}
    changed = Melody(tune.notes, tune.duration, keys=(KeyAt(F(0), Key(1)), KeyAt(F(8), Key(-2))))
    assert (2, 0) not in accidentals(changed, write(changed))
