"""One assignment: a different piece for everyone in a class, as sheets to hand out."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from musicedu import __version__
from musicedu.classroom.line_faults import LineFault, fault_of, refuse
from musicedu.classroom.names import file_name, numbered
from musicedu.classroom.pieces import Generate, PupilPiece, finish_pieces, specification_for
from musicedu.classroom.roster import Roster
from musicedu.corpus.pool import Client
from musicedu.errors import MusicEduError
from musicedu.exercise.generator import generate as generate_exercise
from musicedu.exercise.specification import Specification
from musicedu.sheet.content import Sheet
from musicedu.sheet.folder import KINDS, render
from musicedu.sheet.page import render_sheets, sheet_on
from musicedu.storage import atomic_folder

Progress = Callable[[int, int, str], None]
"""Told after every pupil: how many are done, of how many, and whose turn it was."""

PUPILS_FOLDER, CLASS_SHEETS, RECIPES, RECORD = "pupils", "class.pdf", "recipes.csv", "assignment.json"
_COLUMNS = ("name", "instrument", "level", "difficulty", "recipe", "file")
_FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class Assignment:
    """What was handed out: the pieces in the roster's order, and each pupil's files in the same order."""

    specification: Specification
    class_seed: int | str
    pieces: tuple[PupilPiece, ...]
    folder: Path
    files: tuple[tuple[Path, ...], ...]

    @property
    def class_sheets(self) -> Path:
        """The PDF with everyone's sheets."""
        return self.folder / CLASS_SHEETS

    @property
    def recipes(self) -> Path:
        """The CSV file that lists names, recipes and difficulties."""
        return self.folder / RECIPES


def assign(
    roster: Roster,
    specification: Specification,
    folder: str | Path,
    class_seed: int | str,
    *,
    kinds: Sequence[str] = ("pdf",),
    large_print: bool = False,
    paper: str = "A4",
    progress: Progress | None = None,
    generate: Generate = generate_exercise,
    jobs: int | None = None,
    client: Client | None = None,
) -> Assignment:
    """Make a piece for every pupil of a roster and save the sheets, one PDF of all of them and a list of the recipes.

    The specification's own seed is not used: a pupil's comes from `class_seed` and the id, or the name where there is
    none, so that the same call makes the same files, byte for byte, however many processes share the work (`jobs`, by
    default one a core if the class is large enough to gain by it; or a cluster's `client`). `kinds` are the files each
    pupil gets, keys of `KINDS`; the class's files go to `folder`, the pupils' to `folder/pupils`. The folder appears
    complete or not at all; in one that exists, files of the same name are replaced, all of them or none. Raises what
    is wrong with a wish (`UnknownName`, `Unsatisfiable`, with the roster's line; of several, one `FileProblem` with
    all of them), `StorageProblem`, and `ValueError` for an unknown kind.
    """
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown or not kinds:
        raise ValueError(f"kinds must be some of {', '.join(KINDS)}, not {', '.join(unknown) or 'none'}")
    _refuse_wishes(roster, specification)  # before any work is done
    stems = numbered(file_name(pupil.name) for pupil in roster.pupils)
    finish = partial(_files_of, kinds=tuple(kinds), large_print=large_print, paper=paper)
    pieces: list[PupilPiece] = []

    def sheets_as_they_come(unfinished: Path) -> Generator[Sheet, None, None]:
        made = finish_pieces(roster, specification, class_seed, generate, finish, jobs=jobs, client=client)
        with closing(made):
            for stem, (piece, (sheet, files)) in zip(stems, made, strict=True):
                for kind, data in zip(kinds, files, strict=True):
                    (unfinished / PUPILS_FOLDER / (stem + KINDS[kind])).write_bytes(data)
                pieces.append(piece)
                yield sheet
                if progress is not None:
                    progress(len(pieces), len(roster.pupils), piece.pupil.name)

    with atomic_folder(folder) as unfinished:
        (unfinished / PUPILS_FOLDER).mkdir()
        title = f"Level {specification.level}, {len(roster.pupils)} pieces"
        with closing(sheets_as_they_come(unfinished)) as sheets:
            everyone = render_sheets(sheets, title=title, large_print=large_print, paper=paper)
        (unfinished / CLASS_SHEETS).write_bytes(everyone)
        (unfinished / RECIPES).write_bytes(_recipes_file(pieces, stems, kinds[0]))
        (unfinished / RECORD).write_bytes(_record(specification, class_seed, pieces))
    saved = tuple(tuple(Path(folder) / PUPILS_FOLDER / (stem + KINDS[kind]) for kind in kinds) for stem in stems)
    return Assignment(specification, class_seed, tuple(pieces), Path(folder), saved)


def _refuse_wishes(roster: Roster, specification: Specification) -> None:
    faults: list[LineFault] = []
    for pupil in roster.pupils:
        try:
            specification_for(pupil, specification, where=roster.where)
        except MusicEduError as fault:
            faults.append(fault_of(pupil.line, pupil.name, fault, roster.where))
    refuse(faults, roster.where)


def _files_of(piece: PupilPiece, *, kinds: tuple[str, ...], large_print: bool, paper: str) -> tuple[Sheet, list[bytes]]:
    """A pupil's sheet, and the content of each file."""
    sheet = sheet_on(piece.exercise, pupil=piece.pupil.name, large_print=large_print, paper=paper)

    def content(kind: str) -> bytes:
        if kind == "pdf":
            return render_sheets([sheet], title=sheet.title, large_print=large_print, paper=paper)
        return render(piece.exercise, kind)

    return sheet, [content(kind) for kind in kinds]


def _recipes_file(pieces: Sequence[PupilPiece], stems: Sequence[str], kind: str) -> bytes:
    """The list of recipes, with the mark that makes a spreadsheet read it as UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for piece, stem in zip(pieces, stems, strict=True):
        exercise = piece.exercise
        writer.writerow(
            [
                _harmless(piece.pupil.name),
                exercise.plan.instrument.title,
                exercise.plan.level.number,
                f"{exercise.difficulty.score:.2f}",
                exercise.recipe,
                _harmless(f"{PUPILS_FOLDER}/{stem}{KINDS[kind]}"),
            ]
        )
    return text.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _record(specification: Specification, class_seed: int | str, pieces: Sequence[PupilPiece]) -> bytes:
    content = {
        "musicedu": __version__,
        "class_seed": class_seed,
        "specification": specification.to_dict(),
        "pupils": [
            {
                "name": piece.pupil.name,
                **({"id": piece.pupil.id} if piece.pupil.id else {}),
                "recipe": piece.exercise.recipe,
            }
            for piece in pieces
        ],
    }
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()
