"""From files to tunes: sources, numbers, regions, modes, chorale voices, and the reasons for leaving a tune out."""

from fractions import Fraction

import pytest

from musicedu.corpus.collections import COLLECTIONS, Source, corpus_folder
from musicedu.corpus.reading import read_batch, read_chorale, read_source, with_mode_of_notes
from musicedu.corpus.table import row_to_tune
from musicedu.corpus.tune import Dropped
from musicedu.errors import FileProblem
from musicedu.formats.reading import NotOneLine
from musicedu.melody import Key, Melody

TUNE = "X:{number}\nT:A tune\nO:Glasgow,  Scotland\nM:2/4\nL:1/8\nK:D\n{music}\n"


def read(tmp_path, *music, name="airds", header=""):
    path = tmp_path / "book.abc"
    tunes = [TUNE.format(number=number, music=line) for number, line in enumerate(music, start=7)]
    path.write_text(header + "\n".join(tunes), encoding="utf-8")
    return list(read_source(Source(name, path)))


def test_a_tune_carries_its_source_number_region_and_licence(tmp_path):
    (tune,) = read(tmp_path, "A|d2 fd|e2 ce|d2 f2|e4|")
    assert (tune.id, tune.reference, tune.title) == ("airds/book/7", "7", "A tune")
    assert tune.region == "Glasgow, Scotland"
    assert tune.licence == COLLECTIONS["airds"].licence
    assert not tune.non_commercial
    assert tune.melody.anacrusis == Fraction(1, 2)
    assert tune.melody.key == Key(2)


@pytest.mark.parametrize(
    ("music", "reason"),
    [
        ("d2 [df]2|e2 e2|d2 f2|e4|", "chords"),
        ("d2 f2 & B2 d2|e2 e2|d2 f2|e4|", "several voices"),
        ("V:1\nd2 f2|e4|\nV:2\nB2 d2|c4|", "several voices"),
        ("K:D ^g\nd2 f2|e4|", "unusual key signature"),
        ("z4|z4|", "fewer than 8 notes"),
        ('"a chord key voice"|', "no notes"),
        ("d999999999 f2|", "cannot be read"),
        ("d2 f2|e4|", "fewer than 8 notes"),
        ("d2 f2 e|d2 f|e2 c2 dd|d f2|e4|d|", "measures that do not fit the metre"),
    ],
)
def test_a_tune_that_cannot_be_used_is_dropped_with_its_reason(tmp_path, music, reason):
    dropped, kept = read(tmp_path, music, "A|d2 fd|e2 ce|d2 f2|e4|")
    assert isinstance(dropped, Dropped)
    assert (dropped.reason, dropped.id) == (reason, "airds/book/7")
    assert kept.id == "airds/book/8"


def test_words_in_a_tune_do_not_sort_it(tmp_path):
    """A faulty note is no key and no chord, whatever stands around it."""
    dropped, _ = read(tmp_path, "A,,,,,,,,,,,,,2 d2|", "A|d2 fd|e2 ce|d2 f2|e4|")
    assert "which is no pitch here" in dropped.detail
    assert dropped.reason == "cannot be read"


def chorale(tmp_path, second):
    """A score of one part, the soprano, with two notes, of which `second` is the later."""
    first = "<pitch><step>C</step><octave>5</octave></pitch><duration>4</duration><voice>1</voice>"
    path = tmp_path / "bwv1.xml"
    path.write_text(
        '<score-partwise><part-list><score-part id="P1"><part-name>Soprano</part-name></score-part></part-list>'
        '<part id="P1"><measure number="1"><attributes><divisions>1</divisions></attributes>'
        f"<note>{first}</note>{second}</measure></part></score-partwise>",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    ("second", "kind"),
    [
        ("<note><chord/>{pitch}<duration>4</duration><voice>1</voice></note>", NotOneLine.CHORDS),
        (
            "<backup><duration>4</duration></backup><note>{pitch}<duration>4</duration><voice>2</voice></note>",
            NotOneLine.VOICES,
        ),
    ],
)
def test_a_voice_that_divides_is_told_apart(tmp_path, second, kind):
    pitch = "<pitch><step>A</step><octave>4</octave></pitch>"
    path = chorale(tmp_path, second.format(pitch=pitch))
    with pytest.raises(FileProblem) as refused:
        read_chorale(path, "soprano")
    assert refused.value.kind is kind
    (dropped,) = read_source(Source("bach_soprano", path))
    assert dropped.reason == kind


def test_free_metre_is_a_reason(tmp_path):
    path = tmp_path / "book.abc"
    path.write_text(TUNE.format(number=1, music="dfdfdfdfdf").replace("M:2/4", "M:none"), encoding="utf-8")
    (dropped,) = read_source(Source("essen", path))
    assert dropped.reason == "no metre"


def test_what_is_read_and_what_the_table_gives_back_are_the_same():
    source = Source("essen", corpus_folder() / "essenFolksong" / "test0.abc")
    tunes = [tune for tune in read_source(source) if not isinstance(tune, Dropped)]
    assert len(tunes) > 5
    assert [row_to_tune(row) for row in read_batch([source]).rows] == tunes


@pytest.mark.parametrize(
    ("notes", "declared", "found"),
    [
        ("G4 A4 Bb4 C5 D5 Eb5 F#5 G5", "G", "G minor"),
        ("G4 A4 B4 C5 D5 E5 F#5 G5", "G", "G major"),
        ("D4 E4 F4 G4 A4 B4 C5 D5 B4 C5 B4", "D", "D dorian"),
        ("E4 F4 G4 A4 B4 C5 D5 E5 F4 F4", "E", "E phrygian"),
        ("C4 E4 G4", "C", "C major"),
    ],
)
def test_the_mode_is_that_which_explains_the_notes(notes, declared, found):
    melody = Melody.from_text(notes, key=declared)
    judged = with_mode_of_notes(melody)
    assert judged.key == Key.parse(found)
    assert judged.notes == melody.notes


def test_the_hildebrandslied_is_in_minor_although_its_file_says_g():
    path = corpus_folder() / "essenFolksong" / "altdeu10.abc"
    first = next(read_source(Source("essen", path)))
    assert first.title == "Das Hildebrandslied"
    assert first.melody.key == Key.parse("G minor")
    assert first.region.startswith("Europa")
    assert first.non_commercial


def test_both_voices_of_a_chorale_are_read():
    path = corpus_folder() / "bach" / "bwv253.mxl"
    soprano, bass = read_chorale(path, "soprano"), read_chorale(path, "bass")
    assert soprano.title == "BWV 253, soprano"
    assert [str(note.spelling) for note in soprano.notes[:4]] == ["C#5", "C#5", "D5", "E5"]
    assert soprano.anacrusis == bass.anacrusis == 1
    assert soprano.duration == bass.duration
    assert max(bass.pitches) < min(soprano.pitches)


def test_a_score_without_voices_is_dropped():
    path = corpus_folder() / "bach" / "bwv846.mxl"
    with pytest.raises(FileProblem, match="has no part called bass"):
        read_chorale(path, "bass", "bwv846")
    (dropped,) = read_source(Source("bach_bass", path))
    assert dropped.reason == "no such voice"
