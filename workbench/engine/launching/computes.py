"""By what an engine computes: its build, and where the layers of its model are, as its log tells. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from workbench.models.sizing.measurements import BUFFER

PROCESSOR: Final = "processor"
_OFFLOADED: Final = re.compile(r"offloaded (?P<there>\d+)/(?P<all>\d+) layers to GPU")


@dataclass(frozen=True, slots=True)
class Computes:
    """``build``: such as "llama.cpp b6700, cuda-12"; ``devices``: such as "CUDA0: 25 of 25 layers". Empty: not known."""

    build: str = ""
    devices: str = ""


def devices_in(lines: Iterable[str], experts_on_cpu: int | None = None) -> str:
    """Where the layers of the last start in an engine's log are; empty where it does not say. ``experts_on_cpu``: of so
    many layers the experts are on the processor."""
    there, count = 0, 0
    devices: dict[str, None] = {}
    for line in lines:
        if found := _OFFLOADED.search(line):
            there, count = int(found["there"]), int(found["all"])
        elif (found := BUFFER.search(line)) and found["what"] == "model":
            devices[found["device"]] = None
    others = [device for device in devices if not device.startswith("CPU")]
    if not there:
        return PROCESSOR if devices else ""
    experts = f", experts of {experts_on_cpu} on the processor" if experts_on_cpu else ""
    return f"{', '.join(others) or 'GPU'}: {there} of {count} layers{experts}"
