"""What a model's chat template takes, judged by the prompts that it renders: two efforts that lead to the same prompt
are one. Pure: rendering is a function that is passed in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from workbench.engine.asking import wire
from workbench.messages import ChatRequest, Effort, Tool, user

SWITCH: Final = (Effort.OFF, Effort.ON)
LEVELS: Final = (Effort.LOW, Effort.MEDIUM, Effort.HIGH)

_PROBE = user("Hello")
_TOOL = Tool("workbench_probe", "A tool that shows whether tools are shown.", {"type": "object", "properties": {}})
_OPENED_THOUGHTS: Final = re.compile(r"<(?:think|thinking|seed:think)>\s*$")
_TOLD_THOUGHTS: Final = re.compile(r"reasoning_content|<think>|<\|channel\|?>|\bthinking\b")

Render = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True, slots=True)
class Traits:
    """``efforts``: those that change the prompt, least first; ``default_effort``: what the template does by itself.

    ``thinks``: it may think before it answers, with a choice or without. ``tools``: the template shows them to the model.
    ``build``: of the engine that rendered; empty: nothing was rendered, this is what the template's text promises.
    """

    efforts: tuple[Effort, ...] = ()
    default_effort: Effort | None = None
    thinks: bool = False
    tools: bool = True
    build: str = ""


def candidates(template: str | None) -> tuple[Effort, ...]:
    """The efforts that a template's text speaks of, without knowing yet whether they change anything."""
    text = template or ""
    switch = SWITCH if re.search(r"\benable_thinking\b", text) else ()
    if not re.search(r"\breasoning_effort\b", text):
        return switch
    return (Effort.OFF, *LEVELS) if switch else LEVELS


def expected(template: str | None) -> Traits:
    """Before any engine has rendered it."""
    efforts = candidates(template)
    text = template or ""
    return Traits(
        efforts, None, bool(efforts) or bool(_TOLD_THOUGHTS.search(text)), bool(re.search(r"\btools\b", text))
    )


def examine(render: Render, build: str, template: str | None = None) -> Traits:
    """What ``render`` (a body of `wire.template_body` to the prompt) shows. ``template``: its text, where it is known.

    A template that renders the same question twice in two ways cannot be judged, and gets no control.
    """
    plain = render(wire.template_body(ChatRequest((_PROBE,))))
    steady = render(wire.template_body(ChatRequest((_PROBE,)))) == plain
    prompts = {effort: render(wire.template_body(ChatRequest((_PROBE,), effort=effort))) for effort in Effort}
    efforts = distinct(prompts) if steady else ()
    default = next((effort for effort in efforts if prompts[effort] == plain), None)
    thinks = bool(efforts) or bool(_OPENED_THOUGHTS.search(plain)) or expected(template).thinks
    return Traits(efforts, default, thinks, _shows_tools(render), build)


def distinct(prompts: Mapping[Effort, str]) -> tuple[Effort, ...]:
    """The efforts worth choosing from, least first; none when all prompts are the same."""
    levels = tuple(_first_of_each(LEVELS, prompts))
    if len(levels) < 2:
        return SWITCH if prompts[Effort.OFF] != prompts[Effort.ON] else ()
    off = prompts[Effort.OFF]
    # Not thinking at all is a choice of its own where no level reads the same.
    return levels if any(off == prompts[level] for level in (*levels, Effort.ON)) else (Effort.OFF, *levels)


def _first_of_each(efforts: Iterable[Effort], prompts: Mapping[Effort, str]) -> Iterable[Effort]:
    seen: set[str] = set()
    for effort in efforts:
        if prompts[effort] not in seen:
            seen.add(prompts[effort])
            yield effort


def _shows_tools(render: Render) -> bool:
    return _TOOL.name in render(wire.template_body(ChatRequest((_PROBE,), tools=(_TOOL,))))


def as_json(traits: Traits) -> dict[str, Any]:
    return {
        "efforts": [effort.value for effort in traits.efforts],
        "default_effort": traits.default_effort.value if traits.default_effort else None,
        "thinks": traits.thinks,
        "tools": traits.tools,
        "build": traits.build,
    }


def from_json(told: Mapping[str, Any]) -> Traits:
    """What `as_json` wrote. Raises `KeyError`, `TypeError` or `ValueError` for anything else."""
    default = told["default_effort"]
    return Traits(
        tuple(Effort(effort) for effort in told["efforts"]),
        Effort(default) if default else None,
        bool(told["thinks"]),
        bool(told["tools"]),
        str(told["build"]),
    )
