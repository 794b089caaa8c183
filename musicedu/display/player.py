"""Sound in a notebook: a player that carries its sound with it, so that it plays offline."""

from __future__ import annotations

from musicedu.audio.compress import render_mp3
from musicedu.audio.synthesise import synthesise
from musicedu.display.embed import Shown, show, sound
from musicedu.melody import Melody
from musicedu.practice.exercise import Exercise
from musicedu.practice.instruments import instrument

SR = 22_050


def show_player(music: Melody | Exercise, *, program: int = 0) -> None:
    """Show a player for a melody or an exercise.

    `program` is the sound of a melody, a General MIDI number from 0 (piano); an exercise sounds as its instrument.
    """
    show(player(music, program=program))


def player(music: Melody | Exercise, *, program: int = 0) -> Shown:
    """The sound in a player, with its length in words."""
    if isinstance(music, Exercise):
        known = instrument(music.specification.instrument)
        melody, program, name = music.melody, known.program, f", {known.title}"
    else:
        melody, name = music, ""
    y = synthesise(melody, program=program, sr=SR)
    return sound(render_mp3(y, SR), f"Player: {len(y) / SR:.0f} s of sound{name}")
