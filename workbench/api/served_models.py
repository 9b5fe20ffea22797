"""The models that the local API serves: those of this disk, and other machines' where the person switched that on.

A name from outside is looked up, never taken for a path. There is no way to a provider that costs money from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.api.asked import DEFAULT_MODEL
from workbench.api.faults import RequestError, UnknownModelError
from workbench.api.told import ListedModel
from workbench.cancel import CancelToken
from workbench.chat.asking.choice import Choice
from workbench.chat.asking.options import AS_SET, Options
from workbench.chat.asking.routing import DEEPER, Asked, is_auto
from workbench.errors import ModelError, UsageError
from workbench.messages import ChatRequest, Effort, Role, user
from workbench.models.gguf.kind import PROBLEMS, Kind
from workbench.models.library import InstalledModel
from workbench.ports import BackendInfo, ChatBackend, Embedder
from workbench.settings import AUTO

if TYPE_CHECKING:
    from workbench.app import Workbench

OWNER = "this-machine"
AUTO_NAME = "Auto"
AUTO_WORDS = (
    "Chooses a model and an effort for each request by the rules of this machine; X-Workbench-Route says which."
)
NOT_SERVED = "the usual model, because the one of the rules is another machine's, which is not served here"


class ServedModels:
    """Fills the desk's `ModelSource` from the program."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench

    def list(self) -> Sequence[ListedModel]:
        """`AUTO` first, where a model of this machine is there: without one it has nothing to begin with."""
        writers = self._writers()
        elsewhere = self._workbench.servers.models() if self._remote else ()
        auto = [ListedModel(AUTO, AUTO_NAME, OWNER, AUTO_WORDS)] if writers else []
        here = [ListedModel(model.id, model.name, OWNER) for model in (*writers, *self._embedders())]
        there = [ListedModel(server.full_name(model), model.name, server.label) for server, model in elsewhere]
        return [*auto, *here, *there]

    def chat(self, name: str, cancel: CancelToken) -> tuple[str, ChatBackend]:
        chosen = self._workbench.settings.chat.model if name == DEFAULT_MODEL else name
        if self._remote and (found := self._workbench.servers.match(chosen)) is not None:
            return found[0].full_name(found[1]), self._workbench.servers.backend(chosen, cancel)
        model = self._preferred() if name == DEFAULT_MODEL else _find(name, self._writers())
        self._workbench.models.check_first_use(model, cancel)
        return model.id, self._workbench.engine.backend(model.path, model.name, cancel)

    def choose(self, name: str, request: ChatRequest) -> Choice | None:
        """By the rules of Auto, fast or deep; nothing is proposed to a program, and nothing sent."""
        wanted = self._workbench.settings.chat.model if name == DEFAULT_MODEL else name
        if not is_auto(wanted):
            return None
        question = next((message for message in reversed(request.messages) if message.role is Role.USER), user(""))
        schema = request.schema is not None
        asked = Asked(question, schema=schema, tools=(), effort=request.effort, deeper=wanted == DEEPER)
        choice = self._workbench.router.choose(asked)
        if self._workbench.servers.match(choice.model) is not None and not self._remote:
            return replace(choice, model=DEFAULT_MODEL, effort=request.effort, why=NOT_SERVED)
        return choice

    def complete(self, name: str, request: ChatRequest, info: BackendInfo) -> ChatRequest:
        """With the sampling and effort of the model where the program chose none, as a chat of the window has them."""
        if not info.local:
            return request
        asked = Options(model=name, sampling=request.sampling, effort=fitting(request.effort, info.efforts))
        try:
            full = self._workbench.model_options.complete(asked, AS_SET, info)
        except ModelError:
            raise
        except UsageError as error:
            raise RequestError(error.message, param="reasoning_effort", code="unsupported_value") from error
        return replace(request, sampling=full.sampling, effort=full.effort, reasoning_tokens=full.reasoning_tokens)

    def embedder(self, name: str, cancel: CancelToken) -> tuple[str, Embedder]:
        embedders = self._embedders()
        if not embedders:
            raise UnknownModelError("There is no embedding model on this disk.")
        model = embedders[0] if name == DEFAULT_MODEL else _find(name, embedders)
        self._workbench.models.check_first_use(model, cancel)
        return model.id, self._workbench.engine.embedder(model.path, model.name, cancel)

    @property
    def _remote(self) -> bool:
        return self._workbench.settings.api.remote_models

    def _preferred(self) -> InstalledModel:
        """The one that chats use, where that is on this disk; else the most useful one that is."""
        chosen = self._workbench.settings.chat.model
        away = bool(chosen) and self._workbench.servers.match(chosen) is not None
        return self._workbench.models.get(None if away else chosen or None)

    def _writers(self) -> Sequence[InstalledModel]:
        return [model for model in self._workbench.models.list() if not model.problem]

    def _embedders(self) -> Sequence[InstalledModel]:
        return [model for model in self._workbench.models.list() if model.problem == PROBLEMS[Kind.EMBEDDER]]


def fitting(wanted: Effort | None, efforts: Sequence[Effort]) -> Effort | None:
    """What comes nearest to ``wanted`` of what the model knows: a model that only thinks or not has no degrees."""
    if wanted is None or wanted in efforts:
        return wanted
    if wanted is Effort.OFF and not efforts:
        return None  # it does not think
    if wanted is Effort.ON and Effort.MEDIUM in efforts:
        return Effort.MEDIUM
    if wanted is not Effort.OFF and Effort.ON in efforts:
        return Effort.ON
    return wanted


def _find(name: str, models: Sequence[InstalledModel]) -> InstalledModel:
    """By id, name or catalog id, whole. Raises `UnknownModelError`."""
    wanted = name.casefold()
    for spelling in ("id", "name", "catalog_id"):
        found = [model for model in models if str(getattr(model, spelling)).casefold() == wanted]
        if len(found) == 1:
            return found[0]
    raise UnknownModelError("There is no model of this name here; GET /v1/models lists them.")
