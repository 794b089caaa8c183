"""Rules of rhythm: each measure is a row of cells of the exercise, with rests and ties where the level has them.

Each measure is parsed by dynamic programming over the moments at which a cell may begin. When no row of allowed cells
explains a measure, rules are relaxed one at a time to find out which one it breaks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from musicedu.exercise.checker.checked import Checked, ExpectedMeasure, Faults
from musicedu.syllabus.levels import Cell, cells


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a parse may use; widened to find which rule a measure breaks."""

    cells: tuple[Cell, ...]
    rests: tuple[int, ...]
    measure_rest: bool
    tuplet_rests: bool
    ties: bool
    syncopated_ties: bool
    any_rest: bool = False
    rests_in_a_row: bool = False


def allowance(piece: Checked) -> Allowance:
    """What the plan allows."""
    plan = piece.plan
    return Allowance(
        plan.cells,
        plan.rests,
        plan.measure_rest,
        plan.tuplet_rests,
        plan.max_ties > 0,
        syncopated_ties=plan.syncopation,
    )


@lru_cache(maxsize=4096)
def stands_at(cell: Cell, pulses: tuple[int, ...], divisions: tuple[int, ...], index: int) -> bool:
    """Whether a cell may begin on a pulse: whole pulses of its kind, across a division only from the barline."""
    pulse = {"simple": 12, "compound": 18}[cell.kind]
    covered = 0
    for length in pulses[index:]:
        if covered == cell.total:
            break
        if length != pulse:
            return False
        covered += length
    start = sum(pulses[:index])
    return covered == cell.total and (start == 0 or not any(start < d < start + covered for d in divisions))


@dataclass(frozen=True, slots=True)
class Parse:
    """A row of cells that explains a measure: the ties it needs and how often it has the cell that was counted."""

    ties: int
    count: int


def _pulses_of(measure: ExpectedMeasure) -> tuple[tuple[int, ...], int]:
    """The whole pulses of a measure, and what is left of one that the upbeat cuts."""
    pulses, left = [], measure.length
    for pulse in measure.grid.pulses:
        if pulse <= left:
            pulses.append(pulse)
            left -= pulse
        else:
            break
    return tuple(pulses), left


class MeasureView:
    """The notes and rests of one measure, looked up by the moment they begin."""

    def __init__(self, piece: Checked, measure: ExpectedMeasure) -> None:
        self.measure = measure
        self.starts = {span.start: span for span in piece.notes if measure.start <= span.start < measure.end}
        self.sounding = [span for span in piece.notes if span.start < measure.end and span.end > measure.start]
        self.rests = [span for span in piece.rests if span.start < measure.end and span.end > measure.start]
        self.off_pulse = {span.start for span in self.sounding if not _is_on_pulse(piece, span.start)}

    def tied_into(self, moment: int) -> int | None:
        """The start of the note that sounds on across `moment`, None if there is none."""
        return next((span.start for span in self.sounding if span.start < moment < span.end), None)

    def end_of_sound(self, moment: int) -> int:
        return next(span.end for span in self.sounding if span.start <= moment < span.end)

    def is_rest(self, start: int, end: int, allowed: Allowance) -> bool:
        """Whether the silence from `start` to `end` is one rest of its own."""
        for span in self.rests:
            if span.start <= start and end <= span.end:
                return allowed.rests_in_a_row or (span.start, span.end) == (start, end)
        return False


def _is_on_pulse(piece: Checked, moment: int) -> bool:
    measure = piece.measure_at(moment)
    missing = sum(measure.grid.pulses) - piece.upbeat if measure.number == 0 else 0
    return moment - measure.start + missing in {
        sum(measure.grid.pulses[:index]) for index in range(len(measure.grid.pulses))
    }


def _ties_of(view: MeasureView, cell: Cell, start: int, allowed: Allowance) -> int | None:
    """How many ties lead into a cell at `start` (0 or 1) if the notes there are this cell, else None."""
    ties, moment, last = 0, start, len(cell.values) - 1
    for index, value in enumerate(cell.values):
        end = moment + value
        if moment in view.starts or (index == 0 and view.tied_into(moment) is not None):
            origin = view.tied_into(moment) if moment not in view.starts else None
            if origin is not None:
                is_plain = moment == view.measure.start and origin not in view.off_pulse
                if not allowed.ties or not (is_plain or allowed.syncopated_ties):
                    return None
                ties = 1
            sounds_until = view.end_of_sound(moment)
            if sounds_until < end or (sounds_until > end and index != last):
                return None
        elif not view.is_rest(moment, end, allowed) or not _may_rest(view, cell, value, allowed):
            return None
        moment = end
    return ties


def _may_rest(view: MeasureView, cell: Cell, value: int, allowed: Allowance) -> bool:
    if allowed.any_rest:
        return True
    if value == view.measure.length and len(cell.values) == 1:
        return allowed.measure_rest
    if cell.syncopated or (cell.tuplet and not allowed.tuplet_rests):
        return False
    return value in allowed.rests and (value != 18 or cell.kind == "compound")


