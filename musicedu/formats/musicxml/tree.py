"""From untrusted bytes to a tree of elements: bounded in size and depth, no entities, nothing fetched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from xml.etree.ElementTree import Element, ParseError, XMLParser

from musicedu.errors import FileProblem
from musicedu.formats.musicxml.text import decoded, mended

MOST_BYTES = 20_000_000
MOST_ELEMENTS = 500_000
"""Also the most attributes."""
DEEPEST = 60

_MOST_LOOSE = 50_000  # `&` in a text that is to be mended
_NUMBER = re.compile(r"[+-]?\d{1,9}(\.\d{0,12})?|[+-]?\.\d{1,12}")
_ENTITY = re.compile(r"<!ENTITY\b", re.I)


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
    text, notices = decoded(data)
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
    again = mended(text) if text.count("&") <= _MOST_LOOSE else text
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
