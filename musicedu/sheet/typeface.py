"""Typefaces of a sheet, embedded in the PDF: DejaVu and STIX (Latin, Greek, Cyrillic, ♭ ♯) from matplotlib's files.

A pupil's name may hold any character. Chinese, Japanese and Korean are set in the Asian typefaces that PDF viewers
bring along (not embedded); a character that none of them has becomes a white square.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

SANS, SANS_BOLD, MONO = "DejaVuSans", "DejaVuSans-Bold", "DejaVuSansMono"
SERIF, SERIF_BOLD = "STIXGeneral", "STIXGeneralBol"  # as wide as the Times that verovio reckons with
SERIF_ITALIC, SERIF_BOLD_ITALIC = "STIXGeneralItalic", "STIXGeneralBolIta"
_WHITE_SQUARE = "\u25a1"
_ASIAN = (
    ("CJK", "STSong-Light"),
    ("HIRAGANA", "HeiseiMin-W3"),
    ("KATAKANA", "HeiseiMin-W3"),
    ("HANGUL", "HYSMyeongJo-Medium"),
)
_RIGHT_TO_LEFT = ("R", "AL")


def text_width(text: str, typeface: str, size: float) -> float:
    """How wide a text is, in the unit of `size`."""
    return float(sum(pdfmetrics.stringWidth(part, name, size) for part, name in text_runs(text, typeface)))


def text_runs(text: str, typeface: str) -> tuple[tuple[str, str], ...]:
    """A text as (part, typeface) pairs, every character in one that has it; control characters become spaces.

    >>> [name for _, name in text_runs("Юлия 李", SANS)]
    ['DejaVuSans', 'STSong-Light']
    """
    shown = _in_visual_order("".join(" " if unicodedata.category(c)[0] == "C" else c for c in text))
    placed = [_placed(character, typeface) for character in shown]
    return tuple(
        ("".join(character for character, _ in run), name) for name, run in groupby(placed, key=lambda pair: pair[1])
    )


def shortened(text: str, typeface: str, size: float, width: float) -> str:
    """The text, cut with an ellipsis where it is wider than `width`."""
    if text_width(text, typeface, size) <= width:
        return text
    while text and text_width(text + "…", typeface, size) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def wrapped(text: str, typeface: str, size: float, width: float) -> tuple[str, ...]:
    """The text in lines no wider than `width`, broken at spaces (inside a word that is wider by itself)."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer, typeface, size) <= width:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        for character in word:
            if lines[-1] and text_width(lines[-1] + character, typeface, size) > width:
                lines.append("")
            lines[-1] += character
    return tuple(lines)


@lru_cache(maxsize=4096)
def _placed(character: str, typeface: str) -> tuple[str, str]:
    """A character and a typeface that has it, or what stands for it."""
    if _has(typeface, character):
        return character, typeface
    if _has(SANS, character):
        return character, SANS
    name = unicodedata.name(character, "")
    for script, asian in _ASIAN:
        if name.startswith(script):
            return character, _registered_asian(asian)
    plain = unicodedata.normalize("NFKD", character)[:1]
    if plain and plain != character and _has(typeface, plain):
        return plain, typeface
    return _WHITE_SQUARE, SANS


def _has(typeface: str, character: str) -> bool:
    _register(typeface)
    return ord(character) in pdfmetrics.getFont(typeface).face.charToGlyph


def _in_visual_order(text: str) -> str:
    """Hebrew and Arabic words run from right to left: PDF wants them as they are seen. Letters are not joined."""
    parts = []
    for reverse, run in groupby(text, key=lambda c: unicodedata.bidirectional(c) in _RIGHT_TO_LEFT):
        piece = "".join(run)
        parts.append(piece[::-1] if reverse else piece)
    if len(parts) > 1 and all(unicodedata.bidirectional(c) in (*_RIGHT_TO_LEFT, "WS", "CS", "ON", "NSM") for c in text):
        parts.reverse()
    return "".join(parts)


@lru_cache(maxsize=16)
def _register(typeface: str) -> None:
    """Make a typeface known to reportlab; its own Vera stands in where matplotlib's files are not found."""
    spec = find_spec("matplotlib")
    folder = Path(spec.origin).with_name("mpl-data") / "fonts" / "ttf" if spec and spec.origin else Path()
    path = folder / f"{typeface}.ttf"
    substitute = "VeraBd.ttf" if "Bol" in typeface else "Vera.ttf"
    pdfmetrics.registerFont(TTFont(typeface, str(path) if path.is_file() else substitute))


@lru_cache(maxsize=4)
def _registered_asian(name: str) -> str:
    pdfmetrics.registerFont(UnicodeCIDFont(name))
    return name
