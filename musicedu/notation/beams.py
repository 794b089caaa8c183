"""Which short notes share a beam: those of a beat, and plain eighths of two or three beats that belong together."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from itertools import groupby

from musicedu.notation.spans import Span
from musicedu.notation.symbols import FLAGS, Symbol
from musicedu.notation.tuplets import Tuplet

_EIGHTH = Fraction(1, 2)
Window = tuple[Fraction, Fraction]


def with_beams(symbols: tuple[Symbol, ...], tree: Span, tuplets: tuple[Tuplet, ...]) -> tuple[Symbol, ...]:
    """Give the symbols of one measure (onsets from its beginning) their beams; `tree` is that of the measure."""
    windows = [window for pair in _windows(tree) for window in _joined(pair, symbols)]
    for tuplet in tuplets:  # a tuplet over several beats is beamed as a whole
        inside = [window for window in windows if window[0] < tuplet.offset and window[1] > tuplet.onset]
        if len(inside) > 1:
            windows = [window for window in windows if window not in inside]
            windows.append((min(inside[0][0], tuplet.onset), max(inside[-1][1], tuplet.offset)))
    beamed = list(symbols)
    for window in windows:
        members = [index for index, symbol in enumerate(symbols) if window[0] <= symbol.onset < window[1]]
        for run in [part for whole in _runs(members, symbols) for part in _divided(whole, symbols, tuplets)]:
            for index, beams in zip(run, _beams([symbols[index] for index in run], window[0]), strict=True):
                beamed[index] = replace(symbols[index], beams=beams)
    return tuple(beamed)


@lru_cache(maxsize=256)
def _windows(tree: Span) -> tuple[tuple[Window, ...], ...]:
    """The beats of a measure in the groups that plain eighths may join: halves of 4/4, all of 3/4."""
    groups: list[tuple[Window, ...]] = []
    _collect(tree, groups)
    return tuple(groups)


def _collect(span: Span, groups: list[tuple[Window, ...]]) -> None:
    if span.duration <= Fraction(3, 2) and (span.is_beat or span.duration <= 1):
        groups.append(((span.onset, span.offset),))
    elif all(part.duration == 1 and not part.parts for part in span.divisions):
        groups.append(tuple((part.onset, part.offset) for part in span.divisions))
    else:
        for part in span.divisions:
            _collect(part, groups)


def _joined(beats: tuple[Window, ...], symbols: tuple[Symbol, ...]) -> list[Window]:
    windows: list[Window] = []
    for begins, ends in beats:
        plain = _is_pair_of_eighths((begins, ends), symbols)
        if plain and windows and windows[-1][1] == begins and _is_pair_of_eighths((begins - 1, begins), symbols):
            windows[-1] = (windows[-1][0], ends)
        else:
            windows.append((begins, ends))
    return windows


def _is_pair_of_eighths(window: Window, symbols: tuple[Symbol, ...]) -> bool:
    inside = [symbol for symbol in symbols if window[0] <= symbol.onset < window[1]]
    return len(inside) == 2 and all(symbol.duration == _EIGHTH and not symbol.is_rest for symbol in inside)


def _runs(members: list[int], symbols: tuple[Symbol, ...]) -> list[list[int]]:
    """The stretches of two or more notes that one beam joins; a rest shorter than an eighth may lie between them."""
    runs: list[list[int]] = []
    is_open = False
    for index in members:
        symbol = symbols[index]
        flags = FLAGS.get(symbol.value, 0)
        if symbol.is_rest:
            is_open = is_open and flags > 1
        elif not flags:
            is_open = False
        elif is_open:
            runs[-1].append(index)
        else:
            runs.append([index])
            is_open = True
    return [run for run in runs if len(run) > 1]


def _divided(run: list[int], symbols: tuple[Symbol, ...], tuplets: tuple[Tuplet, ...]) -> list[list[int]]:
    """A run without beams that begin inside a tuplet and end outside, or the other way round."""
    for tuplet in tuplets:
        members = [index for index, symbol in enumerate(symbols) if tuplet.onset <= symbol.onset < tuplet.offset]
        inside = [index for index in run if index in members]
        holds_all = bool(members) and run[0] <= members[0] and members[-1] <= run[-1]
        if inside and len(inside) < len(run) and not holds_all:
            before = [index for index in run if index < inside[0]]
            after = [index for index in run if index > inside[-1]]
            parts = [part for part in (before, inside, after) if len(part) > 1]
            return [each for part in parts for each in _divided(part, symbols, tuplets)]
    return [run]


def _beams(run: list[Symbol], begins: Fraction) -> list[tuple[str, ...]]:
    flags = [FLAGS[symbol.value] for symbol in run]
    levels: list[list[str]] = [[] for _ in run]
    for level in range(1, max(flags) + 1):
        for stretch in _stretches(run, flags, level, begins):
            for place, index in enumerate(stretch):
                if len(stretch) == 1:
                    levels[index].append(_hook(run, index, begins))
                else:
                    levels[index].append("begin" if place == 0 else "end" if index == stretch[-1] else "continue")
    return [tuple(each) for each in levels]


def _stretches(run: list[Symbol], flags: list[int], level: int, begins: Fraction) -> list[list[int]]:
    """The neighbours that a beam of this level joins; with 32nds the inner beams show the eighths."""

    def place(index: int) -> tuple[bool, int]:
        shows_eighths = level > 1 and max(flags) > 2
        return flags[index] >= level, int((run[index].onset - begins) / _EIGHTH) if shows_eighths else 0

    return [list(indices) for (joins, _), indices in groupby(range(len(run)), key=place) if joins]


def _hook(run: list[Symbol], index: int, begins: Fraction) -> str:
    """A lone short note points at the note it fills a longer value with."""
    if index == 0:
        return "forward hook"
    if index == len(run) - 1:
        return "backward hook"
    symbol = run[index]
    starts_pair = ((symbol.onset - begins) / (2 * symbol.duration)).denominator == 1
    return "forward hook" if starts_pair else "backward hook"
