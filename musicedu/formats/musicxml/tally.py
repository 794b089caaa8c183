"""What was passed over on the way, counted by kind, so that each kind is one sentence."""

from __future__ import annotations

from musicedu.formats.reading import counted

_MOST_LETTERS = 20


class Tally:
    """Counts what was passed over, with the measure and the text of the first of each kind."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], tuple[int, str, str]] = {}

    def add(self, kind: str, measure: str, text: str = "", why: str = "") -> None:
        """Count one thing of a `kind` ("tempo mark") in a measure; `why` says what was the matter with it."""
        n, first, example = self._found.get((kind, why), (0, measure, text))
        self._found[kind, why] = (n + 1, first, example)

    @property
    def notices(self) -> tuple[str, ...]:
        """A sentence for each kind."""
        sentences = []
        for (kind, why), (n, measure, text) in self._found.items():
            example = f" ({text[:_MOST_LETTERS]!r})" if text else ""
            place = f"in measure {measure}" if n == 1 else f"the first in measure {measure}"
            because = f" {why}" if why else ""
            sentences.append(f"Passed over {counted(n, kind)}{because}, {place}{example}")
        return tuple(sentences)
