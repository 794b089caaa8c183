"""Sound that passes by: looked at stretch by stretch, with no more of it held than is still asked for."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from musicedu.audio.mixing import Sound


class PassingSound:
    """Mono sound in chunks, of which any stretch may be asked for that begins no earlier than the last one did."""

    def __init__(self, chunks: Iterable[Sound]) -> None:
        self._chunks = iter(chunks)
        self._held: list[Sound] = [np.zeros(0, np.float32)]
        self._begin = self._end = 0  # samples: of what is held
        self.has_ended = False

    @property
    def n_samples(self) -> int:
        """How many there are in all; `ValueError` before the last was seen."""
        if not self.has_ended:
            raise ValueError("the sound has not ended yet")
        return self._end

    def stretch(self, begin: int, end: int) -> Sound:
        """The samples from `begin` to `end`: zeros before the sound, and fewer where it ends."""
        while self._end < end and not self.has_ended:
            self._hear()
        held = np.concatenate(self._held) if len(self._held) != 1 else self._held[0]
        kept = held[max(0, begin - self._begin) :]
        self._held, self._begin = [kept], self._end - len(kept)
        if begin >= 0:
            return kept[: end - begin]
        return np.concatenate([np.zeros(-begin, np.float32), kept[: max(0, end)]])[: end - begin]

    def _hear(self) -> None:
        chunk = next(self._chunks, None)
        if chunk is None:
            self.has_ended = True
            return
        if chunk.ndim != 1 or not np.all(np.isfinite(chunk)):
            raise ValueError(f"y must be one row of finite samples, not of shape {chunk.shape}")
        self._held.append(np.asarray(chunk, dtype=np.float32))
        self._end += len(chunk)
