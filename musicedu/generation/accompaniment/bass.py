"""Bass lines: roots and fifths, repeated roots, and a bass that walks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction

from musicedu.arrangement import blank
from musicedu.generation.accompaniment.patterns import ending_of, places_of
from musicedu.harmony.chord import Chord, ChordAt
from musicedu.melody import Melody, Note

LOWEST, HIGHEST = 28, 52
"""The range of a bass: E1, its lowest string, to E3."""

_MIDDLE = 38


def bass_line(melody: Melody, chords: Sequence[ChordAt], pattern: str, kind: str = "root-fifth") -> Melody:
    """A bass under chords, struck where the pattern says.

    kind: `root-fifth` (the root where a chord begins, then fifth and root in turn), `roots`, or `walking` (a step a
    stroke: from root to root over notes of the chord, the last one a step from where the next chord begins). An empty
    pattern gives every chord one long root. The last chord is one long root. `ValueError` for another kind.

    >>> tune = Melody.from_text("C4:2 E4:2 D4:2 B3:2 C4:4")
    >>> chords = [ChordAt(Fraction(4 * number), Chord.parse(name)) for number, name in enumerate(("C", "G", "C"))]
    >>> [str(note.spelling) for note in bass_line(tune, chords, "x.x.").notes]
    ['C2', 'G1', 'G1', 'D2', 'C2']
    """
    if kind not in ("root-fifth", "roots", "walking"):
        raise ValueError(f"kind must be root-fifth, roots or walking, not {kind!r}")
    if not chords:
        return blank(melody, ())
    places = _strokes(melody, chords, pattern)
    pitches: list[int] = []
    for index, (onset, _) in enumerate(places):
        own = _chord_at(chords, onset)
        begins = index == 0 or _chord_at(chords, places[index - 1][0]).chord != own.chord
        if kind == "walking":
            pitches.append(_walked(chords, places, pitches, index, melody.key_at(onset).scale))
        elif begins or kind == "roots":
            pitches.append(_near(own.chord.root, _MIDDLE if not pitches else round((pitches[-1] + _MIDDLE) / 2)))
        else:
            pitches.append(_fifth_or_root(own.chord, pitches[-1]))
    notes = tuple(
        Note(onset, duration, melody.key_at(onset).spell(pitch))
        for (onset, duration), pitch in zip(places, pitches, strict=True)
    )
    return blank(melody, notes)


def _strokes(melody: Melody, chords: Sequence[ChordAt], pattern: str) -> list[tuple[Fraction, Fraction]]:
    """Onset and duration of every stroke, from the first chord on."""
    if not pattern:
        ends = [one.onset for one in chords[1:]] + [melody.duration]
        return [(one.onset, end - one.onset) for one, end in zip(chords, ends, strict=True)]
    places = places_of(melody, pattern, ending_of(melody, chords))
    return [(onset, offset - onset) for onset, offset, _ in places if onset >= chords[0].onset]


def _chord_at(chords: Sequence[ChordAt], onset: Fraction) -> ChordAt:
    return chords[max(0, bisect_right(chords, onset, key=lambda one: one.onset) - 1)]


def _near(pitch_class: int, pitch: int) -> int:
    """The pitch of a class nearest to another, in the range of the bass."""
    inside = [at for at in range(LOWEST, HIGHEST + 1) if at % 12 == pitch_class]
    return min(inside, key=lambda at: (abs(at - pitch), at))


def _fifth_or_root(chord: Chord, before: int) -> int:
    if before % 12 != chord.root:
        return _near(chord.root, before)
    fifth = chord.pitch_classes[2]
    below = before - (before - fifth) % 12
    return below if below >= LOWEST else _near(fifth, before)


def _walked(
    chords: Sequence[ChordAt],
    places: Sequence[tuple[Fraction, Fraction]],
    pitches: Sequence[int],
    index: int,
    scale: frozenset[int],
) -> int:
    """The next step of a walking bass."""
    own = _chord_at(chords, places[index][0])
    if index == 0:
        return _near(own.chord.root, _MIDDLE)
    before = pitches[-1]
    if _chord_at(chords, places[index - 1][0]).chord != own.chord or index == len(places) - 1:
        return _near(own.chord.root, round((before + _MIDDLE) / 2))
    after = _chord_at(chords, places[min(index + 1, len(places) - 1)][0])
    if after.chord != own.chord:  # a step from the next root, from the side the line comes from
        goal = _near(after.chord.root, round((before + _MIDDLE) / 2))
        sides = [goal + step for step in (-1, 1, 2, -2)]
        inside = [pitch for pitch in sides if LOWEST <= pitch <= HIGHEST and pitch != before]
        return min(inside, key=lambda pitch: (abs(pitch - before) > 5, pitch % 12 not in scale, abs(pitch - before)))
    members = [pitch for pitch in range(LOWEST, HIGHEST + 1) if pitch % 12 in own.chord.pitch_classes]
    others = [pitch for pitch in members if pitch != before]
    return min(others, key=lambda pitch: (abs(pitch - before) + 0.3 * abs(pitch - _MIDDLE), pitch))
