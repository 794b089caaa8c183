"""Keys from signatures: where a file gives no mode, as MuseScore's do not, the notes say major or minor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise

from musicedu.attributes.tonality import estimate_key
from musicedu.formats.musicxml.signatures import Signature
from musicedu.melody import Key, KeyAt, Mode, Note

_FEWEST_NOTES = 8  # that tell the mode of a stretch after a change of key; with fewer the mode stays
_PLAIN: tuple[Mode, Mode] = ("major", "minor")


def keys_of(
    signatures: Iterable[Signature], notes: Sequence[Note], duration: Fraction
) -> tuple[tuple[KeyAt, ...], tuple[str, ...]]:
    """The keys of a melody that lasts so many quarter notes, and what is to be said of those that were estimated.

    A melody that begins without a signature begins in one of no sharps or flats.
    """
    inside = sorted((each for each in signatures if each.onset < duration), key=lambda each: each.onset)
    begins_bare = not inside or inside[0].onset > 0
    if begins_bare:
        inside.insert(0, Signature(Fraction(0), 0, None))
    keys: list[KeyAt] = []
    notices: list[str] = []
    place = 0
    for change, after in pairwise([*inside, Signature(duration, 0, None)]):
        stretch = []
        while place < len(notes) and notes[place].onset < after.onset:
            stretch.append(notes[place])
            place += 1
        mode = change.mode
        if mode is None:
            mode = keys[-1].key.mode if keys and len(stretch) < _FEWEST_NOTES else _mode_of(change.fifths, stretch)
            if stretch and not notices:
                signature = "No key is given" if begins_bare and not keys else "The key signature gives no mode"
                notices.append(f"{signature}; the notes say {Key(change.fifths, mode).name}")
        keys.append(KeyAt(change.onset, Key(change.fifths, mode)))
    return tuple(keys), tuple(notices)


def _mode_of(fifths: int, notes: Sequence[Note]) -> Mode:
    """Major or minor, by which of the two keys of a signature is the likelier; major if nothing speaks for either."""
    weights = [0.0] * 12
    for note in notes:
        weights[note.pitch % 12] += float(note.duration)
    tonics = {mode: (Key(fifths, mode).tonic_pitch_class, mode == "minor") for mode in _PLAIN}
    found = {(guess.key.tonic_pitch_class, guess.key.is_minor): guess.correlation for guess in estimate_key(weights)}
    return max(_PLAIN, key=lambda mode: round(found[tonics[mode]], 9))
