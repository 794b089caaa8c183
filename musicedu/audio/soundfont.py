"""SoundFont 2 files: which recorded sample, at which pitch and loudness, answers a key.

A SoundFont is a RIFF file of 16-bit samples and the tables that say when each is used: a *preset* (the instrument you
ask for) has zones that point to *instruments*, whose zones point to samples; *generators* on either level say how a
sample is played (SoundFont Technical Specification 2.04, chapters 6 to 8).

Why the tables are read here: the synthesiser of symusic 0.5.9, measured on the soundfont that pretty_midi ships,
ignores velocity, plays the violin 10 to 23 semitones and the cello 2 semitones off, cuts every note without a release,
and never returns for some pitches of the French horn.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from musicedu.errors import FileProblem

_KEY_RANGE, _VELOCITY_RANGE, _INSTRUMENT, _SAMPLE = 43, 44, 41, 53
_START, _END, _LOOP_START, _LOOP_END = (0, 4), (1, 12), (2, 45), (3, 50)  # fine and coarse (32,768 samples) offsets
_SUMMED = frozenset(
    {5, 6, 7, 8, 9, 10, 11, 21, 22, 23, 24, 33, 34, 35, 36, 37, 38, 48, 51, 52, 56}
)  # preset adds these
_DEFAULTS = {8: 13500, 33: -12000, 34: -12000, 35: -12000, 36: -12000, 38: -12000, 56: 100, 58: -1}
_SIZE_OF_RECORD = {"phdr": 38, "pbag": 4, "pgen": 4, "inst": 22, "ibag": 4, "igen": 4, "shdr": 46}

Generators = dict[int, int]


@dataclass(frozen=True, slots=True)
class Region:
    """One sample as one key sounds it.

    `sample` is 16-bit sound from the recording, `loop` the part (first, last + 1) that repeats while the note is held,
    None where the sample plays once; `root` the (fractional) MIDI pitch at which it sounds unchanged at `sr` Hz, and
    `cents_per_key` how far apart two keys are. Envelope: seconds, `sustain_db` and `attenuation_db` below full level.
    `cutoff_cents` is the low-pass filter's corner (cents above 8.176 Hz).
    """

    sample: npt.NDArray[np.int16]
    sr: int
    loop: tuple[int, int] | None
    root: float
    cents_per_key: int
    attack_sec: float
    hold_sec: float
    decay_sec: float
    sustain_db: float
    release_sec: float
    attenuation_db: float
    cutoff_cents: float


class SoundFont:
    """A SoundFont 2 file in memory: `regions` says what sounds for a key.

    Raises `FileProblem` for a file that is no SoundFont or is cut short.
    """

    def __init__(self, data: bytes, *, where: str = "") -> None:
        try:
            chunks = _chunks(data)
            self._samples = np.frombuffer(chunks["smpl"], dtype="<i2")
            self._headers = tuple(struct.iter_unpack("<20sIIIIIBbHH", chunks["shdr"]))
            self._instruments = _zones(chunks, "inst", "ibag", "igen", pointer=_SAMPLE)
            presets = _zones(chunks, "phdr", "pbag", "pgen", pointer=_INSTRUMENT)
            numbers = [struct.unpack_from("<HH", chunks["phdr"], 38 * i + 20) for i in range(len(presets))]
            self._presets = {(bank, program): zones for (program, bank), zones in zip(numbers, presets, strict=True)}
        except (KeyError, struct.error, ValueError, IndexError) as fault:
            raise FileProblem("is not a complete SoundFont 2 file", where=where, remedy="Choose another") from fault

    def regions(self, program: int, pitch: int, velocity: int, *, bank: int = 0) -> tuple[Region, ...]:
        """The samples that sound together for General MIDI `program` (from 0), MIDI `pitch` and `velocity`.

        Bank 128 holds drum kits. Where a font has a hole between its key ranges (this one has: E4 of the alto
        saxophone) the nearest key's sample answers. Empty where there is none; `ValueError` for an unknown program.
        """
        if (bank, program) not in self._presets:
            raise ValueError(f"the soundfont has no program {program} in bank {bank}")
        for nearest in sorted(range(128), key=lambda other: abs(other - pitch)):
            found = tuple(self._matched(self._presets[bank, program], nearest, velocity))
            if found:
                return found
        return ()

    def _matched(self, presets: list[Generators], pitch: int, velocity: int) -> Iterator[Region]:
        for preset in _matching(presets, pitch, velocity):
            for zone in _matching(self._instruments[preset[_INSTRUMENT]], pitch, velocity):
                summed = {key: value for key, value in preset.items() if key in _SUMMED}
                keys = zone.keys() | summed.keys()
                yield self._region({key: zone.get(key, _DEFAULTS.get(key, 0)) + summed.get(key, 0) for key in keys})

    def _region(self, zone: Generators) -> Region:
        def offset(pair: tuple[int, int]) -> int:
            return zone.get(pair[0], 0) + 32768 * zone.get(pair[1], 0)

        def seconds(number: int) -> float:
            return float(2 ** (zone.get(number, _DEFAULTS[number]) / 1200))

        _, start, end, loop_start, loop_end, sr, root, correction, _, _ = self._headers[zone[_SAMPLE]]
        first = start + offset(_START)
        loop = (loop_start + offset(_LOOP_START) - first, loop_end + offset(_LOOP_END) - first)
        overridden = zone.get(58, -1)
        tuning = 100 * zone.get(51, 0) + zone.get(52, 0) + correction
        return Region(
            sample=self._samples[first : end + offset(_END)],
            sr=sr,
            loop=loop if zone.get(54, 0) & 1 and loop[1] - loop[0] > 1 else None,
            root=(overridden if overridden >= 0 else root) - tuning / 100,
            cents_per_key=zone.get(56, 100),
            attack_sec=seconds(34),
            hold_sec=seconds(35),
            decay_sec=seconds(36),
            sustain_db=min(max(zone.get(37, 0), 0), 1440) / 10,
            release_sec=seconds(38),
            attenuation_db=0.4 * zone.get(48, 0) / 10,  # the EMU hardware's scale, which fonts are balanced for
            cutoff_cents=zone.get(8, 13500),
        )


def _chunks(data: bytes) -> dict[str, memoryview]:
    """The chunks of a RIFF file by name, lists opened."""
    if data[:4] != b"RIFF" or data[8:12] != b"sfbk":
        raise ValueError("no SoundFont")
    view, found, position = memoryview(data), {}, 12
    while position + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, position)
        if name == b"LIST":
            position += 12
            continue
        if position + 8 + size > len(data):
            raise ValueError(f"chunk {name!r} is cut short")
        found[name.decode("latin-1")] = view[position + 8 : position + 8 + size]
        position += 8 + size + size % 2
    for name, record in _SIZE_OF_RECORD.items():
        if len(found[name]) % record:
            raise ValueError(f"chunk {name!r} is cut short")
    return found


def _zones(
    chunks: dict[str, memoryview], heads: str, bags: str, generators: str, *, pointer: int
) -> list[list[Generators]]:
    """For every preset or instrument its zones, the global zone's generators already in each."""
    size = _SIZE_OF_RECORD[heads]
    at = 20 if heads == "inst" else 24
    first_bags = [struct.unpack_from("<H", chunks[heads], i + at)[0] for i in range(0, len(chunks[heads]), size)]
    first_generators = [first for first, _ in struct.iter_unpack("<HH", chunks[bags])]
    table = list(struct.iter_unpack("<HH", chunks[generators]))
    found = []
    for begin, end in pairwise(first_bags):
        common: Generators = {}
        zones = []
        for bag in range(begin, end):
            zone = {key: _amount(key, raw) for key, raw in table[first_generators[bag] : first_generators[bag + 1]]}
            if pointer in zone:
                zones.append(common | zone)
            elif bag == begin:
                common = zone
        found.append(zones)
    return found


def _amount(key: int, raw: int) -> int:
    unsigned = key in (_KEY_RANGE, _VELOCITY_RANGE, _INSTRUMENT, _SAMPLE)
    return raw if unsigned or raw < 32768 else raw - 65536


def _matching(zones: list[Generators], pitch: int, velocity: int) -> list[Generators]:
    return [z for z in zones if _within(z.get(_KEY_RANGE), pitch) and _within(z.get(_VELOCITY_RANGE), velocity)]


def _within(span: int | None, value: int) -> bool:
    return span is None or (span & 255) <= value <= (span >> 8)


@lru_cache(maxsize=1)
def bundled_soundfont() -> SoundFont:
    """The General MIDI soundfont that pretty_midi ships, found without importing pretty_midi.

    Raises `FileProblem` where it is missing.
    """
    spec = find_spec("pretty_midi")
    path = Path(spec.origin).with_name("TimGM6mb.sf2") if spec is not None and spec.origin else Path("TimGM6mb.sf2")
    try:
        return SoundFont(path.read_bytes(), where=str(path))
    except OSError as fault:
        raise FileProblem("the soundfont is missing", where=str(path), remedy="Install pretty_midi again") from fault
