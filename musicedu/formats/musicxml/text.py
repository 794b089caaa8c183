"""From bytes to the text of an XML document, whatever encoding they are in and whatever they say they are in."""

from __future__ import annotations

import codecs
import re
from html.entities import html5

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"), (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)  # fmt: skip
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_ENCODING = re.compile(r"(iso-?8859|latin|windows|cp|shift|sjis|euc|gb|big5|koi8|mac|iso-?2022|utf-?(8|16|32))", re.I)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LOOSE = re.compile(r"&(?!#\d{1,7};|#x[0-9a-fA-F]{1,6};|(?:amp|lt|gt|quot|apos);)(\w{1,32};)?")


def decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text without its XML declaration, and notices of what was not as it should be.

    A byte-order mark is believed first, then UTF-8 if the bytes are that, then the encoding that is declared, then
    Windows-1252. Characters that XML does not allow are left out.
    """
    text, notices = _decoded(data)
    n_before = len(text)
    text = _FORBIDDEN.sub("", text)
    if len(text) < n_before:
        n = n_before - len(text)
        notices.append(
            f"{n:,} character{'s' if n > 1 else ''} that XML does not allow {'were' if n > 1 else 'was'} passed over"
        )
    return _DECLARATION.sub("", text.lstrip("\ufeff \t\r\n"), count=1).strip(), tuple(notices)


def mended(text: str) -> str:
    """Text whose loose `&` and names of HTML, such as `&nbsp;`, are made into what XML knows.

    >>> mended("Tom & Jerry &eacute;&amp;")
    'Tom &amp; Jerry é&amp;'
    """

    def replacement(match: re.Match[str]) -> str:
        character = html5.get(match[1] or "", "")
        return character if character else f"&amp;{match[1] or ''}"

    return _LOOSE.sub(replacement, text)


def _decoded(data: bytes) -> tuple[str, list[str]]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace"), []
    declared = _DECLARED.match(data[:400])
    name = declared[1].decode("ascii", "replace") if declared else "UTF-8"
    if not name.lower().startswith("iso-2022"):  # those are made of plain ASCII, and look like UTF-8
        try:
            return data.decode("utf-8"), []
        except UnicodeDecodeError:
            pass
    if _ENCODING.match(name) and not name.lower().startswith("utf"):
        # Programs that say ISO 8859-1 mean the code page of Windows, which has quotes and dashes where that has none.
        meant = "cp1252" if re.fullmatch(r"(iso-?8859-?1|latin-?1)", name, re.I) else name
        try:
            return data.decode(meant), []
        except (LookupError, ValueError):
            pass
    return _as_windows(data), [f"The text is not {name}, as it says, and was read as Windows-1252"]


def _as_windows(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")
