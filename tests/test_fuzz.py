"""Damaged files of every kind that is read: each gives a result, or one line that says what is wrong.

The damage follows from a number, so every run tries the same. `MUSICEDU_FUZZ_SEED=7` begins at another number, and
`MUSICEDU_FUZZ_TIMES=100` tries a hundred times as much. What once went wrong has a test of its own beside its format.
"""

import io
import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from openpyxl import Workbook

from musicedu.classroom.roster import load_roster
from musicedu.configs import kind_of
from musicedu.data import data_path
from musicedu.errors import MusicEduError
from musicedu.exercise.piece.wishes import parse_piece_recipe
from musicedu.exercise.recipe import parse_recipe
from musicedu.formats.abc import render_abc
from musicedu.formats.files import read_music
from musicedu.formats.midi import render_midi
from musicedu.formats.musicxml import render_musicxml
from musicedu.formats.mxl import render_mxl
from musicedu.generation.markov import MarkovEngine
from musicedu.generation.numpy_gan import NumpyGan
from musicedu.generation.numpy_vae import NumpyVae
from musicedu.generation.picture_engine import NumpyAutoencoder
from musicedu.harmony.chord_tables import load_tables
from musicedu.melody import Melody
from musicedu.originality.quotes import find_quote
from musicedu.syllabus.difficulty import estimate_difficulty
from musicedu.weights import load_weights
from musicedu.wording.english import in_words
from tests.mutations import mutated, mutated_archive

FIRST, TIMES = int(os.environ.get("MUSICEDU_FUZZ_SEED", "0")), float(os.environ.get("MUSICEDU_FUZZ_TIMES", "1"))
LONGEST, MOST_SECONDS = 3_100, 5  # characters of a message; seconds of the processor's time for one small file

MELODIES = (
    Melody.from_text("C4:1 D4:1/2 E4:1/2 F#4:1/3 G4:1/3 A4:1/3 r:1 G4:4", title="One & two"),
    Melody.from_text("Bb4:3/2 A4:1/2 G4:1 F4:3", metre="3/4", key="F major", title="Drei"),
)

