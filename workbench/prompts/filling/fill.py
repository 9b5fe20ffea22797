"""Filling in a prompt: its variables, what every prompt may use, and the results of earlier steps.

Values are data: what stands in them is never looked into again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cancel import CancelToken
from workbench.errors import UsageError
from workbench.prompts.filling.builtin import CLIPBOARD, builtins
from workbench.prompts.filling.filled import Filled, Part, Stretch
from workbench.prompts.filling.naming import implied, uses, variable_names
from workbench.prompts.filling.parsing import Kind, Segment, Template, jinja_source, parse
from workbench.prompts.filling.values import Sources, checked, copied, fetched, number
from workbench.prompts.prompt import Prompt, Variable, VariableKind

if TYPE_CHECKING:
    from workbench.prompts.filling.problems import Problem
    from workbench.prompts.filling.rendering import Renders

Results = Mapping[str, Any]
"""What earlier steps answered, by their names: texts, or JSON."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What is true now. ``language``: as a locale says it."""

    now: datetime
    user_name: str = ""
    language: str = ""


def asked(prompt: Prompt) -> tuple[Variable, ...]:
    """What a form asks for, all steps together: the declared variables, then the names that are used without being
    declared, as texts in the order of their first use."""
    declared = {one.name for one in prompt.variables}
    templates = _templates(prompt)
    found = [name for template in templates for name in variable_names(template)]
    others = [one for one in dict.fromkeys(found) if one not in declared and one not in _BUILTIN_NAMES]
    return (*prompt.variables, *(implied(one, templates) for one in others))


def stable_prefix(prompt: Prompt) -> tuple[str, str]:
    """System part and text up to the first thing that is filled in, as they are sent each time. Where the system part has
    something to fill in, nothing of the text is: it comes after."""
    first = prompt.line[0]
    system, whole = _prefix(parse(first.system))
    return system, _prefix(parse(first.text))[0] if whole else ""


class Filler:
    """``ground``: asked at each fill. May be used by many threads."""

    def __init__(self, ground: Callable[[], Ground], sources: Sources, renderer: Renders) -> None:
        self._ground = ground
        self._sources = sources
        self._renderer = renderer

    def fill(
        self,
        prompt: Prompt,
        values: Mapping[str, str],
        cancel: CancelToken,
        steps: Results | None = None,
    ) -> Filled:
        """Text and system part as the model is told them; of a prompt with steps, those of its first.

        ``values``: as they were typed, by name; a name that is not there has its default, and `CLIPBOARD` is what was
        copied last. ``steps`` None: not known yet, their places stay.

        Raises `UsageError` for a value that is none of its kind, for a template that cannot be rendered within a second,
        50 MB and 1 MB of text, and for a result that no step has; what the sources raise; `Cancelled`.
        """
        first = prompt.line[0]
        templates = {Part.SYSTEM: parse(first.system), Part.TEXT: parse(first.text)}
        for part, template in templates.items():
            if template.too_long:
                name = "text" if part is Part.TEXT else "system part"
                raise UsageError(f"The {name} of the prompt is too long to be filled in.", hint="Make it shorter.")
        given = self._given(prompt, tuple(templates.values()), values, cancel)
        done = {part: self._rendered(part, one, given, steps, cancel) for part, one in templates.items()}
        text, system = done[Part.TEXT], done[Part.SYSTEM]
        return Filled(text[0], system[0], given.missing, (*system[1], *text[1]))

    def warm(self, prompt: Prompt, cancel: CancelToken) -> None:
        """Have ready what rendering this prompt needs: its first preview comes at once."""
        if any(one.needs_jinja for one in _templates(prompt)):
            self._renderer.warm(cancel)

    def syntax_problems(self, prompt: Prompt, cancel: CancelToken) -> tuple[Problem, ...]:
        """What the template engine cannot read: at most one in each text, for it stops there. Raises `Cancelled`."""
        from workbench.prompts.filling import syntax

        return syntax.problems(prompt, self._renderer, cancel)

    def file_text(self, path: Path, cancel: CancelToken) -> str:
        """What is in a file, as variables have it. Raises `UsageError` where files are not read, and as reading does."""
        if self._sources.read_file is None:
            raise UsageError("Files are not read here.", hint="Paste the text.")
        return self._sources.read_file(path, cancel)

    def today(self) -> date:
        return self._ground().now.date()

    def close(self) -> None:
        """End what renders; who waits for it is told `Cancelled`."""
        self._renderer.close()

    def _given(
        self, prompt: Prompt, templates: tuple[Template, ...], values: Mapping[str, str], cancel: CancelToken
    ) -> _Given:
        ground = self._ground()
        declared = {one.name: one for one in prompt.variables}
        known = builtins(ground.now, ground.user_name, ground.language, lambda: copied(self._sources))
        texts, typed, missing = dict[str, str](), dict[str, object](), list[Variable]()
        for name in dict.fromkeys(name for one in templates for name in variable_names(one)):
            cancel.check()
            variable = declared.get(name) or implied(name, templates)
            if name in known and name not in declared:
                texts[name] = values.get(name) or known[name]()
                continue
            said = values.get(name, variable.default)
            if variable.kind is VariableKind.CLIPBOARD:
                said = said or values.get(CLIPBOARD, "")
            value = checked(variable, said, ground.now.date())
            text = fetched(variable, value, self._sources, cancel)
            if text.strip() or not variable.required:
                texts[name] = text
                typed |= {name: _typed(variable, text)}
            else:
                missing.append(variable)
                typed |= {name: 0 if variable.kind is VariableKind.NUMBER else f"{{{{ {name} }}}}"}
        return _Given(texts, {**texts, **typed}, tuple(missing))

    def _rendered(
        self, part: Part, template: Template, given: _Given, steps: Results | None, cancel: CancelToken
    ) -> tuple[str, tuple[Stretch, ...]]:
        if not template.needs_jinja:
            return _plain(part, template, given.texts, steps)

        own = {name: given.values[name] for name in variable_names(template)}
        if uses(template).steps and steps is None:
            raise UsageError("What its steps answer is known only when the prompt runs.", hint="Run it.")
        from workbench.prompts.filling.rendering import Rendering

        return self._renderer.render(Rendering(template, jinja_source(template), own, steps or {}), cancel), ()


