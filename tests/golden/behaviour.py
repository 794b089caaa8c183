"""What the program makes today, as hashes: recipes, sheets, judgements and a class, that a change of rooms must keep.

`python -m tests.golden.behaviour` writes `behaviour.json` anew; `tests/test_golden.py` compares every fifth of them, or
all where `MUSICEDU_ALL_PINS` is set. Whoever changes what a
recipe makes raises the recipe's version, and says so in CHANGELOG.md.
"""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from pypdf import PdfReader
from typer.testing import CliRunner

from musicedu import load_corpus
from musicedu.cli.app import app
from musicedu.errors import MusicEduError
from musicedu.exercise.generator import generate
from musicedu.exercise.piece.making import make_piece
from musicedu.exercise.piece.wishes import parse_piece_recipe
from musicedu.exercise.recipe import parse_recipe
from musicedu.formats.abc import render_abc
from musicedu.formats.midi import render_midi
from musicedu.formats.midi_write import render_arrangement_midi
from musicedu.formats.musicxml import render_musicxml
from musicedu.sheet.page import render_pdf
from musicedu.syllabus.instruments import instruments
from musicedu.wording.english import in_words

FILE = Path(__file__).with_name("behaviour.json")
N_RECIPES, N_PIECES, N_JUDGED, N_SHEETS = 200, 16, 100, 25
WISHES = (
    "key=G", "key=F", "key=Dm", "key=Bb", "metre=3/4", "metre=6/8", "metre=2/4", "metre=5/4", "measures=4",
    "measures=8", "measures=12", "measures=16", "measures=32", "form=period", "form=aaba", "form=sequence",
    "form=free", "form=phrase", "rests=no", "rests=yes", "ties=no", "ties=yes", "accidentals=no", "accidentals=yes",
    "anacrusis=yes", "anacrusis=no", "dynamics=no", "articulations=no", "slurs=no", "modulation=yes",
    "metre_change=yes", "largest_leap=3", "largest_leap=5", "tempo_bpm=60", "focus=thirds", "focus=fifths",
    "focus=rests", "focus=ties", "focus=eighths", "focus=leaps,rests", "rhythms=quarter,half",
    "rhythms=quarter,eighths,half", "rhythms=dotted-quarter-eighth,quarter", "lowest=D4", "highest=A5",
    "concert_pitch=yes", "engine=gan", "engine=markov",
)  # fmt: skip
PIECE_WISHES = (
    "bars=8", "bars=32", "key=D", "key=Am", "key=Bb", "metre=3/4", "metre=6/8", "style=waltz", "style=rock",
    "style=ballad", "tempo_bpm=90", "level=4", "level=7", "drums=no", "bass=no", "chords=no",
)  # fmt: skip
Pinned = Iterator[tuple[str, str]]
ROSTER = """name,instrument,level,key,measures
Anna,violin,,,
Ben,flute,3,,
Chloé,Bb clarinet,2,,6
Дмитрий,horn,,F,
محمد,alto saxophone,4,,
Eve,piano,,,
Anna,cello,,,
"""


def recipes() -> Iterator[str]:
    """Exercises of every instrument at every level, and more at random, with up to three wishes each."""
    rng = random.Random(20)
    pairs = [(name, level) for name in instruments() for level in range(1, 11)]
    while len(pairs) < N_RECIPES:
        pairs.append((rng.choice(list(instruments())), rng.randint(1, 10)))
    for number, (name, level) in enumerate(pairs):
        chosen = {wish.partition("=")[0]: wish for wish in rng.sample(WISHES, number % 4)}
        yield " ".join(["me1", name, f"L{level}", f"s{rng.randrange(10**6)}", *chosen.values()])


def piece_recipes() -> Iterator[str]:
    """Pieces by every engine, with up to three wishes each."""
    rng = random.Random(21)
    for number in range(N_PIECES):
        chosen = {wish.partition("=")[0]: wish for wish in rng.sample(PIECE_WISHES, number % 4)}
        yield " ".join(["mp1", ("vae", "gan", "markov")[number % 3], f"s{rng.randrange(10**6)}", *chosen.values()])


def digest(*parts: str | bytes) -> str:
    joined = b"\0".join(part.encode() if isinstance(part, str) else part for part in parts)
    return sha256(joined).hexdigest()[:16]


def made(recipe: str) -> str:
    exercise = generate(parse_recipe(recipe))
    judged = repr(
        (round(exercise.difficulty.score, 6), exercise.difficulty.level, tuple(map(in_words, exercise.reasons)))
    )
    score = render_musicxml(exercise.score, instrument=exercise.title)
    return digest(exercise.recipe, judged, score, render_midi(exercise.melody))


def played(recipe: str) -> str:
    piece = make_piece(parse_piece_recipe(recipe))
    return digest(piece.wishes.recipe, render_arrangement_midi(piece.arrangement))


def or_refusal(make: Callable[[str], str], recipe: str) -> str:
    """What is made, or why it is not."""
    try:
        return make(recipe)
    except MusicEduError as fault:
        return f"refused {digest(str(fault))}"


def text_of(pdf: bytes) -> str:
    return "\f".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def sheet(recipe: str) -> str:
    exercise = generate(parse_recipe(recipe))
    return digest(text_of(render_pdf(exercise, pupil="Ada")), text_of(render_pdf(exercise, large_print=True)))


def judged(every: int) -> Pinned:
    """What `check` says of tunes of the corpus, each in its own file."""
    corpus = load_corpus()
    with TemporaryDirectory() as folder:
        for number in range(0, N_JUDGED, every):
            tune = corpus[number * len(corpus) // N_JUDGED]
            path = Path(folder) / "tune.abc"
            path.write_text(render_abc(tune.melody), encoding="utf-8")
            yield tune.id, digest(CliRunner().invoke(app, ["check", str(path), "--json"]).output)


def assigned(every: int) -> Pinned:
    """Every file of a class, which is made whole however few are asked for."""
    with TemporaryDirectory() as name:
        folder, roster = Path(name) / "week", Path(name) / "class.csv"
        roster.write_text(ROSTER, encoding="utf-8")
        options = ["--level", "3", "--out", str(folder), "--seed", "5", "--also", "musicxml", "--also", "midi"]
        outcome = CliRunner().invoke(app, ["assign", str(roster), *options])
        assert outcome.exit_code == 0, outcome.exception
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            data = path.read_bytes()
            yield path.relative_to(folder).as_posix(), digest(text_of(data) if path.suffix == ".pdf" else data)


def exercises(every: int) -> Pinned:
    return ((recipe, or_refusal(made, recipe)) for recipe in list(recipes())[::every])


def pieces(every: int) -> Pinned:
    return ((recipe, or_refusal(played, recipe)) for recipe in list(piece_recipes())[::every])


def sheets(every: int) -> Pinned:
    return ((recipe, or_refusal(sheet, recipe)) for recipe in list(recipes())[:: every * N_RECIPES // N_SHEETS])


KINDS: dict[str, Callable[[int], Pinned]] = {
    "exercises": exercises, "pieces": pieces, "sheets": sheets, "judged": judged, "class": assigned,
}  # fmt: skip


if __name__ == "__main__":
    pinned = {kind: dict(tell(1)) for kind, tell in KINDS.items()}
    FILE.write_text(json.dumps(pinned, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print({kind: len(hashes) for kind, hashes in pinned.items()})
