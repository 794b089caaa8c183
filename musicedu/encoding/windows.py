"""Cutting tunes into windows of a few measures, the size of phrase that the networks learn.

A passage is some measures of one tune as a window, and a window back in the key, the metre and the register of it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from musicedu.encoding.events import Event, Window, decode, symbol_events
from musicedu.encoding.vocabulary import HIGHEST_PITCH, LOWEST_PITCH, TIE, VALUES, Frame, token_of_pitch
from musicedu.errors import Unsatisfiable
from musicedu.grid import TICKS_PER_QUARTER, Grid
from musicedu.melody import Key, KeyAt, Melody, Metre, MetreAt, Note
from musicedu.melody.cutting import cut_measures
from musicedu.notation import write

_DOUBLED_METRE = {
    "2/4": Metre(4, 4), "4/4": Metre(4, 4), "2/2": Metre(4, 4), "3/8": Metre(3, 4), "6/8": Metre(3, 4),
    "9/8": Metre(3, 4), "12/8": Metre(3, 4),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Placed:
    step: int
    event: Event | None
    note: int | None


def cut_windows(melody: Melody, n_measures: int, *, hop: int | None = None) -> Iterator[Window]:
    """Cut a tune of one metre and one key into windows of `n_measures`, a new one every `hop` measures.

    Windows begin where the tune's phrases do, with the upbeat if it has one. Windows that a note sounds into from
    before keep that note's rest as a new note; windows with a value outside the vocabulary are left out.
    """
    if len(melody.metres) != 1 or len(melody.keys) != 1 or melody.irregular or not melody.notes:
        return
    metre, shift = melody.metre, frame_shift(melody)
    measure = int(metre.duration * TICKS_PER_QUARTER)
    phase = (measure - int(melody.anacrusis * TICKS_PER_QUARTER)) % measure
    grid = Grid(metre, n_measures, phase)
    placed = _place(melody, shift)
    if shift is None or grid.n_ticks == 0 or placed is None:
        return
    starts = [event.step for event in placed]
    total = int(melody.duration * TICKS_PER_QUARTER)
    n_ticks = grid.n_ticks
    last = total - n_ticks
    if last < 0:
        return
    begins = sorted({*range(0, last + 1, measure * (hop or n_measures)), last - last % measure})
    for begin in begins:
        first, end = bisect_left(starts, begin), bisect_left(starts, begin + n_ticks)
        aligned = first < len(starts) and starts[first] == begin
        events = _opened(melody, placed[first:end], shift)
        if aligned and events is not None and sum(VALUES[value] for value, _ in events) == n_ticks:
            ends_tune = begin + n_ticks >= total
            yield Window(grid, events, melody.key.is_minor, begins_tune=begin == 0, ends_tune=ends_tune)


def _place(melody: Melody, shift: int | None) -> list[_Placed] | None:
    if shift is None:
        return None
    placed = []
    for _, symbols in write(melody):
        for symbol in symbols:
            step = symbol.onset * TICKS_PER_QUARTER
            events = symbol_events(melody, (symbol,), shift) if step.denominator == 1 else None
            event = events[0] if events else None
            if event is not None and symbol.tied_from:
                event = (event[0], TIE)
            placed.append(_Placed(int(step), event, symbol.note))
    return placed


def _opened(melody: Melody, placed: list[_Placed], shift: int) -> tuple[Event, ...] | None:
    events: list[Event] = []
    for one in placed:
        if one.event is None:
            return None
        value, token = one.event
        if token == TIE and not events and one.note is not None:
            token = token_of_pitch(melody.notes[one.note].pitch - shift)
        events.append((value, token))
    return tuple(events) if any(token for _, token in events) else None


def frame_shift(melody: Melody) -> int | None:
    """The semitones by which a tune lies above the frame, in the octave nearest its middle; None if it does not fit."""
    wanted = (7 * melody.key.fifths) % 12
    middle = (min(melody.pitches) + max(melody.pitches)) / 2 - (LOWEST_PITCH + HIGHEST_PITCH) / 2
    shift = wanted + 12 * round((middle - wanted) / 12)
    fits = min(melody.pitches) - shift >= LOWEST_PITCH and max(melody.pitches) - shift <= HIGHEST_PITCH
    return shift if fits else None


def doubled(melody: Melody) -> Melody | None:
    """The same tune in notes twice as long, barred anew (a reel of eighths in quarters); None where that is unusual."""
    metre = _DOUBLED_METRE.get(str(melody.metre))
    if metre is None or len(melody.metres) != 1 or len(melody.keys) != 1 or melody.irregular:
        return None
    notes = tuple(Note(2 * note.onset, 2 * note.duration, note.spelling) for note in melody.notes)
    return Melody(
        notes=notes,
        duration=2 * melody.duration,
        metres=(MetreAt(Fraction(0), metre),),
        keys=(KeyAt(Fraction(0), Key(melody.key.fifths, melody.key.mode)),),
        anacrusis=(2 * melody.anacrusis) % metre.duration,
        title=melody.title,
    )


def moved_octaves(window: Window, octaves: int) -> Window | None:
    """The window some octaves higher or lower in the frame; None if it does not fit."""
    moved = []
    for value, token in window.events:
        new = token + 12 * octaves if token > TIE else token
        if token > TIE and not TIE < new < TIE + 1 + HIGHEST_PITCH - LOWEST_PITCH + 1:
            return None
        moved.append((value, new))
    return replace(window, events=tuple(moved))


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
