"""A body in OpenAI's shape becomes a request of the core. Pure.

What would change the answer and cannot be done is refused by name, never dropped in silence; what changes nothing, and
what nobody here knows, is passed over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from workbench.api.faults import RequestError
from workbench.api.messages_in import messages_of
from workbench.messages import ChatRequest, Effort, Sampling, Tool

DEFAULT_MODEL = "default"
MOST_STOPS, MOST_TOOLS = 16, 128

# What would change the answer, with the values that ask for nothing.
REFUSED: Final[Mapping[str, tuple[Any, ...]]] = {
    "n": (1,),
    "best_of": (1,),
    "logprobs": (False,),
    "top_logprobs": (0,),
    "logit_bias": ({},),
    "functions": ([],),
    "function_call": ("none", "auto"),
    "modalities": (["text"],),
    "audio": (),
    "web_search_options": (),
    "verbosity": ("medium",),
    "grammar": ("",),
    "json_schema": (),
    "guided_json": (),
    "guided_regex": (),
    "guided_choice": (),
    "guided_grammar": (),
    "chat_template": (),
    "ignore_eos": (False,),
    "dry_multiplier": (0,),
    "xtc_probability": (0,),
    "typical_p": (1,),
    "mirostat": (0,),
    "min_tokens": (0,),
}
EFFORTS: Final[Mapping[str, Effort]] = {
    "none": Effort.OFF,
    "minimal": Effort.LOW,
    "low": Effort.LOW,
    "medium": Effort.MEDIUM,
    "high": Effort.HIGH,
    "xhigh": Effort.HIGH,
}
_TOOL_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A chat completion. ``usage_in_stream``: whether a stream ends with a piece that counts the tokens."""

    model: str
    request: ChatRequest
    stream: bool = False
    usage_in_stream: bool = False


@dataclass(frozen=True, slots=True)
class AskedVectors:
    """Embeddings. ``as_text``: base64 of 32-bit floats instead of numbers."""

    model: str
    texts: tuple[str, ...]
    as_text: bool = False


