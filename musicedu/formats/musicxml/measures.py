"""What a measure of MusicXML says of itself: whether it is counted, and whether all of it is a rest."""

from __future__ import annotations

from xml.etree.ElementTree import Element


def is_uncounted(measure: Element) -> bool:
    """Whether a measure is said to be part of another: an anacrusis, or the second half of a divided one."""
    return measure.get("implicit") == "yes" or measure.get("number") == "0"


def is_whole_rest(measure: Element) -> bool:
    """Whether a measure holds one whole rest and no other note: it stands for a measure of any metre."""
    notes = [note for note in measure.iterfind("note") if note.find("grace") is None]
    return len(notes) == 1 and notes[0].find("rest") is not None and notes[0].findtext("type", "").strip() == "whole"
