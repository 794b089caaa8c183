"""The outermost of a score: what stands before and around its parts, in characters that XML can hold."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from musicedu import __version__

_HEADER = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE score-partwise PUBLIC '
    b'"-//Recordare//DTD MusicXML 4.0 Partwise//EN" "http://www.musicxml.org/dtds/partwise.dtd">\n'
)


def opened_score(title: str, *, software: bool = True) -> Element:
    """The root of a score, with its title and what wrote it."""
    root = Element("score-partwise", version="4.0")
    if title:
        SubElement(SubElement(root, "work"), "work-title").text = legible(title)
    if software:
        encoding = SubElement(SubElement(root, "identification"), "encoding")
        SubElement(encoding, "software").text = f"musicedu {__version__}"
    return root


def closed_score(root: Element) -> bytes:
    """The bytes of a finished score."""
    indent(root)
    text: str = tostring(root, encoding="unicode")
    return _HEADER + text.encode() + b"\n"


def legible(text: str) -> str:
    """Replace the characters that XML cannot hold."""
    return "".join(
        c if c in "\t\n" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff" else "\ufffd"
        for c in text
    )
