"""The calls of tools in one answer: their numbers, their ids, and what the tools' own schemas say."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from workbench.engine.parsing.events import CallArguments, CallStart


def random_id() -> str:
    """An id that no other call of a conversation has."""
    return f"call_{secrets.token_hex(12)}"


class Calls:
    """Numbers the calls of an answer. ``tools`` is the list of a request, in the form of OpenAI's API."""

    def __init__(self, tools: Sequence[Mapping[str, Any]] = (), new_id: Callable[[], str] = random_id) -> None:
        self._parameters = dict(filter(None, map(_function, tools)))
        self._new_id = new_id
        self._count = 0

    def __bool__(self) -> bool:
        """Whether any tool was offered."""
        return bool(self._parameters)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._parameters)

    def start(self, name: str) -> CallStart:
        self._count += 1
        return CallStart(index=self._count - 1, id=self._new_id(), name=name)

    def arguments(self, text: str) -> CallArguments:
        """The arguments of the call that was started last."""
        return CallArguments(index=self._count - 1, text=text)

    def schema(self, name: str, parameter: str) -> object:
        """The JSON schema of one parameter; None if the tool has no such parameter, or there is no such tool."""
        parameters = self._parameters.get(name, {})
        properties = parameters.get("properties")
        return properties.get(parameter) if isinstance(properties, Mapping) else None

    def definitions(self, name: str) -> Mapping[str, Any]:
        """The whole schema of a tool's parameters: what ``$ref`` points into."""
        return self._parameters.get(name, {})


def _function(tool: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]] | None:
    function = tool.get("function", tool)
    name = function.get("name") if isinstance(function, Mapping) else None
    if not isinstance(name, str) or not name:
        return None
    parameters = function.get("parameters")
    return name, parameters if isinstance(parameters, Mapping) else {}
