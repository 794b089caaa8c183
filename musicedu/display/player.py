"""Sound in a notebook: a player that carries its sound with it, so that it plays offline."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from musicedu.audio.save import render_mp3
from musicedu.audio.synthesise import synthesise
from musicedu.display.embed import Shown, show, sound
from musicedu.exercise.exercise import Exercise
from musicedu.melody import Melody
from musicedu.syllabus.instruments import instrument

SR = 22_050
_MP3_RATES_HZ = (8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)


def show_player(music: Melody | Exercise, *, program: int = 0) -> None:
    """Show a player for a melody or an exercise.

    `program` is the sound of a melody, a General MIDI number from 0 (piano); an exercise sounds as its instrument.
    """
    show(player(music, program=program))


def player(music: Melody | Exercise, *, program: int = 0, sr: int = SR) -> Shown:
    """The sound in a player, with its length in words; a lower sample rate takes less room."""
    if isinstance(music, Exercise):
        known = instrument(music.specification.instrument)
        melody, program, name = music.melody, known.program, f", {known.title}"
    else:
        melody, name = music, ""
    y = synthesise(melody, program=program, sr=sr)
    return sound(render_mp3(y, sr), f"Player: {len(y) / sr:.0f} s of sound{name}")


def show_sound(y: npt.NDArray[np.floating], sr: int, what: str = "") -> None:
    """Show a player for samples: mono, from -1 to 1 (louder is scaled down as a whole); `what` says what is heard."""
    show(sound_player(y, sr, what))


def sound_player(y: npt.NDArray[np.floating], sr: int, what: str = "") -> Shown:
    """Samples in a player, with their length and `what` is heard in words.

    A sample rate that MP3 does not know is refused with a `ValueError`: resample first.
    """
    if sr not in _MP3_RATES_HZ:
        raise ValueError(f"a player takes {', '.join(map(str, _MP3_RATES_HZ))} Hz, not {sr}")
    samples = np.asarray(y, dtype=np.float32)
    samples = samples / max(1.0, float(np.max(np.abs(samples), initial=0.0)))
    named = f", {what}" if what else ""
    return sound(render_mp3(samples, sr), f"Player: {len(samples) / sr:.1f} s of sound{named}")
