"""An exercise as files in a folder: sheet, score, MIDI, sound and recipe; all of them or none."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from musicedu import __version__
from musicedu.audio.synthesise import SAMPLE_RATE_HZ, render_wav, synthesise
from musicedu.exercise.exercise import Exercise
from musicedu.formats.midi import render_midi
from musicedu.formats.musicxml import render_musicxml
from musicedu.sheet.page import render_pdf
from musicedu.storage import atomic_folder
from musicedu.wording.english import in_words

KINDS = {"pdf": ".pdf", "musicxml": ".musicxml", "midi": ".mid", "wav": ".wav", "recipe": ".recipe.json"}
"""What can be saved, and how the names of the files end."""


class SavedSheet(NamedTuple):
    """Where the files of an exercise are."""

    pdf: Path
    musicxml: Path
    midi: Path
    wav: Path
    recipe: Path


def save_exercise(
    exercise: Exercise,
    folder: str | Path,
    name: str | None = None,
    *,
    pupil: str = "",
    large_print: bool = False,
    paper: str = "A4",
) -> SavedSheet:
    """Save the sheet (PDF), MusicXML, MIDI, sound (WAV) and recipe of an exercise.

    `name` is what the files are called, by default `exercise_name`. The folder is made if need be; files of the same
    name are replaced, others stay. The same recipe gives the same bytes. Raises `StorageProblem` where the folder
    cannot be written, and then nothing is; `ValueError` for a name that is not a plain file name.
    """
    stem = exercise_name(exercise) if name is None else name
    if not stem or Path(stem).name != stem or stem in (".", "..") or "\\" in stem:
        raise ValueError(f"name must be a plain file name, not {stem!r}")
    contents = {
        kind: render(exercise, kind, pupil=pupil, large_print=large_print, paper=paper) for kind in SavedSheet._fields
    }
    with atomic_folder(folder) as unfinished:
        for kind, data in contents.items():
            (unfinished / (stem + KINDS[kind])).write_bytes(data)
    return SavedSheet(*(Path(folder) / (stem + KINDS[kind]) for kind in contents))


def render(exercise: Exercise, kind: str, *, pupil: str = "", large_print: bool = False, paper: str = "A4") -> bytes:
    """One of the files of an exercise, `kind` a key of `KINDS`; `ValueError` for another."""
    player = exercise.plan.instrument
    if kind == "pdf":
        return render_pdf(exercise, pupil=pupil, large_print=large_print, paper=paper)
    if kind == "musicxml":
        return render_musicxml(exercise.score, instrument=player.title, part_name=player.title, clef=player.clef)
    if kind == "midi":
        return render_midi(exercise.melody, program=player.program)
    if kind == "wav":
        return render_wav(synthesise(exercise.melody, program=player.program), SAMPLE_RATE_HZ)
    if kind == "recipe":
        return _recipe_file(exercise)
    raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {kind!r}")


def exercise_name(exercise: Exercise) -> str:
    """A file name that says instrument, level and seed, and tells apart recipes that differ in their wishes."""
    specification = exercise.specification
    stem = f"{specification.instrument}-level{specification.level}-{specification.seed}".replace(" ", "-")
    has_wishes = len(exercise.recipe.split()) > len(("version", "instrument", "level", "seed"))
    return f"{stem}-{sha256(exercise.recipe.encode()).hexdigest()[:6]}" if has_wishes else stem


def _recipe_file(exercise: Exercise) -> bytes:
    melody, difficulty = exercise.melody, exercise.difficulty
    content = {
        "recipe": exercise.recipe,
        "musicedu": __version__,
        "title": exercise.title,
        "specification": exercise.specification.to_dict(),
        "key": melody.key.name,
        "metre": str(melody.metre),
        "measures": exercise.plan.measures,
        "tempo_bpm": exercise.plan.tempo_bpm,
        "difficulty": round(difficulty.score, 3),
        "difficulty_terms": {term.name: round(term.value, 3) for term in difficulty.terms},
        "reasons": list(map(in_words, exercise.reasons)),
    }
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()
