"""Starts the worker on llama-cpp-python: the package of this interpreter, or one that was built into a folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import util
from pathlib import Path
from typing import Any

from workbench.cancel import CancelToken
from workbench.engine.launching.embedding_plan import RANK
from workbench.engine.launching.launcher import LOOPBACK, SOCKET_BASE_URL, Child, ChildLauncher, Place, order_of
from workbench.engine.launching.patience import Patience
from workbench.engine.launching.process import EngineProcess
from workbench.engine.worker import worker_child
from workbench.errors import EngineError
from workbench.models.gguf.header import read_header
from workbench.paths import Paths
from workbench.ports import Clock, Endpoint, LaunchPlan

NAME = "llama-cpp-python"
PACKAGE = "llama_cpp"


class WorkerLauncher(ChildLauncher):
    """``site``: the folder with the packages; None: those of this interpreter."""

    def __init__(
        self,
        paths: Paths,
        clock: Clock,
        site: Path | None = None,
        *,
        name: str = NAME,
        patience: Callable[[], Patience] = Patience,
        use_socket: bool | None = None,
        command: Sequence[str] | None = None,
    ) -> None:
        super().__init__(paths, clock, patience=patience, use_socket=use_socket)
        self._site = site
        self._command = tuple(command or worker_child.command())
        self.name = name

    def build(self) -> str:
        return f"llama.cpp, {NAME} {version(self._site)}"

    def child(self, plan: LaunchPlan, place: Place) -> Child:
        if (plan.options or {}).get("pooling") == RANK:
            raise EngineError(f"{NAME} does not run rerankers here.")
        version(self._site)  # says so when it has gone
        return Child(self._command, order(plan, place, self._site))

    def endpoint(self, process: EngineProcess, place: Place, _cancel: CancelToken) -> Endpoint | None:
        """The child says where it listens once its model is loaded."""
        answer = process.answer
        if answer is None or "error" in answer:
            return None
        if place.key is None:
            return place.endpoint(SOCKET_BASE_URL)
        address = answer.get("address", "")
        if not address.startswith(f"http://{LOOPBACK}:") or not address.rpartition(":")[2].isdigit():
            raise EngineError(f"The engine listens at an unexpected address: {address!r}.")
        return place.endpoint(address)


def version(site: Path | None = None) -> str:
    """Of the package, without loading it. Raises `EngineError` when it is not there."""
    from importlib import metadata  # only here: it takes a while to import

    if site is None:
        found = metadata.version(NAME) if util.find_spec(PACKAGE) else ""
    else:
        names = metadata.distributions(path=[str(site)])
        there = (site / PACKAGE / "__init__.py").is_file()
        found = next((one.version for one in names if there and one.metadata["Name"] == "llama_cpp_python"), "")
    if not found:
        raise EngineError(
            "The engine llama-cpp-python is not installed.",
            hint=f"`workbench engines install {NAME}` builds it for this machine.",
        )
    return found


def order(plan: LaunchPlan, place: Place, site: Path | None = None) -> dict[str, Any]:
    """What `worker_child` is told. It computes one answer at a time: its other slots wait in memory."""
    header = read_header(plan.model_path)
    return order_of(plan, place) | {
        "site": str(site) if site else "",
        "model_bytes": header.weights_bytes,
        "layers": header.block_count or 0,
    }
