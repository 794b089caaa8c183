"""An `Arrangement` as sound: one recording a player, equally long, which together are the mix."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from musicedu.arrangement import DRUM_SOUNDS, Arrangement, Hit
from musicedu.audio.mixing import PEAK, Sound, halved, levelled, mix
from musicedu.audio.performance import clock_of, perform
from musicedu.audio.synthesise import SAMPLE_RATE_HZ
from musicedu.played import PlayedNote

_DRUM_BANK = 128
_DRUMS_LEVEL = 0.5
_RINGING = ("crash", "ride", "open hat")
_RINGS_SEC, _STROKE_SEC = 2.0, 0.4
_FRAME_SEC, _HEARD_SHARE = 0.05, 0.1
_TAIL_SEC = 1.5

Samples = npt.NDArray[np.int16]


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
