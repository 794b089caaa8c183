"""Which line of a MIDI file is the melody: the track, and in a track of chords the highest notes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log2
from statistics import fmean, median

from musicedu.errors import FileProblem
from musicedu.formats.midi_channels import MidiNote, MidiTrack
from musicedu.formats.reading import choose

_MELODY = re.compile(
    r"melod|vocal|voice|voix|vox\b|lead|solo|tune|\bsing|gesang|stimme|canto|cantus|chant|sopran|theme|\br\.?h\.?\b|right"
    r"|rechte|droite|destra|flute|flöte|violin\b|violine|oboe|clarinet|trumpet|recorder",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"click|metronom|count.?in|drum|perc|beat|bass(?!oon)|basso|accomp|begleit|chord|akkord|accords?\b|comp\b|pad\b|strings"
    r"|arpegg|\bl\.?h\.?\b|left|linke|gauche|sinistra|harmony|backing|continuo|guide",
    re.IGNORECASE,
)
_SOUNDS = (
    (range(32, 40), -3.0),
    (range(52, 55), 4.0),
    (range(56, 80), 4.0),
    (range(88, 104), -2.0),
    (range(112, 128), -6.0),
)
"""What the sounds of General MIDI are worth: basses, voices, winds, pads and effects, percussion."""
LONGEST = 20_000  # quarter notes
_MOST_NOTES = 10_000
_LOW = 50
_TOGETHER = 0.06  # quarter notes: notes that begin so close are struck together
_NEIGHBOURS = 8
_OCTAVE = 12
_LEGATO = 0.4  # of the shorter of two notes: what overlaps more sounds together
_LEGATO_OF_CHORDS = 0.1  # the same where chords say that several voices are there
_CELLS = (2, 3, 4, 6, 8, 12, 16)


def choose_track(
    tracks: Sequence[MidiTrack], wanted: int | str | None, ticks: int, where: str
) -> tuple[MidiTrack, tuple[str, ...]]:
    """The track of the melody, and what is to be said of it.

    Without a wish the one that is most like a melody: by its name; one note at a time, in steps more than in leaps, in
    several durations, not a pattern over and over, neither low nor on one pitch. Drums are passed over. Raises
    `FileProblem` for no notes, for drums alone, and for more than 10,000 notes or 20,000 quarter notes.
    """
    if not tracks:
        raise FileProblem("holds no notes", where=where, remedy="Export it again with the notes of the melody.")
    best = 0
    if wanted is None:
        if all(track.is_drums for track in tracks):
            raise FileProblem("is a MIDI file with drums only", where=where, remedy="Export the melody too.")
        busiest = max(map(_sounding, (track.notes for track in tracks)))
        likeness = [_likeness(track, busiest, ticks) for track in tracks]
        best = max(range(len(tracks)), key=lambda place: likeness[place])
    place, notices = choose([track.label for track in tracks], wanted, "track", best, where, option="part")
    _refuse_length(tracks[place].notes, ticks, where)
    return tracks[place], notices


def _refuse_length(notes: Sequence[MidiNote], ticks: int, where: str) -> None:
    if len(notes) > _MOST_NOTES:
        raise FileProblem(
            f"has {len(notes):,} notes; {_MOST_NOTES:,} can be read", where=where, remedy="Export the melody alone."
        )
    if max(note.offset for note in notes) > LONGEST * ticks:
        raise FileProblem(f"is longer than {LONGEST:,} quarter notes", where=where, remedy="Export one piece of it.")


def _likeness(track: MidiTrack, busiest: int, ticks: int) -> float:
    """How much a track is like a melody; no unit."""
    if track.is_drums:
        return -100.0
    notes = track.notes
    pitches = [note.pitch for note in notes]
    likeness = 12.0 * bool(_MELODY.search(track.name)) - 8.0 * bool(_OTHER.search(track.name))
    top = top_line(notes, ticks)
    line = top.notes
    leaps = fmean(abs(b.pitch - a.pitch) for a, b in pairwise(line)) if len(line) > 1 else 0.0
    likeness -= 5.0 * top.n_covered / len(notes)
    likeness -= 0.6 * min(max(leaps - 2.5, 0.0), 6.0)
    likeness -= 8.0 * (len(set(pitches)) <= 2 and len(notes) >= 8)
    likeness -= 3.0 * (fmean(pitches) < _LOW)
    likeness += next((worth for sounds, worth in _SOUNDS if (track.program or 0) in sounds), 0.0)
    likeness += 0.04 * (min(fmean(pitches), 84.0) - 60.0)
    likeness += 1.5 * min(_variety(line, ticks), 1.5) - 4.0 * _repetition(line)
    return likeness + 3.0 * min(1.0, 2 * _sounding(line) / busiest)


def _sounding(notes: Sequence[MidiNote]) -> int:
    return sum(note.offset - note.onset for note in notes)


def _variety(line: Sequence[MidiNote], ticks: int) -> float:
    """How many bits a line's rhythm tells with each note."""
    steps = Counter(round(4 * (b.onset - a.onset) / ticks) for a, b in pairwise(line))
    total = steps.total()
    return -sum(n / total * log2(n / total) for n in steps.values()) if total else 0.0


