"""What a turn was told of the person, as it is stored. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from workbench.memory.memory import NOTHING_REMEMBERED, AboutMe, Fact, Remembered


def memory_as_json(told: Remembered) -> str:
    """``{}`` for nothing. Facts as they were told: a change later does not reach them."""
    if not told:
        return "{}"
    kept = {
        "own": asdict(told.own),
        "of_project": asdict(told.of_project),
        "facts": [asdict(fact) for fact in told.facts],
        "left_out": told.left_out,
    }
    return json.dumps({name: value for name, value in kept.items() if value})


@lru_cache(maxsize=64)
def memory_from_json(text: str) -> Remembered:
    """What `memory_as_json` made; nothing for what another version wrote. The turns of a chat are mostly told the same:
    it is read once."""
    if text in ("", "{}"):
        return NOTHING_REMEMBERED
    try:
        told = json.loads(text)
        return Remembered(
            AboutMe(**told.get("own", {})),
            AboutMe(**told.get("of_project", {})),
            tuple(map(_fact, told.get("facts", ()))),
            int(told.get("left_out", 0)),
        )
    except (TypeError, ValueError, AttributeError):
        return NOTHING_REMEMBERED


def _fact(told: Mapping[str, Any]) -> Fact:
    return Fact(**told)
