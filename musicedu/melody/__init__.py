"""`Melody`, the one noun of the house: a single line of music, exact, knowing its metre, key and anacrusis.

Times are quarter notes, held as fractions: `onset` counts from the start of the melody (an anacrusis starts at 0),
`duration` is how long a note sounds. A rest is a gap between notes. A tie is not stored: a note that sounds across a
barline is one note here, and `musicedu.notation` writes it with a tie. Pitches are *written* pitches;
`transposition` says how many semitones away they sound.
"""

from musicedu.melody.key import MODES, Key, Mode
from musicedu.melody.laying import Measure
from musicedu.melody.marks import (
    ARTICULATIONS,
    DYNAMICS,
    HAIRPINS,
    ORNAMENTS,
    Dynamic,
    Hairpin,
    IrregularAt,
    KeyAt,
    MetreAt,
    Note,
    Slur,
    TempoAt,
)
from musicedu.melody.melody import Melody
from musicedu.melody.metre import Metre

__all__ = [
    "ARTICULATIONS",
    "DYNAMICS",
    "HAIRPINS",
    "MODES",
    "ORNAMENTS",
    "Dynamic",
    "Hairpin",
    "IrregularAt",
    "Key",
    "KeyAt",
    "Measure",
    "Melody",
    "Metre",
    "MetreAt",
    "Mode",
    "Note",
    "Slur",
    "TempoAt",
]
