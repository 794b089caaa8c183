"""The events of a Standard MIDI File, read from bytes that nobody vouches for.

Own code where symusic would do, since symusic 0.5.9 ends the whole process on some damaged files. Format:
MIDI Manufacturers Association (1996), *Standard MIDI Files 1.0*.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from musicedu.errors import FileProblem

_DRUM_CHANNEL = 9
_DATA_BYTES = {0x80: 2, 0x90: 2, 0xA0: 2, 0xB0: 2, 0xC0: 1, 0xD0: 1, 0xE0: 2}
_META, _SYSEX, _SYSEX_GOES_ON = 0xFF, 0xF0, 0xF7
_ALL_NOTES_OFF = 123
_NAME, _MARKER, _END, _TEMPO, _METRE, _KEY = 0x03, 0x06, 0x2F, 0x51, 0x58, 0x59


@dataclass(frozen=True, slots=True)
class MidiNote:
    """A note in ticks."""

    onset: int
    offset: int
    pitch: int


@dataclass(frozen=True, slots=True)
class MidiTrack:
    """What one channel plays in one track; `silenced` is when "all notes off" is said last, in ticks, or 0."""

    name: str
    is_drums: bool
    notes: tuple[MidiNote, ...]
    silenced: int = 0


@dataclass(slots=True)
class MidiFile:
    """Notes by track, and what holds for all of them, by tick.

    metres: (numerator, denominator); keys: (sharps, flats negative; whether minor); tempos: microseconds a quarter.
    """

    ticks_per_quarter: int
    tracks: list[MidiTrack] = field(default_factory=list)
    metres: dict[int, tuple[int, int]] = field(default_factory=dict)
    keys: dict[int, tuple[int, bool]] = field(default_factory=dict)
    tempos: dict[int, int] = field(default_factory=dict)
    markers: dict[int, str] = field(default_factory=dict)


def read_events(data: bytes, where: str = "") -> MidiFile:
    """Read a MIDI file of format 0 or 1; raises `FileProblem` for anything else, or if it is cut short or damaged."""
    try:
        return _read_file(data)
    except _BrokenError as error:
        raise FileProblem(str(error), where=where or "MIDI data", remedy=error.remedy) from None
    except IndexError:
        raise FileProblem("is a MIDI file that is cut short or damaged", where=where or "MIDI data") from None


class _BrokenError(Exception):
    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(problem)
        self.remedy = remedy


def _read_file(data: bytes) -> MidiFile:
    if not data:
        raise _BrokenError("is empty")
    if data[:4] != b"MThd" or len(data) < 14:
        raise _BrokenError("is not a MIDI file", "A MIDI file begins with the letters MThd.")
    kind, division = int.from_bytes(data[8:10]), int.from_bytes(data[12:14])
    if kind > 1:
        raise _BrokenError(f"is a MIDI file of format {kind}; formats 0 and 1 can be read")
    if division & 0x8000 or not division:
        raise _BrokenError(
            "counts time in film frames instead of quarter notes", "Export it again with ticks per quarter."
        )
    midi = MidiFile(division)
    for body in _chunks(data):
        _read_track(body, midi)
    return midi


def _chunks(data: bytes) -> Iterator[bytes]:
    position = 8 + int.from_bytes(data[4:8])
    while position + 8 <= len(data):
        start, length = position + 8, int.from_bytes(data[position + 4 : position + 8])
        if data[position : position + 4] == b"MTrk":
            if start + length > len(data):
                raise _BrokenError("is a MIDI file that is cut short", "Export or download it again.")
            yield data[start : start + length]
        position = start + length


class _Channel:
    """The notes of one channel while a track is read."""

    def __init__(self) -> None:
        self.notes: list[MidiNote] = []
        self.sounding: dict[int, list[int]] = defaultdict(list)
        self.silenced = 0

    def strike(self, pitch: int, tick: int) -> None:
        self.sounding[pitch].append(tick)

    def release(self, pitch: int, tick: int) -> None:
        if self.sounding[pitch]:
            onset = self.sounding[pitch].pop(0)
            if tick > onset:
                self.notes.append(MidiNote(onset, tick, pitch))

    def release_all(self, tick: int) -> None:
        for pitch, onsets in self.sounding.items():
            for _ in list(onsets):
                self.release(pitch, tick)


def _read_track(body: bytes, midi: MidiFile) -> None:
    channels: dict[int, _Channel] = defaultdict(_Channel)
    position, tick, running, name = 0, 0, 0, ""
    while position < len(body):
        delta, position = _variable_length(body, position)
        tick += delta
        status = body[position]
        if status == _META:
            length, start = _variable_length(body, position + 2)
            kind, payload, position = body[position + 1], body[start : start + length], start + length
            if position > len(body):
                raise IndexError
            if kind == _END:
                break
            if kind == _NAME:
                name = name or payload.decode("utf-8", errors="replace")
            else:
                _read_meta(kind, payload, tick, midi)
        elif status in (_SYSEX, _SYSEX_GOES_ON):
            length, position = _variable_length(body, position + 1)
            position += length
        else:
            if status & 0x80:
                running, position = status, position + 1
            count = _DATA_BYTES.get(running & 0xF0)
            if count is None:
                raise _BrokenError("is a MIDI file that is damaged: an event has no kind")
            values = [body[position + index] for index in range(count)]
            position += count
            _read_voice(running, values, tick, channels[running & 0x0F])
    for number, channel in sorted(channels.items()):
        channel.release_all(tick)
        if channel.notes:
            notes = tuple(sorted(channel.notes, key=lambda note: (note.onset, note.pitch, note.offset)))
            midi.tracks.append(MidiTrack(name, number == _DRUM_CHANNEL, notes, channel.silenced))


def _read_voice(status: int, values: list[int], tick: int, channel: _Channel) -> None:
    if any(value > 127 for value in values):
        raise _BrokenError("is a MIDI file that is damaged: an event has a value above 127")
    kind = status & 0xF0
    if kind == 0x90 and values[1]:
        channel.strike(values[0], tick)
    elif kind in (0x80, 0x90):
        channel.release(values[0], tick)
    elif kind == 0xB0 and values[0] == _ALL_NOTES_OFF:
        channel.silenced = tick


def _read_meta(kind: int, payload: bytes, tick: int, midi: MidiFile) -> None:
    if kind == _TEMPO and len(payload) == 3 and any(payload):
        midi.tempos[tick] = int.from_bytes(payload)
    elif kind == _METRE and len(payload) >= 2:
        midi.metres[tick] = (payload[0], 2 ** min(payload[1], 16))
    elif kind == _KEY and len(payload) == 2:
        sharps = int.from_bytes(payload[:1], signed=True)
        if -7 <= sharps <= 7:
            midi.keys[tick] = (sharps, payload[1] == 1)
    elif kind == _MARKER:
        midi.markers[tick] = payload.decode("utf-8", errors="replace")


def _variable_length(body: bytes, position: int) -> tuple[int, int]:
    """Read a variable-length quantity: (value, where the next byte is)."""
    value = 0
    for _ in range(4):
        byte = body[position]
        value, position = value << 7 | byte & 0x7F, position + 1
        if not byte & 0x80:
            return value, position
    raise _BrokenError("is a MIDI file that is damaged: a time is longer than four bytes")
