"""Asks a server what it is, which models it has and what they can, without asking any model anything."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from workbench.cancel import CancelToken
from workbench.engine.remote.connection import Connection
from workbench.engine.remote.dialect import efforts_seen, template_body
from workbench.engine.remote.errors import ForbiddenError, ServerError, UnreachableError, WrongKeyError
from workbench.engine.remote.server import Capabilities, Kind, RemoteModel
from workbench.errors import EngineError
from workbench.messages import ChatRequest, Effort, user

MOST_MODELS = 500
MOST_DETAILS = 60
# Ollama gives this much context to a model that is not loaded unless it was told otherwise, and cuts the rest in silence.
OLLAMA_CONTEXT = 4096
LM_STUDIO_CONTEXT = 4096
_OWNERS = {
    "llamacpp": Kind.LLAMA,
    "vllm": Kind.VLLM,
    "library": Kind.OLLAMA,
    "organization_owner": Kind.LM_STUDIO,
}
_QUESTION = ChatRequest((user("Hello"),))


def probe(connection: Connection, cancel: CancelToken) -> Capabilities:
    """Raises `UnreachableError`, `WrongKeyError` and other `ServerError`, `RefusedError`, `Cancelled`."""
    rows = _rows(connection, cancel)
    kind = _kind(connection, rows, cancel)
    read = {
        Kind.LLAMA: _llama,
        Kind.VLLM: _vllm,
        Kind.OLLAMA: _ollama,
        Kind.LM_STUDIO: _lm_studio,
    }.get(kind, _other)
    return Capabilities(kind, _told_apart(read(connection, rows, cancel)))


def ollama_context(connection: Connection, model_id: str, cancel: CancelToken) -> int:
    """The context that a model has there now: known once it is loaded."""
    loaded = _loaded_in_ollama(connection, cancel)
    return loaded.get(model_id) or OLLAMA_CONTEXT


def short_name(model_id: str) -> str:
    """A file's name without its folders and ending; other names as they are."""
    if not model_id.endswith(".gguf"):
        return model_id
    file = re.split(r"[/\\]", model_id)[-1].removesuffix(".gguf")
    return re.sub(r"-\d{5}-of-\d{5}$", "", file) or model_id


def _rows(connection: Connection, cancel: CancelToken) -> list[dict[str, Any]]:
    try:
        answer = connection.ask("/v1/models", cancel)
    except (UnreachableError, WrongKeyError):
        raise
    except ServerError:
        tags = _maybe(connection, "/api/tags", cancel)  # an Ollama from before it spoke OpenAI's
        if not isinstance(tags.get("models"), list):
            raise
        answer = {"data": [{"id": model.get("name"), "owned_by": "library"} for model in _objects(tags["models"])]}
    listed = answer.get("data")
    if not isinstance(listed, list):
        raise ServerError(
            f"{connection.who} does not list its models.", hint="Is this the address of a server for models?"
        )
    rows = [row for row in _objects(listed) if isinstance(row.get("id"), str) and row["id"].isprintable()]
    return rows[:MOST_MODELS]


def _kind(connection: Connection, rows: list[dict[str, Any]], cancel: CancelToken) -> Kind:
    owners = {str(row.get("owned_by")) for row in rows}
    known = [kind for owner, kind in _OWNERS.items() if owner in owners]
    if known:
        return known[0]
    if any("max_model_len" in row for row in rows):
        return Kind.OTHER  # SGLang and others: the context is told, the rest is not vLLM's
    return Kind.OLLAMA if "version" in _maybe(connection, "/api/version", cancel) else Kind.OTHER


def _llama(connection: Connection, rows: list[dict[str, Any]], cancel: CancelToken) -> tuple[RemoteModel, ...]:
    props = _props(connection, cancel)
    told = _number(_object(props.get("default_generation_settings")).get("n_ctx"))
    caps = _object(props.get("chat_template_caps"))
    vision = _object(props.get("modalities")).get("vision")
    models = []
    for row in rows:
        alone = len(rows) == 1  # what /props says is of the one model; a router has many
        context = _number(_object(row.get("meta")).get("n_ctx")) or (told if alone else None)
        models.append(
            RemoteModel(
                row["id"],
                short_name(row["id"]),
                context,
                _bool(caps.get("supports_tools")) if alone else None,
                _bool(vision) if alone else None,
                _efforts(connection, Kind.LLAMA, row["id"], cancel) if alone else (),
            )
        )
    return tuple(models)


def _props(connection: Connection, cancel: CancelToken) -> dict[str, Any]:
    """Also shows whether the key is right: the list of models is open to everybody. Raises `WrongKeyError`."""
    try:
        return connection.ask("/props", cancel)
    except ForbiddenError:
        return {}  # of something before the server that lets only some paths through
    except WrongKeyError:
        raise
    except EngineError:
        return {}


