"""How long a request is, and who says so; and who may say so of which model. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from workbench.cancel import CancelToken
from workbench.cloud.provider import CloudModel, Provider
from workbench.messages import ChatRequest


class CountedBy(StrEnum):
    """``loaded``: a model of the same tokenizer that is in memory here; ``vocabulary``: the vocabulary and the template of
    one on this disk; ``published``: the vocabulary that OpenAI has published; ``estimate``: nobody, it is from above."""

    LOADED = "loaded"
    VOCABULARY = "vocabulary"
    PUBLISHED = "published"
    ESTIMATE = "estimate"


class Uncounted(StrEnum):
    """Why there is only an estimate. ``unpublished``: the tokenizer of this model is not published; ``no_file``: it is that
    of open models, of which none is on this disk; ``unknown``: nobody knows which model answers there; ``coming``: it is
    being counted; ``failed``: what counts has failed."""

    UNPUBLISHED = "unpublished"
    NO_FILE = "no_file"
    UNKNOWN = "unknown"
    COMING = "coming"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Count:
    """Tokens of a prompt: ``least`` and ``most``. Where it was counted they differ by what the provider may put around the
    messages. ``why``: there is only an estimate, None: it was counted. ``said``: what failed, in a sentence."""

    least: int
    most: int
    by: CountedBy
    why: Uncounted | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Counter:
    """Who counts. ``tokenizer``: of open models, see `tokenizer_of`; ``frames``: tokens that the provider's own format may
    take beside those of its messages. ``why``: nobody does."""

    by: CountedBy
    tokenizer: str = ""
    frames: int = 0
    why: Uncounted | None = None


class CountsTokens(Protocol):
    """Nobody is reached by it."""

    def __call__(
        self,
        provider: Provider,
        model: CloudModel,
        request: ChatRequest,
        *,
        wait: bool,
        cancel: CancelToken | None = None,
    ) -> Count:
        """``wait`` False: at once; where that takes longer, or ``cancel`` ends the wait, an estimate that says
        `Uncounted.COMING`. Never raises for what
        cannot be counted."""
        ...

    def close(self) -> None:
        """End what counts; for good."""
        ...


FRAMES_OF_RULE: Final = 24
"""OpenAI's published rule for its chats is three tokens a message, one its role, and three for the answer: with room."""
FRAMES_OF_HARMONY: Final = 80
"""gpt-oss is told date, effort and channels in about seventy tokens before anything else."""

_TOKENIZERS: Final = {
    "gpt-oss": "gpt-oss",
    "qwen3-dense": "qwen3",
    "qwen3-moe": "qwen3",
    "qwen3-next": "qwen3",
    "qwen3.5-dense": "qwen3.5",
    "qwen3.5-moe": "qwen3.5",
    "gemma-4": "gemma-4",
    "nemotron-3": "nemotron-3",
    "granite-4": "granite-4",
}
"""Families of which all models have one vocabulary. Of others each model has its own."""
_BY_NAME: Final = ("o1", "o3", "o4-mini", "gpt-5", "gpt-4.1", "gpt-4o")
_BY_BEGINNING: Final = (
    "o1-",
    "o3-",
    "o4-mini-",
    "gpt-5",
    "gpt-4.5-",
    "gpt-4.1-",
    "chatgpt-4o-",
    "gpt-4o-",
    "ft:gpt-4o",
)
"""Models of o200k_base, as OpenAI's own library tiktoken 0.14 lists them. Later ones are not known to have it."""
_OPENAI: Final = "openai"
_ROUTER: Final = "openrouter"


def counter_for(provider: Provider, model: CloudModel, found: Collection[str], loaded: str) -> Counter:
    """Who counts a request to this model, the most exact first. ``found``: the tokenizers of the models on this disk;
    ``loaded``: that of the one in memory, empty: none is known."""
    own = tokenizer_of(model.family, model.open_model)
    if own:
        return _of_open_model(own, found, loaded)
    name = _openai_name(provider, model.id)
    if name and is_published(name):
        return Counter(CountedBy.PUBLISHED, frames=FRAMES_OF_RULE)
    return Counter(CountedBy.ESTIMATE, why=Uncounted.UNKNOWN if provider.own else Uncounted.UNPUBLISHED)


def tokenizer_of(family: str, open_model: str) -> str:
    """The name of a tokenizer, from the family and the id of an open model in the catalog; empty: not known."""
    return _TOKENIZERS.get(family, open_model)


def is_published(name: str) -> bool:
    """Whether OpenAI's model of this name counts by the vocabulary o200k."""
    name = name.lower()
    return name in _BY_NAME or name.startswith(_BY_BEGINNING)


def _of_open_model(own: str, found: Collection[str], loaded: str) -> Counter:
    if loaded == own:
        return Counter(CountedBy.LOADED, own)
    if own in found:
        return Counter(CountedBy.VOCABULARY, own)
    if own == "gpt-oss":  # the same vocabulary, with other special tokens
        return Counter(CountedBy.PUBLISHED, own, FRAMES_OF_HARMONY)
    return Counter(CountedBy.ESTIMATE, own, why=Uncounted.NO_FILE)


def _openai_name(provider: Provider, name: str) -> str:
    """The name of a model of OpenAI, asked there or through a router; empty: it is somebody else's. What answers at an
    address of the person's own nobody vouches for."""
    if provider.own:
        return ""
    if provider.id == _OPENAI:
        return name
    return name.removeprefix("openai/") if provider.id == _ROUTER and name.startswith("openai/") else ""
