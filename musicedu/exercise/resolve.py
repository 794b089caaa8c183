"""From wishes to a plan: every open field filled from level and instrument, the impossible refused by name.

Each choice draws from a generator of its own, seeded with the specification's seed and the field's name, so that
fixing one wish leaves the other choices as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from zlib import crc32

import numpy as np

from musicedu.errors import Unsatisfiable
from musicedu.exercise.focus import check_focus, focus_count
from musicedu.exercise.phrases import Phrase, forms_for, plan_phrases
from musicedu.exercise.plan import Plan
from musicedu.exercise.resolve_pitch import chosen_key, chosen_moves, chosen_window, visited_keys
from musicedu.exercise.resolve_rhythm import (
    chosen_anacrusis,
    chosen_cells,
    chosen_measures,
    chosen_metre,
    chosen_metre_changes,
    chosen_tempo,
)
from musicedu.exercise.specification import Specification
from musicedu.exercise.wishable import LANDINGS
from musicedu.melody import Key
from musicedu.syllabus.instruments import Instrument, instrument
from musicedu.syllabus.levels import LEVEL_NUMBERS, Level, level

_N_DRAWS = 4


def rng_for(specification: Specification, field: str, *, draw: int = 0) -> np.random.Generator:
    """The generator of random choices for one field of a specification."""
    name = f"{field} {draw}" if draw else field
    return np.random.default_rng((specification.seed, crc32(name.encode())))


def resolve(specification: Specification) -> Plan:
    """Fill every open wish and return the plan of the exercise.

    Raises `Unsatisfiable` where wishes conflict with the level, the instrument or each other: the line names the
    conflict and the nearest that works.
    """
    return next(plans(specification))


def plans(specification: Specification) -> Iterator[Plan]:
    """The plan of a specification, and others that fill differently what it leaves open: for where the first fails.

    A metre, a window or a length that is drawn may leave no room for what another has room for. `Unsatisfiable` as in
    `resolve` if there is no plan.
    """
    found: list[Plan] = []
    refusals: list[Unsatisfiable] = []
    for draw in range(_N_DRAWS):
        try:
            plan = _drawn(specification, partial(rng_for, specification, draw=draw))
        except Unsatisfiable as refusal:
            refusals.append(refusal)
            continue
        if plan not in found:
            found.append(plan)
            yield plan
    if not found:
        raise refusals[0]


def _drawn(specification: Specification, rng: Callable[[str], np.random.Generator]) -> Plan:
    wishes, at, player = specification, level(specification.level), instrument(specification.instrument)
    _check_switches(wishes, at, player)
    metre = chosen_metre(wishes, at, rng("metre"))
    cells = chosen_cells(wishes, at)
    measures = chosen_measures(wishes, at, metre, rng("measures"))
    key = chosen_key(wishes, at, player, rng("key"))
    moves = chosen_moves(wishes, at, player)
    lowest, highest = chosen_window(wishes, at, player, key, moves, rng("window"))
    form = _chosen_form(wishes, measures, rng("form"))
    visited = visited_keys(wishes, at, key, (lowest, highest))
    phrases = _chosen_phrases(wishes, measures, form, key, visited, rng("phrases"))
    changes = chosen_metre_changes(wishes, at, metre, phrases, rng("metre_change"))
    with_rests = wishes.rests is not False
    with_dynamics = player.dynamics and wishes.dynamics is not False
    with_articulations = wishes.articulations is not False
    plan = Plan(
        specification=wishes,
        level=at,
        instrument=player,
        key=key,
        metre=metre,
        metre_changes=changes,
        measures=measures,
        anacrusis=chosen_anacrusis(wishes, at, metre, rng("anacrusis")),
        tempo_bpm=chosen_tempo(wishes, at, metre, rng("tempo_bpm")),
        cells=cells,
        rests=at.rests if with_rests else (),
        measure_rest=at.measure_rest and with_rests,
        tuplet_rests=at.tuplet_rests and with_rests,
        lowest=lowest,
        highest=highest,
        largest_leap=moves.largest_leap,
        skips=moves.skips,
        named_skips=moves.named_skips,
        no_leap_in_sixteenths=player.no_leap_in_sixteenths,
        skips_land_on=frozenset(LANDINGS[name] for name in wishes.skips_land_on),
        accidentals=moves.accidentals,
        max_accidentals=moves.max_accidentals,
        # A tie would make the note that a skip lands on longer than it looks.
        max_ties=0 if wishes.ties is False or wishes.skips_land_on else int(at.ties_per_measure * measures),
        syncopation=at.syncopation,
        dynamics=at.dynamics if with_dynamics else (),
        articulations=at.articulations if with_articulations else (),
        ornaments=at.ornaments if with_articulations else (),
        slurs=at.slurs and wishes.slurs is not False,
        hairpins=at.hairpins and with_dynamics,
        ritardando=at.ritardando,
        tempo_change=at.tempo_change,
        accelerando=at.accelerando,
        focus=wishes.focus,
        focus_count=focus_count(measures),
        form=form,
        phrases=phrases,
        seed=wishes.seed,
    )
    check_focus(plan)
    return plan


_SWITCHES: dict[str, tuple[str, Callable[[Level], bool]]] = {
    "anacrusis": ("anacrusis", lambda at: at.anacrusis),
    "accidentals": ("accidentals", lambda at: at.accidentals != "none"),
    "rests": ("rests", lambda at: bool(at.rests)),
    "ties": ("ties", lambda at: at.ties),
    "dynamics": ("dynamics", lambda at: bool(at.dynamics)),
    "articulations": ("articulations", lambda at: bool(at.articulations)),
    "slurs": ("slurs", lambda at: at.slurs),
    "modulation": ("modulation", lambda at: bool(at.modulations)),
    "metre_change": ("changes of metre", lambda at: at.metre_change),
}


def _check_switches(wishes: Specification, at: Level, player: Instrument) -> None:
    for name, (words, holds) in _SWITCHES.items():
        if getattr(wishes, name) and not holds(at):
            first = next(number for number in LEVEL_NUMBERS if holds(level(number)))
            raise Unsatisfiable(
                f"level {at.number} has no {words}", remedy=f"They begin at level {first}: ask for that level"
            )
    if wishes.dynamics and not player.dynamics:
        raise Unsatisfiable(f"the {player.name} plays no dynamics", remedy="Leave dynamics out")
    if wishes.modulation and wishes.accidentals is False:
        raise Unsatisfiable("a modulation needs accidentals", remedy="Allow accidentals, or ask for no modulation")
    if wishes.ties and wishes.skips_land_on:
        raise Unsatisfiable("where skips land on chosen values there are no ties", remedy="Leave one of the two out")
    if wishes.metre_change and wishes.anacrusis:
        raise Unsatisfiable(
            "an exercise has either an anacrusis or a change of metre", remedy="Leave one of the two out"
        )


def _chosen_form(wishes: Specification, measures: int, rng: np.random.Generator) -> str:
    forms = forms_for(measures)
    if wishes.form is None:
        return forms[int(rng.integers(len(forms)))]
    if wishes.form not in forms:
        raise Unsatisfiable(
            f"form {wishes.form!r} does not fit {measures} measures", remedy=f"The nearest is {forms[0]!r}"
        )
    return wishes.form


def _chosen_phrases(
    wishes: Specification,
    measures: int,
    form: str,
    key: Key,
    visited: tuple[Key, ...],
    rng: np.random.Generator,
) -> tuple[Phrase, ...]:
    phrases = plan_phrases(measures, form, key, visited, rng)
    if wishes.modulation and all(phrase.key == key for phrase in phrases):
        raise Unsatisfiable(
            f"{measures} measures in {key.name} have no room to modulate",
            remedy="Ask for 12 measures or more, and a wider range",
        )
    return phrases
