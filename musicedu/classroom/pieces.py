"""A different piece for every pupil, of the same level and about the same difficulty, made again from a class seed."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from musicedu.classroom.roster import Pupil, Roster
from musicedu.errors import MusicEduError, Unsatisfiable
from musicedu.practice.exercise import Exercise
from musicedu.practice.specification import Specification

Generate = Callable[[Specification], Exercise]

_N_SEEDS = 1_000_000  # short enough to copy a recipe by hand
_N_PROBES, _N_TRIES, _MOST_TRIES = 5, 6, 60
_TOLERANCE = 0.35  # levels


@dataclass(frozen=True, slots=True)
class Piece:
    """A pupil's exercise."""

    pupil: Pupil
    exercise: Exercise


def specification_for(pupil: Pupil, specification: Specification, *, where: str = "") -> Specification:
    """The class's specification with the pupil's own wishes; faults name the roster's line."""
    try:
        return replace(specification, **dict(pupil.wishes))
    except MusicEduError as fault:
        raise located(fault, pupil, where) from fault


def located(fault: MusicEduError, pupil: Pupil, where: str) -> MusicEduError:
    """The same fault, saying whose wish it is."""
    if not pupil.wishes:
        return fault
    place = f"{where}, line {pupil.line} ({pupil.name})" if where else f"line {pupil.line} ({pupil.name})"
    return type(fault)(fault.problem, where=place, remedy=fault.remedy)


def pupil_seed(class_seed: int | str, name: str, attempt: int = 0) -> int:
    """The seed of a pupil's piece, from 0 to 999,999: HMAC-SHA-256 keyed by the class seed.

    It depends on nobody else in the class, so that a newcomer changes no one's piece.

    >>> pupil_seed(7, "Anna") == pupil_seed(7, "Anna") != pupil_seed(8, "Anna")
    True
    """
    message = f"{name}\0{attempt}".encode()
    return int.from_bytes(hmac.digest(str(class_seed).encode(), message, "sha256")[:8]) % _N_SEEDS


def make_pieces(
    roster: Roster, specification: Specification, class_seed: int | str, generate: Generate
) -> Iterator[Piece]:
    """Make a piece for every pupil, in the roster's order; no two are the same melody.

    Among the first few seeds of a pupil the one is taken whose difficulty is within 0.35 levels of the class's (the
    median of five pieces that the class seed alone makes), or else the nearest. Raises `Unsatisfiable` where so few
    melodies obey the wishes that not everyone can have another.
    """
    taken: set[object] = set()
    targets: dict[Specification, float] = {}
    for pupil in roster.pupils:
        wished = specification_for(pupil, specification, where=roster.where)
        try:
            if wished not in targets:
                targets[wished] = _target(wished, class_seed, generate)
            exercise = _chosen(pupil, wished, class_seed, generate, targets[wished], taken)
        except MusicEduError as fault:
            raise located(fault, pupil, roster.where) from fault
        taken.add(_tune(exercise))
        yield Piece(pupil, exercise)


def _target(specification: Specification, class_seed: int | str, generate: Generate) -> float:
    seeds = (pupil_seed(class_seed, "", probe) for probe in range(_N_PROBES))
    return median(generate(replace(specification, seed=seed)).difficulty.score for seed in seeds)


def _chosen(
    pupil: Pupil,
    specification: Specification,
    class_seed: int | str,
    generate: Generate,
    target: float,
    taken: set[object],
) -> Exercise:
    candidates: list[Exercise] = []
    for attempt in range(_MOST_TRIES):
        if candidates and attempt >= _N_TRIES:
            break
        exercise = generate(replace(specification, seed=pupil_seed(class_seed, pupil.name, attempt)))
        if _tune(exercise) in taken:
            continue
        if abs(exercise.difficulty.score - target) <= _TOLERANCE:
            return exercise
        candidates.append(exercise)
    if not candidates:
        raise Unsatisfiable(
            f"these wishes leave too few melodies: no new one for {pupil.name} after {len(taken)}",
            remedy="Allow more measures, rhythms or notes",
        )
    return min(candidates, key=lambda exercise: abs(exercise.difficulty.score - target))


def _tune(exercise: Exercise) -> object:
    """What two pupils could copy from each other: the notes as written."""
    return tuple((note.onset, note.duration, note.spelling) for note in exercise.melody.notes)


def spread(pieces: Sequence[Piece]) -> tuple[float, float]:
    """The least and the largest difficulty of a class's pieces; `ValueError` without any."""
    scores = [piece.exercise.difficulty.score for piece in pieces]
    return min(scores), max(scores)
