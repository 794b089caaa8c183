"""Parse MusicXML to a melody: choose the part, join ties, lay the measures."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from fractions import Fraction
from xml.etree.ElementTree import Element

from musicedu.errors import FileProblem
from musicedu.formats.musicxml.found import Heard, MeasureRead, PartRead, give_metres
from musicedu.formats.musicxml.keys import keys_of
from musicedu.formats.musicxml.lines import Line, find_line, refuse_divided
from musicedu.formats.musicxml.part import PartReader
from musicedu.formats.musicxml.parts import choose_part
from musicedu.formats.musicxml.tree import parse_tree, text_of
from musicedu.formats.reading import ANY_LINE, Choice, Reading
from musicedu.melody import Melody, Metre, MetreAt, Note, Slur

MOST_NOTES = 20_000
"""Notes and rests of a part; also its measures."""


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
    shorter than its metre (but for an anacrusis, the last, and one divided at a repeat) gets a metre of its own.
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
            refuse_divided(found.notes)
        line = find_line(found.notes, choice.voice, where)
        melody, said = _melody(found, line, document.root)
    except ValueError as problem:
        raise FileProblem(str(problem), where=where) from None
    told = (*found.notices, *line.notices, *said, *found.passed_over.notices)
    return Reading(melody).noting((*document.notices, *notices, *told))


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
    anacrusis, metres = _metres(found)
    says_major_always = "MuseScore" in text_of(root, "identification/encoding/software")
    signatures = found.signatures.values()
    keys, keys_said = keys_of(signatures, notes, duration, major_is_believed=not says_major_always)
    melody = Melody(
        notes=tuple(notes),
        duration=duration,
        metres=metres,
        keys=keys,
        anacrusis=anacrusis,
        tempos=found.beside.tempos(duration),
        dynamics=found.beside.dynamics_of(line.staff, duration),
        hairpins=found.beside.hairpins_of(line.staff, duration),
        slurs=_slurs(line.notes, onsets),
        title=_title(root),
        transposition=found.transposition,
    )
    return melody, (*said, *keys_said)


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


def _metres(found: PartRead) -> tuple[Fraction, tuple[MetreAt, ...]]:
    """The anacrusis and the metres, with one for every measure whose length is not its metre's."""
    metres = dict(found.metres)
    first = found.measures[0]
    metres.setdefault(Fraction(0), MetreAt(Fraction(0), first.metre))
    is_upbeat = first.duration < first.metre.duration and (first.is_implicit or len(found.measures) > 1)
    anacrusis = first.duration if is_upbeat else Fraction(0)
    written = sorted(found.metres)
    for stretch in _stretches(found.measures[1:] if is_upbeat else found.measures):
        begins, length, metre = stretch[0].onset, sum((m.duration for m in stretch), Fraction(0)), stretch[0].metre
        is_last = stretch[-1] is found.measures[-1]
        if length != metre.duration and not (is_last and length < metre.duration):
            metres[begins] = MetreAt(begins, _metre_of(length, metre, stretch[0].number))
            after = begins + length
            if not is_last and after not in written:
                metres[after] = MetreAt(after, metre)
    return anacrusis, tuple(metres[onset] for onset in sorted(metres))


def _stretches(measures: list[MeasureRead]) -> list[list[MeasureRead]]:
    """The measures, two or more together where they are the pieces of one, as at a repeat sign inside it."""
    stretches: list[list[MeasureRead]] = []
    for measure in measures:
        if stretches and stretches[-1][0].metre == measure.metre:
            begun = sum((piece.duration for piece in stretches[-1]), Fraction(0))
            if begun < measure.metre.duration and begun + measure.duration <= measure.metre.duration:
                stretches[-1].append(measure)
                continue
        stretches.append([measure])
    return stretches


def _metre_of(length: Fraction, usual: Metre, number: str) -> Metre:
    for denominator in (usual.denominator, 4, 8, 16, 32):
        beats = length * denominator / 4
        if beats.denominator == 1 and 1 <= beats <= 32:
            return Metre(int(beats), denominator)
    raise ValueError(f"measure {number} lasts {length} quarter notes, which no metre fits ({usual} is written)")
