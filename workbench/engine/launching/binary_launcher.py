"""Runs a `llama-server` binary, downloaded or a person's own, as safely as the engine of the program itself."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from workbench.cancel import CancelToken
from workbench.engine.launching import native_child
from workbench.engine.launching.launcher import (
    LOOPBACK,
    SOCKET_BASE_URL,
    Child,
    ChildLauncher,
    Place,
    check_health,
)
from workbench.engine.launching.native_child import UNMATCHABLE_ORIGIN
from workbench.engine.launching.patience import Patience
from workbench.engine.launching.process import EngineProcess
from workbench.engine.runtimes.probe_engine import Capabilities
from workbench.errors import EngineError
from workbench.paths import Paths
from workbench.ports import Clock, Endpoint, LaunchPlan

ANSWER_SECONDS = 2.0


class BinaryLauncher(ChildLauncher):
    """``name``: what the engine is called in settings and lists; ``capabilities``: what `probe_engine` found."""

    def __init__(
        self,
        paths: Paths,
        clock: Clock,
        binary: Path,
        capabilities: Capabilities,
        *,
        name: str = "binary",
        patience: Callable[[], Patience] = Patience,
        use_socket: bool | None = None,
    ) -> None:
        super().__init__(paths, clock, patience=patience, use_socket=use_socket if capabilities.unix_socket else False)
        self._binary = binary
        self._capabilities = capabilities
        self.name = name

    def build(self) -> str:
        return f"llama.cpp {self._capabilities.version}, {self.name}"

    def child(self, plan: LaunchPlan, place: Place) -> Child:
        if not self._binary.is_file() or not os.access(self._binary, os.X_OK):
            raise EngineError(
                f"The engine {self._binary} is not there any more, or may not be run.",
                hint="Install it again with `workbench engines install`, or choose another engine.",
            )
        if place.key is not None and "--api-key-file" not in self._capabilities.flags:
            raise EngineError(
                f"The engine {self._binary} is too old: it would answer any program on this machine.",
                hint="Choose another engine with `workbench engines list`.",
            )
        command = [str(self._binary), *command_line(plan, self._capabilities.flags, place)]
        if sys.platform == "win32":  # there a job object ties it to this process
            return Child(command, {})
        return Child(native_child.command(), {"parent": os.getpid(), "binary": command})

    def endpoint(self, process: EngineProcess, place: Place, cancel: CancelToken) -> Endpoint | None:
        """Where the server answers: a Unix socket that was named to it, or the port that the process itself holds."""
        if place.key is None:
            endpoint = place.endpoint(SOCKET_BASE_URL) if place.file.exists() else None
        else:
            port = listening_port(process.id)
            endpoint = place.endpoint(f"http://{LOOPBACK}:{port}") if port is not None else None
        if endpoint is None:
            return None
        try:
            check_health(endpoint, cancel, ANSWER_SECONDS)
        except EngineError:  # it answers 503 while it loads
            return None
        return endpoint


def command_line(plan: LaunchPlan, flags: Iterable[str], place: Place) -> list[str]:
    """The arguments for ``plan``: only ones that the build's `--help` names. Pure.

    What old builds do not name they do not do either. They do answer pages of any origin, which have neither the key nor
    a way to a Unix socket.
    """
    known = frozenset(flags)
    wanted = [*_model(plan), *_memory(plan, known), *_placement(plan), *_embeddings(plan), *_doors(place, known)]
    wanted += _template(plan)
    return [argument for flag, *values in wanted if flag in known for argument in (flag, *values)]


Argument = tuple[str, ...]  # a flag and its values


def _model(plan: LaunchPlan) -> list[Argument]:
    return [
        ("--model", str(plan.model_path)),
        *([] if plan.projector_path is None else [("--mmproj", str(plan.projector_path))]),
        ("--log-verbosity", str(native_child.LOG_VERBOSITY)),
        ("--alias", "model"),  # else every answer carries the file's path
        ("--ctx-size", str(plan.context_tokens * plan.slots)),
        ("--parallel", str(plan.slots)),
        ("--no-kv-unified",),  # in one pool, two long answers at a time end both
        ("--batch-size", str(plan.batch_tokens)),
        ("--ubatch-size", str(plan.batch_tokens)),
        ("--threads", str(plan.threads)),
        ("--threads-batch", str(plan.threads)),
    ]


def _memory(plan: LaunchPlan, known: frozenset[str]) -> list[Argument]:
    checkpoints, folder = plan.context_checkpoints, plan.state_folder
    return [
        *_cache(plan, known),
        *([] if plan.repack else [("--no-repack",)]),
        *_loading(plan, known),
        ("--cache-ram", str(plan.cache_ram_bytes >> 20)),
        *([] if checkpoints is None else [("--ctx-checkpoints", str(checkpoints))]),
        *([] if folder is None else [("--slot-save-path", f"{folder}{os.sep}")]),
    ]


def _cache(plan: LaunchPlan, known: frozenset[str]) -> list[Argument]:
    """Builds from before the engine's own fit know flash attention as a mere flag, and compress no values without it."""
    if "--fit-target" not in known:
        return []
    kinds: list[Argument] = [("--cache-type-k", plan.cache_type), ("--cache-type-v", plan.cache_type)]
    return [*kinds, ("--flash-attn", _FLASH_ATTENTION[plan.flash_attention])]


