"""Marks on a finished line: dynamics, slurs, articulations, ornaments and changes of tempo that the level has.

Marks follow the phrases: a dynamic where a phrase begins, a hairpin towards its highest note, slurs over runs of
steps inside a measure, an articulation kept up for a measure rather than scattered.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from musicedu.melody import Dynamic, Hairpin, Melody, Note, Slur, TempoAt
from musicedu.practice.resolved import Resolved

_LOUDNESS = ("pp", "p", "mp", "mf", "f", "ff")
_LONG = Fraction(2)
_SLOWER = Fraction(4, 5)
_FASTER = Fraction(11, 10)


@dataclass(frozen=True, slots=True)
class Span:
    """A phrase in time: where it begins and ends, in quarter notes."""

    onset: Fraction
    offset: Fraction

    def notes_of(self, melody: Melody) -> list[Note]:
        return [note for note in melody.notes if self.onset <= note.onset < self.offset]


def mark(melody: Melody, plan: Resolved, spans: Sequence[Span], rng: np.random.Generator) -> Melody:
    """Add the marks of a plan to a melody whose phrases lie at `spans`."""
    slurs = _slurs(melody, spans, rng) if plan.slurs else ()
    marked = replace(
        melody,
        tempos=_tempos(melody, plan, spans),
        dynamics=_dynamics(plan, spans, rng),
        hairpins=_hairpins(melody, spans, rng) if plan.hairpins else (),
        slurs=slurs,
    )
    return replace(marked, notes=_marked_notes(marked, plan, rng))


def _tempos(melody: Melody, plan: Resolved, spans: Sequence[Span]) -> tuple[TempoAt, ...]:
    bpm = Fraction(plan.tempo_bpm)
    tempos = [TempoAt(Fraction(0), bpm)]
    if plan.tempo_change and len(spans) > 3:
        contrast = spans[len(spans) // 2]
        tempos += [TempoAt(contrast.onset, round(bpm * _SLOWER) * Fraction(1), "meno mosso")]
        tempos += [TempoAt(contrast.offset, bpm, "a tempo")]
    last = melody.measures[-1].onset
    if plan.ritardando and last > tempos[-1].onset:
        tempos.append(TempoAt(last, round(bpm * _SLOWER) * Fraction(1), "rit."))
    return tuple(tempos)


def _dynamics(plan: Resolved, spans: Sequence[Span], rng: np.random.Generator) -> tuple[Dynamic, ...]:
    """A dynamic for the first phrase, and another wherever a phrase contrasts with the one before."""
    known = [name for name in _LOUDNESS if name in plan.dynamics]
    if not known:
        return ()
    current = known[int(rng.integers(len(known)))]
    marks = [Dynamic(spans[0].onset, current)]
    for span in spans[1:]:
        if rng.random() < 0.7 and len(known) > 1:
            others = [name for name in known if name != current]
            current = others[int(rng.integers(len(others)))]
            marks.append(Dynamic(span.onset, current))
    return tuple(marks)


def _hairpins(melody: Melody, spans: Sequence[Span], rng: np.random.Generator) -> tuple[Hairpin, ...]:
    """In about half of the phrases a crescendo to the highest note, or a diminuendo to the end."""
    hairpins = []
    for span in spans:
        notes = span.notes_of(melody)
        if len(notes) < 5 or rng.random() < 0.5:
            continue
        peak = max(notes[2:-1], key=lambda note: note.pitch)
        if peak.onset - notes[0].onset >= _LONG:
            begin = max(note.onset for note in notes if note.onset <= peak.onset - _LONG)
            hairpins.append(Hairpin(begin, peak.onset, "crescendo"))
        elif notes[-1].onset - notes[-4].onset >= Fraction(3, 2):
            hairpins.append(Hairpin(notes[-4].onset, notes[-1].onset, "diminuendo"))
    return tuple(hairpins)


def _slurs(melody: Melody, spans: Sequence[Span], rng: np.random.Generator) -> tuple[Slur, ...]:
    """Slurs over groups of two to four short notes that move by step inside a measure, in about half of the places."""
    slurs = []
    ends = [span.offset for span in spans]
    groups: dict[tuple[int, int], list[Note]] = {}
    for note in melody.notes:
        measure = melody.measure_at(note.onset)
        if note.offset <= measure.offset:
            groups.setdefault((measure.number, bisect_right(ends, note.onset)), []).append(note)
    for inside in groups.values():
        run = _longest_run(inside)
        if len(run) >= 2 and rng.random() < 0.5:
            slurs.append(Slur(run[0].onset, run[-1].onset))
    return tuple(slurs)


def _longest_run(notes: Sequence[Note]) -> list[Note]:
    best: list[Note] = []
    run: list[Note] = []
    for note in notes:
        joined = run and run[-1].offset == note.onset and 0 < abs(note.pitch - run[-1].pitch) <= 2 and len(run) < 4
        run = [*run, note] if joined else [note]
        best = run if len(run) > len(best) else best
    return best


def _marked_notes(melody: Melody, plan: Resolved, rng: np.random.Generator) -> tuple[Note, ...]:
    """One articulation for all separate short notes of a measure; an ornament or a pause where it can be."""
    slurred = [(slur.onset, slur.last_onset) for slur in melody.slurs]
    of_measure = {measure.number: _choice(plan.articulations, rng, 0.3) for measure in melody.measures}
    notes = []
    for note in melody.notes:
        is_free = not any(begin <= note.onset <= end for begin, end in slurred)
        measure = melody.measure_at(note.onset)
        mark = of_measure[measure.number] if is_free and _suits(of_measure[measure.number], note, measure.onset) else ""
        if not mark and plan.ornaments and note.duration >= 1 and rng.random() < 0.08:
            mark = plan.ornaments[int(rng.integers(len(plan.ornaments)))]
        notes.append(replace(note, marks=frozenset({mark})) if mark else note)
    if "fermata" in plan.articulations and notes and rng.random() < 0.3:
        notes[-1] = replace(notes[-1], marks=frozenset({"fermata"}))
    return tuple(notes)


def _choice(names: Sequence[str], rng: np.random.Generator, share: float) -> str:
    usable = [name for name in names if name != "fermata"]
    return usable[int(rng.integers(len(usable)))] if usable and rng.random() < share else ""


def _suits(mark: str, note: Note, measure_onset: Fraction) -> bool:
    """Staccato on short notes, tenuto on longer ones, an accent where the measure begins."""
    if mark == "staccato":
        return note.duration <= 1
    if mark == "tenuto":
        return note.duration >= 1
    return bool(mark) and note.onset == measure_onset
