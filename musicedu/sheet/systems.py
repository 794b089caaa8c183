"""Engraved notation taken apart: the systems (lines of music) of verovio's SVG, measured and ready to draw.

svglib is not used for this. Measured on 8 measures of level 3, in processor seconds: 0.17 for svglib with its imports
and 0.08 for each further sheet, 0.02 and 0.01 this way (on a busy machine that was 0.5 s of waiting, and 0.07 s). It
also sets a tempo mark as a box with its number on top, since the note in it is text in verovio's music font.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

from musicedu.sheet.outlines import Segment, parse_path
from musicedu.sheet.typeface import SERIF, SERIF_BOLD, SERIF_BOLD_ITALIC, SERIF_ITALIC, text_width

_XLINK = "{http://www.w3.org/1999/xlink}href"
_MOVE = re.compile(r"translate\(\s*([-\d.]+)[,\s]+([-\d.]+)\s*\)")
_SCALE = re.compile(r"scale\(\s*([-\d.]+)(?:[,\s]+([-\d.]+))?\s*\)")
_BOLD, _ITALIC = {"tempo", "reh", "ending", "fing"}, {"dir", "dynam", "mNum"}
_UNITS_PER_EM, _SIDE_BEARING = 1000.0, 30.0  # of a music font
_MUSIC_FONTS = frozenset({"Leland", "Bravura", "Leipzig", "Gootville", "Petaluma"})

_IN_CHORD_NAMES = {"\uea64": "♭", "\uea65": "♮", "\uea66": "♯"}
"""verovio names chords with the accidentals of figured bass, which are half as high as letters."""


@dataclass(frozen=True, slots=True)
class Shape:
    """An outline in the units of the engraving: filled, and stroked where `stroke_width` is above 0."""

    segments: tuple[Segment, ...]
    fill: bool
    stroke_width: float
    round_cap: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of text: its left end on the baseline, the name of its typeface and its size."""

    text: str
    x: float
    y: float
    typeface: str
    size: float


@dataclass(frozen=True, slots=True)
class System:
    """One line of music: its shapes and words in the units of the engraving (`y` grows downwards), and its size.

    `scale` is millimetres for a unit, (`left`, `top`) the corner where the staff begins and the highest mark ends.
    """

    shapes: tuple[Shape, ...]
    words: tuple[Words, ...]
    scale: float
    left: float
    top: float
    width_mm: float
    height_mm: float


def read_systems(svg: str, width_mm: float) -> tuple[System, ...]:
    """The systems of one SVG page of verovio's, `width_mm` being the width of that page.

    Raises `ValueError` for an SVG that is not of that kind.
    """
    root = ElementTree.fromstring(svg)
    scaled = next((element for element in root.iter() if element.get("class") == "definition-scale"), None)
    if scaled is None or "viewBox" not in scaled.attrib:
        raise ValueError("expected an SVG page engraved by verovio")
    scale = width_mm / float(scaled.attrib["viewBox"].split()[2])
    reader = _Reader({element.attrib["id"]: element for element in root.iter() if element.get("id")})
    found = []
    for margin in scaled:
        for element in margin:
            if "system" in element.get("class", "").split():
                found.append(_measured(tuple(reader.read(element, 0.0, 0.0, frozenset())), scale))
    return tuple(found)


def fitted(systems: tuple[System, ...], width_mm: float) -> tuple[System, ...]:
    """The systems made larger or smaller together, so that the widest is `width_mm` wide."""
    factor = width_mm / max((system.width_mm for system in systems), default=width_mm)
    return tuple(
        replace(s, scale=factor * s.scale, width_mm=factor * s.width_mm, height_mm=factor * s.height_mm)
        for s in systems
    )


