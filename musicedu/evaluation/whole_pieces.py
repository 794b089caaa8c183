"""What a listener could notice in a whole piece: how full its measures are, what comes again, how it closes, and where
rests, ties and foreign notes stand.

No engine is asked for any of these numbers, so that whoever judges by them (`musicedu.learning.two_sample`) had no hand
in the making. They do not depend on key, register or clef, and hold for phrases as well as for whole pieces.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from math import log2

from scipy import stats

from musicedu.attributes.rhythm_patterns import full_measures
from musicedu.evaluation.references import PHRASE_MEASURES
from musicedu.melody import Measure, Melody, Note

_SHORT, _LONG = Fraction(1, 4), Fraction(2)
_LATE_NOTES = 6
_OCTAVE = 12

Feature = Callable[["Laid"], float]


class Laid:
    """A melody, its notes and what is sounding laid out by measure, for everything that is measured on it."""

    def __init__(self, melody: Melody) -> None:
        if not melody.notes:
            raise ValueError("a piece without notes has nothing to be noticed")
        self.melody, self.notes = melody, melody.notes
        self.measures = full_measures(melody) or melody.measures
        self.inside = tuple(_inside(melody, measure) for measure in self.measures)
        self.pitches, self.intervals = melody.pitches, melody.intervals
        self.degrees = tuple(
            (note.pitch - melody.key_at(note.onset).tonic_pitch_class) % _OCTAVE for note in self.notes
        )
        self.foreign = tuple(not melody.key_at(note.onset).has(note.spelling) for note in self.notes)
        self.values = tuple(note.duration for note in self.notes)
        self.rhythms = [_rhythm(measure, notes) for measure, notes in zip(self.measures, self.inside, strict=True)]
        self.figures = list(zip(self.rhythms, map(_contour, self.inside), strict=True))
        self.exact = list(zip(self.rhythms, map(_pitches, self.inside), strict=True))


def _inside(melody: Melody, measure: Measure) -> tuple[Note, ...]:
    return tuple(note for note in melody.notes if measure.onset <= note.onset < measure.offset)


def piece_features(melody: Melody) -> dict[str, float]:
    """Every feature of `FEATURES` by name; `ValueError` for a melody without notes.

    >>> found = piece_features(Melody.from_text("C4 D4 E4 C4 C4 D4 E4 C4 E4 F4 G4:2 E4 F4 G4:2"))
    >>> [round(found[name], 2) for name in ("rhythm comes again", "measure comes again", "repeated notes")]
    [0.67, 0.67, 0.08]
    """
    laid = Laid(melody)
    return {name: float(feature(laid)) for name, feature in FEATURES.items()}


def _mean(values: Iterable[float]) -> float:
    """The mean, of yes and no the share of yes; 0 where there is none."""
    known = list(values)
    return sum(known) / len(known) if known else 0.0


def _counts(laid: Laid) -> list[int]:
    return [len(notes) for notes in laid.inside]


def _held(laid: Laid, place: int) -> float:
    """Whether one note or none begins in a measure, counted from 0 or from the end."""
    return float(-len(laid.inside) <= place < len(laid.inside) and len(laid.inside[place]) <= 1)


def _rhythm(measure: Measure, notes: Sequence[Note]) -> Hashable:
    return tuple((note.onset - measure.onset, note.duration) for note in notes)


def _contour(notes: Sequence[Note]) -> Hashable:
    return tuple(after.spelling.diatonic - before.spelling.diatonic for before, after in pairwise(notes))


def _pitches(notes: Sequence[Note]) -> Hashable:
    return tuple(note.pitch for note in notes)


def _again(patterns: Sequence[Hashable]) -> float:
    """The share of patterns, the first apart, that have occurred before."""
    return _mean(pattern in patterns[:place] for place, pattern in enumerate(patterns) if place)


def _after(patterns: Sequence[Hashable], distance: int) -> float:
    """The share of patterns that are what stood `distance` before."""
    return _mean(pattern == patterns[place - distance] for place, pattern in enumerate(patterns) if place >= distance)


def _entropy(values: Iterable[Hashable]) -> float:
    """In bits."""
    return float(stats.entropy(list(Counter(values).values()), base=2))


def _moves(laid: Laid, is_one: Callable[[int], bool]) -> float:
    return _mean(is_one(abs(interval)) for interval in laid.intervals)


def _turns(laid: Laid) -> float:
    return _mean(before * after < 0 for before, after in pairwise(laid.intervals))


def _recovered(laid: Laid) -> float:
    """Of leaps larger than a third, those that the line turns back after."""
    return _mean(before * after < 0 for before, after in pairwise(laid.intervals) if abs(before) > 4)


def _is_off_beat(laid: Laid, note: Note) -> bool:
    return note.onset not in laid.melody.measure_at(note.onset).beat_onsets


def _mixed(laid: Laid) -> float:
    """The share of measures with a sixteenth or shorter beside a half or longer."""
    lengths = [{note.duration for note in notes} for notes in laid.inside if notes]
    return _mean(min(values) <= _SHORT and max(values) >= _LONG for values in lengths)


def _dotted(value: Fraction) -> bool:
    return value.numerator == 3


def _ties(laid: Laid) -> list[int]:
    """The measures, counted from 0, whose barline a note sounds across."""
    ends = enumerate(measure.offset for measure in laid.measures)
    return [place for place, end in ends if any(note.onset < end < note.offset for note in laid.notes)]


def _place_of(places: Sequence[int], laid: Laid) -> float:
    """Where the first of something stands, as a share of the piece; -1 where there is none."""
    return places[0] / len(laid.measures) if places else -1.0


def _silent(laid: Laid) -> list[int]:
    """The measures, counted from 0, with a rest in them."""
    return [
        place
        for place, measure in enumerate(laid.measures)
        if any(begin < measure.offset and end > measure.onset for begin, end in laid.melody.rests)
    ]


def _rests(laid: Laid) -> float:
    return len(laid.melody.rests) / len(laid.measures)


def _rests_on_the_beat(laid: Laid) -> float:
    return _mean(begin in laid.melody.measure_at(begin).beat_onsets for begin, _ in laid.melody.rests)


def _highest(laid: Laid) -> float:
    """Where the highest note first stands, as a share of the piece."""
    first = laid.pitches.index(max(laid.pitches))
    return float(laid.notes[first].onset / laid.melody.duration)


def _phrase_ends(laid: Laid) -> list[int]:
    """The degrees, in semitones above the tonic, that last begin in each fourth measure but the last."""
    return [
        (notes[-1].pitch - laid.melody.key_at(notes[-1].onset).tonic_pitch_class) % _OCTAVE
        for place, notes in enumerate(laid.inside)
        if (place + 1) % PHRASE_MEASURES == 0 and place + 1 < len(laid.inside) and notes
    ]


def _on_barlines(laid: Laid, degrees: frozenset[int]) -> float:
    barlines = {measure.onset for measure in laid.measures}
    return _mean(d in degrees for d, note in zip(laid.degrees, laid.notes, strict=True) if note.onset in barlines)


def _foreign_neighbours(laid: Laid) -> float:
    """Of foreign notes, those that are left by a semitone."""
    return _mean(abs(move) == 1 for move, strange in zip(laid.intervals, laid.foreign, strict=False) if strange)


_TRIAD = frozenset({0, 3, 4, 7})

FEATURES: dict[str, Feature] = {
    "notes a measure": lambda laid: sum(_counts(laid)) / len(laid.inside),
    "busiest to calmest measure": lambda laid: max(_counts(laid)) / max(min(_counts(laid)), 1),
    "change from measure to measure": lambda laid: _mean(abs(b - a) for a, b in pairwise(_counts(laid))),
    "held measures": lambda laid: _mean(count <= 1 for count in _counts(laid)),
    "fourth measure held": lambda laid: _held(laid, 3),
    "last measure held": lambda laid: _held(laid, -1),
    "rhythm comes again": lambda laid: _again(laid.rhythms),
    "rhythm comes again at once": lambda laid: _after(laid.rhythms, 1),
    "rhythm comes again after two": lambda laid: _after(laid.rhythms, 2),
    "rhythm comes again after four": lambda laid: _after(laid.rhythms, 4),
    "different rhythms": lambda laid: len(set(laid.rhythms)) / len(laid.inside),
    "figure comes again": lambda laid: _again(laid.figures),
    "figure comes again at once": lambda laid: _after(laid.figures, 1),
    "figure comes again after four": lambda laid: _after(laid.figures, 4),
    "measure comes again": lambda laid: _again(laid.exact),
    "measure comes again after four": lambda laid: _after(laid.exact, 4),
    "note values": lambda laid: len(set(laid.values)),
    "entropy of note values": lambda laid: _entropy(laid.values),
    "commonest note value": lambda laid: Counter(laid.values).most_common(1)[0][1] / len(laid.values),
    "longest to shortest": lambda laid: log2(max(laid.values) / min(laid.values)),
    "sixteenths beside halves": _mixed,
    "dotted notes": lambda laid: _mean(_dotted(value) for value in laid.values),
    "notes off the beat": lambda laid: _mean(_is_off_beat(laid, note) for note in laid.notes),
    "anacrusis": lambda laid: float(laid.melody.anacrusis),
    "first note in measures": lambda laid: float(laid.values[0] / laid.melody.metre.duration),
    "last note in measures": lambda laid: float(laid.values[-1] / laid.melody.metre.duration),
    "repeated notes": lambda laid: _moves(laid, lambda size: size == 0),
    "steps": lambda laid: _moves(laid, lambda size: 1 <= size <= 2),
    "thirds": lambda laid: _moves(laid, lambda size: 3 <= size <= 4),
    "leaps": lambda laid: _moves(laid, lambda size: size >= 5),
    "entropy of intervals": lambda laid: _entropy(laid.intervals),
    "turns": _turns,
    "leaps turned back": _recovered,
    "range": lambda laid: max(laid.pitches) - min(laid.pitches),
    "different pitches": lambda laid: len(set(laid.pitches)) / len(laid.pitches),
    "highest note": _highest,
    "from first to last": lambda laid: laid.pitches[-1] - laid.pitches[0],
    "begins on the tonic": lambda laid: laid.degrees[0] == 0,
    "begins on the fifth": lambda laid: laid.degrees[0] == 7,
    "ends on the tonic": lambda laid: laid.degrees[-1] == 0,
    "last move": lambda laid: laid.intervals[-1] if laid.intervals else 0,
    "last move but one": lambda laid: laid.intervals[-2] if len(laid.intervals) > 1 else 0,
    "fourth measure rests on the tonic": lambda laid: _mean(degree == 0 for degree in _phrase_ends(laid)),
    "fourth measure rests on the fifth": lambda laid: _mean(degree in (2, 7, 11) for degree in _phrase_ends(laid)),
    "chord notes at barlines": lambda laid: _on_barlines(laid, _TRIAD),
    "tonic at barlines": lambda laid: _on_barlines(laid, frozenset({0})),
    "foreign notes": lambda laid: _mean(laid.foreign),
    "foreign notes at the close": lambda laid: sum(laid.foreign[-_LATE_NOTES:]),
    "foreign notes that lead": _foreign_neighbours,
    "rests a measure": _rests,
    "rests on the beat": _rests_on_the_beat,
    "first measure with a rest": lambda laid: _place_of(_silent(laid), laid),
    "silence": lambda laid: float(1 - sum(laid.values) / laid.melody.duration),
    "ties over barlines": lambda laid: len(_ties(laid)) / len(laid.measures),
    "first tie": lambda laid: _place_of(_ties(laid), laid),
}
"""What can be noticed, each a number; shares lie between 0 and 1, places are shares of the piece or -1."""
