"""Note values from lengths that were shortened for playback: a written quarter sounds 95 %, or all but ten ticks.

What a program or a player leaves of each note is much the same throughout a file. The rule that leaves the plainest
notation is taken: that nothing is shortened, that every note sounds a share of its value, or that every note ends a
time early. A rest stays where the rule does not explain the silence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import log
from statistics import median

from musicedu.formats.midi_channels import MidiNote
from musicedu.formats.quantising import Onsets, nearest

Span = tuple[Fraction, Fraction]  # onset and offset in quarter notes

_REST, _ODD, _RULE = 1.0, 3.0, 3.0  # what a rest, a value that is none, and a rule cost
_FEWEST = 4  # notes that show a rule
_LONGER = 0.1  # of the notes: how many may be longer than a rule allows
_PLAIN_PARTS = (4, 6)  # of a quarter note: their multiples are values that one writes
_SHORT = (Fraction(1, 8), Fraction(3, 8), Fraction(1, 12), Fraction(1, 16), Fraction(3, 16), Fraction(1, 5))
_SINGLE = tuple(
    Fraction(value)
    for value in ("1/8", "1/6", "1/4", "1/3", "3/8", "1/2", "2/3", "3/4", "1", "4/3", "3/2", "2", "3", "4", "6")
)
_ROUNDED = 1.5  # ticks
_MOST_SHARES = 5
_SLACK = 0.012  # of a value
_UNEVEN = 0.2  # of the notes: if more are odd, the lengths are those of a player
_LEGATO = 1 / 6  # of the time to the next onset: a shorter gap of no value is no rest
_STACCATO = 0.015
_OFF_BEAT = 0.35
_MOST_FULL = 0.87  # of the time to the next onset: what a player leaves of it before a rest
_EVEN, _SURELY = 0.05, 4.0  # the least spread of a player's lengths (logarithms), and how many make a rest


@dataclass(frozen=True, slots=True)
class Lengths:
    """Onsets and offsets as written, and what was done to the lengths: empty where they stay as they are."""

    spans: tuple[Span, ...]
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A note that is written `value` sounds `value * share - early` ticks."""

    share: float = 1.0
    early: int = 0

    def meant(self, sounding: int) -> float:
        return (sounding + self.early) / self.share

    def slack(self, sounding: int) -> float:
        """How many ticks a value may be off, as lengths are rounded to ticks before they are stretched."""
        return max(0.5 + _ROUNDED / self.share, _SLACK * self.meant(sounding))

    @property
    def is_none(self) -> bool:
        return self.share == 1.0 and not self.early


def written_lengths(notes: Sequence[MidiNote], onsets: Onsets, ticks: int, overlap: int = 0) -> Lengths:
    """The note values of a line.

    notes: in order, none sounding into the next; onsets: theirs, as written, each later than the one before; overlap:
    by how many ticks notes used to be held into the next, before they were cut there, 0 if they were not.
    """
    steps = [(after.onset - before.onset) for before, after in pairwise(notes)]
    lengths = [note.offset - note.onset for note in notes]
    tried = [(rule, *_cost(rule, lengths, steps, ticks)) for rule in _rules(lengths, steps, overlap)]
    rule, _, odd = min(tried, key=lambda one: one[1])
    n_uneven = len(odd) if rule.is_none else len(odd) - len(_staccato(odd))
    is_uneven = onsets.is_played or (len(steps) >= _FEWEST and n_uneven > _UNEVEN * len(steps))
    if is_uneven:
        values, notices = _played_values(lengths, steps, onsets, ticks)
    else:
        values, notices = _values(rule, lengths, steps, onsets.places, ticks)
    offsets = [place + value for place, value in zip(onsets.places, values, strict=True)]
    return Lengths(tuple(zip(onsets.places, offsets, strict=True)), notices)


def _rules(lengths: Sequence[int], steps: Sequence[int], overlap: int) -> list[_Rule]:
    rules = [_Rule()]
    if overlap:
        rules.append(_Rule(early=-overlap))
    pairs = [(length, step) for length, step in zip(lengths, steps, strict=False) if length < step]
    shares = Counter(round(100 * length / step) for length, step in pairs)
    for percent, _ in shares.most_common(_MOST_SHARES):
        share = _share([pair for pair in pairs if abs(pair[0] - pair[1] * percent / 100) <= max(1, 0.01 * pair[1])])
        alike = [pair for pair in pairs if abs(pair[0] - pair[1] * share) <= _ROUNDED]
        if len(alike) >= min(_FEWEST, len(steps)):
            rules.append(_Rule(share=_share(alike)))
    early = Counter(step - length for length, step in pairs)
    rules += [_Rule(early=gap) for gap, count in early.most_common(3) if count >= _FEWEST or count == len(steps)]
    return rules


def _share(pairs: Sequence[tuple[int, int]]) -> float:
    """The share of their time for which notes sound, by the long ones most, as ticks are rounded."""
    return sum(length for length, _ in pairs) / sum(step for _, step in pairs) if pairs else 1.0


