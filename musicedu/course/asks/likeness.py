"""What a task may ask about the likeness of sounds and melodies: requirements for `musicedu.course.checks.check`."""

from __future__ import annotations

from typing import Any

from musicedu.course.asks.functions import outcome
from musicedu.course.checks import Requirement, asked_first
from musicedu.course.slips import kind_of
from musicedu.melody import Melody
from musicedu.originality.copied import Report, originality_of_pair

Star = tuple[int, int]
_STARS: tuple[Star, ...] = ((10, 24), (22, 31), (40, 28))
"""Three stars as (frame, semitone): the second lies two fifths of the way to the third."""

_TOO_MUCH = {
    "A": "You know better: you made it from a tune yourself. A short run only says that notes were changed.",
    "B": "It looks so, but a report cannot tell copying from a common source: that needs more than notes.",
    "D": "No number of shared notes makes a use free, or forbids it.",
}


def same_at_any_tempo(answer: Any) -> str | None:
    """A hash of three stars is the same when they are played slower, faster or later."""
    first, fault = outcome(answer, *_STARS)
    if fault:
        return fault
    for factor, shift, how in ((2, 0, "at half the tempo"), (1, 300, "three hundred frames later")):
        moved = [(factor * frame + shift, band) for frame, band in _STARS]
        second, fault = outcome(answer, *moved)
        if fault:
            return fault
        if second != first:
            return f"The same three stars {how} have another hash: {first} becomes {second}."
    for share in (0.95, 1.05):
        second, fault = outcome(answer, *[(round(share * frame), band) for frame, band in _STARS])
        if fault:
            return fault
        if second != first:
            return f"At {share:.0%} of their times the stars have another hash: count the place more coarsely."
    return None


def tells_tunes_apart(answer: Any) -> str | None:
    """A hash changes with each of the semitones and with the rhythm."""
    first, fault = outcome(answer, *_STARS)
    if fault:
        return None  # same_at_any_tempo has said it
    for place, word in enumerate(("first", "second", "third")):
        moved = [(frame, band + 2 * (place == at)) for at, (frame, band) in enumerate(_STARS)]
        if outcome(answer, *moved)[0] == first:
            return f"The {word} star may be a tone higher without changing the hash: another tune, the same hash."
    earlier, later = (_STARS[0], (16, 31), _STARS[2]), (_STARS[0], (34, 31), _STARS[2])
    if outcome(answer, *earlier)[0] == outcome(answer, *later)[0]:
        return "Short-long and long-short have the same hash: where the second star lies must be part of it."
    return None


def shares_at_most(original: Melody, n_notes: int) -> Requirement:
    """A melody has no longer run in common with another, in any key and at any tempo."""

    def no_longer_run(answer: Any) -> str | None:
        run, _ = originality_of_pair(answer, original)
        if run is None or run.n_notes <= n_notes:
            return None
        first, last = run.notes
        return (
            f"Notes {first + 1} to {last + 1} are still the tune's own: a run of {run.n_notes}, and {n_notes} are "
            "allowed. Another key alone hides nothing: change a length or put a note in between."
        )

    return no_longer_run


def still_like(original: Melody, likeness: float) -> Requirement:
    """A melody can still be told to come from another."""

    def known_again(answer: Any) -> str | None:
        _, alignment = originality_of_pair(answer, original)
        if alignment.similarity >= likeness:
            return None
        return (
            f"The likeness is {alignment.similarity:.2f}; the task asks for {likeness:.2f} or more. Nobody would know "
            "the tune again: keep more of its notes, in their order."
        )

    return known_again


def has_notes(n_notes: int) -> Requirement:
    """A melody has at least so many notes."""

    def long_enough(answer: Any) -> str | None:
        count = len(answer.notes)
        return None if count >= n_notes else f"There are {count} notes; the task asks for {n_notes} or more."

    return long_enough


@asked_first
def is_report(answer: Any) -> str | None:
    """The answer is a dictionary with the three entries of a report."""
    if not isinstance(answer, dict):
        return f"This is {kind_of(answer)}. A report is written in braces: " + '{"tune": ..., ...}.'
    missing = [name for name in ("tune", "shared_notes", "conclusion") if name not in answer or answer[name] is ...]
    return f"The report says nothing yet about {', '.join(missing)}." if missing else None


def agrees_with(report: Report) -> Requirement:
    """A report names the nearest tune and the length of the longest run as they were found."""

    def agrees(answer: Any) -> str | None:
        faults = []
        nearest = report.nearest[0].tune.id if report.nearest else None
        if answer["tune"] != nearest:
            faults.append(f"{answer['tune']!r} is not the id of the nearest tune: read it off line 1 of the report.")
        n_notes = report.longest_run.n_notes if report.longest_run else 0
        if answer["shared_notes"] != n_notes:
            faults.append(f"{answer['shared_notes']!r} is not the length of the longest shared run: both ends count.")
        return " ".join(faults) or None

    return agrees


def claims_what_it_shows(answer: Any) -> str | None:
    """A report concludes what can be concluded, C of lesson 09; others are answered by what they leave out."""
    said = str(answer["conclusion"]).strip().upper()
    if said == "C":
        return None
    return _TOO_MUCH.get(said, "The conclusion is one of the letters A, B, C and D.")
