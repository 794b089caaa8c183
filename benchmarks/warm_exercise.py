"""How long an exercise takes once everything is loaded, beside music21 writing the same music.

    uv run python benchmarks/warm_exercise.py

Prints the median time from wish to MusicXML for exercises of eight measures, and its ratio to music21's export of the
same melodies in the same run.
"""

from __future__ import annotations

import statistics
import time

import music21

from musicedu.exercise.generator import generate
from musicedu.exercise.specification import Specification
from musicedu.formats.musicxml import render_musicxml
from musicedu.syllabus.instruments import instruments

N = 60


def main() -> None:
    names = list(instruments())
    wishes = [Specification(3 + index % 5, names[index % len(names)], measures=8, seed=index) for index in range(N)]
    generate(wishes[0])
    ours, theirs, pages = [], [], []
    for wish in wishes:
        start = time.perf_counter()
        page = render_musicxml(generate(wish).melody)
        ours.append(time.perf_counter() - start)
        pages.append(page)
    for page in pages:
        score = music21.converter.parse(page.decode(), format="musicxml")
        start = time.perf_counter()
        music21.musicxml.m21ToXml.GeneralObjectExporter(score).parse()
        theirs.append(time.perf_counter() - start)
    median, peer = 1000 * statistics.median(ours), 1000 * statistics.median(theirs)
    slowest = 1000 * sorted(ours)[int(0.95 * len(ours))]
    print(f"{N} exercises of 8 measures, levels 3 to 7: median {median:.0f} ms, 95th percentile {slowest:.0f} ms")
    print(f"music21 writing the same music alone: median {peer:.0f} ms; ratio {median / peer:.2f}")


if __name__ == "__main__":
    main()