def _measured(items: tuple[Shape | Words, ...], scale: float) -> System:
    # The staff begins at 0; a measure number, which is centred there, begins with it.
    items = tuple(replace(item, x=0.0) if isinstance(item, Words) and item.x < 0 else item for item in items)
    boxes = [_box(item) for item in items]
    left, top = 0.0, min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    return System(
        shapes=tuple(item for item in items if isinstance(item, Shape)),
        words=tuple(item for item in items if isinstance(item, Words)),
        scale=scale,
        left=left,
        top=top,
        width_mm=(right - left) * scale,
        height_mm=(bottom - top) * scale,
    )


def _box(item: Shape | Words) -> tuple[float, float, float, float]:
    """Left, top, right, bottom; a curve lies inside its control points."""
    if isinstance(item, Words):
        width = text_width(item.text, item.typeface, item.size)
        return item.x, item.y - 0.8 * item.size, item.x + width, item.y + 0.25 * item.size
    half = item.stroke_width / 2
    points = [point for _, corners in item.segments for point in corners]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs) - half, min(ys) - half, max(xs) + half, max(ys) + half


class _Reader:
    """Walks an SVG tree and yields what is to be drawn."""

    def __init__(self, elements: dict[str, ElementTree.Element]) -> None:
        self._elements = elements

    def read(self, element: ElementTree.Element, x: float, y: float, style: frozenset[str]) -> Iterator[Shape | Words]:
        """What an element and its descendants draw, moved by (x, y)."""
        kinds = set(element.get("class", "").split())
        if "placeholder" in kinds:
            return
        tag = element.tag.rpartition("}")[2]
        style |= ({"bold"} if kinds & _BOLD else set()) | ({"italic"} if kinds & _ITALIC else set())
        if tag == "g":
            across, down, _ = _transform(element.get("transform", ""))
            for child in element:
                yield from self.read(child, x + across, y + down, style)
        elif tag == "use":
            across, down, scale = _transform(element.get("transform", ""))
            yield Shape(self._glyph(element.attrib[_XLINK][1:], x + across, y + down, scale), True, 0.0)
        elif tag == "text":
            yield from self._text(element, x, y, style)
        elif tag in _OUTLINES:
            yield _outline(element, x, y)
        elif tag not in ("desc", "title", "style", "defs"):
            raise ValueError(f"cannot draw this element: {tag}")

    def _glyph(self, name: str, x: float, y: float, scale: float) -> tuple[Segment, ...]:
        path = next(element for element in self._elements[name].iter() if element.tag.endswith("path"))
        return _placed(parse_path(path.attrib["d"]), x, y, scale, -scale)

    def _text(self, element: ElementTree.Element, x: float, y: float, style: frozenset[str]) -> Iterator[Shape | Words]:
        runs = list(_runs(element, style, 0.0, ""))
        widths = [_run_width(text, typeface, size) for text, typeface, size in runs]
        x += float(element.get("x", 0))
        y += float(element.get("y", 0))
        x -= {"middle": 0.5, "end": 1.0}.get(element.get("text-anchor", ""), 0.0) * sum(widths)
        for (text, typeface, size), width in zip(runs, widths, strict=True):
            if typeface in _MUSIC_FONTS:
                yield from _music_text(text, typeface, x, y, size)
            else:
                yield Words(text, x, y, typeface, size)
            x += width


def _runs(
    element: ElementTree.Element, style: frozenset[str], size: float, music_font: str
) -> Iterator[tuple[str, str, float]]:
    """Text in pieces of one typeface and size."""
    size = float(element.get("font-size", f"{size}px").removesuffix("px"))
    family = element.get("font-family", "")
    music_font = family if family in _MUSIC_FONTS else music_font
    for name, plain, value in (("font-style", "normal", "italic"), ("font-weight", "normal", "bold")):
        style = style - {value} if element.get(name) == plain else style
        style = style | {value} if element.get(name) == value else style
    if element.text and "\n" not in element.text and size > 0:
        plain, bold = (SERIF_ITALIC, SERIF_BOLD_ITALIC) if "italic" in style else (SERIF, SERIF_BOLD)
        letters = bold if "bold" in style else plain
        if element.text in _IN_CHORD_NAMES:
            yield _IN_CHORD_NAMES[element.text], letters, 0.8 * size  # music fonts are set larger than letters
        else:
            yield element.text, music_font or letters, size
    for child in element:
        yield from _runs(child, style, size, music_font)


