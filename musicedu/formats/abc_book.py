"""An ABC file as a book of tunes: where each begins and ends in the text around it, and which one is meant.

The text is told from the bytes, whatever program and decade they come from; lines of music are told from words for
people by the letters that are no signs of music.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from musicedu.errors import FileProblem
from musicedu.formats.reading import choose

MOST_TUNES = 100_000
"""Tunes in one file; the largest books that are passed around hold half as many."""

_LONGEST_TUNE = 300_000  # characters
_LONGEST_HEAD = 5_000  # characters of fields and directives before the first tune
_REFERENCE = re.compile(r"^[ \t]*X:[ \t]*(\d{0,9})", re.MULTILINE)
_TITLE = re.compile(r"^[ \t]*T:[ \t]*(.{0,200})", re.MULTILINE)
_FIELD = re.compile(r"[ \t]*[A-Za-z+]:(?![ \t]*[|:])|%")
_UNNUMBERED = re.compile(r"(?:\A|\n[ ]*\n)(?=T:)")
_FIRST_FIELD = re.compile(r"^[ \t]*[A-Za-z]:", re.MULTILINE)
_HEAD_LINE = re.compile(r"^(?:[MLQUI]:|%%(?!begin|end|text))[^\n]*", re.MULTILINE)
_NEW_LINE = re.compile(r"\r|\x0b|\x0c|\x1c|\x1d|\x1e|\x85|\u2028|\u2029")
_TAG = re.compile(
    r"<br[ ]?/?>[ \t]*\n?|</?(?:pre|p|div|span|html|head|body|code|font|table|tbody|tr|td)\b[^<>\n]{0,200}>", re.I
)
_ENTITY = re.compile(r"&(?:#\d{1,6}|#[xX][0-9a-fA-F]{1,5}|[a-zA-Z][a-zA-Z0-9]{1,9});")
_IS_MAIL_CODE = re.compile(r"=3D|^(?![A-Za-z]:)[^\n]*=(?:20)?$", re.MULTILINE)
_MAIL_CODE = re.compile(r"=(?:([2-7][0-9A-F])|\n)")  # "quoted-printable": a natural sign never stands before these
_QUOTED_MAIL = re.compile(r"^(?:> ?)+(?=[ \t]*X:)", re.MULTILINE)
_BLOCK = re.compile(r"^%%begin(\w{1,20})\b.*?(?:^%%end\1[^\n]*|\Z)", re.MULTILINE | re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_HEAD = 4096  # bytes, enough to tell UTF-16
_MOST_JUDGED = 200  # bytes that tell old Macintosh text from old Windows text
_FIELD_IN_BYTES = re.compile(rb"(?:^|[\r\n>])[ \t]*[XK]:")
ALIEN = r"[^\W\d_A-GHJ-MO-PR-VXZa-gkuvxyz]"  # letters that are neither notes nor signs of notes
TAME = r"[A-GHJ-MO-PR-VXZa-gkuvxyz]"
"""Letters that are no signs of music, and those that are: notes, rests, and signs that stand before notes."""

_NO_NOTES = re.compile(r'"[^"]*"|![^!\s]{1,32}!|\[[A-Za-z]:[^\]]{0,300}\]|%.*')


def tunes_of(text: str) -> Iterator[tuple[str, str]]:
    """Cut ABC text into (reference number, text of the tune); what the head of the file says goes with each."""
    book = Book(text)
    for place, reference in enumerate(book.references):
        yield reference, book.tune(place)[0]


class Book:
    """The tunes in ABC text, in order; a file without `X:` is one tune, or one for each title after an empty line.

    Raises `FileProblem` for more than `MOST_TUNES` tunes.
    """

    def __init__(self, text: str, where: str = "") -> None:
        self.where = where
        self.text = _plain(text)
        starts = [(match.start(), match[1]) for match in _REFERENCE.finditer(self.text)]
        if not starts:
            starts = [(match.end(), "") for match in _UNNUMBERED.finditer(self.text)]
        if len(starts) < 2 and not (starts and starts[0][1]):
            first = _FIRST_FIELD.search(self.text)
            starts = starts or [(first.start() if first else 0, "")]
        if len(starts) > MOST_TUNES:
            raise FileProblem(f"holds more than {MOST_TUNES:,} tunes", where=where)
        self.starts = [start for start, _ in starts]
        self.references = [reference for _, reference in starts]
        head = _BLOCK.sub("", self.text[: self.starts[0]][:_LONGEST_TUNE])
        self.head = "\n".join(_HEAD_LINE.findall(head))[:_LONGEST_HEAD]

    def titles(self) -> list[str]:
        found = (_TITLE.search(self.text, start, stop) for start, stop in self._spans())
        return [html.unescape(" ".join(match[1].split())) if match else "" for match in found]

    def place_of(self, wanted: int | str | None) -> tuple[int, tuple[str, ...]]:
        """The place of the tune that is meant, and what is to be said of the choice.

        A number is that of its `X:` field; if these repeat or are missing, its place. Without a wish it is the first
        that has music. Raises `FileProblem` that lists the tunes if there is no such tune.
        """
        if wanted is None and len(self.starts) == 1:
            return 0, ()
        numbers = self.references if "" not in self.references else []
        numbers = [reference.lstrip("0") or "0" for reference in numbers]
        if len(set(numbers)) < len(self.starts):
            numbers = []
        best = 0
        if wanted is None:
            best = next((place for place in range(min(50, len(self.starts))) if self._has_music(place)), 0)
        return choose(self.titles(), wanted, "tune", best, self.where, numbers=numbers)

    def tune(self, place: int) -> tuple[str, tuple[str, ...]]:
        """The text of a tune with the head of its book, and what was said of its end."""
        start, stop = self._spans()[place]
        # What lies further on is text around the tune: the tune itself has a bound of its own.
        lines = _clean(self.text[start : min(stop, start + 3 * _LONGEST_TUNE)]).split("\n")
        kept, notices = _until_its_end(lines)
        if sum(map(len, kept)) > _LONGEST_TUNE:
            raise FileProblem(f"holds a tune of more than {_LONGEST_TUNE:,} characters", where=self.where)
        return "\n".join([self.head, *kept] if self.head else kept), notices

    def _spans(self) -> list[tuple[int, int]]:
        return list(zip(self.starts, [*self.starts[1:], len(self.text)], strict=True))

    def _has_music(self, place: int) -> bool:
        start, stop = self._spans()[place]
        lines = self.text[start : min(stop, start + 2_000)].split("\n")
        return any(re.search("[A-Ga-g]", line) and not _FIELD.match(line) and not is_prose(line) for line in lines)


def _plain(text: str) -> str:
    """Text with one kind of line end, without the marks of web pages and of quoted mail."""
    text = text.removeprefix("\ufeff").replace("\r\r\n", "\n").replace("\r\n", "\n")
    text = _NEW_LINE.sub("\n", text)
    if "<" in text and (_TAG.search(text)):
        text = _TAG.sub(lambda match: "\n" if match[0].lower().startswith("<br") else "", text)
    if _QUOTED_MAIL.search(text):
        text = re.sub(r"^(?:> ?)+", "", text, flags=re.MULTILINE)
    return text


def _clean(text: str) -> str:
    """The text of a tune without blocks for printing and control characters, its entities of web pages written out."""
    text = _BLOCK.sub("", text)
    if _IS_MAIL_CODE.search(text):
        text = _MAIL_CODE.sub(lambda match: chr(int(match[1], 16)) if match[1] else "", text)
    for _ in range(2):  # `&amp;gt;` is written by programs that do it twice
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    return _CONTROL.sub("", text)


def _until_its_end(lines: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """The lines of a tune up to the empty line that ends it.

    Empty lines are passed over before the music, between all lines of a header and so of its music, and where plain
    music follows.
    """
    kept: list[str] = []
    notices: dict[str, None] = {}
    has_key = music_begun = is_spaced = False
    for place, line in enumerate(lines):
        if line.strip():
            if music_begun and line.rstrip() == "--":
                return kept, tuple(notices)
            has_key = has_key or line.lstrip(" \t").startswith("K:")
            music_begun = music_begun or (has_key and not _FIELD.match(line) and not is_prose(line)) or is_music(line)
            kept.append(line)
        elif not music_begun:
            is_spaced = is_spaced or (place > 0 and bool(kept) and not has_key)
        elif not lines[place - 1].strip():
            continue  # looked at already
        elif is_spaced:
            if not "".join(lines[place : place + 2]).strip():
                break
        elif _goes_on(lines, place):
            notices["an empty line inside the tune is passed over"] = None
        else:
            left = sum(is_music(line) for line in lines[place : place + 200])
            if left:
                lines_left = "1 line of music after it is" if left == 1 else f"{left} lines of music after it are"
                notices[f"the tune ends at an empty line: {lines_left} not read"] = None
            break
    return kept, tuple(notices)


def _goes_on(lines: Sequence[str], place: int) -> bool:
    """Whether the first line after an empty one that is no field is plain music."""
    for line in lines[place : place + 40]:
        if line.strip() and not _FIELD.match(line):
            return is_music(line)
        if line.lstrip(" \t").startswith("T:"):
            return False
    return False


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
        return _FIELD_IN_BYTES.search(data.removeprefix(codecs.BOM_UTF8)) is not None
    is_wide = bool(_wide_encoding(data)) or data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return is_wide and _FIELD_IN_BYTES.search(head.replace(b"\0", b"").lstrip(b"\xff\xfe")) is not None


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


def is_prose(line: str) -> bool:
    """Whether a line is words for people and no music.

    >>> is_prose("Played at a session in Ennis."), is_prose("d2fA BAFA|~B3A Beed|"), is_prose('"Am"A2 (3cBA kd')
    (True, False, False)
    """
    plain = _NO_NOTES.sub(" ", line)
    if "://" in plain or re.search(r"\w@\w+\.", plain):
        return True
    words = re.findall(r"[^\W\d_]+", plain)
    strange = [word for word in words if len(word) > 1 and re.search(ALIEN, word)]
    n_strange = sum(len(re.findall(ALIEN, word)) for word in words)
    if "|" in plain:
        return len(strange) >= 3 and n_strange >= 0.3 * sum(map(len, words))
    return n_strange >= 2 and 2 * len(strange) >= len(words)


def is_music(line: str) -> bool:
    """Whether a line is music without a doubt: a barline, some notes, and no words.

    >>> is_music("d2fA BAFA|"), is_music("Play it twice |"), is_music("A bad egg")
    (True, False, False)
    """
    plain = _NO_NOTES.sub(" ", line)
    return "|" in plain and len(re.findall(r"[A-Ga-g]", plain)) >= 3 and not re.search(rf"{ALIEN}{ALIEN}", plain)
