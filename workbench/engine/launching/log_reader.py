"""What an engine's log and exit say, in plain words. Pure."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """Where a start has got to, for a person."""

    STARTING = "Starting the engine…"
    LOADING = "Loading the model…"
    PREPARING = "Preparing the model…"
    READY = "Ready."


_PHASES = (
    (re.compile(r"load_model: loading model"), Phase.LOADING),
    (re.compile(r"threadpool init|load_model: initializing|warming up"), Phase.PREPARING),
    (re.compile(r"(?:init|llama_server): (?:model loaded|listening on)|server is listening on"), Phase.READY),
)


def phase(line: str) -> Phase | None:
    """The phase that ``line`` announces, if any."""
    return next((found for pattern, found in _PHASES if pattern.search(line)), None)


_WORDS_FOLLOW = re.compile(r"unparsed \S+ output:")
_STAMP = re.compile(r"\d+\.\d\d\.\d{3}\.\d{3} [A-Z] ")


class Discretion:
    """Keeps the words of a conversation out of the log: llama.cpp writes a text there that breaks its format."""

    def __init__(self) -> None:
        self._in_words = False

    def told(self, line: str) -> str | None:
        """What may be kept of ``line``; None: nothing. A text may have many lines; those of the log have a time stamp."""
        if self._in_words and not _STAMP.match(line):
            return None
        found = _WORDS_FOLLOW.search(line)
        self._in_words = found is not None
        return line if found is None else f"{line[: found.end()]} …"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why an engine ended: a sentence for a person, and what to do."""

    message: str
    hint: str


_OTHER_FILE = "Verify the model with `workbench models verify`, and fetch it again if it is damaged."
_OTHER_ENGINE = "Choose another engine with `workbench engines list`."
_LESS_MEMORY = "Close other programs, use a shorter context, or choose a smaller model."

# The first that matches wins: what names a detail stands before what is general.
_LINES: tuple[tuple[re.Pattern[str], Cause], ...] = tuple(
    (re.compile(pattern), Cause(message, hint))
    for pattern, message, hint in (
        (
            r"unknown model architecture: '(?P<what>[^']{1,80})'",
            "This engine does not know the model's architecture “{what}”.",
            "Update Workbench, or choose another model.",
        ),
        (
            r"unknown pre-tokenizer type: '(?P<what>[^']{1,80})'",
            "This engine does not know the model's tokenizer “{what}”.",
            "Update Workbench, or choose another model.",
        ),
        (
            r"not within the file bounds|unexpectedly reached end of file",
            "The model file is incomplete.",
            "Fetch it again with `workbench models pull`: what has arrived is kept.",
        ),
        (
            r"failed to read magic|invalid magic|failed to read header",
            "The model file is not a GGUF model.",
            "Choose a model file that ends in .gguf.",
        ),
        (
            r"version `(?P<what>GLIBC[A-Z]{0,4}_[0-9.]{1,12})' not found",
            "This engine needs a newer system: its C library is older than {what}.",
            _OTHER_ENGINE,
        ),
        (
            r"error while loading shared libraries: (?P<what>[^:\s]{1,80})|Library not loaded: (?P<other>\S{1,80})",
            "This engine needs a library that is not installed: {what}{other}.",
            _OTHER_ENGINE,
        ),
        (
            r"Exec format error|Bad CPU type|%1 is not a valid Win32",
            "This engine is made for another kind of machine.",
            _OTHER_ENGINE,
        ),
        (r"error: invalid argument: (?P<what>\S{1,60})", "This engine does not know the option {what}.", _OTHER_ENGINE),
        (
            r"failed to load multimodal model",
            "The file that lets this model see cannot be loaded.",
            "Verify it with `workbench models verify`: it must be the projector of this very model.",
        ),
        (r"No such file or directory|failed to open GGUF", "The model file cannot be opened.", _OTHER_FILE),
        (
            r"chat template parsing error|failed to initialize chat template",
            "The model's chat template cannot be read.",
            "Choose another file of this model: its template is broken.",
        ),
        (
            r"(?i)out of memory|failed to allocate|unable to allocate|cannot allocate memory|bad_alloc",
            "There is not enough memory for this model.",
            _LESS_MEMORY,
        ),
        (r"(?i)address already in use|couldn't bind", "The engine's address is taken.", "Try again."),
        (r"No module named 'xllamacpp|DLL load failed", "The engine is not installed.", "Install Workbench again."),
        (r"error loading model: (?P<what>.{1,200})", "The model cannot be loaded: {what}.", _OTHER_FILE),
    )
)

