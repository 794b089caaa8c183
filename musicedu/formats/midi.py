"""MIDI: `render_midi` writes what a `Melody` sounds like, `parse_midi` finds the melody in a file."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from musicedu.errors import FileProblem
from musicedu.formats.barlines import irregular_notices
from musicedu.formats.gating import Lengths, written_lengths
from musicedu.formats.midi_channels import MidiNote
from musicedu.formats.midi_events import no_quarters, read_events
from musicedu.formats.midi_lines import LONGEST, TopLine, choose_track, top_line
from musicedu.formats.midi_marks import end_of, key_at, keys_of, layout_of, tempos_of
from musicedu.formats.midi_write import render_midi
from musicedu.formats.quantising import Onsets, written_onsets
from musicedu.formats.reading import ANY_LINE, Choice, Reading
from musicedu.melody import Melody, Note

__all__ = ["parse_midi", "read_midi", "render_midi"]


def parse_midi(data: bytes, where: str = "", *, part: int | str | None = None) -> Melody:
    """Read the melody of a MIDI file; see `read_midi`."""
    return read_midi(data, where, Choice(part=part)).melody


def read_midi(data: bytes, where: str = "", choice: Choice = ANY_LINE) -> Reading:
    """Read the melody of a MIDI file, and say what was chosen, mended or passed over.

    `choice.part` chooses one of the tracks that hold notes (each channel of a track is one), by its number from 1 or
    its name; without it the one most like a melody is taken (`musicedu.formats.midi_lines`), and where notes sound
    together the highest. Onsets are put on a grid (`musicedu.formats.quantising`), lengths that were shortened for
    playback become note values (`musicedu.formats.gating`); files of this package are read as they are. Pitches are as
    they sound, spelled by the key, which is estimated where none is given. Velocities are not read. Raises
    `FileProblem` in one line if the data is no MIDI file, too large or silent, or counts film frames.
    """
    where = where or "MIDI data"
    midi = read_events(data, where)
    if midi.tick_sec is not None:
        raise no_quarters(where)
    ticks = midi.ticks_per_quarter
    track, notices = choose_track(midi.tracks, choice.part, ticks, where)
    top = top_line(track.notes, ticks)
    is_trusted = not top.n_covered and track.silenced >= top.notes[-1].offset
    kept, lengths, said = _written(top, ticks, is_exact=is_trusted)
    pitches, spans = [note.pitch for note in kept], lengths.spans
    silenced = Fraction(track.silenced, ticks)
    told = spans[-1][1] <= silenced <= LONGEST
    layout, of_metres = layout_of(midi, silenced if told else spans[-1][1], where, is_trusted=is_trusted)
    end = silenced if told else end_of(spans[-1][1], layout)
    keys, of_keys = keys_of(midi, end, pitches, spans, where, is_trusted=is_trusted)
    tempos, of_tempos = tempos_of(midi, end)
    key_onsets = [change.onset for change in keys]
    try:
        melody = Melody(
            notes=tuple(
                Note(onset, offset - onset, key_at(keys, key_onsets, onset).spell(pitch))
                for (onset, offset), pitch in zip(spans, pitches, strict=True)
            ),
            duration=end,
            metres=tuple(change for change in layout.metres if change.onset < end),
            keys=keys,
            anacrusis=layout.anacrusis,
            irregular=layout.irregular,
            tempos=tempos,
            title=midi.title or track.name,
        )
    except ValueError as error:
        raise FileProblem(str(error), where=where) from None
    of_measures = [*of_metres, *layout.notices, *irregular_notices(melody)]
    return Reading(melody).noting(
        [*midi.notices, *notices, *said, *lengths.notices, *of_measures, *of_keys, *of_tempos]
    )


def _written(top: TopLine, ticks: int, *, is_exact: bool) -> tuple[Sequence[MidiNote], Lengths, list[str]]:
    """The notes of the line that were meant, where they stand, and what is to be said of it."""
    said = []
    if top.n_covered:
        said.append(f"Several notes sound at once: the highest are taken, {top.n_covered} under them left out")
    if top.overlap:
        said.append("The notes are held into the next: each ends where the next begins")
    onsets = written_onsets([note.onset for note in top.notes], ticks)
    if is_exact and not onsets.is_played:
        spans = [(Fraction(note.onset, ticks), Fraction(note.offset, ticks)) for note in top.notes]
        return top.notes, Lengths(tuple(spans), ()), said
    if onsets.is_played:
        said.append("The times are as played: each note is put on the nearest step that explains it")
    notes, places = _without_ornaments(top.notes, onsets.places)
    if len(notes) < len(top.notes):
        said.append(f"{len(top.notes) - len(notes)} notes too short for their place are left out")
    return notes, written_lengths(notes, Onsets(places, onsets.steps, onsets.is_played), ticks, top.overlap), said


def _without_ornaments(
    notes: Sequence[MidiNote], places: Sequence[Fraction]
) -> tuple[list[MidiNote], tuple[Fraction, ...]]:
    """Of notes on one place the longest."""
    kept: dict[Fraction, MidiNote] = {}
    for note, place in zip(notes, places, strict=True):
        other = kept.get(place)
        if other is None or note.offset - note.onset >= other.offset - other.onset:
            kept[place] = note
    return list(kept.values()), tuple(kept)
