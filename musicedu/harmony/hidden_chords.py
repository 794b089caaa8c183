"""Chords under a melody, by a hidden Markov model: the likeliest row of chords, found by Viterbi's search (1967).

The chords are hidden, the melody is heard (as Allan and Williams 2005 have it for chorales). Unlike theirs the states
are plain chords counted from the tonic, and what a transition is worth depends on where in the phrase it arrives.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from musicedu.harmony.chord import Chord, ChordAt
from musicedu.harmony.chord_tables import (
    N_STATES,
    STATES,
    ChordTables,
    chord_of,
    mode_of,
    note_worth,
    shipped_tables,
)
from musicedu.harmony.harmonising import triads
from musicedu.harmony.stretches import PLACES, Stretch, stretches_of
from musicedu.melody import Melody

Floats = NDArray[np.float64]
_NEVER = -1e9
_HEARD = 0.7  # notes of one beat say much the same: their weight beside the moves, chosen on validation chorales
_MEDIANT, _RESTLESS, _NO_CADENCE = 1.5, 4.0, 1.5  # prices where chords are plain, in nats, set by ear


def find_chords(
    melody: Melody,
    tables: ChordTables | None = None,
    *,
    chords_per_measure: int | None = None,
    closes: Collection[Fraction] | None = None,
    plain: bool = False,
) -> tuple[ChordAt, ...]:
    """The likeliest chords under a melody.

    tables: the shipped ones by default. chords_per_measure: None for one a beat, as in a chorale. closes: where the
    last notes of phrases begin (`phrase_closes` by default). plain: as songs have them, of the key,
    with cadences on I and V. The last chord has the tonic for its root. Empty for a melody without notes.
    """
    stretches = stretches_of(melody, chords_per_measure=chords_per_measure, closes=closes)
    known = shipped_tables() if tables is None else tables
    if not stretches:
        return ()
    path = best_path(
        known.first_logs(mode_of(stretches[0].key)) + _worth(known, stretches[0], plain),
        [_moves(known, stretch) for stretch in stretches[1:]],
        [_worth(known, stretch, plain) for stretch in stretches[1:]],
    )
    return tuple(
        ChordAt(stretch.onset, chord_of(state, stretch.key)) for stretch, state in zip(stretches, path, strict=True)
    )


def best_path(first: Floats, moves: Sequence[Floats], worths: Sequence[Floats]) -> list[int]:
    """The states with the highest sum (Viterbi 1967).

    first: (n_states,) what each state is worth at the beginning; moves: for every later place (before, after);
    worths: for every later place (n_states,). Of equals the lowest state is taken.

    >>> best_path(np.array([0.0, -1.0]), [np.array([[-5.0, 0.0], [0.0, -5.0]])], [np.array([0.0, -2.0])])
    [1, 0]
    """
    best, origins = first, []
    for move, worth in zip(moves, worths, strict=True):
        arrivals = np.round(best[:, None] + move, 9)
        origins.append(arrivals.argmax(axis=0))
        best = arrivals.max(axis=0) + worth
    path = [int(np.round(best, 9).argmax())]
    for origin in reversed(origins):
        path.append(int(origin[path[-1]]))
    return path[::-1]


def best_triads(melody: Melody, *, chords_per_measure: int | None = None) -> tuple[ChordAt, ...]:
    """The rule of thumb to beat: in each stretch the triad of the key that holds most of the melody; I at the end.

    Of triads that hold as much, the nearer to the tonic on the line of fifths is taken.
    """
    stretches = stretches_of(melody, chords_per_measure=chords_per_measure)
    found = []
    for stretch in stretches:
        tonic = Chord(stretch.key.tonic_pitch_class, "minor" if stretch.key.is_minor else "major")
        chord = tonic if stretch.place == PLACES.index("final") else _most_held(stretch, triads(stretch.key))
        found.append(ChordAt(stretch.onset, chord))
    return tuple(found)


def _most_held(stretch: Stretch, chords: Sequence[Chord]) -> Chord:
    tonic = stretch.key.tonic_pitch_class

    def held(chord: Chord) -> Fraction:
        inside = {(at - tonic) % 12 for at in chord.pitch_classes}
        return sum((note.duration for note in stretch.heard if note.step in inside), Fraction(0))

    def from_tonic(chord: Chord) -> int:
        fifths = 7 * (chord.root - tonic) % 12
        return min(fifths, 12 - fifths)

    return max(chords, key=lambda chord: (held(chord), -from_tonic(chord)))


def _moves(tables: ChordTables, stretch: Stretch) -> Floats:
    """What moves into a stretch are worth; a chord of several beats has had more time to change."""
    logs = tables.move_logs(mode_of(stretch.key), stretch.place)
    if stretch.n_beats == 1:
        return logs
    shares = np.exp(logs)
    stay = np.diag(shares).copy()
    longer = stay**stretch.n_beats
    scaled = shares * ((1 - longer) / np.maximum(1 - stay, 1e-9))[:, None]
    np.fill_diagonal(scaled, longer)
    moved: Floats = np.log(np.maximum(scaled, 1e-9))
    return moved


def _worth(tables: ChordTables, stretch: Stretch, plain: bool) -> Floats:
    """What each chord is worth in a stretch, whatever stands before it."""
    worth = _HEARD * note_worth(tables, stretch)
    allowed = np.ones(N_STATES, dtype=bool)
    if plain:
        worth = worth - _plain_prices(stretch)
        allowed = np.array([_is_plain(chord_of(state, stretch.key), stretch) for state in range(N_STATES)])
    if stretch.place == PLACES.index("final"):
        mode = "minor" if stretch.key.is_minor else "major"
        wanted = {(0, mode)} if plain else {(0, "major"), (0, mode)}
        allowed = np.array([state in wanted for state in STATES])
    return np.where(allowed, worth, _NEVER)


def _plain_prices(stretch: Stretch) -> Floats:
    """What is unusual in songs: the third degree, phrases that rest on others than I and V, I before the last I."""
    degrees = np.array([step for step, _ in STATES])
    prices = _MEDIANT * ((degrees == 4) & (not stretch.key.is_minor))
    if stretch.place == PLACES.index("close"):
        prices = prices + _RESTLESS * ~np.isin(degrees, (0, 7))
    if stretch.place == PLACES.index("last approach"):
        prices = prices + _NO_CADENCE * (degrees == 0)
    return np.asarray(prices, dtype=np.float64)


def _is_plain(chord: Chord, stretch: Stretch) -> bool:
    """Whether a chord is of the key: its triads, and the dominant with its seventh."""
    tonic = stretch.key.tonic_pitch_class
    if chord.quality == "seventh":
        return chord.root == (tonic + 7) % 12
    return chord in triads(stretch.key)
