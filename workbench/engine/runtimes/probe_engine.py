"""What a `llama-server` binary can do, asked of itself: `--version`, `--help`, `--list-devices`.

The binary may be anything: it gets no secrets, no input and a time limit, its whole process group is ended, and of what
it prints only the beginning is read. The parsers are pure and take any text.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from workbench.cancel import CancelToken
from workbench.engine.launching import containment, log_reader
from workbench.engine.launching.process import environment
from workbench.errors import EngineError
from workbench.hardware.backends import EngineDevice

ANSWER_SECONDS = 20.0  # a CUDA build that meets its GPU for the first time takes seconds
MOST_ANSWER_BYTES = 1 << 20
MOST_DEVICES = 64
_LEAVE_SECONDS = 1.0

# How llama.cpp names the devices of each backend, before their number. What is not here (BLAS, CPU, RPC) is no GPU.
_BACKENDS = {
    "CUDA": "cuda",
    "ROCm": "rocm",
    "HIP": "rocm",
    "Vulkan": "vulkan",
    "MTL": "metal",
    "Metal": "metal",
    "SYCL": "sycl",
    "MUSA": "musa",
    "CANN": "cann",
    "GPUOpenCL": "opencl",
    "OpenCL": "opencl",
    "OPENVINO": "openvino",
}
_DEVICE = re.compile(
    r"\s{1,8}(?P<id>(?P<kind>[A-Za-z]{2,16})\d{0,3}): (?P<name>.{1,200}?)"
    r"(?: \((?P<total>\d{1,9}) MiB, (?P<free>\d{1,9}) MiB free\))?\s*"
)
_FLAG = re.compile(r"-{1,2}[A-Za-z][\w-]{0,60}")
_NAMES = re.compile(rf"{_FLAG.pattern}(?:,\s{{1,40}}{_FLAG.pattern}){{0,12}}")
_VERSION = re.compile(r"version:? (?P<version>\S{1,40})(?: \((?P<more>[^()]{1,80})\))?")
_SOFTWARE = re.compile(r"(?i)llvmpipe|lavapipe|swiftshader|softpipe")


@dataclass(frozen=True, slots=True)
class Capabilities:
    """``flags``: all that `--help` names; ``unix_socket``: it can listen on one; ``devices``: GPUs only."""

    version: str
    flags: frozenset[str]
    unix_socket: bool = False
    devices: tuple[EngineDevice, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """``status`` as `subprocess` reports it; None: it was ended after the time limit. ``text``: both outputs together."""

    status: int | None
    text: str


def ask(
    command: Sequence[str],
    cancel: CancelToken,
    *,
    order: bytes = b"",
    seconds: float = ANSWER_SECONDS,
    folder: Path | None = None,
) -> Answer:
    """Run ``command`` with ``order`` on its standard input and return what it said, whatever it does.

    Raises `EngineError` when it cannot be started at all, `Cancelled`.
    """
    cancel.check()
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=environment(),
            **containment.spawn_options(),
        )
    except OSError as error:
        raise EngineError(f"{command[0]} cannot be started: {error.strerror or error}.") from error
    bond = containment.bind(process)
    said = bytearray()
    reader = threading.Thread(target=_read, args=(process, said), name="engine-probe", daemon=True)
    reader.start()
    try:
        with cancel.unblocks(lambda: _end(process)):
            late = not _converse(process, order, reader, seconds)
    finally:
        _end(process)
        process.wait()
        reader.join(_LEAVE_SECONDS)  # no longer: something that left the group may hold the pipe for ever
        del bond
    cancel.check()
    return Answer(None if late else process.returncode, bytes(said).decode("utf-8", "replace"))


def _converse(process: subprocess.Popen[bytes], order: bytes, reader: threading.Thread, seconds: float) -> bool:
    """Whether it has said all and ended within ``seconds``."""
    deadline = time.monotonic() + seconds
    assert process.stdin is not None, "opened as a pipe"  # noqa: S101 - for the type checker
    with suppress(OSError), process.stdin as stdin:
        stdin.write(order)
    reader.join(seconds)
    try:
        process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return False
    return not reader.is_alive()


def _read(process: subprocess.Popen[bytes], said: bytearray) -> None:
    """Keep the beginning of the output; the rest is read and forgotten, so that the writer is not held up."""
    assert process.stdout is not None, "opened as a pipe"  # noqa: S101 - for the type checker
    with process.stdout as stdout:
        while block := os.read(stdout.fileno(), 1 << 16):
            said += block[: MOST_ANSWER_BYTES - len(said)]


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and, where there are process groups, whatever it started. Only before it was waited for."""
    if process.returncode is not None:
        return
    with suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)


