"""`Arrangement`: a melody with what goes under it, as values that files, sound and pictures are made from.

Every line is a `Melody`; what strikes several notes at once is a part of several voices with the same rhythm. All
lines are as long as the tune and share its metres, keys and tempo.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from musicedu.harmony.chord import ChordAt
from musicedu.melody import Melody, Note, TempoAt


@dataclass(frozen=True, slots=True)
class DrumSound:
    """One sound of a drum kit: its General MIDI key, its letter and octave on the staff, and its notehead."""

    pitch: int
    title: str
    staff: str
    notehead: str = "normal"


DRUM_SOUNDS: dict[str, DrumSound] = {
    "kick": DrumSound(36, "Bass drum", "F4"),
    "snare": DrumSound(38, "Snare drum", "C5"),
    "stick": DrumSound(37, "Side stick", "C5", "x"),
    "closed hat": DrumSound(42, "Closed hi-hat", "G5", "x"),
    "open hat": DrumSound(46, "Open hi-hat", "G5", "circle-x"),
    "pedal hat": DrumSound(44, "Pedal hi-hat", "D4", "x"),
    "ride": DrumSound(51, "Ride cymbal", "F5", "x"),
    "crash": DrumSound(49, "Crash cymbal", "A5", "x"),
    "high tom": DrumSound(50, "High tom", "E5"),
    "mid tom": DrumSound(47, "Mid tom", "D5"),
    "low tom": DrumSound(43, "Floor tom", "A4"),
    "tambourine": DrumSound(54, "Tambourine", "B4", "triangle"),
}
"""The sounds that patterns are made of, from General MIDI's percussion map."""

DRUM_CHANNEL = 9
"""General MIDI's channel of drums, counted from 0: people call it channel 10."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One stroke of a drum: quarter notes from the start, a key of `DRUM_SOUNDS`, velocity 1 to 127."""

    onset: Fraction
    sound: str
    velocity: int = 80

    def __post_init__(self) -> None:
        if self.sound not in DRUM_SOUNDS:
            raise ValueError(f"sound must be one of {', '.join(DRUM_SOUNDS)}, not {self.sound!r}")
        if self.onset < 0 or not 1 <= self.velocity <= 127:
            raise ValueError(f"a hit needs an onset of 0 or more and a velocity from 1 to 127, not {self}")


@dataclass(frozen=True)
class Part:
    """What one player has: voices from the highest to the lowest, all in the same rhythm if there are several.

    name: for people; program: General MIDI sound from 0; level: how loud beside the others, 1 for the tune.
    """

    name: str
    program: int
    voices: tuple[Melody, ...]
    level: float = 1.0

    def __post_init__(self) -> None:
        if not self.voices:
            raise ValueError(f"the part {self.name!r} has no voice")
        rhythms = {tuple((note.onset, note.duration) for note in voice.notes) for voice in self.voices}
        if len(rhythms) > 1:
            raise ValueError(f"the voices of the part {self.name!r} do not share one rhythm")

    @property
    def line(self) -> Melody:
        """Its highest voice."""
        return self.voices[0]


@dataclass(frozen=True)
class Arrangement:
    """A tune and its accompaniment.

    melody: the tune, as its player reads it, with a tempo mark. chords: what stands over the staff, in order.
    parts: the players, the tune's first. drums: strokes in order of onset. style: the name of how it is played.
    swing: what share of a beat the first of two eighths lasts when it sounds, 1/2 for even ones.
    """

    melody: Melody
    chords: tuple[ChordAt, ...]
    parts: tuple[Part, ...]
    drums: tuple[Hit, ...] = ()
    style: str = ""
    swing: Fraction = Fraction(1, 2)

    def __post_init__(self) -> None:
        if not self.parts or self.parts[0].line != self.melody:
            raise ValueError("the first part of an arrangement plays its melody")
        for part in self.parts:
            for voice in part.voices:
                if _frame(voice) != _frame(self.melody):
                    raise ValueError(f"the part {part.name!r} is not as long as the melody, or has other measures")
        if any(hit.onset >= self.melody.duration for hit in self.drums):
            raise ValueError("a drum is struck after the end of the melody")
        if not Fraction(1, 2) <= self.swing < 1:
            raise ValueError(f"swing must be from 1/2 to below 1, not {self.swing}")

    @property
    def tempo_bpm(self) -> Fraction:
        """Quarter notes a minute at the start; 120 where the melody has no mark."""
        return self.melody.tempos[0].tempo_bpm if self.melody.tempos else Fraction(120)

    @property
    def voices(self) -> tuple[tuple[str, Melody], ...]:
        """Every single voice with the name of its part."""
        return tuple((part.name, voice) for part in self.parts for voice in part.voices)

    def sounding(self) -> Arrangement:
        """The arrangement with its swing written out: what a file of sound or MIDI holds."""
        if self.swing == Fraction(1, 2):
            return self
        parts = tuple(
            replace(part, voices=tuple(swung(voice, self.swing) for voice in part.voices)) for part in self.parts
        )
        drums = tuple(
            replace(hit, onset=swung_time(hit.onset - self._first, self.swing) + self._first) for hit in self.drums
        )
        return replace(self, melody=parts[0].line, parts=parts, drums=drums, swing=Fraction(1, 2))

    @property
    def _first(self) -> Fraction:
        return self.melody.anacrusis


def swung(melody: Melody, swing: Fraction) -> Melody:
    """A melody whose beats (quarter notes) divide unevenly: the first half lasts `swing` of the beat."""
    first = melody.anacrusis

    def moved(note: Note) -> Note:
        onset, offset = (swung_time(time - first, swing) + first for time in (note.onset, note.offset))
        return replace(note, onset=onset, duration=offset - onset)

    return replace(melody, notes=tuple(moved(note) for note in melody.notes), slurs=(), hairpins=(), dynamics=())


def swung_time(time: Fraction, swing: Fraction) -> Fraction:
    """Where a moment falls when every beat's first half lasts `swing` of it; beats and triplets stay in place.

    >>> swung_time(Fraction(5, 2), Fraction(2, 3)), swung_time(Fraction(7, 3), Fraction(2, 3))
    (Fraction(8, 3), Fraction(7, 3))
    """
    beat = time // 1
    inside = time - beat
    if inside.denominator % 3 == 0:
        return time
    half = Fraction(1, 2)
    share = inside * swing / half if inside <= half else swing + (inside - half) * (1 - swing) / half
    return beat + share


def with_tempo(melody: Melody, tempo_bpm: Fraction | int) -> Melody:
    """The melody at one tempo throughout."""
    return replace(melody, tempos=(TempoAt(Fraction(0), Fraction(tempo_bpm)),))


def blank(melody: Melody, notes: tuple[Note, ...]) -> Melody:
    """Other notes in the frame of a melody: its length, metres, keys and tempo, without its marks."""
    return Melody(
        notes=notes,
        duration=melody.duration,
        metres=melody.metres,
        keys=melody.keys,
        anacrusis=melody.anacrusis,
        tempos=melody.tempos,
        irregular=melody.irregular,
    )


def _frame(melody: Melody) -> tuple[object, ...]:
    return melody.duration, melody.metres, melody.anacrusis, melody.irregular
