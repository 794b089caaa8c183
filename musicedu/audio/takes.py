"""Takes: a melody played in a room with a noise, and the exact truth of what was played.

What a listening method hears is a take; what it should have heard stands beside the sound. Rooms are synthetic: noise
that dies away exponentially by 60 dB in the reverberation time (Schroeder 1965), mixed under the direct sound. A voice
that slides, as singers join their tones, has tones that grow out of each other without an attack.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from musicedu.audio.mixing import PEAK, Sound, added, halved, levelled, mix
from musicedu.audio.performance import Clock, clock_of, perform
from musicedu.errors import UnknownName
from musicedu.harmony.chord import Chord, ChordAt
from musicedu.melody import Melody
from musicedu.played import PlayedNote

_CHORD_VELOCITY, _CHORD_SHARE, _CHORD_LOWEST = 70, 0.5, 48
_LIFTED_SEC = 0.02  # before the next chord
_TAIL_SEC = 0.5
_N_PARTIALS, _FADE_SEC = 10, 0.08


@dataclass(frozen=True, slots=True)
class Room:
    """reverberation_sec: until the sound has died away by 60 dB; wet: its energy beside the direct sound's."""

    reverberation_sec: float
    wet: float


ROOMS = {"dry": Room(0.0, 0.0), "room": Room(0.4, 0.2), "hall": Room(1.8, 0.4)}


@dataclass(frozen=True, slots=True)
class SoundingChord:
    """A chord as it sounded, in seconds."""

    onset_sec: float
    offset_sec: float
    chord: Chord


@dataclass(frozen=True, eq=False)
class Take:
    """A recording whose truth is known.

    y: float32 mono; sr: hertz; melody: what was on the stand; notes: what was played (sounding pitch, seconds);
    beats_sec, downbeats_sec: every beat of the metre and the first of each measure; chords: the accompaniment.
    """

    y: Sound
    sr: int
    melody: Melody
    notes: tuple[PlayedNote, ...]
    beats_sec: tuple[float, ...]
    downbeats_sec: tuple[float, ...]
    chords: tuple[SoundingChord, ...] = ()

    @property
    def duration_sec(self) -> float:
        """Of the whole recording, its tail included."""
        return len(self.y) / self.sr


def record_take(
    melody: Melody,
    *,
    program: int = 40,
    sr: int = 22_050,
    room: str = "dry",
    snr_db: float | None = None,
    chords: Sequence[ChordAt] = (),
    chord_program: int = 0,
    rng: np.random.Generator | None = None,
) -> Take:
    """Play a melody, with chords under it if there are any, in a room and with pink noise.

    program, chord_program: General MIDI instruments from 0; room: one of `ROOMS`; snr_db: how far the noise lies below
    the music (root mean square), none for silence; rng: for noise and room, seeded with 0 if not given.
    """
    if room not in ROOMS:
        raise UnknownName(f"there is no room {room!r}", remedy=f"The rooms are {', '.join(ROOMS)}")
    rng = np.random.default_rng(0) if rng is None else rng
    clock, notes = clock_of(melody), perform(melody)
    end_sec = clock.seconds(melody.duration)
    y = levelled(mix(notes, program, end_sec, 2 * sr))
    sounding = _sounding(chords, melody, clock)
    if sounding:
        under = levelled(mix(_struck(sounding), chord_program, end_sec, 2 * sr))
        y = added(y, np.float32(_CHORD_SHARE) * under)
    y = halved(y)[: round((end_sec + _TAIL_SEC) * sr)]
    y = _in_room(y, sr, ROOMS[room], rng)
    y = y if snr_db is None else with_noise(y, snr_db, rng)
    return Take(
        levelled(y),
        sr,
        melody,
        notes,
        tuple(clock.seconds(onset) for measure in melody.measures for onset in measure.beat_onsets),
        tuple(clock.seconds(onset) for measure in melody.measures if (onset := measure.downbeat) is not None),
        sounding,
    )


