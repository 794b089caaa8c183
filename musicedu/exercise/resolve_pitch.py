"""The melodic half of a plan: key, range, leaps and the keys it may visit; each refused by name if impossible.

The notes an exercise stays within are a window of the level's range, placed in the compass around the tonic.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from numpy.random import Generator

from musicedu.errors import Unsatisfiable
from musicedu.exercise.focus import MelodicRules, refused_focus, window_offers
from musicedu.exercise.specification import Specification
from musicedu.exercise.wishable import key_text
from musicedu.melody import Key
from musicedu.pitch import STEPS, Spelling
from musicedu.syllabus.instruments import Instrument
from musicedu.syllabus.levels import Level

SMALLEST_WINDOW = 3
"""Notes of the scale an exercise needs at least: the tonic, one to reach it from, one to rest on before."""


def chosen_key(wishes: Specification, at: Level, player: Instrument, rng: Generator) -> Key:
    """The key asked for, or one of the level that the range has room for."""
    if wishes.key is not None:
        return _checked_key(Key.parse(wishes.key), at, player)
    compass = chosen_compass(wishes, at, player)
    keys = player.keys_at(at.number)
    keys = tuple(key for key in keys if _has_window(key, compass)) or keys
    minors = tuple(key for key in keys if key.is_minor)
    if "accidentals" in wishes.focus and at.accidentals == "leading note" and minors:
        keys = minors
    new = player.new_keys_at(at.number)
    newest = tuple(key for key in keys if key in new)
    pool = newest if newest and rng.random() < 0.4 else keys  # what a level adds comes often
    return pool[int(rng.integers(len(pool)))]


def _checked_key(key: Key, at: Level, player: Instrument) -> Key:
    allowed = player.keys_at(at.number)
    general = at.any_major and abs(key.fifths) <= at.max_fifths and not key.is_minor
    if key in allowed or general:
        return key
    majors = tuple(Key(fifths) for fifths in range(-at.max_fifths, at.max_fifths + 1)) if at.any_major else ()
    nearest = min((*allowed, *majors), key=lambda known: (known.mode != key.mode, abs(known.fifths - key.fifths)))
    if not at.any_major:
        reason = f"level {at.number} on the {player.name} is in {key_text(allowed[0])}"
    elif abs(key.fifths) > at.max_fifths:
        kind = "sharp" if key.fifths > 0 else "flat"
        signature = f"{abs(key.fifths)} {kind}{'s' if abs(key.fifths) != 1 else ''}"
        reason = f"it has {signature}; level {at.number} allows {at.max_fifths}"
    else:
        minors = ", ".join(key_text(minor) for minor in at.minors)
        reason = f"level {at.number} has {'of minor keys ' + minors if minors else 'no minor key'}"
    raise Unsatisfiable(f"key {key_text(key)!r}: {reason}", remedy=f"The nearest is {key_text(nearest)}")


def _has_window(key: Key, compass: tuple[Spelling, Spelling]) -> bool:
    notes = scale_notes(key, *compass)
    return len(notes) >= SMALLEST_WINDOW and any(note.step == key.tonic.step for note in notes)


def chosen_compass(wishes: Specification, at: Level, player: Instrument) -> tuple[Spelling, Spelling]:
    """The notes asked for, inside what the instrument has at the level."""
    low, high = player.compass_at(at.number)
    lowest = Spelling.parse(wishes.lowest) if wishes.lowest else low
    highest = Spelling.parse(wishes.highest) if wishes.highest else high
    compass = f"{low} to {high}"
    for name, wish, nearest in (("lowest", lowest, low), ("highest", highest, high)):
        if not low.pitch <= wish.pitch <= high.pitch:
            raise Unsatisfiable(
                f"{name} note {wish} is outside the compass of the {player.name} at level {at.number}, {compass}",
                remedy=f"The nearest is {nearest}",
            )
    if lowest.pitch > highest.pitch:
        raise Unsatisfiable(
            f"the lowest note {lowest} is above the highest {highest}",
            remedy=f"The {player.name} has {compass} at level {at.number}",
        )
    return lowest, highest


def chosen_moves(wishes: Specification, at: Level, player: Instrument) -> MelodicRules:
    """Skips and accidentals allowed: the level's, of a singer's list, and no larger than asked for."""
    named = player.skips_at(at.number)
    most = min(at.largest_skip, player.largest_skip or at.largest_skip)
    if named is not None:
        most = max((abs(skip.steps) + 1 for skip in named), default=2)
    if wishes.largest_leap is not None and wishes.largest_leap > most:
        raise Unsatisfiable(
            f"largest leap {wishes.largest_leap} is more than level {at.number} on the {player.name} allows",
            remedy=f"The nearest is {most} (2 is a step, 3 a third)",
        )
    largest = wishes.largest_leap or most
    with_accidentals = wishes.accidentals is not False and at.accidentals != "none"
    return MelodicRules(
        largest_leap=largest,
        skips=at.skips if largest > 2 else "none",
        named_skips=named,
        accidentals=at.accidentals if with_accidentals else "none",
        max_accidentals=at.max_accidentals if with_accidentals else 0,
    )


def chosen_window(
    wishes: Specification, at: Level, player: Instrument, key: Key, rules: MelodicRules, rng: Generator
) -> tuple[Spelling, Spelling]:
    """The window of notes, with room for every pitch topic in the focus."""

    def fits(window: tuple[Spelling, ...]) -> bool:
        return all(window_offers(window, key, topic, rules) for topic in wishes.focus)

    compass = chosen_compass(wishes, at, player)
    window = choose_window(key, compass, player.compass_at(at.number), at.range, rng, fits)
    if window is not None:
        return window
    notes = scale_notes(key, *compass)
    unmet = [topic for topic in wishes.focus if not window_offers(notes, key, topic, rules)]
    raise refused_focus((unmet or list(wishes.focus))[0], at, key, rules)


def visited_keys(wishes: Specification, at: Level, key: Key, window: tuple[Spelling, Spelling]) -> tuple[Key, ...]:
    """The keys that inner phrases may move to: of the level, with their tonic in the window and no double sharps."""
    if wishes.modulation is False or wishes.accidentals is False:
        return ()
    steps = {note.step for note in scale_notes(key, *window)}
    targets = [change.target(key) for change in at.modulations]
    return tuple(
        target
        for target in targets
        if target is not None
        and abs(target.fifths) <= 6
        and target.tonic.step in steps
        and (not target.is_minor or target.fifths <= 4 or at.accidentals == "double")
    )


@lru_cache(maxsize=4096)
def scale_notes(key: Key, lowest: Spelling, highest: Spelling) -> tuple[Spelling, ...]:
    """The notes of the signature from `lowest` to `highest`, both included by pitch.

    >>> [str(note) for note in scale_notes(Key(1), Spelling.parse("E4"), Spelling.parse("G4"))]
    ['E4', 'F#4', 'G4']
    """
    signature = key.signature
    notes = (
        Spelling(STEPS[position % 7], signature.get(STEPS[position % 7], 0), position // 7)
        for position in range(lowest.diatonic - 1, highest.diatonic + 2)
    )
    return tuple(note for note in notes if lowest.pitch <= note.pitch <= highest.pitch)


def choose_window(
    key: Key,
    wished: tuple[Spelling, Spelling],
    compass: tuple[Spelling, Spelling],
    range_size: int,
    rng: Generator,
    fits: Callable[[tuple[Spelling, ...]], bool],
) -> tuple[Spelling, Spelling] | None:
    """Place a window of `range_size` notes (0: all that are wished) around the tonic; None if none `fits`.

    Windows that begin on the tonic or the dominant come more often: that is how tunes lie. Raises `Unsatisfiable`
    where the wish, a part of the instrument's `compass`, holds too few notes around a tonic.
    """
    notes = scale_notes(key, *wished)
    size = min(range_size or len(notes), len(notes))
    tonic = key.tonic.step
    windows = [notes[start : start + size] for start in range(len(notes) - size + 1)]
    around_tonic = [window for window in windows if any(note.step == tonic for note in window)]
    if size < SMALLEST_WINDOW or not around_tonic:
        raise Unsatisfiable(
            f"the range {wished[0]} to {wished[1]} is too small for a cadence in {key.name}",
            remedy=_wider(key, wished, compass),
        )
    fitting = [window for window in around_tonic if fits(window)]
    if not fitting:
        return None
    weights = [_weight(window, tonic) for window in fitting]
    chosen = fitting[int(rng.choice(len(fitting), p=[weight / sum(weights) for weight in weights]))]
    return chosen[0], chosen[-1]


def _weight(window: tuple[Spelling, ...], tonic: str) -> float:
    above = (STEPS.index(window[0].step) - STEPS.index(tonic)) % 7  # degree of the lowest note, from 0
    inside = [note.step for note in window]
    weight = 4.0 if above == 0 else 2.0 if above in (3, 4, 6) else 1.0
    return weight if tonic in inside[: max(1, len(inside) - 2)] else 0.1 * weight


def _wider(key: Key, wished: tuple[Spelling, Spelling], compass: tuple[Spelling, Spelling]) -> str:
    """The nearest notes to ask for: the least that must be added to the wish, inside the instrument's compass."""
    notes = scale_notes(key, *compass)
    triads = [notes[start : start + SMALLEST_WINDOW] for start in range(len(notes) - SMALLEST_WINDOW + 1)]
    holding = [triad for triad in triads if any(note.step == key.tonic.step for note in triad)]
    if not holding:
        return "Choose another key or a higher level"
    ends = [(min(wished[0], triad[0], key=_pitch), max(wished[1], triad[-1], key=_pitch)) for triad in holding]
    low, high = min(ends, key=lambda pair: pair[1].pitch - pair[0].pitch)
    return f"The nearest that works is {low} to {high}"


def _pitch(note: Spelling) -> int:
    return note.pitch
