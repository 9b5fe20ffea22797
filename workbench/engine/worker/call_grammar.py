"""A grammar under which a model must call a tool, in the way that it was taught to call. Pure but for the package's own
translation of JSON schemas.

Reasoning stands before it: free, and for harmony a part of the grammar, as its channels are all one text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from importlib import import_module
from typing import Any

from workbench.engine.parsing.formats import CallFormat

MOST_CALLS = 16
_ANY_TEXT = r'([^<] | "<" [^|/<])*'  # without the begin of a marker
_SPACE = r"[ \n]{0,3}"
_GEMMA_QUOTE = '"<|\\"|>"'
_GEMMA = {
    "gemma-string": f"{_GEMMA_QUOTE} {_ANY_TEXT} {_GEMMA_QUOTE}",
    "gemma-number": r'"-"? [0-9]{1,15} ("." [0-9]{1,15})?',
    "gemma-integer": r'"-"? [0-9]{1,15}',
    "gemma-boolean": '"true" | "false"',
    "gemma-null": '"null"',
    "gemma-array": '"[" (gemma-any ("," gemma-any)*)? "]"',
    "gemma-object": '"{" (gemma-key ":" gemma-any ("," gemma-key ":" gemma-any)*)? "}"',
    "gemma-key": "[a-zA-Z_] [a-zA-Z0-9_]{0,60}",
    "gemma-any": "gemma-string | gemma-number | gemma-boolean | gemma-null | gemma-array | gemma-object",
}
_PYTHON_WORDS = {"boolean": '("True" | "False")', "null": '"None"'}
_THOUGHT = r'("<|channel|>analysis<|message|>" ([^<] | "<" "<"* [^<|])* "<|end|><|start|>assistant")?'

Tool = Mapping[str, Any]


def call_grammar(syntax: CallFormat, tools: Sequence[Tool], *, parallel: bool) -> str:
    """GBNF; empty where no way to call is known. ``parallel``: several calls at once.

    Raises what the translation raises for a schema that it cannot use: AssertionError, AttributeError, KeyError,
    RecursionError, TypeError, ValueError.
    """
    functions = [tool.get("function", tool) for tool in tools]
    if not syntax or not functions:
        return ""
    return _Grammar().of(syntax, functions, parallel=parallel and syntax != "harmony")


class _Grammar:
    """One grammar in the making."""

    def __init__(self) -> None:
        self._converter = import_module("llama_cpp.llama_grammar").SchemaConverter(
            prop_order={}, allow_fetch=False, dotall=False, raw_pattern=False
        )
        self._rules: dict[str, str] = {"call-space": _SPACE}
        self._count = 0
        self._definitions: dict[str, Any] = {}  # what the schemas of the function at hand refer to

    def of(self, syntax: CallFormat, functions: Sequence[Tool], *, parallel: bool) -> str:
        form: dict[str, Callable[[str, Mapping[str, Any]], str]] = {
            "json": self._json,
            "harmony": self._harmony,
            "gemma": self._gemma,
            "functions": self._function_tags,
            "keys": self._key_tags,
            "python": self._python,
        }
        calls = []
        for one in functions:
            parameters = _parameters(one)
            self._definitions = {key: parameters[key] for key in ("$defs", "definitions") if key in parameters}
            calls.append(form[syntax](str(one["name"]), parameters))
        either = self._rule("call", " | ".join(calls))
        more = MOST_CALLS - 1 if parallel else 0
        self._rules["root"] = _root(syntax, either, more)
        if syntax == "gemma":
            self._rules |= _GEMMA
        return "\n".join(
            [str(self._converter.format_grammar()), *(f"{name} ::= {rule}" for name, rule in self._rules.items())]
        )

    def _rule(self, name: str, rule: str) -> str:
        self._count += 1
        named = f"{name}-{self._count}"
        self._rules[named] = rule
        return named

    def _value(self, schema: Any, where: str = "value") -> str:
        """The rule of a JSON value."""
        self._count += 1
        name = f"{where}-{self._count}"
        given = {**schema, **self._definitions} if isinstance(schema, Mapping) else {}
        return str(self._converter.visit(self._converter.resolve_refs(deepcopy(given), name), name))

    def _json(self, name: str, parameters: Mapping[str, Any]) -> str:
        arguments = self._value(parameters, "arguments")
        head = f'{_text("{")} call-space {_text(chr(34) + "name" + chr(34))} call-space ":" call-space'
        middle = f'{_text(json.dumps(name))} call-space "," call-space {_text(chr(34) + "arguments" + chr(34))}'
        body = f'{head} {middle} call-space ":" call-space {arguments} call-space "}}"'
        return self._rule("json", f'"<tool_call>" call-space {body} call-space "</tool_call>"')

    def _harmony(self, name: str, parameters: Mapping[str, Any]) -> str:
        header = _text(f"<|channel|>commentary to=functions.{name} <|constrain|>json<|message|>")
        return self._rule("harmony", f"{header} {self._value(parameters, 'arguments')}")

    def _gemma(self, name: str, parameters: Mapping[str, Any]) -> str:
        members = self._members(parameters, lambda key, value: f"{_text(key + ':')} {self._gemma_value(value)}", '","')
        return self._rule("gemma", f'{_text(f"<|tool_call>call:{name}{{")} {members} "}}<tool_call|>"')

    def _gemma_value(self, schema: Any) -> str:
        schema = schema if isinstance(schema, Mapping) else {}
        if "const" in schema or isinstance(schema.get("enum"), list):
            values = [schema["const"]] if "const" in schema else schema["enum"]
            return self._rule("one", " | ".join(map(_gemma_literal, values)))
        kind = schema.get("type")
        if kind == "array" and isinstance(schema.get("items"), Mapping):
            item = self._gemma_value(schema["items"])
            return self._rule("list", f'"[" ({item} ("," {item})*)? "]"')
        if kind == "object" and schema.get("properties"):
            key = self._members(schema, lambda key, value: f"{_text(key + ':')} {self._gemma_value(value)}", '","')
            return self._rule("object", f'"{{" {key} "}}"')
        return f"gemma-{kind}" if isinstance(kind, str) and f"gemma-{kind}" in _GEMMA else "gemma-any"

    def _function_tags(self, name: str, parameters: Mapping[str, Any]) -> str:
        def member(key: str, value: Any) -> str:
            return f'{_text(f"<parameter={key}>")} "\\n" {self._bare(value)} "\\n</parameter>\\n"'

        members = self._members(parameters, member, "")
        opened = f'"<tool_call>" call-space {_text(f"<function={name}>")} "\\n"'
        return self._rule("function", f'{opened} {members} "</function>" call-space "</tool_call>"')

    def _key_tags(self, name: str, parameters: Mapping[str, Any]) -> str:
        def member(key: str, value: Any) -> str:
            opened = _text(f"<arg_key>{key}</arg_key>")
            return f'{opened} call-space "<arg_value>" {self._bare(value)} "</arg_value>" call-space'

        members = self._members(parameters, member, "")
        return self._rule("keys", f'{_text(f"<tool_call>{name}")} call-space {members} "</tool_call>"')

    def _python(self, name: str, parameters: Mapping[str, Any]) -> str:
        members = self._members(
            parameters, lambda key, value: f"{_text(key + '=')} {self._python_value(value)}", '", "'
        )
        return self._rule("python", f"{_text(name + '(')} {members} {_text(')')}")

    def _python_value(self, schema: Any) -> str:
        kind = schema.get("type") if isinstance(schema, Mapping) else None
        return _PYTHON_WORDS.get(kind, "") if isinstance(kind, str) and kind in _PYTHON_WORDS else self._value(schema)

    def _bare(self, schema: Any) -> str:
        """Texts stand without quotes, all else as JSON."""
        if not isinstance(schema, Mapping) or schema.get("type") != "string":
            return self._value(schema)
        if isinstance(schema.get("enum"), list):
            return self._rule("one", " | ".join(_text(str(value)) for value in schema["enum"]))
        return self._rule("text", _ANY_TEXT)

    def _members(self, schema: Mapping[str, Any], member: Callable[[str, Any], str], comma: str) -> str:
        """Those that are required, then any of the others."""
        properties = schema.get("properties") or {}
        required = [key for key in schema.get("required") or () if key in properties]
        optional = [
            self._rule("member", member(key, value)) for key, value in properties.items() if key not in required
        ]
        needed = f" {comma} ".join(self._rule("member", member(key, properties[key])) for key in required)
        if needed:
            return self._rule("members", " ".join([needed, *(f"({comma} {one})?" for one in optional)]))
        begins = [
            " ".join([one, *(f"({comma} {other})?" for other in optional[at + 1 :])]) for at, one in enumerate(optional)
        ]
        return self._rule("members", f"({' | '.join(begins)})?") if begins else '""'


def _root(syntax: CallFormat, call: str, more: int) -> str:
    if syntax == "harmony":
        return f"{_THOUGHT} {call}"
    if syntax == "python":
        return f'call-space "<|tool_call_start|>[" {call} (", " {call}){{0,{more}}} "]<|tool_call_end|>"'
    return f"call-space {call} (call-space {call}){{0,{more}}}"


def _parameters(function: Tool) -> Mapping[str, Any]:
    given = function.get("parameters")
    return {**given, "type": "object"} if isinstance(given, Mapping) else {"type": "object"}


def _gemma_literal(value: Any) -> str:
    return f"{_GEMMA_QUOTE} {_text(value)} {_GEMMA_QUOTE}" if isinstance(value, str) else _text(json.dumps(value))


def _text(literal: str) -> str:
    """``literal`` as GBNF has it."""
    escaped = literal.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'
