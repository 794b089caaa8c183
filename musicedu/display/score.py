"""Notation in a notebook."""

from __future__ import annotations

from musicedu.display.embed import Shown, picture, show
from musicedu.display.words import score_in_words
from musicedu.exercise.exercise import Exercise
from musicedu.formats.engraving import engrave
from musicedu.formats.musicxml import render_musicxml
from musicedu.melody import Melody
from musicedu.syllabus.instruments import instrument

WIDTH_MM = 185.0
STAFF_MM = 7.0


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
