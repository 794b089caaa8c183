"""Windows and engines whose faults are known: walks up and down a scale, a copier, a repeater."""

from fractions import Fraction

import numpy as np

from musicedu.encoding.events import Window
from musicedu.encoding.vocabulary import N_TOKENS, N_VALUES, VALUE_INDEX, token_of_pitch
from musicedu.generation.engine import Engine
from musicedu.grid import Grid
from musicedu.melody import Melody, Metre, Note
from musicedu.pitch import spell

SCALE = [pitch for pitch in range(55, 80) if pitch % 12 in {0, 2, 4, 5, 7, 9, 11}]
GRID = Grid(Metre(4, 4), 4)


def walk(rng, n_measures=4, *, ends_tune=False):
    """A window of quarters and eighths that goes by step or by third."""
    place, events = int(rng.integers(4, 12)), []
    for _ in range(4 * n_measures):
        for value in (12,) if rng.random() < 0.6 else (6, 6):
            place = int(np.clip(place + rng.choice([-2, -1, -1, 1, 1, 2]), 0, len(SCALE) - 1))
            events.append((VALUE_INDEX[value], token_of_pitch(SCALE[place])))
    return Window(Grid(Metre(4, 4), n_measures), tuple(events), is_minor=False, ends_tune=ends_tune)


def walks(n, rng, n_measures=4):
    return [walk(rng, n_measures) for _ in range(n)]


def window_of(*notes, minor=False, ends=True, grid=None):
    """A window of (steps, MIDI pitch) that fills whole measures of 4/4."""
    events = tuple((VALUE_INDEX[steps], token_of_pitch(pitch)) for steps, pitch in notes)
    n_measures = sum(steps for steps, _ in notes) // 48
    return Window(grid or Grid(Metre(4, 4), n_measures), events, minor, False, ends)


def tune(rng, n_measures=16):
    """A tune of quarters and eighths in C, ending on a whole C."""
    onset, notes, place = Fraction(0), [], 7
    while onset < 4 * (n_measures - 1):
        for duration in (Fraction(1),) if rng.random() < 0.6 else (Fraction(1, 2), Fraction(1, 2)):
            place = int(np.clip(place + rng.choice([-2, -1, -1, 1, 1, 2]), 2, len(SCALE) - 3))
            notes.append(Note(onset, duration, spell(SCALE[place], 0, minor=False)))
            onset += duration
    notes.append(Note(onset, Fraction(4), spell(60, 0, minor=False)))
    return Melody(notes=tuple(notes), duration=onset + 4)


class Flat(Engine):
    """Everything is as likely as everything else, or one thing for ever."""

    name = "flat"

    def __init__(self, always=None):
        self.always = always

    def rank(self, attribute, value):
        return float(np.tanh(value / 50))

    def draw_latents(self, conditions, rng):
        return np.zeros((len(conditions), 0))

    def decoder(self, z, conditions, grid):
        def logits(prefix):
            table = np.zeros((len(prefix.positions), N_VALUES if prefix.value is None else N_TOKENS))
            if self.always is not None:
                table[:, self.always[prefix.value is not None]] = 1000.0
            return table

        return logits
