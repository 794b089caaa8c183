"""`Exercise`: a melody with the wishes it answers, why it fits, how hard it is and how it is divided."""

from __future__ import annotations

from dataclasses import dataclass, replace

from musicedu.exercise.phrases import CADENCES, Phrase
from musicedu.exercise.plan import Plan
from musicedu.exercise.reasons import Reason
from musicedu.exercise.recipe import format_recipe
from musicedu.exercise.specification import Specification
from musicedu.melody import Melody
from musicedu.syllabus.difficulty import Difficulty


@dataclass(frozen=True)
class Exercise:
    """A finished exercise.

    Parameters
    ----------
    melody: the music, at written pitch. plan: the plan it obeys.
    reasons: why it fits; `musicedu.in_words` says each. difficulty: measured on the melody. phrases: how it is divided.
    """

    melody: Melody
    plan: Plan
    reasons: tuple[Reason, ...]
    difficulty: Difficulty
    phrases: tuple[Phrase, ...]

    @property
    def specification(self) -> Specification:
        """What was asked for."""
        return self.plan.specification

    @property
    def score(self) -> Melody:
        """The melody as the page shows it: written for the instrument, or at concert pitch if that was asked for."""
        if not self.specification.concert_pitch or not self.melody.transposition:
            return self.melody
        sounding = self.melody.transposed(self.melody.transposition)
        return replace(sounding, transposition=0)

    @property
    def recipe(self) -> str:
        """The short line that makes this exercise again."""
        return format_recipe(self.specification)

    @property
    def title(self) -> str:
        return self.melody.title or f"{self.plan.instrument.title}, level {self.plan.level.number}"


__all__ = ["CADENCES", "Exercise", "Phrase"]
