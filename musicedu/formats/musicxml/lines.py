"""From all notes of a part to one line: the voice that is meant, its written notes, of a chord the top one."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from statistics import fmean

from musicedu.errors import FileProblem
from musicedu.formats.musicxml.found import Heard
from musicedu.formats.reading import NotOneLine, counted

_CHOOSE = "Choose with --voice (in Python voice=)"
_MOST_OTHERS = 16  # voices that may fill the line
_FULL = Fraction(1, 2)  # of the sounding time of the fullest voice: less is a voice that helps out


@dataclass(frozen=True, slots=True)
class Line:
    """The notes of one line in order, the staff it stands on, and what is to be said of how it was found."""

    notes: tuple[Heard, ...]
    staff: str = "1"
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Voice:
    """One voice of a part: what it is called, the staff where most of its notes stand, its notes in order."""

    label: str
    staff: str
    notes: tuple[Heard, ...]

    @property
    def time(self) -> Fraction:
        return sum((note.duration for note in self.notes), Fraction(0))


def find_line(heard: Sequence[Heard], wanted: int | str | None = None, where: str = "") -> Line:
    """Find the line among the notes of a part.

    Notes that are hidden, and cues, are left out where others stand. Without a voice that is asked for, the line is the
    highest full voice of the upper staff; measures in which it is silent are filled from the other voices of that
    staff, and so is everything where two voices never sound together. Raises `FileProblem` if there is no such voice.
    """
    notices: list[str] = []
    shown = [note for note in heard if not note.absent]
    if shown:
        for kind, words in (("hidden", "that is played but not printed"), ("cue", "of a cue")):
            n = sum(note.absent == kind for note in heard)
            notices += [f"Left out {counted(n, 'note')} {words.replace('is', 'are') if n > 1 else words}"] if n else []
    voices = _voices(shown or heard)
    if not voices:
        return Line((), notices=tuple(notices))
    if wanted is not None:
        voice = _asked(voices, wanted, where)
        notes, staff = list(voice.notes), voice.staff
    else:
        notes, staff, said = _best(voices)
        notices += said
    top, said = _top_notes(notes)
    return Line(top, staff, (*notices, *said))


def refuse_divided(heard: Sequence[Heard], where: str = "") -> None:
    """Raise `FileProblem` that names the first two notes that sound together, if there are any."""
    for before, after in pairwise(sorted(heard, key=lambda note: note.onset)):
        if after.onset < before.offset:
            together = f"measure {after.measure}: {before.spelling} and {after.spelling} sound"
            if after.in_chord or before.in_chord:
                raise FileProblem(f"{together} as a chord", where=where, kind=NotOneLine.CHORDS)
            voices = sorted({before.voice, after.voice})
            whose = f" (voices {' and '.join(voices)})" if len(voices) > 1 else ""
            raise FileProblem(f"{together} together{whose}", where=where, kind=NotOneLine.VOICES)


def _voices(heard: Sequence[Heard]) -> list[_Voice]:
    """The voices, those of the upper staves first; one that changes the staff is one voice."""
    by_voice: dict[tuple[str, int], list[Heard]] = defaultdict(list)
    for note in heard:
        by_voice[note.voice, note.layer].append(note)
    pieces: list[tuple[str, int, str, list[Heard]]] = []
    for (voice, layer), notes in by_voice.items():
        notes.sort(key=lambda note: note.onset)
        staves = Counter(note.staff for note in notes)
        if len(staves) > 1 and _meet(notes):
            pieces += [(voice, layer, at, [note for note in notes if note.staff == at]) for at in staves]
        else:
            pieces.append((voice, layer, staves.most_common(1)[0][0], notes))
    pieces.sort(key=lambda piece: (_rank(piece[2]), _rank(piece[0]), piece[1]))
    top = pieces[0][2] if pieces else ""
    found, labels = [], set()
    for voice, layer, staff, notes in pieces:
        label = voice if staff == top else f"{voice} on staff {staff}"
        label = f"{label}, line {layer}" if label in labels else label
        labels.add(label)
        found.append(_Voice(label, staff, tuple(notes)))
    return found


def _rank(name: str) -> tuple[int, str]:
    return (int(name), "") if name.isdecimal() and len(name) < 10 else (10**9, name)


def _meet(notes: Sequence[Heard]) -> bool:
    """Whether notes of two staves sound together, other than as one chord."""
    return any(
        after.onset < before.offset and after.staff != before.staff and not (before.in_chord or after.in_chord)
        for before, after in pairwise(notes)
    )


def _asked(voices: Sequence[_Voice], wanted: int | str, where: str) -> _Voice:
    """The voice of that name, which is mostly a number, else the one at that place."""
    asked = " ".join(str(wanted).split())
    called = [voice for voice in voices if asked in (voice.label, voice.label.split(" on ")[0])]
    if called:
        return called[0]
    if asked.isdecimal() and len(asked) < 10 and 1 <= int(asked) <= len(voices):
        return voices[int(asked) - 1]
    known = "The voices are" if len(voices) > 1 else "There is one voice:"
    raise FileProblem(f"there is no voice {asked[:40]!r}", where=where, remedy=f"{known} {_listed(voices)}")


def _listed(voices: Sequence[_Voice]) -> str:
    return ", ".join(voice.label for voice in voices[:12]) + (", …" if len(voices) > 12 else "")


def _best(voices: Sequence[_Voice]) -> tuple[list[Heard], str, list[str]]:
    """The notes of the line that is taken, its staff, and what is to be said."""
    staff = voices[0].staff
    upper = [voice for voice in voices if voice.staff == staff]
    fullest = max(voice.time for voice in upper)
    full = [voice for voice in upper if voice.time >= fullest * _FULL]
    main = max(full, key=lambda voice: fmean(note.spelling.pitch for note in voice.notes))
    if len(voices) == 1:
        return list(main.notes), staff, []
    others = [voice for voice in upper if voice is not main][:_MOST_OTHERS]
    by_turns = others and not _overlap(upper)
    notes, filled = _filled(main, others, everywhere=bool(by_turns))
    listed = _listed(voices)
    if by_turns and len(upper) == len(voices):
        return notes, staff, [f"Voices {listed} never sound together and were read as one line. {_CHOOSE}"]
    also = f", and in {counted(filled, 'measure')} where it is silent another" if filled else ""
    upper_staff = " on the upper staff" if len(upper) < len(voices) else ""
    return notes, staff, [f"Took voice {main.label}{upper_staff}, of {len(voices)}: {listed}{also}. {_CHOOSE}"]


def _overlap(voices: Sequence[_Voice]) -> bool:
    """Whether notes of different voices ever sound together."""
    spans = sorted((note.onset, note.offset, index) for index, voice in enumerate(voices) for note in voice.notes)
    end, whose = Fraction(-1), -1
    for onset, offset, index in spans:
        if onset < end and index != whose:
            return True
        if offset > end:
            end, whose = offset, index
    return False


def _filled(main: _Voice, others: Sequence[_Voice], *, everywhere: bool) -> tuple[list[Heard], int]:
    """The notes of a voice, with those of others in measures where it has none, and how many measures those are.

    everywhere: others fill whatever time it has none in.
    """
    notes, taken = list(main.notes), {note.measure for note in main.notes}
    busy = sorted((note.onset, note.offset) for note in main.notes)
    n_before = len(taken)
    for other in others:
        free = [note for note in other.notes if everywhere or note.measure not in taken]
        free = [note for note in free if not _is_busy(busy, note)]
        notes += free
        taken |= {note.measure for note in free}
        busy = sorted([*busy, *((note.onset, note.offset) for note in free)])
    return sorted(notes, key=lambda note: note.onset), len(taken) - n_before


def _is_busy(busy: Sequence[tuple[Fraction, Fraction]], note: Heard) -> bool:
    place = bisect_left(busy, (note.offset, Fraction(0)))
    return any(end > note.onset for _, end in busy[max(0, place - 2) : place])


def _top_notes(notes: Sequence[Heard]) -> tuple[tuple[Heard, ...], list[str]]:
    """Of notes that begin together the highest, each ending before the next begins; and what was left out."""
    tops: dict[Fraction, Heard] = {}
    doubled: dict[Fraction, str] = {}
    for note in notes:
        known = tops.get(note.onset)
        if known is None or note.spelling.pitch > known.spelling.pitch:
            tops[note.onset] = note
        if known is not None and note.spelling.pitch != known.spelling.pitch:
            doubled[note.onset] = note.measure
    ordered = [tops[onset] for onset in sorted(tops)]
    for before, after in pairwise(ordered):
        before.duration = min(before.duration, after.onset - before.onset)
    if not doubled:
        return tuple(ordered), []
    measures = len(set(doubled.values()))
    place = f"in measure {next(iter(doubled.values()))}" if measures == 1 else f"in {measures:,} measures"
    return tuple(ordered), [f"Took the top note of {counted(len(doubled), 'chord')} {place}"]
