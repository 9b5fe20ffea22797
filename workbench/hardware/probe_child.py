"""A process that asks one driver one question and prints the answer as one line of JSON: a driver that hangs or crashes
takes this process with it, not the program."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from workbench.errors import HardwareError
from workbench.hardware.looking import Run
from workbench.hardware.sightings import Sighting

CHILD_FLAG = "--probe-child"


def command(question: str) -> list[str]:
    """What asks ``question``: nvml, metal, dxgi or bandwidth. The frozen app starts itself, with a flag for its entry."""
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_FLAG, question]
    return [sys.executable, "-m", "workbench.hardware.probe_child", question]


def sightings(run: Run, question: str, seconds: float) -> tuple[Sighting, ...] | None:
    """Ask a child. Raises `HardwareError` when it gives no answer in time, or none that can be read."""
    return read(run(command(question), seconds))


def read(output: str) -> tuple[Sighting, ...] | None:
    try:
        rows = json.loads(output)
        return None if rows is None else tuple(Sighting(**row) for row in rows)
    except (ValueError, TypeError) as error:
        raise HardwareError("gave an answer that cannot be read", detail=output[:200]) from error


def main(arguments: Sequence[str] | None = None) -> int:
    question = (sys.argv[1:] if arguments is None else arguments)[-1]
    channel = os.dup(1)
    os.dup2(2, 1)  # what drivers print goes to standard error
    os.write(channel, json.dumps(answer(question)).encode() + b"\n")
    return 0


def answer(question: str) -> Any:
    """What the line says."""
    from workbench.hardware import measure
    from workbench.hardware.probes import dxgi, metal, nvml

    if question == measure.QUESTION:
        return measure.copy_rate()
    look = {"nvml": nvml.look, "metal": metal.look, "dxgi": dxgi.look}[question]
    found = look()
    return None if found is None else [asdict(seen) for seen in found]


if __name__ == "__main__":
    sys.exit(main())
