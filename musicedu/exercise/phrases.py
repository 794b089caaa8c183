"""Phrases: how an exercise is divided, where each phrase is going and in which key."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.random import Generator

from musicedu.melody import Key

CADENCES = ("half", "open", "full")
"""half: rests on a note of the dominant chord; open: on one of the tonic chord; full: on the tonic, at the end."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stretch of whole measures that is one musical thought.

    first_measure: number of its first full measure, from 1; an upbeat before that measure belongs to the phrase too,
    so every phrase of a piece with an anacrusis begins and ends that much before the barline.
    cadence: one of `CADENCES`, in `key`, the phrase's own key. idea: phrases with the same letter are alike.
    """

    first_measure: int
    n_measures: int
    cadence: str
    key: Key
    idea: str = "a"

    @property
    def last_measure(self) -> int:
        return self.first_measure + self.n_measures - 1


def phrase_lengths(n_measures: int) -> tuple[int, ...]:
    """Divide an exercise into phrases: one below 8 measures, else of 4 with a last one of 2 to 5.

    >>> phrase_lengths(6), phrase_lengths(10), phrase_lengths(13)
    ((6,), (4, 4, 2), (4, 4, 5))
    """
    if n_measures < 8:
        return (n_measures,)
    n_phrases, left = divmod(n_measures, 4)
    if left == 0:
        return (4,) * n_phrases
    return (4,) * (n_phrases - 1) + (5,) if left == 1 else (4,) * n_phrases + (left,)


def forms_for(n_measures: int) -> tuple[str, ...]:
    """The forms that fit a number of measures; the first is the usual one."""
    lengths = phrase_lengths(n_measures)
    if len(lengths) == 1:
        return ("phrase",)
    forms = ["period", "sequence", "free"]
    if len(lengths) % 4 == 0 and len(set(lengths)) == 1:
        forms.insert(0, "aaba")
    return tuple(forms)


def plan_phrases(n_measures: int, form: str, key: Key, visited: tuple[Key, ...], rng: Generator) -> tuple[Phrase, ...]:
    """Lay out the phrases of an exercise: ideas by its form, cadences so that questions find answers.

    visited: keys that an inner phrase may move to; when there are any, one or two inner phrases do.
    """
    lengths = phrase_lengths(n_measures)
    ideas = _ideas(form, len(lengths))
    away = _away(ideas, visited, rng)
    phrases, first_measure = [], 1
    for index, (length, idea) in enumerate(zip(lengths, ideas, strict=True)):
        is_last = index == len(lengths) - 1
        cadence = "full" if is_last else "open" if index % 2 else "half"
        if index in away:
            cadence = "open"
        phrases.append(Phrase(first_measure, length, cadence, away.get(index, key), idea))
        first_measure += length
    return tuple(phrases)


def _ideas(form: str, n_phrases: int) -> tuple[str, ...]:
    pattern = {"phrase": "a", "period": "aa", "aaba": "aaba", "sequence": "aab", "free": "abcdefgh"}[form]
    if form == "period":  # two questions and answers make one of the second pair a new idea
        pattern = "aabb"
    return tuple(pattern[index % len(pattern)] for index in range(n_phrases))


def _away(ideas: tuple[str, ...], visited: tuple[Key, ...], rng: Generator) -> dict[int, Key]:
    inner = list(range(1, len(ideas) - 1))
    if not visited or not inner:
        return {}
    n_away = 1 if len(inner) < 4 else 2
    contrasting = [index for index in inner if ideas[index] != "a"] or inner
    chosen = rng.permutation(contrasting)[:n_away]
    return {int(index): visited[int(rng.integers(len(visited)))] for index in sorted(chosen)}
