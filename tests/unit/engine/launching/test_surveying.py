"""What a plan stands on: the engine that would start decides whether anybody looks at the hardware."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.fakes.models import model
from workbench.engine.launching import surveying
from workbench.engine.launching.plan import EngineSettings
from workbench.engine.launching.surveying import Surveyor
from workbench.engine.runtimes.builds import NATIVE, InstalledEngine
from workbench.errors import EngineError, ModelError
from workbench.hardware.machine import Machine
from workbench.models.library import InstalledModel, ModelFile

HERE = Machine("linux", None, 4, None, 8 << 30, 6 << 30, None, "mains")
OWN = InstalledEngine(NATIVE, "own", "1", None, frozenset({"cpu"}))
VULKAN = InstalledEngine("vulkan", "Vulkan", "1", Path("/v"), frozenset({"cpu", "vulkan"}))


@dataclass
class Launching:
    engine: InstalledEngine | None
    asked: int | None = -1

    def next_engine(self, gpu_layers: int | None = None) -> InstalledEngine | None:
        self.asked = gpu_layers
        return self.engine


def surveyor(
    engine: InstalledEngine | None,
    *,
    found: InstalledModel | None = None,
    fits_itself: Callable[[InstalledEngine], bool] = lambda _engine: True,
    looked: list[int] | None = None,
) -> Surveyor:
    def machine() -> Machine:
        if looked is not None:
            looked.append(1)
        return HERE

    def find(_path: str) -> InstalledModel:
        if found is None:
            raise ModelError("There is none.")
        return found

    settings = EngineSettings(gpu_layers=7)
    return Surveyor(Launching(engine), fits_itself, machine, find, lambda: settings, Path("/states"))


@pytest.mark.parametrize("engine", [None, OWN])
def test_nobody_looks_for_gpus_that_the_engine_does_not_drive(
    engine: InstalledEngine | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surveying, "OWN_BACKENDS", frozenset({"cpu"}))
    looked: list[int] = []
    ground = surveyor(engine, looked=looked)(Path("/m.gguf"))
    assert (ground.machine, ground.backends, ground.fits_itself) == (None, frozenset({"cpu"}), True)
    assert not looked
    assert ground.state_folder == Path("/states")


def test_an_engine_with_a_gpu() -> None:
    ground = surveyor(VULKAN, fits_itself=lambda _engine: False)(Path("/m.gguf"))
    assert (ground.machine, ground.backends, ground.fits_itself) == (HERE, VULKAN.backends, False)


def test_an_engine_that_cannot_be_asked() -> None:
    def broken(_engine: InstalledEngine) -> bool:
        raise EngineError("It is gone.")

    assert surveyor(VULKAN, fits_itself=broken)(Path("/m.gguf")).fits_itself


def test_the_persons_layers_decide_which_engine_starts() -> None:
    asked = surveyor(OWN)
    asked(Path("/m.gguf"))
    assert asked.launcher.asked == 7  # type: ignore[attr-defined]


def test_a_projector_that_is_there(tmp_path: Path) -> None:
    projector = tmp_path / "mmproj.gguf"
    seeing = replace(model(), projector=projector, files=(ModelFile(projector, 77),))
    assert surveyor(OWN, found=seeing)(Path("/m.gguf")).projector is None
    projector.write_bytes(b"")
    ground = surveyor(OWN, found=seeing)(Path("/m.gguf"))
    assert (ground.projector, ground.projector_bytes) == (projector, 77)
