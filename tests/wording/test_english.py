"""Every kind of reason that is given has its words, and another language needs nothing of who gives them."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import get_args

import pytest
from hypothesis import given, settings

from musicedu import generate, parse_recipe
from musicedu.exercise.exercise import Exercise
from musicedu.exercise.phrases import CADENCES, Phrase
from musicedu.exercise.reasons import (
    Lengths,
    Measured,
    PhraseGoal,
    Practised,
    Reason,
    WithinCompass,
    WithinLeaps,
    WithinLevel,
)
from musicedu.melody import Key, Melody, Metre
from musicedu.originality.quotes import Quote
from musicedu.pitch import Spelling
from musicedu.syllabus.difficulty import Term, TermName, attribute_ceilings, estimate_difficulty
from musicedu.syllabus.levels import LEVEL_NUMBERS, cell
from musicedu.wording.english import in_words, term_in_words
from tests.strategies import melodies

FOUND = {
    "rests": 2, "range": 12, "largest leap": 9, "marks": 1, "metre": (Metre(3, 4), Metre(2, 4)),
    "key signature": Key.parse("Bb"),
}  # fmt: skip
C4, G5 = Spelling.parse("C4"), Spelling.parse("G5")
SAID: dict[str, Reason] = {
    "G major and 3/4: both within level 4, comparable to grade 2.": WithinLevel(Key.parse("G"), "3/4", 4, 2),
    "A minor and 4/4: both within level 2, before grade 1.": WithinLevel(Key.parse("Am"), "4/4", 2, None),
    "From C4 to G5; a flute player of this level has C4 to G5.": WithinCompass(C4, G5, "flute", C4, G5),
    "It moves by step only.": WithinLeaps(2, 2),
    "It moves by step only; up to an octave may come.": WithinLeaps(1, 8),
    "The largest leap is a sixth; up to an 11th may come.": WithinLeaps(6, 11),
    "The largest leap is a 10th; up to a 12th may come.": WithinLeaps(10, 12),
    "1 length of note, all quarters.": Lengths((Fraction(1),), 1, ()),
    "2 lengths of note, tied notes.": Lengths((Fraction(7, 2), Fraction(5, 4)), 5, ()),
    "3 lengths of note, from halves to eighths; new in level 3: " + cell("eighths").title + ".": Lengths(
        (Fraction(2), Fraction(1), Fraction(1, 2)), 3, (cell("eighths"),)
    ),
    "Measures 1-4: rests on the dominant chord.": PhraseGoal(Phrase(1, 4, "half", Key(0)), Key(0)),
    "Measures 5-8 in G major: rests on the tonic chord.": PhraseGoal(Phrase(5, 4, "open", Key(1)), Key(0)),
    "To practise: ties, thirds, 3 times or more.": Practised(("ties", "thirds"), 3),
    "Measured difficulty 1.0 on the level scale.": Measured(1.04, ()),
    "Measured difficulty 2.3 on the level scale (+1.0: 6/8 time; +0.3: a minor key).": Measured(
        2.3, (Term("metre", 1.0, 1.5, (Metre(6, 8),)), Term("minor", 0.3, 0.3))
    ),
    "It quotes a tune: notes 3 to 12 are those of A jig (t/0), in some key and tempo.": Quote(
        2, 10, "t/0", "A jig.", 5, 40.0
    ),
}
RECIPES = [
    *(f"me1 violin L{number} s{number}" for number in LEVEL_NUMBERS),
    "me1 flute L8 s2 focus=thirds measures=16 modulation=yes",
    "me1 violin L5 s25",  # quotes a tune
]


@pytest.fixture(scope="module")
def made() -> list[Exercise]:
    return [generate(parse_recipe(recipe)) for recipe in RECIPES]


def toy(reason: Reason) -> str:
    """A language without sentences: the kind, and its figures."""
    match reason:
        case WithinLevel(key, metre, level):
            return f"niveau {level} {key.fifths} {metre}"
        case WithinCompass(lowest, highest):
            return f"ambitus {lowest.pitch} {highest.pitch}"
        case WithinLeaps(largest, most):
            return f"saut {largest} {most}"
        case Lengths(durations):
            return f"valeurs {len(durations)}"
        case PhraseGoal(phrase):
            return f"phrase {phrase.first_measure} {CADENCES.index(phrase.cadence)}"
        case Practised(focus, count):
            return f"exercice {len(focus)} {count}"
        case Measured(score, strongest):
            return " ".join([f"mesure {score:.1f}", *map(toy, strongest)])
        case Term(name, value):
            return f"terme {list(attribute_ceilings()).index(name)} {value:.1f}"
        case Quote(first, n_notes):
            return f"citation {first} {n_notes}"


def test_every_kind_is_said() -> None:
    assert {type(reason) for reason in SAID.values()} | {Term} == set(get_args(Reason))
    assert {sentence: in_words(reason) for sentence, reason in SAID.items()} == {
        sentence: sentence for sentence in SAID
    }


@pytest.mark.parametrize("name", get_args(TermName))
def test_every_term_is_said(name: TermName) -> None:
    said = term_in_words(Term(name, 0.5, 1.0, FOUND.get(name)))
    assert re.fullmatch(r"[\w /,]+", said)
    assert in_words(Term(name, 0.5, 1.0, FOUND.get(name))) == f"+0.5: {said}"


def test_there_is_no_term_without_a_name() -> None:
    assert set(attribute_ceilings()) == set(get_args(TermName))


@given(melodies())
@settings(max_examples=60, deadline=None)
def test_what_is_found_in_any_melody_is_said(melody: Melody) -> None:
    for term in estimate_difficulty(melody).terms:
        assert re.fullmatch(r"\+\d\.\d: [^{}<>]+[^.{}<>]", in_words(term))


def test_the_reasons_of_an_exercise_are_sentences(made: list[Exercise]) -> None:
    for one in made:
        for sentence in map(in_words, one.reasons):
            assert re.fullmatch(r"[A-Z0-9][^{}<>\n]+\.", sentence)


def test_another_language_says_the_same_reasons(made: list[Exercise]) -> None:
    kinds = {type(reason) for one in made for reason in (*one.reasons, *one.difficulty.reasons)}
    assert kinds == set(get_args(Reason))
    for one in made:
        said = [toy(reason) for reason in one.reasons]
        assert len(set(said)) == len(said)
        assert all(re.fullmatch(r"[a-z]+( (-?\d[\d./]*|terme))+", sentence) for sentence in said)
