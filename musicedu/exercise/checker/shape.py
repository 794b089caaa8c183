"""Rules of the frame: the plan itself, measures, metre, key, upbeat, phrases, transposition, tempo."""

from __future__ import annotations

from itertools import pairwise

from musicedu.exercise.checker.checked import Checked, Faults, twelfths
from musicedu.melody import Key
from musicedu.notation import write
from musicedu.syllabus.levels import level

_WRITTEN_VALUES = ("breve", "whole", "half", "quarter", "eighth", "16th")


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
