"""Where llama-cpp-python is on this machine, and what it can compute on; asked without loading it into this process."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from importlib import util
from pathlib import Path
from typing import Any

from workbench.cancel import CancelToken
from workbench.engine.records import read_private_json, write_private
from workbench.engine.runtimes.probe_engine import Answer, ask, native_devices
from workbench.engine.worker import worker_child
from workbench.engine.worker.worker_launcher import NAME, PACKAGE
from workbench.errors import EngineError
from workbench.hardware.backends import EngineDevice

SITE = "site"
MANIFEST = "workbench-engine.json"
SECONDS = 30.0  # the first start of a fresh CUDA build is slow


def site(engines: Path) -> Path | None:
    """The folder to import from: the one that was built under ``engines``, else this interpreter's; None: nowhere."""
    built = engines / NAME
    if (built / MANIFEST).is_file() and (built / SITE / PACKAGE / "__init__.py").is_file():
        return built / SITE
    spec = None if getattr(sys, "frozen", False) else util.find_spec(PACKAGE)
    return None if spec is None or spec.origin is None else Path(spec.origin).parent.parent


def write_manifest(engine: Path, version: str) -> None:
    """Say that ``engine`` is whole. ``python``: compiled parts of what it needs fit only that one. Raises `OSError`."""
    write_private(engine / MANIFEST, json.dumps({"id": NAME, "version": version, "python": _python()}))


def check_python(folder: Path) -> None:
    """Raises `EngineError` when the package in ``folder`` was built for another Python."""
    made_for = read_private_json(folder.parent / MANIFEST).get("python", _python())
    if made_for != _python():
        raise EngineError(
            f"llama-cpp-python was built for Python {made_for}, and Workbench runs on {_python()} now.",
            hint=f"Build it again: `workbench engines install {NAME}`.",
        )


def devices(
    folder: Path, cancel: CancelToken, *, command: Sequence[str] | None = None, seconds: float = SECONDS
) -> tuple[EngineDevice, ...]:
    """The GPUs that the package in ``folder`` sees. Raises `EngineError` when it cannot be loaded."""
    check_python(folder)
    order = json.dumps({"parent": os.getpid(), "devices": True, "site": str(folder)}).encode() + b"\n"
    said = ask(tuple(command or worker_child.command()), cancel, order=order, seconds=seconds)
    answer = _answer(said)
    if not isinstance(answer.get("devices"), list):
        reason = str(answer.get("error") or "it does not answer")
        raise EngineError(f"llama-cpp-python does not run here: {reason[:300]}", detail=said.text[-2000:])
    return native_devices([device for device in answer["devices"] if isinstance(device, dict)])


def _answer(said: Answer) -> dict[str, Any]:
    for line in said.text.splitlines():
        if line.startswith('{"'):
            try:
                found = json.loads(line)
            except ValueError:
                continue
            if isinstance(found, dict):
                return found
    return {}


def _python() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"
