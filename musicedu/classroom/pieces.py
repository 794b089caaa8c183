"""A different piece for every pupil, of the same level and about the same difficulty, made again from a class seed."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Generator, Sequence, Set
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from statistics import median
from typing import Any, TypeVar

from musicedu.classroom.line_faults import LineFault, fault_of, refuse
from musicedu.classroom.roster import Pupil, Roster
from musicedu.corpus.pool import Client, can_copy, in_order, map_over
from musicedu.errors import MusicEduError, Unsatisfiable
from musicedu.exercise.exercise import Exercise
from musicedu.exercise.resolve import resolve
from musicedu.exercise.specification import Specification

Generate = Callable[[Specification], Exercise]
Finished = TypeVar("Finished")
_Map = Callable[..., Generator[tuple[int, Any], None, None]]

_N_SEEDS = 1_000_000  # short enough to copy a recipe by hand
_N_PROBES, _N_TRIES, _MOST_TRIES = 5, 6, 60
_TOLERANCE = 0.35  # levels
_FEWEST_COPIED, _FEWEST_STARTED = 4, 24


@dataclass(frozen=True, slots=True)
class PupilPiece:
    """A pupil's exercise."""

    pupil: Pupil
    exercise: Exercise


def specification_for(pupil: Pupil, specification: Specification, *, where: str = "") -> Specification:
    """The class's specification with the pupil's own wishes; faults name the roster's line."""
    try:
        return replace(specification, **dict(pupil.wishes))
    except MusicEduError as fault:
        raise fault_of(pupil.line, pupil.name, fault, where).error from fault


def pupil_seed(class_seed: int | str, identity: str, attempt: int = 0) -> int:
    """The seed of a pupil's piece, from 0 to 999,999: HMAC-SHA-256 of id or name, keyed by the class seed.

    It depends on nobody else in the class, so that a newcomer changes no one's piece.

    >>> pupil_seed(7, "Anna") == pupil_seed(7, "Anna") != pupil_seed(8, "Anna")
    True
    """
    message = f"{identity}\0{attempt}".encode()
    return int.from_bytes(hmac.digest(str(class_seed).encode(), message, "sha256")[:8]) % _N_SEEDS


def refuse_wishes(pupil: Pupil, specification: Specification) -> None:
    """Raise what is wrong with a pupil's wishes, as far as it can be told without making the piece."""
    resolve(specification_for(pupil, specification))


def make_pieces(
    roster: Roster,
    specification: Specification,
    class_seed: int | str,
    generate: Generate,
    *,
    jobs: int | None = None,
    client: Client | None = None,
) -> Generator[PupilPiece, None, None]:
    """Make a piece for every pupil, in the roster's order; no two are the same melody.

    Among the first few seeds of a pupil the one is taken whose difficulty is within 0.35 levels of the class's (the
    median of five pieces that the class seed alone makes), or else the nearest. Raises `Unsatisfiable` where so few
    melodies obey the wishes that not everyone can have another; of several faults, one error that names all lines.
    The pieces are the same on however many cores (`jobs`), or on a cluster (`client`).
    """
    work = finish_pieces(roster, specification, class_seed, generate, _as_it_is, jobs=jobs, client=client)
    with closing(work) as pieces:
        yield from (piece for piece, _ in pieces)


def finish_pieces(
    roster: Roster,
    specification: Specification,
    class_seed: int | str,
    generate: Generate,
    finish: Callable[[PupilPiece], Finished],
    *,
    jobs: int | None = None,
    client: Client | None = None,
) -> Generator[tuple[PupilPiece, Finished], None, None]:
    """The pieces of `make_pieces`, each with what `finish` makes of it, on `jobs` cores or a cluster's `client`.

    Everyone's piece is chosen as if nobody else had one. Where that gives two the same melody, as happens where few
    can be had, the later chooses again: so it does not matter how many cores there are.
    """
    jobs = (None if len(roster.pupils) >= _fewest() else 1) if jobs is None else jobs
    everywhere = partial(map_over, jobs=jobs, client=client, copies=True)
    wished = [specification_for(pupil, specification, where=roster.where) for pupil in roster.pupils]
    targets = _targets(list(dict.fromkeys(wished)), class_seed, generate, everywhere)
    tasks = [(pupil, wish, targets[wish]) for pupil, wish in zip(roster.pupils, wished, strict=True)]
    taken: set[object] = set()
    work = partial(_finished, class_seed, generate, finish)
    faults: list[LineFault] = []
    with closing(in_order(everywhere(partial(work, frozenset()), tasks))) as results:
        for (pupil, wish, target), made in zip(tasks, results, strict=True):
            if not isinstance(made, MusicEduError) and _tune(made[0].exercise) in taken:
                made = work(taken, (pupil, wish, target))
            if isinstance(made, MusicEduError):
                if not pupil.wishes:
                    raise made
                faults.append(fault_of(pupil.line, pupil.name, made, roster.where))
                continue
            taken.add(_tune(made[0].exercise))
            yield made
    refuse(faults, roster.where)


def _as_it_is(piece: PupilPiece) -> None:
    """Nothing more is made of a piece."""


def _fewest() -> int:
    """From how many pupils on other processes earn the time of their start."""
    return _FEWEST_COPIED if can_copy() else _FEWEST_STARTED


def _finished(
    class_seed: int | str,
    generate: Generate,
    finish: Callable[[PupilPiece], Finished],
    taken: Set[object],
    task: tuple[Pupil, Specification, float | MusicEduError],
) -> tuple[PupilPiece, Finished] | MusicEduError:
    pupil, specification, target = task
    if isinstance(target, MusicEduError):
        return target
    try:
        piece = PupilPiece(pupil, _chosen(pupil, specification, class_seed, generate, target, taken))
    except MusicEduError as fault:
        return fault
    return piece, finish(piece)


def _targets(
    wished: Sequence[Specification], class_seed: int | str, generate: Generate, everywhere: _Map
) -> dict[Specification, float | MusicEduError]:
    """The difficulty that the pieces of each specification shall have, or why there are none."""
    seeds = [pupil_seed(class_seed, "", probe) for probe in range(_N_PROBES)]
    probes = [replace(wish, seed=seed) for wish in wished for seed in seeds]
    measured = list(in_order(everywhere(partial(_difficulty, generate), probes)))
    targets: dict[Specification, float | MusicEduError] = {}
    for number, wish in enumerate(wished):
        scores = measured[number * _N_PROBES : (number + 1) * _N_PROBES]
        fault = next((score for score in scores if isinstance(score, MusicEduError)), None)
        targets[wish] = fault or median(score for score in scores if isinstance(score, float))
    return targets


def _difficulty(generate: Generate, specification: Specification) -> float | MusicEduError:
    try:
        return float(generate(specification).difficulty.score)
    except MusicEduError as fault:
        return fault


def _chosen(
    pupil: Pupil,
    specification: Specification,
    class_seed: int | str,
    generate: Generate,
    target: float,
    taken: Set[object],
) -> Exercise:
    candidates: list[Exercise] = []
    for attempt in range(_MOST_TRIES):
        if candidates and attempt >= _N_TRIES:
            break
        exercise = generate(replace(specification, seed=pupil_seed(class_seed, pupil.identity, attempt)))
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


def spread(pieces: Sequence[PupilPiece]) -> tuple[float, float]:
    """The least and the largest difficulty of a class's pieces; `ValueError` without any."""
    scores = [piece.exercise.difficulty.score for piece in pieces]
    return min(scores), max(scores)
