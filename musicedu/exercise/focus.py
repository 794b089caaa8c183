"""What a focus asks for, and whether a plan has room for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from musicedu.exercise.wishable import TOPICS
from musicedu.melody import Key
from musicedu.pitch import STEPS, Spelling
from musicedu.syllabus.instruments import NamedSkip
from musicedu.syllabus.levels import Cell, Level, MetreGrid, places

MOST_FOCUS = 3
_SEVENTH, _MINOR_SEVENTH = 6, 10  # staff steps, semitones


def focus_count(n_measures: int) -> int:
    """How often each focus must occur in an exercise of so many measures."""
    return 1 if n_measures < 8 else 2


@dataclass(frozen=True, slots=True)
class SkipRule:
    """Which skips a plan allows: the largest (diatonic number), the policy, and a singer's list if there is one."""

    largest: int
    policy: str
    named: tuple[NamedSkip, ...] | None

    def allows(self, start: Spelling, end: Spelling, key: Key) -> bool:
        """Whether a skip from one note of the scale to another is allowed."""
        steps = end.diatonic - start.diatonic
        degrees = [(STEPS.index(note.step) - STEPS.index(key.tonic.step)) % 7 + 1 for note in (start, end)]
        if not 3 <= abs(steps) + 1 <= self.largest:
            return False
        if self.named is not None:
            return any((skip.from_degree, skip.to_degree, skip.steps) == (*degrees, steps) for skip in self.named)
        if self.policy == "tonic triad":
            return all(degree in (1, 3, 5) for degree in degrees)
        if abs(steps) == _SEVENTH and not (end.pitch - start.pitch == _MINOR_SEVENTH and degrees[0] in (5, 2)):
            return False
        if abs(steps) > _SEVENTH and not all(
            degree in ((1, 5) if abs(steps) == 7 else (1, 3, 5)) for degree in degrees
        ):
            return False
        return self.policy == "any" or abs(end.fifths - start.fifths) <= 5  # 6 fifths and more: augmented, diminished


def window_offers(window: Sequence[Spelling], key: Key, topic: str, rule: SkipRule, policy: str) -> bool:
    """Whether the scale notes of a window hold what a pitch topic asks for."""
    if topic == "accidentals":
        lowest = window[0].pitch
        return policy != "leading note" or any(
            note.step == key.tonic.step and note.pitch - 1 >= lowest for note in window
        )
    if topic != "leaps" and not TOPICS.get(topic):
        return True
    return any(
        rule.allows(start, end, key) and TOPICS[topic] in (0, abs(end.diatonic - start.diatonic) + 1)
        for start in window
        for end in window
    )


def rests_possible(cells: Sequence[Cell], grid: MetreGrid, rests: Sequence[int]) -> bool:
    """Whether some cell of the metre has an element that may be a rest."""
    return any(
        value in rests and not cell.syncopated and not cell.tuplet and (value != 18 or cell.kind == "compound")
        for cell in cells
        if places(cell, grid)
        for value in (cell.values if cell.total < grid.total or len(cell.values) > 1 else ())
    )


def ties_possible(cells: Sequence[Cell], grid: MetreGrid, *, syncopation: bool) -> bool:
    """Whether some cell of the metre ends with a note that may be tied on."""
    return any(places(cell, grid) and (syncopation or len(cell.values) == 1) for cell in cells)


def why_not(topic: str, at: Level, key: Key, rule: SkipRule) -> str:
    """Why a topic has no place in a plan, in words."""
    if topic == "accidentals" and at.accidentals == "leading note" and not key.is_minor:
        return f"level {at.number} has accidentals only in minor, and the key is {key.name}"
    if topic == "accidentals" and at.accidentals == "leading note":
        return "the range leaves no room for the leading note"
    if topic in ("rests", "ties", "accidentals"):
        return f"there are none at level {at.number} with these wishes"
    if rule.named is not None:
        return f"a singer of level {at.number} meets only {', '.join(skip.title for skip in rule.named) or 'steps'}"
    return f"the largest leap is {rule.largest} (2 is a step, 3 a third), in a range and key that have no such leap"
