"""Typefaces of a sheet, all embedded in the PDF: DejaVu and STIX (Latin, Greek, Cyrillic, Arabic, Hebrew, ♭ ♯) from
`data/typefaces`, WenQuanYi Micro Hei for Chinese, Japanese and Korean from a package of typefaces.

A pupil's name may hold any character. Arabic letters are joined, and what is read from right to left is set so. A
character that no typeface has (an emoji, a rare sign) becomes a white square; `unshown` tells which those are.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path

from arabic_reshaper import ArabicReshaper
from bidi import get_display
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from musicedu.data import data_path
from musicedu.errors import FileProblem

SANS, SANS_BOLD, MONO = "DejaVuSans", "DejaVuSans-Bold", "DejaVuSansMono"
SERIF, SERIF_BOLD = "STIXGeneral", "STIXGeneralBol"  # as wide as the Times that verovio reckons with
SERIF_ITALIC, SERIF_BOLD_ITALIC = "STIXGeneralItalic", "STIXGeneralBolIta"
ASIAN = "WenQuanYi Micro Hei"
_WHITE_SQUARE = "\u25a1"
_JOINS = "\u200c\u200d"  # tell Arabic letters whether to join, and are not seen themselves
_RIGHT_TO_LEFT = ("R", "AL", "RLE", "RLO", "RLI")
_VARIATIONS = range(0xFE00, 0xFE10)
# DejaVu has lam-alef as one sign, but no whole words.
_reshaper = ArabicReshaper({"delete_harakat": False, "support_zwj": True, "ARABIC LIGATURE ALLAH": False})


def text_width(text: str, typeface: str, size: float) -> float:
    """How wide a text is, in the unit of `size`."""
    return float(sum(pdfmetrics.stringWidth(part, name, size) for part, name in text_runs(text, typeface)))


@lru_cache(maxsize=4096)  # the sheets of a class say much the same
def text_runs(text: str, typeface: str) -> tuple[tuple[str, str], ...]:
    """A text as (part, typeface) pairs from left to right, every character in one that has it.

    Control characters become spaces.

    >>> [name for _, name in text_runs("Юлия 李", SANS)]
    ['DejaVuSans', 'WenQuanYi Micro Hei']
    """
    placed = [_placed(character, typeface) for character in _as_seen(text)]
    return tuple(
        ("".join(character for character, _ in run), name) for name, run in groupby(placed, key=lambda pair: pair[1])
    )


def unshown(text: str) -> str:
    """The characters of a text that no typeface has, each once: a white square stands for them.

    >>> unshown("Mia \U0001f3bb")
    '\U0001f3bb'
    """
    lacking = [one for one in _as_seen(text) if one != _WHITE_SQUARE and _placed(one, SANS)[0] == _WHITE_SQUARE]
    return "".join(dict.fromkeys(lacking))


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
    if _is_asian(character) and _has(ASIAN, character):
        return character, ASIAN
    plain = [one for one in unicodedata.normalize("NFKD", character) if not unicodedata.combining(one)]
    if len(plain) == 1 and plain[0] != character and _has(typeface, plain[0]):
        return plain[0], typeface
    return _WHITE_SQUARE, SANS


def _has(typeface: str, character: str) -> bool:
    _register(typeface)
    return ord(character) in pdfmetrics.getFont(typeface).face.charToGlyph


def _is_asian(character: str) -> bool:
    """Whether a character may be Chinese, Japanese or Korean: a name in Latin never loads their typeface."""
    return ord(character) >= 0x1100 and unicodedata.east_asian_width(character) in ("W", "F", "H")


def _as_seen(text: str) -> str:
    """The characters from left to right as they are seen: Arabic letters joined, right-to-left words turned round."""
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", text)
    plain = "".join(_harmless(character) for character in composed)
    if any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in plain):
        plain = str(get_display(_reshaper.reshape(plain)))
    return "".join(character for character in plain if character not in _JOINS)


def _harmless(character: str) -> str:
    """A character as it may be set: control characters are spaces, marks that are not seen are nothing."""
    if character in _JOINS:
        return character
    if unicodedata.category(character) == "Cf" or ord(character) in _VARIATIONS:
        return ""
    return " " if unicodedata.category(character)[0] == "C" else character


@lru_cache(maxsize=16)
def _register(typeface: str) -> None:
    """Make a typeface known to reportlab; raises `FileProblem` where this installation lacks its file."""
    path = _asian() if typeface == ASIAN else data_path("typefaces", f"{typeface}.ttf")
    try:
        pdfmetrics.registerFont(TTFont(typeface, str(path), shapable=False))
    except (OSError, TTFError) as fault:
        raise FileProblem("this typeface cannot be read", where=str(path), remedy="Install musicedu again") from fault


def _asian() -> Path:
    """The typeface in the package that is nothing but it, found without importing it."""
    spec = find_spec("paperang_p2_fonts_cjk")
    folder = Path(spec.origin).parent if spec and spec.origin else Path()
    return folder / "fonts" / "wqy-microhei.ttc"
