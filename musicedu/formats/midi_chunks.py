"""The chunks of a MIDI file: its head and the bodies of its tracks, also where lengths are wrong."""

from __future__ import annotations

from musicedu.errors import FileProblem

_HEAD, _TRACK = b"MThd", b"MTrk"
_SHORTEST_HEAD = 14
_FIRST_HEAD = 1024  # bytes in which a head is looked for, behind what other programs put before it
_END_OF_TRACK = b"\xff\x2f\x00"


def head_and_tracks(data: bytes, where: str) -> tuple[int, int, list[bytes], list[str]]:
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
