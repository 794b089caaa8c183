"""Engrave MusicXML as SVG pages through verovio."""

from __future__ import annotations

import re
from importlib.resources import files

import verovio

from musicedu.errors import FileProblem

FONTS = ("Leland", "Bravura", "Leipzig", "Gootville", "Petaluma")
_STAFF_UNITS = 72  # verovio's staff height, top line to bottom line, in its page units
_SEED = 1  # ids in the SVG come from this seed: the same music gives the same bytes
_RESOURCES = str(files("verovio") / "data")  # fonts
_MUSIC_IN_TEXT = re.compile(r'(<tspan font-family="[A-Z]\w+" font-size=")(\d+)px"')
_ROOT_SIZE = re.compile(r'<svg viewBox="0 0 (\d+) (\d+)"')


def engrave(
    musicxml: bytes,
    *,
    width_mm: float = 180.0,
    height_mm: float | None = None,
    staff_mm: float = 7.0,
    font: str = "Leland",
    measure_numbers: int = 0,
    breaks: str = "auto",
) -> tuple[str, ...]:
    """Engrave a score; returns one SVG for each page, sized in millimetres.

    `width_mm` is the width of the music, without margins; `height_mm` that of a page, None for one page as high as
    the music. `staff_mm` is the distance from the lowest to the highest staff line (7 is usual, 9 large print).
    `font` is one of `FONTS`; `measure_numbers` counts how often a number stands over a measure, 0 for the first of
    each line. `breaks` is "auto" for lines as they fit, "encoded" for the new systems that the score asks for.
    Raises `FileProblem` if verovio cannot read the score, `ValueError` for a size that makes no page.

    >>> from musicedu.formats.musicxml import render_musicxml
    >>> from musicedu.melody import Melody
    >>> (svg,) = engrave(render_musicxml(Melody.from_text("C4:1 D4:1 E4:2")), width_mm=120)
    >>> svg.count('class="notehead"')
    3
    """
    toolkit = _loaded(musicxml, width_mm, height_mm, staff_mm, font, measure_numbers, breaks)
    scale = staff_mm / _STAFF_UNITS
    return tuple(_in_millimetres(toolkit.renderToSVG(page), scale) for page in range(1, toolkit.getPageCount() + 1))


def _loaded(
    musicxml: bytes,
    width_mm: float,
    height_mm: float | None,
    staff_mm: float,
    font: str,
    measure_numbers: int,
    breaks: str = "auto",
) -> verovio.toolkit:
    if font not in FONTS:
        raise ValueError(f"font must be one of {', '.join(FONTS)}, not {font!r}")
    if not 2 <= staff_mm <= 30 or not 4 * staff_mm <= width_mm <= 2000:
        raise ValueError(f"no page has staves of {staff_mm} mm and a width of {width_mm} mm")
    if height_mm is not None and not 4 * staff_mm <= height_mm <= 2000:
        raise ValueError(f"a page with staves of {staff_mm} mm cannot be {height_mm} mm high")
    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit(False)
    # verovio's own setting holds in the thread that imports it alone, and JupyterLab moves knobs in others.
    toolkit.setResourcePath(_RESOURCES)
    units = _STAFF_UNITS / staff_mm
    toolkit.setOptions(
        {
            "font": font,
            "xmlIdSeed": _SEED,
            "pageWidth": round(width_mm * units),
            "pageHeight": 60_000 if height_mm is None else round(height_mm * units),
            "adjustPageHeight": height_mm is None,
            "pageMarginLeft": 16,  # room for the measure number over the clef
            "pageMarginRight": 4,  # and for the thickness of the last barline
            "pageMarginTop": 0,
            "pageMarginBottom": 8,
            "header": "none",
            "footer": "none",
            "breaks": breaks,
            "minLastJustification": 0.0 if breaks == "encoded" else 0.8,  # a line chosen by hand fills the width
            "mnumInterval": measure_numbers,
            "spacingSystem": 8,
            "defaultBottomMargin": 1.2,  # else a metronome mark touches the metre below it
            "svgViewBox": True,
            "svgRemoveXlink": False,
        }
    )
    if not toolkit.loadData(musicxml.decode("utf-8")):
        raise FileProblem("the score cannot be engraved", remedy="Check that it is partwise MusicXML")
    return toolkit


def _in_millimetres(svg: str, scale: float) -> str:
    """Give the root element the size that its page units stand for."""

    def sized(match: re.Match[str]) -> str:
        width, height = (round(int(side) * scale, 3) for side in match.groups())
        return f'<svg width="{width}mm" height="{height}mm" viewBox="0 0 {match[1]} {match[2]}"'

    return _ROOT_SIZE.sub(sized, _MUSIC_IN_TEXT.sub(_smaller, svg), count=1)


def _smaller(match: re.Match[str]) -> str:
    """The note of a metronome mark as high as the words beside it; verovio sets it as large as on the staff."""
    return f'{match[1]}{round(int(match[2]) * 0.72)}px"'
