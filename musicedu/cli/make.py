"""`musicedu make`: a whole piece, as files for a producer to take further."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from musicedu.cli.practice import LARGEST_SEED
from musicedu.cli.reporting import AsJson, print_json
from musicedu.cli.wishes import Wishes, with_wishes
from musicedu.exercise.piece.wishes import PieceWishes, parse_piece_recipe


@with_wishes(PieceWishes)
def make(
    wishes: Wishes,
    seed: Annotated[int | None, typer.Option(help="Which of the many such pieces. Default: a new one.")] = None,
    recipe: Annotated[str | None, typer.Option(help="Make the piece of this recipe again.")] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the files.")] = Path("pieces"),
    as_json: AsJson = False,
) -> None:
    """Make a piece: a tune in a song's form, with chords, bass and drums.

    8 bars are a question and its answer. 16 are AABA, the middle new; so are 32, in sections of eight.

    You get what a producer starts from: a lead sheet (PDF, SVG), the score (MusicXML), a track a player (MIDI, drums on
    channel 10), and sound: a WAV file a player, equally long, that together are the mix. Drop the MIDI file or the
    stems into a music program (a DAW), exchange an instrument, rewrite what you like less. The recipe that is printed
    makes the same piece again, byte for byte.

    **Examples**

    `musicedu make` makes sixteen bars of rock in C.

    `musicedu make --key D --metre 3/4 --style waltz --bars 32` a waltz as long as a song.

    `musicedu make --engine markov --key "E minor" --style ballad --no-drums` a quiet one, by the Markov chain.

    `musicedu make --recipe "mp1 vae s42 key=D metre=3/4"` makes a known one again.
    """
    asked = _asked(recipe, seed, wishes)

    from musicedu.exercise.piece.making import make_piece
    from musicedu.sheet.piece_folder import save_piece

    piece = make_piece(asked)
    paths = save_piece(piece, out)
    names = [one.chord.name_in(piece.arrangement.melody.key) for one in piece.arrangement.chords]
    if as_json:
        print_json(
            {
                "title": piece.title,
                "recipe": piece.recipe,
                "style": piece.arrangement.style,
                "tempo_bpm": int(piece.arrangement.tempo_bpm),
                "chords": names,
                "files": paths._asdict(),
            }
        )
        return
    print(f"{piece.title}: {piece.wishes.bars} bars at {int(piece.arrangement.tempo_bpm)} quarter notes a minute")
    print(f"Chords: {' '.join(names)}")
    print("\nFiles")
    for path in (*paths[:5], *paths.stems, paths.recipe):
        print(f"  {path}")
    print(f'\nThe same again: musicedu make --recipe "{piece.recipe}"')


def _asked(recipe: str | None, seed: int | None, wishes: Wishes) -> PieceWishes:
    import secrets

    if recipe is not None:
        others = [*wishes, *["seed"] * (seed is not None)]
        if others:
            option = others[0].replace("_", "-")
            raise typer.BadParameter(f"a recipe says everything; leave out --{option}", param_hint="--recipe")
        return parse_piece_recipe(recipe)
    return PieceWishes(seed=secrets.randbelow(LARGEST_SEED) + 1 if seed is None else seed, **wishes)
