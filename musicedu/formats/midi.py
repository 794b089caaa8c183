"""MIDI: `render_midi` writes what a `Melody` sounds like, `parse_midi` finds the melody in a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import takewhile
from statistics import fmean

from musicedu.attributes.melody_key import estimate_melody_key
from musicedu.errors import FileProblem
from musicedu.formats.barlines import Layout, irregular_notices, lay_measures
from musicedu.formats.midi_events import MidiFile, MidiTrack, read_events
from musicedu.formats.midi_write import NO_ANACRUSIS, microseconds_a_quarter, render_midi
from musicedu.formats.quantising import quantised, without_overlaps
from musicedu.formats.reading import ANY_LINE, Choice, Reading
from musicedu.melody import Key, KeyAt, Melody, Metre, MetreAt, Note, TempoAt

__all__ = ["parse_midi", "read_midi", "render_midi"]

_LARGEST = 5_000_000  # bytes; an hour of one instrument has a tenth of that
_LONGEST = 20_000  # quarter notes


def parse_midi(data: bytes, where: str = "", *, part: int | str | None = None) -> Melody:
    """Read the melody of a MIDI file; see `read_midi`."""
    return read_midi(data, where, Choice(part=part)).melody


def read_midi(data: bytes, where: str = "", choice: Choice = ANY_LINE) -> Reading:
    """Read the melody of a MIDI file, and say what was chosen or mended.

    `choice.part` chooses one of the tracks that hold notes, counted from 1. Without it drums are passed over, and of
    several single lines the one with the highest mean pitch is taken. Times are quantised (see
    `musicedu.formats.quantising`), pitches are as they sound, spelled by the key; without a key signature the key is
    estimated (`musicedu.attributes.melody_key`). Velocities are not read. Raises `FileProblem` in one line
    if the data is no MIDI file, is damaged, too large or silent, or if two notes sound at once, naming the measure.
    """
    if len(data) > _LARGEST:
        raise FileProblem(f"is larger than {_LARGEST:,} bytes", where=where or "MIDI data")
    midi = read_events(data, where)
    line = _chosen(midi.tracks, choice.part, where)
    ticks = midi.ticks_per_quarter
    if line.notes[-1].offset > _LONGEST * ticks:
        raise FileProblem(f"is longer than {_LONGEST:,} quarter notes", where=where or "MIDI data")
    placed = quantised([(Fraction(note.onset, ticks), Fraction(note.offset, ticks)) for note in line.notes])
    spans = [span for span in placed if span is not None]
    pitches = [note.pitch for note, span in zip(line.notes, placed, strict=True) if span is not None]
    cleared = without_overlaps(spans)
    silenced = Fraction(line.silenced, ticks)
    told = spans[-1][1] <= silenced <= _LONGEST
    layout = _layout(midi, silenced if told else spans[-1][1], where)
    if isinstance(cleared, int):
        raise _polyphonic(spans[cleared + 1][0], layout, where)
    end = silenced if told else _end(cleared[-1][1], layout)
    keys = _keys(midi, end) or (KeyAt(Fraction(0), estimate_melody_key(pitches, [b - a for a, b in cleared])),)
    try:
        melody = Melody(
            notes=tuple(
                Note(onset, offset - onset, _key_at(keys, onset).spell(pitch))
                for (onset, offset), pitch in zip(cleared, pitches, strict=True)
            ),
            duration=end,
            metres=tuple(change for change in layout.metres if change.onset < end),
            keys=keys,
            anacrusis=layout.anacrusis,
            irregular=layout.irregular,
            tempos=_tempos(midi, end),
            title=" ".join(line.name.split()),
        )
    except ValueError as error:
        raise FileProblem(str(error), where=where or "MIDI data") from None
    return Reading(melody, (*layout.notices, *irregular_notices(melody)))


def _chosen(tracks: Sequence[MidiTrack], number: int | str | None, where: str) -> MidiTrack:
    where = where or "MIDI data"
    if not tracks:
        raise FileProblem("is a MIDI file without notes", where=where)
    if number is not None:
        if not isinstance(number, int) or not 1 <= number <= len(tracks):
            raise FileProblem(f"has tracks 1 to {len(tracks)} with notes, not {number}", where=where)
        return tracks[number - 1]
    pitched = [track for track in tracks if not track.is_drums]
    if not pitched:
        raise FileProblem("is a MIDI file with drums only", where=where)
    lines = [track for track in pitched if not isinstance(_cleared(track), int)]
    return max(lines or pitched, key=lambda track: fmean(note.pitch for note in track.notes))


def _cleared(track: MidiTrack) -> object:
    return without_overlaps([(Fraction(note.onset), Fraction(note.offset)) for note in track.notes])


def _polyphonic(onset: Fraction, layout: Layout, where: str) -> FileProblem:
    held = tuple(takewhile(lambda change: change.onset <= onset, layout.metres))
    irregular = tuple(one for one in layout.irregular if one.onset + one.duration <= onset)
    before = Melody((), onset + 1, held, anacrusis=layout.anacrusis, irregular=irregular)
    number = before.measure_at(onset).number
    return FileProblem(
        f"two notes sound at once in measure {number}, so it is not a single melodic line",
        where=where or "MIDI data",
        remedy="Export the melody on a track of its own.",
    )


def _layout(midi: MidiFile, end: Fraction, where: str) -> Layout:
    """The measures; an anacrusis is a first measure shorter than the next, with a metre of its own."""
    declared = []
    for tick, (numerator, denominator) in sorted(midi.metres.items()):
        onset = Fraction(tick, midi.ticks_per_quarter)
        try:
            declared.append(MetreAt(onset, Metre(numerator, denominator)))
        except ValueError as error:
            raise FileProblem(f"has the metre {numerator}/{denominator}: {error}", where=where or "MIDI data") from None
    declared = [change for change in declared if change.onset < end]
    if not declared or declared[0].onset:
        declared.insert(0, MetreAt(Fraction(0), Metre(4, 4)))
    first, second = declared[0], declared[1] if len(declared) > 1 else None
    follows = second is not None and first.metre.duration == second.onset < second.metre.duration
    if second is not None and follows and midi.markers.get(0) != NO_ANACRUSIS:
        laid = lay_measures(declared[1:], [], end)
        return replace(
            laid, metres=(MetreAt(Fraction(0), laid.metres[0].metre), *laid.metres[1:]), anacrusis=second.onset
        )
    return lay_measures(declared, [], end)


def _end(sounding: Fraction, layout: Layout) -> Fraction:
    """Where a melody ends whose notes are nowhere told to stop: at the end of the last measure with a note."""
    anacrusis = layout.anacrusis
    last = Melody((), sounding, layout.metres, anacrusis=anacrusis, irregular=layout.irregular).measures[-1]
    if not last.number:
        return last.offset
    full = last.onset + last.metre.duration
    return full - anacrusis if anacrusis and sounding <= full - anacrusis else full


def _keys(midi: MidiFile, end: Fraction) -> tuple[KeyAt, ...]:
    keys = {Fraction(tick, midi.ticks_per_quarter): key for tick, key in midi.keys.items()}
    changes = [
        KeyAt(onset, Key(sharps, "minor" if is_minor else "major"))
        for onset, (sharps, is_minor) in sorted(keys.items())
        if onset < end
    ]
    if changes and changes[0].onset:
        changes.insert(0, KeyAt(Fraction(0), Key(0)))
    return tuple(changes)


def _key_at(keys: Sequence[KeyAt], onset: Fraction) -> Key:
    return next(change.key for change in reversed(keys) if change.onset <= onset)


def _tempos(midi: MidiFile, end: Fraction) -> tuple[TempoAt, ...]:
    placed = [(Fraction(tick, midi.ticks_per_quarter), tempo) for tick, tempo in sorted(midi.tempos.items())]
    return tuple(
        TempoAt(onset, _plain_tempo(tempo)) for onset, tempo in placed if onset < end and tempo > 60_000_000 / 1000
    )


def _plain_tempo(microseconds: int) -> Fraction:
    """The simplest tempo that MIDI would store as this many microseconds a quarter note."""
    exact = Fraction(60_000_000, microseconds)
    for denominator in range(1, 101):
        tempo_bpm = Fraction(round(exact * denominator), denominator)
        if tempo_bpm > 0 and microseconds_a_quarter(tempo_bpm) == microseconds:
            return tempo_bpm
    return exact
