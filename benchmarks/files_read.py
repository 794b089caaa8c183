"""How many files of a folder are read, why others are refused, and whether music21 reads the same music.

    python benchmarks/files_read.py [FOLDER] [--format abc] [--sample 300] [--seed 1] [--no-music21] [--parts one]

FOLDER is by default the corpus that music21 brings. A book of ABC counts tune by tune; `--parts one` leaves out
MusicXML of several parts; `--format` takes one format alone. Compared are notes (onset,
duration, sounding pitch; ties joined, grace notes left out, repeats not played) and metres (a metre given again is no
change). music21 gets each ABC tune with the line `%abc-2.1`, without which it forgets accidentals (see
`corpus_parse.py`). The result is Markdown.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import warnings
import zipfile
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import music21
from music21 import converter, harmony, meter, stream

from musicedu.errors import MusicEduError
from musicedu.formats.abc import read_abc
from musicedu.formats.abc_book import tunes_of
from musicedu.formats.files import read_music
from musicedu.formats.reading import Reading

_SUFFIXES = {"abc": (".abc",), "musicxml": (".xml", ".musicxml", ".mxl"), "midi": (".mid", ".midi")}
_MOST_NAMED = 12

Line = list[tuple[Fraction, Fraction, int]]
Metres = list[tuple[Fraction, str]]


@dataclass(frozen=True)
class Item:
    """A file, or one tune of a book with its text."""

    path: Path
    tune: str = ""
    text: str = ""

    @property
    def name(self) -> str:
        return f"{self.path.name} {self.tune}".strip()


def items_of(folder: Path, suffixes: Collection[str], *, one_part: bool) -> Iterator[Item]:
    """The files below a folder that end so, in order, books tune by tune."""
    for path in sorted(found for found in folder.rglob("*") if found.suffix.lower() in suffixes):
        if path.suffix.lower() == ".abc":
            text = path.read_text(encoding="utf-8", errors="replace")
            yield from (Item(path, number, tune) for number, tune in tunes_of(text))
        elif not (one_part and n_parts(path) > 1):
            yield Item(path)


def n_parts(path: Path) -> int:
    """How many parts a MusicXML file has; 0 for what cannot be opened."""
    try:
        data = path.read_bytes()
        if path.suffix.lower() == ".mxl":
            with zipfile.ZipFile(path) as archive:
                names = [name for name in archive.namelist() if "META-INF" not in name and name.endswith("xml")]
                data = archive.read(names[0]) if names else b""
        return len(re.findall(rb"<part\s", data.replace(b"\0", b"")))  # some are in UTF-16
    except (OSError, zipfile.BadZipFile):
        return 0


def read(item: Item) -> Reading:
    return read_abc(item.text, item.name) if item.text else read_music(item.path)


def ours(reading: Reading) -> tuple[Line, Metres]:
    melody = reading.melody
    line = [(note.onset, note.duration, note.pitch + melody.transposition) for note in melody.notes]
    return line, [(change.onset, str(change.metre)) for change in melody.metres]


def theirs(item: Item) -> tuple[Line, Metres] | str:
    """What music21 reads, or why not."""
    try:
        parsed = converter.parse(f"%abc-2.1\n{item.text}", format="abc") if item.text else converter.parse(item.path)
        parts = list(parsed.parts) if isinstance(parsed, stream.Score) else [parsed]
        if len(parts) != 1:
            return f"{len(parts)} parts"
        if any(parts[0].recurse().getElementsByClass(stream.Voice)):
            return "several voices"
        sounding = parts[0].toSoundingPitch().stripTies().flatten().notes
        notes = [note for note in sounding if not (note.duration.isGrace or isinstance(note, harmony.Harmony))]
        line = [(_exact(n.offset), _exact(n.quarterLength), max(p.midi for p in n.pitches)) for n in notes if n.pitches]
        changes = parts[0].flatten().getElementsByClass(meter.TimeSignature)
        return line, _changes([(_exact(change.offset), change.ratioString) for change in changes])
    except Exception as error:  # music21 raises whatever a file provokes
        return type(error).__name__


def _exact(number: float | Fraction) -> Fraction:
    return Fraction(number).limit_denominator(1024)


def _changes(metres: Metres) -> Metres:
    return [one for place, one in enumerate(metres) if place == 0 or one[1] != metres[place - 1][1]]


def difference_of_notes(mine: Line, other: Line) -> str:
    if mine == other:
        return ""
    if len(mine) != len(other):
        return "another number of notes"
    if [note[2] for note in mine] != [note[2] for note in other]:
        return "another pitch"
    return "another onset or duration"


def difference_of_metres(mine: Metres, other: Metres) -> str:
    if mine == other:
        return ""
    if not other:
        return "music21 has no metre"
    if mine[0] != other[0]:
        return f"{mine[0][1]} here, {other[0][1]} in music21"
    return "another change of metre"


def kind_of(message: str) -> str:
    """A message without names and numbers."""
    plain = re.sub(r"'[^']*'|\"[^\"]*\"|\([^)]*\)", "…", message)
    plain = re.sub(r"^(Took \w+) .*", r"\1 …", plain)
    return re.sub(r"\d[\d,./]*", "N", plain).strip()


def table(title: str, counts: Counter[str], total: int) -> str:
    rows = [f"| {name} | {count} | {100 * count / total:.1f} % |" for name, count in counts.most_common(_MOST_NAMED)]
    left = sum(counts.values()) - sum(count for _, count in counts.most_common(_MOST_NAMED))
    rows += [f"| others | {left} | {100 * left / total:.1f} % |"] if left else []
    return "\n".join([f"\n| {title} | number | share |", "|---|---:|---:|", *rows])


def judge(items: Sequence[Item], *, with_music21: bool) -> None:
    refused: Counter[str] = Counter()
    said: Counter[str] = Counter()
    notes: Counter[str] = Counter()
    metres: Counter[str] = Counter()
    examples: dict[str, str] = {}
    n_silent = n_compared = n_not_compared = n_refused_alone = 0
    for number, item in enumerate(items):
        print(f"\r{number} of {len(items)}", end="", file=sys.stderr, flush=True)
        other = theirs(item) if with_music21 else ""
        try:
            reading = read(item)
        except MusicEduError as problem:
            refused[kind_of(getattr(problem, "problem", str(problem)))] += 1
            n_refused_alone += not isinstance(other, str)
            continue
        said.update({kind_of(re.sub(r"\(Measure .*\)|^Measure .*:", "Measures …:", one)) for one in reading.notices})
        n_silent += not reading.notices
        if isinstance(other, str):
            n_not_compared += bool(other)
            continue
        n_compared += 1
        line, changes = ours(reading)
        for counts, difference in (
            (notes, difference_of_notes(line, other[0])),
            (metres, difference_of_metres(changes, other[1])),
        ):
            counts[difference or "the same"] += 1
            if difference:
                examples.setdefault(difference, item.name)
    print("\r", end="", file=sys.stderr)
    total = len(items)
    n_read = total - sum(refused.values())
    print(
        f"{total} files and tunes: {n_read} read ({100 * n_read / total:.1f} %), {n_silent} of them without a remark."
    )
    print(table("refused because", refused, total) if refused else "\nNone is refused.")
    print(table("said of what is read", said, total) if said else "")
    if with_music21 and n_compared:
        print(f"\nmusic21 reads {n_compared} of those that are read here as one line, and not {n_not_compared};")
        print(f"it reads {n_refused_alone} of those that are refused here.")
        print(table("notes", notes, n_compared))
        print(table("metres", metres, n_compared))
        for difference, name in examples.items():
            print(f"\n{difference}: {name}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=Path(music21.__file__).parent / "corpus")
    parser.add_argument("--format", choices=tuple(_SUFFIXES))
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--parts", choices=("all", "one"), default="all")
    parser.add_argument("--no-music21", action="store_true")
    wishes = parser.parse_args()
    warnings.simplefilter("ignore")  # music21's chatter about what it repairs
    chosen = [wishes.format] if wishes.format else list(_SUFFIXES)
    suffixes = [suffix for name in chosen for suffix in _SUFFIXES[name]]
    items = list(items_of(wishes.folder, suffixes, one_part=wishes.parts == "one"))
    if not items:
        raise SystemExit(f"{wishes.folder} holds no music files ({', '.join(suffixes)})")
    if wishes.sample and wishes.sample < len(items):
        items = random.Random(wishes.seed).sample(items, wishes.sample)
    judge(items, with_music21=not wishes.no_music21)


if __name__ == "__main__":
    main()
