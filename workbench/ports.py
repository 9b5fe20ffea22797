"""The seams of the program: what the core needs from the outside, in words. Each has a fake, and one contract test
that the fake and the real thing pass alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from workbench.cancel import CancelToken
from workbench.messages import ChatRequest, Effort, StreamEvent


@dataclass(frozen=True, slots=True)
class BackendInfo:
    """Who answers. ``local``: nothing leaves this machine. ``context_tokens``: prompt and answer together.

    ``efforts``: those whose effect on the prompt was seen, least first; empty: the model has no choice.
    ``limits_reasoning``: it keeps to a request's ``reasoning_tokens``.
    ``destination``: host and port of another machine that answers. ``build``: of the engine, ``devices``: where the layers
    of the model are; empty: not known.
    """

    name: str
    model: str
    local: bool
    context_tokens: int
    efforts: tuple[Effort, ...] = ()
    tools: bool = True
    vision: bool = False
    destination: str = ""
    limits_reasoning: bool = False
    build: str = ""
    devices: str = ""


class ChatBackend(Protocol):
    """Everything that answers: the local engine, another machine, a cloud provider."""

    @property
    def info(self) -> BackendInfo: ...

    def count_tokens(self, request: ChatRequest, cancel: CancelToken) -> int:
        """Tokens of the *rendered* prompt (template, tools and special tokens included), as the backend will report them
        in ``usage.prompt_tokens``; an estimate from above where it cannot be asked."""
        ...

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[StreamEvent]:
        """Deltas as they are made, then one `Finished`.

        Cancelling ends the stream with `Cancelled` and stops the model. Raises `EngineError` or `ContextFullError`;
        what was yielded before stays valid.
        """
        ...


@dataclass(frozen=True, slots=True)
class Choice:
    """One decision of a launch plan, for a person: ``because`` is a sentence; ``own``: the person's, not ours."""

    name: str
    value: str
    because: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class LaunchPlan:
    """Engine arguments, decided. ``context_tokens`` is for each slot; ``cache_ram_bytes`` for prompts kept beside them.

    ``gpu_layers`` and ``expert_layers_on_cpu`` None: the engine fits the model to its devices by itself. Else the experts
    of the first so many layers are computed by the processor.
    ``cache_type``: f16, q8_0 or q4_0, of keys and values. ``flash_attention`` None: as the engine thinks best.
    ``repack``: copy the weights into the form that the processor reads fastest, which takes their size once more.
    ``lock_memory``: keep the weights from being paged out. ``state_folder``: where slots may be saved; None: nowhere.
    ``embeddings``: the model answers with vectors instead of words.
    ``context_checkpoints``: states kept of each slot to go back to, for layers with a window; None: there are none.
    ``memory_limit_bytes``: private memory above which something is wrong and the engine is ended; None: no limit.
    ``options``: what only some launchers understand, such as a ``chat_template`` instead of the file's.
    ``choices``: how all this was decided.
    """

    model_path: Path
    context_tokens: int
    slots: int
    threads: int
    batch_tokens: int
    gpu_layers: int | None = None
    expert_layers_on_cpu: int | None = None
    cache_type: str = "f16"
    flash_attention: bool | None = None
    repack: bool = True
    lock_memory: bool = False
    projector_path: Path | None = None
    state_folder: Path | None = None
    embeddings: bool = False
    context_checkpoints: int | None = None
    cache_ram_bytes: int = 512 << 20
    use_mmap: bool = True
    memory_limit_bytes: int | None = None
    options: Mapping[str, Any] | None = None
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an engine listens: a Unix socket, or loopback TCP with a key."""

    base_url: str
    socket_path: Path | None = None
    key: str | None = field(default=None, repr=False)


class RunningEngine(Protocol):
    """An engine that is ready to answer."""

    @property
    def endpoint(self) -> Endpoint: ...

    @property
    def process_id(self) -> int: ...

    def exit_cause(self) -> str | None:
        """None while it lives; else the cause of its death in one sentence for a person."""
        ...

    def exit_hint(self) -> str:
        """What to do about `exit_cause`; empty while it lives."""
        ...

    def wait(self, seconds: float | None = None) -> bool:
        """Block until it has ended, at most ``seconds``. True when it has."""
        ...

    def log_tail(self) -> str:
        """The engine's last lines, for the details of an error."""
        ...

    def stop(self, seconds: float = 3.0) -> None:
        """End it: ask, wait so long, kill. Safe to call twice, and from any thread."""
        ...


