"""`musicedu train chords`: what follows what in Bach's chorales, counted anew."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from musicedu.cli.reporting import AsJson, print_json


def chords(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the tables.")] = Path(),
    as_json: AsJson = False,
) -> None:
    """Count the chord tables on the chorales, and say how well they foretell Bach's chords under tunes held out.

    Families of tunes are wholly in training or held out. What is printed is measured on the held-out ones.

    **Examples**

    `musicedu train chords --out data/models` counts the tables that come with musicedu; it takes half a minute.
    """
    from musicedu.corpus.chorale_harmony import read_chorales
    from musicedu.evaluation.accompaniment import bach_himself, harmonisers, judge_harmonies
    from musicedu.generation.accompaniment.chord_tables import count_chords, render_tables
    from musicedu.storage import write_atomically

    chorales = list(read_chorales())
    training = [one for one in chorales if one.split == "train"]
    held_out = [one for one in chorales if one.split == "test"]
    account = {
        "collection": "bach_soprano, with alto, tenor and bass",
        "chorales": len(training),
        "families": len({one.family for one in training}),
        "beats": sum(len(one.chords) for one in training),
    }
    tables = count_chords(((one.melody, one.chords) for one in training), account)
    path = out / "chords.npz"
    write_atomically(path, render_tables(tables))
    scores = judge_harmonies(held_out, harmonisers(tables))
    if as_json:
        print_json({"tables": path, "account": account, "held_out": scores, "bach_chord_tones": bach_himself(held_out)})
        return
    print(f"Counted on {account['chorales']} chorales; judged on {len(held_out)} of other families")
    for name, score in scores.items():
        print(
            f"  {name:24} agrees with Bach on {score.agreement:.1%} of beats ({score.low:.1%} to {score.high:.1%}), "
            f"{score.chord_tones:.0%} of the tune on chord notes"
        )
    print(f"  {'Bach himself':24} {bach_himself(held_out):.0%} of the tune on chord notes")
    print(f"The tables are in {path}")
