"""How often generated exercises quote a tune, by level, beside held-out tunes of the same length.

    uv run python benchmarks/quotes.py --exercises 100

An exercise is as long as its level has it. Tunes of the test split are cut to as many notes as the exercises have on
average; quotes from their own family are not counted. Then what must not be taken for a quote: 1,000 random lines of
steps, and finger exercises; and what must: so many notes from the middle of indexed tunes.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate, cycle, islice

import numpy as np

from musicedu.corpus.load import load_corpus
from musicedu.exercise.generator import generate
from musicedu.exercise.specification import Specification
from musicedu.melody import Melody, Note
from musicedu.originality.quotes import find_quote, shipped_quotes
from musicedu.pitch import Spelling
from musicedu.syllabus.instruments import instruments


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--exercises", type=int, default=100, help="of each level")
    options = parser.parse_args()
    index = shipped_quotes()
    print(f"{len(index.tunes)} tunes, {len(index.keys)} runs")
    names, lengths = list(instruments()), []
    for level in range(1, 9):
        wishes = [Specification(level, names[n % len(names)], seed=n) for n in range(options.exercises)]
        melodies = [generate(wish).melody for wish in wishes]
        lengths += [len(melody.notes) for melody in melodies]
        began = time.perf_counter()
        quotes = [find_quote(melody) for melody in melodies]
        each_ms = 1000 * (time.perf_counter() - began) / len(melodies)
        longest = max((quote.n_notes for quote in quotes if quote), default=0)
        share = sum(quote is not None for quote in quotes) / len(quotes)
        certain = sum(quote is not None and quote.n_notes >= 12 for quote in quotes) / len(quotes)
        print(
            f"level {level}: {share:.0%} share 10 notes or more, {certain:.0%} 12; longest {longest}; {each_ms:.2f} ms"
        )
    tunes = list(load_corpus(include_non_commercial=False, split="test"))[:: max(1, 500 // options.exercises)]
    families = {tune.id: tune.family for tune in load_corpus(include_non_commercial=False)}
    n_notes, found = round(float(np.mean(lengths))), []
    for tune in tunes:
        notes = tune.melody.notes[:n_notes]
        beginning = replace(tune.melody, notes=notes, slurs=(), duration=tune.melody.duration)
        quote = find_quote(beginning)
        found.append(quote is not None and families[quote.tune] != tune.family)
    print(f"{len(tunes)} held-out tunes, their first {n_notes} notes: {np.mean(found):.0%} share with another family")
    report_lines(np.random.default_rng(0))
    report_excerpts(np.random.default_rng(0))


def line(moves, values):
    """A melody by its moves on the staff of C major from C4, one value a note."""
    onsets = [Fraction(0), *accumulate(values)]
    places = [28, *accumulate(moves, initial=28)][1:]
    spelled = [Spelling("CDEFGAB"[place % 7], 0, place // 7) for place in places]
    notes = [Note(onset, value, pitch) for onset, value, pitch in zip(onsets, values, spelled, strict=False)]
    return Melody(tuple(notes), onsets[-1])


def stepwise(rng, n_notes):
    """Steps up and down that stay within an octave of C4."""
    moves, place = [], 0
    for _ in range(n_notes - 1):
        move = int(rng.choice([-1, 1])) if abs(place) < 7 else -int(np.sign(place))
        moves.append(move)
        place += move
    return moves


def report_lines(rng):
    """How many random lines of steps, and which finger exercises, are said to quote."""
    for n_notes in (16, 32, 64, 128):
        for name, rhythm in (("even", [1]), ("dotted", [3, 1]), ("jig", [2, 1])):
            values = [Fraction(value, 2) for value in islice(cycle(rhythm), n_notes)]
            lines = [line(stepwise(rng, n_notes), values) for _ in range(1000)]
            share = np.mean([find_quote(melody) is not None for melody in lines])
            print(f"1,000 lines of {n_notes} steps, {name}: {share:.1%} said to quote")
    figures = (
        [1],
        [2, -1],
        [1, -2],
        [2, 2, -3],
        [2, -1, -1, 1],
        [2, 1, 1, 1, -1, -1, -1, -1],
        [4, -3],
        [2, 2, 3, -3, -2, -2, 1],
    )
    said = 0
    for figure in figures:
        for sign, rhythm in ((1, [1]), (-1, [1]), (1, [3, 1]), (-1, [2, 1])):
            moves = [sign * move for move in islice(cycle(figure), 31)]
            said += find_quote(line(moves, [Fraction(value, 2) for value in islice(cycle(rhythm), 32)])) is not None
    print(f"{4 * len(figures)} scales and finger exercises of 32 notes: {said} said to quote")


def report_excerpts(rng):
    """How many excerpts of indexed tunes are recognised, by length."""
    tunes = list(load_corpus(include_non_commercial=False))[::10]
    for n_notes in (10, 12, 14, 16, 20, 24):
        found = []
        for tune in tunes:
            if len(tune.melody.notes) > n_notes:
                first = int(rng.integers(len(tune.melody.notes) - n_notes))
                notes = tune.melody.notes[first : first + n_notes]
                begun = notes[0].onset
                moved = tuple(replace(note, onset=note.onset - begun) for note in notes)
                found.append(find_quote(Melody(moved, moved[-1].offset)) is not None)
        print(f"{n_notes} notes of {len(found)} indexed tunes: {np.mean(found):.0%} recognised")


if __name__ == "__main__":
    main()
