"""The notes of one channel of a MIDI track: beginnings and ends brought together."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

from musicedu.formats.midi_names import instrument_name

_DRUM_CHANNEL = 9
_ALL_NOTES_OFF = 123


@dataclass(frozen=True, slots=True)
class MidiNote:
    """A note in ticks."""

    onset: int
    offset: int
    pitch: int


@dataclass(frozen=True, slots=True)
class MidiTrack:
    """What one channel plays in one track.

    name: that of the track, empty without one; silenced: when "all notes off" is said, in ticks, if nothing else is
    said with controllers, as in files of this package, else 0; program: the sound in General MIDI, if there is one;
    label: what people may call it, by its name, its sound or its channel.
    """

    name: str
    is_drums: bool
    notes: tuple[MidiNote, ...]
    silenced: int = 0
    program: int | None = None
    label: str = ""


class Channel:
    """The notes of one channel while a track is read; ticks from the start."""

    def __init__(self) -> None:
        self.struck: dict[int, list[int]] = defaultdict(list)
        self.released: dict[int, list[int]] = defaultdict(list)
        self.program: int | None = None
        self.silenced = self.n_controls = self.n_endless = 0

    def strike(self, pitch: int, tick: int) -> None:
        self.struck[pitch].append(tick)

    def release(self, pitch: int, tick: int) -> None:
        self.released[pitch].append(tick)

    def control(self, number: int, tick: int) -> None:
        self.n_controls += 1
        if number == _ALL_NOTES_OFF:
            self.silenced = tick

    def finished(self, end: int) -> tuple[MidiNote, ...]:
        """The notes in order of onset; those of no duration, as for ornaments and drums, are left out.

        A note that is never ended lasts to the next beginning of its channel, the last to the end of the track.
        """
        notes, endless = [], []
        for pitch, onsets in self.struck.items():
            for onset, offset in _paired(onsets, self.released.get(pitch, [])):
                if offset is None:
                    endless.append((onset, pitch))
                elif offset > onset:
                    notes.append((onset, offset, pitch))
        if endless or not notes:
            notes += self._ended(endless, end)
        return tuple(MidiNote(onset, offset, pitch) for onset, offset, pitch in sorted(notes, key=_in_order))

    def _ended(self, endless: list[tuple[int, int]], end: int) -> list[tuple[int, int, int]]:
        """Notes without an end, and, where all are without duration, those too."""
        onsets = sorted({onset for each in self.struck.values() for onset in each})
        endless = endless or [(onset, pitch) for pitch, each in self.struck.items() for onset in each]
        if not self.silenced:
            self.n_endless = len(endless)
        gaps = sorted(after - before for before, after in pairwise(onsets))
        usual = gaps[len(gaps) // 2] if gaps else 0
        ended = []
        for onset, pitch in endless:
            place = bisect_right(onsets, onset)
            stop = onsets[place] if place < len(onsets) else max(end, self.silenced, onset + usual)
            if stop > onset:
                ended.append((onset, stop, pitch))
        return ended

    def track(self, number: int, notes: tuple[MidiNote, ...], name: str, *, alone: bool) -> MidiTrack:
        """The channel as a track; number: from 0; name: of the track it is in; alone: whether it has it to itself."""
        sound = "" if self.program is None else instrument_name(self.program)
        own = "Drums" if number == _DRUM_CHANNEL else sound or ("" if alone else f"Channel {number + 1}")
        label = name if alone and name else ": ".join(filter(None, (name, own)))
        silenced = self.silenced if self.n_controls == 1 else 0
        return MidiTrack(name, number == _DRUM_CHANNEL, notes, silenced, self.program, label)


def _in_order(note: tuple[int, int, int]) -> tuple[int, int, int]:
    onset, offset, pitch = note
    return onset, pitch, offset


def _paired(onsets: list[int], offsets: list[int]) -> list[tuple[int, int | None]]:
    """Beginnings of one pitch with their ends: first in, first out; where ends are missing, the next one in time."""
    if len(onsets) <= len(offsets):
        pairs, place = [], 0
        for onset in onsets:
            while place < len(offsets) and offsets[place] < onset:
                place += 1
            pairs.append((onset, offsets[place] if place < len(offsets) else None))
            place += 1
        return pairs
    ends: list[tuple[int, int | None]] = []
    place = 0
    for onset, following in zip(onsets, [*onsets[1:], None], strict=True):
        while place < len(offsets) and offsets[place] < onset:
            place += 1
        offset = offsets[place] if place < len(offsets) else None
        ends.append((onset, offset if offset is None or following is None or offset <= following else following))
    return ends