XML_WORDS = (
    "<chord/>", "<grace/>", "<rest/>", '<rest measure="yes"/>', "<backup><duration>4</duration></backup>",
    "<forward><duration>9</duration></forward>", "<time><beats>3+2</beats><beat-type>8</beat-type></time>",
    "<time><beats>0</beats><beat-type>0</beat-type></time>", "<time><senza-misura/></time>",
    "<divisions>0</divisions>", "<divisions>7</divisions>", "<key><fifths>-9</fifths></key>", "<mode>dorian</mode>",
    "<alter>0.5</alter>", "<transpose><chromatic>-2</chromatic><octave-change>9</octave-change></transpose>",
    '<tie type="start"/>', '<tie type="stop"/>', '<slur type="start" number="1"/>', '<slur type="stop"/>',
    '<sound tempo="0"/>', '<sound tempo="92,5"/>', "<voice>2</voice>", "<staff>2</staff>", "<cue/>", "<unpitched/>",
    "<dot/>", "<time-modification><actual-notes>0</actual-notes><normal-notes>0</normal-notes></time-modification>",
    "<time-modification><actual-notes>3</actual-notes><normal-notes>2</normal-notes></time-modification>",
    "<measure>", "</measure>", '<measure number="X1" implicit="yes"></measure>', "<part>", "</part>", "<note>",
    "</note>", "&", "&lt;", "&#0;", "&x;", "<!--", "]]>", "<![CDATA[", "<?x", "<!DOCTYPE a>", "<!ENTITY a 'b'>",
    '<barline><repeat direction="forward"/></barline>', "<wedge type='crescendo'/>", "<dynamics><fff/></dynamics>",
    "<type>whole</type>", "<type>1024th</type>", "<duration>1000000</duration>", "<step>H</step>",
    "<octave>99</octave>", "<score-timewise>", "<opus>", "<multiple-rest>999</multiple-rest>",
    '<note print-object="no">',
    '<metronome><beat-unit>quarter</beat-unit><per-minute>c. 60-80</per-minute></metronome>', "\u202e", "😀", "yes",
    "no",
)  # fmt: skip
ABC_WORDS = (
    "X:2\n", "K:", "\nK:Hp\n", "\nK:none\n", "\nK:C clef=bass\n", "[K:Am]", "[M:7/8]", "\nM:C|\n", "\nM:0/0\n",
    "\nM:none\n", "[L:1/0]", "\nL:1/999\n", "\nQ:1/0=10\n", "[Q:1/4=0]", '\nQ:"Fast" 1/4=120\n', "\nV:1\n",
    "\nV:2 name=x\n", "[V:3]", "[P:A]", "|:", ":|", "::", "|1", "|2", "[2", "|]", "||", "\\\n", "\n\n",
    "%%staves (1 2)\n", "%%begintext\n", "%", "Z9", "Z", "X4", "x", "y", "z/", "z99999", "(3", "(9:0:9", "(5:4:",
    "((", "))", "{", "}", "{/", "[", "]", "[CEG]", "[C-E-]", "C-", "-", ">", "<<<", ">>>", "//", "/999", "^", "^^",
    "___", "=", "^/", "_3", "'''''''", ",,,,,,,", '"', '"Am7"', "!", "!trill!", "!crescendo(!", "!crescendo)!",
    "!f!", "+fermata+", "~", ".", "u", "v", "U:T=!trill!\n", "m:~G=A\n", "&", "&amp;", "w: la-la\n", "s:x\n",
    "I:x\n", "N:!key 0 major 0 \n", "N:!tempo 0 x!\n", "`", "$", "*", ";", "\\", "“", "\u2028", "\x00", "\x1b[2J",
    "=3D", "> ", "--\n", "T:Another\n", "O:\n", "\r", "٣", "H", "<p>", "octave=9", "transpose=99", "middle=x",
    "stafflines=0",
)  # fmt: skip
MIDI_WORDS = ("MThd", "MTrk", "RIFF", "\0\0\0\1", "note")
MIDI_EVENTS = (
    b"\0\xff\x51\x03\0\0\0", b"\0\xff\x51\x03\xff\xff\xff", b"\0\xff\x58\x04\0\x02\x18\x08",
    b"\0\xff\x58\x04\x07\x0c\x18\x08", b"\0\xff\x58\x04\xff\xff\x18\x08", b"\0\xff\x59\x02\x7f\x01",
    b"\0\xff\x59\x02\xf9\x02", b"\0\xff\x2f\0", b"\0\x90\x3c\x40", b"\x60\x80\x3c\0", b"\x81\x10\x90\x40\x7f",
    b"\x30\x80\x40\0", b"\0\x99\x23\x50", b"\0\xf0\xff", b"\0\xf7\x03", b"\0\xff\x03\x05Flute",
    b"\0\xff\x01\xff\xff\xff\x7f", b"\xff\xff\xff\x7f", b"\0\xc0\x80", b"\0\xe0\0\x40", b"\0\xb0\x40\x7f",
    b"\0\xff\x20\x01\x0f", b"MTrk\0\0\0\x04\0\xff\x2f\0", b"MTrk\xff\xff\xff\xff", b"\0\xff\x54\x05\0\0\0\0\0",
)  # fmt: skip
ROSTER_WORDS = (
    ",", ";", "\t", "|", '"', '""', "\n", "\r", "name", "Name", "Vorname", "Nachname", "SIS User ID", "level",
    "instrument", "Student", "Points Possible", "e-mail", "ID", "sep=;\n", "Lind, Ada", "=1+1", "+49 1", "@SUM(A1)",
    "CON", "..", "/", "\\", "\u202e", "😀", "ﷺ", "李小龍", "\x00", "\x1b[2J", "0", "11", "-1", "trombone", "<html>",
    "x" * 300, "%PDF", "yes", "5,0",
)  # fmt: skip
SHEET_WORDS = (
    *ROSTER_WORDS, "<row/>", '<c r="XFD1048576"/>', '<c r="A0"><v>1</v></c>', '<c t="s"><v>999</v></c>', "<v>",
    "</v>", "t='e'", "t='d'", "<mergeCell ref='A1:XFD9'/>", "<dimension ref='A1:XFD1048576'/>", "<!DOCTYPE x>",
    "xl/workbook.xml", "#REF!", '<si><t>x</t></si>', "<f>A1</f>", "r='9'", "s='99'", "rId9", "state='hidden'",
)  # fmt: skip
RECIPE_WORDS = (
    " ", "me1", "me2", "mp1", "mp9", "violin", "L3", "L0", "L11", "s-1", "key=", "key=H", "key=Cb-minor", "metre=",
    "metre=0/0", "metre=13/8", "measures=0", "measures=9999", "rests=maybe", "rests=no", "focus=", "focus=a,b,,",
    "measures=8 measures=8", "=", "tempo=1e9", "bars=16", "bars=17", "style=waltz", "style=x", "engine=vae",
    "drums=no", "tempo_bpm=0", "range=C4-C9", "\x1b[2J", "\u202e", "٣", "²", "①", "\x00", "\n", "lowest=", "theme=",
    "seed=1", "level=3", "instrument=flute",
)  # fmt: skip
JSON_WORDS = (
    "null", "true", "[]", "{}", "NaN", "Infinity", '"x"', "{", "}", "[", "]", ",", ":", '"', "\\", "\\ud800",
    "1e999", "-1", '"kind"', '"config"', '"vae"', '"gan"', '"latent_dim": 0', "[[", "[" * 2000, "(1,)", "'descr'",
    "'<f8'", "'|O'", "True", "'shape': (0,)", "'shape': (99999999999,)", "False", "config.json", "x.npy", "[null]",
    "é", "\x00",
)  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """Files of a kind: its first ones, what reads them, how they are damaged, and how many a run tries."""

    suffix: str
    seeds: Callable[[], tuple[bytes, ...]]
    read: Callable[[Path], object]
    words: tuple[str, ...]
    number: int
    damage: Callable[[bytes, random.Random, tuple[str, ...], tuple[bytes, ...]], bytes] = mutated


