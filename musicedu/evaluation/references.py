"""Real pieces to stand beside exercises: strains of tunes as they are, and the same made as easy as a level."""

from __future__ import annotations

from dataclasses import replace

from musicedu.encoding.events import Window, window_melody
from musicedu.encoding.windows import cut_windows
from musicedu.evaluation.simplify import simplify
from musicedu.melody import Melody
from musicedu.melody.cutting import join

PHRASE_MEASURES = 4
STYLES = {
    "Essen": ("essen",),
    "dance books": ("airds", "oneills", "ryans", "nottingham", "fife", "northumbrian"),
    "chorales": ("bach_soprano",),
}
"""Traditions and the collections that each is taken from."""


def strain(melody: Melody, n_measures: int = 8) -> Melody | None:
    """The first `n_measures` of a tune with its upbeat, where they are a part of it that closes.

    That is where the tune has so many measures or a multiple: what closes the strain is then a close, no middle of a
    phrase. The last measure leaves out what belongs to the next strain's upbeat. None for other tunes, for changes of
    metre or key, irregular measures, and a note that sounds across the end.
    """
    length = n_measures * melody.metre.duration
    closes = any(whole % length == 0 for whole in (melody.duration, melody.duration - melody.anacrusis))
    if len(melody.metres) != 1 or len(melody.keys) != 1 or melody.irregular or melody.duration < length or not closes:
        return None
    notes = tuple(note for note in melody.notes if note.onset < length)  # the last measure lacks what the upbeat has
    if not notes or notes[-1].offset > length:
        return None
    return replace(melody, notes=notes, duration=length, tempos=(), dynamics=(), hairpins=(), slurs=())


def simplified_strain(melody: Melody, number: int, n_measures: int = 8) -> Melody | None:
    """A strain of a tune, each phrase of four measures made as easy as a level; None where that cannot be."""
    whole = strain(melody, n_measures)
    if whole is None:
        return None
    phrases = _phrases(whole, n_measures // PHRASE_MEASURES)
    easier = [simplify(phrase, number) for phrase in phrases or ()]
    parts = [window_melody(phrase) for phrase in easier if phrase is not None]
    if not parts or len(parts) < n_measures // PHRASE_MEASURES or len({part.anacrusis for part in parts}) > 1:
        return None
    return replace(join(parts), anacrusis=parts[0].anacrusis)


def _phrases(whole: Melody, n_phrases: int) -> list[Window] | None:
    """The windows that follow one another from the beginning; None where one of them cannot be written on the grid."""
    found = list(cut_windows(whole, PHRASE_MEASURES))
    return found if len(found) == n_phrases and found[0].begins_tune and found[-1].ends_tune else None
