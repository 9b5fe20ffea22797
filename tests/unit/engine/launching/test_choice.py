"""Which engine starts a model, and what happens when it does not start."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.launcher import FakeLauncher
from workbench.cancel import CancelToken
from workbench.engine.launching.choice import candidates
from workbench.engine.launching.choosing_launcher import ChoosingLauncher
from workbench.engine.runtimes.builds import NATIVE, PATH, InstalledEngine
from workbench.errors import Cancelled, EngineError, ModelError, WorkbenchError
from workbench.ports import EngineLauncher, LaunchPlan

PLAN = LaunchPlan(Path("/m.gguf"), context_tokens=512, slots=1, threads=2, batch_tokens=128)


def engine(identifier: str, *backends: str, problem: str = "") -> InstalledEngine:
    return InstalledEngine(identifier, identifier, "1", None, frozenset({"cpu", *backends}), problem=problem)


OWN, METAL = engine(NATIVE), engine(NATIVE, "metal")
CUDA, ROCM, VULKAN = engine("cuda-1", "cuda"), engine("rocm-1", "rocm"), engine("vulkan-1", "vulkan")
NO_GPU, BROKEN = engine("vulkan-1"), engine("cuda-1", "cuda", problem="It does not run here.")
PERSONS, PERSONS_CUDA = engine(PATH), engine(PATH, "cuda")


@pytest.mark.parametrize(
    ("installed", "runtime", "gpu_layers", "expected"),
    [
        ([OWN], "auto", None, [OWN]),
        ([OWN, VULKAN], "auto", None, [VULKAN, OWN]),
        ([OWN, VULKAN, CUDA], "auto", None, [CUDA, OWN]),
        ([OWN, VULKAN, ROCM], "auto", None, [ROCM, OWN]),
        ([OWN, BROKEN, VULKAN], "auto", None, [VULKAN, OWN]),
        ([OWN, NO_GPU], "auto", None, [OWN]),  # it would only be another processor's engine
        ([OWN, PERSONS], "auto", None, [OWN]),
        ([METAL, PERSONS], "auto", None, [METAL]),
        ([METAL, engine("metal-1", "metal")], "auto", None, [METAL]),
        ([OWN, PERSONS_CUDA, CUDA], "auto", None, [CUDA, OWN]),
        ([OWN, PERSONS_CUDA], "auto", None, [PERSONS_CUDA, OWN]),
        ([OWN, CUDA], "native", None, [OWN]),
        ([OWN, CUDA, VULKAN], "vulkan-1", None, [VULKAN, OWN]),
        ([OWN, NO_GPU], "vulkan-1", None, [NO_GPU, OWN]),  # the person wants it
        ([OWN, CUDA], "gone-1", None, [CUDA, OWN]),
        ([OWN, BROKEN], "cuda-1", None, [OWN]),
        ([OWN, CUDA], "auto", 0, [OWN]),
        ([OWN, CUDA], "auto", 20, [CUDA, OWN]),
        ([OWN, CUDA], "cuda-1", 0, [CUDA, OWN]),
        ([engine(NATIVE, problem="missing"), PERSONS], "auto", None, [PERSONS]),
        ([engine(NATIVE, problem="missing"), NO_GPU], "auto", 0, [NO_GPU]),
        ([engine(NATIVE, problem="missing")], "auto", None, []),
        ([], "auto", None, []),
    ],
)
def test_candidates(
    installed: list[InstalledEngine], runtime: str, gpu_layers: int | None, expected: list[InstalledEngine]
) -> None:
    assert list(candidates(installed, runtime, gpu_layers)) == expected
    assert list(candidates(reversed(installed), runtime, gpu_layers)) == expected


class Runtimes:
    """The engines that the test says."""

    def __init__(self, *engines: tuple[InstalledEngine, EngineLauncher | None]) -> None:
        self._engines = engines
        self.asked = 0

    def only_native(self) -> bool:
        return len(self._engines) < 2

    def installed(self) -> tuple[InstalledEngine, ...]:
        self.asked += 1
        return tuple(found for found, _launcher in self._engines)

    def launcher(self, engine: InstalledEngine) -> EngineLauncher:
        found = dict(self._engines)[engine]
        assert found is not None
        return found


class Choice:
    """A `ChoosingLauncher` over the native engine and a faster one that may fail."""

    def __init__(self, *failures: WorkbenchError, runtime: str = "auto") -> None:
        self.native, self.cuda = FakeLauncher("native"), FakeLauncher("cuda", failures=failures)
        self.native.name, self.cuda.name = "native", "cuda-1"
        self.runtimes = Runtimes((OWN, None), (CUDA, self.cuda))
        self.told: list[str] = []
        self.launcher = ChoosingLauncher(self.native, self.runtimes, lambda: runtime)

    def start(self, plan: LaunchPlan = PLAN) -> None:
        self.launcher.start(plan, CancelToken(), self.told.append).stop()


def test_the_fastest_starts() -> None:
    choice = Choice()
    assert choice.launcher.name == "native"
    choice.start()
    assert len(choice.cuda.plans) == 1
    assert choice.native.plans == []
    assert choice.launcher.name == "cuda-1"
    assert choice.launcher.build() == "fake 1.0"
    assert choice.launcher.notice == ""


def test_one_that_fails_is_told_and_the_own_one_takes_its_place() -> None:
    choice = Choice(EngineError("There is not enough memory for this model.", detail="cudaMalloc failed"))
    choice.start()
    assert len(choice.native.plans) == 1
    assert choice.launcher.name == "native"
    assert choice.launcher.notice == (
        "The engine cuda-1 did not start: There is not enough memory for this model. The program's own engine is used."
    )
    assert choice.launcher.notice in choice.told
    choice.start()  # it works again
    assert choice.launcher.notice == ""


def test_what_would_start_is_known_before_it_does() -> None:
    choice = Choice()
    choice.native.version, choice.cuda.version = "native 1", "cuda 1"
    assert choice.launcher.build() == "native 1"
    assert choice.launcher.next_build() == "cuda 1"
    assert choice.launcher.upcoming().name == "cuda-1"
    assert Choice(runtime="native").launcher.next_build() == "fake 1.0"


@pytest.mark.parametrize("failure", [ModelError("No model."), Cancelled()])
def test_what_is_no_fault_of_the_engine_is_not_tried_again(failure: WorkbenchError) -> None:
    choice = Choice(failure)
    with pytest.raises(type(failure)):
        choice.start()
    assert choice.native.plans == []


def test_the_persons_choice() -> None:
    choice = Choice(runtime="native")
    choice.start()
    assert len(choice.native.plans) == 1
    assert choice.runtimes.asked == 0
    choice = Choice()
    choice.start(replace(PLAN, gpu_layers=0))
    assert len(choice.native.plans) == 1


def test_without_another_engine_nothing_is_asked() -> None:
    native = FakeLauncher("native")
    runtimes = Runtimes((OWN, None))
    ChoosingLauncher(native, runtimes, lambda: "auto").start(PLAN, CancelToken()).stop()
    assert runtimes.asked == 0
    assert len(native.plans) == 1


def test_when_none_can_be_used_the_own_ones_error_is_told() -> None:
    native = FakeLauncher("native", failures=(EngineError("The engine is not installed."),))
    broken = engine(NATIVE, problem="missing")
    launcher = ChoosingLauncher(native, Runtimes((broken, None), (BROKEN, None)), lambda: "auto")
    with pytest.raises(EngineError, match="not installed"):
        launcher.start(PLAN, CancelToken())