def with_noise(y: Sound, snr_db: float, rng: np.random.Generator) -> Sound:
    """The sound with pink noise (equal power in every octave) `snr_db` decibels below it; silence stays silent."""
    spectrum = np.fft.rfft(rng.standard_normal(len(y)))
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 1))
    noise = np.fft.irfft(spectrum, len(y))
    gain = _rms(y) / max(_rms(noise), 1e-12) * 10 ** (-snr_db / 20)
    return (y + gain * noise).astype(np.float32)


def _in_room(y: Sound, sr: int, room: Room, rng: np.random.Generator) -> Sound:
    if room.wet == 0:
        return y
    n_samples = round(room.reverberation_sec * sr)
    decay = 10 ** (-3 * np.arange(n_samples) / n_samples)
    response = rng.standard_normal(n_samples) * decay
    response *= np.sqrt(room.wet / np.sum(response**2))
    response[0] += 1.0
    size = 1 << (len(y) + n_samples - 1).bit_length()
    wet = np.fft.irfft(np.fft.rfft(y, size) * np.fft.rfft(response, size), size)
    return wet[: len(y)].astype(np.float32)


def _rms(y: np.ndarray[tuple[int, ...], np.dtype[np.floating]]) -> float:
    return float(np.sqrt(np.mean(np.square(y, dtype=np.float64)))) if len(y) else 0.0


def _sounding(chords: Sequence[ChordAt], melody: Melody, clock: Clock) -> tuple[SoundingChord, ...]:
    ends = [*(chord.onset for chord in chords[1:]), melody.duration][: len(chords)]
    return tuple(
        SoundingChord(clock.seconds(one.onset), clock.seconds(end), one.chord)
        for one, end in zip(chords, ends, strict=True)
        if end > one.onset
    )


def _struck(chords: Sequence[SoundingChord]) -> list[PlayedNote]:
    """Every chord in close position, its notes between C3 and B3, and its root below as a bass."""
    return [
        PlayedNote(one.onset_sec, max(one.offset_sec - _LIFTED_SEC, one.onset_sec), pitch, _CHORD_VELOCITY)
        for one in chords
        for pitch in (_CHORD_LOWEST - 12 + one.chord.root, *(_CHORD_LOWEST + at for at in one.chord.pitch_classes))
    ]


def slide(pitches: Sequence[int], *, tone_sec: float = 0.5, slide_sec: float = 0.2, sr: int = 22_050) -> Sound:
    """One tone after the other in one breath: float32 mono, `tone_sec` for each pitch (MIDI).

    The pitch slides to the next tone evenly, in semitones, during `slide_sec` around the moment at which that one is
    due; loudness stays as it is. Partials fall off as 1/k. `ValueError` without a pitch, or where slides overlap.
    """
    if not pitches or not 0 < slide_sec <= tone_sec:
        raise ValueError("slide needs a pitch, and a slide_sec above 0 and not longer than tone_sec")
    times_sec = np.arange(round(len(pitches) * tone_sec * sr)) / sr
    due_sec = tone_sec * np.arange(1, len(pitches))
    corners_sec = np.sort(np.concatenate([due_sec - slide_sec / 2, due_sec + slide_sec / 2]))
    line = np.interp(times_sec, corners_sec, np.repeat(pitches, 2)[1:-1]) if len(pitches) > 1 else pitches[0]
    turns = np.cumsum(440 * 2 ** ((np.broadcast_to(line, times_sec.shape) - 69) / 12)) / sr
    y = sum(np.sin(2 * np.pi * k * turns) / k for k in range(1, _N_PARTIALS + 1))
    y *= np.clip(np.minimum(times_sec, times_sec[-1] - times_sec) / _FADE_SEC, 0, 1)
    return np.asarray(PEAK * y / np.max(np.abs(y)), dtype=np.float32)
