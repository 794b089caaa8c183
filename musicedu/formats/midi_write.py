"""A `Melody` as a Standard MIDI File, and an `Arrangement` as one of several tracks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from symusic.core import (
    ControlChangeTick,
    KeySignatureTick,
    NoteTick,
    ScoreTick,
    TempoTick,
    TextMetaTick,
    TimeSignatureTick,
    TrackTick,
)

from musicedu.arrangement import DRUM_SOUNDS, Arrangement, Hit
from musicedu.errors import MusicEduError
from musicedu.melody import Hairpin, Melody, Metre, Note
from musicedu.melody.key import transposed_key

NO_ANACRUSIS = "no anacrusis"
"""The marker at the start of a file whose first measure has a metre of its own and is no anacrusis."""

VELOCITIES = {"pp": 33, "p": 49, "mp": 64, "mf": 80, "f": 96, "ff": 112}
"""Key velocities of the dynamics; `mf` holds where none is written."""

_TICKS = 480
_MOST_TICKS = 32_767
ALL_NOTES_OFF = 123
_HAIRPIN_STEP = 16  # velocity that a hairpin gains or loses if no new dynamic follows it
_ACCENTS = {"accent": 12, "marcato": 20}
_VOLUME, _FULL = 7, 100
_DRUM_QUARTERS = Fraction(1, 8)


def render_midi(melody: Melody, *, program: int = 0) -> bytes:
    """Write a melody as a MIDI file of one track; the same melody gives the same bytes.

    Notes sound where `transposition` puts them, and the key is the sounding one; modes other than minor are written
    as the major key of their signature, since MIDI knows only the two. Durations are exact, whatever the
    articulation; dynamics, hairpins and accents become velocities. An anacrusis is a short first measure, which
    notation programs show as it is; it belongs to the metre that holds after it. The end of the melody is an "all notes
    off". `program` is the General MIDI sound, from 0.

    Raises `MusicEduError` for a note that sounds outside the MIDI range or times finer than MIDI can count.
    """
    ticks = ticks_per_quarter(melody)
    score = score_of(melody, ticks)
    score.tracks.append(track_of((melody,), ticks, name=melody.title, program=program))
    return bytes(score.dumps_midi())


def track_of(voices: Sequence[Melody], ticks: int, *, name: str, program: int) -> TrackTick:
    """The track of one player's voices, ended by "all notes off"."""
    track = TrackTick(name=name, program=program)
    for melody in voices:
        for note in melody.notes:
            begins, ends = int(note.onset * ticks), int(note.offset * ticks)
            track.notes.append(NoteTick(begins, ends - begins, sounding_pitch(melody, note), velocity_of(melody, note)))
    track.controls.append(ControlChangeTick(int(voices[0].duration * ticks), ALL_NOTES_OFF, 0))
    return track


def score_of(melody: Melody, ticks: int) -> ScoreTick:
    """A score without tracks in the metres, keys and tempos of a melody."""
    score = ScoreTick(ticks)
    for onset, metre in metres_as_played(melody):
        score.time_signatures.append(TimeSignatureTick(int(onset * ticks), metre.numerator, metre.denominator))
    for change in melody.keys:
        key = transposed_key(change.key, melody.transposition) if melody.transposition else change.key
        score.key_signatures.append(KeySignatureTick(int(change.onset * ticks), key.fifths, int(key.mode == "minor")))
    for tempo in melody.tempos:
        score.tempos.append(TempoTick(int(tempo.onset * ticks), mspq=microseconds_a_quarter(tempo.tempo_bpm)))
    if _looks_like_anacrusis(melody):
        score.markers.append(TextMetaTick(0, NO_ANACRUSIS))
    return score


def microseconds_a_quarter(tempo_bpm: Fraction) -> int:
    """A tempo as MIDI stores it, in three bytes."""
    return min(round(60_000_000 / tempo_bpm), 0xFFFFFF)


def short_metre(duration: Fraction) -> Metre | None:
    """The metre that lasts `duration` quarter notes, with the largest unit that does; None if there is none."""
    for denominator in (4, 8, 16, 32):
        numerator = duration * denominator / 4
        if numerator.denominator == 1 and numerator <= 32:
            return Metre(int(numerator), denominator)
    return None


