"""The way from a chat to the scripted backend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.fakes.backend import ScriptedBackend
from tests.fakes.models import FakeModels
from workbench.cancel import CancelToken
from workbench.ports import ChatBackend


@dataclass
class ScriptedRoute:
    """The route of the chat service: always the scripted backend, if there is a model."""

    models: FakeModels
    scripted: ScriptedBackend
    loading: str = ""

    def name(self, model: str) -> str:
        return self.models.get(model or None).name

    def source(self, model: str) -> str:
        return "engine"

    def backend(self, model: str, cancel: CancelToken, progress: Any) -> ChatBackend:
        if self.loading:
            progress(self.loading)
        return self.scripted

    def ready(self, model: str) -> ChatBackend | None:
        return self.scripted if self.models.installed else None
