"""Pictures and sounds inside a page: nothing beside it, nothing from the network, so that a notebook carries them."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from IPython.display import display

_BETWEEN_TAGS = re.compile(r">\s+<")


@dataclass(frozen=True, slots=True)
class Shown:
    """Something to show: as HTML where a page can show it, and in words everywhere else."""

    html: str
    words: str

    def __repr__(self) -> str:
        return self.words

    def _repr_html_(self) -> str:
        return self.html

    def __add__(self, other: Shown) -> Shown:
        return Shown(self.html + "\n" + other.html, self.words + "\n" + other.words)


def picture(data: bytes | str, words: str) -> Shown:
    """A picture, SVG text or the bytes of a PNG; `words` say it to whoever cannot see it.

    It stands in an `<img>`, which shows in a notebook that is not trusted yet; inline SVG does not.
    """
    source = _svg_source(data) if isinstance(data, str) else f"data:image/png;base64,{b64encode(data).decode()}"
    style = "max-width:100%;background:white;display:block;padding:0.5em;box-sizing:border-box"
    return Shown(f'<img alt="{escape(words)}" style="{style}" src="{source}">', words)


def sound(data: bytes, words: str, *, mime: str = "audio/mpeg") -> Shown:
    """A player that holds the sound itself, with its words below."""
    source = f"data:{mime};base64,{b64encode(data).decode()}"
    audio = f'<audio controls preload="auto" aria-label="{escape(words)}" src="{source}"></audio>'
    caption = f'<figcaption style="font-size:0.9em">{escape(words)}</figcaption>'
    return Shown(f'<figure style="margin:0.3em 0">{audio}{caption}</figure>', words)


def show(*things: Shown) -> None:
    """Show things below a notebook cell, one under the other; outside a notebook their words are printed."""
    for thing in things:
        display(thing)


def _svg_source(svg: str) -> str:
    tight = _BETWEEN_TAGS.sub("><", svg.strip())
    if "'" not in tight:
        tight = tight.replace('"', "'")
    # Percent-encoding leaves most of an SVG as it is: a third smaller than base64.
    return "data:image/svg+xml," + quote(tight, safe="/:=;,.-_!~*'()? @$+")