def _run_width(text: str, typeface: str, size: float) -> float:
    if typeface in _MUSIC_FONTS:
        return sum(_music_glyph(character, typeface)[1] for character in text) * size / _UNITS_PER_EM
    return text_width(text, typeface, size)


def _music_text(text: str, font: str, x: float, y: float, size: float) -> Iterator[Shape]:
    for character in text:
        segments, advance = _music_glyph(character, font)
        if segments:
            yield Shape(_placed(segments, x, y, size / _UNITS_PER_EM, -size / _UNITS_PER_EM), True, 0.0)
        x += advance * size / _UNITS_PER_EM


@lru_cache(maxsize=64)
def _music_glyph(character: str, font: str) -> tuple[tuple[Segment, ...], float]:
    """Outline and advance (units of 1000 an em) of a character of one of verovio's music fonts; a gap if unknown."""
    spec = find_spec("verovio")
    folder = Path(spec.origin).parent if spec and spec.origin else Path()
    path = folder / "data" / font / f"{ord(character):04X}.xml"
    outline = next(ElementTree.parse(path).getroot().iter("path"), None) if path.is_file() else None
    if outline is None:  # a space
        return (), _UNITS_PER_EM / 8
    segments = parse_path(outline.attrib["d"])
    return segments, max(x for _, points in segments for x, _ in points) + _SIDE_BEARING


_OUTLINES = frozenset({"path", "polygon", "polyline", "rect", "ellipse"})
_ROUND = 0.5522847498  # control points of a quarter circle


def _outline(element: ElementTree.Element, x: float, y: float) -> Shape:
    tag = element.tag.rpartition("}")[2]
    width = float(element.get("stroke-width", 0 if tag == "ellipse" else 1))
    if tag == "path":
        segments = parse_path(element.attrib["d"])
    elif tag == "rect":
        left, top, wide, high = (float(element.get(name, 0)) for name in ("x", "y", "width", "height"))
        segments = parse_path(f"M{left} {top}h{wide}v{high}h{-wide}z")
    elif tag == "ellipse":
        segments = _ellipse(*(float(element.get(name, 0)) for name in ("cx", "cy", "rx", "ry")))
    else:
        segments = parse_path("M" + element.attrib["points"] + ("z" if tag == "polygon" else ""))
    fill = element.get("fill") != "none"
    return Shape(_placed(segments, x, y, 1, 1), fill, width, element.get("stroke-linecap") == "round")


def _ellipse(cx: float, cy: float, rx: float, ry: float) -> tuple[Segment, ...]:
    a, b = rx * _ROUND, ry * _ROUND
    return (
        ("M", ((cx + rx, cy),)),
        ("C", ((cx + rx, cy + b), (cx + a, cy + ry), (cx, cy + ry))),
        ("C", ((cx - a, cy + ry), (cx - rx, cy + b), (cx - rx, cy))),
        ("C", ((cx - rx, cy - b), (cx - a, cy - ry), (cx, cy - ry))),
        ("C", ((cx + a, cy - ry), (cx + rx, cy - b), (cx + rx, cy))),
        ("Z", ()),
    )


def _placed(segments: tuple[Segment, ...], x: float, y: float, across: float, down: float) -> tuple[Segment, ...]:
    return tuple((kind, tuple((x + across * px, y + down * py) for px, py in points)) for kind, points in segments)


def _transform(text: str) -> tuple[float, float, float]:
    """Across, down and scale of `translate(a, b) scale(s, s)`, either part optional."""
    move, scale = _MOVE.search(text), _SCALE.search(text)
    across, down = (float(move[1]), float(move[2])) if move else (0.0, 0.0)
    return across, down, float(scale[1]) if scale else 1.0
