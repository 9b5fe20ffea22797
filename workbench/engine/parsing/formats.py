"""Which format a model writes, seen from its chat template, as llama.cpp sees it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from workbench.engine.parsing.calls import Calls, random_id
from workbench.engine.parsing.events import Parser
from workbench.engine.parsing.gemma import gemma_answer
from workbench.engine.parsing.harmony import harmony_parser
from workbench.engine.parsing.json_calls import JsonCalls
from workbench.engine.parsing.parser import TextParser
from workbench.engine.parsing.python_calls import PythonCalls
from workbench.engine.parsing.reader import Reader
from workbench.engine.parsing.tagged import CallSyntax, TaggedAnswer, Tags
from workbench.engine.parsing.xml_calls import FunctionTags, KeyValueTags

CallFormat = Literal["", "json", "functions", "keys", "python", "harmony", "gemma"]

_OPENED = re.compile(r"<think>\s*\Z|<\|channel>thought\s*\Z")
_CLOSED = re.compile(r"</think>\s*\Z|<\|channel>thought\s*<channel\|>\s*\Z")


@dataclass(frozen=True, slots=True)
class Format:
    """What a model writes. ``name`` is for messages; ``calls`` is the syntax of its calls, "" where we know none."""

    name: str
    reasons: bool
    calls: CallFormat


def format_of(template: str, architecture: str = "") -> Format:
    """The format that a chat template promises. ``architecture`` decides only where there is no template."""
    if "<|channel|>" in template or (not template and architecture == "gpt-oss"):
        return Format("harmony", reasons=True, calls="harmony")
    if (
        "<|tool_call>call:" in template
        or "<|channel>thought" in template
        or (not template and architecture == "gemma4")
    ):
        return Format("gemma4", reasons=True, calls="gemma")
    calls = _calls_of(template)
    reasons = "<think>" in template or "</think>" in template
    if not reasons and not calls:
        return Format("plain", reasons=False, calls="")
    return Format(" + ".join(filter(None, ["think" if reasons else "", calls])), reasons, calls)


def _calls_of(template: str) -> CallFormat:
    if any(marker in template for marker in ("<|tool_call_start|>", "<|tool_list_start|>", "List of tools: [")):
        return "python"
    if "<tool_call>" not in template or "<invoke name=" in template:
        return ""
    if "<function=" in template and "<parameter=" in template:
        return "functions"
    return "keys" if "<arg_key>" in template else "json"


def parser_for(
    template: str,
    *,
    architecture: str = "",
    tools: Sequence[Mapping[str, Any]] = (),
    prompt_tail: str = "",
    thinking: bool | None = None,
    new_id: Callable[[], str] = random_id,
) -> Parser:
    """A parser for one answer.

    ``tools``: those of the request; without any the markers of calls are text, except in harmony. ``prompt_tail``: the end
    of the rendered prompt; whether it has opened or closed the reasoning is seen there. ``thinking`` overrides it, for an
    answer that is continued: True inside the reasoning, False after it.
    """
    format_ = format_of(template, architecture)
    calls = Calls(tools, new_id)
    if format_.name == "harmony":
        return harmony_parser(calls, prompt_tail)
    if thinking is None:
        thinking = thinking_after(prompt_tail)
    reader = Reader()
    if format_.name == "gemma4":
        return TextParser(format_.name, reader, gemma_answer(reader, calls, thinking=thinking))
    tags = _tags(template) if format_.reasons else None
    syntax = _syntax(format_, calls) if calls else None
    answer = TaggedAnswer(reader, calls, tags=tags, syntax=syntax, thinking=thinking)
    return TextParser(format_.name, reader, answer.steps())


def thinking_after(prompt_tail: str) -> bool | None:
    """Whether a prompt that ends so has opened the reasoning, or closed it; None: neither."""
    if _OPENED.search(prompt_tail):
        return True
    return False if _CLOSED.search(prompt_tail) else None


def _tags(template: str) -> Tags:
    return Tags(wrapper=("<response>", "</response>") if "<response>" in template else None)


def _syntax(format_: Format, calls: Calls) -> CallSyntax | None:
    if format_.calls == "json":
        return JsonCalls()
    if format_.calls == "functions":
        # Only models that do not reason leave the first tag out; in reasoning a bare tag would be a thought about it.
        return FunctionTags(bare=() if format_.reasons else calls.names)
    if format_.calls == "keys":
        return KeyValueTags()
    return PythonCalls() if format_.calls == "python" else None
