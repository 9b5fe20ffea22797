"""A server on another machine, its models, and what they can, as far as it was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from workbench.engine.remote.address import Address
from workbench.messages import Effort, Id

SEPARATOR = "@"


class Kind(StrEnum):
    """What program answers: each understands some fields that the others do not."""

    LLAMA = "llama-server"
    VLLM = "vLLM"
    OLLAMA = "Ollama"
    LM_STUDIO = "LM Studio"
    OTHER = "OpenAI-compatible"


@dataclass(frozen=True, slots=True)
class RemoteModel:
    """``id``: as the server wants it; ``name``: as people are shown it. ``context_tokens``, ``tools``, ``vision``: None
    where the server does not say. ``efforts``: whose effect was seen."""

    id: str
    name: str
    context_tokens: int | None = None
    tools: bool | None = None
    vision: bool | None = None
    efforts: tuple[Effort, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """What a model did in a short try. ``reasoning``: it thought before it answered, apart from its answer."""

    model: str
    streaming: bool
    usage: bool
    reasoning: bool
    tools: bool
    schema: bool
    first_token_seconds: float | None = None
    tokens_per_second: float | None = None


@dataclass(frozen=True, slots=True)
class Capabilities:
    kind: Kind = Kind.OTHER
    models: tuple[RemoteModel, ...] = ()
    trial: Trial | None = None

    @property
    def counts(self) -> bool:
        """Whether it tells how many tokens a request has before it answers it."""
        return self.kind in (Kind.LLAMA, Kind.VLLM)


@dataclass(frozen=True, slots=True)
class Server:
    """``mine``: the person's own, so private documents may go there. ``checked_at``: when it last answered."""

    id: Id
    name: str
    address: Address
    mine: bool
    has_key: bool
    capabilities: Capabilities
    consented_at: float
    checked_at: float | None = None

    def full_name(self, model: RemoteModel) -> str:
        """``qwen3@studio``: names the model everywhere in the program."""
        return f"{model.name}{SEPARATOR}{self.name}"

    @property
    def label(self) -> str:
        """``studio (192.168.1.20:8080)``; the name alone where it is the host."""
        return f"{self.name} ({self.address.destination})"


def to_json(capabilities: Capabilities) -> dict[str, Any]:
    return asdict(capabilities)


def from_json(stored: Mapping[str, Any]) -> Capabilities:
    """What `to_json` gave; what cannot be read is as if it had never been seen."""
    try:
        trial = stored.get("trial")
        models = tuple(
            RemoteModel(**{**model, "efforts": tuple(Effort(effort) for effort in model["efforts"])})
            for model in stored["models"]
        )
        return Capabilities(Kind(stored["kind"]), models, Trial(**trial) if trial else None)
    except (KeyError, TypeError, ValueError):
        return Capabilities()
