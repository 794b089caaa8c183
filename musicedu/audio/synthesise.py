"""A melody or an arrangement as sound: played as `musicedu.audio.performance` says, through the bundled soundfont.

Clicks may go with a melody: a count-in before the music, and a metronome through it. An arrangement gives one recording
a player, equally long, which together are the mix.
"""

from __future__ import annotations

import io
import wave
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from musicedu.arrangement import DRUM_SOUNDS, Arrangement, Hit
from musicedu.audio.mixing import PEAK, Sound, added, halved, levelled, mix
from musicedu.audio.performance import Clock, clock_of, perform
from musicedu.melody import Melody
from musicedu.played import PlayedNote

__all__ = [
    "PEAK",
    "SAMPLE_RATE_HZ",
    "Stems",
    "count_in_sec",
    "render_drums",
    "render_stems",
    "render_wav",
    "synthesise",
]

SAMPLE_RATE_HZ = 22_050
_DRUM_BANK = 128
_CLICK_SHARE = 0.7  # of the loudest moment of the melody
_QUIET = 1e-3
_HIGH, _LOW, _CLICK_SEC = 76, 77, 0.1  # General MIDI's wood blocks
_STRONG, _WEAK = 112, 88
_DRUMS_LEVEL = 0.5
_RINGING = ("crash", "ride", "open hat")
_RINGS_SEC, _STROKE_SEC = 2.0, 0.4
_FRAME_SEC, _HEARD_SHARE = 0.05, 0.1
_TAIL_SEC = 1.5

Samples = npt.NDArray[np.int16]


def synthesise(
    melody: Melody,
    *,
    program: int = 40,
    sr: int = SAMPLE_RATE_HZ,
    count_in: bool = False,
    metronome: bool = False,
    fermata_factor: float = 1.5,
) -> Sound:
    """Play a melody on a General MIDI instrument: float32 mono of shape (n_samples,), peak 0.89.

    Tempo, dynamics, articulations, slurs and ornaments are obeyed, pitches sound transposed; the last note rings out.

    program: General MIDI number from 0 (40 is the violin); sr: sample rate in hertz; count_in: one measure of clicks
    first (and up to the anacrusis), which delays everything by `count_in_sec`; metronome: a click on every beat;
    fermata_factor: how many times its value a note under a fermata lasts. A melody without notes gives silence.
    """
    if not 8000 <= sr <= 96_000:
        raise ValueError(f"sr must be from 8000 to 96000 Hz, not {sr}")
    lead_sec = count_in_sec(melody) if count_in else 0.0
    clock = clock_of(melody, fermata_factor=fermata_factor)
    end_sec = lead_sec + clock.seconds(melody.duration)
    notes = [note.later(lead_sec) for note in perform(melody, fermata_factor=fermata_factor)]
    clicks = count_in_clicks(melody) if count_in else ()
    if metronome:
        clicks += tuple(click.later(lead_sec) for click in beat_clicks(melody, clock))
    y = levelled(mix(notes, program, end_sec, 2 * sr))
    if clicks:
        y = added(y, _CLICK_SHARE * levelled(mix(clicks, 0, end_sec, 2 * sr, bank=_DRUM_BANK)))
    return levelled(halved(_trimmed(y, end_sec, 2 * sr)))


def render_wav(y: Sound, sr: int) -> bytes:
    """A WAV file of mono sound: 16-bit PCM. Sound louder than full scale is scaled down as a whole, never clipped."""
    if y.ndim != 1 or not np.all(np.isfinite(y)):
        raise ValueError("y must be one row of finite samples")
    loudest = float(np.max(np.abs(y), initial=0.0))
    samples = np.round(y * (32767 / max(loudest, 1.0))).astype("<i2")
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sr)
        file.writeframes(samples.tobytes())
    return buffer.getvalue()


