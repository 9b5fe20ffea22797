"""What goes wrong with another machine, in words: it is away, its certificate, its key, its answer."""

from __future__ import annotations

import json
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from workbench.engine.asking.wire import EngineGoneError, context_full
from workbench.engine.remote.errors import ForbiddenError, ServerError, UnreachableError, WrongKeyError
from workbench.errors import EngineError, causes_of

_CERTIFICATES = {
    10: "has expired",
    18: "was made by itself, so nobody vouches for it",
    19: "was made by itself, so nobody vouches for it",
    20: "comes from an authority that this computer does not know",
    62: "belongs to another name",
}
# vLLM and its relatives: the limit, then what was asked.
_LIMIT = re.compile(r"context length (?:is|of) (?:only )?(\d+)")
_PROMPT = re.compile(r"(\d+) in the messages|(\d+) input tokens|prompt contains (?:at least )?(\d+)")
_WORDS_OF_TOO_LONG = ("context length", "context size", "context window", "context_length_exceeded")


@contextmanager
def speaking(who: str) -> Iterator[None]:
    """Translates what httpx and JSON raise. ``who``: host and port."""
    try:
        yield
    except httpx.ConnectTimeout as error:
        raise UnreachableError(f"{who} does not answer.") from error
    except httpx.ConnectError as error:
        raise _unconnected(who, error) from error
    except httpx.TimeoutException as error:
        raise ServerError(f"{who} has not answered for a long time.", detail=str(error)) from error
    except (httpx.TransportError, EngineGoneError) as error:
        raise ServerError(f"The connection to {who} broke off.", detail=str(error)) from error
    except (httpx.HTTPError, httpx.StreamError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise unreadable(who, type(error).__name__) from error


def unreadable(who: str, detail: str = "") -> ServerError:
    return ServerError(
        f"{who} answers with something that is no model's answer.",
        hint="Is this the address of a server for models? It may be a web page or another program.",
        detail=detail,
    )


def refusal(who: str, status: int, body: str, location: str = "") -> EngineError:
    """What an answer with a ``status`` other than 200 means. ``location``: where a redirect leads."""
    if 300 <= status < 400:
        return ServerError(
            f"{who} sends its visitors to another address, and Workbench does not follow.",
            hint="Add the server under its own address, if you trust it.",
            detail=location[:300],
        )
    said = message_of(body)
    if full := _context_full(said, body):
        return full
    if status == 401:
        return WrongKeyError(f"{who} refuses the key.")
    if status == 403:
        return ForbiddenError(f"{who} does not let this key in.")
    words = {
        404: f"{who} does not know this model or this address.",
        413: f"The message is too large for {who}.",
        429: f"{who} has too much to do.",
        503: f"{who} is not ready: it may be loading the model.",
    }
    sentence = words.get(status, f"{who} answers with an error (HTTP {status}).")
    return ServerError(f"{sentence} It says: {said}" if said else sentence, detail=body[:4000])


def in_stream(who: str, payload: str) -> EngineError:
    """The error that a server sent in the middle of an answer."""
    said = message_of(payload)
    return _context_full(said, payload) or ServerError(
        f"{who} ended the answer with an error. It says: {said or 'nothing'}", detail=payload[:4000]
    )


def parsed(text: str) -> Any:
    """What the JSON ``text`` says. Raises `ValueError`, also for what is nested without end."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def message_of(body: str) -> str:
    """What the server says, in one short line; empty for a web page and other things that are not said to people."""
    try:
        answer = parsed(body)
    except ValueError:
        return ""
    said = answer.get("error", answer) if isinstance(answer, dict) else None
    if isinstance(said, dict):
        said = said.get("message") or said.get("detail")
    return " ".join(said.split())[:300] if isinstance(said, str) else ""


def _context_full(said: str, body: str) -> EngineError | None:
    lowered = said.lower()
    if not any(words in lowered for words in _WORDS_OF_TOO_LONG):
        return None
    told = parsed(body)
    error = told.get("error") if isinstance(told, dict) else None
    if isinstance(error, dict) and error.get("n_ctx"):
        return context_full(error.get("n_prompt_tokens"), error.get("n_ctx"), body[:4000])
    limit, prompt = _LIMIT.search(said), _PROMPT.search(said)
    numbers = [int(number) for number in prompt.groups() if number] if prompt else []
    return context_full(numbers[0] if numbers else None, int(limit.group(1)) if limit else None, body[:4000])


def _unconnected(who: str, error: BaseException) -> ServerError:
    for cause in causes_of(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            why = _CERTIFICATES.get(cause.verify_code, "is not valid")
            return ServerError(
                f"The certificate of {who} {why}.",
                hint="Nothing was sent. A home's own authority is trusted through the variable SSL_CERT_FILE.",
                detail=cause.verify_message,
            )
        if isinstance(cause, ssl.SSLError):
            return ServerError(
                f"{who} does not speak https.", hint="On your own network, try http:// instead.", detail=str(cause)
            )
        if isinstance(cause, socket.gaierror):
            return UnreachableError(f"The name in {who} is not known on this network.", hint="Try its IP address.")
        if isinstance(cause, ConnectionRefusedError):
            return UnreachableError(f"Nothing listens at {who}.")
    return UnreachableError(f"{who} cannot be reached.", detail=str(error))