# What an engine that had been answering says right before it ends; earlier complaints do not explain a later death.
_LAST_LINES = 12
_LAST_WORDS: tuple[tuple[re.Pattern[str], Cause], ...] = tuple(
    (re.compile(pattern), Cause(message, hint))
    for pattern, message, hint in (
        (
            (
                r"(?i)CUDA error: out of memory|cudaMalloc failed|CUBLAS_STATUS_ALLOC_FAILED|hipErrorOutOfMemory"
                r"|ErrorOutOfDeviceMemory|OutOfDeviceMemoryError|Device memory allocation of size"
                r"|kIOGPUCommandBufferCallbackErrorOutOfMemory|Insufficient Memory \("
            ),
            "The graphics card ran out of memory.",
            "Close other programs that use it, use a shorter context, or put fewer layers on it.",
        ),
        (
            r"ErrorOutOfHostMemory|OutOfHostMemoryError|(?i:cannot allocate memory)|bad_alloc|failed to allocate",
            "The engine ran out of memory.",
            _LESS_MEMORY,
        ),
        (
            (
                r"ErrorDeviceLost|DeviceLostError|CUDA error: (?:unspecified launch failure|an illegal memory access)"
                r"|GPU Hang Error|kIOGPUCommandBufferCallbackErrorHang"
            ),
            "The graphics card, or its driver, failed.",
            "Try again; if it happens twice, update the card's driver or set engine.gpu_layers to 0.",
        ),
    )
)

# Windows reports a crash as an NTSTATUS, Unix as a negative signal number.
_ACCESS_VIOLATION = 0xC0000005
_STACK_OVERFLOW = 0xC00000FD
_IN_PAGE_ERROR = 0xC0000006
_NO_MEMORY = 0xC0000017
_ILLEGAL_INSTRUCTION = 0xC000001D
_MISSING_LIBRARIES = (0xC0000135, 0xC0000139)
_ABORTS = (0xC0000409, 3)


def cause_of_exit(status: int, lines: Iterable[str], *, ready: bool, out_of_memory: bool | None = None) -> Cause:
    """Why an engine ended with ``status`` (as `subprocess` reports it). ``ready``: it had been answering before.

    ``out_of_memory``: whether the system has ended a process for want of memory meanwhile; None: it does not tell.
    """
    said = tuple(lines)
    cause = _cause_in(said[-_LAST_LINES:], _LAST_WORDS) if ready else _cause_in(said, _LAST_WORDS[:1] + _LINES)
    if cause is not None:
        return cause
    if status == -9 and out_of_memory is not None:
        return _killed_for_memory() if out_of_memory else _killed_by_somebody()
    return _cause_of_status(status & 0xFFFFFFFF if status > 0 else status, ready=ready)


def _killed_for_memory() -> Cause:
    return Cause("The system ended the engine because memory ran out.", _LESS_MEMORY)


def _killed_by_somebody() -> Cause:
    return Cause("The engine was ended from outside, by a person or another program.", "Try again.")


def _cause_in(lines: Sequence[str], causes: Sequence[tuple[re.Pattern[str], Cause]]) -> Cause | None:
    for pattern, cause in causes:
        for line in lines:
            if found := pattern.search(line):
                return Cause(cause.message.format(**found.groupdict("")), cause.hint)
    return None


def _cause_of_status(status: int, *, ready: bool) -> Cause:
    if status in (-getattr(signal, "SIGBUS", 7), _IN_PAGE_ERROR):
        return Cause("The model file changed or became unreadable while the engine was using it.", _OTHER_FILE)
    if status in (-9, _NO_MEMORY):
        return Cause("The engine was ended from outside, most likely because memory ran out.", _LESS_MEMORY)
    if status in (-signal.SIGSEGV, _ACCESS_VIOLATION, _STACK_OVERFLOW):
        if ready:
            return Cause("The engine crashed.", "Try again; if it happens twice, choose another file of this model.")
        return Cause(
            "The engine crashed while it prepared the model; the file's chat template or its contents are broken.",
            _OTHER_FILE,
        )
    if status in (-signal.SIGILL, _ILLEGAL_INSTRUCTION):
        return Cause("This engine uses instructions that the processor does not have.", _OTHER_ENGINE)
    if status in _MISSING_LIBRARIES:
        return Cause("This engine needs a library that is not installed.", _OTHER_ENGINE)
    if status in (-signal.SIGABRT, *_ABORTS):
        return Cause("The engine gave up: the model's contents are not what it expects.", _OTHER_FILE)
    if status < 0:
        return Cause(f"The engine was ended by signal {-status}.", "Try again.")
    return Cause(f"The engine ended unexpectedly (status {status}).", "Try again; then run `workbench doctor`.")
