"""An ABC file as a book of tunes: where each begins and ends in the text around it, and which one is meant."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from musicedu.errors import FileProblem
from musicedu.formats.abc_prose import is_music, is_prose
from musicedu.formats.choosing import choose

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
