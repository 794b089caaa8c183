"""What a focus asks for, and whether a plan has room for it: asked of the masks that phrases are drawn under."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from musicedu.encoding.vocabulary import N_PITCHES
from musicedu.errors import Unsatisfiable
from musicedu.exercise.frames import frame_for, inside
from musicedu.exercise.phrase_rules import SOUNDS, may_sound
from musicedu.exercise.pitch_rules import allowed_moves, chromatic_notes, skip_moves
from musicedu.exercise.plan import Plan
from musicedu.exercise.wishable import TOPICS
from musicedu.melody import Key
from musicedu.pitch import Spelling
from musicedu.syllabus.instruments import NamedSkip
from musicedu.syllabus.levels import Level, levels

MOST_FOCUS = 3


def focus_count(n_measures: int) -> int:
    """How often each focus must occur in an exercise of so many measures."""
    return 1 if n_measures < 8 else 2


@dataclass(frozen=True, slots=True)
class MelodicRules:
    """What a plan will say of moves from note to note; its fields are those of `Plan`."""

    largest_leap: int
    skips: str
    named_skips: tuple[NamedSkip, ...] | None
    accidentals: str
    max_accidentals: int


def window_offers(window: Sequence[Spelling], key: Key, topic: str, rules: MelodicRules) -> bool:
    """Whether a focus on pitches can happen between the notes of a window; other topics can anywhere."""
    if topic in SOUNDS or topic not in TOPICS:
        return True
    within = inside(frame_for(key, window[0], window[-1]), window[0].pitch, window[-1].pitch)
    moves = allowed_moves(rules, key)[:N_PITCHES] & within[:, None] & within
    counted = chromatic_notes() if topic == "accidentals" else skip_moves(TOPICS[topic])
    return bool((moves & counted[:N_PITCHES] & moves.any(axis=1)).any())


def check_focus(plan: Plan) -> None:
    """Raise `Unsatisfiable` where a focus is on rests or ties and no phrase may have any, or on too many things."""
    most = min(MOST_FOCUS, plan.measures - 1)
    if len(plan.focus) > most:
        raise Unsatisfiable(
            f"{len(plan.focus)} things to focus on are too many for {plan.measures} measures", remedy=f"Choose {most}"
        )
    for topic in plan.focus:
        if topic in SOUNDS and not may_sound(plan, SOUNDS[topic]):
            raise refused_focus(topic, plan.level, plan.key, plan)


def refused_focus(topic: str, at: Level, key: Key, rules: MelodicRules | Plan) -> Unsatisfiable:
    """The refusal of a focus that has no place in a plan."""
    remedy = "Leave it out, or choose a higher level"
    if topic == "accidentals" and rules.accidentals == "leading note" and not key.is_minor:
        chromatic = next(one.number for one in levels() if one.accidentals not in ("none", "leading note"))
        remedy = f"Ask for {at.minors[0].name}, or choose level {chromatic}"
    return Unsatisfiable(f"focus {topic!r} cannot be met: {_why_not(topic, at, key, rules)}", remedy=remedy)


def _why_not(topic: str, at: Level, key: Key, rules: MelodicRules | Plan) -> str:
    if topic == "accidentals" and at.accidentals == "leading note" and not key.is_minor:
        return f"level {at.number} has accidentals only in minor, and the key is {key.name}"
    if topic == "accidentals" and rules.accidentals != "none":
        return f"the range leaves no room for {'the leading note' if rules.accidentals == 'leading note' else 'them'}"
    if topic in ("rests", "ties", "accidentals"):
        return f"there are none at level {at.number} with these wishes"
    if rules.named_skips is not None:
        titles = ", ".join(skip.title for skip in rules.named_skips)
        return f"a singer of level {at.number} meets only {titles or 'steps'}"
    leap = rules.largest_leap
    return f"the largest leap is {leap} (2 is a step, 3 a third), in a range and key that have no such leap"
