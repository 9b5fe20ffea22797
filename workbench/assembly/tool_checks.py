"""The checks of how well models call tools. Built when somebody asks for one, or whether a model may be offered tools."""

from __future__ import annotations

from collections.abc import Callable

from workbench.assembly.conversation import ConversationParts
from workbench.assembly.engines import EngineParts
from workbench.assembly.foundation import Foundation
from workbench.assembly.models import ModelParts
from workbench.engine.checking.checkups import CheckUps
from workbench.engine.effort.service import file_key
from workbench.engine.remote.route import LOCAL
from workbench.errors import ModelError
from workbench.models.library import InstalledModel
from workbench.tools.checking.service import Sources, Subject, ToolChecks
from workbench.tools.checking.store import ToolCheckStore


def build_tool_checks(
    base: Foundation,
    engines: EngineParts,
    models: ModelParts,
    conversation: ConversationParts,
    checkups: Callable[[], CheckUps],
) -> ToolChecks:
    route = conversation.route

    def named(model: str) -> str:
        return model or base.settings().chat.model

    def installed(name: str) -> InstalledModel:
        """A file outside the models folder is known by its path; an answer knows it by its name, once it is loaded."""
        try:
            return models.service.get(name or None)
        except ModelError:
            loaded = (one.path for one in engines.service.loaded() if one.model == name and one.path is not None)
            if (path := next(loaded, None)) is None:
                raise
            return models.service.get(str(path))

    def subject(model: str) -> Subject:
        """A file is told from another by its size and time too."""
        source = route.source(named(model))
        if source != LOCAL:
            name = route.name(named(model))
            return Subject(name, f"{source} {name}")
        found = installed(named(model))
        return Subject(found.name, file_key(found.path), engines.traits.traits(found.path).tools, found.path)

    sources = Sources(
        subject,
        lambda model, cancel, tell: route.backend(named(model), cancel, tell),
        lambda path: checkups().latest(path),
        lambda: engines.upcoming().build(),
    )
    return ToolChecks(ToolCheckStore(base.database, base.clock), sources, base.clock, base.bus)
