"""What an exercise shows and how it sounds."""

from dataclasses import replace

from musicedu.exercise.generator import generate
from musicedu.exercise.specification import Specification


def test_concert_pitch_shows_the_sounding_notes_and_sounds_the_same():
    written = generate(Specification(3, "clarinet", key="C", seed=5))
    concert = generate(replace(written.specification, concert_pitch=True))
    assert concert.melody == written.melody
    assert written.score is written.melody
    assert [note.pitch for note in concert.score.notes] == [note.pitch - 2 for note in written.melody.notes]
    assert concert.score.key.name == "Bb major"
    assert concert.score.transposition == 0
