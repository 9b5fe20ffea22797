"""A request in the words of OpenAI's chat completions, as each provider wants them. Pure."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from workbench.cloud.protocols.asked import check, effort_of, most_tokens, spoken, thinks
from workbench.cloud.protocols.quirks import Quirk
from workbench.cloud.provider import MILLION, CloudModel, Provider
from workbench.errors import UsageError
from workbench.messages import ChatRequest, Effort, Image, Message, Role, Tool, ToolCall, ToolResult

PATH = "/chat/completions"
Json = dict[str, Any]
_SAMPLING = ("temperature", "top_p", "presence_penalty", "frequency_penalty", "seed")
_MORE = {"top_k": "top_k", "min_p": "min_p", "repeat_penalty": "repetition_penalty"}
_PENALTIES = ("presence_penalty", "frequency_penalty", "stop")
_SHORT_ID = re.compile(r"[A-Za-z0-9]{9}")
_MOST_STOPS = 4
_NO_SIGNATURE = {"google": {"thought_signature": "skip_thought_signature_validator"}}


def body_of(provider: Provider, model: CloudModel, request: ChatRequest) -> Json:
    """The body of a streaming chat completion. Raises `UsageError` for what cannot be asked there."""
    check(model, request)
    quirks = provider.quirks
    body: Json = {"model": model.id, "messages": _messages(request, quirks)}
    if (most := most_tokens(model, request)) is not None:
        body["max_completion_tokens" if Quirk.MAX_COMPLETION_TOKENS in quirks else "max_tokens"] = most
    body |= _sampling(model, request, quirks) | _effort(model, request, quirks) | _tools(request, quirks)
    if request.schema is not None:
        body["response_format"] = _schema(provider, request.schema)
    body["stream"] = True
    if Quirk.NO_STREAM_OPTIONS not in quirks:
        body["stream_options"] = {"include_usage": True}
    return body | _terms(model, request, quirks)


def _messages(request: ChatRequest, quirks: Collection[str]) -> list[Json]:
    return [one for message in spoken(request) for one in _message(message, quirks)]


def _message(message: Message, quirks: Collection[str]) -> Iterator[Json]:
    """Results of several calls are messages of their own."""
    if message.role is Role.TOOL:
        for part in message.parts:
            if isinstance(part, ToolResult):
                yield {"role": "tool", "tool_call_id": _id(part.id, quirks), "name": part.name, "content": part.text}
        return
    said: Json = {"role": message.role.value, "content": _content(message)}
    if message.tool_calls:
        said["tool_calls"] = [_call(call, quirks) for call in message.tool_calls]
        if Quirk.THOUGHTS_WITH_CALLS in quirks:
            said["reasoning_content"] = message.reasoning  # also where there was none: the field itself is wanted
    yield said


def _content(message: Message) -> str | list[Json]:
    """A text alone; with pictures a list, they stand before it."""
    pictures = [part for part in message.parts if isinstance(part, Image)]
    if not pictures:
        return message.text
    urls = (f"data:{one.media_type};base64,{b64encode(one.content).decode('ascii')}" for one in pictures)
    shown: list[Json] = [{"type": "image_url", "image_url": {"url": url}} for url in urls]
    return [*shown, {"type": "text", "text": message.text}] if message.text else shown


def _call(call: ToolCall, quirks: Collection[str]) -> Json:
    function = {"name": call.name, "arguments": call.arguments}
    said: Json = {"id": _id(call.id, quirks), "type": "function", "function": function}
    # The signature that came with a call is not kept: other models' calls have none either.
    return said | ({"extra_content": _NO_SIGNATURE} if Quirk.THOUGHT_SIGNATURES in quirks else {})


def _id(call_id: str, quirks: Collection[str]) -> str:
    """The same id for the same call, in the form that is wanted."""
    if Quirk.SHORT_CALL_IDS not in quirks or _SHORT_ID.fullmatch(call_id):
        return call_id
    return hashlib.sha256(call_id.encode("utf-8", "replace")).hexdigest()[:9]


def _sampling(model: CloudModel, request: ChatRequest, quirks: Collection[str]) -> Json:
    """What is chosen and known there: the rest stays as the provider has it."""
    chosen = request.sampling.chosen()
    said: Json = {name: chosen[name] for name in _SAMPLING if name in chosen}
    if Quirk.MORE_SAMPLING in quirks:
        said |= {theirs: chosen[ours] for ours, theirs in _MORE.items() if ours in chosen}
    if Quirk.RANDOM_SEED in quirks and "seed" in said:
        said["random_seed"] = said.pop("seed")
    if request.stop:
        said["stop"] = list(request.stop[:_MOST_STOPS])
    if not thinks(model, request):
        return said
    if Quirk.NO_SAMPLING_WITH_REASONING in quirks:
        return {}
    refused = _PENALTIES if Quirk.NO_PENALTIES in quirks else ()
    return {name: value for name, value in said.items() if name not in refused}


def _effort(model: CloudModel, request: ChatRequest, quirks: Collection[str]) -> Json:
    effort = effort_of(model, request)
    if request.tools and Quirk.NO_THINKING_WITH_TOOLS in quirks:
        effort = Effort.OFF if Effort.OFF in model.efforts else None
    if Quirk.REASONING_OBJECT in quirks:
        return _reasoning_object(effort, request.reasoning_tokens if thinks(model, request) else None)
    if effort is None:
        return {}
    switch = effort is not Effort.OFF
    switching = effort in (Effort.OFF, Effort.ON)
    if switching and Quirk.REASONING_ENABLED in quirks:
        return {"reasoning": {"enabled": switch}}
    if Quirk.THINKING_SWITCH in quirks:
        said: Json = {"thinking": {"type": "enabled" if switch else "disabled"}}
        return said if switching else said | {"reasoning_effort": effort.value}
    words = {Effort.OFF: "none", Effort.ON: "default" if Quirk.EFFORT_DEFAULT in quirks else "high"}
    return {"reasoning_effort": words.get(effort, effort.value)}


def _reasoning_object(effort: Effort | None, most: int | None) -> Json:
    """A limit of thoughts, or an effort: not both."""
    if most is not None:
        return {"reasoning": {"max_tokens": most}}
    match effort:
        case None:
            return {}
        case Effort.OFF | Effort.ON:
            return {"reasoning": {"enabled": effort is Effort.ON}}
        case _:
            return {"reasoning": {"effort": effort.value}}


def _tools(request: ChatRequest, quirks: Collection[str]) -> Json:
    if not request.tools:
        return {}
    choice: Any = request.tool_choice
    if choice == "required" and Quirk.TOOL_CHOICE_ANY in quirks:
        choice = "any"
    elif choice not in ("auto", "none", "required"):
        choice = {"type": "function", "function": {"name": choice}}
    return {"tools": [_tool(tool) for tool in request.tools], "tool_choice": choice}


def _tool(tool: Tool) -> Json:
    function = {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)}
    return {"type": "function", "function": function}


def _schema(provider: Provider, schema: Mapping[str, Any]) -> Json:
    if Quirk.NO_SCHEMA in provider.quirks:
        raise UsageError(
            f"{provider.name} cannot be held to a JSON schema.", hint="Ask without the schema, or another provider."
        )
    said = {"name": "answer", "schema": dict(schema), "strict": is_strict(schema)}
    return {"type": "json_schema", "json_schema": said}


def is_strict(schema: Any) -> bool:
    """Whether a schema keeps the rules that `strict` asks for: objects name all their properties, require each, and allow
    no other."""
    if isinstance(schema, list):
        return all(map(is_strict, schema))
    if not isinstance(schema, Mapping):
        return True
    if schema.get("type") == "object" or "properties" in schema:
        properties = schema.get("properties")
        if schema.get("additionalProperties") is not False or not isinstance(properties, Mapping):
            return False
        required = schema.get("required")
        if not isinstance(required, list) or set(required) != set(properties):
            return False
    return all(is_strict(value) for value in schema.values())


def _terms(model: CloudModel, request: ChatRequest, quirks: Collection[str]) -> Json:
    """On which terms it is asked: kept nowhere, trained on by nobody, for no more than was shown."""
    said: Json = {"store": False} if Quirk.STORE_FALSE in quirks else {}
    terms: Json = {"data_collection": "deny"} if Quirk.DENY_COLLECTION in quirks else {}
    if Quirk.REQUIRE_PARAMETERS in quirks and (request.schema is not None or request.tools):
        terms["require_parameters"] = True
    if Quirk.MAX_PRICE in quirks and model.price is not None:
        terms["max_price"] = {
            "prompt": model.price.input_micros / MILLION,
            "completion": model.price.output_micros / MILLION,
        }
    return said | ({"provider": terms} if terms else {})
