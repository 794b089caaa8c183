"""How a `Melody` is written down: symbols, barlines, ties, dots, tuplets, beams and accidentals.

A `Melody` says what sounds; this room decides how an engraver would write it. A sounding note becomes one symbol or
several joined by ties, so that the metre stays visible (Gould 2011, *Behind Bars*, chapters "Rhythm" and "Metre").
"""

from musicedu.notation.symbols import VALUES, Symbol
from musicedu.notation.writing import Accidental, accidentals, write

__all__ = ["VALUES", "Accidental", "Symbol", "accidentals", "write"]
