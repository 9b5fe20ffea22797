"""What a model would take on a machine and how fast it would be: the values. The sums are in `fit` and `speed`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

DEFAULT_CONTEXT_TOKENS = 8192


class Fit(StrEnum):
    """Where a model would run. Best first."""

    GPU = "gpu"
    EXPERTS_ON_CPU = "experts_on_cpu"
    CPU = "cpu"
    NONE = "none"


class KvType(StrEnum):
    """How the cache stores keys and values."""

    F16 = "f16"
    Q8_0 = "q8_0"
    Q4_0 = "q4_0"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of the engine. ``context_tokens`` in all, shared by ``slots`` as llama.cpp's `-c` is.

    ``batch_tokens``: llama.cpp's micro-batch, on which sliding windows and compute buffers depend. ``unified``: the slots
    share one pool of cells; else each has an equal part for itself.
    """

    context_tokens: int = DEFAULT_CONTEXT_TOKENS
    slots: int = 1
    kv: KvType = KvType.F16
    batch_tokens: int = 512
    unified: bool = True

    @property
    def chat_tokens(self) -> int:
        """What one chat can have of the context."""
        return self.context_tokens if self.unified else self.context_tokens // self.slots


@dataclass(frozen=True, slots=True)
class Range:
    """A prediction: ``expected``, and where four of five real values should lie."""

    low: float
    expected: float
    high: float

    def as_json(self) -> dict[str, float]:
        return {"low": round(self.low, 3), "expected": round(self.expected, 3), "high": round(self.high, 3)}


@dataclass(frozen=True, slots=True)
class Correction:
    """What runs on this machine have taught: real value divided by predicted value. 1: nothing measured yet.

    ``generation`` and ``prompt`` are of tokens a second, ``memory`` of the compute buffers. ``measured``: at least one
    speed was measured.
    """

    generation: float = 1.0
    prompt: float = 1.0
    memory: float = 1.0
    measured: bool = False


DEFAULT_REQUEST: Final = Request()
UNCORRECTED: Final = Correction()


@dataclass(frozen=True, slots=True)
class DeviceUse:
    """What would lie on one device, and what it has free now."""

    name: str
    bytes: int
    free_bytes: int


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to know or to do. ``code`` for programs, ``text`` for people."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """The sum, in bytes, and what follows from it.

    ``max_context``: tokens that would fit with this many slots and this cache type, 0 where nothing fits;
    ``max_gpu_context``: tokens up to which everything stays on the GPU, 0 where it never does.
    ``memory_left_bytes``: what stays free for the person on the tightest device. ``needs_engine``: id of the engine build
    that must be installed for this (`hardware.backends.ObtainableEngine.id`), None: it runs with what is installed.
    Speeds in tokens a second, at the start of a chat; None where it does not fit or nothing is known of the machine.
    ``cached_token_seconds``: what each token in the cache adds to the time of one that is written.
    ``measured``: a run on this machine has corrected the speeds.
    """

    weights_bytes: int
    cache_bytes: int
    compute_bytes: int
    overhead_bytes: int
    total_bytes: int
    fit: Fit
    max_context: int
    devices: tuple[DeviceUse, ...]
    expert_layers_on_cpu: int
    advice: tuple[Advice, ...]
    request: Request
    projector_bytes: int = 0
    max_gpu_context: int = 0
    memory_left_bytes: int = 0
    needs_engine: str | None = None
    prompt_tokens_per_second: Range | None = None
    generation_tokens_per_second: Range | None = None
    cached_token_seconds: float = 0.0
    measured: bool = False

    def generation_at(self, cached_tokens: int) -> Range | None:
        """Tokens a second with so many tokens in the cache."""
        at_start = self.generation_tokens_per_second
        if at_start is None:
            return None
        slower = 1 / (1 + cached_tokens * self.cached_token_seconds * at_start.expected)
        return Range(at_start.low * slower, at_start.expected * slower, at_start.high * slower)

    def as_json(self) -> dict[str, Any]:
        """The document of `workbench models estimate --json`."""
        return {
            "weights_bytes": self.weights_bytes,
            "cache_bytes": self.cache_bytes,
            "compute_bytes": self.compute_bytes,
            "overhead_bytes": self.overhead_bytes,
            "projector_bytes": self.projector_bytes,
            "total_bytes": self.total_bytes,
            "fit": str(self.fit),
            "max_context": self.max_context,
            "max_gpu_context": self.max_gpu_context,
            "devices": [
                {"name": device.name, "bytes": device.bytes, "free_bytes": device.free_bytes} for device in self.devices
            ],
            "expert_layers_on_cpu": self.expert_layers_on_cpu,
            "memory_left_bytes": self.memory_left_bytes,
            "needs_engine": self.needs_engine,
            "prompt_tokens_per_second": _range(self.prompt_tokens_per_second),
            "generation_tokens_per_second": _range(self.generation_tokens_per_second),
            "full_context_tokens_per_second": _range(self.generation_at(self.request.chat_tokens)),
            "measured": self.measured,
            "context": self.request.context_tokens,
            "slots": self.request.slots,
            "chat_context": self.request.chat_tokens,
            "kv": str(self.request.kv),
            "batch_tokens": self.request.batch_tokens,
            "advice": [{"code": advice.code, "text": advice.text} for advice in self.advice],
        }


def _range(value: Range | None) -> dict[str, float] | None:
    return None if value is None else value.as_json()
