"""`Specification`: all that a teacher may wish of an exercise, each wish a field with a check.

A field left at None is filled from the level and the instrument by `musicedu.exercise.resolve`. The checks here look
at one field at a time; whether the wishes go together is for `resolve` to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from musicedu.errors import Unsatisfiable, unknown_name
from musicedu.exercise.engines import ENGINES
from musicedu.melody import Key
from musicedu.pitch import Spelling
from musicedu.syllabus.instruments import instrument, instruments
from musicedu.syllabus.levels import cell, cells, level, metre_grid

FORMS = ("phrase", "period", "aaba", "sequence", "free")
"""phrase: one breath; period: question and answer; aaba; sequence: a motif moved; free: phrase after phrase."""

TOPICS: dict[str, int] = {
    "rests": 0, "ties": 0, "leaps": 0, "accidentals": 0,
    "thirds": 3, "fourths": 4, "fifths": 5, "sixths": 6, "sevenths": 7, "octaves": 8,
}  # fmt: skip
"""What a focus may name besides a rhythm cell; for an interval its diatonic number."""

_SWITCHES = (
    "anacrusis", "accidentals", "rests", "ties", "dynamics", "articulations", "slurs", "modulation", "metre_change",
)  # fmt: skip


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
    focus: cells or topics (`TOPICS`) that must occur. form: one of `FORMS`.
    anacrusis, accidentals, rests, ties, dynamics, articulations, slurs, modulation, metre_change: True to insist
    (refused where the level has none), False to leave out, None for what the level does.
    concert_pitch: whether the score shows the sounding notes. engine: what proposes the notes, one of `ENGINES`.
    seed: which of the many such exercises.

    Raises `UnknownName` for a name that does not exist and `Unsatisfiable` for a number out of bounds.

    >>> Specification(3, "bb clarinet", key="Am").key
    'A minor'
    """

    level: int
    instrument: str = "violin"
    key: str | None = None
    metre: str | None = None
    measures: int | None = None
    tempo_bpm: int | None = None
    rhythms: tuple[str, ...] = ()
    lowest: str | None = None
    highest: str | None = None
    largest_leap: int | None = None
    focus: tuple[str, ...] = ()
    form: str | None = None
    anacrusis: bool | None = None
    accidentals: bool | None = None
    rests: bool | None = None
    ties: bool | None = None
    dynamics: bool | None = None
    articulations: bool | None = None
    slurs: bool | None = None
    modulation: bool | None = None
    metre_change: bool | None = None
    concert_pitch: bool = False
    engine: str = ENGINES[0]
    seed: int = 0

    def __post_init__(self) -> None:
        _check_whole_numbers(self)
        _check_texts(self)
        level(self.level)
        self._set("instrument", instrument(self.instrument).name)
        self._set("key", _canonical(self.key, "key", _key_name, _key_choices()))
        self._set("lowest", _canonical(self.lowest, "note", _note_text, ("C4", "F#5", "Bb3")))
        self._set("highest", _canonical(self.highest, "note", _note_text, ("C4", "F#5", "Bb3")))
        if self.metre is not None:
            self._set("metre", metre_grid(self.metre.strip()).name)
        if self.form is not None and self.form not in FORMS:
            raise unknown_name("form", self.form, FORMS)
        if self.engine not in ENGINES:
            raise unknown_name("engine", self.engine, ENGINES)
        self._set("rhythms", _distinct(self.rhythms))
        self._set("focus", _distinct(self.focus))
        for name in self.rhythms:
            cell(name)
        for name in self.focus:
            if name not in TOPICS and name not in cells():
                raise unknown_name("focus", name, (*TOPICS, *cells()))
        for name in (*_SWITCHES, "concert_pitch"):
            if not isinstance(getattr(self, name), bool) and (
                name == "concert_pitch" or getattr(self, name) is not None
            ):
                raise Unsatisfiable(f"{name} must be on, off or left out, not {getattr(self, name)!r}")

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

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


def key_text(key: Key) -> str:
    """The short name of a key: `G` for G major, `A minor` in full.

    >>> key_text(Key(1)), key_text(Key(0, "minor"))
    ('G', 'A minor')
    """
    return key.name.removesuffix(" major")


def _key_name(text: str) -> str:
    key = Key.parse(text)
    if key.mode not in ("major", "minor"):
        raise ValueError(f"exercises are in major or minor, not {key.mode}")
    return key_text(key)


def _note_text(text: str) -> str:
    return str(Spelling.parse(text))


def _key_choices() -> tuple[str, ...]:
    majors = dict.fromkeys(key_text(key) for known in instruments().values() for _, key in known.majors)
    return (*majors, *(key_text(key) for key in level(10).minors))


def _canonical(text: str | None, kind: str, parse: Callable[[str], str], choices: tuple[str, ...]) -> str | None:
    if text is None:
        return None
    try:
        return parse(text)
    except ValueError:
        raise unknown_name(kind, str(text), choices) from None


def _distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    if isinstance(names, str):
        names = (names,)
    return tuple(dict.fromkeys(names))


def _check_texts(specification: Specification) -> None:
    for name in ("instrument", "engine", "key", "metre", "lowest", "highest", "form"):
        value = getattr(specification, name)
        if not isinstance(value, str) and (name in ("instrument", "engine") or value is not None):
            raise Unsatisfiable(f"{name} must be a text, not {value!r}")
    for name in ("rhythms", "focus"):
        value = getattr(specification, name)
        if not isinstance(value, str) and not all(isinstance(item, str) for item in value):
            raise Unsatisfiable(f"{name} must be names, not {value!r}")


_BOUNDS = {
    "measures": (1, 1000, "measures"),
    "tempo_bpm": (1, 1000, "quarter notes a minute"),
    "largest_leap": (2, 12, "2 for steps only, 3 for thirds"),
    "seed": (0, 2**63 - 1, "any number"),
}


def _check_whole_numbers(specification: Specification) -> None:
    if isinstance(specification.level, bool) or not isinstance(specification.level, int):
        raise Unsatisfiable(f"level must be a whole number from 1 to 10, not {specification.level!r}")
    for name, (least, most, meaning) in _BOUNDS.items():
        value = getattr(specification, name)
        if value is None and name != "seed":
            continue
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise Unsatisfiable(f"{name} must be a whole number from {least} to {most} ({meaning}), not {value!r}")
