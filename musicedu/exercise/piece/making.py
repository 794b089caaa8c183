"""A piece: its wishes, and the arrangement they lead to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from musicedu.arrangement import Arrangement
from musicedu.exercise.piece.tune import FORMS, PHRASE_BARS, compose_tune
from musicedu.exercise.piece.wishes import PieceWishes
from musicedu.generation.accompaniment.arranging import arrange, chords_in_style
from musicedu.generation.engine import Engine
from musicedu.harmony.chord import ChordAt


@dataclass(frozen=True)
class Piece:
    """A finished piece and what it was made from."""

    wishes: PieceWishes
    arrangement: Arrangement

    @property
    def recipe(self) -> str:
        """The short line that makes this piece again."""
        return self.wishes.recipe

    @property
    def title(self) -> str:
        """For people: `Waltz in D major`."""
        return self.arrangement.melody.title


def make_piece(wishes: PieceWishes, *, engine: Engine | None = None) -> Piece:
    """Compose a tune and arrange it; the same wishes make the same piece.

    engine: what proposes the notes, by default the shipped one that the wishes name.
    """
    tune = compose_tune(wishes, engine)
    arrangement = arrange(
        tune,
        wishes.style,
        chords=repeated(chords_in_style(tune, wishes.style), FORMS[wishes.bars], PHRASE_BARS * tune.metre.duration),
        tempo_bpm=wishes.tempo_bpm,
        with_chords=wishes.chords,
        with_bass=wishes.bass,
        with_drums=wishes.drums,
    )
    return Piece(wishes, titled(arrangement, f"{_named(arrangement.style)} in {tune.key.name}, no. {wishes.seed}"))


def repeated(chords: Sequence[ChordAt], form: Sequence[int], length: Fraction) -> tuple[ChordAt, ...]:
    """The chords of a tune in phrases of one length: where a phrase comes again, so do the chords it had last.

    form: a number for each phrase, the same for the same notes.
    """
    last = {phrase: place for place, phrase in enumerate(form)}
    moved = []
    for place, phrase in enumerate(form):
        begins = last[phrase] * length
        inside = [one for one in chords if begins <= one.onset < begins + length]
        moved += [replace(one, onset=one.onset - begins + place * length) for one in inside]
    return tuple(moved)


def titled(arrangement: Arrangement, title: str) -> Arrangement:
    """The same arrangement, its tune with a title."""
    melody = replace(arrangement.melody, title=title)
    return replace(
        arrangement,
        melody=melody,
        parts=(replace(arrangement.parts[0], voices=(melody,)), *arrangement.parts[1:]),
    )


def _named(style: str) -> str:
    return "Piece" if style == "plain" else style.title()