class Embedder(Protocol):
    """Turns texts into vectors."""

    def embed(self, texts: Sequence[str], cancel: CancelToken) -> tuple[tuple[float, ...], ...]:
        """One vector of unit length for each text, in their order. Raises `EngineError` for a text that is too long."""
        ...


class Ranker(Protocol):
    """Tells how well texts answer a question."""

    def rank(self, question: str, texts: Sequence[str], cancel: CancelToken) -> tuple[float, ...]:
        """A number for each text, in their order, the larger the better; to be compared within one call only. Raises
        `EngineError` for a text that is too long."""
        ...


class EngineLauncher(Protocol):
    """One way to run llama.cpp: the wheel's native server, a binary, a worker of ours."""

    @property
    def name(self) -> str: ...

    def build(self) -> str:
        """The engine's build, for `doctor`. Raises `EngineError` when it is not installed."""
        ...

    def start(
        self, plan: LaunchPlan, cancel: CancelToken, progress: Callable[[str], None] = lambda _text: None
    ) -> RunningEngine:
        """Blocks until the engine is healthy; ``progress`` hears each phase in words.

        Call it in a thread that lives as long as the engine shall: on Linux the engine ends with that thread. Raises
        `ModelError` for a file that is no model, `EngineError` with the cause, `Cancelled` when cancelled.
        """
        ...


class Secrets(Protocol):
    """Keys and tokens, which stand in no file of ours. An ``account`` is ``<provider>@<origin>``."""

    def get(self, account: str) -> str | None:
        """None when there is none. Raises `StorageError` when the keychain cannot be asked and nothing is known here."""
        ...

    def set(self, account: str, secret: str) -> str:
        """Keep it. Empty when the keychain has it; else why it is known for this session only, in a sentence."""
        ...

    def delete(self, account: str) -> None:
        """Forget it, here and in the keychain. Raises `StorageError` when the keychain may still have it."""
        ...


class Awake(Protocol):
    """Keeps the machine from going to sleep by itself while there is work; a person may still put it to sleep."""

    def awake(self, reason: str) -> AbstractContextManager[None]:
        """In this block, for ``reason``, a few words for a person. Never raises, and where it cannot be done, does not."""
        ...


class _NeverAsleep:
    """For what needs no machine kept awake: tests, and short commands."""

    def awake(self, _reason: str) -> AbstractContextManager[None]:
        return nullcontext()


NEVER_ASLEEP: Awake = _NeverAsleep()


class Clock(Protocol):
    def now(self) -> float:
        """Seconds since the epoch: for people; may jump."""
        ...

    def monotonic(self) -> float:
        """Seconds for measuring; never jumps."""
        ...


class BackendRoute(Protocol):
    """Who answers a turn; filled by the composition root so that conversations do not know engines or providers."""

    def name(self, model: str) -> str:
        """The model that would answer for this name (empty: the preferred one). Raises `ModelError` when there is none."""
        ...

    def source(self, model: str) -> str:
        """Where the answers of this model come from, as a turn remembers it: ``engine``, or ``server:`` and its name with
        host and port."""
        ...

    def backend(self, model: str, cancel: CancelToken, progress: Callable[[str], None]) -> ChatBackend:
        """Ready to answer; blocks while an engine loads and tells ``progress`` what it is doing, in words."""
        ...

    def ready(self, model: str) -> ChatBackend | None:
        """The backend if it could answer at once; never starts anything."""
        ...
