"""Notation in a notebook, its notes in words beside it; an exercise with its notation, its sound and why it fits."""

from __future__ import annotations

from html import escape

from musicedu.display.embed import Shown, picture, show
from musicedu.display.player import player
from musicedu.exercise.exercise import Exercise
from musicedu.formats.engraving import engrave
from musicedu.formats.musicxml import render_musicxml
from musicedu.melody import Measure, Melody
from musicedu.notation import Symbol, write
from musicedu.syllabus.instruments import instrument
from musicedu.wording.english import in_words

WIDTH_MM = 185.0
STAFF_MM = 7.0
_DOTS = ("", "dotted ", "double-dotted ")


def show_score(music: Melody | Exercise, *, staff_mm: float = STAFF_MM) -> None:
    """Show the notation of a melody or an exercise; `staff_mm` is the height of the staff (9: large print)."""
    show(score_picture(music, staff_mm=staff_mm))


def score_picture(music: Melody | Exercise, *, staff_mm: float = STAFF_MM) -> Shown:
    """The notation as a picture, with the notes in words beside it."""
    if isinstance(music, Melody):
        melody, file = music, render_musicxml(music)
    else:
        melody, player = music.score, instrument(music.specification.instrument)
        file = render_musicxml(melody, instrument=player.title, clef=player.clef)
    pages = engrave(file, width_mm=WIDTH_MM, staff_mm=staff_mm)
    words = score_in_words(melody)
    first, *others = [picture(page, words if number == 0 else "") for number, page in enumerate(pages)]
    return Shown("\n".join([first.html, *(page.html for page in others)]), words)


def score_in_words(melody: Melody) -> str:
    """Say a score measure by measure; one that is longer or shorter than its metre is called so.

    >>> print(score_in_words(Melody.from_text("G4:1 B4:1 D5:1 G4:3", metre="3/4", key="G")))
    Score: 2 measures of 3/4 in G major.
    1: quarter G4, B4, D5. 2: dotted half G4.
    """
    measures = write(melody)
    count = len(measures)
    head = f"Score: {count} measure{'' if count == 1 else 's'} of {melody.metre} in {melody.key.name}."
    return head + "\n" + " ".join(_measure_in_words(melody, measure, symbols) for measure, symbols in measures)


def _measure_in_words(melody: Melody, measure: Measure, symbols: tuple[Symbol, ...]) -> str:
    parts, previous = [], ""
    for symbol in symbols:
        value = _value_in_words(symbol)
        # A value holds until another is said, as a musician would dictate it.
        parts.append(_thing(melody, symbol) if value == previous else f"{value} {_thing(melody, symbol)}")
        previous = value
    return f"{measure.number}{_length_in_words(measure)}: {', '.join(parts)}."


def _length_in_words(measure: Measure) -> str:
    """Nothing for a measure as long as its metre; a reader who sees no barlines counts on that."""
    if not measure.is_irregular:
        return ""
    return " (long)" if measure.duration > measure.metre.duration else " (short)"


def _value_in_words(symbol: Symbol) -> str:
    if symbol.full_measure:
        return "whole-measure"
    tuplet = {None: "", (3, 2): "triplet ", (2, 3): "duplet "}.get(symbol.tuplet, "tuplet ")
    return f"{tuplet}{_DOTS[symbol.dots]}{symbol.value}"


def _thing(melody: Melody, symbol: Symbol) -> str:
    if symbol.note is None:
        return "rest"
    name = str(melody.notes[symbol.note].spelling)
    return f"{name} (held)" if symbol.tied_from else name


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
