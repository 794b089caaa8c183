"""A take: what somebody played on a keyboard and recorded as MIDI, in seconds; nothing is put on a grid."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from musicedu.formats.midi_channels import MidiNote, MidiTrack
from musicedu.formats.midi_events import MidiFile, read_events
from musicedu.formats.midi_lines import choose_track
from musicedu.formats.midi_marks import sensible_tempos
from musicedu.formats.reading import counted
from musicedu.played import PlayedNote

_USUAL_TEMPO = 500_000  # microseconds a quarter note until a file names a tempo


@dataclass(frozen=True, slots=True)
class Take:
    """What was played, in the order of the onsets, and sentences for people about what is not as in the file."""

    notes: tuple[PlayedNote, ...]
    notices: tuple[str, ...] = ()


def read_played(data: bytes, where: str = "", part: int | str | None = None) -> Take:
    """Read what one player played in a MIDI file: seconds from the beginning of the file, by its tempos or film frames.

    `part` chooses one of the tracks that hold notes, all its channels together but for drums, by its number from 1 or
    its name; without it the one most like a melody is taken (`musicedu.formats.midi_lines`). A note lasts as long as
    it sounds: what the sustain pedal holds ends when the pedal comes up or the key is struck again. A key that is
    struck again while it is down is released first in, first out; a note that is never ended lasts to the next one.
    Raises `FileProblem` in one line if the data is no MIDI file, too large or silent.
    """
    where = where or "MIDI data"
    midi = read_events(data, where)
    channels: dict[tuple[int, bool], list[MidiTrack]] = defaultdict(list)
    for channel in midi.tracks:
        channels[channel.place, channel.is_drums].append(channel)
    tracks = [_together(group) for group in channels.values()]
    track, notices = choose_track(tracks, part, midi.ticks_per_quarter, where)
    sounding, n_held = [], 0
    for channel in channels[track.place, track.is_drums]:
        held = _sounding(channel)
        n_held += sum(note != plain for note, plain in zip(held, channel.notes, strict=True))
        sounding += held
    clock = _Clock(midi)
    notes = tuple(
        PlayedNote(clock.seconds(note.onset), clock.seconds(note.offset), note.pitch, note.velocity)
        for note in sorted(sounding, key=lambda note: (note.onset, note.pitch, note.offset))
    )
    said = [f"The sustain pedal holds {counted(n_held, 'note')} longer than the keys"] if n_held else []
    return Take(notes, tuple(dict.fromkeys((*midi.notices, *notices, *said, *clock.notices))))


def _together(channels: Sequence[MidiTrack]) -> MidiTrack:
    """The channels of one track as one: a keyboard sends each of its halves, or sounds, on a channel of its own."""
    if len(channels) == 1:
        return channels[0]
    most = max(channels, key=lambda channel: len(channel.notes))
    notes = sorted((note for channel in channels for note in channel.notes), key=lambda note: (note.onset, note.pitch))
    return replace(most, notes=tuple(notes), label=most.name or ", ".join(channel.label for channel in channels))


def _sounding(channel: MidiTrack) -> list[MidiNote]:
    """The notes of a channel, held as long as the sustain pedal holds them."""
    downs = [down for down, _ in channel.pedal]
    struck: dict[int, list[int]] = defaultdict(list)
    for note in channel.notes:
        struck[note.pitch].append(note.onset)
    held = []
    for note in channel.notes:
        place = bisect_left(downs, note.offset) - 1  # a pedal that comes down as the key comes up is too late
        up = channel.pedal[place][1] if place >= 0 else 0
        if up > note.offset:
            again = bisect_left(struck[note.pitch], note.offset)
            up = min([up, *struck[note.pitch][again : again + 1]])
        held.append(replace(note, offset=max(note.offset, up)))
    return held


class _Clock:
    """When a tick is, in seconds from the beginning."""

    def __init__(self, midi: MidiFile) -> None:
        self.tick_sec, self.ticks_per_quarter = midi.tick_sec, midi.ticks_per_quarter
        tempos, self.notices = sensible_tempos(midi)
        self.ticks, self.tempos, self.times = [0], [_USUAL_TEMPO], [0]  # a time: microseconds times ticks a quarter
        for tick, tempo in tempos:
            self.times.append(self.times[-1] + (tick - self.ticks[-1]) * self.tempos[-1])
            self.ticks.append(tick)
            self.tempos.append(tempo)

    def seconds(self, tick: int) -> float:
        if self.tick_sec is not None:
            return float(tick * self.tick_sec)
        place = bisect_right(self.ticks, tick) - 1
        time = self.times[place] + (tick - self.ticks[place]) * self.tempos[place]
        return time / (1_000_000 * self.ticks_per_quarter)
