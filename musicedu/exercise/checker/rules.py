"""All rules by name, and `violations`, which asks each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from musicedu.exercise.checker import marks, pitch, rhythm, shape
from musicedu.exercise.checker.checked import Checked, Faults
from musicedu.exercise.phrases import Phrase
from musicedu.exercise.plan import Plan
from musicedu.melody import Melody

Rule = Callable[[Checked], Faults]

FRAME_RULES: Mapping[str, Rule] = {
    "plan": shape.plan_within_level,
    "measures": shape.number_of_measures,
    "metre": shape.metre,
    "phrases": shape.phrases,
}
"""Rules that must hold before the others can be asked."""

RULES: Mapping[str, Rule] = {
    **FRAME_RULES,
    "key": shape.key,
    "anacrusis": shape.anacrusis,
    "transposition": shape.transposition,
    "tempo": shape.tempo,
    "written": shape.written,
    "rhythms": rhythm.rhythms,
    "rests": rhythm.rests,
    "rests in a row": rhythm.rests_in_a_row,
    "ties": rhythm.ties,
    "first and last sound": rhythm.sound_at_both_ends,
    "compass": pitch.compass,
    "span": pitch.span,
    "largest leap": pitch.largest_leap,
    "kind of skip": pitch.kind_of_skip,
    "sung skips": pitch.sung_skips,
    "leaps in sixteenths": pitch.leaps_in_sixteenths,
    "landing of skips": pitch.landing_of_skips,
    "spelling": pitch.spelling,
    "accidentals": pitch.accidentals_allowed,
    "leading note": pitch.leading_note,
    "chromatic notes": pitch.chromatic_notes,
    "number of accidentals": pitch.number_of_accidentals,
    "phrase goal": shape.phrase_goal,
    "phrase rest": shape.phrase_rest,
    "final approach": shape.final_approach,
    "dynamics": marks.dynamics,
    "articulations": marks.articulations,
    "slurs": marks.slurs,
    "tempo marks": marks.tempo_marks,
    "focus": marks.focus,
}


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that is broken: its name, the measure (0 for the upbeat) and what is wrong, in words."""

    rule: str
    measure: int
    words: str

    def __str__(self) -> str:
        return f"measure {self.measure}: {self.words} ({self.rule})"


def violations(melody: Melody, plan: Plan, phrases: tuple[Phrase, ...]) -> tuple[Violation, ...]:
    """Every way in which a melody breaks its plan; empty for a good one.

    A frame that is wrong (plan, measures, metre, phrases) is reported alone, since nothing else can be read then.
    """
    piece = Checked(melody, plan, phrases)
    frame = _asked(piece, FRAME_RULES)
    return frame or _asked(piece, {name: rule for name, rule in RULES.items() if name not in FRAME_RULES})


def _asked(piece: Checked, rules: Mapping[str, Rule]) -> tuple[Violation, ...]:
    return tuple(Violation(name, measure, words) for name, rule in rules.items() for measure, words in rule(piece))
