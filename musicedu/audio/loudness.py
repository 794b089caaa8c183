"""How loud each moment of a melody is, as a MIDI velocity: dynamic marks hold, hairpins lead from one to the next."""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction

from musicedu.melody import DYNAMICS, Hairpin, Melody

VELOCITIES = {"pp": 40, "p": 54, "mp": 68, "mf": 82, "f": 98, "ff": 114}
DEFAULT_DYNAMIC = "mf"


class Loudness:
    """The velocity that holds at each onset of a melody.

    A hairpin moves evenly to the dynamic mark at its end (or before the end of the next measure's length), and one
    level up or down where there is none or it points the other way; that level holds until the next mark.

    >>> Loudness(Melody.from_text("C4:1")).velocity(Fraction(0))
    82
    """

    def __init__(self, melody: Melody) -> None:
        self._points = _points(melody)
        self._onsets = [onset for onset, _ in self._points]

    def velocity(self, onset: Fraction) -> int:
        """The MIDI velocity (1 to 127) at `onset`, articulations aside."""
        index = bisect_right(self._onsets, float(onset)) - 1
        before, level = self._points[index]
        if index + 1 == len(self._points) or self._points[index + 1][1] == level:
            return round(level)
        after, next_level = self._points[index + 1]
        return round(level + (next_level - level) * (float(onset) - before) / (after - before))


def _points(melody: Melody) -> list[tuple[float, float]]:
    """Breakpoints of a line over time; a jump is two of them at one onset."""
    marks = {mark.onset: float(VELOCITIES[mark.mark]) for mark in melody.dynamics}
    points = [(0.0, marks.get(Fraction(0), float(VELOCITIES[DEFAULT_DYNAMIC])))]
    events = sorted([(at, 0) for at in marks if at > 0] + [(pin.onset, 1) for pin in melody.hairpins])
    pins = {pin.onset: pin for pin in melody.hairpins}
    ended = Fraction(0)
    for onset, kind in events:
        if onset < ended:  # inside a hairpin: its own end says where the loudness goes
            continue
        level = marks.get(onset, points[-1][1])
        points += [(float(onset), points[-1][1]), (float(onset), level)]
        if kind:
            ended = pins[onset].offset
            points.append((float(ended), _goal(pins[onset], level, marks, melody)))
    return points


def _goal(pin: Hairpin, level: float, marks: dict[Fraction, float], melody: Melody) -> float:
    rising = pin.kind == "crescendo"
    reach = pin.offset + melody.measure_at(pin.onset).metre.duration / 2
    marked = [marks[at] for at in sorted(marks) if pin.onset < at <= reach]
    if marked and (marked[0] > level) is rising and marked[0] != level:
        return marked[0]
    ladder = [float(VELOCITIES[name]) for name in DYNAMICS]
    beyond = [step for step in ladder if (step > level if rising else step < level)]
    if not beyond:
        return level
    return beyond[0] if rising else beyond[-1]