def judged(path: Path) -> tuple[str, ...]:
    """What `musicedu check` does with a file; the sentences it says."""
    reading = read_music(path)
    difficulty = estimate_difficulty(reading.melody)
    quote = find_quote(reading.melody)
    return (*reading.notices, *map(in_words, difficulty.reasons), "" if quote is None else quote.name)


def damaged_midi(data: bytes, rng: random.Random, words: tuple[str, ...], others: tuple[bytes, ...]) -> bytes:
    """As all, and with events that are whole but nonsense, the length of the track mended half of the time."""
    for _ in range(rng.randint(0, 3)):
        at = rng.randint(18, max(18, len(data)))
        data = data[:at] + rng.choice(MIDI_EVENTS) * rng.choice((1, 1, 1, 20)) + data[at:]
    if rng.random() < 0.6 or data[18:22] != b"MTrk":
        data = mutated(data, rng, words, others)
    track = data.rfind(b"MTrk")
    if track >= 0 and rng.random() < 0.6:
        data = data[: track + 4] + max(0, len(data) - track - 8).to_bytes(4, "big") + data[track + 8 :]
    return data


def damaged_archive(data: bytes, rng: random.Random, words: tuple[str, ...], others: tuple[bytes, ...]) -> bytes:
    return mutated_archive(data, rng, words)


def scores(render: Callable[[Melody], bytes]) -> Callable[[], tuple[bytes, ...]]:
    return lambda: tuple(render(melody) for melody in MELODIES)


def workbooks() -> tuple[bytes, ...]:
    books = []
    for rows in (
        (("Last name", "First name", "ID", "level"), ("Lind", "Ada", 501, 3), ("Okoro", "Bo", 502.0, 4)),
        (("Name",), ("Ada",), ("Bo",)),
    ):
        book, data = Workbook(), io.BytesIO()
        for row in rows:
            book.active.append(row)
        book.save(data)
        books.append(data.getvalue())
    return tuple(books)


