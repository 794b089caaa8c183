"""The parts of a score: what they are called, and which of them holds the melody."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from musicedu.errors import FileProblem
from musicedu.formats.choosing import choose
from musicedu.formats.musicxml.tree import text_of

MOST_PARTS = 500

_MELODY = re.compile(r"\b(melod|lead|solo|voice|vocal|vox|singer|canto|cantus|chant|gesang|stimme|sopran|treble)", re.I)
_BASS = re.compile(r"(bass|basso|kontrabass|tuba|cello|pedal)\b", re.I)
_CHORDS = re.compile(
    r"(piano|klavier|pianoforte|keyboard|organ|orgel|orgue|harp\b|harfe|harpe|arpa|guitar|gitar|guitare|chord|akkord"
    r"|accomp|begleit|celesta|cembalo|harpsichord|synth|strings|pad)",
    re.I,
)
_NO_NAMES = ("", "MusicXML Part", "Part", "Staff", "Unnamed")
_CHORDAL = 0.1  # the share of chord notes from which a part accompanies


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its number from 1 in the score, its name (may be empty) and its element."""

    number: int
    name: str
    element: Element


def choose_part(root: Element, wanted: int | str | None, where: str) -> tuple[Element, tuple[str, ...]]:
    """The part that is meant, and what is to be said of the choice.

    Where nobody says which, it is the first that looks like a melody: called one, or of single notes on one staff, and
    no bass; else the first with notes. Raises `FileProblem` if there is no such part, or none at all.
    """
    parts = _parts(root, where)
    names = [part.name for part in parts]
    sounding = [part for part in parts if _is_pitched(part.element)]
    if wanted is not None:
        place, notices = choose(names, wanted, "part", where=where)
        if sounding and not _is_pitched(parts[place].element):
            others = ", ".join(f"{part.number} {part.name}".strip() for part in sounding[:12])
            raise FileProblem(f"part {place + 1} holds no notes", where=where, remedy=f"Those with notes are {others}")
        return parts[place].element, notices
    if not sounding:
        return parts[0].element, ()
    best = min(sounding, key=lambda part: (_rank(part), part.number))
    if len(sounding) == 1:
        return best.element, ()
    place, notices = choose(names, None, "part", best=best.number - 1)
    return parts[place].element, notices


def _parts(root: Element, where: str) -> Sequence[Part]:
    elements = root.findall("part")
    if not elements:
        raise FileProblem("the score holds no part", where=where, remedy="Export it again as MusicXML")
    if len(elements) > MOST_PARTS:
        raise FileProblem(f"the score holds {len(elements):,} parts, and {MOST_PARTS} are read at most", where=where)
    names = {each.get("id"): _name_of(each) for each in root.iterfind("part-list/score-part")}
    return [Part(number, names.get(each.get("id"), ""), each) for number, each in enumerate(elements, start=1)]


def _name_of(score_part: Element) -> str:
    """The first name that says something: of the part, of its instrument, or its abbreviation."""
    for path in ("part-name", "score-instrument/instrument-name", "part-abbreviation"):
        name = " ".join(text_of(score_part, path).split())
        if name not in _NO_NAMES:
            return name
    return ""


def _is_pitched(element: Element) -> bool:
    return element.find("measure/note/pitch") is not None


def _rank(part: Part) -> int:
    """How little a part looks like the melody, from 0."""
    n_notes = sum(1 for _ in part.element.iterfind("measure/note/pitch"))
    n_chords = sum(1 for _ in part.element.iterfind("measure/note/chord"))
    staves = text_of(part.element, "measure/attributes/staves", "1")
    if staves != "1" or n_chords > _CHORDAL * n_notes or _CHORDS.search(part.name):
        return 3
    if _MELODY.search(part.name):
        return 0
    return 2 if _BASS.search(part.name) else 1