_FLASH_ATTENTION = {None: "auto", True: "on", False: "off"}


def _loading(plan: LaunchPlan, known: frozenset[str]) -> list[Argument]:
    mode = native_child.load_mode(use_mmap=plan.use_mmap, lock=plan.lock_memory)
    if "--load-mode" in known:
        return [] if mode == "auto" else [("--load-mode", mode)]
    return [*([] if plan.use_mmap else [("--no-mmap",)]), *([("--mlock",)] if plan.lock_memory else [])]


def _placement(plan: LaunchPlan) -> list[Argument]:
    """Without a choice nothing is set: then the build fits the model to its devices by itself."""
    if plan.gpu_layers is None and plan.expert_layers_on_cpu is None:
        return [("--fit-target", str(native_child.FIT_MARGIN_BYTES >> 20))]
    return [
        *([] if plan.gpu_layers is None else [("--n-gpu-layers", str(plan.gpu_layers))]),
        *([] if plan.expert_layers_on_cpu is None else [("--n-cpu-moe", str(plan.expert_layers_on_cpu))]),
    ]


def _embeddings(plan: LaunchPlan) -> list[Argument]:
    if not plan.embeddings:
        return []
    pooling = (plan.options or {}).get("pooling", "")
    return [("--embeddings",), *([("--pooling", pooling)] if pooling else [])]


def _doors(place: Place, known: frozenset[str]) -> list[Argument]:
    """Where it listens, and what is shut: what this program does not ask, and what a web page could."""
    listen: list[Argument] = [("--host", str(place.file))]
    if place.key is not None:
        listen = [("--host", LOOPBACK), ("--api-key-file", str(place.file))]
    return [
        *listen,
        ("--port", "0"),  # any free one; over a socket it means nothing, but the default differs by build
        ("--cors-origins", UNMATCHABLE_ORIGIN),
        ("--no-cors-credentials",),
        ("--no-ui" if "--no-ui" in known else "--no-webui",),
        ("--no-slots",),
        ("--offline",),
    ]


def _template(plan: LaunchPlan) -> list[Argument]:
    options = plan.options or {}
    template = options.get("chat_template", "")
    return [
        ("--jinja",),
        ("--reasoning-format", "auto"),
        *([("--chat-template", template)] if template else []),
        *(("--reverse-prompt", stop) for stop in options.get("stops", ())),
    ]


def listening_port(process_id: int) -> int | None:
    """The loopback port on which this very process listens, and not another one that took the same port before it."""
    import psutil

    with suppress(psutil.Error, OSError):
        for connection in psutil.Process(process_id).net_connections(kind="inet"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr.ip == LOOPBACK:
                return int(connection.laddr.port)
    return None
