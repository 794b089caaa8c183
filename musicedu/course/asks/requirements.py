"""What a task may ask of music: each is a requirement for `musicedu.course.checks.check`.

A melody is written either as a `Melody` or as a list of measures, one text each: `["C4:1 D4:1 E4:2", "C4:4"]`.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

from musicedu.course.checks import Requirement, asked_first
from musicedu.course.slips import kind_of
from musicedu.melody import Key, Melody, Metre
from musicedu.pitch import Spelling

INTERVALS = ("unison", "second", "third", "fourth", "fifth", "sixth", "seventh", "octave")
_COUNTED = {1: "whole notes", 2: "half notes", 4: "beats", 8: "eighths", 16: "sixteenths", 32: "thirty-seconds"}


@asked_first
def is_list_of_measures(answer: Any) -> str | None:
    """The answer is a list of texts."""
    if isinstance(answer, str):
        return "This is one text. Put square brackets around it, and a text of its own for each measure."
    if not isinstance(answer, list) or not answer or not all(isinstance(measure, str) for measure in answer):
        return "This is not a list of texts. Write one text for each measure, in quotes, with commas between them."
    return None


@asked_first
def is_melody(answer: Any) -> str | None:
    """The answer is a `Melody`."""
    if isinstance(answer, Melody):
        return None
    return f"This is {kind_of(answer)}, not a Melody. Melody.from_text(...) makes one."


def n_measures(wanted: int) -> Requirement:
    """The music has so many measures."""

    def has_n_measures(answer: Any) -> str | None:
        count = len(answer.measures if isinstance(answer, Melody) else answer)
        return None if count == wanted else f"There {_are(count, 'measure')}; the task asks for {wanted}."

    return has_n_measures


def measures(wanted: int, metre: str) -> tuple[Requirement, ...]:
    """A list of so many measures, each as long as the metre says: three requirements in one."""
    return is_list_of_measures, n_measures(wanted), every_measure_holds(metre)


def every_measure_holds(metre: str) -> Requirement:
    """Every measure of a list lasts as long as the metre says."""
    asked = Metre.parse(metre)

    def holds_its_metre(answer: Any) -> str | None:
        faults = []
        for number, text in enumerate(answer, start=1):
            try:
                lasts = sum((_read_word(word)[1] for word in text.split()), Fraction(0)) / asked.unit
            except ValueError as fault:
                faults.append(f"Measure {number}: {fault}.")
                continue
            if lasts != asked.numerator:
                counted = _COUNTED[asked.denominator]
                faults.append(f"Measure {number} lasts {_number(lasts)} {counted}; {metre} holds {asked.numerator}.")
        return " ".join(faults) or None

    return holds_its_metre


def ends_on_tonic(key: str) -> Requirement:
    """The last note is the tonic of the key."""
    tonic = Key.parse(key).tonic

    def comes_home(answer: Any) -> str | None:
        notes = _spellings(answer)
        if not notes:
            return "There is no note in it yet."
        if notes[-1].pitch % 12 == tonic.pitch % 12:
            return None
        return f"The last note is {notes[-1]}, and the ear still waits: {key} is at home on its tonic."

    return comes_home


def leaps_at_most(interval: str) -> Requirement:
    """No two neighbouring notes lie further apart than an interval such as `"third"`."""
    largest = INTERVALS.index(interval)

    def leaps_no_further(answer: Any) -> str | None:
        for earlier, later in pairwise(_spellings(answer)):
            size = abs(later.diatonic - earlier.diatonic)
            if size > largest:
                name = INTERVALS[size] if size < len(INTERVALS) else "leap of more than an octave"
                return f"From {earlier} to {later} is a {name}; the task allows nothing wider than a {interval}."
        return None

    return leaps_no_further


def _spellings(answer: Any) -> list[Spelling]:
    if isinstance(answer, Melody):
        return [note.spelling for note in answer.notes]
    spellings = []
    for word in " ".join(answer).split():
        try:
            spelling, _ = _read_word(word)
        except ValueError:
            continue  # every_measure_holds says what is wrong with it
        spellings += [spelling] if spelling else []
    return spellings


def _read_word(word: str) -> tuple[Spelling | None, Fraction]:
    """A word such as `G4:1/2` as (note, quarters); `r` is a rest. `ValueError` says it in music's words."""
    name, _, length = word.partition(":")
    try:
        duration = Fraction(length or "1")
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"{length!r} in {word!r} is not a duration: write 1 for a quarter note, or 2 or 1/2") from None
    if duration <= 0:
        raise ValueError(f"{word!r} lasts no time: a duration is more than 0")
    if name.lower() == "r":
        return None, duration
    try:
        return Spelling.parse(name), duration
    except ValueError:
        raise ValueError(f"{name!r} is not a note: write a letter from A to G and an octave, as in F#4") from None


def _are(count: int, thing: str) -> str:
    return f"is 1 {thing}" if count == 1 else f"are {count} {thing}s"


def _number(value: Fraction) -> str:
    whole, rest = divmod(value, 1)
    if not rest:
        return str(whole)
    return f"{whole} {rest}" if whole else str(rest)
