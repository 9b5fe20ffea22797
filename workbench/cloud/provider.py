"""Providers, their models and their prices. Pure values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from workbench.messages import Effort

CURRENCY: Final = "USD"  # of the ledger: all listed providers charge in it
MILLION: Final = 1_000_000


class Dialect(StrEnum):
    """The protocol that a provider speaks: OpenAI's chat completions, or Anthropic's messages."""

    OPENAI = "openai"
    ANTHROPIC = "anthropic"


class Rung(StrEnum):
    """How strong a model is beside a local one: ``open``: of the same open families, bigger, hosted; ``frontier``."""

    OPEN = "open"
    FRONTIER = "frontier"


@dataclass(frozen=True, slots=True)
class Retention:
    """What a provider says that it does with what it is sent, in a sentence; where and when that was read."""

    words: str = ""
    source: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Provider:
    """``id``: in `provider/model`. ``base_url``: without a slash at the end. ``key_page``: where a key is made.
    ``chat_page``: where a person talks to its models by themselves. ``quirks``: names of what differs from its dialect.
    ``own``: an address of the person's own."""

    id: str
    name: str
    base_url: str
    dialect: Dialect = Dialect.OPENAI
    key_page: str = ""
    chat_page: str = ""
    retention: Retention = Retention()
    quirks: frozenset[str] = frozenset()
    own: bool = False

    @property
    def origin(self) -> str:
        """What its key is bound to: scheme, host and port."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}".lower()

    @property
    def subject(self) -> str:
        """What a lasting yes is kept by: the name at the origin, so that it holds for no other address of the name."""
        return f"{self.id}@{self.origin}"

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).netloc


@dataclass(frozen=True, slots=True)
class Price:
    """In millionths of the currency for a million tokens: 150_000 is $0.15 per million. ``cached_micros``: of tokens of the
    prompt that were read before, ``cache_write_micros``: that are kept to be read again; None: as ``input_micros``.
    ``source`` and ``date`` (ISO) tell who says so."""

    input_micros: int
    output_micros: int
    cached_micros: int | None = None
    cache_write_micros: int | None = None
    source: str = ""
    date: str = ""
    currency: str = CURRENCY


@dataclass(frozen=True, slots=True)
class CloudModel:
    """``price`` None: unknown, which is asked for and never taken as zero. Other None: not known. Of open models ``family``
    is as in the catalog (`gpt-oss`), and ``open_model`` its id there (`gpt-oss-120b`): the same weights, whoever hosts
    them. ``tokens_per_second``: as its provider states it."""

    provider: str
    id: str
    name: str = ""
    rung: Rung | None = None
    family: str = ""
    context_tokens: int | None = None
    most_output_tokens: int | None = None
    sees: bool | None = None
    calls_tools: bool | None = None
    efforts: tuple[Effort, ...] = ()
    tokens_per_second: float | None = None
    price: Price | None = None
    open_model: str = ""

    @property
    def full_name(self) -> str:
        return f"{self.provider}/{self.id}"


@dataclass(frozen=True, slots=True)
class Billed:
    """What a provider says that it counted. ``prompt_tokens``: all of the prompt, with the cached ones. ``cost_micros``:
    where it names the cost itself."""

    prompt_tokens: int | None = None
    cached_tokens: int | None = None
    cache_write_tokens: int | None = None
    completion_tokens: int | None = None
    cost_micros: int | None = None
