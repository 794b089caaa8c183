"""Patterns: lines of characters that say when something is struck, read onto the measures of a piece."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from musicedu.arrangement import Hit
from musicedu.harmony.chord import ChordAt
from musicedu.melody import Measure, Melody, Metre

VELOCITIES = {"X": 108, "x": 84, "o": 54}
"""How hard each character strikes, as a MIDI velocity."""

_CHARACTERS = frozenset(VELOCITIES) | {"-", "."}


@dataclass(frozen=True, slots=True)
class Stroke:
    """A place in a measure, in quarter notes from its first beat, how long it may last, and how hard it is."""

    onset: Fraction
    duration: Fraction
    velocity: int


def strokes_of(pattern: str, duration: Fraction) -> tuple[Stroke, ...]:
    """Read a pattern over a measure of some duration; a stroke lasts until the next one or the next silence.

    Raises `ValueError` for a character that means nothing.

    >>> [(str(one.onset), str(one.duration)) for one in strokes_of("x-.x", Fraction(2))]
    [('0', '1'), ('3/2', '1/2')]
    """
    unknown = set(pattern) - _CHARACTERS
    if unknown or not pattern:
        raise ValueError(f"a pattern is made of X, x, o, - and ., not {pattern!r}")
    step = duration / len(pattern)
    found = []
    for place, character in enumerate(pattern):
        if character in VELOCITIES:
            held = len(pattern[place + 1 :]) - len(pattern[place + 1 :].lstrip("-"))
            found.append(Stroke(place * step, (1 + held) * step, VELOCITIES[character]))
    return tuple(found)


def _strokes_in(measure: Measure, pattern: str) -> Iterator[Stroke]:
    """The strokes of a pattern that is played on through a measure longer than its metre."""
    length = measure.metre.duration
    strokes = strokes_of(pattern, length)
    for lap in range(-(-measure.duration // length)):
        for stroke in strokes:
            yield Stroke(lap * length + stroke.onset, stroke.duration, stroke.velocity)


def places_of(melody: Melody, pattern: str, ending: Fraction) -> list[tuple[Fraction, Fraction, int]]:
    """Onset, offset and velocity of every stroke of a pattern in the full measures of a melody.

    From `ending` on there is one long stroke; what is struck before stops there.
    """
    found = []
    for measure in melody.measures:
        for stroke in _strokes_in(measure, pattern) if measure.number > 0 else ():
            onset = measure.onset + stroke.onset
            if onset < min(ending, measure.offset):
                found.append((onset, min(onset + stroke.duration, ending, measure.offset), stroke.velocity))
    return [*found, (ending, melody.duration, VELOCITIES["x"])]


def ending_of(melody: Melody, chords: Sequence[ChordAt]) -> Fraction:
    """Where the last chord begins, or the last barline if that is later."""
    last = chords[-1].chord
    onset = chords[-1].onset
    for one in reversed(chords):
        if one.chord != last:
            break
        onset = one.onset
    return max(onset, melody.measures[-1].onset)


def drum_hits(
    melody: Melody,
    rows: Mapping[str, str],
    fill: Mapping[str, str] | None = None,
    *,
    ends: Collection[int] = (),
    ending: Fraction | None = None,
) -> tuple[Hit, ...]:
    """The strokes of a drum pattern in every full measure of a melody.

    rows: a pattern for each sound; fill: what is played instead in the measures whose numbers are in `ends`, the ends
    of phrases; a cymbal answers on the next first beat. ending: where one last stroke is and the pattern stops, by
    default the last barline. An anacrusis is silent. Empty without rows.

    >>> tune = Melody.from_text("C4:4 C4:4 C4:4 C4:4")
    >>> hits = drum_hits(tune, {"snare": ".x.x"})
    >>> [str(hit.onset) for hit in hits]
    ['1', '3', '5', '7', '9', '11', '12', '12']
    """
    if not rows:
        return ()
    measures = [measure for measure in melody.measures if measure.number > 0]
    last = measures[-1].onset if ending is None else ending
    found = [Hit(last, "kick", VELOCITIES["X"]), Hit(last, "crash", VELOCITIES["x"])]
    for place, measure in enumerate(measures):
        chosen = fill if fill and measure.number in ends and place < len(measures) - 1 else rows
        hits = list(_hits(measure, chosen))
        if fill and place and measures[place - 1].number in ends:
            hits = [hit for hit in hits if hit.onset > measure.onset or hit.sound not in ("ride", "closed hat")]
            hits.append(Hit(measure.onset, "crash", VELOCITIES["x"]))
        found += [hit for hit in hits if hit.onset < last]
    return tuple(sorted(found, key=lambda hit: (hit.onset, hit.sound)))


def loop_hits(rows: Mapping[str, str], metre: Metre, n_measures: int) -> tuple[Hit, ...]:
    """A drum pattern as many times over as there are measures, nothing else; `ValueError` as `strokes_of` has it."""
    hits = [
        Hit(number * metre.duration + stroke.onset, sound, stroke.velocity)
        for number in range(n_measures)
        for sound, pattern in rows.items()
        for stroke in strokes_of(pattern, metre.duration)
    ]
    return tuple(sorted(hits, key=lambda hit: (hit.onset, hit.sound)))


def _hits(measure: Measure, rows: Mapping[str, str]) -> Iterator[Hit]:
    for sound, pattern in rows.items():
        for stroke in _strokes_in(measure, pattern):
            if measure.onset + stroke.onset < measure.offset:
                yield Hit(measure.onset + stroke.onset, sound, stroke.velocity)
