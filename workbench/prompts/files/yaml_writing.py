"""YAML that is pleasant to read and to change by hand: texts of several lines as they are, nothing folded. Pure."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import Any, Final

import yaml

from workbench.prompts.files.yaml_reading import plain_value

_ODD: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]"
)  # need to be escaped


class Short(list[Any]):
    """A list that is written on one line."""


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the same value twice is written twice
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:  # noqa: ARG002
        """Items of a list stand further right than its key."""
        return super().increase_indent(flow, indentless=False)

    def analyze_scalar(self, scalar: str) -> Any:
        analysis = super().analyze_scalar(scalar)
        if as_block(scalar):  # also where lines end in spaces: Markdown means something by them
            analysis.allow_block = True
        return analysis


def write_yaml(values: Mapping[str, Any]) -> str:
    """In the order of the mapping; empty for an empty one. Values as JSON knows them, and `Short`."""
    if not values:
        return ""
    return str(
        yaml.dump(
            dict(values),
            Dumper=_Dumper,
            sort_keys=False,
            allow_unicode=True,
            default_flow_style=False,
            width=sys.maxsize,
        )
    )


def as_block(text: str) -> bool:
    """Whether the text can stand there line by line, and does not fit on one."""
    return "\n" in text.rstrip("\n") and text[0] not in " \t\n" and not _ODD.search(text)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    if as_block(value):
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|")
    if "\n" in value or _ODD.search(value):
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style='"')
    is_word = isinstance(plain_value(value), str)
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=None if is_word else "'")


def _short(dumper: yaml.SafeDumper, value: Short) -> yaml.SequenceNode:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(Short, _short)
