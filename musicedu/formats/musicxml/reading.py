"""Parse MusicXML to a melody: choose the part, join ties, lay the measures."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from xml.etree.ElementTree import Element

from musicedu.errors import FileProblem
from musicedu.formats.musicxml.part import Heard, MeasureRead, PartRead, PartReader
from musicedu.formats.musicxml.parts import choose_part
from musicedu.formats.musicxml.tree import parse_tree, text_of
from musicedu.formats.reading import ANY_LINE, Choice, Reading
from musicedu.melody import Dynamic, Hairpin, Key, KeyAt, Melody, Metre, MetreAt, Note, Slur, TempoAt

LONGEST = 50_000  # quarter notes: about nine hours


def parse_musicxml(data: bytes, where: str = "", *, part: int | str | None = None) -> Melody:
    """Read the one melody that a MusicXML file holds; see `read_musicxml`."""
    return read_musicxml(data, where, Choice(part=part)).melody


def read_musicxml(data: bytes, where: str = "", choice: Choice = ANY_LINE) -> Reading:
    """Read one melody that a MusicXML file holds, and say what was chosen or mended.

    `where` is the file's name, for messages; `choice.part` says which part to take, by its number from 1 or its name;
    without it the one that looks like the melody is taken, and said.

    Pitches are taken as written, with the part's transposition. Repeat signs are not played out. A measure longer or
    shorter than its metre (but for an anacrusis, the last, and one divided at a repeat) gets a metre of its own.
    Raises `FileProblem` if the file is empty, broken, unsafe, no partwise MusicXML, or not of one voice.
    """
    root = parse_tree(data, where)
    chosen, notices = choose_part(root, choice.part, where)
    try:
        found = PartReader().read(chosen)
        if not found.measures:
            raise ValueError("the part holds no measures")
        if found.measures[-1].onset + found.measures[-1].duration > LONGEST:
            raise ValueError(f"the music is longer than {LONGEST:,} quarter notes")
        return Reading(_melody(found, _title(root)), notices)
    except _ManyVoices as problem:
        raise FileProblem(str(problem), where=where, remedy="Leave one voice, or export one part alone") from None
    except ValueError as problem:
        raise FileProblem(str(problem), where=where) from None


class _ManyVoices(ValueError):
    """Notes that sound together."""


def _title(root: Element) -> str:
    return " ".join((text_of(root, "work/work-title") or text_of(root, "movement-title")).split())


def _melody(found: PartRead, title: str) -> Melody:
    duration = found.measures[-1].onset + found.measures[-1].duration
    notes, onsets = _joined(found.notes)
    slurs = {(onsets.get(begins, begins), onsets.get(ends, ends)) for begins, ends in found.slurs}
    keys = dict(found.keys)
    keys.setdefault(Fraction(0), KeyAt(Fraction(0), Key(0)))
    anacrusis, metres = _metres(found)
    return Melody(
        notes=tuple(notes),
        duration=duration,
        metres=metres,
        keys=tuple(keys[onset] for onset in sorted(keys) if onset < duration),
        anacrusis=anacrusis,
        tempos=tuple(TempoAt(onset, *found.tempos[onset]) for onset in sorted(found.tempos) if onset < duration),
        dynamics=tuple(Dynamic(onset, found.dynamics[onset]) for onset in sorted(found.dynamics) if onset < duration),
        hairpins=tuple(
            Hairpin(begins, min(ends, duration), kind)
            for begins, ends, kind in sorted(found.hairpins)
            if begins < min(ends, duration)
        ),
        slurs=tuple(Slur(begins, ends) for begins, ends in sorted(slurs) if begins < ends),
        title=title,
        transposition=found.transposition,
    )


def _joined(heard: list[Heard]) -> tuple[list[Note], dict[Fraction, Fraction]]:
    """Join tied notes; return the notes and, for each written note's onset, the onset of the note it is part of."""
    ordered = sorted(heard, key=lambda note: note.onset)
    for before, after in pairwise(ordered):
        if after.onset < before.onset + before.duration:
            _refuse_chord(before, after)
    notes: list[Note] = []
    onsets: dict[Fraction, Fraction] = {}
    goes_on = False
    for each in ordered:
        last = notes[-1] if notes else None
        if last and each.is_tied_from and goes_on and last.offset == each.onset and last.spelling == each.spelling:
            notes[-1] = Note(last.onset, last.duration + each.duration, last.spelling, last.marks | each.marks)
        else:
            notes.append(Note(each.onset, each.duration, each.spelling, each.marks))
        onsets[each.onset] = notes[-1].onset
        goes_on = each.is_tied_to
    return notes, onsets


def _refuse_chord(before: Heard, after: Heard) -> None:
    if after.in_chord or before.in_chord:
        raise _ManyVoices(f"measure {after.measure}: {before.spelling} and {after.spelling} sound as a chord")
    voices = sorted({before.voice, after.voice})
    named = f" (voices {' and '.join(voices)})" if len(voices) > 1 else ""
    raise _ManyVoices(f"measure {after.measure}: {before.spelling} and {after.spelling} sound together{named}")


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
