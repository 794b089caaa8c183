"""`Specification`: all that a teacher may wish of an exercise; the table of wishes.

A field left at None is filled from the level and the instrument by `musicedu.exercise.resolve`. Each field is read by
itself; whether the wishes go together is for `resolve` to say. A new wish is a field here, and its meaning: in the
plan, the masks and the checker.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import partial
from typing import Any

from musicedu.errors import Unsatisfiable, unknown_name
from musicedu.exercise.wish import Wish, bring_to_form, names, one_of, switch, text, whole, wished
from musicedu.exercise.wishable import (
    ENGINES,
    FORMS,
    LANDINGS,
    MOST_SEED,
    NOTES,
    PIECE,
    TOPICS,
    check_focus,
    check_landing,
    keys_offered,
    number,
    one_drawn,
    read_key,
    read_level,
    read_note,
    sign,
    some_cells,
    some_drawn,
    some_focus,
    some_note,
)
from musicedu.syllabus.instruments import instrument, instruments
from musicedu.syllabus.levels import FIRST_TO_LAST, cell, cells, metre_grid


@dataclass(frozen=True)
class Specification:
    """What is asked for; every field but `level` may be left to the level and the instrument.

    Parameters
    ----------
    level: its number. instrument: a name, title or alias.
    key: written key, such as `G`, `Bb major` or `A minor`. metre: such as `3/4`.
    measures: full measures. tempo_bpm: quarter notes a minute.
    rhythms: names of the cells to use and no other, all of the level's if empty.
    lowest, highest: written notes the exercise stays within. largest_leap: diatonic number, 2 for steps only.
    skips_land_on: values (`LANDINGS`) of the notes that a skip, a third or more, may lead to; there are no ties then.
    focus: cells or topics (`TOPICS`) that must occur. form: one of `FORMS`.
    anacrusis, accidentals, rests, ties, dynamics, articulations, slurs, modulation, metre_change: True to insist
    (refused where the level has none), False to leave out, None for what the level does.
    concert_pitch: whether the score shows the sounding notes. engine: what proposes the notes, one of `ENGINES`.
    seed: which of the many such exercises.

    Raises `UnknownName` for a name that does not exist and `Unsatisfiable` for a number out of bounds.

    >>> Specification(3, "bb clarinet", key="Am").key
    'A minor'
    """

    level: int = wished(..., Wish(read=read_level, kind=int))
    instrument: str = wished(
        "violin",
        Wish(
            read=text(lambda name: instrument(name).name),
            kind=str,
            says="violin, flute, Bb clarinet, voice …",
            panel=PIECE,
            options=("-i",),
            names=instruments,
        ),
    )
    key: str | None = wished(
        None,
        Wish(
            read=text(read_key),
            kind=str,
            says="Written key: `G`, `Bb major`, `A minor`.",
            panel=PIECE,
            offered=keys_offered,
            let_go=19,
            share=0.3,
            drawn=one_drawn(keys_offered),
        ),
    )
    metre: str | None = wished(
        None,
        Wish(
            read=text(lambda name: metre_grid(name.strip()).name),
            kind=str,
            says="Such as `3/4` or `6/8`.",
            panel=PIECE,
            offered=lambda at, player: at.metres,
            let_go=17,
            share=0.3,
            drawn=one_drawn(lambda at, player: at.metres),
        ),
    )
    measures: int | None = number(
        whole(1, 1000, "measures"),
        "How many full measures.",
        PIECE,
        offered=lambda at, player: at.measures,
        let_go=18,
        share=0.3,
        drawn=lambda at, player, rng: int(rng.integers(2, at.max_measures + 1)),
    )
    tempo_bpm: int | None = number(
        whole(1, 1000, "quarter notes a minute"),
        "Quarter notes a minute.",
        PIECE,
        options=("--tempo",),
        let_go=16,
        share=0.1,
        drawn=lambda at, player, rng: int(rng.integers(40, at.tempo_bpm[1] + 1)),
    )
    rhythms: tuple[str, ...] = wished(
        (),
        Wish(
            read=names(cell),
            kind=tuple,
            says="These rhythms and no others: `quarter,eighths`.",
            panel=NOTES,
            names=cells,
            let_go=2,
            share=0.2,
            drawn=some_cells,
        ),
    )
    lowest: str | None = wished(
        None,
        Wish(
            read=text(read_note),
            kind=str,
            says="No written note below this one: `D4`.",
            panel=NOTES,
            let_go=13,
            share=0.1,
            drawn=partial(some_note, low=True),
        ),
    )
    highest: str | None = wished(
        None,
        Wish(
            read=text(read_note),
            kind=str,
            says="No written note above this one: `B5`.",
            panel=NOTES,
            let_go=14,
            share=0.1,
            drawn=partial(some_note, low=False),
        ),
    )
    largest_leap: int | None = number(
        whole(2, 12, "2 for steps only, 3 for thirds"),
        "2 for steps only, 3 for thirds, 8 for octaves.",
        NOTES,
        let_go=12,
        share=0.15,
        drawn=lambda at, player, rng: int(rng.integers(2, at.largest_skip + 1)),
    )
    skips_land_on: tuple[str, ...] = wished(
        (),
        Wish(
            read=names(check_landing),
            kind=tuple,
            says="A skip lands on these values only: `quarter,half`.",
            panel=NOTES,
            names=lambda: LANDINGS,
            let_go=2,
            share=0.05,
            drawn=lambda at, player, rng: some_drawn(rng, ("quarter", "half", "dotted-quarter"), 3),
        ),
    )
    focus: tuple[str, ...] = wished(
        (),
        Wish(
            read=names(check_focus),
            kind=tuple,
            says="What must occur: `thirds`, `rests`, a rhythm …",
            panel=NOTES,
            names=lambda: (*TOPICS, *cells()),
            offered=lambda at, player: tuple(TOPICS),
            let_go=1,
            share=0.25,
            drawn=some_focus,
        ),
    )
    form: str | None = wished(
        None,
        Wish(
            read=one_of(FORMS),
            kind=str,
            says="phrase, period, aaba, sequence or free.",
            panel=PIECE,
            names=lambda: FORMS,
            let_go=15,
            share=0.1,
            drawn=one_drawn(lambda at, player: FORMS),
        ),
    )
    anacrusis: bool | None = sign("Begin with an upbeat.", 5)
    accidentals: bool | None = sign("Notes outside the key.", 7)
    rests: bool | None = sign("Rests.", 8)
    ties: bool | None = sign("Ties.", 6)
    dynamics: bool | None = sign("Loud and soft.", 11)
    articulations: bool | None = sign("Staccato, accents, tenuto.", 9)
    slurs: bool | None = sign("Slurs.", 10)
    modulation: bool | None = sign("Visit another key.", 3)
    metre_change: bool | None = sign("Change the metre on the way.", 4)
    concert_pitch: bool = wished(
        False,
        Wish(read=switch, kind=bool, says="Show sounding notes, not those the instrument reads.", panel=PIECE),
    )
    engine: str = wished(
        ENGINES[0],
        Wish(
            read=one_of(ENGINES),
            kind=str,
            says="What proposes the notes: vae, gan or markov.",
            panel=PIECE,
            names=lambda: ENGINES,
        ),
    )
    seed: int = wished(0, Wish(read=whole(0, MOST_SEED, "any number"), kind=int))

    def __post_init__(self) -> None:
        bring_to_form(self)

    def to_dict(self) -> dict[str, Any]:
        """The wishes that differ from what happens without them, as plain values for JSON."""
        wishes = asdict(self)
        kept = {field.name: wishes[field.name] for field in fields(self) if wishes[field.name] != field.default}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in kept.items()}

    @classmethod
    def from_dict(cls, wishes: Mapping[str, Any]) -> Specification:
        """Read what `to_dict` wrote; `UnknownName` for a wish that does not exist.

        >>> Specification.from_dict({"level": 2, "key": "G"}).to_dict()
        {'level': 2, 'key': 'G'}
        """
        known = [field.name for field in fields(cls)]
        for name in wishes:
            if name not in known:
                raise unknown_name("wish", str(name), known)
        if "level" not in wishes:
            raise Unsatisfiable("no level is given", remedy=f"Give a level from {FIRST_TO_LAST}")
        values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in wishes.items()}
        return cls(**values)
