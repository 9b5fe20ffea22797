"""What is sent to a provider and what comes back: the contract between protocols, consents and escalations."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol

from workbench.cancel import CancelToken
from workbench.cloud.provider import Billed, CloudModel, Provider
from workbench.errors import WorkbenchError
from workbench.messages import ChatRequest, StreamEvent


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request as it would leave, but for the key. ``body``: exactly these bytes."""

    url: str
    headers: Mapping[str, str] = field(hash=False)
    body: bytes

    @property
    def hash(self) -> str:
        """The sha256 of the body, in hexadecimal digits."""
        return hashlib.sha256(self.body).hexdigest()


class NextStep(StrEnum):
    """What a person can do about a failure: the button beside its sentence."""

    RETRY = "retry"
    OTHER_PROVIDER = "other_provider"
    ANSWER_LOCALLY = "answer_locally"
    LOGIN = "login"
    SHORTEN = "shorten"
    RAISE_BUDGET = "raise_budget"
    GIVE_PRICE = "give_price"


SAYS: Final = " It says: "
"""Between our sentence and a provider's own words, which may repeat what it was asked."""


class CloudError(WorkbenchError):
    """A provider refused, failed, or was not reached. ``steps``: what helps, the best first. ``charged`` False: it is sure
    that nothing was, for it refused before it answered, or was never reached."""

    kind = "provider"
    default_hint = "Try again, ask another provider, or let the local model answer."

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        detail: str = "",
        steps: tuple[NextStep, ...] = (NextStep.RETRY, NextStep.OTHER_PROVIDER, NextStep.ANSWER_LOCALLY),
        charged: bool = True,
    ) -> None:
        super().__init__(message, hint=hint, detail=detail)
        self.steps = steps
        self.charged = charged

    @property
    def sentence(self) -> str:
        """The message without the provider's own words."""
        return self.message.partition(SAYS)[0]


class Reply(Protocol):
    """An answer on its way."""

    def events(self) -> Iterator[StreamEvent]:
        """To be read once; `Finished` comes last. Raises `CloudError`, `Cancelled`; what came before an error stays."""
        ...

    @property
    def billed(self) -> Billed | None:
        """What the provider counted in the end; None until then, and where it said nothing."""
        ...

    @property
    def so_far(self) -> Billed | None:
        """What it counted last, also on its way: of use where the answer ends before its time. More may be charged."""
        ...

    def close(self) -> None:
        """Hang up, where the events are not read to their end. Again is nothing."""
        ...


class CloudClient(Protocol):
    """Speaks to providers. Pure but for `send`: nothing is resolved, opened or warmed before it."""

    def outgoing(self, provider: Provider, model: CloudModel, request: ChatRequest) -> Outgoing:
        """``request`` in the provider's words. Raises `UsageError` for what it cannot be asked (a picture, a schema)."""
        ...

    def send(self, provider: Provider, outgoing: Outgoing, key: str, cancel: CancelToken) -> Reply:
        """Send exactly that, to the provider's own origin, never across a redirect. Asks again only where it has too much
        to do, and only before the first token. Blocks until the headers are there. Raises `CloudError`, `Cancelled`, and
        `RefusedError` where ``outgoing`` is for another origin than ``provider`` has by now."""
        ...
