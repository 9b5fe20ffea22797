"""What stands before the text of a prompt's file: all that is not the default, in the words of the window. Pure."""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final, TypeVar

from workbench.checks.check import Check, CheckKind
from workbench.messages import Effort
from workbench.prompts.files.yaml_reading import Fields, Items, Node, Scalar, WrongYaml, value_of
from workbench.prompts.files.yaml_writing import Short
from workbench.prompts.prompt import (
    Output,
    OutputKind,
    Preferences,
    Prompt,
    Step,
    StepCase,
    Variable,
    VariableKind,
)

Made = TypeVar("Made")
Reader = Callable[[Node], Any]


# Writing --------------------------------------------------------------------------------------------------------------


def written(prompt: Prompt) -> dict[str, Any]:
    """All of a prompt but its name and text, as `write_yaml` takes it; only what is not the default."""
    return {
        "title": prompt.title,
        **_filled(tags=Short(prompt.tags)),
        **_preferences_written(prompt.preferences),
        **_filled(
            folders=Short(prompt.folders),
            variables=[_variable_written(one) for one in prompt.variables],
            output=_output_written(prompt.output),
            system=prompt.system,
            steps=[_step_written(one) for one in prompt.steps],
            cases=[_case_written(one) for one in prompt.cases],
            notes=prompt.notes,
        ),
        **{key: value for key, value in prompt.extra.items() if key not in KNOWN},
    }


