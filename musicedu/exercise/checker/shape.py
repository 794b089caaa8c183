"""Rules of the frame: the plan itself, measures, metre, key, upbeat, phrases, transposition, tempo; and of cadence.

Cadence is where phrases come to rest, and how the exercise ends.
"""

from __future__ import annotations

from itertools import pairwise

from musicedu.exercise.checker.checked import Checked, ExpectedMeasure, Faults, degree, twelfths
from musicedu.exercise.checker.pitch import diatonic_number, is_step
from musicedu.exercise.phrases import Phrase
from musicedu.melody import Key
from musicedu.notation import write
from musicedu.syllabus.levels import level

_WRITTEN_VALUES = ("breve", "whole", "half", "quarter", "eighth", "16th")
_CHORD_DEGREES = {"half": (5, 7, 2), "open": (1, 3, 5), "full": (1,)}
_CHORD_NAMES = {"half": "dominant chord", "open": "tonic chord", "full": "tonic"}


def plan_within_level(piece: Checked) -> Faults:
    """The plan asks for nothing that the level or the instrument does not have."""
    plan = piece.plan
    at, player = level(plan.specification.level), plan.instrument
    low, high = player.lowest[at.number - 1], player.highest[at.number - 1]
    beyond = {
        "metre": any(grid.name not in at.metres for grid in plan.metres),
        "change of metre": bool(plan.metre_changes) and not at.metre_change,
        "number of measures": not 2 <= plan.measures <= at.max_measures,
        "rhythm": any(cell.level > at.number for cell in plan.cells),
        "rest": not set(plan.rests) <= set(at.rests),
        "key": not _is_key_of_level(piece),
        "compass": plan.lowest.pitch < low.pitch or plan.highest.pitch > high.pitch,
        "number of ties": plan.max_ties > at.ties_per_measure * plan.measures,
        "number of accidentals": plan.max_accidentals > at.max_accidentals,
        "anacrusis": bool(plan.anacrusis) and not at.anacrusis,
        "dynamic": not set(plan.dynamics) <= set(at.dynamics if player.dynamics else ()),
        "articulation": not set(plan.articulations) <= set(at.articulations),
        "tempo": plan.tempo_bpm > at.tempo_bpm[1],
        "leap": plan.named_skips is None and plan.largest_leap > at.largest_skip,
    }
    for name, is_beyond in beyond.items():
        if is_beyond:
            yield 1, f"the {name} planned is more than level {at.number} has"


def _is_key_of_level(piece: Checked) -> bool:
    plan, at = piece.plan, level(piece.plan.specification.level)
    taught = [key for first, key in plan.instrument.majors if first <= at.number]
    if plan.key.mode == "minor":
        return plan.key in at.minors
    return plan.key in taught or (at.any_major and abs(plan.key.fifths) <= at.max_fifths)


def number_of_measures(piece: Checked) -> Faults:
    """As many measures as planned, each as long as its metre says, the last less the upbeat."""
    found = [(measure.number, 12 * measure.onset, 12 * measure.duration) for measure in piece.melody.measures]
    expected = [(measure.number, measure.start, measure.length) for measure in piece.measures]
    if len(found) != len(expected):
        yield 1, f"{len(found)} measures (upbeat counted) where {len(expected)} are planned"
        return
    for (number, _, length), (_, _, planned) in zip(found, expected, strict=True):
        if length != planned:
            yield number, f"measure {number} lasts {length / 12} quarter notes where {planned / 12:g} are planned"


def metre(piece: Checked) -> Faults:
    """The metre planned, and changes of metre only where planned."""
    found = [(piece.number_at(twelfths(at.onset)), str(at.metre)) for at in piece.melody.metres]
    planned = [(piece.measures[0].number, piece.plan.metre.name)]
    planned += [(number, grid.name) for number, grid in piece.plan.metre_changes]
    if found != planned:
        yield 1, f"the metres are {found} where {planned} are planned"