ROSTERS = (
    b"name,instrument,level\nAda,violin,3\nBo,flute,2\n",
    b"Student;ID;SIS User ID\n\"Lind, Ada\";501;x\nPoints Possible;;\n", b"Ada Lind\nBo Okoro\n",
    "Nachname\tVorname\nMüller\tJörg\n".encode("utf-16"), "Name\nJosé\n".encode("cp1252"),
)  # fmt: skip
RECIPES = (
    b"me1 violin L3 s42 key=G measures=8", b"me1 flute L6 s7 metre=3/4 rests=no",
    b"mp1 vae s42 bars=16 key=D metre=3/4 style=waltz", b"mp1 markov s7 bars=8 drums=no tempo_bpm=90 level=4",
)  # fmt: skip


def recipe(path: Path) -> object:
    text = path.read_bytes().decode("utf-8", errors="surrogateescape")
    return parse_piece_recipe(text) if "mp" in text[:4] else parse_recipe(text)


ENGINES = {"vae": NumpyVae, "gan": NumpyGan, "markov": MarkovEngine, "autoencoder": NumpyAutoencoder}


def weights(path: Path) -> object:
    read = load_weights(path)
    return ENGINES[kind_of(read.config)](read) if kind_of(read.config) in ENGINES else read


def shipped(*names: str) -> Callable[[], tuple[bytes, ...]]:
    return lambda: tuple((data_path("models") / name).read_bytes() for name in names)


KINDS: dict[str, Kind] = {
    "MusicXML": Kind(".musicxml", scores(render_musicxml), judged, XML_WORDS, 1200),
    "compressed MusicXML": Kind(".mxl", scores(render_mxl), judged, XML_WORDS, 400, damaged_archive),
    "MIDI": Kind(".mid", scores(render_midi), judged, MIDI_WORDS, 1500, damaged_midi),
    "ABC": Kind(".abc", scores(lambda melody: render_abc(melody).encode()), judged, ABC_WORDS, 1000),
    "roster": Kind(".csv", lambda: ROSTERS, load_roster, ROSTER_WORDS, 1500),
    "workbook": Kind(".xlsx", workbooks, load_roster, SHEET_WORDS, 250, damaged_archive),
    "recipe": Kind(".txt", lambda: RECIPES, recipe, RECIPE_WORDS, 3000),
    "weights": Kind(".npz", shipped("vae_quick.npz", "gan_quick.npz"), weights, JSON_WORDS, 150, damaged_archive),
    "chord tables": Kind(".npz", shipped("chords.npz"), load_tables, JSON_WORDS, 200, damaged_archive),
}  # fmt: skip


def tried(name: str, number: int, folder: Path) -> str:
    """The outcome of the damaged file of a number: empty if it is as it should be, else what is wrong with it."""
    kind = KINDS[name]
    seeds, rng = kind.seeds(), random.Random(f"{name} {number}")
    path = folder / f"{number}{kind.suffix}"
    path.write_bytes(kind.damage(rng.choice(seeds), rng, kind.words, seeds))
    begun, said = time.process_time(), ()
    try:
        result = kind.read(path)
        said = result if isinstance(result, tuple) else ()
    except MusicEduError as fault:
        said = (str(fault),)
    except Exception as fault:
        return f"{path}: {type(fault).__name__}: {fault!s:.300}"
    seconds = time.process_time() - begun
    if seconds > MOST_SECONDS:
        return f"{path}: took {seconds:.1f} s"
    wrong = [line for line in said if len(line) > LONGEST or not line.isprintable()]
    if wrong:
        return f"{path}: says {wrong[0]!r:.300}"
    path.unlink()
    return ""


@pytest.mark.parametrize("name", KINDS)
def test_damage_gives_a_result_or_one_line(name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    numbers = range(FIRST, FIRST + int(KINDS[name].number * TIMES))
    wrong = [outcome for number in numbers if (outcome := tried(name, number, tmp_path))]
    assert not wrong, f"{len(wrong)} of {len(numbers)}:\n" + "\n".join(wrong[:10])
    assert capfd.readouterr() == ("", "")