@dataclass(frozen=True, slots=True)
class _Given:
    """``values``: as a template engine wants them, numbers as numbers, with something for what is missing too."""

    texts: Mapping[str, str]
    values: Mapping[str, object]
    missing: tuple[Variable, ...]


_BUILTIN_NAMES = frozenset(builtins(datetime.min, "", "", str))  # noqa: DTZ901 - only their names


def _templates(prompt: Prompt) -> list[Template]:
    return [parse(text) for step in prompt.line for text in (step.system, step.text)]


def _typed(variable: Variable, text: str) -> object:
    return number(variable, text) if variable.kind is VariableKind.NUMBER and text else text


def _prefix(template: Template) -> tuple[str, bool]:
    """And whether that is all."""
    if template.too_long:
        return "", False
    said, stripped = list[str](), False
    for one in template.segments:
        if one.kind in (Kind.VARIABLE, Kind.STEP, Kind.CODE, Kind.TAG):
            stripped = template.text.startswith("-", one.start + 2)
            return ("".join(said).rstrip() if stripped else "".join(said)), False
        said.append(_words(template.text, one))
    return "".join(said), True


def _words(text: str, segment: Segment) -> str:
    if segment.kind in (Kind.BRACES, Kind.RAW):
        return segment.says
    return "" if segment.kind is Kind.COMMENT else text[segment.start : segment.end]


def _plain(
    part: Part, template: Template, texts: Mapping[str, str], steps: Results | None
) -> tuple[str, tuple[Stretch, ...]]:
    pieces, stretches, length = list[str](), list[Stretch](), 0
    for one in template.segments:
        piece, name = _words(template.text, one), ""
        if one.kind is Kind.VARIABLE and one.says in texts:
            piece, name = texts[one.says], one.says
        elif one.kind is Kind.STEP and steps is not None:
            piece, name = result(steps, one.says), f"steps.{one.says}"
        if name:
            stretches.append(Stretch(part, length, length + len(piece), name))
        pieces.append(piece)
        length += len(piece)
    return "".join(pieces), tuple(stretches)


def result(steps: Results, way: str) -> str:
    """What stands for ``{{ steps.extract.items.0 }}``: a text as it is, everything else as JSON.

    Raises `UsageError` where there is no such result, with what there is.
    """
    found: Any = steps
    for name in way.split("."):
        if isinstance(found, Mapping) and name in found:
            found = found[name]
        elif isinstance(found, list) and name.isdecimal() and int(name) < len(found):
            found = found[int(name)]
        else:
            raise _no_result(way, name, found)
    return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)


def _no_result(way: str, name: str, found: object) -> UsageError:
    there = [str(one) for one in found] if isinstance(found, Mapping) else []
    what = f"There is: {', '.join(there[:20])}." if there else "There is nothing inside what it answered before that."
    return UsageError(f"There is no result “steps.{way}”: “{name}” is not there.", hint=what)
