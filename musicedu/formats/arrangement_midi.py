"""An `Arrangement` as a MIDI file of several tracks: one a player, named, and the drums on channel 10."""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from symusic.core import ControlChangeTick, NoteTick, TrackTick

from musicedu.arrangement import DRUM_SOUNDS, Arrangement, Hit
from musicedu.formats.midi_write import score_of, ticks_per_quarter, track_of

_VOLUME, _FULL = 7, 100
_DRUM_QUARTERS = Fraction(1, 8)


def render_arrangement_midi(arrangement: Arrangement) -> bytes:
    """Write an arrangement as MIDI; the same arrangement gives the same bytes.

    Every part is a track with its name, its sound and its volume; drums are a last track named "Drums". Swing is
    written out. Raises `MusicEduError` as `render_midi` does.
    """
    played = arrangement.sounding()
    lines = [voice for _, voice in played.voices]
    drum_times = [hit.onset.denominator for hit in played.drums]
    ticks = lcm(*(ticks_per_quarter(line) for line in lines), *drum_times, _DRUM_QUARTERS.denominator)
    score = score_of(played.melody, ticks)
    for part in played.parts:
        track = track_of(part.voices, ticks, name=part.name, program=part.program)
        track.controls.append(ControlChangeTick(0, _VOLUME, round(_FULL * part.level)))
        score.tracks.append(track)
    if played.drums:
        score.tracks.append(_drum_track(played.drums, ticks))
    return bytes(score.dumps_midi())


def _drum_track(drums: tuple[Hit, ...], ticks: int) -> TrackTick:
    track = TrackTick(name="Drums", program=0, is_drum=True)
    for hit in drums:
        lasts = int(_DRUM_QUARTERS * ticks)
        track.notes.append(NoteTick(int(hit.onset * ticks), lasts, DRUM_SOUNDS[hit.sound].pitch, hit.velocity))
    return track
