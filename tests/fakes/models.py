"""Models on a disk that the test lists, and what other programs have there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from workbench.cancel import CancelToken
from workbench.chat.asking.routing import DEEPER
from workbench.errors import ModelError, WorkbenchError
from workbench.events import Bus, Topic
from workbench.jobs import Job
from workbench.models.adoption import FoundModel
from workbench.models.fetching.progress import DownloadProgress
from workbench.models.fetching.starters import Starter, starters
from workbench.models.library import InstalledModel
from workbench.models.verification import Verification
from workbench.settings import AUTO


def model(name: str = "Fake 1B", size: int = 98_000_000) -> InstalledModel:
    return InstalledModel(
        name.lower().replace(" ", "-"), name, Path(f"/{name}.gguf"), size, None, "file", adopted=False, verified_at=None
    )


LM_STUDIO_MODEL = FoundModel(
    "LM Studio", "Qwen3 4B Instruct 2507", Path("/lmstudio/Qwen3-4B-Instruct-2507-Q4_K_M.gguf"), 2_497_281_120,
    catalog_id="qwen3-4b-instruct-2507", architecture="qwen3", quantization="Q4_K_M",
)  # fmt: skip
MLX_FOLDER = FoundModel(
    "Hugging Face cache", "mlx-community/gpt-oss-20b-MXFP4", Path("/hub/models--mlx-community--gpt-oss-20b-MXFP4"),
    12_100_000_000, usable=False, problem="MLX models are not usable by llama.cpp.",
    equivalent="gpt-oss-20b", equivalent_bytes=12_109_566_624,
)  # fmt: skip


@dataclass
class FakeModels:
    """``installed`` is what is on the disk; `pull` tells two steps of progress and installs.

    ``on_disk``: what other programs have. ``wrong``: names whose bytes are not what they should be.
    """

    bus: Bus
    installed: tuple[InstalledModel, ...] = (model(),)
    failure: WorkbenchError | None = None
    pulled: list[str] = field(default_factory=list)
    wait_seconds: float = 0.0
    on_disk: tuple[FoundModel, ...] = ()
    wrong: frozenset[str] = frozenset()
    notes: dict[str, str] = field(default_factory=dict)
    purged: int = 0
    seeing: tuple[str, ...] = ()

    def list(self) -> tuple[InstalledModel, ...]:
        return self.installed

    def starters(self) -> tuple[Starter, ...]:
        return starters()

    def check_first_use(self, model: InstalledModel, cancel: CancelToken) -> None:
        cancel.check()

    def get(self, wanted: str | None) -> InstalledModel:
        wanted = None if wanted in (AUTO, DEEPER) else wanted
        found = [one for one in self.installed if wanted in (None, one.id, one.name, str(one.path))]
        if not found:
            raise ModelError("There is no model on this disk yet.")
        return found[0]

    def pull(self, name: str, job: Job) -> InstalledModel:
        starter = next(one for one in starters() if one.id == name)
        job.emit(DownloadProgress(starter.bytes // 3, starter.bytes, 12_500_000.0, 5.0))
        job.cancel.wait(self.wait_seconds)
        if self.failure:
            raise self.failure
        self.pulled.append(name)
        self.installed = (*self.installed, replace(model(starter.name), id=name))
        self.bus.publish(Topic.MODELS)
        return self.installed[-1]

    def verify(
        self,
        cancel: CancelToken,
        names: tuple[str, ...] = (),
        progress: Callable[[DownloadProgress], None] = lambda _progress: None,
    ) -> Iterator[Verification]:
        for name in names:
            one = self.get(name)
            progress(DownloadProgress(one.bytes // 2, one.bytes, 800_000_000.0, 2.0))
            cancel.wait(self.wait_seconds)
            ok = name not in self.wrong
            yield Verification(one.path, ok, "0" * 64, "0" * 64 if ok else "1" * 64, "" if ok else "It has changed.")

    def found(self, cancel: CancelToken) -> tuple[FoundModel, ...]:
        cancel.wait(self.wait_seconds)
        paths = {one.path for one in self.installed}
        return tuple(replace(one, adopted=one.path in paths) for one in self.on_disk)

    def adopt(self, found: Sequence[FoundModel]) -> tuple[InstalledModel, ...]:
        new = tuple(
            replace(model(one.name, one.bytes), path=one.path, source=one.program.lower(), adopted=True)
            for one in found
        )
        self.installed = (*self.installed, *new)
        self.bus.publish(Topic.MODELS)
        return new

    def remove(self, name: str) -> InstalledModel:
        gone = self.get(name)
        self.installed = tuple(one for one in self.installed if one is not gone)
        self.bus.publish(Topic.MODELS)
        return gone

    def restore(self, gone: InstalledModel) -> InstalledModel:
        self.installed = (*self.installed, gone)
        self.bus.publish(Topic.MODELS)
        return gone

    def purge(self, older_than_seconds: float = 0.0) -> None:
        self.purged += 1

    def template_note(self, one: InstalledModel) -> str:
        return self.notes.get(one.name, "")
