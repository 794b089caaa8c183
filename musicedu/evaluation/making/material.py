"""All that engines are judged by, cut from the corpus when it is first needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from musicedu.evaluation.making.baselines import Memory, Rank
from musicedu.evaluation.making.copying import RunIndex, index_of_tunes
from musicedu.evaluation.making.pieces import Pieces, cut_pieces
from musicedu.generation.markov import MarkovModel
from musicedu.melody import Melody

if TYPE_CHECKING:
    from musicedu.corpus.load import Corpus

STYLE_ORDER = 4
_SEED = 1


@dataclass(frozen=True, eq=False)
class Tunes:
    """Tunes by what they are for: to learn from, to ask like, to compare with. No family of tunes is in two of them."""

    training: Sequence[Melody]
    requests: Sequence[Melody]
    reference: Sequence[Melody]

    @classmethod
    def of_corpus(cls, corpus: Corpus, *, most_training: int | None = None) -> Tunes:
        """The corpus by its splits: requests come from the test tunes, the reference is the validation tunes.

        most_training: so many training tunes at most, drawn at random.
        """
        training, test, validation = (
            list(corpus.select(split=split).melodies()) for split in ("train", "test", "validation")
        )
        if most_training is not None and most_training < len(training):
            rows = np.random.default_rng(_SEED).permutation(len(training))[:most_training]
            training = [training[row] for row in np.sort(rows)]
        return cls(training, test, validation)

    @cached_property
    def index(self) -> RunIndex:
        """Every run of the training tunes."""
        return index_of_tunes(self.training)


class Material:
    """Tunes as windows of so many measures, with what is learnt from them; `rank` says where a value stands."""

    def __init__(self, tunes: Tunes, n_measures: int, rank: Rank) -> None:
        self.tunes, self.n_measures, self.rank = tunes, n_measures, rank

    @cached_property
    def requests(self) -> Pieces:
        """Windows of the tunes that requests are made of."""
        return self._cut(self.tunes.requests)

    @cached_property
    def reference(self) -> Pieces:
        """Windows of the tunes that are compared with."""
        return self._cut(self.tunes.reference)

    @cached_property
    def training(self) -> Pieces:
        """Windows of the training tunes."""
        return self._cut(self.tunes.training)

    @cached_property
    def memory(self) -> Memory:
        """The training windows, to be found by their attributes."""
        return Memory(self.training, self.rank)

    @cached_property
    def style(self) -> MarkovModel:
        """The style model: a Markov chain over the training windows."""
        return MarkovModel(self.training.windows, STYLE_ORDER)

    def _cut(self, melodies: Sequence[Melody]) -> Pieces:
        return cut_pieces(melodies, self.n_measures, np.random.default_rng(_SEED))
