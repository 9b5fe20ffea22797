"""How a model writes: which parser takes its answers apart, and where its answer begins after the reasoning. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from workbench.engine.parsing.events import Parser
from workbench.engine.parsing.formats import CallFormat, format_of, parser_for

_OPENED = re.compile(r"<think>\s*\Z|<\|channel>thought\s*\Z")
_CLOSED = re.compile(r"</think>\s*\Z|<channel\|>\s*\Z")
_FINAL = "<|channel|>final<|message|>"


class Voice:
    """Of the model with this template."""

    def __init__(self, template: str, architecture: str) -> None:
        self._template = template
        self._architecture = architecture
        self._format = format_of(template, architecture)

    @property
    def calls(self) -> CallFormat:
        """How it calls tools; "" where we know no way."""
        return self._format.calls

    @property
    def channels(self) -> bool:
        """Whether reasoning, answers and calls are messages of one kind, each in its channel."""
        return self._format.name == "harmony"

    @property
    def closing_before_call(self) -> str:
        """As `closing`, for a model with channels that is to call a tool next."""
        return "<|end|><|start|>assistant"

    @property
    def special(self) -> bool:
        """Whether the parser needs the markers, which are tokens of their own, in the text."""
        return self._format.name != "plain"

    @property
    def closing(self) -> str:
        """What the model would write to end its reasoning and begin its answer; empty where it does not reason."""
        if self._format.name == "harmony":
            return f"<|end|><|start|>assistant{_FINAL}"
        if not self._format.reasons:
            return ""
        return "<channel|>" if self._format.name == "gemma4" else "\n</think>\n\n"

    @property
    def continued(self) -> str:
        """What stands between the model's turn and a begun answer that it goes on with."""
        if self._format.name != "harmony":
            return ""
        return f"<|channel|>analysis<|message|><|end|><|start|>assistant{_FINAL}"

    def thought_opening(self, tail: str) -> str:
        """What the model may begin with by itself, after a prompt that ends in ``tail``, to think first."""
        if self._format.name == "harmony" or not self._format.reasons or _OPENED.search(tail) or _CLOSED.search(tail):
            return ""
        return "<|channel>" if self._format.name == "gemma4" else "<think>"

    def parser(self, tools: Sequence[Mapping[str, Any]], tail: str) -> Parser:
        """For one answer; ``tail``: the end of its prompt."""
        return parser_for(self._template, architecture=self._architecture, tools=tools, prompt_tail=tail)

    def answer_marker(self, tail: str) -> str:
        """What stands before the answer after a prompt that ends in ``tail``; empty where the answer comes at once."""
        if self._format.name == "harmony":
            return "" if _FINAL in tail[tail.rfind("<|start|>") :] else _FINAL
        return self.end_of_thought if _OPENED.search(tail) else ""

    @property
    def end_of_thought(self) -> str:
        return self.closing.strip()
