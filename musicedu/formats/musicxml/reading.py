"""Parse MusicXML to a melody: choose the part that holds it, join ties, lay the measures."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from xml.etree.ElementTree import Element

from musicedu.errors import FileProblem
from musicedu.formats.barlines import Layout, irregular_notices, lay_measures
from musicedu.formats.musicxml.found import Heard, PartRead, give_metres
from musicedu.formats.musicxml.lines import Line, find_line, refuse_divided
from musicedu.formats.musicxml.part import PartReader
from musicedu.formats.musicxml.signatures import keys_of
from musicedu.formats.musicxml.tree import parse_tree, text_of
from musicedu.formats.reading import ANY_LINE, Choice, Reading, choose
from musicedu.melody import Melody, MetreAt, Note, Slur

MOST_NOTES = 15_000
"""Notes and rests of a part, in all its voices; also its measures."""
LONGEST_LINE = 6_000
"""Notes of a melody: about half an hour."""
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


def parse_musicxml(data: bytes, where: str = "", *, part: int | str | None = None, alone: bool = False) -> Melody:
    """Read the melody of a MusicXML file; see `read_musicxml`.

    alone: refuse a part in which notes sound together, rather than take one line of it.
    """
    return _read(data, where, Choice(part=part), alone=alone).melody


def read_musicxml(data: bytes, where: str = "", choice: Choice = ANY_LINE) -> Reading:
    """Read one melody that a MusicXML file holds, and say what was chosen, mended or passed over.

    `where` is the file's name, for messages; `choice.part` and `choice.voice` say which part and which voice of it to
    take, by number from 1 or by name; without them the one that looks like the melody is taken, and said. Of a chord
    the top note is taken.

    Pitches are taken as written, with the part's transposition. Repeat signs are not played out. A measure longer or
    shorter than its metre (but for an anacrusis, the last, and one divided at a repeat) is an irregular one.
    Raises `FileProblem` if the file is empty, broken, unsafe, no MusicXML, or more than one melody can be.
    """
    return _read(data, where, choice, alone=False)


def _read(data: bytes, where: str, choice: Choice, *, alone: bool) -> Reading:
    document = parse_tree(data, where)
    part, notices = choose_part(document.root, choice.part, where)
    _refuse_too_much(part, where)
    try:
        found = PartReader().read(part)
        if not found.measures:
            raise ValueError("the part holds no measures")
        if alone:
            refuse_divided(found.notes, where)
        line = find_line(found.notes, choice.voice, where)
        if len(line.notes) > LONGEST_LINE:
            raise ValueError(f"the line has {len(line.notes):,} notes, and {LONGEST_LINE:,} are read at most")
        melody, said = _melody(found, line, document.root)
    except ValueError as problem:
        raise FileProblem(str(problem), where=where) from None
    passed_over = found.passed_over.notices
    told = (*found.notices, *line.notices, *said, *passed_over)
    return Reading(melody, passed_over=passed_over).noting((*document.notices, *notices, *told))


def _refuse_too_much(part: Element, where: str) -> None:
    """Count before anything is done with what is counted."""
    for kind, path in (("measures", "measure"), ("notes and rests", "measure/note")):
        number = len(part.findall(path))
        if number > MOST_NOTES:
            raise FileProblem(
                f"the part holds {number:,} {kind}, and {MOST_NOTES:,} are read at most",
                where=where,
                remedy="Export a shorter piece",
            )


def _title(root: Element) -> str:
    """The title, freed from what a program escaped twice (`&amp;gt;`)."""
    title = text_of(root, "work/work-title") or text_of(root, "movement-title")
    return " ".join(html.unescape(title).split())


def _melody(found: PartRead, line: Line, root: Element) -> tuple[Melody, tuple[str, ...]]:
    duration = found.measures[-1].onset + found.measures[-1].duration
    notes, onsets = _joined(line.notes)
    said = give_metres(found)
    layout = _layout(found, duration)
    says_major_always = "MuseScore" in text_of(root, "identification/encoding/software")
    signatures = found.signatures.values()
    keys, keys_said = keys_of(signatures, notes, duration, major_is_believed=not says_major_always)
    melody = Melody(
        notes=tuple(notes),
        duration=duration,
        metres=layout.metres,
        keys=keys,
        anacrusis=layout.anacrusis,
        tempos=found.beside.tempos(duration),
        dynamics=found.beside.dynamics_of(line.staff, duration),
        hairpins=found.beside.hairpins_of(line.staff, duration),
        slurs=_slurs(line.notes, onsets),
        title=_title(root),
        transposition=found.transposition,
        irregular=layout.irregular,
    )
    return melody, (*said, *layout.notices, *irregular_notices(melody), *keys_said)


def _joined(heard: Sequence[Heard]) -> tuple[list[Note], dict[Fraction, Fraction]]:
    """Join tied notes; return the notes and, for each written note's onset, the onset of the note it is part of."""
    notes: list[Note] = []
    onsets: dict[Fraction, Fraction] = {}
    goes_on = False
    for each in heard:
        last = notes[-1] if notes else None
        if last and each.is_tied_from and goes_on and last.offset == each.onset and last.spelling == each.spelling:
            notes[-1] = Note(last.onset, last.duration + each.duration, last.spelling, last.marks | each.marks)
        else:
            notes.append(Note(each.onset, each.duration, each.spelling, each.marks))
        onsets[each.onset] = notes[-1].onset
        goes_on = each.is_tied_to
    return notes, onsets


def _slurs(heard: Sequence[Heard], onsets: Mapping[Fraction, Fraction]) -> tuple[Slur, ...]:
    """The slurs between notes of the line; each number is one slur at a time."""
    begun: dict[str, Fraction] = {}
    slurs = set()
    for note in heard:
        for kind, number in note.slurs:
            if kind == "start":
                begun[number] = onsets[note.onset]
            elif kind == "stop" and number in begun:
                slurs.add((begun.pop(number), onsets[note.onset]))
    return tuple(Slur(begins, ends) for begins, ends in sorted(slurs) if begins < ends)


def _layout(found: PartRead, duration: Fraction) -> Layout:
    first = found.measures[0]
    declared = {Fraction(0): MetreAt(Fraction(0), first.metre), **found.metres}
    if len(found.measures) == 1 and first.is_implicit and duration < first.metre.duration:
        return Layout((declared[Fraction(0)],), anacrusis=duration)
    return lay_measures(
        [declared[onset] for onset in sorted(declared) if onset < duration],
        [measure.onset + measure.duration for measure in found.measures],
        duration,
        onsets={note.onset for note in found.notes},
    )


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
