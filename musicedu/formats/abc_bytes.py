"""ABC files as bytes: the text in them, whatever program and decade they come from."""

from __future__ import annotations

import codecs
import re
from itertools import islice

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_HEAD = 4096  # bytes, enough to tell UTF-16
_MOST_JUDGED = 200  # bytes that tell old Macintosh text from old Windows text
_FIELD = re.compile(rb"(?:^|[\r\n>])[ \t]*[XK]:")


def text_of(data: bytes) -> str:
    r"""Decode UTF-8, UTF-16 (with a mark or without) or UTF-32; what is none of them byte by byte.

    A byte that is no UTF-8 is read as Windows-1252, or as Mac Roman where that makes better words of the file. No
    file is refused for its bytes.

    >>> text_of("K:G\n".encode("utf-16-le")), text_of(b"T:Caf\xe9"), text_of(b"T:Caf\x8e")
    ('K:G\n', 'T:Café', 'T:Café')
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    wide = _wide_encoding(data)
    if wide:
        return data.decode(wide, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", errors="surrogateescape")
    old = {code: _decoded(code - 0xDC00, "cp1252") for code in range(0xDC80, 0xDD00)}
    mac = {code: _decoded(code - 0xDC00, "mac_roman") for code in range(0xDC80, 0xDD00)}
    return text.translate(mac if _sense(text, mac) > _sense(text, old) else old)


def holds_abc(data: bytes) -> bool:
    """Whether bytes look like ABC: a line that begins with `X:` or `K:`, in text of any encoding."""
    head = data[:_HEAD]
    if b"\0" not in head:
        return _FIELD.search(data.removeprefix(codecs.BOM_UTF8)) is not None
    is_wide = bool(_wide_encoding(data)) or data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return is_wide and _FIELD.search(head.replace(b"\0", b"").lstrip(b"\xff\xfe")) is not None


def _wide_encoding(data: bytes) -> str:
    """UTF-16 without a mark: nearly every other byte is zero, as letters of the West are in it."""
    head = data[:_HEAD]
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, others = head[start::2].count(0), head[1 - start :: 2].count(0)
        if zeros > 0.7 * (len(head) // 2) and not others:
            return encoding
    return ""


def _decoded(byte: int, encoding: str) -> str:
    return bytes([byte]).decode(encoding, errors="ignore") or chr(byte)


def _sense(text: str, table: dict[int, str]) -> int:
    """How well the old bytes of a text read by a table: accented letters inside words count for it, signs against."""
    sense = 0
    for match in islice(re.finditer("[\udc80-\udcff]", text), _MOST_JUDGED):
        sign = table[ord(match[0])]
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        if sign.isalpha():
            starts_word = sign.isupper() and not before.isalpha() and after.isalpha()
            sense += 1 if starts_word or (sign.islower() and (before.isalpha() or after.isalpha())) else -1
        else:
            sense += 1 if sign in "‘’“”–—…" else -1
    return sense
