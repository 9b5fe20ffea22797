"""The models: those on this disk, those we know, what advises among them, and what brings them here."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from workbench.assembly.engines import EngineParts
from workbench.assembly.foundation import Foundation
from workbench.cancel import CancelToken
from workbench.engine.launching.plan import wishes_of
from workbench.engine.runtimes.build_table import builds, engines_of
from workbench.errors import WorkbenchError
from workbench.hardware.backends import Engines
from workbench.hardware.machine import Machine
from workbench.models.advising.advisor import Advisor
from workbench.models.catalog.file import CatalogStore
from workbench.models.fetching.downloads import make_queue
from workbench.models.fetching.hub import Hub, HubFile
from workbench.models.gguf.header import Header
from workbench.models.library import InstalledModel
from workbench.models.service import ModelService
from workbench.models.sizing.estimate import Estimate


class ModelParts:
    """Over the engines, which tell what of a model would fit here and how fast it would be."""

    def __init__(self, base: Foundation, engines: EngineParts) -> None:
        self._base, self._engines = base, engines
        catalog = CatalogStore(base.paths)
        self.service = ModelService(
            base.paths,
            base.database,
            base.clock,
            base.bus,
            known=catalog.models,
            rank=lambda model: self.advisor.rank(model),
        )
        self.hub = Hub(os.environ, lambda reference: self.advisor.known(reference))
        self.advisor = Advisor(
            engines.hardware.machine,
            self._engines_of,
            catalog,
            self.service,
            self.hub,
            self._read_remote_header,
            base.bus,
            corrections=engines.correction,
            wishes=lambda: wishes_of(base.engine_settings()),
        )
        self.downloads = make_queue(
            base.paths.models,
            base.database,
            self.service,
            self.hub,
            engines.runtimes,
            lambda: base.settings().downloads,
            base.bus,
            base.clock,
            engines.awake,
        )

    def chosen(self, name: str = "") -> InstalledModel:
        """An installed model; of no name: the preferred one of the settings. Raises `ModelError`."""
        return self.service.get(name or self._base.settings().chat.model or None)

    def preferred_path(self) -> Path | None:
        """Of the model that answers when a chat names none; None when there is none here."""
        try:
            return self.chosen().path.absolute()
        except WorkbenchError:
            return None

    def predicted(self, model: InstalledModel) -> Estimate | None:
        """How it would run as it would be started now; None where nobody can tell."""
        try:
            return self.advisor.estimate_as_started(str(model.path))
        except WorkbenchError:
            return None

    def _engines_of(self, machine: Machine | None) -> Engines:
        """Installed and to be had; of another machine we know what drives its GPUs."""
        return self._engines.runtimes.engines() if machine is None else engines_of(builds(), machine)

    def _read_remote_header(self, files: Sequence[HubFile], cancel: CancelToken) -> Header:
        from workbench.http import make_client  # only when somebody asks for a model that nobody knows
        from workbench.models.fetching.transfer import AccessRefusedError
        from workbench.models.gguf.remote import read_remote_model

        try:
            with make_client(keep_alive=False) as client:
                return read_remote_model([self.hub.remote(file) for file in files], client, cancel)
        except AccessRefusedError as error:
            raise self.hub.refusal(files[0].repository) from error