def parse(view: MeasureView, allowed: Allowance, counted: str = "") -> Parse | None:
    """Explain a measure with the fewest ties, or, if a cell is `counted`, with as many of it as can be."""
    pulses, tail = _pulses_of(view.measure)
    best: dict[int, Parse] = {0: Parse(0, 0)}
    start = 0
    for index in range(len(pulses)):
        here = best.get(start)
        if here is not None:
            for cell in allowed.cells:
                if stands_at(cell, pulses, view.measure.grid.divisions, index):
                    ties = _ties_of(view, cell, view.measure.start + start, allowed)
                    if ties is not None:
                        reached = Parse(here.ties + ties, here.count + (cell.name == counted))
                        _keep(best, start + cell.total, reached, counted)
        start += pulses[index]
    if tail and start in best:
        whole = Cell("tail", "what the upbeat leaves of a pulse", (tail,), "simple", 1)
        ties = _ties_of(view, whole, view.measure.start + start, allowed)
        return Parse(best[start].ties + ties, best[start].count) if ties is not None else None
    return best.get(sum(pulses))


def _keep(best: dict[int, Parse], moment: int, found: Parse, counted: str) -> None:
    known = best.get(moment)
    if known is None or (found.count > known.count if counted else found.ties < known.ties):
        best[moment] = found


def views(piece: Checked) -> list[MeasureView]:
    """The measures to parse, the upbeat left out."""
    return [MeasureView(piece, measure) for measure in piece.measures if measure.number > 0]


def relaxations(allowed: Allowance) -> dict[str, tuple[str, Allowance]]:
    """The ways to widen what is allowed, by the rule whose fault each would explain."""
    everything = tuple(cells().values())
    return {
        "rhythms": ("has a rhythm that is not among those allowed", replace(allowed, cells=everything)),
        "rests": ("has a rest that the level or the wishes do not allow", replace(allowed, any_rest=True)),
        "rests in a row": (
            "has two rests in a row", replace(allowed, any_rest=bool(allowed.rests), rests_in_a_row=True)
        ),
        "ties": ("has a tie where none is allowed", replace(allowed, ties=True, syncopated_ties=True)),
    }  # fmt: skip


def broken_rules(piece: Checked) -> list[tuple[int, str, str]]:
    """The measures that no row of allowed cells explains: (measure, rule, words)."""
    if not piece.is_on_grid:
        return [(1, "rhythms", "a note is off the grid of twelfths of a quarter note")]
    allowed, found = allowance(piece), []
    for view in views(piece):
        if parse(view, allowed) is None:
            found.append((view.measure.number, *_explanation(view, allowed)))
    return found


def _explanation(view: MeasureView, allowed: Allowance) -> tuple[str, str]:
    for rule, (words, wider) in relaxations(allowed).items():
        if parse(view, wider) is not None:
            return rule, words
    return "rhythms", "cannot be read as a row of rhythms of the level"


def _faults_of(piece: Checked, wanted: str) -> Faults:
    for number, rule, words in piece_faults(piece):
        if rule == wanted:
            yield number, f"measure {number} {words}"


@lru_cache(maxsize=1)
def piece_faults(piece: Checked) -> Sequence[tuple[int, str, str]]:
    """`broken_rules`, kept for the rules that ask one after the other."""
    return broken_rules(piece)


def rhythms(piece: Checked) -> Faults:
    """Every measure is a row of the cells allowed, each where it may stand."""
    return _faults_of(piece, "rhythms")


def rests(piece: Checked) -> Faults:
    """Rests only of the values and in the places allowed."""
    return _faults_of(piece, "rests")


def rests_in_a_row(piece: Checked) -> Faults:
    """Never two rests in a row, across a barline neither."""
    yield from _faults_of(piece, "rests in a row")
    for span in piece.rests:
        first, last = piece.number_at(span.start), piece.number_at(span.end - 1)
        if first != last:
            yield first, f"the rests of measures {first} and {last} follow each other"


def ties(piece: Checked) -> Faults:
    """Ties only over a barline and from a pulse (unless there is syncopation), and no more than allowed."""
    yield from _faults_of(piece, "ties")
    allowed = allowance(piece)
    needed = sum(found.ties for view in views(piece) if (found := parse(view, allowed)) is not None)
    if needed > piece.plan.max_ties:
        yield 1, f"{needed} ties where {piece.plan.max_ties} are allowed"


def sound_at_both_ends(piece: Checked) -> Faults:
    """The last thing is a note; so is the first, but at levels that may begin with a rest."""
    if not piece.notes:
        yield 1, "there is no note"
        return
    if piece.notes[-1].end != piece.end:
        yield piece.plan.measures, "the exercise ends with a rest"
    if not piece.plan.level.opening_rest and piece.notes[0].start > 0:
        yield 1, "the exercise begins with a rest"


def count_of_cell(piece: Checked, name: str) -> int:
    """How often a cell occurs at most, over all ways to read the measures."""
    allowed = allowance(piece)
    return sum(found.count for view in views(piece) if (found := parse(view, allowed, name)) is not None)


def count_of_ties(piece: Checked) -> int:
    """How many ties the exercise needs at least."""
    allowed = allowance(piece)
    return sum(found.ties for view in views(piece) if (found := parse(view, allowed)) is not None)
