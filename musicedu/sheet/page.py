"""Exercises laid out on pages and written as PDF: the same exercise gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reportlab import rl_config
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from musicedu import __version__
from musicedu.exercise.exercise import Exercise
from musicedu.sheet.content import Sheet, sheet_of
from musicedu.sheet.drawing import draw_system, draw_text
from musicedu.sheet.systems import System
from musicedu.sheet.typeface import MONO, SANS, SANS_BOLD, SERIF_BOLD, shortened, text_width, wrapped

rl_config.useA85 = 0  # streams as they are: a fifth smaller, and no time spent on writing them in ASCII

PAPERS_MM = {"A4": (210.0, 297.0), "letter": (215.9, 279.4)}
SIDE_MM, _TOP_MM, _BOTTOM_MM = 16.0, 15.0, 13.0
_FOOTER_MM, _PANEL_GAP_MM, _COLUMN_GAP_MM = 7.0, 9.0, 8.0
_FIRST_COLUMN = 0.6  # share of the width
_TIGHT_MM, _LOOSE_MM = 4.0, 13.0  # white space between systems
_GREY, _LIGHT = 0.35, 0.75


@dataclass(frozen=True, slots=True)
class _Type:
    """Sizes of the text, in points."""

    title: float = 19.0
    facts: float = 10.0
    text: float = 9.0
    footer: float = 7.5

    @property
    def leading_mm(self) -> float:
        return float(self.text * 1.4 / mm)


_LARGE_TYPE = _Type(24.0, 15.0, 14.0, 10.0)


def render_pdf(exercise: Exercise, *, pupil: str = "", large_print: bool = False, paper: str = "A4") -> bytes:
    """The sheet of an exercise as a PDF file.

    It says what the exercise is, shows the music, and under it why it fits, how hard it is and the recipe that makes
    it again. `pupil` is a name to print at the top; `large_print` sets staves of 10 mm and text of 14 points and
    more; `paper` is a key of `PAPERS_MM`, `ValueError` for another.
    """
    sheet = sheet_on(exercise, pupil=pupil, large_print=large_print, paper=paper)
    return render_sheets([sheet], title=sheet.title, large_print=large_print, paper=paper)


def sheet_on(exercise: Exercise, *, pupil: str = "", large_print: bool = False, paper: str = "A4") -> Sheet:
    """The sheet of an exercise, engraved to the width of a paper: for `render_sheets`, alone or with others."""
    return sheet_of(exercise, width_mm=paper_mm(paper)[0] - 2 * SIDE_MM, pupil=pupil, large_print=large_print)


def render_sheets(
    sheets: Iterable[Sheet],
    *,
    title: str,
    large_print: bool = False,
    paper: str = "A4",
    heading: str = "Why this fits",
) -> bytes:
    """Sheets, each on pages of its own, as one PDF file whose subject names their recipes; they are drawn as they come.

    `large_print` and `paper` must be those the sheets were made with; `heading` stands over the reasons. `ValueError`
    without any sheet.
    """
    size_mm = paper_mm(paper)
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(size_mm[0] * mm, size_mm[1] * mm), invariant=1, pageCompression=1, lang="en")
    canvas.setTitle(title)
    canvas.setAuthor("musicedu")
    canvas.setCreator(f"musicedu {__version__}")
    recipes = []
    for sheet in sheets:
        _SheetWriter(canvas, sheet, size_mm, _LARGE_TYPE if large_print else _Type(), heading).write()
        recipes.append(sheet.recipe)
    if not recipes:
        raise ValueError("sheets must not be empty")
    canvas.setSubject("; ".join(recipes))
    canvas.save()
    return buffer.getvalue()


def paper_mm(name: str) -> tuple[float, float]:
    """Width and height of a paper; `ValueError` for one that is not in `PAPERS_MM`."""
    if name not in PAPERS_MM:
        raise ValueError(f"paper must be one of {', '.join(PAPERS_MM)}, not {name!r}")
    return PAPERS_MM[name]


def share_out(heights_mm: Sequence[float], *, first_mm: float, other_mm: float, panel_mm: float) -> list[list[int]]:
    """Which systems stand on which page, by number, so that the panel fits under the last.

    first_mm, other_mm: room on the first page and on every other; panel_mm: what the reasons need. Pages are filled in
    order; where the panel does not fit, the last page hands systems to a new one so that both hold about half. A
    system higher than a page has one to itself.
    """

    def room(page: int) -> float:
        return first_mm if page == 0 else other_mm

    pages: list[list[int]] = [[]]
    used = 0.0
    for number, height in enumerate(heights_mm):
        needed = height + (_TIGHT_MM if pages[-1] else 0.0)
        if pages[-1] and used + needed > room(len(pages) - 1):
            pages.append([])
            used, needed = 0.0, height
        pages[-1].append(number)
        used += needed
    if used + panel_mm > room(len(pages) - 1):
        last = pages[-1]
        pages[-1], moved = last[: -(len(last) // 2) or None], last[len(last) - len(last) // 2 :]
        while moved and sum(heights_mm[n] + _TIGHT_MM for n in moved) + panel_mm > other_mm:
            pages[-1].append(moved.pop(0))
        pages.append(moved)
    return pages


class _SheetWriter:
    """Writes one sheet; positions are millimetres from the bottom left corner of the page."""

    def __init__(self, canvas: Canvas, sheet: Sheet, size_mm: tuple[float, float], sizes: _Type, heading: str) -> None:
        self.canvas, self.sheet, self.sizes = canvas, sheet, sizes
        self.width_mm, self.height_mm = size_mm[0] - 2 * SIDE_MM, size_mm[1]
        self.second_mm = _FIRST_COLUMN * (self.width_mm + _COLUMN_GAP_MM)
        self.columns = (
            self._column(heading, sheet.reasons, self.second_mm - _COLUMN_GAP_MM),
            self._column(sheet.difficulty[0], sheet.difficulty[1:], self.width_mm - self.second_mm)
            if sheet.difficulty
            else [],
        )
        self.head_lines = self._head_lines()

    def write(self) -> None:
        floor_mm = _BOTTOM_MM + _FOOTER_MM
        head_mm = self._head_height_mm()
        panel_mm = _PANEL_GAP_MM + self._panel_height_mm()
        tops_mm = [self.height_mm - _TOP_MM - head_mm, self.height_mm - _TOP_MM - 2 * self.sizes.leading_mm]
        pages = share_out(
            [system.height_mm for system in self.sheet.systems],
            first_mm=tops_mm[0] - floor_mm,
            other_mm=tops_mm[1] - floor_mm,
            panel_mm=panel_mm,
        )
        for number, page in enumerate(pages):
            is_last = number == len(pages) - 1
            self._head() if number == 0 else self._running_head()
            top_mm = tops_mm[min(number, 1)]
            self._systems([self.sheet.systems[n] for n in page], top_mm, floor_mm + panel_mm * is_last)
            if is_last:
                self._panel(floor_mm + self._panel_height_mm())
            self._footer(number + 1, len(pages))
            self.canvas.showPage()

    def _head_lines(self) -> tuple[str, ...]:
        """The facts in lines, none of them broken."""
        lines = [self.sheet.facts[0]] if self.sheet.facts else []
        for fact in self.sheet.facts[1:]:
            longer = f"{lines[-1]}  ·  {fact}"
            if text_width(longer, SANS, self.sizes.facts) <= self.width_mm * mm:
                lines[-1] = longer
            else:
                lines.append(fact)
        return tuple(lines)

    def _head_height_mm(self) -> float:
        return float((self.sizes.title * 1.1 + len(self.head_lines) * self.sizes.facts * 1.5) / mm) + 9.0

    def _head(self) -> None:
        y = (self.height_mm - _TOP_MM) * mm - self.sizes.title * 0.75
        right = (SIDE_MM + self.width_mm) * mm
        pupil_size = self.sizes.facts * 1.3
        pupil = shortened(self.sheet.pupil, SANS_BOLD, pupil_size, 0.4 * self.width_mm * mm)
        room = self.width_mm * mm - text_width(pupil, SANS_BOLD, pupil_size) - 6 * mm * bool(pupil)
        title = shortened(self.sheet.title, SERIF_BOLD, self.sizes.title, room)
        self.canvas.setFillGray(0)
        draw_text(self.canvas, title, SIDE_MM * mm, y, SERIF_BOLD, self.sizes.title)
        draw_text(self.canvas, pupil, right, y, SANS_BOLD, pupil_size, align_right=True)
        self.canvas.setFillGray(_GREY)
        for line in self.head_lines:
            y -= self.sizes.facts * 1.5
            draw_text(self.canvas, line, SIDE_MM * mm, y, SANS, self.sizes.facts)
        self._rule(y / mm - 3.0)

    def _running_head(self) -> None:
        y = (self.height_mm - _TOP_MM) * mm - self.sizes.text
        self.canvas.setFillGray(_GREY)
        draw_text(self.canvas, self.sheet.title, SIDE_MM * mm, y, SANS, self.sizes.text)
        right = (SIDE_MM + self.width_mm) * mm
        draw_text(self.canvas, self.sheet.pupil, right, y, SANS, self.sizes.text, align_right=True)

    def _rule(self, y_mm: float) -> None:
        self.canvas.setStrokeGray(_LIGHT)
        self.canvas.setLineWidth(0.5)
        self.canvas.line(SIDE_MM * mm, y_mm * mm, (SIDE_MM + self.width_mm) * mm, y_mm * mm)

    def _systems(self, systems: list[System], top_mm: float, floor_mm: float) -> None:
        self.canvas.setFillGray(0)
        self.canvas.setStrokeGray(0)
        spare_mm = top_mm - floor_mm - sum(system.height_mm for system in systems)
        gap_mm = min(max(spare_mm / max(len(systems) - 1, 1), _TIGHT_MM), _LOOSE_MM)
        for system in systems:
            draw_system(self.canvas, system, SIDE_MM, top_mm)
            top_mm -= system.height_mm + gap_mm

    def _column(self, heading: str, items: Sequence[str], width_mm: float) -> list[tuple[str, str]]:
        """The lines of a column with their typefaces, its heading first."""
        headings = wrapped(heading, SANS_BOLD, self.sizes.text, width_mm * mm) if items else ()
        lines = [(line, SANS_BOLD) for line in headings]
        for item in items:
            first, *others = wrapped(item, SANS, self.sizes.text, width_mm * mm - 2 * self.sizes.text)
            lines += [(f"• {first}", SANS), *((f"   {line}", SANS) for line in others)]
        return lines

    def _panel_height_mm(self) -> float:
        return max(map(len, self.columns)) * self.sizes.leading_mm

    def _panel(self, top_mm: float) -> None:
        self._rule(top_mm + 2.0)
        self.canvas.setFillGray(0)
        for number, lines in enumerate(self.columns):
            x = (SIDE_MM + number * self.second_mm) * mm
            for row, (line, typeface) in enumerate(lines):
                y = top_mm * mm - (row + 1) * self.sizes.leading_mm * mm
                draw_text(self.canvas, line, x, y, typeface, self.sizes.text)

    def _footer(self, number: int, count: int) -> None:
        self.canvas.setFillGray(_GREY)
        right = (SIDE_MM + self.width_mm) * mm
        label = f"Page {number} of {count}" if count > 1 else f"musicedu {__version__}"
        draw_text(self.canvas, label, right, _BOTTOM_MM * mm, SANS, self.sizes.footer, align_right=True)
        room = self.width_mm * mm - text_width(label, SANS, self.sizes.footer) - 5 * mm
        lines = wrapped(f"Recipe: {self.sheet.recipe}", MONO, self.sizes.footer, room)
        for row, line in enumerate(reversed(lines)):
            y = _BOTTOM_MM * mm + row * self.sizes.footer * 1.2
            draw_text(self.canvas, line, SIDE_MM * mm, y, MONO, self.sizes.footer)
