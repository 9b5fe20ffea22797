"""Versions of a text that a model wrote: what a person made of it beside the chat. Values."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.messages import Id

WHOLE = ""
"""The place of a whole message; a block of code has the number of its part and where it begins in it: ``0:120``."""


@dataclass(frozen=True, slots=True)
class Version:
    """``number``: from 1, oldest first; what the model wrote is none of them. ``at``: seconds since the epoch."""

    message_id: Id
    place: str
    number: int
    text: str
    at: float
