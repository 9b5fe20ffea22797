"""The cases that the program ships: `assets/tool_cases`. Read when somebody asks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import chain, zip_longest
from typing import Any

from workbench.errors import UsageError
from workbench.messages import Tool
from workbench.paths import asset
from workbench.tools.checking.case import Case, Kind, Step


@cache
def all_cases() -> tuple[Case, ...]:
    """All, kind by kind."""
    tools = {name: Tool(name, one["description"], one["parameters"]) for name, one in _read("tools").items()}
    return tuple(_case(one, kind, tools) for kind in Kind for one in _read(kind.value))


def chosen(wanted: str, cases: Sequence[Case]) -> tuple[Case, ...]:
    """``wanted``: empty for all, a kind, an id, or a number: then as many of each kind, as far as they go.

    Raises `UsageError` for anything else.
    """
    if not wanted:
        return tuple(cases)
    if wanted.isdecimal() and int(wanted):
        return spread(cases)[: int(wanted)]
    found = tuple(one for one in cases if wanted in (one.kind.value, one.id))
    if not found:
        kinds = ", ".join(kind.value for kind in Kind)
        raise UsageError(
            f"There are no cases {wanted!r}.", hint=f"Give a number, a kind ({kinds}), or the id of a case."
        )
    return found


def spread(cases: Sequence[Case]) -> tuple[Case, ...]:
    """In turns of each kind, so that the first ones stand for all of them."""
    kinds = [[one for one in cases if one.kind is kind] for kind in Kind]
    return tuple(one for one in chain.from_iterable(zip_longest(*kinds)) if one is not None)


def fingerprint(cases: Sequence[Case]) -> str:
    """The same as long as what is asked and how it is graded are."""
    told = [
        [one.id, one.ask, [tool.name for tool in one.tools], str(one.steps), one.answer, one.never] for one in cases
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:16]


def _case(told: Mapping[str, Any], kind: Kind, tools: Mapping[str, Tool]) -> Case:
    return Case(
        told["id"],
        kind,
        told.get("language", "en"),
        told["ask"],
        tuple(tools[name] for name in told["tools"]),
        tuple(_step(one) for one in told.get("calls", ())),
        tuple((one,) if isinstance(one, str) else tuple(one) for one in told.get("answer", ())),
        tuple(told.get("never", ())),
    )


def _step(told: Mapping[str, Any]) -> Step:
    fails = "fails" in told
    gives = told["fails"] if fails else told["gives"]
    return Step(told["tool"], told.get("arguments", {}), gives if isinstance(gives, str) else _json(gives), fails)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _read(name: str) -> Any:
    return json.loads(asset(f"tool_cases/{name}.json").read_text("utf-8"))
