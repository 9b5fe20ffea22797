"""YAML as people write it in front matter, read within bounds: what it says, and on which line. Pure.

Only what JSON knows: no tags, no aliases, no dates; ``yes`` and ``off`` are words. So nothing that is read can grow, or be
anything else than it looks.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import yaml

MOST_CHARACTERS: Final = 4 << 20
MOST_NODES: Final = 100_000
DEPTH: Final = 100
_DIGITS: Final = 300
_INTEGER: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_WORDS: Final[Mapping[str, Any]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


class WrongYaml(Exception):  # noqa: N818 - whoever reads a file names it in an error for people
    """``line`` from 1; ``what``: a sentence without its full stop."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line
        self.what = what


@dataclass(frozen=True, slots=True)
class Scalar:
    """``plain``: without quotes, and so perhaps a number."""

    line: int
    text: str
    plain: bool


@dataclass(frozen=True, slots=True)
class Items:
    line: int
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Fields:
    """``lines``: where each key stands."""

    line: int
    fields: Mapping[str, Node]
    lines: Mapping[str, int]


Node = Scalar | Items | Fields


def read_yaml(text: str, first_line: int = 1) -> Node:
    """``first_line``: the line of a file that the text begins on. Empty text is an empty scalar. Raises `WrongYaml`."""
    if len(text) > MOST_CHARACTERS:
        raise WrongYaml(first_line, f"it has more than {MOST_CHARACTERS >> 20} million characters")
    composer = _Composer(first_line)
    try:
        for event in _events(text):
            composer.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        raise WrongYaml(line, f"this is not valid YAML: {error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise WrongYaml(first_line, f"this is not valid YAML: {str(error).splitlines()[0]}") from None
    return composer.root or Scalar(first_line, "", plain=True)


def value_of(node: Node) -> Any:
    """What JSON would have there."""
    if isinstance(node, Items):
        return [value_of(item) for item in node.items]
    if isinstance(node, Fields):
        return {key: value_of(item) for key, item in node.fields.items()}
    return plain_value(node.text) if node.plain else node.text


def plain_value(text: str) -> Any:
    """What a scalar without quotes says."""
    if text in _WORDS:
        return _WORDS[text]
    if len(text) <= _DIGITS and _INTEGER.fullmatch(text):
        return int(text)
    if len(text) <= _DIGITS and _FLOAT.fullmatch(text) and math.isfinite(number := float(text)):
        return number
    return text


def _events(text: str) -> Iterator[yaml.Event]:
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return iter(yaml.parse(text, Loader=loader))


class _Open:
    """A list or mapping whose end has not come."""

    def __init__(self, line: int, *, mapping: bool) -> None:
        self.line = line
        self.mapping = mapping
        self.items: list[Node] = []

    def closed(self) -> Node:
        if not self.mapping:
            return Items(self.line, tuple(self.items))
        fields: dict[str, Node] = {}
        lines: dict[str, int] = {}
        for key, value in zip(self.items[::2], self.items[1::2], strict=True):
            if not isinstance(key, Scalar):
                raise WrongYaml(key.line, "a key must be a word")
            if key.text in fields:
                raise WrongYaml(key.line, f"{key.text!r} is there twice")
            fields[key.text], lines[key.text] = value, key.line
        return Fields(self.line, fields, lines)


class _Composer:
    """Makes nodes of events, without recursion, so that no depth breaks it."""

    def __init__(self, first_line: int) -> None:
        self.root: Node | None = None
        self._first_line = first_line
        self._open: list[_Open] = []
        self._count = 0

    def take(self, event: yaml.Event) -> None:
        line = self._first_line + (event.start_mark.line if event.start_mark else 0)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise WrongYaml(line, "anchors and aliases (& and *) are not read here: write the value out")
        if isinstance(event, yaml.NodeEvent):
            self._bounded(event, line)
        if isinstance(event, yaml.ScalarEvent):
            self._add(Scalar(line, event.value, plain=bool(event.implicit[0])))
        elif isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            self._open.append(_Open(line, mapping=isinstance(event, yaml.MappingStartEvent)))
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            self._add(self._open.pop().closed())

    def _bounded(self, event: yaml.NodeEvent, line: int) -> None:
        self._count += 1
        if self._count > MOST_NODES:
            raise WrongYaml(line, f"there are more than {MOST_NODES:,} values")
        if len(self._open) >= DEPTH:
            raise WrongYaml(line, f"it is nested deeper than {DEPTH} levels")
        if getattr(event, "tag", None):
            raise WrongYaml(line, f"the tag {event.tag} is not read here")  # type: ignore[attr-defined]

    def _add(self, node: Node) -> None:
        if self._open:
            self._open[-1].items.append(node)
        elif self.root is not None:
            raise WrongYaml(node.line, "there is more than one document")
        else:
            self.root = node
