"""Marks on a finished line: what an editor would add, of what the level has.

Dynamics follow the phrases and come back with them, a hairpin leads from one dynamic to the next, measures that are
alike are marked alike, and a ritardando has notes to slow down on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

import numpy as np

from musicedu.exercise.articulating import articulated
from musicedu.exercise.phrases import Phrase
from musicedu.exercise.plan import Plan
from musicedu.melody import DYNAMICS, Dynamic, Hairpin, Melody, TempoAt

_OPENING = ("p", "mp", "mf", "f")
_SLOWER = Fraction(4, 5)
_NOTES_TO_SLOW_DOWN = 4
_SHORTEST_HAIRPIN = Fraction(2)


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
