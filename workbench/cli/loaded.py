"""`workbench engines loaded` and `unload`: which models are in memory, and giving their memory back."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli import output
from workbench.cli.commands import add_action
from workbench.errors import ModelError, UsageError
from workbench.sizes import memory_words

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.engine.status import EngineStatus


def register(actions: Any) -> None:
    add_action(
        actions, "loaded", "the models in memory, of every Workbench here", "workbench engines loaded", run_loaded
    )
    unload = add_action(
        actions, "unload", "give the memory of a model back now", "workbench engines unload MODEL", run_unload
    )
    unload.add_argument("model", metavar="MODEL", help="a name from `engines loaded`")


def run_loaded(arguments: argparse.Namespace, workbench: Workbench) -> int:
    loaded = workbench.engine.loaded()
    if arguments.json:
        output.document({"loaded": [_json(status) for status in loaded]})
        return output.OK
    if not loaded:
        output.say("No model is in memory.")
        return output.OK
    rows: list[tuple[str, ...]] = [("MODEL", "MEMORY", "CONTEXT", "PROCESS")]
    rows += [
        (
            status.model,
            memory_words(status.memory_bytes) if status.memory_bytes else "",
            f"{status.context_tokens or 0:,} tokens",
            str(status.process_id),
        )
        for status in loaded
    ]
    output.write(output.safe(output.table(rows)) + "\n")
    return output.OK


def run_unload(arguments: argparse.Namespace, workbench: Workbench) -> int:
    path = _path(arguments.model, workbench)
    workbench.engine.unload(path)
    return output.done({"unloaded": arguments.model}, f"Unloaded {arguments.model}.", as_json=arguments.json)


def _path(name: str, workbench: Workbench) -> Path:
    """Of a loaded model by the name that is shown. Raises `UsageError` when it is not in memory."""
    loaded = workbench.engine.loaded()
    found = next((status.path for status in loaded if status.model == name and status.path), None)
    if found is not None:
        return found
    try:
        path = workbench.models.get(name).path.absolute()
    except ModelError:
        path = None
    if any(status.path == path for status in loaded) and path is not None:
        return path
    raise UsageError(f"The model {name!r} is not in memory.", hint="`workbench engines loaded` lists those that are.")


def _json(status: EngineStatus) -> dict[str, Any]:
    return {
        "model": status.model,
        "path": None if status.path is None else str(status.path),
        "memory_bytes": status.memory_bytes,
        "context_tokens": status.context_tokens,
        "process_id": status.process_id,
    }
