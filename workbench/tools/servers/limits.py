"""How long a server of tools may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds: until it has told its tools (it may have to be fetched first); of a call without any news of it."""

    start: float = 120.0
    call: float = 60.0


USUAL = Limits()
