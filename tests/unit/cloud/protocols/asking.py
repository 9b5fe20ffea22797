"""What the tests of this folder ask, and how they read the answer."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

from tests.fakes.cloud_servers import KEY, CloudServer
from workbench.cancel import CancelToken
from workbench.cloud.asking import CloudError, Outgoing
from workbench.cloud.protocols.client import ProviderClient
from workbench.cloud.protocols.patience import Patience
from workbench.cloud.protocols.reply import ProviderReply
from workbench.cloud.provider import CloudModel, Provider
from workbench.messages import ChatRequest, StreamEvent, Text, fold_events, system, user

QUICK = Patience(waits=(0.01, 0.01))
MODEL = CloudModel("openrouter", "model-one")
REQUEST = ChatRequest((system("Be brief."), user("How is the sea?")), max_tokens=2000)


def client(silence_seconds: float = 20.0, tls: ssl.SSLContext | None = None) -> ProviderClient:
    return ProviderClient(tls=tls, silence_seconds=silence_seconds, patience=QUICK)


def sent(server: CloudServer, provider: Provider | None = None, silence_seconds: float = 20.0) -> ProviderReply:
    """`REQUEST`, on its way to ``server``."""
    asked = provider or server.provider()
    speaker = client(silence_seconds, server.trust if server.https else None)
    return speaker.send(asked, outgoing(asked), KEY, CancelToken())


def outgoing(provider: Provider) -> Outgoing:
    return client().outgoing(provider, MODEL, REQUEST)


def said(events: Iterator[StreamEvent]) -> tuple[str, CloudError | None]:
    """The text that came, and the error after it."""
    heard: list[StreamEvent] = []
    failed = None
    try:
        for event in events:
            heard.append(event)  # noqa: PERF402 - what came before an error stays
    except CloudError as error:
        failed = error
    return "".join(part.text for part in fold_events(heard) if isinstance(part, Text)), failed