def key(piece: Checked) -> Faults:
    """One key signature, the key planned."""
    found = [at.key for at in piece.melody.keys]
    if found != [piece.plan.key]:
        names = ", ".join(one.name for one in found)
        yield 1, f"the key is {names} where {piece.plan.key.name} is planned"


def anacrusis(piece: Checked) -> Faults:
    """The upbeat planned, in notes; together with the last measure it makes a full one."""
    if twelfths(piece.melody.anacrusis) != piece.upbeat:
        yield 0, f"the upbeat lasts {piece.melody.anacrusis} quarter notes where {piece.upbeat / 12:g} are planned"
        return
    starts = [span.start for span in piece.notes if span.start < piece.upbeat]
    planned, moment = [], 0
    for length in piece.plan.anacrusis:
        planned.append(moment)
        moment += length
    if starts != planned:
        yield 0, "the notes of the upbeat are not those planned"
    elif piece.upbeat and any(span.start < piece.upbeat for span in piece.rests):
        yield 0, "the upbeat has a rest"


def phrases(piece: Checked) -> Faults:
    """The phrases cover the exercise in order, are 2 to 6 measures long, and move only to keys of the level."""
    laid = piece.phrases
    if not laid or laid[0].first_measure != 1 or laid[-1].last_measure != piece.plan.measures:
        yield 1, "the phrases do not cover the exercise"
    for before, after in pairwise(laid):
        if after.first_measure != before.last_measure + 1:
            yield after.first_measure, "a phrase does not begin where the one before it ends"
    for phrase in laid:
        if not 2 <= phrase.n_measures <= (7 if len(laid) == 1 else 6):
            yield phrase.first_measure, f"a phrase lasts {phrase.n_measures} measures"
        if phrase.key not in _keys_allowed(piece):
            yield phrase.first_measure, f"a phrase is in {phrase.key.name}, which level has no way to"
    if laid and laid[-1].cadence != "full":
        yield laid[-1].last_measure, "the last phrase has no full cadence"


def _keys_allowed(piece: Checked) -> list[Key]:
    home = piece.plan.key
    allowed = [home]
    if piece.plan.accidentals in ("modulation", "double") and piece.plan.specification.modulation is not False:
        for change in piece.plan.level.modulations:
            mode = {"major": "minor", "minor": "major"}[home.mode] if change.changes_mode else home.mode
            if abs(home.fifths + change.fifths) <= 7:
                allowed.append(Key(home.fifths + change.fifths, "minor" if mode == "minor" else "major"))
    return allowed


def transposition(piece: Checked) -> Faults:
    """The melody knows how far from its written notes the instrument sounds."""
    planned = piece.plan.instrument.transposition
    if piece.melody.transposition != planned:
        yield 1, f"the melody sounds {piece.melody.transposition} semitones from its notes, the instrument {planned}"


def tempo(piece: Checked) -> Faults:
    """The tempo planned from the beginning, not above the level's."""
    marks = piece.melody.tempos
    if not marks or marks[0].onset != 0 or marks[0].tempo_bpm != piece.plan.tempo_bpm:
        yield 1, f"the exercise does not begin at {piece.plan.tempo_bpm} quarter notes a minute"
    for mark in marks:
        if not 20 <= mark.tempo_bpm <= piece.plan.level.tempo_bpm[1]:
            yield piece.number_at(twelfths(mark.onset)), f"the tempo {mark.tempo_bpm} is not one of the level"


def written(piece: Checked) -> Faults:
    """Written down, every measure is full and every symbol is a breve to a sixteenth."""
    for measure, symbols in write(piece.melody):
        if sum(symbol.duration for symbol in symbols) != measure.duration:
            yield measure.number, "the written symbols do not fill the measure"
        for symbol in symbols:
            if symbol.value not in _WRITTEN_VALUES:
                yield measure.number, f"a {symbol.value} is written"


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