def _cost(rule: _Rule, lengths: Sequence[int], steps: Sequence[int], ticks: int) -> tuple[float, dict[int, float]]:
    """What the notation costs under a rule, and the notes whose value is none: the share of its time each sounds."""
    cost, n_longer = 0.0 if rule.is_none else _RULE, 0
    odd: dict[int, float] = {}
    for place, (length, step) in enumerate(zip(lengths, steps, strict=False)):
        meant, slack = rule.meant(length), rule.slack(length)
        if abs(meant - step) <= slack or (length >= step and rule.share == 1.0):
            continue
        n_longer += meant > step
        if meant > step or _plain(meant, slack, ticks) is None:
            odd[place] = length / step
        else:
            cost += _REST
    if not rule.is_none and n_longer > _LONGER * len(steps):
        return float("inf"), odd
    return cost + _ODD * len(odd), odd


def _plain(meant: float, slack: float, ticks: int) -> Fraction | None:
    """The value that one writes for so many ticks, if there is one."""
    for parts in _PLAIN_PARTS:
        count = round(meant * parts / ticks)
        if count and abs(meant - count * ticks / parts) <= slack:
            return Fraction(count, parts)
    return next((value for value in _SHORT if abs(meant - float(value) * ticks) <= min(slack, ticks / 40)), None)


def _values(
    rule: _Rule, lengths: Sequence[int], steps: Sequence[int], onsets: Sequence[Fraction], ticks: int
) -> tuple[list[Fraction], tuple[str, ...]]:
    """The values under a rule; what is no value becomes the nearest one, or staccato where several are short alike."""
    gaps = [after - before for before, after in pairwise(onsets)]
    values: list[Fraction] = []
    odd: dict[int, float] = {}  # place: share of the time to the next onset
    for place, (length, step, gap) in enumerate(zip(lengths, steps, gaps, strict=False)):
        meant = rule.meant(length)
        slack = rule.slack(length)
        value = _plain(meant, slack, ticks)
        if length >= step or meant >= step - slack or (value is None and step - length < _LEGATO * step):
            value = gap
        elif value is None:
            odd[place] = length / step
            value = nearest(meant / ticks, 4) or Fraction(1, 8)
        values.append(min(value, gap))
    short = [] if rule.is_none else _staccato(odd)
    for place in short:
        values[place] = gaps[place]
    last = rule.meant(lengths[-1])
    values.append(_plain(last, rule.slack(lengths[-1]), ticks) or _last(last / ticks, onsets[-1]))
    notices = _said(rule)
    if short:
        notices = (
            *notices,
            f"{len(short)} notes sound {odd[short[0]]:.0%} of their length: taken as full, played short",
        )
    return values, notices


def _staccato(odd: Mapping[int, float]) -> list[int]:
    """The notes, of those whose value is none, that sound the same share of their time, if most of them do."""
    if not odd:
        return []
    middle = median(odd.values())
    alike = [place for place, share in odd.items() if abs(share - middle) <= _STACCATO]
    return alike if len(alike) >= 2 and len(alike) >= 0.6 * len(odd) else []


def _said(rule: _Rule) -> tuple[str, ...]:
    if rule.share != 1.0:
        return (f"The notes sound {rule.share:.0%} of their length: taken as full",)
    if rule.early > 0:
        unit = "tick" if rule.early == 1 else "ticks"
        return (f"The notes end {rule.early} {unit} early: taken as full",)
    return ()


def _played_values(
    lengths: Sequence[int], steps: Sequence[int], onsets: Onsets, ticks: int
) -> tuple[list[Fraction], tuple[str, ...]]:
    """The values of a player's notes: full, but for those much shorter than most are for the time they have."""
    shares = sorted(min(1.0, length / step) for length, step in zip(lengths, steps, strict=False)) or [1.0]
    full = [share for share in shares if share >= _MOST_FULL**2 * shares[len(shares) * 4 // 5]]  # no rest after these
    usual = median(full)
    spread = max(1.48 * median(abs(log(share / usual)) for share in full), _EVEN)
    gaps = [after - before for before, after in pairwise(onsets.places)]
    values: list[Fraction] = []
    for length, step, gap in zip(lengths, steps, gaps, strict=False):
        meant = length / usual
        plain = _simple(meant / ticks, onsets.steps)
        from_full, from_plain = log(step / meant) / spread, abs(log(float(plain) * ticks / meant)) / spread
        is_rest = meant < _MOST_FULL * step and from_full > max(_SURELY, from_plain + 1)
        values.append(min(plain, gap) if is_rest else gap)
    values.append(_last(lengths[-1] / usual / ticks, onsets.places[-1]))
    return values, ("The lengths are as played: taken as full but for plain rests",)


def _simple(quarters: float, steps: int) -> Fraction:
    """A plain value near a played length: in quarter notes, eighths, or the grid of the onsets for short ones."""
    parts = 1 if quarters >= 1.5 else 2 if quarters >= 0.4 else max(steps, 4)
    return max(nearest(quarters, parts), Fraction(1, parts))


def _last(quarters: float, onset: Fraction) -> Fraction:
    """The value of a last note: the nearest in proportion, rather one that ends with a beat."""
    return min(
        _SINGLE,
        key=lambda value: abs(log(max(quarters, 1e-9) / value)) + _OFF_BEAT * ((onset + value).denominator > 1),
    )
