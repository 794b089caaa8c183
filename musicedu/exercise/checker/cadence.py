"""Rules of cadence: where phrases come to rest, and how the exercise ends."""

from __future__ import annotations

from musicedu.exercise.checker.checked import Checked, ExpectedMeasure, Faults, degree
from musicedu.exercise.checker.pitch import diatonic_number, is_step
from musicedu.exercise.phrases import Phrase

_CHORD_DEGREES = {"half": (5, 7, 2), "open": (1, 3, 5), "full": (1,)}
_CHORD_NAMES = {"half": "dominant chord", "open": "tonic chord", "full": "tonic"}


def _felt_beats(measure: ExpectedMeasure) -> list[tuple[int, int]]:
    """(start, length) of the beats felt in a measure's metre, in twelfths from its barline."""
    beats = [int(12 * beat) for beat in measure.grid.metre.beats]
    return [(sum(beats[:index]), beat) for index, beat in enumerate(beats)]


def _beat_at(piece: Checked, moment: int) -> int | None:
    """How long the felt beat beginning at `moment` is, less what the upbeat takes of one; None off the beat."""
    measure = piece.measure_at(moment)
    for start, length in _felt_beats(measure):
        if measure.start + start == moment:
            return length - piece.upbeat % length
    return None


def _last_notes(piece: Checked) -> list[tuple[Phrase, int, int]]:
    """Each phrase, where it ends, and the index of its last note (-1 if it has none)."""
    found, begin = [], 0
    for phrase, end in zip(piece.phrases, piece.phrase_ends, strict=True):
        inside = [index for index, span in enumerate(piece.notes) if begin <= span.start < end]
        found.append((phrase, end, inside[-1] if inside else -1))
        begin = end
    return found


def phrase_goal(piece: Checked) -> Faults:
    """Every phrase rests on a note of the chord it is going to, in its own key."""
    for phrase, _, index in _last_notes(piece):
        if index < 0:
            yield phrase.last_measure, "the phrase has no note"
            continue
        note = piece.melody.notes[index].spelling
        in_key = phrase.key.has(note) or phrase.key.is_leading_note(note)
        if degree(note, phrase.key) not in _CHORD_DEGREES[phrase.cadence] or not in_key:
            goal = _CHORD_NAMES[phrase.cadence]
            yield phrase.last_measure, f"the phrase ends on {note}, which is not of the {goal} of {phrase.key.name}"


def phrase_rest(piece: Checked) -> Faults:
    """Every phrase ends with a note that begins on a beat, lasts one at least and stops where the phrase does."""
    for phrase, end, index in _last_notes(piece):
        if index < 0:
            continue
        span = piece.notes[index]
        beat = _beat_at(piece, span.start)
        if beat is None:
            yield phrase.last_measure, "the last note of the phrase does not begin on a beat"
        elif min(span.end, end) - span.start < beat:
            yield phrase.last_measure, "the last note of the phrase is shorter than a beat"
        if span.end > end:
            yield phrase.last_measure, "a note sounds across the end of the phrase"


def final_approach(piece: Checked) -> Faults:
    """The last note is reached by step or from the dominant; in minor from below by the leading note."""
    if len(piece.melody.notes) < 2:
        yield piece.plan.measures, "there is nothing before the last note"
        return
    before, last = (note.spelling for note in piece.melody.notes[-2:])
    home = piece.plan.key
    if is_step(before, last):
        is_from_below = before.diatonic < last.diatonic
        needs_raising = home.mode == "minor" and piece.plan.accidentals != "none"
        if is_from_below and needs_raising and not home.is_leading_note(before):
            yield piece.plan.measures, f"the last note is reached from {before}, which is not the leading note"
    elif degree(before, home) != 5 or diatonic_number(before, last) == 1 or not home.has(before):
        yield piece.plan.measures, f"the last note is reached from {before}, neither by step nor from the dominant"
