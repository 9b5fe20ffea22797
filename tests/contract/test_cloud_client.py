"""What every `CloudClient` keeps: the real one against a real server, and the scripted one of the tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.cloud import ScriptedClient
from tests.fakes.cloud_servers import KEY, CloudServer
from workbench.cancel import CancelToken
from workbench.cloud.asking import CloudClient
from workbench.cloud.protocols.client import ProviderClient
from workbench.cloud.provider import CloudModel, Dialect, Provider
from workbench.errors import Cancelled
from workbench.messages import ChatRequest, Finished, Text, fold_events, user

Spoken = tuple[CloudClient, Provider]
MODEL = CloudModel("openrouter", "model-one")
REQUEST = ChatRequest((user("How is the sea?"),), max_tokens=500)


@pytest.fixture(params=["openai", "anthropic", "scripted"])
def spoken(request: pytest.FixtureRequest) -> Iterator[Spoken]:
    if request.param == "scripted":
        yield ScriptedClient(), Provider("openrouter", "OpenRouter", "https://openrouter.ai/api/v1")
        return
    with CloudServer(Dialect(request.param)) as server:
        yield ProviderClient(), server.provider()


def test_the_same_gives_the_same_bytes_for_the_providers_own_place(spoken: Spoken) -> None:
    client, provider = spoken
    first, again = (client.outgoing(provider, MODEL, REQUEST) for _ in range(2))
    assert (first.body, first.hash, first.url) == (again.body, again.hash, again.url)
    assert first.url.startswith(f"{provider.base_url}/")
    assert b"How is the sea?" in first.body
    assert len(first.hash) == 64


def test_an_answer_ends_with_finished_and_is_counted(spoken: Spoken) -> None:
    client, provider = spoken
    shown = client.outgoing(provider, MODEL, REQUEST)
    reply = client.send(provider, shown, KEY, CancelToken())
    before = reply.billed
    events = list(reply.events())
    assert before is None
    assert isinstance(events[-1], Finished)
    assert sum(isinstance(event, Finished) for event in events) == 1
    assert all(isinstance(part, Text) and part.text for part in fold_events(events))
    assert reply.billed is not None
    assert reply.billed.prompt_tokens
    assert events[-1].usage.completion_tokens == reply.billed.completion_tokens
    reply.close()


def test_what_is_stopped_raises(spoken: Spoken) -> None:
    client, provider = spoken
    cancel = CancelToken()
    reply = client.send(provider, client.outgoing(provider, MODEL, REQUEST), KEY, cancel)
    events = reply.events()
    next(events)
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(events)
    reply.close()
