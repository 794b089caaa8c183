"""The independent checker: does a finished exercise obey its level, its instrument and its teacher?

It reads the data files and the melody, and shares no code with what makes exercises. One small function a rule; each
yields the measure and the words of every fault it finds. `RULES` names them all, and a test plants a fault for each.
"""

from musicedu.exercise.checker.rules import RULES, Violation, violations

__all__ = ["RULES", "Violation", "violations"]