def _filled(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def _preferences_written(told: Preferences) -> dict[str, Any]:
    temperature = {} if told.temperature is None else {"temperature": told.temperature}
    return {**_filled(model=told.model, effort=told.effort.value if told.effort else ""), **temperature}


def _variable_written(one: Variable) -> dict[str, Any]:
    kind = "" if one.kind is VariableKind.TEXT else one.kind.value
    return {
        "name": one.name,
        **_filled(type=kind, label=one.label, help=one.help, default=one.default, choices=Short(one.choices)),
        **_filled(folder=one.folder),
        **({} if one.required else {"required": False}),
    }


def _output_written(output: Output) -> dict[str, Any]:
    plain = _filled(columns=Short(output.columns))
    if output.schema is not None:
        plain["schema"] = output.schema
    return plain if _form_of(plain) is output.kind else {"form": output.kind.value, **plain}


def _form_of(plain: Mapping[str, Any]) -> OutputKind:
    """What is meant where it is not said."""
    forms: dict[tuple[str, ...], OutputKind] = {("schema",): OutputKind.SCHEMA, ("columns",): OutputKind.TABLE}
    return forms.get(tuple(plain), OutputKind.FREE) if "form" not in plain else OutputKind(plain["form"])


def _step_written(one: Step) -> dict[str, Any]:
    return {
        "name": one.name,
        **_filled(prompt=one.prompt),
        **_preferences_written(one.preferences),
        **_filled(system=one.system, text=one.text, output=_output_written(one.output)),
        **_filled(cases=[_case_written(case) for case in one.cases]),
    }


def _case_written(one: StepCase) -> dict[str, Any]:
    tolerance = {"tolerance": one.check.tolerance} if one.check.tolerance else {}
    check = {one.check.kind.value: _expected_written(one.check), **tolerance}
    return {**_filled(title=one.title, values=dict(one.values)), "check": check}


def _expected_written(check: Check) -> Any:
    """A schema as YAML, where it is the same when it is read again."""
    if check.kind is CheckKind.SCHEMA:
        try:
            schema = json.loads(check.expected)
        except (ValueError, RecursionError):
            return check.expected
        if isinstance(schema, dict) and _json(schema) == check.expected:
            return schema
    return check.expected


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


# Reading --------------------------------------------------------------------------------------------------------------


def read_fields(node: Fields) -> tuple[dict[str, Any], str, str | None]:
    """Arguments for a `Prompt` (without ``name`` and ``title`` where they are not told), the id, and a text that is told
    here. Raises `WrongYaml`."""
    known = {key: value for key, value in node.fields.items() if key in KNOWN}
    told = _record(Fields(node.line, known, node.lines), _PROMPT, "a prompt")
    extra = {key: value_of(value) for key, value in node.fields.items() if key not in KNOWN}
    prompt_id, text = told.pop("id", ""), told.pop("text", None)
    return {**_with_preferences(told), "extra": extra}, prompt_id, text


def near_misses(node: Fields) -> tuple[tuple[int, str], ...]:
    """Keys that are not known, but nearly: their lines, and a sentence."""
    found = []
    for key in node.fields:
        near = [] if key in KNOWN else difflib.get_close_matches(key, KNOWN, n=1, cutoff=0.8)
        if near:
            found.append((node.lines[key], f"{key!r} is not known (did you mean {near[0]!r}?); it is kept"))
    return tuple(found)


def _record(node: Node, readers: Mapping[str, Reader], what: str) -> dict[str, Any]:
    """The values of a mapping, each by the reader of its key."""
    if not isinstance(node, Fields):
        raise WrongYaml(node.line, f"{what} must have keys such as {', '.join(list(readers)[:3])}")
    for key in node.fields:
        if key not in readers:
            near = difflib.get_close_matches(key, readers, n=1)
            hint = f" (did you mean {near[0]!r}?)" if near else ""
            raise WrongYaml(node.lines[key], f"{key!r} is not known in {what}{hint}")
    return {key: readers[key](value) for key, value in node.fields.items() if not _is_nothing(value)}


def _is_nothing(node: Node) -> bool:
    """A key with nothing behind it."""
    return isinstance(node, Scalar) and node.plain and node.text in ("", "~", "null")


def _text(node: Node) -> str:
    if not isinstance(node, Scalar):
        raise WrongYaml(node.line, "this must be text")
    return "" if _is_nothing(node) else node.text


def _number(node: Node) -> float:
    value = value_of(node)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise WrongYaml(node.line, "this must be a number")
    return float(value)


def _yes(node: Node) -> bool:
    value = {"yes": True, "no": False, "on": True, "off": False}.get(str(value_of(node)).lower(), value_of(node))
    if not isinstance(value, bool):
        raise WrongYaml(node.line, "this must be true or false")
    return value


def _words(node: Node) -> tuple[str, ...]:
    """A list; one word, or several with commas between, will do."""
    if isinstance(node, Scalar):
        return tuple(word for word in (part.strip() for part in node.text.split(",")) if word)
    return _each(_text)(node)


def _each(reader: Callable[[Node], Made]) -> Callable[[Node], tuple[Made, ...]]:
    def read(node: Node) -> tuple[Made, ...]:
        if not isinstance(node, Items):
            raise WrongYaml(node.line, "this must be a list, each with a - before it")
        return tuple(reader(item) for item in node.items)

    return read


def _one_of(kinds: type[StrEnum]) -> Reader:
    def read(node: Node) -> StrEnum:
        try:
            return kinds(_text(node))
        except ValueError:
            raise WrongYaml(node.line, f"this must be one of {', '.join(kinds)}, not {_text(node)!r}") from None

    return read


def _mapping(node: Node) -> Mapping[str, Any]:
    if not isinstance(node, Fields):
        raise WrongYaml(node.line, "this must be a mapping, as a JSON object is")
    return {key: value_of(value) for key, value in node.fields.items()}


def _texts(node: Node) -> Mapping[str, str]:
    if not isinstance(node, Fields):
        raise WrongYaml(node.line, "this must be names with values")
    return {key: _text(value) for key, value in node.fields.items()}


def _named(told: dict[str, Any], line: int, what: str) -> dict[str, Any]:
    if not told.get("name"):
        raise WrongYaml(line, f"{what} needs a name")
    return told


def _variable(node: Node) -> Variable:
    told = _named(_record(node, _VARIABLE, "a variable"), node.line, "a variable")
    return Variable(kind=told.pop("type", VariableKind.TEXT), **told)


def _output(node: Node) -> Output:
    if isinstance(node, Scalar):
        return Output(_one_of(OutputKind)(node))
    told = _record(node, _OUTPUT, "an output")
    return Output(_form_of(told), told.get("schema"), told.get("columns", ()))


def _step(node: Node) -> Step:
    return Step(**_with_preferences(_named(_record(node, _STEP, "a step"), node.line, "a step")))


def _with_preferences(told: dict[str, Any]) -> dict[str, Any]:
    names = ("model", "effort", "temperature")
    preferences = Preferences(**{name: told.pop(name) for name in names if name in told})
    return {"preferences": preferences, **told}


def _case(node: Node) -> StepCase:
    told = _record(node, _CASE, "a case")
    if "check" not in told:
        raise WrongYaml(node.line, "a case needs a check")
    return StepCase(told.get("values", {}), told["check"], told.get("title", ""))


def _check(node: Node) -> Check:
    readers: dict[str, Reader] = {**dict.fromkeys(CheckKind, _expected), "tolerance": _number}
    told = _record(node, readers, "a check")
    tolerance = told.pop("tolerance", 0.0)
    if len(told) > 1 or (not told and CheckKind.JUDGEMENT not in getattr(node, "fields", ())):
        raise WrongYaml(node.line, f"a check must be one of {', '.join(CheckKind)}")
    [(kind, expected)] = told.items() or [(CheckKind.JUDGEMENT, "")]
    return Check(CheckKind(kind), expected, tolerance)


def _expected(node: Node) -> str:
    return _text(node) if isinstance(node, Scalar) else _json(value_of(node))


_VARIABLE: Final[Mapping[str, Reader]] = {
    "name": _text,
    "type": _one_of(VariableKind),
    "label": _text,
    "help": _text,
    "default": _text,
    "choices": _words,
    "folder": _text,
    "required": _yes,
}
_OUTPUT: Final[Mapping[str, Reader]] = {"form": _one_of(OutputKind), "schema": _mapping, "columns": _words}
_CASE: Final[Mapping[str, Reader]] = {"title": _text, "values": _texts, "check": _check}
_SHARED: Final[Mapping[str, Reader]] = {
    "name": _text,
    "model": _text,
    "effort": _one_of(Effort),
    "temperature": _number,
    "system": _text,
    "text": _text,
    "output": _output,
    "cases": _each(_case),
}
_STEP: Final[Mapping[str, Reader]] = {**_SHARED, "prompt": _text}
_PROMPT: Final[Mapping[str, Reader]] = {
    "title": _text,
    **_SHARED,
    "tags": _words,
    "folders": _words,
    "variables": _each(_variable),
    "steps": _each(_step),
    "notes": _text,
    "id": _text,
}
KNOWN: Final = tuple(_PROMPT)
