"""The melodic half of a plan: key, range, leaps and the keys it may visit; each refused by name if impossible."""

from __future__ import annotations

from numpy.random import Generator

from musicedu.errors import Unsatisfiable
from musicedu.exercise.focus import MelodicRules, refused_focus, window_offers
from musicedu.exercise.specification import Specification
from musicedu.exercise.window import SMALLEST_WINDOW, choose_window, scale_notes
from musicedu.exercise.wishable import key_text
from musicedu.melody import Key
from musicedu.pitch import Spelling
from musicedu.syllabus.instruments import Instrument
from musicedu.syllabus.levels import Level


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
