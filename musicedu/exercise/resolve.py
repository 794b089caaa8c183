"""From wishes to a plan: every open field filled from level and instrument, the impossible refused by name.

Each choice draws from a generator of its own, seeded with the specification's seed and the field's name, so that
fixing one wish leaves the other choices as they were.
"""

from __future__ import annotations

from collections.abc import Callable
from zlib import crc32

import numpy as np

from musicedu.errors import Unsatisfiable
from musicedu.exercise.focus import MOST_FOCUS, focus_count, rests_possible, ties_possible, why_not
from musicedu.exercise.phrases import Phrase, forms_for, plan_phrases
from musicedu.exercise.plan import Plan
from musicedu.exercise.resolve_pitch import chosen_key, chosen_skips, chosen_window, visited_keys
from musicedu.exercise.resolve_rhythm import (
    chosen_anacrusis,
    chosen_cells,
    chosen_measures,
    chosen_metre,
    chosen_metre_changes,
    chosen_tempo,
)
from musicedu.exercise.specification import Specification
from musicedu.exercise.wishable import LANDINGS, TOPICS
from musicedu.melody import Key
from musicedu.syllabus.instruments import Instrument, instrument
from musicedu.syllabus.levels import LEVEL_NUMBERS, Level, level, levels


def rng_for(specification: Specification, field: str) -> np.random.Generator:
    """The generator of random choices for one field of a specification."""
    return np.random.default_rng((specification.seed, crc32(field.encode())))


def resolve(specification: Specification) -> Plan:
    """Fill every open wish and return the plan of the exercise.

    Raises `Unsatisfiable` where wishes conflict with the level, the instrument or each other: the line names the
    conflict and the nearest that works.
    """
    wishes, at, player = specification, level(specification.level), instrument(specification.instrument)
    _check_switches(wishes, at, player)
    metre = chosen_metre(wishes, at, rng_for(wishes, "metre"))
    cells = chosen_cells(wishes, at)
    measures = chosen_measures(wishes, at, metre, rng_for(wishes, "measures"))
    key = chosen_key(wishes, at, player, rng_for(wishes, "key"))
    rule = chosen_skips(wishes, at, player)
    lowest, highest = chosen_window(wishes, at, player, key, rule, rng_for(wishes, "window"))
    form = _chosen_form(wishes, measures)
    phrases = _chosen_phrases(wishes, measures, form, key, visited_keys(wishes, at, key, (lowest, highest)))
    changes = chosen_metre_changes(wishes, at, metre, phrases, rng_for(wishes, "metre_change"))
    with_accidentals = wishes.accidentals is not False and at.accidentals != "none"
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
        anacrusis=chosen_anacrusis(wishes, at, metre, rng_for(wishes, "anacrusis")),
        tempo_bpm=chosen_tempo(wishes, at, metre, rng_for(wishes, "tempo_bpm")),
        cells=cells,
        rests=at.rests if with_rests else (),
        measure_rest=at.measure_rest and with_rests,
        tuplet_rests=at.tuplet_rests and with_rests,
        lowest=lowest,
        highest=highest,
        largest_leap=rule.largest,
        skips=rule.policy,
        named_skips=rule.named,
        no_leap_in_sixteenths=player.no_leap_in_sixteenths,
        skips_land_on=frozenset(LANDINGS[name] for name in wishes.skips_land_on),
        accidentals=at.accidentals if with_accidentals else "none",
        max_accidentals=at.max_accidentals if with_accidentals else 0,
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
    _check_focus(plan)
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


def _chosen_form(wishes: Specification, measures: int) -> str:
    forms = forms_for(measures)
    if wishes.form is None:
        return forms[int(rng_for(wishes, "form").integers(len(forms)))]
    if wishes.form not in forms:
        raise Unsatisfiable(
            f"form {wishes.form!r} does not fit {measures} measures", remedy=f"The nearest is {forms[0]!r}"
        )
    return wishes.form


def _chosen_phrases(
    wishes: Specification, measures: int, form: str, key: Key, visited: tuple[Key, ...]
) -> tuple[Phrase, ...]:
    phrases = plan_phrases(measures, form, key, visited, rng_for(wishes, "phrases"))
    if wishes.modulation and all(phrase.key == key for phrase in phrases):
        raise Unsatisfiable(
            f"{measures} measures in {key.name} have no room to modulate",
            remedy="Ask for 12 measures or more, and a wider range",
        )
    return phrases


def _check_focus(plan: Plan) -> None:
    if len(plan.focus) > min(MOST_FOCUS, plan.measures - 1):
        raise Unsatisfiable(
            f"{len(plan.focus)} things to focus on are too many for {plan.measures} measures",
            remedy=f"Choose {min(MOST_FOCUS, plan.measures - 1)}",
        )
    rhythm_topics = {
        "rests": rests_possible(plan.cells, plan.metre, plan.rests),
        "ties": plan.max_ties >= plan.focus_count
        and ties_possible(plan.cells, plan.metre, syncopation=plan.syncopation),
        "accidentals": plan.max_accidentals >= plan.focus_count
        and (plan.accidentals != "leading note" or plan.key.is_minor),
    }
    for topic in plan.focus:
        if topic in TOPICS and not rhythm_topics.get(topic, True):
            rule = chosen_skips(plan.specification, plan.level, plan.instrument)
            raise Unsatisfiable(
                f"focus {topic!r} cannot be met: {why_not(topic, plan.level, plan.key, rule)}",
                remedy=_remedy(plan, topic),
            )


def _remedy(plan: Plan, topic: str) -> str:
    if topic == "accidentals" and plan.accidentals == "leading note" and plan.level.minors:
        chromatic = next(one.number for one in levels() if one.accidentals not in ("none", "leading note"))
        return f"Ask for {plan.level.minors[0].name}, or choose level {chromatic}"
    return "Leave it out, or choose a higher level"


def describe_phrase(phrase: Phrase, home: Key) -> str:
    """A phrase in words, for the sheet: where it is and where it goes."""
    where = f"measures {phrase.first_measure}-{phrase.last_measure}"
    goal = {"half": "rests on the dominant chord", "open": "rests on the tonic chord", "full": "ends on the tonic"}
    away = f" in {phrase.key.name}" if phrase.key != home else ""
    return f"{where}{away}: {goal[phrase.cadence]}"