def parse(body: bytes) -> dict[str, Any]:
    """The object of a body, without its nulls: they say the same as a missing field. Raises `RequestError`."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise RequestError("The body is not valid JSON.", code="invalid_json") from None
    if not isinstance(found, dict):
        raise RequestError("The body is not a JSON object.", code="invalid_json")
    if b"\\ud" in body.lower():  # half a letter in two escapes is no text that could be sent on
        found = json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
    return {name: value for name, value in found.items() if value is not None}


def chat(body: Mapping[str, Any]) -> Asked:
    """Raises `RequestError` naming the field."""
    for name, harmless in REFUSED.items():
        if name in body and body[name] not in harmless:
            raise RequestError(f"{name} is not supported here.", param=name, code="unsupported_parameter")
    tools = _tools(body)
    options = _typed(body, "stream_options", dict, "an object", {})
    request = ChatRequest(
        messages_of(body.get("messages")),
        max_tokens=_whole(body, "max_completion_tokens", 1) or _whole(body, "max_tokens", 1),
        sampling=_sampling(body),
        stop=_stop(body),
        effort=_effort(body),
        tools=tools,
        tool_choice=_tool_choice(body, tools),
        schema=_schema(body),
    )
    stream = bool(_typed(body, "stream", bool, "true or false", default=False))
    return Asked(_model(body), request, stream, options.get("include_usage") is True)


def embeddings(body: Mapping[str, Any]) -> AskedVectors:
    """Raises `RequestError` naming the field."""
    if "dimensions" in body:
        raise RequestError("dimensions is not supported here.", param="dimensions", code="unsupported_parameter")
    given = body.get("input")
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) and text for text in texts):
        raise RequestError("input must be a text, or a list of texts, none of them empty.", param="input")
    if len(texts) > 2048:
        raise RequestError("input may have 2048 texts.", param="input")
    form = body.get("encoding_format", "float")
    if form not in ("float", "base64"):
        raise RequestError("encoding_format must be float or base64.", param="encoding_format")
    return AskedVectors(_model(body), tuple(texts), form == "base64")


def _model(body: Mapping[str, Any]) -> str:
    model = body.get("model")
    if not isinstance(model, str) or not model:
        raise RequestError(f"model is missing; {DEFAULT_MODEL!r} is the preferred one.", param="model")
    return model


def _sampling(body: Mapping[str, Any]) -> Sampling:
    return Sampling(
        temperature=_number(body, "temperature", 0, 2),
        top_p=_number(body, "top_p", 0, 1),
        top_k=_whole(body, "top_k", 0),
        min_p=_number(body, "min_p", 0, 1),
        repeat_penalty=_number(body, "repeat_penalty", 0, 10),
        presence_penalty=_number(body, "presence_penalty", -2, 2),
        frequency_penalty=_number(body, "frequency_penalty", -2, 2),
        seed=_whole(body, "seed", -(1 << 63)),
    )


def _number(body: Mapping[str, Any], name: str, low: float, high: float) -> float | None:
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise RequestError(f"{name} must be a number from {low:g} to {high:g}.", param=name)
    return float(value)


def _whole(body: Mapping[str, Any], name: str, low: int) -> int | None:
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value < 1 << 63:
        raise RequestError(f"{name} must be a whole number" + (f" from {low}." if low >= 0 else "."), param=name)
    return value


def _typed(body: Mapping[str, Any], name: str, kind: type, words: str, default: Any) -> Any:
    value = body.get(name, default)
    if not isinstance(value, kind):
        raise RequestError(f"{name} must be {words}.", param=name)
    return value


def _stop(body: Mapping[str, Any]) -> tuple[str, ...]:
    given = body.get("stop", [])
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not all(isinstance(text, str) and text for text in texts):
        raise RequestError("stop must be a text or a list of texts, none of them empty.", param="stop")
    if len(texts) > MOST_STOPS:
        raise RequestError(f"stop may have {MOST_STOPS} texts.", param="stop")
    return tuple(texts)


def _effort(body: Mapping[str, Any]) -> Effort | None:
    """``reasoning_effort``, or the switch that programs made for llama.cpp and vLLM send instead."""
    arguments = _typed(body, "chat_template_kwargs", dict, "an object", {})
    if unknown := next((name for name in arguments if name not in ("enable_thinking", "reasoning_effort")), None):
        raise RequestError(
            f"chat_template_kwargs.{unknown} is not supported here.",
            param=f"chat_template_kwargs.{unknown}",
            code="unsupported_parameter",
        )
    wanted = body.get("reasoning_effort", arguments.get("reasoning_effort"))
    if wanted is not None:
        if not isinstance(wanted, str) or wanted not in EFFORTS:
            raise RequestError(f"reasoning_effort must be one of {', '.join(EFFORTS)}.", param="reasoning_effort")
        return EFFORTS[wanted]
    match arguments.get("enable_thinking"):
        case None:
            return None
        case bool(thinking):
            return Effort.ON if thinking else Effort.OFF
    name = "chat_template_kwargs.enable_thinking"
    raise RequestError(f"{name} must be true or false.", param=name)


def _tools(body: Mapping[str, Any]) -> tuple[Tool, ...]:
    given = _typed(body, "tools", list, "a list", [])
    if len(given) > MOST_TOOLS:
        raise RequestError(f"tools may have {MOST_TOOLS} tools.", param="tools")
    tools = tuple(_tool(one, f"tools[{place}]") for place, one in enumerate(given))
    if len({tool.name for tool in tools}) < len(tools):
        raise RequestError("Two tools have the same name.", param="tools")
    return tools


def _tool(one: Any, where: str) -> Tool:
    if not isinstance(one, dict) or one.get("type") != "function" or not isinstance(one.get("function"), dict):
        raise RequestError(f"{where} must be a function; no other tools are here.", param=where)
    function = one["function"]
    name, words = function.get("name"), function.get("description") or ""
    parameters = function.get("parameters") or {"type": "object", "properties": {}}
    if not isinstance(name, str) or not _TOOL_NAME.fullmatch(name):
        raise RequestError(f"{where}.function.name must be a word of at most 64 letters.", param=where)
    if not isinstance(words, str) or not isinstance(parameters, dict):
        raise RequestError(f"{where}.function has a description or parameters of the wrong kind.", param=where)
    return Tool(name, words, parameters)


def _tool_choice(body: Mapping[str, Any], tools: tuple[Tool, ...]) -> str:
    given = body.get("tool_choice", "auto")
    if given in ("auto", "none") or (given == "required" and tools):
        return str(given)
    name = _chosen(given)
    if name not in {tool.name for tool in tools}:
        raise RequestError(
            "tool_choice must be auto, none, required (with tools), or name one of the tools.", param="tool_choice"
        )
    return name


def _chosen(given: Any) -> str:
    function = given.get("function") if isinstance(given, dict) and given.get("type") == "function" else None
    return str(function.get("name", "")) if isinstance(function, dict) else ""


def _schema(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    form = _typed(body, "response_format", dict, "an object", {"type": "text"})
    readers: Mapping[str, Callable[[], Mapping[str, Any] | None]] = {
        "text": lambda: None,
        "json_object": lambda: {"type": "object"},
        "json_schema": lambda: _given_schema(form),
    }
    reader = readers.get(str(form.get("type")))
    if reader is None:
        raise RequestError("response_format.type must be text, json_object or json_schema.", param="response_format")
    return reader()


def _given_schema(form: Mapping[str, Any]) -> Mapping[str, Any]:
    holder = form.get("json_schema")
    schema = holder.get("schema") if isinstance(holder, dict) else None
    if not isinstance(schema, dict):
        raise RequestError("response_format.json_schema.schema is missing.", param="response_format")
    return schema
