"""How often generated exercises quote a tune, by level, beside held-out tunes of the same length.

    uv run python benchmarks/quotes.py --exercises 100

An exercise is as long as its level has it. Tunes of the test split are cut to as many notes as the exercises have on
average; quotes from their own family are not counted.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace

import numpy as np

from musicedu.corpus.load import load_corpus
from musicedu.evaluation.quotes import find_quote, shipped_quotes
from musicedu.practice.generator import generate
from musicedu.practice.instruments import instruments
from musicedu.practice.specification import Specification


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


if __name__ == "__main__":
    main()
