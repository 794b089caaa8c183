"""What a measure of MusicXML says of itself: how it is divided from the next, and whether all of it is a rest."""

from __future__ import annotations

from xml.etree.ElementTree import Element

_PLAIN_STYLES = frozenset({"", "regular", "heavy"})


def is_uncounted(measure: Element) -> bool:
    """Whether a measure is said to be part of another: an anacrusis, or the second half of a divided one."""
    return measure.get("implicit") == "yes" or measure.get("number") == "0"


def is_whole_rest(measure: Element) -> bool:
    """Whether a measure holds one whole rest and no other note: it stands for a measure of any metre."""
    notes = [note for note in measure.iterfind("note") if note.find("grace") is None]
    return len(notes) == 1 and notes[0].find("rest") is not None and notes[0].findtext("type", "").strip() == "whole"


def is_divided(measure: Element, side: str) -> bool:
    """Whether the barline at the `left` or `right` may divide a measure: a repeat, an ending, a double one."""
    for barline in measure.iterfind("barline"):
        if barline.get("location", "right") == side:
            style = barline.findtext("bar-style", "").strip()
            if style not in _PLAIN_STYLES or barline.find("repeat") is not None or barline.find("ending") is not None:
                return True
    return False
