"""The advice on models, for a machine that the test names."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace

from tests.fakes import catalog
from workbench.cancel import CancelToken
from workbench.errors import Cancelled, WorkbenchError
from workbench.events import Bus, Topic
from workbench.hardware.machine import Machine
from workbench.models.advising.advice import Pick, Preference, Recommendation, Use
from workbench.models.catalog.model import CatalogFile, CatalogModel
from workbench.models.sizing.estimate import Estimate, Request


@dataclass
class FakeAdvisor:
    """``machine_now`` is what the probes would say; ``asked`` keeps what was estimated."""

    bus: Bus
    machine_now: Machine = catalog.LAPTOP
    known: tuple[CatalogModel, ...] = catalog.MODELS
    failure: WorkbenchError | None = None
    asked: list[tuple[str, Request]] = field(default_factory=list)
    wait_seconds: float = 0.0

    def models(self) -> tuple[CatalogModel, ...]:
        return self.known

    def machine(self, fresh: bool = False) -> Machine:
        return self.machine_now

    def estimate(
        self,
        reference: str,
        request: Request | None = None,
        machine: Machine | None = None,
        cancel: CancelToken | None = None,
    ) -> Estimate:
        self._fail()
        self.asked.append((reference, request or Request()))
        with suppress(Cancelled):  # an answer that was on its way comes all the same
            (cancel or CancelToken()).wait(self.wait_seconds)
        one, file = catalog.find(reference, self.known)
        return catalog.estimated(one, file, machine or self.machine_now, request)

    def estimate_as_started(self, reference: str) -> Estimate:
        return self.estimate(reference)

    def recommend(
        self, use: Use = Use.CHAT, preference: Preference = Preference.BALANCED, machine: Machine | None = None
    ) -> Recommendation:
        self._fail()
        return catalog.recommendation(self.known, machine or self.machine_now, use, preference)

    def overview(self, use: Use = Use.CHAT, machine: Machine | None = None) -> tuple[Pick, ...]:
        self._fail()
        return tuple(catalog.pick(one, machine or self.machine_now, use) for one in self.known if one.shape_known)

    def add_repository(self, repository: str, cancel: CancelToken) -> CatalogModel:
        self._fail()
        file = CatalogFile(repository, "Model-Q4_K_M.gguf", "Q4_K_M", 4_900_000_000)
        name = repository.rpartition("/")[2]
        added = replace(catalog.QWEN_4B, id=repository.lower(), name=name, files=(file,), scores=(), user_added=True)
        self.known = (*self.known, added)
        self.bus.publish(Topic.MODELS)
        return added

    def remove_repository(self, model_id: str) -> None:
        self.known = tuple(one for one in self.known if one.id != model_id)
        self.bus.publish(Topic.MODELS)

    def _fail(self) -> None:
        if self.failure:
            raise self.failure