def _trimmed(y: Sound, end_sec: float, sr: int) -> Sound:
    """Without the inaudible end of the tail, never shorter than the music itself."""
    loud = np.flatnonzero(np.abs(y) > _QUIET)
    last = max(round(end_sec * sr), int(loud[-1]) + 1 if len(loud) else 0)
    y = y[: last + last % 2].copy()
    fade = min(len(y), sr // 100)
    y[len(y) - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)
    return y


def count_in_sec(melody: Melody) -> float:
    """How many seconds a count-in lasts: one measure, and with an anacrusis the second one up to it.

    >>> count_in_sec(Melody.from_text("C4:1 D4:3", metre="3/4", anacrusis=1))  # 3 beats and 2 at 120
    2.5
    """
    return float(_counted(melody)) * _quarter_sec(melody)


def count_in_clicks(melody: Melody) -> tuple[PlayedNote, ...]:
    """The clicks of a count-in, from 0 to `count_in_sec`, at the opening tempo."""
    measure, quarter_sec = melody.metre.duration, _quarter_sec(melody)
    onsets = [start + at for start in (Fraction(0), measure) for at in melody.metre.beat_onsets]
    counted = _counted(melody)
    return tuple(_click(float(at) * quarter_sec, at in (0, measure)) for at in onsets if at < counted)


def beat_clicks(melody: Melody, clock: Clock) -> tuple[PlayedNote, ...]:
    """A click on every beat of the melody, higher on the first of a measure."""
    return tuple(
        _click(clock.seconds(onset), onset == measure.downbeat)
        for measure in melody.measures
        for onset in measure.beat_onsets
    )


def _counted(melody: Melody) -> Fraction:
    measure = melody.metre.duration
    return 2 * measure - melody.anacrusis if melody.anacrusis else measure


def _quarter_sec(melody: Melody) -> float:
    return 60 / Clock(melody).opening_bpm


def _click(onset_sec: float, strong: bool) -> PlayedNote:
    return PlayedNote(onset_sec, onset_sec + _CLICK_SEC, _HIGH if strong else _LOW, _STRONG if strong else _WEAK)


@dataclass(frozen=True, eq=False)
class Stems:
    """Recordings of one arrangement, 16 bits a sample.

    sr: hertz; names: of the players, in order; samples: (n_stems, n_samples). `mix` is their sum, sample by sample.
    """

    sr: int
    names: tuple[str, ...]
    samples: Samples

    @property
    def mix(self) -> Samples:
        """All stems at once, (n_samples,)."""
        summed: Samples = self.samples.astype(np.int32).sum(axis=0).astype(np.int16)
        return summed

    def sound(self, name: str | None = None) -> Sound:
        """A stem by its name, or the mix, as float32 from -1 to 1; `ValueError` for a name that is not there."""
        if name is None:
            return _floats(self.mix)
        return _floats(self.samples[self.names.index(name)])


def render_stems(arrangement: Arrangement, *, sr: int = SAMPLE_RATE_HZ) -> Stems:
    """Play every part of an arrangement, and the drums last, through the bundled soundfont.

    sr: from 8000 to 96,000 Hz. Parts sound as loud as their levels ask beside the tune; the loudest moment of the mix
    is 0.89 of full scale, so that neither it nor a stem clips.
    """
    if not 8000 <= sr <= 96_000:
        raise ValueError(f"sr must be from 8000 to 96000 Hz, not {sr}")
    played = arrangement.sounding()
    end_sec = clock_of(played.melody).seconds(played.melody.duration)
    rows, names = [], []
    for part in played.parts:
        notes = [note for voice in part.voices for note in perform(voice)]
        rows.append(_at_level(mix(notes, part.program, end_sec + _TAIL_SEC, 2 * sr), part.level, 2 * sr))
        names.append(part.name)
    if played.drums:
        y = mix(_struck(played.drums, clock_of(played.melody).seconds), 0, end_sec + _TAIL_SEC, 2 * sr, bank=_DRUM_BANK)
        rows.append(_at_level(y, _DRUMS_LEVEL, 2 * sr))
        names.append("Drums")
    n_samples = round((end_sec + _TAIL_SEC) * 2 * sr)
    fade = np.minimum(1, np.arange(n_samples, 0, -1) / (_TAIL_SEC * sr)).astype(np.float32)
    stems = np.array([halved(row[:n_samples] * fade) for row in rows])
    loudest = float(np.max(np.abs(stems.sum(axis=0)), initial=0.0))
    scale = 32767 * PEAK / max(loudest, float(np.max(np.abs(stems), initial=0.0)), 1e-9)
    return Stems(sr, tuple(names), np.round(stems * scale).astype(np.int16))


def render_drums(drums: Sequence[Hit], tempo_bpm: float, *, sr: int = SAMPLE_RATE_HZ) -> Sound:
    """Drum strokes alone, at a steady tempo (quarter notes a minute): float32 mono, peak 0.89."""
    beat_sec = 60 / tempo_bpm
    return levelled(halved(mix(_struck(drums, lambda onset: float(onset) * beat_sec), 0, 0.0, 2 * sr, bank=_DRUM_BANK)))


def _struck(drums: Sequence[Hit], seconds: Callable[[Fraction], float]) -> list[PlayedNote]:
    struck = []
    for hit in drums:
        onset_sec = seconds(hit.onset)
        rings_sec = _RINGS_SEC if hit.sound in _RINGING else _STROKE_SEC
        struck.append(PlayedNote(onset_sec, onset_sec + rings_sec, DRUM_SOUNDS[hit.sound].pitch, hit.velocity))
    return struck


def _at_level(y: Sound, level: float, sr: int) -> Sound:
    """The sound made so loud that its frames above a tenth of the loudest have a root mean square of `level`."""
    n_frames = len(y) // int(_FRAME_SEC * sr)
    powers = (y[: n_frames * int(_FRAME_SEC * sr)].reshape(n_frames, -1) ** 2).mean(axis=1)
    heard = powers[powers > _HEARD_SHARE * powers.max(initial=0.0)]
    return y * np.float32(level / np.sqrt(heard.mean())) if len(heard) else y


def _floats(samples: Samples) -> Sound:
    return (samples / 32767).astype(np.float32)
