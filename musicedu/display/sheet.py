"""An exercise as a pupil meets it: its notation, its sound and why it fits."""

from __future__ import annotations

from html import escape

from musicedu.display.embed import Shown, show
from musicedu.display.player import player
from musicedu.display.score import score_picture
from musicedu.exercise.exercise import Exercise
from musicedu.syllabus.instruments import instrument
from musicedu.wording.english import in_words


def show_sheet(exercise: Exercise) -> None:
    """Show an exercise: what it is, the notation, a player, the reasons and the recipe."""
    show(sheet(exercise))


def sheet(exercise: Exercise) -> Shown:
    """The parts of a sheet, one under the other."""
    head = f"{instrument(exercise.specification.instrument).title}, level {exercise.specification.level}"
    title = Shown(f"<b>{escape(head)}</b>", head)
    return title + score_picture(exercise) + player(exercise) + reasons(exercise)


def reasons(exercise: Exercise) -> Shown:
    """Why an exercise fits, and the recipe that makes it again."""
    said = [in_words(reason) for reason in exercise.reasons]
    items = "".join(f"<li>{escape(reason)}</li>" for reason in said)
    html = (
        f'<p style="margin:0.5em 0 0.2em">Why this fits:</p><ul style="margin:0">{items}</ul>'
        f"<p>Recipe: <code>{escape(exercise.recipe)}</code></p>"
    )
    lines = ["Why this fits:", *(f"- {reason}" for reason in said), f"Recipe: {exercise.recipe}"]
    return Shown(html, "\n".join(lines))
