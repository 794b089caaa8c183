"""Exercises for tests of the page: written here, so that a sheet can be tested without the generator."""

from dataclasses import replace
from fractions import Fraction

from musicedu.exercise.exercise import Exercise
from musicedu.exercise.phrases import Phrase
from musicedu.exercise.reasons import Lengths, PhraseGoal, Reason, WithinCompass
from musicedu.exercise.resolve import resolve
from musicedu.exercise.specification import Specification
from musicedu.melody import Dynamic, Hairpin, Key, Melody, Slur, TempoAt
from musicedu.pitch import Spelling
from musicedu.syllabus.difficulty import estimate_difficulty
from musicedu.syllabus.levels import cell

F = Fraction
REASONS: tuple[Reason, ...] = (
    WithinCompass(Spelling.parse("D4"), Spelling.parse("D5"), "violin", Spelling.parse("G3"), Spelling.parse("B5")),
    Lengths((F(2), F(1), F(1, 2)), 3, (cell("eighths"), cell("dotted-half"))),
    PhraseGoal(Phrase(1, 4, "half", Key(3)), Key(2)),
)
PHRASE = "D4:1 F#4:1 A4:1 D5:1 C#5:1/2 B4:1/2 A4:1 G4:1 r:1 F#4:1 E4:1 D4:2 E4:1 A4:1 D4:2 "
BUSY = "D4:1/4 E4:1/4 F#4:1/4 G4:1/4 A4:1/2 B4:1/2 C#5:1/3 D5:1/3 E5:1/3 F#5:3/4 E5:1/4 E6:1 D6:1/2 C#6:1/2 A3:1 B3:1 "


def exercise(text=PHRASE, level=3, instrument="violin", seed=42, **wishes):
    melody = Melody.from_text(text, key="D")
    melody = replace(
        melody,
        tempos=(TempoAt(F(0), F(72), "Andante"),),
        dynamics=(Dynamic(F(0), "mf"), Dynamic(F(4), "f")),
        hairpins=(Hairpin(F(1), F(4), "crescendo"),),
        slurs=(Slur(melody.notes[0].onset, melody.notes[1].onset),),
    )
    plan = resolve(Specification(level, instrument, seed=seed, **wishes))
    melody = replace(melody, transposition=plan.instrument.transposition)
    return Exercise(melody, plan, REASONS, estimate_difficulty(melody), ())
