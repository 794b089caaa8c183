"""What the chords, the voices and the pieces are worth: the figures of `data/models/chords.md`.

    uv run python benchmarks/accompaniment.py

Takes about two minutes on one core.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from itertools import combinations

import numpy as np

from musicedu.corpus.chorale_harmony import Chorale, read_chorales
from musicedu.corpus.collections import corpus_folder
from musicedu.corpus.load import load_corpus
from musicedu.evaluation.accompaniment import (
    bach_himself,
    chord_tone_share,
    count_agreement,
    harmonisers,
    judge_harmonies,
)
from musicedu.exercise.piece.making import make_piece
from musicedu.exercise.piece.wishes import PieceWishes
from musicedu.generation.accompaniment.arranging import chords_in_style
from musicedu.generation.accompaniment.voicing import lead_pad, lead_voices, stack_voices
from musicedu.harmony.chord import Chord
from musicedu.harmony.hidden_chords import find_chords
from musicedu.harmony.voices import measure_voice_leading


def agreement(chorales: list[Chorale]) -> None:
    for split in ("validation", "test"):
        held_out = [one for one in chorales if one.split == split]
        print(f"\n{split}: {len(held_out)} chorales of {len({one.family for one in held_out})} families")
        for name, score in judge_harmonies(held_out, harmonisers()).items():
            interval = f"({score.low:.3f} to {score.high:.3f})"
            print(f"  {name:24} {score.agreement:.3f} {interval}  tones {score.chord_tones:.2f}")
        print(f"  Bach himself: tones {bach_himself(held_out):.2f}")


def bach_against_bach(chorales: list[Chorale]) -> None:
    """Settings of one tune: how far Bach agrees with himself, beat by beat, counted from the tonic."""
    tunes = defaultdict(list)
    for one in chorales:
        melody = one.melody
        shape = tuple((note.onset, note.duration, note.pitch - melody.notes[0].pitch) for note in melody.notes)
        tunes[shape].append(one)
    shares = []
    for settings in tunes.values():
        for one, other in combinations(settings, 2):
            apart = other.melody.notes[0].pitch - one.melody.notes[0].pitch
            moved = [type(at)(at.onset, Chord((at.chord.root + apart) % 12, at.chord.quality)) for at in one.chords]
            right, n_beats = count_agreement(other.chords, moved)
            shares.append(right / n_beats)
    print(f"\nBach against Bach: {len(shares)} pairs of settings of one tune agree on {np.mean(shares):.3f} of beats")


def reduction_against_analysts() -> None:
    """The reduction beside the Roman numerals that people wrote for the first twenty chorales of Riemenschneider."""
    from music21 import converter, roman

    logging.disable(logging.WARNING)
    by_number = {tune.reference.split("-")[0]: tune.id for tune in load_corpus(collections=["bach_soprano"]).tunes()}
    chorales = {one.name: one for one in read_chorales()}
    right = total = used = 0
    for path in sorted((corpus_folder() / "bach" / "choraleAnalyses").glob("*.rntxt")):
        number = path.read_text().split("BWV:")[1].split()[0]
        chorale = chorales.get(by_number.get(number, ""))
        if chorale is None:
            continue
        numerals = list(converter.parse(path).recurse().getElementsByClass(roman.RomanNumeral))
        timed = [(float(one.getOffsetInHierarchy(one.activeSite.activeSite)), one) for one in numerals]
        first = timed[0][0]
        used += 1
        for at in chorale.chords:
            held = [one for onset, one in timed if onset - first <= float(at.onset) + 1e-6]
            if held:
                total += 1
                right += held[-1].root().pitchClass == at.chord.root
    print(
        f"\nReduction against analysts: {used} chorales, the same root on {right / max(total, 1):.3f} of {total} beats"
    )


def leading(chorales: list[Chorale]) -> None:
    held_out = [one for one in chorales if one.split == "test"]
    found = {one.name: find_chords(one.melody) for one in held_out}
    settings = {
        "Bach": lambda one: one.voices,
        "four voices": lambda one: (one.melody, *lead_voices(one.melody, found[one.name])),
        "three voices": lambda one: (one.melody, *lead_voices(one.melody, found[one.name], 3)),
        "pad": lambda one: lead_pad(one.melody, found[one.name]),
        "stacked triads": lambda one: (one.melody, *stack_voices(one.melody, found[one.name])),
    }
    print("\nvoices on test tunes: parallels a hundred changes, crossings, semitones a move, lowest and highest")
    for name, setting in settings.items():
        measured = [measure_voice_leading(setting(one)) for one in held_out]
        changes = sum(one.n_changes for one in measured)
        lowest = [min(column) for column in zip(*(one.lowest for one in measured), strict=True)]
        highest = [max(column) for column in zip(*(one.highest for one in measured), strict=True)]
        parallels = 100 * sum(one.parallels for one in measured) / changes
        crossings = sum(one.crossings for one in measured)
        move = np.mean([one.mean_move for one in measured])
        print(f"  {name:16} {parallels:6.2f} {crossings:4} {move:5.2f}  {lowest} {highest}")


STYLES = (("4/4", "rock"), ("4/4", "ballad"), ("3/4", "waltz"), ("6/8", "jig"), ("2/4", "march"))


def pieces() -> None:
    print("\nshare of a tune on notes of the chords: 12 pieces an engine and style, 40 held-out tunes a style")
    for engine in ("vae", "gan", "markov"):
        for metre, style in STYLES:
            shares = []
            for seed in range(12):
                key = ("C", "G", "F", "D", "A minor", "E minor")[seed % 6]
                made = make_piece(PieceWishes(engine=engine, metre=metre, style=style, key=key, seed=seed)).arrangement
                shares.append(chord_tone_share(made.melody, made.chords))
            print(f"  {engine:7} {style:8} {np.mean(shares):.2f} ({min(shares):.2f} to {max(shares):.2f})")
    for metre, style in STYLES:
        tunes = (one for one in load_corpus(include_non_commercial=False, split="test").melodies())
        fitting = [one for one in tunes if str(one.metre) == metre and len(one.metres) == 1 and len(one.keys) == 1][:40]
        shares = [chord_tone_share(one, chords_in_style(one, style)) for one in fitting]
        print(
            f"  tunes   {style:8} {np.mean(shares):.2f} ({min(shares):.2f} to {max(shares):.2f}), {len(fitting)} tunes"
        )


def main() -> None:
    chorales = list(read_chorales())
    agreement(chorales)
    bach_against_bach(chorales)
    reduction_against_analysts()
    leading(chorales)
    pieces()


if __name__ == "__main__":
    main()
