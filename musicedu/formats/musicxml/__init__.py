"""MusicXML 4.0 (partwise), both ways: `Melody` to bytes and back, note for note and mark for mark.

What a `Melody` holds is written so that engraving programs show it and reading it back gives the same `Melody`.
Reading takes one voice of any program's file; what a `Melody` has no place for (lyrics, chord symbols, grace notes,
repeat signs, page layout) is left out. https://www.w3.org/2021/06/musicxml40/
"""

from musicedu.formats.musicxml.reading import parse_musicxml, read_musicxml
from musicedu.formats.musicxml.writing import CLEFS, choose_clef, render_musicxml

__all__ = ["CLEFS", "choose_clef", "parse_musicxml", "read_musicxml", "render_musicxml"]
