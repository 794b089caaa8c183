"""The tune of a piece: phrases composed once, and repeated where a song repeats them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from musicedu.encoding.events import decode
from musicedu.errors import Unsatisfiable
from musicedu.exercise.composed import ComposedPhrase
from musicedu.exercise.composing import compose
from musicedu.exercise.engines import shipped_engine
from musicedu.exercise.phrases import Phrase
from musicedu.exercise.piece.wishes import PieceWishes
from musicedu.exercise.plan import Plan
from musicedu.exercise.resolve import resolve, rng_for
from musicedu.exercise.specification import Specification
from musicedu.generation.accompaniment.styles import find_style
from musicedu.generation.engine import Engine
from musicedu.grid import TICKS_PER_QUARTER
from musicedu.melody import Key, KeyAt, Melody, MetreAt, Note
from musicedu.melody.key import transposed_key
from musicedu.syllabus.levels import Cell

PHRASE_BARS = 4
FORMS: dict[int, tuple[int, ...]] = {
    8: (0, 1),
    16: (0, 1, 2, 1),
    32: (0, 1, 0, 1, 2, 3, 0, 1),
}
"""Which of the composed phrases follow one another: a question (0), its answer (1), and the middle (2, 3)."""

_CADENCES, _IDEAS = ("half", "full", "half", "half"), "aabb"
_INSTRUMENT = "flute"
_N_ATTEMPTS = 4
_SHORTEST_SEC = 0.15  # a sixteenth at 100
_COMFORTABLE = 67  # the mean pitch that a tune is moved to, as near as octaves allow: G4


def compose_tune(wishes: PieceWishes, engine: Engine | None = None) -> Melody:
    """Compose the tune of a piece; the same wishes give the same tune.

    engine: what proposes the notes, by default the shipped one that the wishes name. `Unsatisfiable` if its phrases
    cannot be filled.
    """
    proposer = engine or shipped_engine(wishes.engine)
    plan = _plan(wishes)
    for attempt in range(_N_ATTEMPTS):
        try:
            composed = compose(plan, proposer, rng_for(plan.specification, f"piece {attempt}"))
        except Unsatisfiable:
            continue
        return _in_key(_assembled(plan, [composed[index] for index in FORMS[wishes.bars]]), Key.parse(wishes.key))
    raise Unsatisfiable("no tune could be composed for these wishes", remedy="Try another seed or level")


def _plan(wishes: PieceWishes) -> Plan:
    """The phrases of a piece as a plan for the composer, in a key without signature."""
    home = "A minor" if Key.parse(wishes.key).is_minor else "C"
    specification = Specification(
        wishes.compose_level,
        _INSTRUMENT,
        key=home,
        metre=wishes.metre,
        measures=2 * PHRASE_BARS,
        modulation=None,
        engine=wishes.engine,
        seed=wishes.seed,
    )
    n_phrases = max(FORMS[wishes.bars]) + 1
    phrases = tuple(
        Phrase(1 + PHRASE_BARS * index, PHRASE_BARS, _CADENCES[index], Key.parse(home), _IDEAS[index])
        for index in range(n_phrases)
    )
    plan = resolve(specification)
    return replace(
        plan,
        cells=_playable(plan, wishes),
        measures=PHRASE_BARS * n_phrases,
        phrases=phrases,
        anacrusis=(),
        metre_changes=(),
        accidentals="none",
        max_accidentals=0,
    )


def _playable(plan: Plan, wishes: PieceWishes) -> tuple[Cell, ...]:
    """The rhythms that can be played at the tempo: none shorter than `_SHORTEST_SEC`, if any are left."""
    tempo_bpm = wishes.tempo_bpm or find_style(wishes.style, plan.metre.metre).tempo_bpm
    shortest = _SHORTEST_SEC * tempo_bpm / 60 * TICKS_PER_QUARTER
    slow = tuple(cell for cell in plan.cells if min(cell.values) >= shortest)
    usable = {cell.name for cell in plan.level.cells_in(plan.metre.name)}
    return slow if any(cell.name in usable for cell in slow) else plan.cells


def _assembled(plan: Plan, phrases: Sequence[ComposedPhrase]) -> Melody:
    length = PHRASE_BARS * plan.metre.metre.duration
    notes: list[Note] = []
    for index, one in enumerate(phrases):
        notes += decode(one.events, one.compiled.frame, index * length)
    return Melody(
        notes=tuple(notes),
        duration=len(phrases) * length,
        metres=(MetreAt(Fraction(0), plan.metre.metre),),
        keys=(KeyAt(Fraction(0), plan.key),),
    )


def _in_key(tune: Melody, key: Key) -> Melody:
    """The tune in another key, in the octave whose mean pitch is nearest to a comfortable one."""
    up = (key.tonic_pitch_class - tune.key.tonic_pitch_class) % 12
    mean = sum(tune.pitches) / len(tune.pitches)
    shift = min((up - 24, up - 12, up, up + 12), key=lambda semitones: abs(mean + semitones - _COMFORTABLE))
    wanted = key if key.fifths == transposed_key(tune.key, shift).fifths else None
    return tune.transposed(shift, wanted or key)
