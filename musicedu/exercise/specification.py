"""`Specification`: all that a teacher may wish of an exercise; the table of wishes.

A field left at None is filled from the level and the instrument by `musicedu.exercise.resolve`. Each field is read by
itself; whether the wishes go together is for `resolve` to say. A new wish is a field here, and its meaning: in the
plan, the masks and the checker.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from functools import partial
from typing import Any

from numpy.random import Generator

from musicedu.errors import Unsatisfiable, unknown_name
from musicedu.exercise.wish import Wish, bring_to_form, names, one_of, switch, text, whole, wished
from musicedu.melody import Key
from musicedu.pitch import Spelling
from musicedu.syllabus.instruments import Instrument, instrument, instruments
from musicedu.syllabus.levels import LEVEL_NUMBERS, Level, cell, cells, level, metre_grid

ENGINES = ("vae", "gan", "markov")
"""What may propose the notes of an exercise; the first does unless another is asked for."""

FORMS = ("phrase", "period", "aaba", "sequence", "free")
"""phrase: one breath; period: question and answer; aaba; sequence: a motif moved; free: phrase after phrase."""

TOPICS: dict[str, int] = {
    "rests": 0, "ties": 0, "leaps": 0, "accidentals": 0,
    "thirds": 3, "fourths": 4, "fifths": 5, "sixths": 6, "sevenths": 7, "octaves": 8,
}  # fmt: skip
"""What a focus may name besides a rhythm cell; for an interval its diatonic number."""

LANDINGS: dict[str, int] = {
    "sixteenth": 3, "eighth": 6, "dotted-eighth": 9, "quarter": 12, "dotted-quarter": 18, "half": 24,
    "dotted-half": 36, "whole": 48,
}  # fmt: skip
"""The note values that a skip may be told to land on, in ticks."""

MOST_SEED = 2**63 - 1
PIECE, NOTES, SIGNS = "The piece", "Notes and rhythms", "Signs and colours (--no-… leaves them out)"
"""The groups that wishes are offered in."""


def key_text(key: Key) -> str:
    """The short name of a key: `G` for G major, `A minor` in full.

    >>> key_text(Key(1)), key_text(Key(0, "minor"))
    ('G', 'A minor')
    """
    return key.name.removesuffix(" major")


def read_key(given: str) -> str:
    """The short name of a key that exercises can be in; `UnknownName` for another."""
    return _canonical(given, "key", _key_name, _key_choices)


def _key_name(given: str) -> str:
    key = Key.parse(given)
    if key.mode not in ("major", "minor"):
        raise ValueError(f"exercises are in major or minor, not {key.mode}")
    return key_text(key)


def _key_choices() -> tuple[str, ...]:
    majors = dict.fromkeys(key_text(key) for known in instruments().values() for _, key in known.majors)
    return (*majors, *(key_text(key) for key in level(10).minors))


def _read_note(given: str) -> str:
    return _canonical(given, "note", lambda name: str(Spelling.parse(name)), lambda: ("C4", "F#5", "Bb3"))


def _canonical(given: str, kind: str, parse: Callable[[str], str], choices: Callable[[], tuple[str, ...]]) -> str:
    try:
        return parse(given)
    except ValueError:
        raise unknown_name(kind, given, choices()) from None


def _read_level(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unsatisfiable(f"level must be a whole number from 1 to 10, not {value!r}")
    return level(value).number


def _check_focus(name: str) -> None:
    if name not in TOPICS and name not in cells():
        raise unknown_name("focus", name, (*TOPICS, *cells()))


def _check_landing(name: str) -> None:
    if name not in LANDINGS:
        raise unknown_name("note value", name, LANDINGS)


def _keys(at: Level, player: Instrument) -> tuple[str, ...]:
    return tuple(key_text(key) for key in player.keys_at(at.number))


def _one(offered: Callable[[Level, Instrument], tuple[str, ...]]) -> Callable[[Level, Instrument, Generator], str]:
    def drawn(at: Level, player: Instrument, rng: Generator) -> str:
        choices = offered(at, player)
        return choices[int(rng.integers(len(choices)))]

    return drawn


def _some_of(rng: Generator, choices: tuple[str, ...], most: int) -> tuple[str, ...]:
    n_chosen = int(rng.integers(1, min(most, len(choices)) + 1))
    return tuple(str(name) for name in rng.choice(choices, size=n_chosen, replace=False))


def _some_cells(at: Level, player: Instrument, rng: Generator) -> tuple[str, ...]:
    return _some_of(rng, tuple(cell.name for cell in at.cells), len(at.cells))


def _some_focus(at: Level, player: Instrument, rng: Generator) -> tuple[str, ...]:
    return _some_of(rng, (*(cell.name for cell in at.cells), *TOPICS), 2)


def _some_note(at: Level, player: Instrument, rng: Generator, *, low: bool) -> str:
    lowest, highest = player.compass_at(at.number)
    middle = (lowest.pitch + highest.pitch) // 2
    pitch = int(rng.integers(lowest.pitch, middle + 1) if low else rng.integers(middle, highest.pitch + 1))
    return str(player.majors[0][1].spell(pitch))


def _sign(says: str, let_go: int) -> Any:
    """A wish that is insisted on, left out, or left to the level."""
    drawn = lambda at, player, rng: bool(rng.random() < 0.3)  # noqa: E731
    return wished(None, Wish(read=switch, kind=bool, says=says, panel=SIGNS, let_go=let_go, share=0.1, drawn=drawn))


def _number(read: Callable[[str, Any], int], says: str, panel: str, **more: Any) -> Any:
    return wished(None, Wish(read=read, kind=int, says=says, panel=panel, **more))


@dataclass(frozen=True)
class Specification:
    """What is asked for; every field but `level` may be left to the level and the instrument.

    Parameters
    ----------
    level: 1 to 10. instrument: a name, title or alias.
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

    level: int = wished(..., Wish(read=_read_level, kind=int, offered=lambda at, player: LEVEL_NUMBERS))
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
            offered=_keys,
            let_go=19,
            share=0.3,
            drawn=_one(_keys),
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
            drawn=_one(lambda at, player: at.metres),
        ),
    )
    measures: int | None = _number(
        whole(1, 1000, "measures"),
        "How many full measures.",
        PIECE,
        offered=lambda at, player: at.measures,
        let_go=18,
        share=0.3,
        drawn=lambda at, player, rng: int(rng.integers(2, at.max_measures + 1)),
    )
    tempo_bpm: int | None = _number(
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
            drawn=_some_cells,
        ),
    )
    lowest: str | None = wished(
        None,
        Wish(
            read=text(_read_note),
            kind=str,
            says="No written note below this one: `D4`.",
            panel=NOTES,
            let_go=13,
            share=0.1,
            drawn=partial(_some_note, low=True),
        ),
    )
    highest: str | None = wished(
        None,
        Wish(
            read=text(_read_note),
            kind=str,
            says="No written note above this one: `B5`.",
            panel=NOTES,
            let_go=14,
            share=0.1,
            drawn=partial(_some_note, low=False),
        ),
    )
    largest_leap: int | None = _number(
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
            read=names(_check_landing),
            kind=tuple,
            says="A skip lands on these values only: `quarter,half`.",
            panel=NOTES,
            names=lambda: LANDINGS,
            let_go=2,
            share=0.05,
            drawn=lambda at, player, rng: _some_of(rng, ("quarter", "half", "dotted-quarter"), 3),
        ),
    )
    focus: tuple[str, ...] = wished(
        (),
        Wish(
            read=names(_check_focus),
            kind=tuple,
            says="What must occur: `thirds`, `rests`, a rhythm …",
            panel=NOTES,
            names=lambda: (*TOPICS, *cells()),
            offered=lambda at, player: tuple(TOPICS),
            let_go=1,
            share=0.25,
            drawn=_some_focus,
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
            drawn=_one(lambda at, player: FORMS),
        ),
    )
    anacrusis: bool | None = _sign("Begin with an upbeat.", 5)
    accidentals: bool | None = _sign("Notes outside the key.", 7)
    rests: bool | None = _sign("Rests.", 8)
    ties: bool | None = _sign("Ties.", 6)
    dynamics: bool | None = _sign("Loud and soft.", 11)
    articulations: bool | None = _sign("Staccato, accents, tenuto.", 9)
    slurs: bool | None = _sign("Slurs.", 10)
    modulation: bool | None = _sign("Visit another key.", 3)
    metre_change: bool | None = _sign("Change the metre on the way.", 4)
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
            raise Unsatisfiable("no level is given", remedy="Give a level from 1 to 10")
        values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in wishes.items()}
        return cls(**values)
