"""`musicedu assign`: a different piece of the same level for everyone in a class."""

from __future__ import annotations

import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

from musicedu.cli.reporting import AsJson, print_json
from musicedu.cli.wishes import LEVEL_HELP, Wishes, with_wishes
from musicedu.exercise.specification import Specification

LARGEST_SEED = 999_999


class FileKind(StrEnum):
    """What a pupil may get besides the sheet."""

    MUSICXML = "musicxml"
    MIDI = "midi"
    WAV = "wav"
    RECIPE = "recipe"


@with_wishes(Specification)
def assign(
    wishes: Wishes,
    roster: Annotated[Path, typer.Argument(help="The class: CSV or Excel (.xlsx), as schools export it.")],
    level: Annotated[int, typer.Option("--level", "-l", help=LEVEL_HELP)],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the sheets.")],
    seed: Annotated[int | None, typer.Option(min=0, help="The class's seed. Default: a new one.")] = None,
    also: Annotated[list[FileKind] | None, typer.Option(help="A file for each besides the PDF; repeatable.")] = None,
    large_print: Annotated[bool, typer.Option("--large-print", help="Large notes and letters.")] = False,
    paper: Annotated[Literal["A4", "letter"], typer.Option(help="What it is printed on.")] = "A4",
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes to use. Default: one a core.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a different piece of the same level and difficulty for every name of a class.

    The folder gets a PDF for each pupil, one of the whole class to print, and a list of the recipes. The class's seed,
    which is printed, makes all of it again; a newcomer changes nobody's piece.

    The roster is what Canvas, Moodle, Google Classroom, Teams or a school office exports: CSV in any encoding, or the
    first sheet of an Excel workbook that shows names; or names alone, one a line. Names stand in one column (`name`,
    Student, Nom et prénom; also "Last, First") or in two (First name, Last name; Vorname, Nachname …), an id may stand
    beside them: a pupil with an id keeps their piece under another name. Rows of points and averages are passed over;
    what was taken for what is printed. More columns (`instrument`, `level`, `key`, `metre`, `measures` …) give a pupil
    what differs from the class. Nothing is written until every line is clear; then all files are replaced, or none.

    **Examples**

    `musicedu assign class.csv --level 3 --out week3/`

    `musicedu assign gradebook.xlsx --level 3 --out week3/` as a gradebook was exported.

    `musicedu assign band.csv --level 2 --out week4/ --metre 3/4 --also midi` with a MIDI file for each.

    `musicedu assign class.csv --level 3 --out week3/ --seed 1234` makes week 3 again.
    """
    import secrets

    from musicedu.classroom.pieces import refuse_wishes
    from musicedu.classroom.roster import load_roster
    from musicedu.errors import one_line

    specification = Specification(level, **wishes)
    pupils = load_roster(roster, check=lambda pupil: refuse_wishes(pupil, specification))
    class_seed = secrets.randbelow(LARGEST_SEED) + 1 if seed is None else seed

    from musicedu.classroom.assign import assign as make_assignment
    from musicedu.classroom.pieces import spread
    from musicedu.sheet.typeface import unshown

    with typer.progressbar(length=len(pupils.pupils), label="Making sheets", hidden=as_json, file=sys.stderr) as bar:
        made = make_assignment(
            pupils,
            specification,
            out,
            class_seed,
            kinds=("pdf", *(kind.value for kind in also or ())),
            large_print=large_print,
            paper=paper,
            progress=lambda done, total, name: bar.update(1),
            jobs=jobs,
        )
    easiest, hardest = spread(made.pieces)
    squares = {name: signs for name in (pupil.name for pupil in pupils.pupils) if (signs := unshown(name))}
    if as_json:
        named = zip(made.pieces, made.files, strict=True)
        print_json(
            {
                "class_seed": class_seed,
                "sheets": made.class_sheets,
                "recipes": made.recipes,
                "reading": {**asdict(pupils.reading), "text": pupils.reading.text()},
                "ignored_columns": pupils.ignored,
                "signs_without_typeface": squares,
                "difficulty": [round(easiest, 2), round(hardest, 2)],
                "pupils": [
                    {"name": piece.pupil.name, "id": piece.pupil.id, "recipe": piece.exercise.recipe, "files": files}
                    for piece, files in named
                ],
            }
        )
        return
    print(f"{len(made.pieces)} pieces, difficulty {easiest:.1f} to {hardest:.1f}")
    print(pupils.reading.text())
    if pupils.ignored:
        print(f"Columns that say nothing here: {', '.join(pupils.ignored)}")
    for name, signs in squares.items():
        print(f"On the sheet of {one_line(name)} a square stands for {' '.join(signs)}: no typeface here has it.")
    print(f"  {made.class_sheets}   all sheets, to print")
    print(f"  {made.files[0][0].parent}   a sheet for each")
    print(f"  {made.recipes}   the recipes")
    print(f"\nThe same again: add --seed {class_seed}")
