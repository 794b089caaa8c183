"""Chorales with all their voices, and the chords that Bach set under their tunes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from musicedu.corpus.collections import corpus_folder
from musicedu.corpus.load import load_corpus
from musicedu.corpus.reading import VOICES, read_chorale
from musicedu.corpus.tune import Split, Tune
from musicedu.errors import MusicEduError
from musicedu.harmony.chord import ChordAt
from musicedu.harmony.voices import reduce_to_chords
from musicedu.melody import Key, KeyAt, Melody


@dataclass(frozen=True, eq=False)
class Chorale:
    """A chorale in four voices.

    name: the id of its soprano in the corpus; family, split: those of the tune. voices: soprano, alto, tenor and
    bass, in the key that the chorale ends in. chords: one for every beat, as `reduce_to_chords` finds them.
    """

    name: str
    family: str
    split: Split
    voices: tuple[Melody, ...]
    chords: tuple[ChordAt, ...]

    @property
    def melody(self) -> Melody:
        """The soprano, with the key of the whole."""
        return self.voices[0]


def read_chorales(split: Split | None = None) -> Iterator[Chorale]:
    """Read the chorales whose four voices are whole and equally long; a family of tunes is wholly in one split.

    Tunes that appear in the corpus twice with the same four voices are given once. Raises what `load_corpus` does.
    """
    seen: set[tuple[tuple[int, ...], ...]] = set()
    for tune in load_corpus(collections=["bach_soprano"], split=split).tunes():
        voices = _voices(tune)
        if voices is None:
            continue
        pitches = tuple(voice.intervals for voice in voices)
        chords = reduce_to_chords(voices)
        if pitches in seen or len(chords) < 8:
            continue
        seen.add(pitches)
        key = home_key(voices[0].key, chords)
        keyed = tuple(replace(voice, keys=(KeyAt(voice.keys[0].onset, key),)) for voice in voices)
        yield Chorale(tune.id, tune.family, tune.split, keyed, chords)


def home_key(signed: Key, chords: tuple[ChordAt, ...]) -> Key:
    """The major or minor key of a chorale: its tonic is the last chord's root.

    Old signatures lack a flat in minor, and a last chord in minor keys is often major: a key is minor where the
    signature is nearer to that of the minor key.

    >>> from fractions import Fraction
    >>> from musicedu.harmony.chord import Chord
    >>> home_key(Key(0, "dorian"), (ChordAt(Fraction(0), Chord(2, "major")),)).name
    'D minor'
    """
    root = chords[-1].chord.root
    keys = [Key(fifths, mode) for mode in ("major", "minor") for fifths in range(-6, 6)]
    fitting = [key for key in keys if key.tonic_pitch_class == root]
    return min(fitting, key=lambda key: (abs(key.fifths - signed.fifths), key.mode))


def _voices(tune: Tune) -> tuple[Melody, ...] | None:
    path = corpus_folder() / tune.file
    try:
        voices = tuple(read_chorale(path, voice, tune.id) for voice in VOICES)
    except MusicEduError:
        return None
    agree = len({(voice.duration, voice.metres, voice.anacrusis, voice.irregular) for voice in voices}) == 1
    return voices if agree and all(voice.notes for voice in voices) else None
