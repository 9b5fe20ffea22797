"""The saved prompt that a question was written with, as it is stored and exported. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from workbench.messages import Effort, UsedPrompt

MOST = 1000


def prompt_as_json(prompt: UsedPrompt) -> dict[str, Any]:
    told = {key: _clean(value) if isinstance(value, str) else value for key, value in asdict(prompt).items()}
    values = {_clean(name): _clean(value) for name, value in prompt.values.items()}
    effort = prompt.effort.value if prompt.effort else None
    return told | {"effort": effort, "folders": list(prompt.folders), "values": values}


def prompt_from_json(told: Mapping[str, Any]) -> UsedPrompt:
    """What `prompt_as_json` made, also where a stranger wrote it. Raises `ValueError` for anything else."""
    try:
        return UsedPrompt(
            str(told.get("prompt_id", "")),
            str(told.get("name", "")),
            str(told.get("title", "")),
            int(told.get("version", 1)),
            str(told.get("system") or ""),
            str(told.get("model") or ""),
            Effort(told["effort"]) if told.get("effort") else None,
            _temperature(told.get("temperature")),
            _schema(told.get("schema")),
            tuple(str(one) for one in (told.get("folders") or ())[:MOST]),
            {str(name): str(value) for name, value in (told.get("values") or {}).items()},
        )
    except (AttributeError, KeyError, TypeError, OverflowError) as error:
        raise ValueError("a prompt in another form") from error


def _clean(text: str) -> str:
    """Text that every file takes: lone surrogates become question marks."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _temperature(value: Any) -> float | None:
    found = None if value is None else float(value)
    if found is not None and not (math.isfinite(found) and 0 <= found <= 5):
        raise ValueError("no temperature")
    return found


def _schema(value: Any) -> Mapping[str, Any] | None:
    if value is not None and not isinstance(value, dict):
        raise ValueError("no schema")
    return value
