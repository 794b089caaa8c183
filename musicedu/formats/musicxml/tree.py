"""From untrusted bytes to a tree of elements: bounded in size and depth, no entities, nothing fetched."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from musicedu.errors import FileProblem

MOST_BYTES = 20_000_000
MOST_ELEMENTS = 1_000_000
DEEPEST = 60

_NUMBER = re.compile(r"[+-]?\d{1,9}(\.\d{0,12})?|[+-]?\.\d{1,12}")


class _TooMuch(Exception):
    """The file is deeper or holds more elements than any score of one voice."""


class _BoundedBuilder(TreeBuilder):
    """Builds the tree and stops at the bounds."""

    depth = 0
    n_elements = 0

    def start(self, tag: str, attrs: dict[Any, Any], /) -> Element:
        self.depth += 1
        self.n_elements += 1
        if self.depth > DEEPEST:
            raise _TooMuch(f"elements lie more than {DEEPEST} deep")
        if self.n_elements > MOST_ELEMENTS:
            raise _TooMuch(f"there are more than {MOST_ELEMENTS:,} elements")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self.depth -= 1
        return super().end(tag)


def parse_tree(data: bytes, where: str) -> Element:
    """Parse bytes to the root of a partwise score; `FileProblem` says what else they are."""
    if not data.strip():
        raise FileProblem("the file is empty", where=where, remedy="Export it again as MusicXML")
    if len(data) > MOST_BYTES:
        size = f"{len(data) / 1e6:.0f} MB"
        raise FileProblem(f"the file is too large ({size}, at most 20 MB)", where=where, remedy="Export a single part")
    root = _parse(data, where)
    if root.tag == "score-timewise":
        raise FileProblem("this is timewise MusicXML", where=where, remedy="Export it as partwise MusicXML (the usual)")
    if root.tag != "score-partwise":
        raise FileProblem(f"this is not MusicXML: it is a <{root.tag[:40]}> document", where=where)
    return root


def _parse(data: bytes, where: str) -> Element:
    parser = DefusedXMLParser(target=_BoundedBuilder(), forbid_dtd=False, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(data)
        root = parser.close()
    except DefusedXmlException:
        raise FileProblem(
            "the file defines XML entities, which are not read for safety", where=where, remedy="Export it again"
        ) from None
    except _TooMuch as problem:
        raise FileProblem(f"this is no score of one voice: {problem}", where=where) from None
    except ParseError as problem:
        line = problem.position[0]
        raise FileProblem(
            f"the XML is broken in line {line}", where=where, remedy="Export the file again as MusicXML"
        ) from None
    except (LookupError, ValueError):  # an encoding that does not exist or cannot be decoded
        raise FileProblem("the text encoding cannot be read", where=where, remedy="Save the file as UTF-8") from None
    if not isinstance(root, Element):
        raise FileProblem("the file is empty", where=where)
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