def _repetition(line: Sequence[MidiNote]) -> float:
    """The largest share of a line's intervals that come again one cell of notes later, as in broken chords."""
    intervals = [b.pitch - a.pitch for a, b in pairwise(line)]
    shares = [0.0]
    for cell in _CELLS:
        if len(intervals) >= 3 * cell:
            again = [a == b for a, b in zip(intervals, intervals[cell:], strict=False)]
            shares.append(sum(again) / len(again))
    return max(shares)


@dataclass(frozen=True, slots=True)
class TopLine:
    """The highest notes of a track, none sounding into the next.

    n_covered: how many notes below them are left out; overlap: the ticks by which most notes were held into the next,
    else 0.
    """

    notes: Sequence[MidiNote]
    n_covered: int
    overlap: int


def top_line(notes: Sequence[MidiNote], ticks: int) -> TopLine:
    """The highest notes of a track.

    Of notes that begin together the highest stays, and so does a note that is held over lower ones; a note that is
    held into the next, as in legato, ends with it. Where a low hand alone plays on, more than an octave under the
    line around it, it is left out.
    """
    line: list[MidiNote] = []
    overlaps: list[int] = []
    struck = _struck(notes, _TOGETHER * ticks)
    most = _LEGATO if len(struck) == len(notes) else _LEGATO_OF_CHORDS
    for note in struck:
        if line and note.onset < line[-1].offset:
            held = line[-1]
            shorter = min(held.offset - held.onset, note.offset - note.onset)
            if note.pitch < held.pitch and _overlap(held, note) > most * shorter:
                continue
            overlaps.append(held.offset - note.onset)
            line[-1] = MidiNote(held.onset, note.onset, held.pitch)
        line.append(note)
    if len(line) < len(notes):
        line = _without_low_hand(line)
    usual = int(median(overlaps)) if 2 * len(overlaps) >= len(line) - 1 and overlaps else 0
    return TopLine(line, len(notes) - len(line), usual)


def _struck(notes: Sequence[MidiNote], reach: float) -> list[MidiNote]:
    """The highest of each group of notes that are struck together."""
    struck: list[MidiNote] = []
    for note in notes:
        if struck and note.onset - struck[-1].onset <= reach and _overlap(struck[-1], note) > reach:
            if note.pitch > struck[-1].pitch:
                struck[-1] = MidiNote(struck[-1].onset, note.offset, note.pitch)
            continue
        struck.append(note)
    return struck


def _overlap(first: MidiNote, second: MidiNote) -> int:
    return min(first.offset, second.offset) - second.onset


def _without_low_hand(line: list[MidiNote]) -> list[MidiNote]:
    pitches = [note.pitch for note in line]
    around = [median(pitches[max(0, place - _NEIGHBOURS) : place + _NEIGHBOURS + 1]) for place in range(len(pitches))]
    kept = [note for note, middle in zip(line, around, strict=True) if note.pitch >= middle - _OCTAVE]
    return kept or line
