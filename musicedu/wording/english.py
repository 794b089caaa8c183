"""Reasons in English: why an exercise fits, how hard a piece is, and which tune it quotes.

Another language is another module like this one: a `match` over the kinds of `Reason`, of which mypy names the missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

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
from musicedu.melody import Key
from musicedu.originality.quotes import Quote
from musicedu.syllabus.difficulty import Term, TermName

_ORDINALS = {1: "repetition", 2: "step", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth", 7: "seventh", 8: "octave"}

_LEAPS = (
    "a unison", "a step", "a step", "a 3rd", "a 3rd", "a 4th", "a tritone", "a 5th", "a 6th", "a 6th", "a 7th", "a 7th",
    "an octave",
)  # fmt: skip
"""By semitones."""

_DURATIONS = {
    Fraction(6): "dotted wholes",
    Fraction(4): "wholes",
    Fraction(3): "dotted halves",
    Fraction(2): "halves",
    Fraction(3, 2): "dotted quarters",
    Fraction(1): "quarters",
    Fraction(3, 4): "dotted eighths",
    Fraction(2, 3): "triplet quarters",
    Fraction(1, 2): "eighths",
    Fraction(1, 3): "triplet eighths",
    Fraction(1, 4): "sixteenths",
}

_CADENCES = {"half": "rests on the dominant chord", "open": "rests on the tonic chord", "full": "ends on the tonic"}

_TERMS: dict[TermName, str] = {
    "eighths": "eighth notes",
    "sixteenths": "sixteenth notes",
    "dotted notes": "dotted notes",
    "tuplets": "triplets or duplets",
    "ties": "ties",
    "syncopation": "syncopation",
    "rhythmic variety": "a mixture of note values",
    "leaps": "many leaps",
    "accidentals": "notes outside the key signature",
    "double accidentals": "double accidentals",
    "minor": "a minor key",
    "anacrusis": "an upbeat",
    "changes": "changes of metre or key",
}
"""Terms of which the name says all; `term_in_words` has the others."""


def compared_to_grade(grade: int | None) -> str:
    """What a level is comparable to, never an official grade; None is before grade 1.

    >>> compared_to_grade(2), compared_to_grade(None)
    ('comparable to grade 2', 'before grade 1')
    """
    return "before grade 1" if grade is None else f"comparable to grade {grade}"


def in_words(reason: Reason) -> str:
    """A reason as a sentence; the term of a difficulty as what it adds and for what.

    >>> from musicedu.exercise.reasons import WithinLeaps
    >>> in_words(WithinLeaps(largest=3, most=5))
    'The largest leap is a third; up to a fifth may come.'
    >>> in_words(Term("largest leap", 0.5, 2.2, figure=7))
    '+0.5: leaps of a 5th'
    """
    match reason:
        case WithinLevel():
            compared = compared_to_grade(reason.grade)
            return f"{reason.key.name} and {reason.metre}: both within level {reason.level}, {compared}."
        case WithinCompass():
            player = f"a {reason.instrument} player of this level has {reason.low} to {reason.high}"
            return f"From {reason.lowest} to {reason.highest}; {player}."
        case WithinLeaps():
            return _leaps(reason)
        case Lengths():
            return _lengths(reason)
        case PhraseGoal():
            return _phrase(reason)
        case Practised():
            return f"To practise: {', '.join(reason.focus)}, {reason.count} times or more."
        case Measured():
            strongest = "; ".join(map(in_words, reason.strongest))
            return f"Measured difficulty {reason.score:.1f} on the level scale" + (
                f" ({strongest})." if strongest else "."
            )
        case Term():
            return f"+{reason.value:.1f}: {term_in_words(reason)}"
        case Quote():
            first, last = reason.first + 1, reason.first + reason.n_notes
            return f"It quotes a tune: notes {first} to {last} are those of {reason.name}, in some key and tempo."


def term_in_words(term: Term) -> str:
    """What makes a piece harder, without how much.

    >>> term_in_words(Term("rests", 0.2, 0.6, figure=2))
    'rests of 2 kinds'
    """
    match term.name, term.figure:
        case "rests", int(kinds):
            return f"rests of {kinds} kind{_s(kinds)}"
        case "range", int(semitones):
            return f"a range of {semitones} semitones"
        case "largest leap", int(semitones):
            return f"leaps of {_LEAPS[semitones] if semitones < len(_LEAPS) else 'more than an octave'}"
        case "marks", int(kinds):
            return f"{kinds} kind{_s(kinds)} of mark to observe"
        case "metre", tuple(metres):
            return f"{' and '.join(map(str, metres))} time"
        case "key signature", Key() as key:
            return f"{key.name}, {abs(key.fifths)} {'sharp' if key.fifths > 0 else 'flat'}{_s(abs(key.fifths))}"
        case name, _:
            return _TERMS[name]


def _leaps(reason: WithinLeaps) -> str:
    most = _one(_interval(reason.most))
    if reason.largest > 2:
        return f"The largest leap is {_one(_interval(reason.largest))}; up to {most} may come."
    return "It moves by step only." if reason.most == 2 else f"It moves by step only; up to {most} may come."


def _interval(number: int) -> str:
    """The name of a diatonic number."""
    return _ORDINALS.get(number, f"{number}th")


def _one(noun: str) -> str:
    return f"a{'n' if noun[0] in 'aeiou' or noun in ('8th', '11th', '18th') else ''} {noun}"


def _lengths(reason: Lengths) -> str:
    count = len(reason.durations)
    said = f"{count} length{_s(count)} of note, {_longest_and_shortest(reason.durations)}"
    new = ", ".join(cell.title for cell in reason.new_cells)
    return f"{said}; new in level {reason.level}: {new}." if new else f"{said}."


def _longest_and_shortest(durations: Sequence[Fraction]) -> str:
    """The longest and the shortest of the lengths that one note value writes."""
    names = [_DURATIONS[duration] for duration in durations if duration in _DURATIONS]
    if not names:
        return "tied notes"
    return f"all {names[0]}" if len(names) == 1 else f"from {names[0]} to {names[-1]}"


def _phrase(reason: PhraseGoal) -> str:
    phrase = reason.phrase
    away = f" in {phrase.key.name}" if phrase.key != reason.home else ""
    return f"Measures {phrase.first_measure}-{phrase.last_measure}{away}: {_CADENCES[phrase.cadence]}."


def _s(count: int) -> str:
    return "" if count == 1 else "s"