def _vllm(connection: Connection, rows: list[dict[str, Any]], cancel: CancelToken) -> tuple[RemoteModel, ...]:
    return tuple(
        RemoteModel(
            row["id"],
            short_name(row["id"]),
            _number(row.get("max_model_len")),
            efforts=_efforts(connection, Kind.VLLM, row["id"], cancel) if at < MOST_DETAILS else (),
        )
        for at, row in enumerate(rows)
    )


def _ollama(connection: Connection, rows: list[dict[str, Any]], cancel: CancelToken) -> tuple[RemoteModel, ...]:
    loaded = _loaded_in_ollama(connection, cancel)
    models = []
    for row in rows[:MOST_DETAILS]:
        shown = _maybe(connection, "/api/show", cancel, {"model": row["id"]})
        can = shown.get("capabilities")
        if isinstance(can, list) and "completion" not in can:
            continue  # it makes vectors
        longest = next(
            (
                _number(value)
                for key, value in _object(shown.get("model_info")).items()
                if key.endswith(".context_length")
            ),
            None,
        )
        context = loaded.get(row["id"]) or min(OLLAMA_CONTEXT, longest or OLLAMA_CONTEXT)
        models.append(RemoteModel(row["id"], row["id"], context, *_ollama_can(can, row["id"])))
    rest = (RemoteModel(row["id"], row["id"], OLLAMA_CONTEXT) for row in rows[MOST_DETAILS:])
    return (*models, *rest)


def _ollama_can(can: Any, model_id: str) -> tuple[bool | None, bool | None, tuple[Effort, ...]]:
    """Tools, vision and efforts, as ``/api/show`` tells them."""
    if not isinstance(can, list):
        return None, None, ()
    levels = (Effort.LOW, Effort.MEDIUM, Effort.HIGH) if "gpt-oss" in model_id else (Effort.OFF, Effort.ON)
    return "tools" in can, "vision" in can, levels if "thinking" in can else ()


def _loaded_in_ollama(connection: Connection, cancel: CancelToken) -> dict[str, int]:
    found = _maybe(connection, "/api/ps", cancel).get("models")
    contexts = ((str(model.get("name")), _number(model.get("context_length"))) for model in _objects(found))
    return {name: context for name, context in contexts if context}


def _lm_studio(connection: Connection, rows: list[dict[str, Any]], cancel: CancelToken) -> tuple[RemoteModel, ...]:
    details = {row.get("id"): row for row in _objects(_maybe(connection, "/api/v0/models", cancel).get("data"))}
    models = []
    for row in rows:
        told = details.get(row["id"], {})
        if told.get("type") == "embeddings" or (not told and row["id"].startswith("text-embedding-")):
            continue
        longest = _number(told.get("max_context_length")) or LM_STUDIO_CONTEXT
        context = _number(told.get("loaded_context_length")) or min(LM_STUDIO_CONTEXT, longest)
        can = told.get("capabilities")
        models.append(
            RemoteModel(
                row["id"],
                short_name(row["id"]),
                context,
                "tool_use" in can if isinstance(can, list) else None,
                told["type"] == "vlm" if "type" in told else None,
                (Effort.LOW, Effort.MEDIUM, Effort.HIGH) if "gpt-oss" in row["id"] else (),
            )
        )
    return tuple(models)


def _other(_connection: Connection, rows: list[dict[str, Any]], _cancel: CancelToken) -> tuple[RemoteModel, ...]:
    names = ("max_model_len", "context_length", "context_window", "max_context_length")
    return tuple(
        RemoteModel(
            row["id"], short_name(row["id"]), next((size for name in names if (size := _number(row.get(name)))), None)
        )
        for row in rows
    )


def _efforts(connection: Connection, kind: Kind, model_id: str, cancel: CancelToken) -> tuple[Effort, ...]:
    """Seen in the prompt that the server renders; none where it does not say."""

    def rendered(effort: Effort) -> Hashable:
        request = ChatRequest(_QUESTION.messages, effort=effort)
        body = template_body(kind, model_id, request)
        if kind is Kind.LLAMA:
            return str(connection.ask("/apply-template", cancel, body)["prompt"])
        return tuple(connection.ask("/tokenize", cancel, body)["tokens"])

    with suppress(EngineError, KeyError, TypeError):
        return efforts_seen(rendered)
    return ()


def _told_apart(models: tuple[RemoteModel, ...]) -> tuple[RemoteModel, ...]:
    """Two models of one short name are shown with their whole ids."""
    names = [model.name for model in models]
    return tuple(
        RemoteModel(model.id, model.id, model.context_tokens, model.tools, model.vision, model.efforts)
        if names.count(model.name) > 1
        else model
        for model in models
    )


def _maybe(
    connection: Connection, path: str, cancel: CancelToken, body: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The answer, or nothing where the server does not know the question."""
    try:
        return connection.ask(quote(path), cancel, body)
    except EngineError:
        return {}


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _number(value: Any) -> int | None:
    """A size that can be one."""
    good = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 31
    return value if good else None


def _bool(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None
