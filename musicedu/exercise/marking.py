"""Marks on a finished line: what an editor would add, of what the level has.

Dynamics follow the phrases and come back with them, a hairpin leads from one dynamic to the next, measures that are
alike are marked alike, and a ritardando has notes to slow down on. Slurs, articulations and ornaments are decided
measure by measure, and for measures that are alike only once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

import numpy as np

from musicedu.exercise.phrases import Phrase
from musicedu.exercise.plan import Plan
from musicedu.melody import DYNAMICS, Dynamic, Hairpin, Measure, Melody, Note, Slur, TempoAt

_OPENING = ("p", "mp", "mf", "f")
_SLOWER = Fraction(4, 5)
_NOTES_TO_SLOW_DOWN = 4
_SHORTEST_HAIRPIN = Fraction(2)
_LOUD = ("mf", "f", "ff")
_STEP = 2
_FEWEST_STACCATO = 3
_ORNAMENTED = 0.1


@dataclass(frozen=True, slots=True)
class PhraseSpan:
    """A phrase in time: where it begins and ends, in quarter notes."""

    phrase: Phrase
    onset: Fraction
    offset: Fraction


def mark(melody: Melody, plan: Plan, spans: Sequence[PhraseSpan], rng: np.random.Generator) -> Melody:
    """Add the marks of a plan to a melody whose phrases lie at `spans`."""
    dynamics = _dynamics(plan, spans, rng)
    hairpins = _hairpins(melody, dynamics) if plan.hairpins else ()
    marked = replace(melody, tempos=_tempos(melody, plan, spans), dynamics=dynamics, hairpins=hairpins)
    return articulated(marked, plan, [span.offset for span in spans], rng)


def _tempos(melody: Melody, plan: Plan, spans: Sequence[PhraseSpan]) -> tuple[TempoAt, ...]:
    bpm = Fraction(plan.tempo_bpm)
    tempos = [TempoAt(Fraction(0), bpm)]
    slower = Fraction(_slower_mark(plan))
    if plan.tempo_change and len(spans) > 3:
        contrast = spans[len(spans) // 2]
        tempos += [TempoAt(contrast.onset, slower, "meno mosso"), TempoAt(contrast.offset, bpm, "a tempo")]
    begin = _ritardando_onset(melody, plan)
    if plan.ritardando and begin is not None and begin > tempos[-1].onset:
        tempos.append(TempoAt(begin, slower, "rit."))
    return tuple(tempos)


def _slower_mark(plan: Plan) -> int:
    """A fifth slower, in whole beats a minute of the beat that is felt."""
    beat = 3 if 12 not in plan.metre.pulses else 1
    return max(beat, round(plan.tempo_bpm * _SLOWER / beat) * beat)


def _ritardando_onset(melody: Melody, plan: Plan) -> Fraction | None:
    """The last beat of the last two measures from which enough notes follow to be slowed; None if there are too few."""
    beats = [onset for measure in melody.measures[-2:] for onset in measure.beat_onsets]
    fitting = [beat for beat in beats if _n_notes(melody, beat, melody.duration) >= _NOTES_TO_SLOW_DOWN]
    return max(fitting) if fitting and plan.measures > 2 else None


def _dynamics(plan: Plan, spans: Sequence[PhraseSpan], rng: np.random.Generator) -> tuple[Dynamic, ...]:
    """An opening dynamic, one near it where a phrase contrasts or answers, the first again when its idea returns."""
    known = [name for name in DYNAMICS if name in plan.dynamics]
    opening = [name for name in known if name in _OPENING]
    if not opening:
        return ()
    of_idea: dict[tuple[str, bool], str] = {}
    marks: list[Dynamic] = []
    for index, span in enumerate(spans):
        # The second phrase of an idea answers the first: it may be played softer or louder, and that comes back too.
        key = (span.phrase.idea, index % 2 == 1)
        if not marks:
            of_idea[key] = opening[int(rng.integers(len(opening)))]
        elif key not in of_idea:
            of_idea[key] = _near(marks[-1].mark, known, rng)
        if not marks or of_idea[key] != marks[-1].mark:
            marks.append(Dynamic(span.onset, of_idea[key]))
    return tuple(marks)


def _near(current: str, known: Sequence[str], rng: np.random.Generator) -> str:
    place = known.index(current)
    near = [name for index, name in enumerate(known) if 1 <= abs(index - place) <= 2]
    return near[int(rng.integers(len(near)))] if near and rng.random() < 0.85 else current


def _hairpins(melody: Melody, dynamics: Sequence[Dynamic]) -> tuple[Hairpin, ...]:
    """Before every change of dynamic a hairpin that leads to it, from the last barline with room and notes after it."""
    hairpins = []
    for before, after in pairwise(dynamics):
        barlines = [measure.onset for measure in melody.measures if before.onset < measure.onset < after.onset]
        roomy = [onset for onset in barlines if after.onset - onset >= _SHORTEST_HAIRPIN]
        begin = next((onset for onset in reversed(roomy) if _n_notes(melody, onset, after.onset) >= 2), None)
        if begin is not None:
            louder = DYNAMICS.index(after.mark) > DYNAMICS.index(before.mark)
            hairpins.append(Hairpin(begin, after.onset, "crescendo" if louder else "diminuendo"))
    return tuple(hairpins)


def _n_notes(melody: Melody, onset: Fraction, offset: Fraction) -> int:
    return sum(onset <= note.onset < offset for note in melody.notes)


@dataclass(frozen=True, slots=True)
class _Style:
    """How a kind of measure is played; ornaments by the rank of their note in it."""

    is_slurred: bool
    articulation: str
    ornaments: Mapping[int, str]


def articulated(melody: Melody, plan: Plan, phrase_ends: Sequence[Fraction], rng: np.random.Generator) -> Melody:
    """Add slurs, articulations, ornaments and a pause; measures alike are treated alike."""
    styles: dict[object, _Style] = {}
    slurs: list[Slur] = []
    touched: list[tuple[str, dict[Fraction, str]]] = []
    ornamented: dict[Fraction, str] = {}
    last_onsets = _last_onsets(melody, phrase_ends)
    for measure in melody.measures:
        notes = [note for note in melody.notes if measure.onset <= note.onset < measure.offset]
        content = _content(notes, measure)
        if content not in styles:
            styles[content] = _drawn_style(plan, notes, rng)
        style = styles[content]
        if style.is_slurred:
            slurs.extend(_slurs_of(notes, measure, phrase_ends))
        articulations = _articulations_of(melody, style.articulation, notes, measure, slurs, last_onsets)
        ornaments = {notes[rank].onset: ornament for rank, ornament in style.ornaments.items()}
        bare = {note.onset for note in _free(notes, slurs, last_onsets)}
        ornamented |= {onset: ornament for onset, ornament in ornaments.items() if onset in bare}
        touched.append((style.articulation, articulations))
    marks = ornamented | _more_than_once(touched)
    if "fermata" in plan.articulations and rng.random() < 0.2:
        marks[melody.notes[-1].onset] = "fermata"
    marked = tuple(
        replace(note, marks=frozenset({marks[note.onset]})) if note.onset in marks else note for note in melody.notes
    )
    return replace(melody, notes=marked, slurs=tuple(slurs))


def _more_than_once(touched: Sequence[tuple[str, dict[Fraction, str]]]) -> dict[Fraction, str]:
    """The marks of all measures, less those of a kind that only one measure would have: an accent is no accident."""
    n_measures = Counter(articulation for articulation, marks in touched if marks)
    return {onset: mark for name, marks in touched if n_measures[name] > 1 for onset, mark in marks.items()}


def _content(notes: Sequence[Note], measure: Measure) -> object:
    """What makes measures alike: the rhythm, and where they repeat, step or leap up or down."""
    rhythm = tuple((note.onset - measure.onset, note.duration) for note in notes)
    moves = [after.pitch - before.pitch for before, after in pairwise(notes)]
    return measure.metre, rhythm, tuple((int(np.sign(move)), _is_step(move)) for move in moves)


def _is_step(semitones: int) -> bool:
    return 0 < abs(semitones) <= _STEP


def _drawn_style(plan: Plan, notes: Sequence[Note], rng: np.random.Generator) -> _Style:
    is_slurred, chance = bool(plan.slurs and rng.random() < 0.5), rng.random()
    shares = (("staccato", 0.35), ("tenuto", 0.47), ("accent", 0.6), ("marcato", 0.65))
    articulation = next((name for name, upto in shares if chance < upto), "")
    return _Style(
        is_slurred, articulation if articulation in plan.articulations else "", _drawn_ornaments(plan, notes, rng)
    )


def _drawn_ornaments(plan: Plan, notes: Sequence[Note], rng: np.random.Generator) -> dict[int, str]:
    """An ornament on a few notes of a beat or more."""
    if not plan.ornaments:
        return {}
    long = [rank for rank, note in enumerate(notes) if note.duration >= 1 and rng.random() < _ORNAMENTED]
    return {rank: plan.ornaments[int(rng.integers(len(plan.ornaments)))] for rank in long}


def _last_onsets(melody: Melody, phrase_ends: Sequence[Fraction]) -> set[Fraction]:
    onsets = [note.onset for note in melody.notes]
    return {onsets[bisect_right(onsets, end - Fraction(1, 1000)) - 1] for end in phrase_ends}


def _slurs_of(notes: Sequence[Note], measure: Measure, phrase_ends: Sequence[Fraction]) -> list[Slur]:
    """A slur over every felt beat that is filled with two notes or more moving by step."""
    slurs = []
    starts = [measure.onset + onset - measure.shift for onset in measure.metre.beat_onsets]
    ends = [start + beat for start, beat in zip(starts, measure.metre.beats, strict=True)]
    for start, end in zip(starts, ends, strict=True):
        group = [note for note in notes if start <= note.onset < end]
        joined = all(a.offset == b.onset and _is_step(b.pitch - a.pitch) for a, b in pairwise(group))
        fills = len(group) >= 2 and group[0].onset == start and group[-1].offset == end
        if fills and joined and not any(start < phrase_end < end for phrase_end in phrase_ends):
            slurs.append(Slur(group[0].onset, group[-1].onset))
    return slurs


def _articulations_of(
    melody: Melody,
    articulation: str,
    notes: Sequence[Note],
    measure: Measure,
    slurs: Sequence[Slur],
    last_onsets: set[Fraction],
) -> dict[Fraction, str]:
    free = _free(notes, slurs, last_onsets)
    if articulation == "staccato":
        short = [note for note in free if _may_be_staccato(note, measure)]
        adjacent = [a.offset == b.onset for a, b in pairwise(short)]
        return _all(short, articulation) if len(short) >= _FEWEST_STACCATO and all(adjacent) else {}
    if articulation == "tenuto":
        long = [note for note in free if note.duration >= 1]
        return _all(long, articulation) if len(long) >= 2 else {}
    if articulation and _loudness_at(melody, measure.onset) in _LOUD:
        return _all([note for note in free if note.onset == measure.onset], articulation)
    return {}


def _may_be_staccato(note: Note, measure: Measure) -> bool:
    """Plain eighths, and quarters that begin on a quarter: anything written with a tie is not staccato."""
    begins_on_quarter = (note.onset - measure.onset + measure.shift).denominator == 1
    is_plain = note.duration == Fraction(1, 2) or (note.duration == 1 and begins_on_quarter)
    return is_plain and note.offset <= measure.offset


def _free(notes: Sequence[Note], slurs: Sequence[Slur], last_onsets: set[Fraction]) -> list[Note]:
    """The notes that are under no slur and end no phrase."""
    return [
        note
        for note in notes
        if note.onset not in last_onsets and not any(slur.onset <= note.onset <= slur.last_onset for slur in slurs)
    ]


def _all(notes: Sequence[Note], articulation: str) -> dict[Fraction, str]:
    return {note.onset: articulation for note in notes}


def _loudness_at(melody: Melody, onset: Fraction) -> str:
    return next((mark.mark for mark in reversed(melody.dynamics) if mark.onset <= onset), "mf")
