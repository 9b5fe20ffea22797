"""Whether the steps of a prompt can be performed, told before the first is asked. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workbench.errors import UsageError, WorkbenchError
from workbench.prompts.filling.naming import uses
from workbench.prompts.filling.parsing import parse
from workbench.prompts.prompt import FREE, OutputKind, Prompt, Step
from workbench.prompts.running.forms import form_problem, schema_of
from workbench.prompts.running.line import Lookup


@dataclass(frozen=True, slots=True)
class StepProblem:
    """``step``: its name, empty where it has none. ``message``: a sentence."""

    step: str
    message: str


@dataclass(frozen=True, slots=True)
class Reference:
    """``{{ steps.NAME.key.0 }}``. ``path``: keys and places below the step's result."""

    step: str
    path: tuple[str | int, ...] = ()


def references(text: str) -> tuple[Reference, ...]:
    """What a text takes from earlier steps, each once; ``steps.a.items[0]`` as far as its names go."""
    ways = (one.name.split(".") for one in uses(parse(text)).steps if one.name)
    found = (Reference(name, tuple(int(part) if part.isdecimal() else part for part in path)) for name, *path in ways)
    return tuple(dict.fromkeys(found))


def check_line(
    prompt: Prompt, lookup: Lookup, check_model: Callable[[str], object] = lambda _name: None
) -> tuple[StepProblem, ...]:
    """All that keeps the steps from being performed. ``check_model`` raises `WorkbenchError` for a name that no model
    has; empty is the preferred one."""
    found: list[StepProblem] = []
    before: dict[str, Step] = {}
    names = [step.name for step in prompt.line]
    for step in prompt.line:
        told = _of_step(prompt, step, before, names, lookup, check_model)
        found += [StepProblem(step.name, message) for message in told]
        before[step.name] = step if not step.prompt else _used(step, lookup)
    return tuple(found)


def _of_step(
    prompt: Prompt,
    step: Step,
    before: Mapping[str, Step],
    names: list[str],
    lookup: Lookup,
    check_model: Callable[[str], object],
) -> Iterator[str]:
    if problem := _name_problem(step.name, before):
        yield problem
    if step.prompt and (problem := _use_problem(prompt, step, lookup)):
        yield problem
        return
    if not step.prompt and not step.text.strip():
        yield "It has no text."
    if problem := form_problem(step.output):
        yield problem
    for reference in dict.fromkeys((*references(step.text), *references(step.system))):
        if problem := _reference_problem(reference, step.name, before, names):
            yield problem
    try:
        check_model(step.preferences.model or prompt.preferences.model)
    except WorkbenchError as error:
        yield error.message


def _name_problem(name: str, before: Mapping[str, Step]) -> str:
    if not name.isidentifier():
        return f"{name!r} is no name for a step: it needs a letter first, then letters, digits and underscores."
    return f"Two steps are called {name!r}." if name in before else ""


def _use_problem(prompt: Prompt, step: Step, lookup: Lookup) -> str:
    if step.prompt.casefold() == prompt.name.casefold():
        return f"It uses the prompt /{step.prompt}, which it is a step of: that would never end."
    try:
        used = lookup(step.prompt)
    except UsageError as error:
        return error.message
    if not used.steps:
        return ""
    if any(one.prompt.casefold() == prompt.name.casefold() for one in used.steps if one.prompt):
        return f"It uses the prompt /{step.prompt}, which uses /{prompt.name}: that would never end."
    return f"It uses the prompt /{step.prompt}, which has steps itself; a step can use prompts without steps."


def _used(step: Step, lookup: Lookup) -> Step:
    """With the output of the prompt that it uses, where it has none of its own."""
    try:
        used = lookup(step.prompt)
    except UsageError:
        return step
    output = used.output if step.output == FREE else step.output
    return Step(step.name, step.text, step.system, step.prompt, step.preferences, output)


def _reference_problem(reference: Reference, own: str, before: Mapping[str, Step], names: list[str]) -> str:
    name = reference.step
    if name not in before:
        if name == own:
            return f"It takes its own result, steps.{name}, which is not there yet."
        later = " comes later" if name in names else " does not exist"
        return f"It takes steps.{name}, but the step {name!r}{later}."
    output = before[name].output
    if not reference.path or (output.kind is OutputKind.SCHEMA and not output.schema):
        return ""
    written = "".join(f".{part}" for part in reference.path)
    schema = schema_of(output)
    if schema is None:
        return f"It takes steps.{name}{written}, but the step {name!r} answers with text, which has no parts."
    missing = _missing(schema, schema, reference.path)
    return f"It takes steps.{name}{written}, but the answer of {name!r} {missing}." if missing else ""


def _missing(root: Mapping[str, Any], schema: Any, path: tuple[str | int, ...]) -> str:
    """What a schema is known not to have; empty where it has it, or where it does not say."""
    for part in path:
        schema = _followed(root, schema)
        if not isinstance(schema, dict):
            return ""
        kind = schema.get("type")
        if isinstance(part, int):
            if kind is not None and "array" not in _names(kind):
                return f"has no list at .{part}"
            schema = schema.get("items")
            continue
        properties = schema.get("properties")
        if kind is not None and "object" not in _names(kind):
            return f"has no {part!r}: there it is {' or '.join(_names(kind))}"
        if not isinstance(properties, dict):
            return ""
        if part not in properties:
            return f"has no {part!r}; it has {', '.join(map(repr, properties)) or 'nothing'}"
        schema = properties[part]
    return ""


def _followed(root: Mapping[str, Any], schema: Any) -> Any:
    reference = schema.get("$ref") if isinstance(schema, Mapping) else None
    if not isinstance(reference, str):
        return dict(schema) if isinstance(schema, Mapping) else schema
    found: Any = root
    for piece in reference.removeprefix("#").strip("/").split("/"):
        found = found.get(piece) if isinstance(found, Mapping) else None
    return dict(found) if isinstance(found, Mapping) else None


def _names(kind: Any) -> list[str]:
    return [kind] if isinstance(kind, str) else list(kind)
