"""The mode of a tune whose source names only its tonic.

The Essen files give the tonic as if every song were in major, and write the notes of the others with accidentals: a
song in G minor says `K: G` and flattens every B. Left so, a signature would not say what it says elsewhere.
"""

from __future__ import annotations

from dataclasses import replace

from musicedu.melody import MODES, Key, KeyAt, Melody, Mode

_PLAIN: tuple[Mode, ...] = ("major", "minor")
_TONIC_FIFTHS = {mode: Key(0, mode).tonic.fifths for mode in MODES}
_MODAL_MARGIN = 0.05


def with_mode_of_notes(melody: Melody) -> Melody:
    """Return the melody in the mode, on its own tonic, whose scale leaves the least sounding time outside.

    A church mode is taken only where it explains 5 % more of the time than major and minor do, since a raised seventh
    or a missing sixth says little. Pitches and spellings stay as they are; only a melody with one key is judged.
    """
    if len(melody.keys) != 1:
        return melody
    tonic = melody.key.fifths + _TONIC_FIFTHS[melody.key.mode]
    keys = [
        Key(tonic - place, mode)
        for mode, place in sorted(_TONIC_FIFTHS.items(), key=lambda pair: pair[0] not in _PLAIN)
        if -7 <= tonic - place <= 7
    ]
    total = float(sum(note.duration for note in melody.notes))
    best = min(keys, key=lambda key: _outside(melody, key) / total + _MODAL_MARGIN * (key.mode not in _PLAIN))
    return replace(melody, keys=(KeyAt(melody.keys[0].onset, best),)) if best != melody.key else melody


def _outside(melody: Melody, key: Key) -> float:
    return float(sum(note.duration for note in melody.notes if not key.has(note.spelling)))
