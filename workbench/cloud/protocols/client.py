"""The `CloudClient`: the only place that reaches a provider with a question."""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from urllib.parse import urlsplit

import httpx

from workbench.cancel import CancelToken
from workbench.cloud.asking import Outgoing
from workbench.cloud.protocols import anthropic, failures, openai
from workbench.cloud.protocols.answers import AnswerReader
from workbench.cloud.protocols.anthropic_answer import AnthropicReader
from workbench.cloud.protocols.asked import encoded
from workbench.cloud.protocols.clean_pieces import scrubbed
from workbench.cloud.protocols.openai_answer import OpenAiReader
from workbench.cloud.protocols.patience import Patience, Refused
from workbench.cloud.protocols.places import check_place, is_this_machine
from workbench.cloud.protocols.reply import ProviderReply
from workbench.cloud.protocols.scrubbing import Scrubber
from workbench.cloud.protocols.speaking import speaking
from workbench.cloud.provider import CloudModel, Dialect, Provider
from workbench.http import make_client, open_stream, usual_authorities
from workbench.messages import ChatRequest
from workbench.models.fetching.transfer import retry_after_seconds

# Models that think may say nothing for minutes.
SILENCE_SECONDS = 300.0
_MOST_ERROR_BYTES = 256 << 10
_ERROR_SECONDS = 30.0
_HEADERS = {
    "content-type": "application/json",
    "accept": "text/event-stream",
    "accept-encoding": "identity",
    "user-agent": "local-workbench",
}


class ProviderClient:
    """Holds no connection between calls, so it needs no closing. ``tls``: whom to trust, where it is not the usual
    authorities. ``silence_seconds``: the longest wait for the next piece of an answer."""

    def __init__(
        self,
        *,
        tls: ssl.SSLContext | None = None,
        silence_seconds: float = SILENCE_SECONDS,
        patience: Patience | None = None,
    ) -> None:
        self._tls = tls
        self._silence_seconds = silence_seconds
        self._patience = patience or Patience()

    def outgoing(self, provider: Provider, model: CloudModel, request: ChatRequest) -> Outgoing:
        headers = dict(_HEADERS)
        if provider.dialect is Dialect.ANTHROPIC:
            path, body = anthropic.PATH, anthropic.body_of(model, request)
            headers["anthropic-version"] = anthropic.VERSION
        else:
            path, body = openai.PATH, openai.body_of(provider, model, request)
        return Outgoing(provider.base_url + path, headers, encoded(body))

    def send(self, provider: Provider, outgoing: Outgoing, key: str, cancel: CancelToken) -> ProviderReply:
        check_place(provider, outgoing.url)
        headers = {**outgoing.headers, **_key_header(provider, key)}
        scrub, tries = Scrubber(key), 0
        while True:
            tries += 1
            found = self._ask(provider, outgoing, headers, scrub, cancel)
            if isinstance(found, ProviderReply):
                return found
            pause = self._patience.pause(tries, found)
            if pause is None:
                error = failures.refusal(provider.name, found.status, found.body, retry_after=found.retry_after)
                raise scrubbed(error, scrub)
            cancel.wait(pause)

    def _ask(
        self,
        provider: Provider,
        outgoing: Outgoing,
        headers: Mapping[str, str],
        scrub: Scrubber,
        cancel: CancelToken,
    ) -> ProviderReply | Refused:
        """An answer that begins, or what was said instead."""
        started = time.monotonic()
        with speaking(provider.name, self._silence_seconds), ExitStack() as stack:
            client = stack.enter_context(self._client(outgoing.url))
            client.event_hooks = {"response": [partial(_stay, provider.name, scrub)]}
            opened = open_stream(client, "POST", outgoing.url, cancel, headers=headers, content=outgoing.body)
            response = stack.enter_context(opened)
            if response.status_code != httpx.codes.OK:
                return _refused(response, scrub)
            reader = _reader(provider)
            return ProviderReply(
                provider, response, reader, scrub, stack.pop_all(), cancel, started, self._silence_seconds
            )

    def _client(self, url: str) -> httpx.Client:
        """A new one for each question: only a new connection can be cancelled. Nothing of this machine goes to a proxy."""
        parts = urlsplit(url)
        tls = (self._tls or usual_authorities()) if parts.scheme == "https" else None
        return make_client(
            timeout_seconds=self._silence_seconds,
            keep_alive=False,
            system_proxy=not is_this_machine(parts.hostname or ""),
            tls=tls,
        )


def _reader(provider: Provider) -> AnswerReader:
    return AnthropicReader(provider) if provider.dialect is Dialect.ANTHROPIC else OpenAiReader(provider)


def _key_header(provider: Provider, key: str) -> dict[str, str]:
    if not key.isascii() or not key.isprintable() or not key or " " in key:
        raise failures.no_key(provider.name)
    return {"x-api-key": key} if provider.dialect is Dialect.ANTHROPIC else {"authorization": f"Bearer {key}"}


def _stay(name: str, scrub: Scrubber, response: httpx.Response) -> None:
    """Before httpx even prepares a request for the place that a redirect leads to: where it leads is only told."""
    if 300 <= response.status_code < 400:
        raise failures.redirected(name, scrub(response.headers.get("location", "")))


def _refused(response: httpx.Response, scrub: Scrubber) -> Refused:
    """A body without end is cut."""
    content = bytearray()
    until = time.monotonic() + _ERROR_SECONDS
    for piece in response.iter_bytes():
        content += piece
        if len(content) > _MOST_ERROR_BYTES or time.monotonic() > until:
            break
    body = scrub(bytes(content[:_MOST_ERROR_BYTES]).decode("utf-8", "replace"))
    wait = retry_after_seconds(response.headers.get("retry-after"), time.time())
    return Refused(response.status_code, body, wait)