def probe(binary: Path, cancel: CancelToken, *, seconds: float = ANSWER_SECONDS) -> Capabilities:
    """Ask ``binary``. Raises `EngineError` saying in one sentence why it is of no use here, `Cancelled`."""

    def answer(flag: str) -> str:
        said = ask([str(binary), flag], cancel, seconds=seconds, folder=binary.parent)
        if said.status is None:
            raise EngineError(f"{binary.name} does not answer within {seconds:.0f} seconds.", detail=said.text[-2000:])
        if said.status != 0:
            raise _refusal(binary, said)
        return said.text

    version = parse_version(answer("--version"))
    help_text = answer("--help")
    flags = parse_flags(help_text)
    if not {"--model", "--host", "--port"} <= flags:
        raise EngineError(f"{binary.name} is not llama.cpp's server.", hint="Choose another file.")
    devices = parse_devices(answer("--list-devices")) if "--list-devices" in flags else ()
    return Capabilities(version, flags, "UNIX socket" in help_text, devices)


def _refusal(binary: Path, said: Answer) -> EngineError:
    cause = log_reader.cause_of_exit(said.status or 0, said.text.splitlines()[-40:], ready=False)
    return EngineError(f"{binary.name} does not run here: {cause.message}", hint=cause.hint, detail=said.text[-2000:])


def parse_version(text: str) -> str:
    """The build in a few words from what `--version` printed; the first line of anything else, cut short."""
    if found := _VERSION.search(text):
        return found["version"] + (f" ({found['more']})" if found["more"] else "")
    return next((line.strip()[:80] for line in text.splitlines() if line.strip()), "")


def parse_flags(text: str) -> frozenset[str]:
    """The flags that `--help` describes: those that begin a line, and their other names on the same line."""
    named = (_NAMES.match(line) for line in text.splitlines())
    return frozenset(flag for names in named if names for flag in _FLAG.findall(names[0]))


def parse_devices(text: str) -> tuple[EngineDevice, ...]:
    """The GPUs that `--list-devices` printed after its headline; what drives no GPU, or only imitates one, is left out."""
    _, _, listing = text.partition("Available devices:")
    found = (parse_device(line) for line in listing.splitlines())
    return tuple(device for device in found if device is not None)[:MOST_DEVICES]


def parse_device(line: str) -> EngineDevice | None:
    found = _DEVICE.fullmatch(line)
    backend = _BACKENDS.get(found["kind"]) if found else None
    if found is None or backend is None or _SOFTWARE.search(found["name"]):
        return None
    total = int(found["total"] or 0) << 20
    free = int(found["free"] or 0) << 20
    return EngineDevice(found["id"], backend, found["name"].strip(), total or None, free if total else None)


def native_devices(answer: Sequence[Mapping[str, object]]) -> tuple[EngineDevice, ...]:
    """The GPUs in what the native engine's child said of its devices: see `native_child`."""
    devices = []
    for entry in answer[:MOST_DEVICES]:
        name, kind = str(entry.get("name", "")), str(entry.get("kind", ""))
        backend = _BACKENDS.get(name.rstrip("0123456789"))
        title = str(entry.get("description", ""))
        if backend is not None and kind != "cpu" and not _SOFTWARE.search(title):
            total, free = entry.get("memory_total"), entry.get("memory_free")
            devices.append(
                EngineDevice(
                    name,
                    backend,
                    title or name,
                    total if isinstance(total, int) and total > 0 else None,
                    free if isinstance(free, int) and free > 0 else None,
                )
            )
    return tuple(devices)
