"""MIDI files byte by byte, as no library would write them."""

from musicedu.melody import Melody

SCALE = (60, 62, 64, 65, 67, 69, 71, 72)


def length(value):
    """A variable-length quantity."""
    digits = [value & 0x7F]
    while value := value >> 7:
        digits.append(value & 0x7F | 0x80)
    return bytes(reversed(digits))


def chunk(name, body, said=None):
    return name + (len(body) if said is None else said).to_bytes(4, "big") + body


def meta(kind, payload, delta=0):
    return length(delta) + bytes([0xFF, kind]) + length(len(payload)) + payload


END = meta(0x2F, b"")


def head(form=1, n_tracks=1, ticks=480):
    return chunk(b"MThd", form.to_bytes(2, "big") + n_tracks.to_bytes(2, "big") + ticks.to_bytes(2, "big"))


def events(notes, channel=0):
    """The events of (onset, duration, pitch) in ticks."""
    timed = [(onset, 1, bytes([0x90 + channel, pitch, 80])) for onset, duration, pitch in notes]
    timed += [(onset + duration, 0, bytes([0x80 + channel, pitch, 0])) for onset, duration, pitch in notes]
    body, now = b"", 0
    for tick, _, event in sorted(timed):
        body, now = body + length(tick - now) + event, tick
    return body


def track(*parts, end=END):
    return chunk(b"MTrk", b"".join(parts) + end)


def scale(ticks=480, gate=1.0, pitches=SCALE):
    return [(rank * ticks, int(ticks * gate), pitch) for rank, pitch in enumerate(pitches)]


def played(melody: Melody, ticks, lengths):
    """The notes of a melody in ticks; lengths: of a note in ticks, from that of its value."""
    return [
        (round(note.onset * ticks), max(1, lengths(round(note.offset * ticks) - round(note.onset * ticks))), note.pitch)
        for note in melody.notes
    ]


def single(notes, ticks=480, *, before=b""):
    """A file of one track."""
    return head(0, 1, ticks) + track(before, events(notes))
