"""The events of a Standard MIDI File, read from bytes that nobody vouches for.

Own code where symusic would do, since symusic 0.5.9 ends the whole process on some damaged files. Format:
MIDI Manufacturers Association (1996), *Standard MIDI Files 1.0*. What can be read is read, and what had to be passed
over is said.
The chunks of a file, its head and the bodies of its tracks, are found also where lengths are wrong.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

from musicedu.errors import FileProblem
from musicedu.formats.midi_channels import Channel, MidiNote, MidiTrack
from musicedu.formats.midi_names import decode_text

__all__ = ["MidiFile", "MidiNote", "MidiTrack", "read_events"]

_DATA_BYTES = {0x80: 2, 0x90: 2, 0xA0: 2, 0xB0: 2, 0xC0: 1, 0xD0: 1, 0xE0: 2}
_SYSTEM_BYTES = {0xF1: 1, 0xF2: 2, 0xF3: 1}
_META, _SYSEX, _SYSEX_GOES_ON = 0xFF, 0xF0, 0xF7
_NAME, _MARKER, _END, _TEMPO, _METRE, _KEY = 0x03, 0x06, 0x2F, 0x51, 0x58, 0x59
_LARGEST = 5_000_000  # bytes; an hour of one instrument has a tenth of that
_MOST_EVENTS = 400_000
_FRAME_SEC = {24: Fraction(1, 24), 25: Fraction(1, 25), 29: Fraction(1001, 30_000), 30: Fraction(1, 30)}
_HEAD, _TRACK = b"MThd", b"MTrk"
_SHORTEST_HEAD = 14
_FIRST_HEAD = 1024  # bytes in which a head is looked for, behind what other programs put before it
_END_OF_TRACK = b"\xff\x2f\x00"


@dataclass(slots=True)
class MidiFile:
    """Notes by track, and what holds for all of them, by tick.

    metres: (numerator, the power of two of the denominator); keys: (sharps, flats negative; 1 for minor); tempos:
    microseconds a quarter; all as they are given, sense or nonsense. tick_sec: seconds a tick where the file counts
    film frames; a quarter note is half a second there. title: the name of a first track without notes. notices: what
    was passed over or mended.
    """

    ticks_per_quarter: int
    tracks: list[MidiTrack] = field(default_factory=list)
    metres: dict[int, tuple[int, int]] = field(default_factory=dict)
    keys: dict[int, tuple[int, int]] = field(default_factory=dict)
    tempos: dict[int, int] = field(default_factory=dict)
    markers: dict[int, str] = field(default_factory=dict)
    title: str = ""
    notices: list[str] = field(default_factory=list)
    n_events: int = 0
    tick_sec: Fraction | None = None


def read_events(data: bytes, where: str = "") -> MidiFile:
    """Read a MIDI file of format 0 or 1, also inside RIFF; a channel of a track is a track of its own.

    Damaged tracks are read as far as they go. Raises `FileProblem` for what is no MIDI file or has several pieces
    (format 2), and past 5,000,000 bytes or 400,000 events.
    """
    where = where or "MIDI data"
    if len(data) > _LARGEST:
        raise FileProblem(f"is larger than {_LARGEST:,} bytes", where=where)
    kind, division, bodies, notices = _head_and_tracks(data, where)
    tick_sec = _tick_sec(division)
    if not division or (division & 0x8000 and tick_sec is None):
        raise no_quarters(where)
    if kind == 2 and len(bodies) > 1:
        raise FileProblem(
            "is a MIDI file of format 2, several pieces in one; formats 0 and 1 can be read",
            where=where,
            remedy="Export it again as format 1.",
        )
    ticks = division if tick_sec is None else round(1 / (2 * tick_sec))
    midi = MidiFile(ticks, notices=notices, tick_sec=tick_sec)
    for number, body in enumerate(bodies, start=1):
        _TrackReader(body, midi, number, where).read()
    return midi


def no_quarters(where: str) -> FileProblem:
    """The error for a file that does not say what a quarter note is."""
    return FileProblem(
        "counts time in film frames instead of quarter notes",
        where=where,
        remedy="Export it again with ticks per quarter.",
    )


def _tick_sec(division: int) -> Fraction | None:
    """The duration of a tick where a second is divided into film frames and these into ticks; None where none is."""
    frames, ticks = 256 - (division >> 8), division & 0xFF
    if not division & 0x8000 or frames not in _FRAME_SEC or not ticks:
        return None
    return _FRAME_SEC[frames] / ticks


class _DamageError(Exception):
    """A track that cannot be read on."""


class _TrackReader:
    """Reads one track into the file."""

    def __init__(self, body: bytes, midi: MidiFile, number: int, where: str) -> None:
        self.body, self.midi, self.number, self.where = body, midi, number, where
        self.position, self.tick, self.running, self.name = 0, 0, 0, ""
        self.channels: dict[int, Channel] = defaultdict(Channel)

    def read(self) -> None:
        try:
            while self.position < len(self.body) and self.event():
                self.midi.n_events += 1
                if self.midi.n_events > _MOST_EVENTS:
                    raise FileProblem(
                        f"holds more than {_MOST_EVENTS:,} events, which is the limit",
                        where=self.where,
                        remedy="Export the melody alone.",
                    )
        except (_DamageError, IndexError):
            quarter = self.tick / self.midi.ticks_per_quarter
            self.midi.notices.append(
                f"Track {self.number} is damaged or cut short: read up to quarter note {quarter:g}"
            )
        self.finish()

    def finish(self) -> None:
        found = [(number, self.channels[number].finished(self.tick)) for number in sorted(self.channels)]
        sounding = [(number, notes) for number, notes in found if notes]
        n_endless = sum(self.channels[number].n_endless for number, _ in sounding)
        if n_endless:
            they = "note is never ended: it lasts" if n_endless == 1 else "notes are never ended: each lasts"
            self.midi.notices.append(f"{n_endless} {they} to the next one")
        if not sounding and not self.midi.title:
            self.midi.title = self.name if self.number == 1 else ""
        for number, notes in sounding:
            channel, alone = self.channels[number], len(sounding) == 1
            self.midi.tracks.append(channel.track(number, notes, self.name, self.number, alone=alone))

    def event(self) -> bool:
        """Read one event; False at the end of the track."""
        body = self.body
        self.tick += self.length()
        status = body[self.position]
        if status == _META:
            kind = body[self.position + 1]
            self.position += 2
            payload = self.payload()
            if kind == _END:
                return False
            if kind == _NAME:
                self.name = self.name or decode_text(payload)
            else:
                _read_meta(kind, payload, self.tick, self.midi)
        elif status in (_SYSEX, _SYSEX_GOES_ON):
            self.position += 1
            self.payload()
        elif status > _SYSEX:
            self.position += 1 + _SYSTEM_BYTES.get(status, 0)
        else:
            self.voice(status)
        return True

    def voice(self, status: int) -> None:
        if status & 0x80:
            self.running = status
            self.position += 1
        count = _DATA_BYTES.get(self.running & 0xF0)
        if count is None:
            raise _DamageError
        first = self.body[self.position]
        second = self.body[self.position + 1] if count == 2 else 0
        if (first | second) & 0x80:
            raise _DamageError
        self.position += count
        channel = self.channels[self.running & 0x0F]
        kind = self.running & 0xF0
        if kind == 0x90 and second:
            channel.strike(first, self.tick, second)
        elif kind in (0x80, 0x90):
            channel.release(first, self.tick)
        elif kind == 0xB0:
            channel.control(first, second, self.tick)
        elif kind == 0xC0:
            channel.program = first if channel.program is None else channel.program

    def payload(self) -> bytes:
        length = self.length()
        start = self.position
        self.position += length
        if self.position > len(self.body):
            raise _DamageError
        return self.body[start : self.position]

    def length(self) -> int:
        """Read a variable-length quantity."""
        value, body = 0, self.body
        for _ in range(4):
            byte = body[self.position]
            self.position += 1
            value = value << 7 | byte & 0x7F
            if not byte & 0x80:
                return value
        raise _DamageError


def _read_meta(kind: int, payload: bytes, tick: int, midi: MidiFile) -> None:
    if kind == _TEMPO and len(payload) == 3:
        midi.tempos[tick] = int.from_bytes(payload)
    elif kind == _METRE and len(payload) >= 2:
        midi.metres[tick] = (payload[0], payload[1])
    elif kind == _KEY and len(payload) == 2:
        midi.keys[tick] = (int.from_bytes(payload[:1], signed=True), payload[1])
    elif kind == _MARKER:
        midi.markers[tick] = decode_text(payload)


def _head_and_tracks(data: bytes, where: str) -> tuple[int, int, list[bytes], list[str]]:
    """The format, the division of time and the tracks' bodies of a file, and what was passed over.

    A file inside RIFF, as Windows has them, is read too. A track whose length is wrong ends with its "end of track" or
    where the next begins. Raises `FileProblem` for what is no MIDI file.
    """
    if not data:
        raise FileProblem("is empty", where=where)
    begin = data.find(_HEAD, 0, _FIRST_HEAD)
    if begin < 0 or len(data) < begin + _SHORTEST_HEAD:
        raise FileProblem("is not a MIDI file", where=where, remedy="A MIDI file begins with the letters MThd.")
    notices = []
    if begin and data[:4] != b"RIFF":
        notices.append(f"Passed over {begin} bytes before its beginning")
    kind, division = _number(data, begin + 8, 2), _number(data, begin + 12, 2)
    position = begin + 8 + _number(data, begin + 4, 4)
    if data[position : position + 4] != _TRACK and data[begin + 14 : begin + 18] == _TRACK:
        position = begin + 14
    bodies, passed = _tracks(data, position)
    return kind, division, bodies, notices + ([] if data[:4] == b"RIFF" else passed)


def _tracks(data: bytes, position: int) -> tuple[list[bytes], list[str]]:
    bodies: list[bytes] = []
    passed: dict[str, None] = {}  # in order, each once
    while position + 8 <= len(data):
        name, start = data[position : position + 4], position + 8
        stop = start + _number(data, position + 4, 4)
        if name == _TRACK:
            stop, is_mended = _end_of_track(data, start, stop)
            if is_mended:
                passed[f"The length of track {len(bodies) + 1} is wrong: read as far as it goes"] = None
            bodies.append(data[start:stop])
        elif _is_name(name) and stop <= len(data):
            passed[f"Passed over a part called {name.decode('ascii').strip()}, which is no track"] = None
        else:
            stop = data.find(_TRACK, position)
            if stop < 0:
                break
            passed[f"Passed over {stop - position} bytes that belong to no track"] = None
        position = stop
    if data[position:].strip(b"\0"):
        passed[f"Passed over {len(data) - position} bytes after its end"] = None
    return bodies, list(passed)


def _end_of_track(data: bytes, start: int, stop: int) -> tuple[int, bool]:
    """Where a track ends, and whether that is not where its length says."""
    if stop == len(data) or (stop < len(data) and _is_name(data[stop : stop + 4])):
        return stop, False
    if stop < len(data) and data[start:stop].endswith(_END_OF_TRACK):
        return stop, False  # bytes of no meaning follow
    following = data.find(_TRACK, start)
    last = following if following >= 0 else len(data)
    end = data.find(_END_OF_TRACK, max(start, last - 64) if following >= 0 else start, last)
    return (end + len(_END_OF_TRACK) if end >= 0 else last), True


def _is_name(name: bytes) -> bool:
    return len(name) == 4 and all(0x20 <= letter < 0x7F for letter in name)


def _number(data: bytes, at: int, length: int) -> int:
    return int.from_bytes(data[at : at + length])
