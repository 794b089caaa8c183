"""The notes of one channel of a MIDI track: beginnings and ends brought together."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

from musicedu.formats.midi_names import instrument_name
from musicedu.played import UNKNOWN_VELOCITY

_DRUM_CHANNEL = 9
_SUSTAIN, _ALL_SOUND_OFF, _RESET, _ALL_NOTES_OFF = 64, 120, 121, 123
_DOWN = 64  # a pedal's value from which it is down


@dataclass(frozen=True, slots=True)
class MidiNote:
    """A note in ticks; velocity: how hard it was struck, 1 to 127."""

    onset: int
    offset: int
    pitch: int
    velocity: int = UNKNOWN_VELOCITY


@dataclass(frozen=True, slots=True)
class MidiTrack:
    """What one channel plays in one track.

    name: that of the track, empty without one; silenced: when "all notes off" is said, in ticks, if nothing else is
    said with controllers, as in files of this package, else 0; program: the sound in General MIDI, if there is one;
    label: what people may call it, by its name, its sound or its channel; place: which track of the file it is in, from
    1; pedal: from when to when the sustain pedal is down, in ticks.
    """

    name: str
    is_drums: bool
    notes: tuple[MidiNote, ...]
    silenced: int = 0
    program: int | None = None
    label: str = ""
    place: int = 0
    pedal: tuple[tuple[int, int], ...] = ()


class Channel:
    """The notes of one channel while a track is read; ticks from the start."""

    def __init__(self) -> None:
        self.struck: dict[int, list[int]] = defaultdict(list)
        self.velocities: dict[int, list[int]] = defaultdict(list)
        self.released: dict[int, list[int]] = defaultdict(list)
        self.program: int | None = None
        self.silenced = self.n_controls = self.n_endless = 0
        self.pedal: list[tuple[int, int]] = []
        self.pedal_down: int | None = None

    def strike(self, pitch: int, tick: int, velocity: int) -> None:
        self.struck[pitch].append(tick)
        self.velocities[pitch].append(velocity)

    def release(self, pitch: int, tick: int) -> None:
        self.released[pitch].append(tick)

    def control(self, number: int, value: int, tick: int) -> None:
        self.n_controls += 1
        if number == _ALL_NOTES_OFF:
            self.silenced = tick
        elif number == _SUSTAIN and value >= _DOWN:
            self.pedal_down = tick if self.pedal_down is None else self.pedal_down
        elif number in (_SUSTAIN, _ALL_SOUND_OFF, _RESET):
            self.lift_pedal(tick)

    def lift_pedal(self, tick: int) -> None:
        if self.pedal_down is not None:
            self.pedal.append((self.pedal_down, tick))
        self.pedal_down = None

    def finished(self, end: int) -> tuple[MidiNote, ...]:
        """The notes in order of onset; those of no duration, as for ornaments and drums, are left out.

        A note that is never ended lasts to the next beginning of its channel, the last to the end of the track.
        """
        self.lift_pedal(end)
        notes, endless = [], []
        for pitch, onsets in self.struck.items():
            pairs = _paired(onsets, self.released.get(pitch, []))
            for (onset, offset), velocity in zip(pairs, self.velocities[pitch], strict=True):
                if offset is None:
                    endless.append((onset, pitch, velocity))
                elif offset > onset:
                    notes.append(MidiNote(onset, offset, pitch, velocity))
        if endless or not notes:
            notes += self._ended(endless, end)
        return tuple(sorted(notes, key=lambda note: (note.onset, note.pitch, note.offset)))

    def _ended(self, endless: list[tuple[int, int, int]], end: int) -> list[MidiNote]:
        """Notes without an end, and, where all are without duration, those too."""
        onsets = sorted({onset for each in self.struck.values() for onset in each})
        endless = endless or [
            (onset, pitch, velocity)
            for pitch, each in self.struck.items()
            for onset, velocity in zip(each, self.velocities[pitch], strict=True)
        ]
        if not self.silenced:
            self.n_endless = len(endless)
        gaps = sorted(after - before for before, after in pairwise(onsets))
        usual = gaps[len(gaps) // 2] if gaps else 0
        ended = []
        for onset, pitch, velocity in endless:
            place = bisect_right(onsets, onset)
            stop = onsets[place] if place < len(onsets) else max(end, self.silenced, onset + usual)
            if stop > onset:
                ended.append(MidiNote(onset, stop, pitch, velocity))
        return ended

    def track(self, number: int, notes: tuple[MidiNote, ...], name: str, place: int, *, alone: bool) -> MidiTrack:
        """The channel as a track.

        number: from 0; name, place: of the track of the file; alone: whether the channel has it to itself.
        """
        sound = "" if self.program is None else instrument_name(self.program)
        own = "Drums" if number == _DRUM_CHANNEL else sound or ("" if alone else f"Channel {number + 1}")
        label = name if alone and name else ": ".join(filter(None, (name, own)))
        silenced = self.silenced if self.n_controls == 1 else 0
        pedal = tuple(self.pedal)
        return MidiTrack(name, number == _DRUM_CHANNEL, notes, silenced, self.program, label, place, pedal)


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
