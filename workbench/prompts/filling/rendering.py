"""What is asked of the child that renders, what it answers, and its bounds. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from workbench.cancel import CancelToken
from workbench.errors import UsageError
from workbench.prompts.filling.parsing import Kind, Template


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of one rendering. ``memory_bytes``: over what the child needs anyway. ``output_bytes``: in UTF-8. ``order_bytes``:
    template and values together. ``idle_seconds``: the child ends when nobody asked for so long."""

    seconds: float = 1.0
    memory_bytes: int = 50 << 20
    output_bytes: int = 1 << 20
    order_bytes: int = 4 << 20
    idle_seconds: float = 120.0


BOUNDS: Final = Bounds()
_BYTES_OF_AN_ANSWER: Final = 6  # in JSON, of one in UTF-8, at most: a control as an escape
_FOR_THE_REST: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Rendering:
    """``source``: what the engine is given for ``template``. ``values``: by name. ``steps``: JSON by name. ``only_check``:
    nothing is rendered, only what is wrong with the template is told."""

    template: Template
    source: str
    values: Mapping[str, object]
    steps: Mapping[str, Any]
    only_check: bool = False


class Renders(Protocol):
    """As `worker.Renderer`."""

    def render(self, rendering: Rendering, cancel: CancelToken) -> str: ...

    def warm(self, cancel: CancelToken) -> None: ...

    def close(self) -> None: ...


def order(rendering: Rendering, bounds: Bounds) -> bytes:
    """As the child reads it. Raises `UsageError` for what is too much."""
    text = rendering.template.text
    wanted = {
        "source": rendering.source,
        "values": {**rendering.values, "steps": rendering.steps},
        "newline": "\r\n" if "\r\n" in text else "\n",
        "only_check": rendering.only_check,
    }
    said = json.dumps(wanted, ensure_ascii=False).encode("utf-8", "surrogatepass")
    if len(said) > bounds.order_bytes:
        raise UsageError(
            "The prompt and what is filled in are too long for a prompt with conditions or loops.",
            hint="Fill in less, or use variables alone.",
        )
    return said


def most_bytes(bounds: Bounds) -> int:
    """An answer that is longer is none."""
    return bounds.output_bytes * _BYTES_OF_AN_ANSWER + _FOR_THE_REST


def rendered(said: bytes, template: Template) -> str:
    """The text. Raises `UsageError` with what the child complained about, or where it said nothing sensible."""
    try:
        answer = json.loads(said.decode("utf-8", "surrogatepass"))
        if isinstance(text := answer.get("text"), str):
            return text
        message, line = str(answer["error"]), int(answer.get("line", 0))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise cannot("its rendering was cut off") from None
    raise cannot(message, line if 0 < line <= template.text.count("\n") + 1 else 0)


class TemplateProblem(UsageError):  # noqa: N818 - a problem of what a person wrote
    """``why``: without the words around it. ``line``: from 1, 0 where none is known."""

    default_hint = "Change its conditions and loops."

    def __init__(self, why: str, line: int = 0) -> None:
        place = f" (line {line})" if line else ""
        super().__init__(f"The prompt cannot be filled in{place}: {why}.")
        self.why, self.line = why, line


def cannot(why: str, line: int = 0) -> TemplateProblem:
    """``The prompt cannot be filled in (line 3): ….``"""
    return TemplateProblem(why, line)


def place_of(template: Template, line: int) -> tuple[int, int]:
    """The characters that a complaint about this line (from 1) is about: the code on it, else the line."""
    lines = template.text.split("\n")
    line = min(max(line, 1), len(lines))
    start = sum(len(one) + 1 for one in lines[: line - 1])
    end = start + len(lines[line - 1])
    code = [one for one in template.segments if one.kind in (Kind.CODE, Kind.TAG) and start <= one.start <= end]
    return (code[0].start, code[-1].end) if code else (start, end)
