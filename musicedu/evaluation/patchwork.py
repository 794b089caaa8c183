"""Pieces whose form is known because they were sewn together: a truth for methods that look for form."""

from __future__ import annotations

from collections.abc import Sequence

from numpy.random import Generator

from musicedu.melody import Melody
from musicedu.melody.cutting import cut_measures, join

FORMS = ("AABA", "ABAC", "AABB", "ABAB", "ABCA", "AABC", "ABCD", "ABACA", "AABBA")


def sew(form: str, phrases: Sequence[Melody], *, n_changed: int = 0) -> Melody:
    """A piece of a form such as AABA from one phrase a letter: A is the first of `phrases`, B the next.

    n_changed: so many last measures of every return are those of another phrase, as when a tune ends differently the
    second time. `ValueError` for too few phrases, or where they do not go together.
    """
    letters = sorted(set(form))
    if len(phrases) < len(letters):
        raise ValueError(f"{form} needs {len(letters)} phrases, not {len(phrases)}")
    parts: list[Melody] = []
    for place, letter in enumerate(form):
        index = letters.index(letter)
        phrase, other = phrases[index], phrases[(index + 1) % len(phrases)]
        is_return = letter in form[:place]
        parts.append(_with_ending_of(phrase, other, n_changed) if is_return and n_changed else phrase)
    return join(parts, title=form)


def draw_phrases(melodies: Sequence[Melody], n_phrases: int, rng: Generator, n_measures: int = 4) -> list[Melody]:
    """The openings of different melodies of one metre as phrases, transposed to the key of the first.

    melodies: without upbeat, of one metre throughout and of one mode, at least `n_phrases`.
    """
    chosen = [melodies[index] for index in rng.choice(len(melodies), size=n_phrases, replace=False)]
    phrases = [cut_measures(melody, 1, n_measures) for melody in chosen]
    key = phrases[0].key
    moved = []
    for phrase in phrases:
        semitones = (key.tonic_pitch_class - phrase.key.tonic_pitch_class + 6) % 12 - 6
        moved.append(phrase.transposed(semitones, key) if semitones else phrase)
    return moved


def _with_ending_of(phrase: Melody, other: Melody, n_changed: int) -> Melody:
    n_measures = len(phrase.measures)
    if n_changed >= n_measures:
        raise ValueError(f"of {n_measures} measures, {n_changed} cannot be changed")
    kept = cut_measures(phrase, 1, n_measures - n_changed)
    return join([kept, cut_measures(other, n_measures - n_changed + 1, n_changed)])
