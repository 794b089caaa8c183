"""Notation and text on a PDF canvas."""

from __future__ import annotations

from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import FILL_NON_ZERO, Canvas

from musicedu.sheet.systems import System
from musicedu.sheet.typeface import text_runs, text_width

_ROUND_CAP, _BUTT_CAP = 1, 0


def draw_system(canvas: Canvas, system: System, left_mm: float, top_mm: float) -> None:
    """Draw a system with its top left corner at this place, millimetres from the page's bottom left corner."""
    unit = system.scale * mm
    left, top = left_mm * mm - system.left * unit, top_mm * mm + system.top * unit
    for shape in system.shapes:
        path = canvas.beginPath()
        draw = {"M": path.moveTo, "L": path.lineTo, "C": path.curveTo, "Z": path.close}
        for kind, points in shape.segments:
            draw[kind](*(value for x, y in points for value in (left + x * unit, top - y * unit)))
        if shape.stroke_width > 0:
            canvas.setLineWidth(shape.stroke_width * unit)
            canvas.setLineCap(_ROUND_CAP if shape.round_cap else _BUTT_CAP)
        canvas.drawPath(path, stroke=int(shape.stroke_width > 0), fill=int(shape.fill), fillMode=FILL_NON_ZERO)
    for words in system.words:
        draw_text(canvas, words.text, left + words.x * unit, top - words.y * unit, words.typeface, words.size * unit)


def draw_text(
    canvas: Canvas, text: str, x: float, y: float, typeface: str, size: float, *, align_right: bool = False
) -> None:
    """Draw one line of text (points), each character in a typeface that has it; `x` is its left or right end."""
    x -= text_width(text, typeface, size) if align_right else 0
    for part, name in text_runs(text, typeface):
        canvas.setFont(name, size)
        canvas.drawString(x, y, part)
        x += pdfmetrics.stringWidth(part, name, size)
