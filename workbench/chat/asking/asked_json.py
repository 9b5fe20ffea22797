"""How a person asked, as it is kept with a turn: what goes on later, without them, goes on in the same way. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.chat.asking.model_options import as_json, from_json
from workbench.chat.asking.options import AS_SET, Options
from workbench.chat.asking.resolve import ModelOptions


def asked_json(asked: Options) -> dict[str, Any]:
    """Only what was said. Not the form of an answer, which has no tools to wait for; a prompt is kept with its question."""
    told = {
        "model": asked.model or None,
        "system": asked.system or None,
        "max_tokens": asked.max_tokens,
        "folders": None if asked.folders is None else list(asked.folders),
        "tools": None if asked.tools is None else list(asked.tools),
        "memory": asked.memory,
        "most_seconds": asked.most_seconds,
    }
    made = as_json(ModelOptions(asked.sampling, asked.effort, asked.reasoning_tokens))
    return {**made, **{key: value for key, value in told.items() if value is not None}}


def asked_from_json(told: Mapping[str, Any]) -> Options:
    """What `asked_json` wrote; where it is something else, as the settings say."""
    try:
        made = from_json(told)
        return Options(
            model=str(told.get("model", "")),
            system=str(told.get("system", "")),
            max_tokens=None if told.get("max_tokens") is None else int(told["max_tokens"]),
            sampling=made.sampling,
            effort=made.effort,
            reasoning_tokens=made.reasoning_tokens,
            folders=_names(told.get("folders")),
            tools=_names(told.get("tools")),
            memory=None if told.get("memory") is None else bool(told["memory"]),
            most_seconds=None if told.get("most_seconds") is None else float(told["most_seconds"]),
        )
    except (TypeError, ValueError):
        return AS_SET


def _names(told: Any) -> tuple[str, ...] | None:
    return None if told is None else tuple(str(name) for name in told)
