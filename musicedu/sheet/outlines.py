"""SVG path data as straight lines and curves."""

from __future__ import annotations

import re
from functools import lru_cache

Point = tuple[float, float]
Segment = tuple[str, tuple[Point, ...]]
"""`("M", (p,))`, `("L", (p,))`, `("C", (p1, p2, p3))` or `("Z", ())`, in absolute coordinates."""

_TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_N_NUMBERS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Z": 0}


@lru_cache(maxsize=1024)
def parse_path(data: str) -> tuple[Segment, ...]:
    """Read the commands M, L, H, V, C, S and Z, in either case; `ValueError` for any other.

    >>> parse_path("M1 2h3z")
    (('M', ((1.0, 2.0),)), ('L', ((4.0, 2.0),)), ('Z', ()))
    """
    segments: list[Segment] = []
    x = y = start_x = start_y = 0.0
    for command, numbers in _commands(data):
        kind, (dx, dy) = command.upper(), (x, y) if command.islower() else (0.0, 0.0)
        if kind == "Z":
            segments.append(("Z", ()))
            x, y = start_x, start_y
            continue
        if kind == "H":
            points: list[Point] = [(numbers[0] + dx, y)]
        elif kind == "V":
            points = [(x, numbers[0] + dy)]
        else:
            points = [(a + dx, b + dy) for a, b in zip(numbers[::2], numbers[1::2], strict=True)]
        if kind == "S":
            points.insert(0, _reflected(segments, (x, y)))
        x, y = points[-1]
        if kind == "M":
            start_x, start_y = x, y
        segments.append(({"H": "L", "V": "L", "S": "C"}.get(kind, kind), tuple(points)))
    return tuple(segments)


def _commands(data: str) -> list[tuple[str, list[float]]]:
    """Each command with its numbers; numbers that go on repeat the command (a line after a move)."""
    found: list[tuple[str, list[float]]] = []
    tokens = _TOKEN.findall(data)
    position, command = 0, ""
    while position < len(tokens):
        if tokens[position].isalpha():
            command = tokens[position]
            position += 1
        elif command in ("M", "m"):
            command = "L" if command == "M" else "l"
        n_numbers = _N_NUMBERS.get(command.upper(), -1)
        numbers = tokens[position : position + n_numbers]
        if n_numbers < 0 or len(numbers) < n_numbers or (command in "Zz" and found and found[-1][0] in "Zz"):
            raise ValueError(f"cannot draw this path command: {command!r} in {data[:60]!r}")
        found.append((command, [float(number) for number in numbers]))
        position += n_numbers
    return found


def _reflected(segments: list[Segment], here: Point) -> Point:
    """The first control point of a smooth curve: the last one of the curve before, mirrored."""
    if not segments or segments[-1][0] != "C":
        return here
    control = segments[-1][1][1]
    return 2 * here[0] - control[0], 2 * here[1] - control[1]
