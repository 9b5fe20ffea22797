"""Templates of simonw/llm: YAML with ``prompt``, ``system``, ``defaults``, and ``$name`` for what is filled in. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Final

from workbench.prompts.files.markdown import title_of
from workbench.prompts.files.yaml_reading import Fields, Scalar, WrongYaml, read_yaml, value_of
from workbench.prompts.files.yaml_writing import write_yaml
from workbench.prompts.formats.exchanged import (
    Brought,
    Exported,
    Imported,
    Left,
    NotThisFormat,
    Outward,
    inward,
    lost_of,
    text_of,
    without_steps,
)
from workbench.prompts.names import slug
from workbench.prompts.prompt import FREE, Output, OutputKind, Preferences, Prompt, Variable, VariableKind

KEPT: Final = "llm"
INPUT: Final = "input"
_INPUT_ALONE: Final = "{{ input }}"
_VARIABLE: Final = re.compile(r"\$(?:(\$)|([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_KNOWN: Final = ("prompt", "system", "model", "defaults", "options", "schema_object", "name")


def is_it(name: str, text: str) -> bool:
    return name.lower().endswith((".yaml", ".yml")) and bool(text.strip())


def read(content: bytes, name: str) -> Imported:
    """One template; its name is that of the file. Nothing in it is run. Raises `NotThisFormat`."""
    try:
        node = read_yaml(text_of(content, name))
    except WrongYaml as wrong:
        raise NotThisFormat(f"{name}, line {wrong.line}: {wrong.what}.", hint="Correct the file.") from None
    told = {"prompt": node.text} if isinstance(node, Scalar) else value_of(node)
    if not isinstance(node, Scalar | Fields) or not (told.get("prompt") or told.get("system")):
        raise NotThisFormat(f"{name} is no template: it has neither prompt nor system.")
    return _Reader(told, PurePosixPath(name).stem).imported()


def write(prompts: Sequence[Prompt]) -> Exported:
    files: list[tuple[str, bytes]] = []
    lost: list[Left] = []
    for prompt in prompts:
        if prompt.steps:
            lost += without_steps(prompt)
            continue
        values, why = _Writer(prompt).values()
        files.append((f"{prompt.name}.yaml", write_yaml(values).encode()))
        held = ["system", "model", "temperature", "schema", *(() if set(prompt.extra) - {KEPT} else ("extra",))]
        lost += lost_of(prompt, held, why)
    return Exported(tuple(files), tuple(lost))


class _Reader:
    def __init__(self, told: Mapping[str, Any], stem: str) -> None:
        self._told = told
        self._stem = stem
        self._title = title_of(stem)
        defaults = told.get("defaults")
        self._defaults = defaults if isinstance(defaults, Mapping) else {}
        self._variables: dict[str, Variable] = {}
        self._left: list[Left] = []

    def imported(self) -> Imported:
        told = self._told
        text = self._text("prompt") or _INPUT_ALONE
        if text == _INPUT_ALONE:
            self._variable(INPUT)
        schema = told.get("schema_object")
        options = told.get("options") if isinstance(told.get("options"), Mapping) else {}
        temperature = options.get("temperature") if isinstance(options, Mapping) else None
        prompt = Prompt(
            self._title,
            slug(self._stem),
            text,
            self._text("system"),
            tuple(self._variables.values()),
            preferences=Preferences(str(told.get("model") or ""), None, _number(temperature)),
            output=Output(OutputKind.SCHEMA, schema) if isinstance(schema, Mapping) else FREE,
            extra=self._rest(options if isinstance(options, Mapping) else {}),
        )
        return Imported((Brought(prompt),), tuple(self._left))

    def _text(self, key: str) -> str:
        value = self._told.get(key)
        return inward(value, _VARIABLE, self._made) if isinstance(value, str) else ""

    def _made(self, match: re.Match[str]) -> str:
        return "$" if match[1] else self._variable(match[2] or match[3])

    def _variable(self, name: str) -> str:
        default = self._defaults.get(name)
        kind = VariableKind.LONG_TEXT if name == INPUT else VariableKind.TEXT
        told = "" if default is None else str(default)
        self._variables.setdefault(name, Variable(name, kind, default=told, required=default is None))
        return f"{{{{ {name} }}}}"

    def _rest(self, options: Mapping[str, Any]) -> dict[str, Any]:
        rest = {key: value for key, value in self._told.items() if key not in _KNOWN}
        more = {key: value for key, value in options.items() if key != "temperature"}
        unused = {key: value for key, value in self._defaults.items() if key not in self._variables}
        rest |= {key: value for key, value in {"options": more, "defaults": unused}.items() if value}
        if rest:
            self._left.append(Left(self._title, f"{', '.join(rest)}: kept for llm, without meaning here"))
        return {KEPT: rest} if rest else {}


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


class _Writer:
    def __init__(self, prompt: Prompt) -> None:
        self._prompt = prompt
        self._names: dict[str, str] = {}
        self._known = {one.name: one for one in prompt.variables}
        self._outward = Outward(self._variable, lambda words: words.replace("$", "$$"))

    def values(self) -> tuple[dict[str, Any], list[str]]:
        prompt = self._prompt
        kept = prompt.extra.get(KEPT)
        rest = dict(kept) if isinstance(kept, Mapping) else {}
        text, system = self._outward.text(prompt.text), self._outward.text(prompt.system)
        temperature = prompt.preferences.temperature
        options = {**({} if temperature is None else {"temperature": temperature}), **rest.pop("options", {})}
        defaults = {**self._defaults(), **rest.pop("defaults", {})}
        alone = prompt.text == _INPUT_ALONE and system
        told = {
            "model": prompt.preferences.model,
            "system": system,
            "prompt": "" if alone else text,
            "defaults": defaults,
            "options": options,
            "schema_object": prompt.output.schema,
        }
        return {**{key: value for key, value in told.items() if value}, **rest}, [*self._outward.lost, *self._lost()]

    def _variable(self, name: str) -> str:
        if name not in self._names:
            plain = bool(_NAME.fullmatch(name))
            self._names[name] = name if plain else f"value_{len(self._names) + 1}"
        return f"${{{self._names[name]}}}"

    def _defaults(self) -> dict[str, str]:
        return {
            theirs: self._known[name].default
            for name, theirs in self._names.items()
            if name in self._known and (self._known[name].default or not self._known[name].required)
        }

    def _lost(self) -> list[str]:
        lost = []
        if renamed := [name for name, theirs in self._names.items() if name != theirs]:
            lost.append(f"names of variables: {', '.join(renamed)}")
        told = [
            one.name
            for one in self._known.values()
            if one.label or one.help or one.choices or one.kind is not _kind(one.name)
        ]
        if told:
            lost.append(f"kinds, labels, choices and help of its variables: {', '.join(told)}")
        if unused := [name for name in self._known if name not in self._names]:
            lost.append(f"variables that the text does not use: {', '.join(unused)}")
        if asked := [name for name in self._names if name not in self._known]:
            lost.append(f"what is filled in by itself here must be given there: {', '.join(asked)}")
        return lost


def _kind(name: str) -> VariableKind:
    return VariableKind.LONG_TEXT if name == INPUT else VariableKind.TEXT
