"""Tapping along with a sound, on a button or the keyboard: a student's own beats, in seconds.

The taps come into Python while the sound plays. Where nobody has tapped (a page that is run from top to bottom) a
listener's example stands in, and the words say so.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import traitlets

from musicedu.audio.synthesise import render_wav
from musicedu.display.embed import Shown
from musicedu.display.live import Live, note, script

FEWEST_TAPS = 4


class TapAlong(Live):
    """A sound with a button to tap on; `taps_sec` are the taps, or the example where there are fewer than four."""

    _esm = script("tapping.js")
    sound = traitlets.Unicode().tag(sync=True)
    words = traitlets.Unicode().tag(sync=True)
    said = traitlets.Unicode("Press Play, then tap on the button or on any key.").tag(sync=True)
    taps = traitlets.List(traitlets.Float()).tag(sync=True)

    def __init__(self, sound: str, words: str, example_sec: Sequence[float] = ()) -> None:
        super().__init__(sound=sound, words=words)
        self.example_sec = tuple(float(at) for at in example_sec)

    @property
    def is_example(self) -> bool:
        """Whether too few taps have come, so that the example stands in."""
        return len(self.taps) < FEWEST_TAPS

    @property
    def taps_sec(self) -> tuple[float, ...]:
        """The taps in seconds of the sound, increasing."""
        return self.example_sec if self.is_example else tuple(sorted(self.taps))

    def still(self) -> Shown:
        """How to go on."""
        return note(f"Run this cell to tap along with: {self.words}.")


def tap_along(y: npt.NDArray[np.floating], sr: int, what: str, *, example_sec: Sequence[float] = ()) -> TapAlong:
    """A button to tap on while a sound plays.

    y: mono samples; what: what is heard, in words; example_sec: taps that stand in until somebody has tapped.
    """
    # Not MP3: its encoder puts some hundredths of a second before the sound, which not every browser takes away.
    data = render_wav(np.asarray(y, dtype=np.float32), sr)
    return TapAlong(f"data:audio/wav;base64,{b64encode(data).decode()}", what, example_sec)
