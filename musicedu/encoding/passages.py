"""Some measures of a tune as a window, and a window back in the key, the metre and the register of that tune."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from musicedu.encoding.events import Event, Window, decode
from musicedu.encoding.vocabulary import Frame
from musicedu.encoding.windows import cut_windows, frame_shift
from musicedu.errors import Unsatisfiable
from musicedu.grid import TICKS_PER_QUARTER
from musicedu.melody import KeyAt, Melody, MetreAt
from musicedu.melody.cutting import cut_measures


@dataclass(frozen=True)
class Passage:
    """A window, the tune it is from, and the frame that leads from the one to the other."""

    window: Window
    tune: Melody
    frame: Frame

    def melody(self, events: Sequence[Event] | None = None) -> Melody:
        """Events in the place of the passage, its own if none are given, as the tune would write them."""
        grid, key = self.window.grid, self.frame.key
        return Melody(
            notes=decode(self.window.events if events is None else events, self.frame),
            duration=Fraction(grid.n_ticks, TICKS_PER_QUARTER),
            metres=(MetreAt(Fraction(0), grid.metre),),
            keys=(KeyAt(Fraction(0), key),),
            tempos=tuple(replace(tempo, onset=Fraction(0)) for tempo in self.tune.tempos[:1]),
            anacrusis=Fraction((grid.measure_ticks - grid.phase) % grid.measure_ticks, TICKS_PER_QUARTER),
        )


def passage_of(melody: Melody, n_measures: int = 4, *, first_measure: int = 1) -> Passage:
    """Cut `n_measures` from a tune, with its upbeat if they are the first; `Unsatisfiable` says why it cannot be."""
    n_there = melody.measures[-1].number if melody.measures else 0
    last = first_measure + n_measures - 1
    if first_measure < 1 or last > n_there:
        raise Unsatisfiable(
            f"the tune has {n_there} measures, not {last}", remedy="Choose measures that it has, or fewer of them"
        )
    measures = [measure for measure in melody.measures if first_measure <= measure.number <= last]
    if len({measure.metre for measure in measures}) != 1:
        raise Unsatisfiable("these measures change their metre", remedy="Choose others, or fewer of them")
    is_whole = first_measure == 1 and len(melody.metres) == len(melody.keys) == 1 and not melody.irregular
    if any(measure.is_irregular for measure in measures):
        raise Unsatisfiable("one of these measures is shorter or longer than its metre", remedy="Choose others")
    tune = melody if is_whole else cut_measures(melody, first_measure, n_measures)
    if tune.key.mode not in ("major", "minor"):
        raise Unsatisfiable(f"the tune is in {tune.key.name}", remedy="Choose one in major or minor")
    shift = frame_shift(tune) if tune.notes else None
    window = next(cut_windows(tune, n_measures), None)
    if shift is None or window is None:
        raise Unsatisfiable(
            "these measures begin in silence or within a note, or hold a value below a triplet sixteenth",
            remedy="Choose other measures",
        )
    placed = replace(window, begins_tune=first_measure == 1, ends_tune=last >= n_there)
    return Passage(placed, melody, Frame(tune.key, shift))
