"""From untrusted bytes to a tree of elements: bounded in size and depth, no entities, nothing fetched.

The bytes may be in any encoding, whatever they say they are in.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from fractions import Fraction
from html.entities import html5
from xml.etree.ElementTree import Element, ParseError, XMLParser

from musicedu.errors import FileProblem

MOST_BYTES = 20_000_000
MOST_ELEMENTS = 500_000
"""Also the most attributes."""
DEEPEST = 60

_MOST_LOOSE = 50_000  # `&` in a text that is to be mended
_NUMBER = re.compile(r"[+-]?\d{1,9}(\.\d{0,12})?|[+-]?\.\d{1,12}")
_ENTITY = re.compile(r"<!ENTITY\b", re.I)
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


@dataclass(frozen=True, slots=True)
class Document:
    """The root of a partwise score, and notices of what was mended to read it."""

    root: Element
    notices: tuple[str, ...] = ()


def parse_tree(data: bytes, where: str) -> Document:
    """Parse bytes to a partwise score; `FileProblem` says what else they are.

    A timewise score is turned round. A document type is passed over unread: entities are refused, nothing is fetched.
    """
    if not data.strip(b" \t\r\n\0"):
        raise FileProblem("the file is empty", where=where, remedy="Export it again as MusicXML")
    if len(data) > MOST_BYTES:
        size = f"{len(data) / 1e6:.0f} MB"
        raise FileProblem(f"the file is too large ({size}, at most 20 MB)", where=where, remedy="Export a single part")
    text, notices = _text_in(data)
    if _ENTITY.search(text):
        raise FileProblem(
            "the file defines XML entities, which are not read for safety", where=where, remedy="Export it again"
        )
    for kind, number in (("elements", text.count("<") - text.count("</")), ("attributes", text.count("="))):
        if number > MOST_ELEMENTS:
            raise FileProblem(
                f"this is no score of one voice: there are more than {MOST_ELEMENTS:,} {kind}",
                where=where,
                remedy="Export a single part",
            )
    root = _bounded(_parse(text, where), where)
    if root.tag == "score-timewise":
        root = _partwise(root)
    if root.tag == "opus":
        raise FileProblem("this is a list of scores (an opus) and no score", where=where, remedy="Name one of them")
    if root.tag != "score-partwise":
        raise FileProblem(f"this is not MusicXML: it is a <{root.tag[:40]}> document", where=where)
    return Document(root, notices)


def _parse(text: str, where: str) -> Element:
    try:
        return _parsed(text)
    except ParseError as error:
        problem = error
    again = _mended(text) if text.count("&") <= _MOST_LOOSE else text
    if again != text:
        try:
            return _parsed(again)
        except ParseError as error:
            problem = error
    line = problem.position[0]
    raise FileProblem(f"the XML is broken in line {line}", where=where, remedy="Export the file again as MusicXML")


def _parsed(text: str) -> Element:
    # The parser of the standard library, in C, on text in which no entity is defined: it resolves nothing by itself.
    parser = XMLParser()
    parser.feed(text)
    root = parser.close()
    if not isinstance(root, Element):
        raise ParseError("no element")
    return root


def _bounded(root: Element, where: str) -> Element:
    """The root, its elements freed from namespaces; refused if elements lie deeper than in any score."""
    row = [root]
    for _ in range(DEEPEST):
        for element in row:
            if isinstance(element.tag, str) and "}" in element.tag:
                element.tag = element.tag.rpartition("}")[2]
        row = [child for element in row for child in element]
        if not row:
            return root
    raise FileProblem(f"this is no score of one voice: elements lie more than {DEEPEST} deep", where=where)


def _partwise(score: Element) -> Element:
    """A timewise score, whose measures hold parts, as one whose parts hold measures."""
    root = Element("score-partwise")
    parts: dict[str, Element] = {}
    for child in score:
        if child.tag != "measure":
            root.append(child)
            continue
        for piece in child.iterfind("part"):
            name = piece.get("id", "")
            if name not in parts:
                parts[name] = Element("part", id=name)
            measure = Element("measure", child.attrib)
            measure.extend(piece)
            parts[name].append(measure)
    root.extend(parts.values())
    return root


def text_of(element: Element | None, path: str, default: str = "") -> str:
    """The stripped text of a descendant, or the default if there is none."""
    found = None if element is None else element.findtext(path)
    return default if found is None else found.strip()


def number_of(element: Element, path: str, default: int | Fraction | None = None) -> Fraction:
    """A descendant's number, exact; `ValueError` names the element whose text is none."""
    text = text_of(element, path)
    if not text and default is not None:
        return Fraction(default)
    if _NUMBER.fullmatch(text) is None:
        raise ValueError(f"<{path}> holds {text[:20]!r}, not a number")
    return Fraction(text)


def whole_number_of(element: Element, path: str, default: int | None = None) -> int:
    """A descendant's whole number; `ValueError` names the element whose text is none."""
    number = number_of(element, path, default)
    if number.denominator != 1:
        raise ValueError(f"<{path}> holds {text_of(element, path)[:20]!r}, not a whole number")
    return int(number)


def _text_in(data: bytes) -> tuple[str, tuple[str, ...]]:
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


def _mended(text: str) -> str:
    """Text whose loose `&` and names of HTML, such as `&nbsp;`, are made into what XML knows.

    >>> _mended("Tom & Jerry &eacute;&amp;")
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
