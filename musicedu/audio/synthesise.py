"""A melody as sound: played by the rules of `musicedu.audio.performance`, through the bundled soundfont."""

from __future__ import annotations

import io
import wave

import numpy as np
import numpy.typing as npt

from musicedu.audio import metronome as clicking
from musicedu.audio.metronome import count_in_sec
from musicedu.audio.mixing import PEAK, added, halved, levelled, mix
from musicedu.audio.performance import clock_of, perform
from musicedu.melody import Melody

SAMPLE_RATE_HZ = 22_050
_DRUM_BANK = 128
_CLICK_SHARE = 0.7  # of the loudest moment of the melody
_QUIET = 1e-3

__all__ = ["PEAK", "SAMPLE_RATE_HZ", "count_in_sec", "render_wav", "synthesise"]

Sound = npt.NDArray[np.float32]


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
    clicks = clicking.count_in(melody) if count_in else ()
    if metronome:
        clicks += tuple(click.later(lead_sec) for click in clicking.metronome(melody, clock))
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
