"""A lead sheet: the tune of an arrangement with its chord symbols, on paper or as a picture."""

from __future__ import annotations

from musicedu.arrangement import Arrangement
from musicedu.formats.engraving import engrave
from musicedu.formats.musicxml.score import render_lead_sheet
from musicedu.sheet.breaks import choose_breaks, with_breaks
from musicedu.sheet.content import STAFF_MM, Sheet, key_words, measures_words, tempo_words, with_signs
from musicedu.sheet.page import SIDE_MM, paper_mm, render_sheets
from musicedu.sheet.systems import fitted, read_systems

_PICTURE_MM = 190.0


def render_lead_sheet_pdf(arrangement: Arrangement, *, recipe: str = "", paper: str = "A4") -> bytes:
    """The lead sheet as a PDF file; the same arrangement and recipe give the same bytes.

    recipe: the line at the foot of the page. paper: "A4" or "letter", `ValueError` for another.
    """
    melody, width_mm = arrangement.melody, paper_mm(paper)[0] - 2 * SIDE_MM
    breaks = choose_breaks(melody, width_mm=width_mm, staff_mm=STAFF_MM)
    musicxml = with_breaks(render_lead_sheet(melody, arrangement.chords), breaks)
    pages = engrave(musicxml, width_mm=width_mm, staff_mm=STAFF_MM, breaks="encoded")
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
