"""What a tool gave, as it is stored and exported; its text is kept beside. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from workbench.chat.sources_json import passages_from_json
from workbench.messages import ToolResult


def result_as_json(result: ToolResult) -> dict[str, Any]:
    """All but its text; what says nothing is left out."""
    told = {"id": result.id, "name": result.name}
    more = {
        "failed": result.failed,
        "seconds": result.seconds,
        "passages": [asdict(passage) for passage in result.passages],
        "untrusted": result.untrusted,
        "cut": result.cut,
    }
    return told | {name: value for name, value in more.items() if value or (name == "seconds" and value is not None)}


def result_from_json(told: Mapping[str, Any], text: str) -> ToolResult:
    """What `result_as_json` made, also where a stranger wrote it. Raises `ValueError` for anything else."""
    seconds = told.get("seconds")
    try:
        if seconds is not None and not math.isfinite(seconds):
            raise ValueError("seconds without an end")
        return ToolResult(
            str(told.get("id", "")),
            str(told.get("name", "")),
            text,
            bool(told.get("failed", False)),
            None if seconds is None else float(seconds),
            passages_from_json(told.get("passages", ())),
            bool(told.get("untrusted", False)),
            int(told.get("cut", 0)),
        )
    except (TypeError, OverflowError) as error:
        raise ValueError("a result in another form") from error
