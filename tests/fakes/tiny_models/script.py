"""What a tiny model says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Script:
    """The texts, each a few words, and the call that is made once tools are offered.

    ``long``: so many more words (up to about 3,000) in the plain answer. ``broken``: the name of a fault of form, see the
    family's module; empty for none. ``form``: another way to call that the family has, see there. ``again``: arguments of a
    second call in the same message, where the family can. A text in which the chain would lose its way is refused when the
    model is built.
    """

    thought: str = "The user asks something, so I think about it."
    answer: str = "Hello! I am a tiny model with real experts."
    tool: str = "get_weather"
    arguments: str = '{"city":"Paris"}'
    told: str = "It is sunny there."
    form: str = ""
    again: str = ""
    long: int = 0
    broken: str = ""
