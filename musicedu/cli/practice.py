"""`musicedu practice`: an exercise for one instrument and level, as files to play from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from musicedu.cli.reporting import AsJson, print_json
from musicedu.cli.wishes import LEVEL_HELP, Wishes, with_wishes
from musicedu.exercise.specification import Specification
from musicedu.syllabus.levels import FIRST_TO_LAST

LARGEST_SEED = 999_999
"""Seeds drawn here are short, since people copy recipes by hand."""


@with_wishes(Specification)
def practice(
    wishes: Wishes,
    level: Annotated[int | None, typer.Option("--level", "-l", help=LEVEL_HELP)] = None,
    recipe: Annotated[str | None, typer.Option(help="Make the exercise of this recipe again.")] = None,
    seed: Annotated[int | None, typer.Option(help="Which of the many such exercises. Default: a new one.")] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the files.")] = Path("practice"),
    pupil: Annotated[str, typer.Option(help="The name on the sheet.")] = "",
    large_print: Annotated[bool, typer.Option("--large-print", help="Large notes and letters.")] = False,
    paper: Annotated[Literal["A4", "letter"], typer.Option(help="What it is printed on.")] = "A4",
    as_json: AsJson = False,
) -> None:
    """Make a sight-reading exercise: a sheet to print (PDF), MusicXML, MIDI and sound (WAV).

    It keeps to its level: range, keys, rhythms, leaps, signs. Whatever you do not ask for, the level and the
    instrument decide. The recipe that is printed makes the same exercise again.

    **Examples**

    `musicedu practice --level 3` makes one for the violin.

    `musicedu practice --level 2 -i "Bb clarinet" --metre 3/4 --no-rests` in three-four time, without rests.

    `musicedu practice --level 5 -i flute --key "A minor" --focus fifths --measures 8` with leaps of a fifth.

    `musicedu practice --recipe "me1 violin L3 s42"` makes a known one again.
    """
    specification = _specification(level, recipe, seed, wishes)

    from musicedu.exercise.generator import generate
    from musicedu.sheet.folder import save_exercise
    from musicedu.wording.english import in_words

    exercise = generate(specification)
    paths = save_exercise(exercise, out, pupil=pupil, large_print=large_print, paper=paper)
    if as_json:
        print_json(
            {
                "title": exercise.title,
                "recipe": exercise.recipe,
                "specification": exercise.specification.to_dict(),
                "measures": len(exercise.melody.measures),
                "level": exercise.plan.level.number,
                "difficulty": round(exercise.difficulty.score, 2),
                "reasons": list(map(in_words, exercise.reasons)),
                "files": paths._asdict(),
            }
        )
        return
    print(exercise.title)
    for reason in exercise.reasons:
        print(f"  - {in_words(reason)}")
    print("\nFiles")
    for path in paths:
        print(f"  {path}")
    print(f'\nThe same again: musicedu practice --recipe "{exercise.recipe}"')


def _specification(level: int | None, recipe: str | None, seed: int | None, wishes: Wishes) -> Specification:
    import secrets

    from musicedu.exercise.recipe import parse_recipe

    if recipe is not None:
        others = ["level"] * (level is not None) + ["seed"] * (seed is not None) + list(wishes)
        if others:
            option = others[0].replace("_", "-")
            raise typer.BadParameter(f"a recipe says everything; leave out --{option}", param_hint="--recipe")
        return parse_recipe(recipe)
    if level is None:
        raise typer.BadParameter(f"say how hard, as `--level 3` ({FIRST_TO_LAST})", param_hint="--level")
    return Specification(level, seed=secrets.randbelow(LARGEST_SEED) + 1 if seed is None else seed, **wishes)
