"""A piece: its wishes, its tune, and the arrangement they lead to.

Phrases of the tune are composed once, and repeated where a song repeats them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from musicedu.arrangement import Arrangement
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
from musicedu.generation.accompaniment.arranging import arrange, chords_in_style
from musicedu.generation.accompaniment.styles import find_style
from musicedu.generation.engine import Engine
from musicedu.grid import TICKS_PER_QUARTER
from musicedu.harmony.chord import ChordAt
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
