"""What only the template engine can tell of a prompt: whether it can be read."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.cancel import CancelToken
from workbench.prompts.filling.parsing import Template, jinja_source, parse
from workbench.prompts.filling.problems import Problem, fault
from workbench.prompts.filling.rendering import Rendering, Renders, TemplateProblem, place_of
from workbench.prompts.prompt import Prompt


def problems(prompt: Prompt, renderer: Renders, cancel: CancelToken) -> tuple[Problem, ...]:
    """See `Filler.syntax_problems`."""
    return tuple(_found(prompt, renderer, cancel))


def _found(prompt: Prompt, renderer: Renders, cancel: CancelToken) -> Iterator[Problem]:
    for number, step in enumerate(prompt.line, 1):
        prefix = f"steps.{number}." if prompt.steps else ""
        for part, text in (("system", step.system), ("text", step.text)):
            template = parse(text)
            if template.needs_jinja and (told := _of(template, renderer, cancel)):
                start, end = place_of(template, told.line) if told.line else (0, len(text))
                yield fault(f"{prefix}{part}", start, end, f"{told.why[:1].upper()}{told.why[1:]}.")


def _of(template: Template, renderer: Renders, cancel: CancelToken) -> TemplateProblem | None:
    try:
        renderer.render(Rendering(template, jinja_source(template), {}, {}, only_check=True), cancel)
    except TemplateProblem as told:
        return told
    return None
