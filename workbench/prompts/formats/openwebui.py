"""Open WebUI's prompts: a JSON list of objects with ``command``, ``title`` (``name`` in newer ones) and ``content``, whose
variables tell their type: ``{{length | select:options=["short","long"]:default="short"}}``. Pure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from workbench.prompts.formats.exchanged import (
    MOST_PROMPTS,
    Brought,
    Exported,
    Imported,
    Left,
    NotThisFormat,
    Outward,
    identifier,
    inward,
    lost_of,
    text_of,
    without_steps,
)
from workbench.prompts.names import slug
from workbench.prompts.prompt import Prompt, Variable, VariableKind

_VARIABLE: Final = re.compile(r"\{\{\s*([^{}|]+?)\s*(?:\|((?:\"(?:[^\"\\]|\\.)*\"|[^{}\"]|\{(?!\{))*))?\}\}")
_BUILTIN: Final[Mapping[str, str]] = {
    "CLIPBOARD": "{{ clipboard }}",
    "CURRENT_DATE": "{{ date }}",
    "CURRENT_TIME": "{{ time }}",
    "CURRENT_DATETIME": "{{ date }} {{ time }}",
    "CURRENT_WEEKDAY": "{{ weekday }}",
    "USER_NAME": "{{ user_name }}",
    "USER_LANGUAGE": "{{ language }}",
}
_ASKED: Final = (
    "CURRENT_TIMEZONE",
    "USER_EMAIL",
    "USER_BIO",
    "USER_GENDER",
    "USER_BIRTH_DATE",
    "USER_AGE",
    "USER_LOCATION",
)
_THEIRS: Final[Mapping[str, str]] = {
    value.strip("{} "): f"{{{{{key}}}}}" for key, value in _BUILTIN.items() if value.count("{{") == 1
} | {"year": "{{CURRENT_DATE}}"}
_KINDS: Final[Mapping[str, VariableKind]] = {
    "textarea": VariableKind.LONG_TEXT,
    "select": VariableKind.CHOICE,
    "number": VariableKind.NUMBER,
    "range": VariableKind.NUMBER,
    "date": VariableKind.DATE,
    "checkbox": VariableKind.CHOICE,
}
_TYPES: Final[Mapping[VariableKind, str]] = {
    VariableKind.TEXT: "text",
    VariableKind.LONG_TEXT: "textarea",
    VariableKind.CHOICE: "select",
    VariableKind.NUMBER: "number",
    VariableKind.DATE: "date",
}
_PROPERTY: Final = re.compile(
    r":\s*(\w+)(?:\s*=\s*(\[(?:\"(?:[^\"\\]|\\.)*\"|[^\]\"])*\]|\"(?:[^\"\\]|\\.)*\"|'[^']*'|[^:\s]*))?"
)
_HELD: Final = ("placeholder", "default", "required", "options", "label")


def is_it(name: str, text: str) -> bool:
    return name.lower().endswith(".json") and '"command"' in text and '"content"' in text


def read(content: bytes, name: str) -> Imported:
    """Raises `NotThisFormat`."""
    try:
        told = json.loads(text_of(content, name))
    except (ValueError, RecursionError) as error:
        raise NotThisFormat(f"{name} is not valid JSON: {error}.") from None
    entries = told if isinstance(told, list) else [told]
    if not all(isinstance(one, dict) and "content" in one for one in entries):
        raise NotThisFormat(f"{name} is not a list of prompts of Open WebUI.")
    readers = [_Reader(one) for one in entries[:MOST_PROMPTS]]
    prompts = tuple(Brought(prompt) for reader in readers if (prompt := reader.prompt()) is not None)
    return Imported(prompts, tuple(left for reader in readers for left in reader.left))


def write(prompts: Sequence[Prompt]) -> Exported:
    entries: list[dict[str, Any]] = []
    lost: list[Left] = []
    for prompt in prompts:
        if prompt.steps:
            lost += without_steps(prompt)
            continue
        writer = _Writer(prompt)
        entries.append(writer.entry())
        lost += lost_of(prompt, ("tags",), (*writer.outward.lost, *writer.lost))
    text = json.dumps(entries, ensure_ascii=False, indent=2) + "\n"
    return Exported((("prompts.json", text.encode()),), tuple(lost))


class _Reader:
    def __init__(self, told: Mapping[str, Any]) -> None:
        self._told = told
        self._variables: dict[str, Variable] = {}
        self.left: list[Left] = []
        command = str(told.get("command") or "").lstrip("/")
        self._title = str(told.get("title") or told.get("name") or command or "Untitled")
        self._name = slug(command or self._title)

    def prompt(self) -> Prompt | None:
        content = self._told["content"]
        if not isinstance(content, str) or not content.strip():
            self._leave("it has no text")
            return None
        text = inward(content, _VARIABLE, self._variable)
        tags = self._told.get("tags")
        named = [one for one in tags if isinstance(one, str)] if isinstance(tags, list) else []
        return Prompt(self._title, self._name, text, variables=tuple(self._variables.values()), tags=tuple(named))

    def _leave(self, why: str) -> None:
        self.left.append(Left(self._title, why))

    def _variable(self, match: re.Match[str]) -> str | None:
        theirs, told = match[1], match[2]
        if theirs in _BUILTIN and told is None:
            return _BUILTIN[theirs]
        if theirs.split(":")[0] in ("prompt", "MESSAGES"):
            self._leave(f"{match[0]} means nothing here and stays as it is")
            return None
        if theirs in _ASKED:
            self._leave(f"{match[0]} is asked for: it is not known here")
        name = next((one.name for one in self._variables.values() if one.label == theirs), "")
        name = name or (theirs if theirs in self._variables else identifier(theirs))
        if name not in self._variables or told is not None:
            self._variables[name] = self._typed(name, theirs, told or "")
        return f"{{{{ {name} }}}}"

    def _typed(self, name: str, theirs: str, told: str) -> Variable:
        kind_word, _, _rest = told.strip().partition(":")
        kind_word = kind_word.strip() or "text"
        properties = dict(_properties(told))
        kind = _KINDS.get(kind_word, VariableKind.TEXT)
        if kind_word not in _TYPES.values():
            self._leave(f"the field “{theirs}” ({kind_word}) is a plain one here")
        gone = [key for key in properties if key not in _HELD]
        if gone:
            self._leave(f"the field “{theirs}” loses {', '.join(gone)}")
        options = properties.get("options")
        choices = ("true", "false") if kind_word == "checkbox" else _texts(options)
        return Variable(
            name,
            kind,
            str(properties.get("label") or ("" if theirs == name else theirs)),
            str(properties.get("placeholder") or ""),
            _text(properties.get("default", "")),
            required=properties.get("required") is True,
            choices=choices,
        )


def _properties(told: str) -> Iterator[tuple[str, Any]]:
    """After the type: ``:name=value``, or a name alone, which is true."""
    for match in _PROPERTY.finditer(told):
        if match[2] is None:
            yield match[1], True
            continue
        try:
            yield match[1], json.loads(match[2])
        except ValueError:
            yield match[1], match[2].strip("'\"")


def _texts(options: Any) -> tuple[str, ...]:
    return tuple(_text(one) for one in options) if isinstance(options, list) else ()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class _Writer:
    def __init__(self, prompt: Prompt) -> None:
        self._prompt = prompt
        self._variables = {one.name: one for one in prompt.variables}
        self._told: set[str] = set()
        self.outward = Outward(self._variable, taken=_VARIABLE)
        self.lost: list[str] = []

    def entry(self) -> dict[str, Any]:
        prompt = self._prompt
        content = self.outward.text(prompt.text)
        unused = [one for one in self._variables if one not in self._told]
        if unused:
            self.lost.append(f"variables that the text does not use: {', '.join(unused)}")
        tags = {"tags": list(prompt.tags)} if prompt.tags else {}
        return {"command": f"/{prompt.name}", "title": prompt.title, "content": content, **tags}

    def _variable(self, name: str) -> str:
        if name not in self._variables and name in _THEIRS:
            if name == "year":
                self.lost.append("the year becomes the whole date")
            return _THEIRS[name]
        if name in self._told:
            return f"{{{{{name}}}}}"
        self._told.add(name)
        one = self._variables.get(name, Variable(name))
        if one.kind not in _TYPES:
            self.lost.append(f"“{name}” ({one.kind.value}) becomes a field for text")
        return f"{{{{{name} | {_TYPES.get(one.kind, 'textarea')}{''.join(self._said(one))}}}}}"

    def _said(self, one: Variable) -> Iterator[str]:
        told = {"label": one.label, "placeholder": one.help, "default": one.default}
        if one.choices:
            yield f":options={_json(list(one.choices))}"
        for key, value in told.items():
            if value:
                yield f":{key}={_json(value)}"
        if one.required:
            yield ":required"


def _json(value: Any) -> str:
    """Braces are written so that the other program finds the end of the variable."""
    return json.dumps(value, ensure_ascii=False).replace("{", "\\u007b").replace("}", "\\u007d")
