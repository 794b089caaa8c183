"""What a task may ask of an accompaniment: a table of shares, a step of Viterbi's search, a drum pattern."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from musicedu.arrangement import DRUM_SOUNDS
from musicedu.course.asks.functions import outcome
from musicedu.course.checks import Requirement, Untried, asked_first
from musicedu.generation.accompaniment.patterns import strokes_of
from musicedu.melody import Metre

_N_DEGREES = 7
_FEWEST_HITS, _MOST_HITS = 3, 24


def counts_notes(answer: Any) -> str | None:
    """The function turns chords and the notes over them into shares, every row adding up to 1."""
    degrees, notes = [0, 0, 0, 4, 4, 6], [0, 4, 4, 7, 2, 11]
    table, fault = outcome(answer, degrees, notes)
    if fault:
        return fault
    found = np.asarray(table, dtype=object)
    if found.shape != (_N_DEGREES, 12):
        return f"The table must have 7 rows (chords) and 12 columns (notes); yours has the shape {found.shape}."
    shares = found.astype(float)
    if not np.allclose(shares.sum(axis=1), 1):
        row = int(np.argmax(np.abs(shares.sum(axis=1) - 1)))
        if np.allclose(shares.sum(), 1):
            return (
                "The whole table adds up to 1. Each *row* should: what sounds over this chord, out of all it carries."
            )
        return f"Row {row} adds up to {shares[row].sum():.2f}. Shares of one chord add up to 1."
    if (shares <= 0).any():
        return "Some note has the share 0 and could never sound over its chord. Begin the count at 1, not at 0."
    counted = np.ones((_N_DEGREES, 12))
    np.add.at(counted, (degrees, notes), 1)
    if not np.allclose(shares, counted / counted.sum(axis=1, keepdims=True)):
        return (
            f"Over I, the note 4 was heard twice in three notes. With one added to each of twelve counts its share is "
            f"3 of 15, so 0.20; yours is {shares[0, 4]:.2f}."
        )
    return None


def steps_like_viterbi(answer: Any) -> str | None:
    """The function takes one step of Viterbi's search."""
    rng = np.random.default_rng(4)
    for size in (2, 7):
        best, worth = np.log(rng.random(size)), np.log(rng.random(size))
        moves = np.log(rng.random((size, size)))
        given, fault = outcome(answer, best.copy(), moves.copy(), worth.copy())
        if fault:
            return fault
        fault = _fault_of_step(given, best, moves, worth)
        if fault:
            return fault
    return None


def _fault_of_step(given: Any, best: Any, moves: Any, worth: Any) -> str | None:
    if not isinstance(given, tuple) or len(given) != 2:
        return (
            "Your function should return two things, with a comma between them: the new sums, and where they came from."
        )
    sums, origins = (np.asarray(part) for part in given)
    if sums.shape != best.shape or origins.shape != best.shape:
        return (
            f"For {len(best)} chords both should have {len(best)} numbers; yours have {sums.shape} and {origins.shape}."
        )
    arrivals = best[:, None] + moves
    right = arrivals.max(axis=0) + worth
    if np.allclose(sums, right) and np.array_equal(origins, arrivals.argmax(axis=0)):
        return None
    if np.allclose(sums, (best[None, :] + moves).max(axis=1) + worth) or np.allclose(
        sums, arrivals.max(axis=1) + worth
    ):
        return "You look for the best chord to go *to*. Rows are the chords before: for each column, search the rows."
    if np.allclose(sums, arrivals.max(axis=0)):
        return "The moves are right; what the melody says about the new chord (worth) is not added yet."
    if np.allclose(sums, moves.max(axis=0) + worth):
        return "You forget how good the way was until here: best belongs to the sum."
    if np.allclose(sums, right):
        return "The sums are right. The second thing should say in which row each largest arrival stands: argmax."
    return "The sums differ from the largest of best + moves in each column, plus worth."


@asked_first
def is_pattern(answer: Any) -> str | None:
    """The answer is a dictionary of sounds and lines of characters, all of one length."""
    if not isinstance(answer, Mapping) or not answer:
        return 'A pattern is a dictionary, as in {"kick": "x...", "snare": "..x."}.'
    if any(line is ... for line in answer.values()):
        raise Untried
    for sound, line in answer.items():
        if sound not in DRUM_SOUNDS:
            return f"There is no sound {sound!r}. Choose from {', '.join(DRUM_SOUNDS)}."
        if not isinstance(line, str) or not line or set(line) - set("Xxo.-"):
            return f"The line of the {sound} may hold only X, x, o (soft) and a dot for silence."
    lengths = {sound: len(line) for sound, line in answer.items()}
    if len(set(lengths.values())) > 1:
        return "All lines must be of one length: " + ", ".join(f"{sound} has {n}" for sound, n in lengths.items()) + "."
    return None


def grooves_in(metre: Metre) -> Requirement:
    """The pattern tells where the measure begins, answers it, and leaves air."""

    def can_be_danced_to(answer: Any) -> str | None:
        strokes = {
            sound: {stroke.onset for stroke in strokes_of(line, metre.duration)} for sound, line in answer.items()
        }
        beats = metre.beat_onsets
        deep = strokes.get("kick", set())
        if Fraction(0) not in deep:
            return "Nobody hears where the measure begins: let the kick play its first step."
        if set(beats[1:]) <= deep:
            return f"The kick plays all {len(beats)} beats: the first is not heard as the first."
        others = set().union(*(hits for sound, hits in strokes.items() if sound != "kick"))
        missing = [number for number, beat in enumerate(beats[1:], start=2) if beat not in others]
        if missing:
            return f"On beat {missing[0]} nothing answers the kick. Put something lighter there."
        n_hits = sum(len(hits) for hits in strokes.values())
        if not _FEWEST_HITS <= n_hits <= _MOST_HITS:
            return f"{n_hits} strokes a measure leave no air for a tune; {_MOST_HITS} are many."
        return None

    return can_be_danced_to
