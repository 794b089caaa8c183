"""A piece as files for a producer: score, MIDI, lead sheet, mix, stems and recipe; all of them or none.

The lead sheet is the tune of an arrangement with its chord symbols, on paper or as a picture.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from musicedu import __version__
from musicedu.arrangement import Arrangement
from musicedu.audio.synthesise import Stems, render_stems, render_wav
from musicedu.exercise.piece.making import Piece
from musicedu.formats.engraving import engrave
from musicedu.formats.midi_write import render_arrangement_midi
from musicedu.formats.musicxml.score import render_lead_sheet, render_score
from musicedu.sheet.content import (
    Sheet,
    choose_breaks,
    key_words,
    measures_words,
    tempo_words,
    with_breaks,
    with_signs,
)
from musicedu.sheet.page import SIDE_MM, paper_mm, render_sheets
from musicedu.sheet.systems import fitted, read_systems
from musicedu.storage import atomic_folder

STEM_RATE_HZ = 44_100
"""What studios and their programs expect."""
_PICTURE_MM, _STAFF_MM = 190.0, 7.0


class SavedPiece(NamedTuple):
    """Where the files of a piece are."""

    lead_sheet: Path
    picture: Path
    score: Path
    midi: Path
    mix: Path
    stems: tuple[Path, ...]
    recipe: Path


def save_piece(piece: Piece, folder: str | Path, name: str | None = None) -> SavedPiece:
    """Save a piece: lead sheet (PDF, SVG), score (MusicXML), MIDI, mix and stems (WAV), recipe (JSON).

    name: what the files are called, by default `piece_name`. The folder is made if need be; files of the same name are
    replaced, others stay. The same recipe gives the same bytes. Raises `StorageProblem` where the folder cannot be
    written, and then nothing is; `ValueError` for a name that is not a plain file name.
    """
    stem = piece_name(piece) if name is None else name
    if not stem or Path(stem).name != stem or stem in (".", "..") or "\\" in stem:
        raise ValueError(f"name must be a plain file name, not {stem!r}")
    arrangement = piece.arrangement
    stems = render_stems(arrangement, sr=STEM_RATE_HZ)
    contents = {
        f"{stem}.pdf": render_lead_sheet_pdf(arrangement, recipe=piece.recipe),
        f"{stem}.svg": draw_lead_sheet(arrangement).encode(),
        f"{stem}.musicxml": render_score(arrangement),
        f"{stem}.mid": render_arrangement_midi(arrangement),
        f"{stem}.wav": render_wav(stems.sound(), stems.sr),
    }
    sounds = {f"{stem}-stems/{one.lower()}.wav": render_wav(stems.sound(one), stems.sr) for one in stems.names}
    recipe = {f"{stem}.recipe.json": _recipe_file(piece, stems)}
    files = contents | sounds | recipe
    with atomic_folder(folder) as unfinished:
        for path, data in files.items():
            (unfinished / path).parent.mkdir(exist_ok=True)
            (unfinished / path).write_bytes(data)
    root = Path(folder)
    pdf, svg, score, midi, mix = (root / path for path in contents)
    return SavedPiece(pdf, svg, score, midi, mix, tuple(root / path for path in sounds), root / next(iter(recipe)))


def piece_name(piece: Piece) -> str:
    """A file name that says style, key and seed, and tells apart pieces that differ in anything else."""
    key = piece.wishes.key.replace(" ", "-").replace("#", "sharp")
    digest = sha256(piece.recipe.encode()).hexdigest()[:6]
    return f"{piece.arrangement.style}-{key}-{piece.wishes.seed}-{digest}"


def _recipe_file(piece: Piece, stems: Stems) -> bytes:
    arrangement = piece.arrangement
    key = arrangement.melody.key
    content = {
        "recipe": piece.recipe,
        "musicedu": __version__,
        "title": piece.title,
        "key": key.name,
        "metre": str(arrangement.melody.metre),
        "bars": piece.wishes.bars,
        "tempo_bpm": int(arrangement.tempo_bpm),
        "style": arrangement.style,
        "chords": [one.chord.name_in(key) for one in arrangement.chords],
        "stems": list(stems.names),
        "stem_rate_hz": stems.sr,
    }
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def render_lead_sheet_pdf(arrangement: Arrangement, *, recipe: str = "", paper: str = "A4") -> bytes:
    """The lead sheet as a PDF file; the same arrangement and recipe give the same bytes.

    recipe: the line at the foot of the page. paper: "A4" or "letter", `ValueError` for another.
    """
    melody, width_mm = arrangement.melody, paper_mm(paper)[0] - 2 * SIDE_MM
    breaks = choose_breaks(melody, width_mm=width_mm, staff_mm=_STAFF_MM)
    musicxml = with_breaks(render_lead_sheet(melody, arrangement.chords), breaks)
    pages = engrave(musicxml, width_mm=width_mm, staff_mm=_STAFF_MM, breaks="encoded")
    players = ", ".join([part.name.lower() for part in arrangement.parts] + ["drums"] * bool(arrangement.drums))
    sheet = Sheet(
        title=with_signs(melody.title or "Lead sheet"),
        facts=(key_words(melody.key), str(melody.metre), tempo_words(melody), measures_words(melody)),
        systems=fitted(tuple(one for page in pages for one in read_systems(page, width_mm)), width_mm),
        reasons=(f"Style: {arrangement.style or 'none'}", f"Players: {players}"),
        difficulty=(),
        recipe=recipe,
    )
    return render_sheets([sheet], title=sheet.title, paper=paper, heading="For the players")


def draw_lead_sheet(arrangement: Arrangement) -> str:
    """The lead sheet as one SVG picture."""
    musicxml = render_lead_sheet(arrangement.melody, arrangement.chords)
    return engrave(musicxml, width_mm=_PICTURE_MM, measure_numbers=0)[0]
