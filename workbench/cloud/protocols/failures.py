"""What goes wrong at a provider, in words and with what helps. Pure: statuses, bodies, exceptions in, `CloudError` out."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from workbench.cloud.asking import SAYS, CloudError, NextStep
from workbench.cloud.protocols.counting import parsed
from workbench.cloud.protocols.scrubbing import MOST_DETAIL, one_line
from workbench.errors import causes_of

_AGAIN = (NextStep.RETRY, NextStep.OTHER_PROVIDER, NextStep.ANSWER_LOCALLY)
_ELSEWHERE = (NextStep.OTHER_PROVIDER, NextStep.ANSWER_LOCALLY)
_LOGIN = (NextStep.LOGIN, NextStep.OTHER_PROVIDER, NextStep.ANSWER_LOCALLY)
_SHORTEN = (NextStep.SHORTEN, NextStep.OTHER_PROVIDER, NextStep.ANSWER_LOCALLY)

_TOO_LONG = (
    "context length", "context_length", "context window", "context size", "maximum context", "prompt is too long",
    "too many tokens", "maximum prompt length", "input is too long", "exceeds the model's max", "input token count",
    "reduce the length",
)  # fmt: skip
_QUOTA = (
    "insufficient_quota", "exceeded your current quota", "billing", "credit balance", "insufficient credits",
    "insufficient balance", "spend limit", "spending limit", "usage limits", "monthly limit", "payment",
)  # fmt: skip
# Anthropic says so with 400, xAI with 403.
_BALANCE = (
    "credit balance", "insufficient balance", "insufficient credits", "any credits", "spend limit", "spending limit",
    "usage limits",
)  # fmt: skip
_NUMBERS = re.compile(r"\d[\d,]{2,11}")
# Anthropic's words for statuses, and OpenAI's, as they stand in errors within a stream.
_STATUSES = {
    "invalid_request_error": 400, "authentication_error": 401, "billing_error": 402, "permission_error": 403,
    "not_found_error": 404, "request_too_large": 413, "rate_limit_error": 429, "api_error": 500, "timeout_error": 504,
    "overloaded_error": 529, "server_error": 500, "rate_limit_exceeded": 429, "insufficient_quota": 429,
    "context_length_exceeded": 400, "invalid_api_key": 401,
}  # fmt: skip
_CERTIFICATES = {
    10: "has expired",
    18: "was made by itself, so that nobody vouches for it",
    19: "was made by itself, so that nobody vouches for it",
    20: "comes from an authority that this computer does not know",
    62: "belongs to another name",
    64: "belongs to another address",
}


@dataclass(frozen=True, slots=True)
class _Told:
    """``{name}`` is the provider."""

    sentence: str
    steps: tuple[NextStep, ...] = _AGAIN
    hint: str = ""


_STATUS_WORDS: Mapping[int, _Told] = {
    400: _Told("{name} cannot use this request.", _ELSEWHERE, "Another model or another provider may take it."),
    401: _Told("{name} does not accept the key.", _LOGIN, "Log in again: a key may have been deleted or cut."),
    402: _Told("Your balance at {name} is used up.", _ELSEWHERE, "Add money there, or ask somebody else."),
    403: _Told("{name} does not allow this to your key.", (*_ELSEWHERE, NextStep.LOGIN),
               "The model, the region or the text may not be allowed there."),
    404: _Told("{name} does not have this model, or not for your key.", _ELSEWHERE,
               "Fetch its list of models, or choose another."),
    408: _Told("{name} did not get the whole request in time.", hint="The connection may be slow. Try again."),
    409: _Told("{name} says that something else stands in the way of this request at the moment."),
    413: _Told("The request is too large for {name}.", _SHORTEN, "Leave out pictures, passages or older messages."),
    422: _Told("{name} cannot use this request.", _ELSEWHERE, "Another model or another provider may take it."),
    429: _Told("{name} was asked too often.", hint="Wait a minute and try again."),
    500: _Told("{name} has a fault of its own."),
    502: _Told("{name} got no answer from the machine behind it."),
    503: _Told("{name} is not there at the moment."),
    504: _Told("{name} waited too long for the machine behind it."),
    529: _Told("{name} has too much to do at the moment.", hint="Try again in some minutes."),
}  # fmt: skip

_USED_UP = _Told("What you may use at {name} is used up.", _ELSEWHERE, "Add money or raise the limit there.")
_MAY_BE_A_PAGE = (401, 403, 404, 405, 407, 511)  # where a page says so, somebody else than the provider does


def refusal(name: str, status: int, body: str, *, location: str = "", retry_after: float | None = None) -> CloudError:
    """What an answer with a ``status`` other than 200 means: nothing was charged, but where it says that all is well in
    another way (202, 206), which no provider is known to say. ``retry_after``: seconds."""
    if 300 <= status < 400:
        return redirected(name, location)
    said, codes = _told_by(body)
    if too_long := _too_long(name, status, said, codes, charged=False):
        return too_long
    if status in _MAY_BE_A_PAGE and body.lstrip().startswith("<"):
        return web_page(name)
    if status == 429 and _is_quota(said, codes):
        return _error(_USED_UP, name, said, body)
    if status in (400, 403) and any(words in said.lower() for words in _BALANCE):
        status = 402
    told = _STATUS_WORDS.get(status) or _other_status(status)
    if status in (429, 503, 529) and retry_after:
        told = _Told(told.sentence, told.steps, f"It asks to wait {_seconds(retry_after)}.")
    return _error(told, name, said, body, status=status, charged=200 <= status < 300)


def is_quota(body: str) -> bool:
    """Whether a 429 says that all is used up, which no waiting mends."""
    return _is_quota(*_told_by(body))


def in_stream(name: str, payload: str) -> CloudError:
    """The error that a provider sent within an answer: what came before was charged."""
    said, codes = _told_by(payload)
    if too_long := _too_long(name, 400, said, codes, charged=True):
        return too_long
    status = next((_STATUSES[code] for code in codes if code in _STATUSES), None)
    status = status or next((int(code) for code in codes if code.isdecimal() and 400 <= int(code) < 600), 0)
    told = _STATUS_WORDS.get(status, _Told("{name} broke its answer off."))
    if status == 429 and _is_quota(said, codes):
        told = _USED_UP
    return _error(told, name, said, payload, charged=True)


def withheld(name: str, why: str) -> CloudError:
    """The provider ended the answer for a reason of its own."""
    return CloudError(
        f"{name} holds the rest of this answer back{': ' + one_line(why) if _is_sentence(why) else '.'}",
        hint="Its filter may have found something in the question or the answer. Ask differently, or somebody else.",
        detail=one_line(why, MOST_DETAIL),
        steps=_ELSEWHERE,
    )


def redirected(name: str, location: str) -> CloudError:
    """``location``: where it leads; nobody was asked there."""
    try:
        host = urlsplit(location).hostname or ""
    except ValueError:
        host = ""
    where = f" ({one_line(host, 80)})" if host else ""
    return CloudError(
        f"{name} sends its visitors to another address{where}, which was not asked and got no key.",
        hint="Is the address in the settings the right one? A network that wants a login does this too.",
        steps=_ELSEWHERE,
        charged=False,
    )


def web_page(name: str) -> CloudError:
    return CloudError(
        f"Where {name} should be, a web page answers.",
        hint="A network that wants a login may stand between, or the address is not that of an API.",
        steps=_AGAIN,
        charged=False,
    )


def unreadable(name: str, said: str = "") -> CloudError:
    return CloudError(
        f"{name} answers with something that is no model's answer.", detail=one_line(said, MOST_DETAIL), steps=_AGAIN
    )


def too_large(name: str) -> CloudError:
    return CloudError(f"{name} sends more than an answer can be: it was cut off.", steps=_AGAIN)


def cut(name: str, detail: str = "", *, begun: bool = True) -> CloudError:
    sentence = f"The answer of {name} broke off." if begun else f"{name} hung up without an answer."
    hint = "What came stays. Try again, or go on elsewhere." if begun else "It may have been charged. Try again."
    return CloudError(sentence, hint=hint, detail=one_line(detail), steps=_AGAIN)


def silent(name: str, seconds: float, *, begun: bool) -> CloudError:
    words = "said nothing more" if begun else "did not answer"
    return CloudError(
        f"{name} {words} for {_seconds(seconds)}.", hint="It may have been charged. Try again, or ask somebody else."
    )


def unsent(name: str, error: BaseException) -> CloudError:
    """No connection: nothing of the request left."""
    told = next((found for cause in causes_of(error) if (found := _why_unsent(cause)) is not None), None)
    told = told or _Told("{name} cannot be reached.", hint="Is this computer connected?")
    return CloudError(
        told.sentence.format(name=name), hint=told.hint, detail=one_line(str(error)), steps=told.steps, charged=False
    )


def unusable_proxy(name: str, why: str) -> CloudError:
    return CloudError(
        f"{name} was not asked: the proxy that is set for this computer cannot be used.",
        hint="HTTPS_PROXY and ALL_PROXY take addresses with http:// or https://; SOCKS is not spoken.",
        detail=why,
        steps=(NextStep.RETRY, NextStep.ANSWER_LOCALLY),
        charged=False,
    )


def unconnected(name: str, seconds: float) -> CloudError:
    return CloudError(
        f"{name} did not take a connection for {_seconds(seconds)}.", hint="Is this computer connected?", charged=False
    )


def no_key(name: str) -> CloudError:
    return CloudError(f"This is no key of {name}: keys are letters, digits and signs without spaces.",
                      hint="Log in again.", steps=_LOGIN, charged=False)  # fmt: skip


def _error(told: _Told, name: str, said: str, body: str, *, status: int = 0, charged: bool = False) -> CloudError:
    number = f" (HTTP {status})" if status >= 500 or (status and status not in _STATUS_WORDS) else ""
    sentence = told.sentence.format(name=name)
    if number:
        sentence = f"{sentence[:-1]}{number}."
    whole = f"{sentence}{SAYS}{said}" if said else sentence
    return CloudError(whole, hint=told.hint, detail=one_line(body, MOST_DETAIL), steps=told.steps, charged=charged)


def _other_status(status: int) -> _Told:
    return (
        _Told("{name} refuses with an error.", _ELSEWHERE, "Ask another provider, or let the local model answer.")
        if status < 500
        else _Told("{name} has a fault of its own.")
    )


def _too_long(name: str, status: int, said: str, codes: tuple[str, ...], *, charged: bool) -> CloudError | None:
    lowered = f"{said} {' '.join(codes)}".lower()
    if status not in (400, 413, 422) or not any(words in lowered for words in _TOO_LONG):
        return None
    numbers = sorted({int(one.replace(",", "")) for one in _NUMBERS.findall(said)}, reverse=True)
    known = f"{SAYS}{said}" if numbers else ""
    return CloudError(
        f"This is too long for the model at {name}.{known}",
        hint="Leave out older messages or passages, or send only the question.",
        detail=said,
        steps=_SHORTEN,
        charged=charged,
    )


def _is_quota(said: str, codes: tuple[str, ...]) -> bool:
    lowered = f"{said} {' '.join(codes)}".lower()
    return any(words in lowered for words in _QUOTA)


def _told_by(body: str) -> tuple[str, tuple[str, ...]]:
    """What a body says to people in one line, empty for web pages; and its words for programs."""
    try:
        answer = parsed(body)
    except ValueError:
        return "", ()
    if isinstance(answer, list):  # Gemini wraps errors in a list
        answer = answer[0] if answer else None
    said = answer.get("error", answer) if isinstance(answer, dict) else None
    if isinstance(said, str):
        return one_line(said), ()
    if not isinstance(said, dict):
        return "", ()
    codes = tuple(str(said[name]) for name in ("code", "type", "status") if isinstance(said.get(name), str | int))
    return one_line(_message(said)), codes


def _message(said: Mapping[str, Any]) -> str:
    """Some put a list of faults where others put a sentence; OpenRouter has the words of the host behind it apart."""
    message: Any = said.get("message") or said.get("detail") or ""
    if isinstance(message, dict):
        message = message.get("detail") or ""
    if isinstance(message, list):
        faults = [one for one in message if isinstance(one, dict)]
        message = "; ".join(f"{'.'.join(map(str, _list(one.get('loc'))))}: {one.get('msg', '')}" for one in faults[:3])
    metadata = said.get("metadata")
    raw = metadata.get("raw") if isinstance(metadata, dict) else None
    return f"{message} ({raw})" if isinstance(raw, str) and raw else message if isinstance(message, str) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _why_unsent(cause: BaseException) -> _Told | None:
    if isinstance(cause, ssl.SSLCertVerificationError):
        why = _CERTIFICATES.get(cause.verify_code, "is not valid")
        return _Told(f"The certificate of {{name}} {why}: nothing was sent.", _ELSEWHERE,
                     "Somebody may listen in here. An own authority is trusted through SSL_CERT_FILE.")  # fmt: skip
    if isinstance(cause, ssl.SSLError):
        return _Told("{name} cannot be spoken to in secret: nothing was sent.", _ELSEWHERE,
                     "The address may be wrong, or something stands between.")  # fmt: skip
    if isinstance(cause, socket.gaierror):
        return _Told("{name} cannot be found: this computer seems to be offline.",
                     (NextStep.ANSWER_LOCALLY, NextStep.RETRY), "Local answers need no connection.")  # fmt: skip
    if isinstance(cause, FileNotFoundError | PermissionError):
        return _Told("{name} was not asked: the file of authorities cannot be read.",
                     (NextStep.RETRY, NextStep.ANSWER_LOCALLY), "Look at SSL_CERT_FILE and SSL_CERT_DIR.")  # fmt: skip
    if isinstance(cause, ConnectionRefusedError):
        return _Told("Nothing listens at the address of {name}.", hint="Is the address in the settings right?")
    return None


def _is_sentence(why: str) -> bool:
    return " " in why.strip()


def _seconds(seconds: float) -> str:
    whole = max(1, round(seconds))
    return f"{whole} second{'s' if whole != 1 else ''}" if whole < 120 else f"{round(whole / 60)} minutes"