def metres_as_played(melody: Melody) -> list[tuple[Fraction, Metre]]:
    """The metres with their onsets; an anacrusis has its own, and an irregular measure begins and ends its metre anew.

    MIDI has no barlines: a metre that is given again says that a measure begins there.
    """
    changes = _with_irregular(melody)
    if not melody.anacrusis:
        return changes
    short = short_metre(melody.anacrusis)
    if short is None:
        raise MusicEduError(f"MIDI has no metre for an anacrusis of {melody.anacrusis} quarter notes")
    changes[0] = (melody.anacrusis, melody.metre)
    changes = [change for change in changes if change[0] > melody.anacrusis or change is changes[0]]
    return [(Fraction(0), short), *(changes if melody.duration > melody.anacrusis else [])]


def _with_irregular(melody: Melody) -> list[tuple[Fraction, Metre]]:
    changes = {change.onset: change.metre for change in melody.metres}
    for measure in melody.measures:
        if measure.is_irregular:
            changes.setdefault(measure.onset, measure.metre)
            if measure.offset < melody.duration:
                changes.setdefault(measure.offset, measure.metre)
    return sorted(changes.items())


def _looks_like_anacrusis(melody: Melody) -> bool:
    """Whether a reader might take the first measure for an anacrusis, because the metre changes after it."""
    first_ends = melody.metre.duration
    return not melody.anacrusis and any(change.onset == first_ends for change in melody.metres)


def ticks_per_quarter(melody: Melody) -> int:
    """How many ticks a quarter note needs to hold every time of a melody; `MusicEduError` past what MIDI counts."""
    times = [edge for note in melody.notes for edge in (note.onset, note.offset)]
    times += [mark.onset for marks in (melody.metres, melody.keys, melody.tempos, melody.irregular) for mark in marks]
    times += [one.duration for one in melody.irregular]
    ticks = lcm(_TICKS, *(time.denominator for time in [*times, melody.duration, melody.anacrusis]))
    if ticks > _MOST_TICKS:
        raise MusicEduError(
            f"the rhythm needs {ticks} ticks a quarter note, and MIDI counts at most {_MOST_TICKS}", where=melody.title
        )
    return ticks


def sounding_pitch(melody: Melody, note: Note) -> int:
    """The MIDI pitch that a written note sounds at."""
    pitch = note.pitch + melody.transposition
    if not 0 <= pitch <= 127:
        raise MusicEduError(f"{note.spelling} sounds at {pitch}, outside the MIDI range 0-127", where=melody.title)
    return pitch


def velocity_of(melody: Melody, note: Note) -> int:
    """How hard a note is struck: by dynamics, hairpins and accents."""
    velocity = _level(melody, note.onset) + max((_ACCENTS.get(mark, 0) for mark in note.marks), default=0)
    return max(1, min(127, velocity))


def _level(melody: Melody, onset: Fraction) -> int:
    """The velocity that the dynamics give at `onset`: a line from level to level under a hairpin."""
    held = _held(melody, onset)
    hairpin = next((each for each in melody.hairpins if each.onset <= onset < each.offset), None)
    if hairpin is None:
        return held
    begins, ends = _held(melody, hairpin.onset), _goal(melody, hairpin)
    return round(begins + (ends - begins) * (onset - hairpin.onset) / (hairpin.offset - hairpin.onset))


def _held(melody: Melody, onset: Fraction) -> int:
    rank = bisect_right([dynamic.onset for dynamic in melody.dynamics], onset)
    return VELOCITIES[melody.dynamics[rank - 1].mark] if rank else VELOCITIES["mf"]


def _goal(melody: Melody, hairpin: Hairpin) -> int:
    begins = _held(melody, hairpin.onset)
    arrives = _held(melody, hairpin.offset)
    direction = 1 if hairpin.kind == "crescendo" else -1
    return arrives if (arrives - begins) * direction > 0 else begins + direction * _HAIRPIN_STEP


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
