"""`TurnTools` made of functions that the test writes, with arguments checked as the desk does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workbench.chat.tooling.port import Limits
from workbench.tools.tool import Call, Harm, Outcome, Place, ToolSpec
from workbench.tools.validating import arguments_of

Doing = Callable[[Mapping[str, Any], Call], Outcome]

SUM = {
    "type": "object",
    "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}},
    "required": ["a", "b"],
    "additionalProperties": False,
}
TEXT = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}


def spec(name: str, harm: Harm = Harm.READ, parameters: Mapping[str, Any] = TEXT, **more: Any) -> ToolSpec:
    return ToolSpec(name, name.title(), f"Does {name}.", parameters, harm, **more)


def add(arguments: Mapping[str, Any], _call: Call) -> Outcome:
    return Outcome(str(arguments["a"] + arguments["b"]))


@dataclass
class FakeTools:
    """``tools``: each with what it does. ``calls``: names and arguments of all that were made."""

    tools: dict[ToolSpec, Doing]
    most: Limits = Limits()
    calls: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    given: list[Call] = field(default_factory=list)
    asked_for: list[tuple[str, ...] | None] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def offered(self, place: Place, names: tuple[str, ...] | None, model: str) -> tuple[ToolSpec, ...]:
        self.asked_for.append(names)
        return tuple(spec for spec in self.tools if names is None or spec.name in names)

    def there(self, place: Place) -> tuple[ToolSpec, ...]:
        return tuple(self.tools)

    def read(self, spec: ToolSpec, written: str) -> Mapping[str, Any]:
        return arguments_of(written, spec)

    def call(self, spec: ToolSpec, arguments: Mapping[str, Any], call: Call) -> Outcome:
        with self._lock:
            self.calls.append((spec.name, arguments))
            self.given.append(call)
        return self.tools[spec](arguments, call)

    def limits(self) -> Limits:
        return self.most
