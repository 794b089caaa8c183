"""The checker finds nothing in good exercises and every planted fault; a rule without a planted fault fails here."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from musicedu.exercise.checker import RULES, Violation, violations
from musicedu.exercise.checker import rhythm as rhythm_rules
from musicedu.exercise.checker import rules as checker_rules
from musicedu.exercise.checker.pitch import alteration
from musicedu.exercise.phrases import Phrase
from musicedu.exercise.plan import Plan
from musicedu.exercise.resolve import resolve
from musicedu.exercise.specification import Specification
from musicedu.melody import Dynamic, Hairpin, Key, KeyAt, Melody, Metre, MetreAt, Slur, TempoAt
from musicedu.pitch import Spelling
from musicedu.syllabus.levels import cell, metre_grid

Case = tuple[Melody, Plan, tuple[Phrase, ...]]

MINOR = (
    "A4:1 B4:1 C5:1 B4:1  A4:3/2 G4:1/2 A4:1 E4:1  F4:1 G4:1 A4:1 B4:1  C5:1/2 B4:1/2 A4:1 B4:2 "
    "C5:1 D5:1 E5:1 D5:1  C5:1 B4:1 r:1 E5:1  D5:1/2 C5:1/2 B4:1/2 A4:1/2 B4:1 G#4:1  A4:4"
)
SONG = "C4:1 E4:1 G4:1 F4:1  E4:1/4 F4:1/4 E4:1/4 D4:1/4 C4:1 D4:2  E4:1 D4:1 C4:1 D4:1  C4:4"
JIG = (
    "E4:1/2 F4:1 G4:1/2 A4:3/2  G4:1 F4:1/2 E4:3/2  D4:1 E4:1/2 F4:1 G4:1/2  F4:3/2 E4:1 "
    "E4:1/2 F4:1 G4:1/2 A4:3/2  G4:1 F4:1/2 E4:1 D4:1/2  C#4:1 D4:1/2 F4:1 E4:1/2  E4:1 C#4:1/2 D4:1"
)
LONG = (
    "C5:1 D5:1 E5:1 D5:1  C5:1 B4:1 A4:1 B4:1  C5:1 A4:1 F4:1 A4:1  G4:4 "
    "A4:1 B4:1 C5:1 D5:1  E5:1 D5:1 C5:1 B4:1  A4:1 F#4:1 D4:1 F#4:1  G4:4 "
    "C5:1 D5:1 E5:1 F5:1  E5:1 D5:1 C5:1 B4:1  C5:1 A4:1 G4:1 B4:1  C5:4"
)


def made(text: str, plan: Plan) -> Case:
    tune = Melody.from_text(text, metre=plan.metre.name, key=plan.key.name, anacrusis=Fraction(sum(plan.anacrusis), 12))
    tempo = TempoAt(Fraction(0), Fraction(plan.tempo_bpm))
    return replace(tune, tempos=(tempo,), transposition=plan.instrument.transposition), plan, plan.phrases


def violin(text: str = MINOR, **wishes: object) -> Case:
    return made(
        text,
        resolve(
            Specification(
                **{"level": 5, "key": "Am", "metre": "4/4", "measures": 8, "lowest": "E4", "highest": "F5"} | wishes  # type: ignore[arg-type]
            )
        ),
    )


def voice(text: str = SONG, **wishes: object) -> Case:
    wanted = {"level": 5, "instrument": "voice", "key": "C", "metre": "4/4", "measures": 4, "lowest": "C4"}
    return made(text, resolve(Specification(**wanted | {"highest": "D5"} | wishes)))  # type: ignore[arg-type]


def jig(text: str = JIG) -> Case:
    wanted = {"level": 6, "key": "Dm", "metre": "6/8", "measures": 8, "lowest": "C4", "highest": "D5"}
    return made(text, resolve(Specification(**wanted, anacrusis=True)))  # type: ignore[arg-type]


def long(text: str = LONG) -> Case:
    melody, plan, phrases = made(
        text, resolve(Specification(8, key="C", metre="4/4", measures=12, form="free", lowest="C4", highest="G5"))
    )
    home = tuple(
        replace(phrase, key=Key(0), cadence=c) for phrase, c in zip(phrases, ("half", "open", "full"), strict=True)
    )
    return melody, plan, (home[0], replace(home[1], key=Key(1)), home[2])


GOOD: dict[str, Callable[[], Case]] = {"violin": violin, "voice": voice, "jig": jig, "long": long}


def changed(case: Case, **fields: object) -> Case:
    melody, plan, phrases = case
    return replace(melody, **fields), plan, phrases  # type: ignore[arg-type]


def planned(case: Case, **fields: object) -> Case:
    melody, plan, phrases = case
    return melody, replace(plan, **fields), phrases  # type: ignore[arg-type]


def edited(case_of: Callable[[str], Case], text: str, old: str, new: str) -> Case:
    assert text.count(old) >= 1
    return case_of(text.replace(old, new, 1))


def marked(case: Case, index: int, mark: str) -> Case:
    notes = list(case[0].notes)
    notes[index] = replace(notes[index], marks=frozenset({mark}))
    return changed(case, notes=tuple(notes))


def at(quarters: int) -> Fraction:
    return Fraction(quarters)


PLANTED: dict[str, list[Callable[[], Case]]] = {
    "plan": [
        lambda: planned(violin(), cells=(cell("triplet"),)),
        lambda: planned(violin(), measures=9),
        lambda: planned(violin(), key=Key(4, "minor")),
        lambda: planned(violin(), highest=Spelling.parse("D7")),
        lambda: planned(violin(), largest_leap=8),
        lambda: planned(violin(), metre=metre_grid("7/8")),
        lambda: planned(violin(), tempo_bpm=190),
    ],
    "measures": [
        lambda: edited(violin, MINOR, "A4:4", "A4:3"),
        lambda: edited(violin, MINOR, "A4:4", "A4:4 A4:4"),
    ],
    "metre": [lambda: changed(violin(), metres=(MetreAt(at(0), Metre(4, 4)), MetreAt(at(4), Metre(4, 4))))],
    "phrases": [
        lambda: (*violin()[:2], (Phrase(1, 8, "full", Key(0, "minor")),)),
        lambda: (*violin()[:2], (Phrase(1, 4, "half", Key(2)), Phrase(5, 4, "full", Key(0, "minor")))),
        lambda: (*violin()[:2], (Phrase(1, 4, "half", Key(0, "minor")), Phrase(5, 4, "open", Key(0, "minor")))),
        lambda: (*violin()[:2], (Phrase(1, 3, "half", Key(0, "minor")), Phrase(5, 4, "full", Key(0, "minor")))),
    ],
    "key": [
        lambda: changed(violin(), keys=(KeyAt(at(0), Key(0)),)),
        lambda: changed(violin(), keys=(KeyAt(at(0), Key(0, "minor")), KeyAt(at(16), Key(0)))),
    ],
    "anacrusis": [
        lambda: edited(jig, JIG, "E4:1/2 F4:1", "E4:1/4 D4:1/4 F4:1"),
        lambda: edited(jig, JIG, "E4:1/2 F4:1", "r:1/2 F4:1"),
    ],
    "transposition": [lambda: changed(violin(), transposition=-2)],
    "tempo": [
        lambda: changed(violin(), tempos=()),
        lambda: changed(violin(), tempos=(*violin()[0].tempos, TempoAt(at(4), Fraction(180)))),
    ],
    "written": [lambda: edited(violin, MINOR, "D5:1/2 C5:1/2 B4:1/2", "D5:1/8 C5:7/8 B4:1/2")],
    "rhythms": [
        lambda: edited(violin, MINOR, "A4:3/2 G4:1/2", "A4:7/4 G4:1/4"),
        lambda: edited(violin, MINOR, "A4:1 B4:1 C5:1 B4:1", "A4:1 B4:2 A4:1"),
        lambda: edited(violin, MINOR, "A4:1 B4:1 C5:1 B4:1", "A4:4/3 B4:4/3 A4:4/3"),
        lambda: edited(violin, MINOR, "A4:1 B4:1", "A4:1/3 B4:1/3 A4:1/3 B4:1"),
        lambda: planned(violin(), cells=(cell("quarter"), cell("half"), cell("whole"))),
    ],
    "rests": [
        lambda: planned(violin(), rests=()),
        lambda: edited(violin, MINOR, "A4:3/2 G4:1/2 A4:1 E4:1", "r:3/2 G4:1/2 A4:1 E4:1"),
    ],
    "rests in a row": [
        lambda: edited(violin, MINOR, "C5:1 B4:1 r:1 E5:1  D5:1/2", "C5:1 B4:1 C5:1 r:1  r:1/2"),
        lambda: edited(violin, MINOR, "C5:1 B4:1 r:1 E5:1", "C5:1 r:2 E5:1"),
    ],
    "ties": [
        lambda: edited(violin, MINOR, "B4:1  A4:3/2", "B4:1/2 A4:2"),
        lambda: planned(edited(violin, MINOR, "B4:1  A4:3/2", "A4:5/2"), max_ties=0),
        lambda: planned(violin(_TIED), max_ties=1),
    ],
    "first and last sound": [
        lambda: edited(violin, MINOR, "A4:4", "A4:2 r:2"),
        lambda: made("r:1 A4:1 B4:1 C5:1 A4:4", resolve(Specification(3, key="Am", metre="4/4", measures=2))),
    ],
    "compass": [
        lambda: edited(violin, MINOR, "E4:1", "D4:1"),
        lambda: planned(violin(), lowest=Spelling.parse("F4")),
    ],
    "span": [lambda: planned(edited(violin, MINOR, "E4:1", "C4:1"), lowest=Spelling.parse("C4"))],
    "largest leap": [lambda: planned(violin(), largest_leap=3)],
    "kind of skip": [
        lambda: edited(violin, MINOR, "F4:1 G4:1 A4:1 B4:1", "A4:1 G4:1 F4:1 B4:1"),
        lambda: edited(violin, MINOR, "B4:1 G#4:1", "F4:1 G#4:1"),
        lambda: made(
            "C4:1 D4:1 F4:1 E4:1 D4:2 C4:2", resolve(Specification(2, "piano", key="C", metre="4/4", measures=2))
        ),
    ],
    "sung skips": [
        lambda: edited(voice, SONG, "C4:1 D4:2", "A4:1 D4:2"),
        lambda: edited(voice, SONG, "G4:1 F4:1", "G4:1 D4:1"),
    ],
    "leaps in sixteenths": [lambda: edited(voice, SONG, "E4:1/4 F4:1/4 E4:1/4 D4:1/4", "C4:1/4 E4:1/4 G4:1/4 F4:1/4")],
    "landing of skips": [lambda: planned(violin(), skips_land_on=frozenset({24}))],
    "spelling": [lambda: edited(violin, MINOR, "C5:1 B4:1", "B#4:1 B4:1")],
    "accidentals": [
        lambda: planned(violin(), accidentals="none"),
        lambda: edited(violin, MINOR, "F4:1 G4:1", "F#4:1 G4:1"),
    ],
    "leading note": [lambda: edited(violin, MINOR, "C5:1 B4:1 r:1 E5:1", "C5:1 G#4:1 B4:1 E5:1")],
    "chromatic notes": [lambda: edited(jig, JIG, "A4:3/2  G4:1 F4:1/2", "A4:3/2  F#4:1 F4:1/2")],
    "number of accidentals": [
        lambda: edited(violin, MINOR, "D5:1 E5:1 D5:1  C5:1 B4:1 r:1", "A4:1 G#4:1 A4:1  G#4:1 A4:1 G#4:1"),
    ],
    "phrase goal": [
        lambda: edited(violin, MINOR, "A4:1 B4:2", "A4:1 A4:2"),
        lambda: edited(long, LONG, "F#4:1 D4:1 F#4:1  G4:4", "F#4:1 G4:1 F#4:1  E4:4"),
    ],
    "phrase rest": [
        lambda: edited(violin, MINOR, "C5:1/2 B4:1/2 A4:1 B4:2", "B4:2 A4:1 C5:1/2 B4:1/2"),
        lambda: edited(violin, MINOR, "B4:2 C5:1", "B4:3"),
        lambda: edited(violin, MINOR, "B4:1 G#4:1  A4:4", "B4:1 G#4:1  A4:3 G#4:1/2 A4:1/2"),
    ],
    "final approach": [
        lambda: edited(violin, MINOR, "G#4:1  A4:4", "G4:1  A4:4"),
        lambda: edited(violin, MINOR, "G#4:1  A4:4", "C5:1  A4:4"),
        lambda: edited(violin, MINOR, "G#4:1  A4:4", "A4:1  A4:4"),
    ],
    "dynamics": [
        lambda: changed(violin(), dynamics=(Dynamic(at(0), "ff"),)),
        lambda: changed(planned(violin(), hairpins=False), hairpins=(Hairpin(at(0), at(2), "crescendo"),)),
    ],
    "articulations": [lambda: marked(violin(), 0, "tenuto"), lambda: marked(violin(), 1, "trill")],
    "slurs": [
        lambda: changed(planned(violin(), slurs=False), slurs=(Slur(at(0), at(1)),)),
        lambda: changed(violin(), slurs=(Slur(at(14), at(16)),)),
        lambda: changed(violin(), slurs=(Slur(at(21), at(23)),)),
        lambda: changed(violin(), slurs=(Slur(at(0), at(2)), Slur(at(1), at(3)))),
    ],
    "tempo marks": [lambda: changed(violin(), tempos=(*violin()[0].tempos, TempoAt(at(28), Fraction(60), "rit.")))],
    "focus": [
        lambda: planned(violin(), focus=("sixteenths",)),
        lambda: planned(violin(), focus=("rests",)),
        lambda: planned(violin(), focus=("fifths",)),
        lambda: planned(violin(), focus=("ties",)),
        lambda: planned(violin(), focus=("accidentals",)),
    ],
}  # fmt: skip
_TIED = (
    "A4:1 B4:1 C5:1 A4:5/2 G4:1/2 A4:1 F4:2 G4:1 A4:1 B4:2 A4:1 B4:2 "
    "C5:1 D5:1 E5:1 D5:1 C5:1 B4:1 C5:1 E5:1 D5:1/2 C5:1/2 B4:1/2 A4:1/2 B4:1 G#4:1  A4:4"
)  # three ties over barlines


@pytest.mark.parametrize("name", GOOD)
def test_a_good_exercise_has_no_violation(name: str) -> None:
    assert violations(*GOOD[name]()) == ()


@pytest.mark.parametrize(
    ("rule", "index"), [(rule, index) for rule, cases in PLANTED.items() for index in range(len(cases))]
)
def test_a_planted_fault_is_caught_by_its_rule(rule: str, index: int) -> None:
    found = violations(*PLANTED[rule][index]())
    assert rule in {violation.rule for violation in found}, [str(violation) for violation in found]


def test_every_rule_has_a_planted_fault() -> None:
    assert set(PLANTED) == set(RULES)


def test_more_ties_than_allowed_are_counted() -> None:
    assert violations(*violin(_TIED)) == ()
    case = planned(violin(_TIED), max_ties=1)
    assert any("3 ties where 1 are allowed" in found.words for found in violations(*case)), violations(*case)


def test_a_violation_reads_as_a_sentence() -> None:
    assert str(Violation("ties", 3, "measure 3 has a tie")) == "measure 3: measure 3 has a tie (ties)"


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [("C4", "G4", 0), ("F4", "B4", 1), ("B4", "F5", -1), ("F4", "G#4", 1), ("C4", "Eb4", 0), ("C#4", "Bb4", -1)],
)
def test_the_quality_of_an_interval(low: str, high: str, expected: int) -> None:
    assert alteration(Spelling.parse(low), Spelling.parse(high)) == expected


def test_the_checker_shares_no_code_with_what_makes_exercises() -> None:
    makers = ("generation", "encoding", "generator", "composing", "choice", "window", "focus", "frames", "_rules")
    folder = Path(checker_rules.__file__).parent
    imported = {
        node.module
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module is not None
    }
    assert "musicedu.syllabus.levels" in imported
    assert not [name for name in imported if any(maker in name for maker in makers)]
    assert not hasattr(rhythm_rules, "places")
