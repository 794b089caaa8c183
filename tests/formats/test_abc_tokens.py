"""The token stage against music21's own converter: two readings of the same tokens, and what is mended."""

from fractions import Fraction

import pytest
from music21 import abcFormat, chord, common, harmony

from musicedu.errors import MusicEduError
from musicedu.formats.abc import read_tokens, read_tune
from musicedu.formats.abc_book import tunes_of

FILES = (
    ("essenFolksong/erk5.abc", 3), ("essenFolksong/kinder0.abc", 6), ("oneills1850/0051-0100.abc", 3),
    ("airdsAirs/book3.abc", 3), ("ryansMammoth/KeltonsReel.abc", 3),
)  # fmt: skip
TUNES_A_FILE = 4


def heard(melody):
    sounds = [(note.onset, str(note.spelling), note.duration) for note in melody.notes]
    rests = [(onset, "rest", offset - onset) for onset, offset in melody.rests]
    return [(name, duration) for _, name, duration in sorted(sounds + rests)]


def converted(tokens_handler):
    """Notes and rests of music21's score, ties and neighbouring rests joined."""
    events = []
    for part in abcFormat.translate.abcToStreamScore(tokens_handler).parts:
        for element in part.recurse().notesAndRests:
            if element.duration.isGrace or isinstance(element, harmony.ChordSymbol | chord.Chord):
                continue
            duration = Fraction(element.quarterLength).limit_denominator(65536)
            name = element.pitch.nameWithOctave.replace("-", "b") if element.isNote else "rest"
            goes_on = name == "rest" or (element.tie is not None and element.tie.type in ("stop", "continue"))
            if events and goes_on and events[-1][0] == name:
                events[-1] = (name, events[-1][1] + duration)
            else:
                events.append((name, duration))
    return events


@pytest.mark.parametrize(("name", "step"), FILES, ids=[name for name, _ in FILES])
def test_plain_tokens_give_the_notes_that_converter_parse_gives(name, step):
    text = (common.getSourceFilePath() / "corpus" / name).read_text(encoding="utf-8")
    compared = 0
    for _, tune in list(tunes_of(text))[::step]:
        try:
            read = read_tokens(abcFormat.ABCFile().readstr(tune).tokens)
        except MusicEduError:
            continue
        assert heard(read.melody) == converted(abcFormat.ABCFile().readstr(tune))
        compared += 1
        if compared == TUNES_A_FILE:
            break
    assert compared


@pytest.mark.parametrize(
    ("body", "lost_by_music21"),
    [
        ("A>(BA)A A4|", "broken rhythm before a slur"),
        ("A2-{B}A2 A4|", "a tie before a grace note"),
        ("HA4 A4|", "a note with a fermata"),
        ('">"A4 A4|', "an accented note"),
        ("^A2A6|", "an accidental later in the measure"),
        ("x4A4|", "an invisible rest"),
    ],
)
def test_what_music21_misreads_is_mended(body, lost_by_music21):
    text = f"X:1\nM:4/4\nL:1/8\nK:C\nA8|{body}\n"
    melody = read_tune(text).melody
    assert melody.duration == 8, lost_by_music21
    assert heard(melody) != converted(abcFormat.ABCFile().readstr(text)), "music21 reads this now: mend it no longer"
