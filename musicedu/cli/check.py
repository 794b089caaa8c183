"""`musicedu check`: how hard a piece is that somebody else wrote, and why."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from musicedu.cli.reporting import AsJson, print_json
from musicedu.errors import MusicEduError

_LINE = "N|NAME"


def check(
    file: Annotated[Path, typer.Argument(help="A MusicXML (.musicxml, .xml, .mxl), MIDI or ABC file.")],
    part: Annotated[
        str | None, typer.Option(metavar=_LINE, help="Of several parts or tracks, the one to judge.")
    ] = None,
    voice: Annotated[str | None, typer.Option(metavar=_LINE, help="Of several voices, the one to judge.")] = None,
    tune: Annotated[str | None, typer.Option(metavar=_LINE, help="Of several tunes in an ABC file, the one.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say how hard a melody is, on the scale of the ten levels, and why.

    The score adds up from what is on the page: each reason says how many levels it adds. Length and tempo are reported
    apart, since a long piece is not a hard one. If the melody shares ten notes or more with a tune that this package
    knows, the tune is named. What was chosen, mended or passed over in reading the file is said first.

    **Examples**

    `musicedu check song.musicxml`

    `musicedu check reel.abc --json`

    `musicedu check quartet.mxl --part viola`
    """
    from musicedu.errors import one_line
    from musicedu.formats.files import read_music
    from musicedu.formats.reading import Choice, counted
    from musicedu.originality.quotes import find_quote
    from musicedu.syllabus.difficulty import estimate_difficulty
    from musicedu.wording.english import in_words, term_in_words

    reading = read_music(file, Choice(part, voice, tune))
    melody = reading.melody
    try:
        difficulty = estimate_difficulty(melody)
    except MusicEduError as fault:  # of a measure, which does not know its file
        raise type(fault)(fault.problem, where=f"{file.name}, {fault.where}", remedy=fault.remedy) from None
    quote = find_quote(melody)
    facts = {
        "title": melody.title,
        "key": melody.key.name,
        "metre": str(melody.metre),
        "measures": len(melody.measures),
        "notes": difficulty.n_notes,
        "tempo_bpm": None if difficulty.tempo_bpm is None else float(difficulty.tempo_bpm),
    }
    if as_json:
        terms = [
            {"name": term.name, "adds": round(term.value, 2), "reason": term_in_words(term)}
            for term in difficulty.terms
        ]
        judged = {"level": difficulty.level, "difficulty": round(difficulty.score, 2), "terms": terms}
        quoted = None if quote is None else asdict(quote)
        print_json({**facts, **judged, "quote": quoted, "notices": list(reading.notices)})
        return
    tempo = f", quarter = {facts['tempo_bpm']:g}" if facts["tempo_bpm"] else ""
    print(one_line(melody.title) or one_line(file.name))
    length = f"{counted(len(melody.measures), 'measure')}, {counted(difficulty.n_notes, 'note')}"
    print(f"  {facts['key']}, {facts['metre']}, {length}{tempo}")
    for notice in reading.notices:
        print(f"  {one_line(notice)}")
    print(f"\nLevel {difficulty.level} (difficulty {difficulty.score:.1f})")
    for reason in difficulty.reasons:
        print(f"  {in_words(reason)}")
    if quote is not None:
        print(f"\n{in_words(quote)}")
