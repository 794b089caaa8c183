"""The promise of a recipe: what it made once it makes again; so do sheets, judgements and classes."""

import json
import os

import pytest

from tests.golden.behaviour import FILE, KINDS

PINNED = json.loads(FILE.read_text(encoding="utf-8"))
EVERY = 1 if os.environ.get("MUSICEDU_ALL_PINS") else 5


@pytest.mark.parametrize("kind", KINDS)
def test_it_makes_what_it_made(kind):
    now = dict(KINDS[kind](EVERY))
    assert len(now) >= len(PINNED[kind]) / EVERY
    assert {name: hashed for name, hashed in now.items() if PINNED[kind].get(name) != hashed} == {}
