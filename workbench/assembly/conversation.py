"""The conversations: which of the models answers a turn, here or elsewhere, and how it is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.assembly.engines import EngineParts
from workbench.assembly.foundation import Foundation
from workbench.assembly.models import ModelParts
from workbench.assembly.routing import Around, LazyRouter, build_router
from workbench.cancel import CancelToken
from workbench.chat.asking.knowing import NOTHING_KNOWN, Knowing
from workbench.chat.asking.known_models import KnownModels
from workbench.chat.asking.limits import AnswerLimits, AnswerRules, new_seed
from workbench.chat.asking.model_options import ModelOptionsService
from workbench.chat.asking.options import Options
from workbench.chat.attaching.attachments import AttachmentService
from workbench.chat.attaching.request import Pictures
from workbench.chat.attaching.store import AttachmentNames
from workbench.chat.cases.service import CaseService
from workbench.chat.cases.store import CaseStore
from workbench.chat.feedback.service import FeedbackService
from workbench.chat.feedback.store import FeedbackStore
from workbench.chat.grounding.asked import NO_SOURCES, Grounds, WhenAsked
from workbench.chat.projects.service import ProjectService
from workbench.chat.projects.store import ProjectStore
from workbench.chat.searching.service import SearchService
from workbench.chat.searching.store import SearchStore
from workbench.chat.service import ChatService
from workbench.chat.store import ConversationStore
from workbench.chat.titling.store import TitleStore
from workbench.chat.titling.titles import TitleService
from workbench.chat.tooling.port import NO_TOOLS, TurnTools
from workbench.chat.versions.service import VersionService
from workbench.chat.versions.store import VersionStore
from workbench.engine.remote.route import LOCAL, RouteToServers
from workbench.engine.remote.service import RemoteServers
from workbench.engine.remote.store import ServerStore
from workbench.engine.service import EngineService
from workbench.errors import ModelError
from workbench.events import Bus
from workbench.memory.memory import Memory
from workbench.models.service import ModelService
from workbench.ports import ChatBackend
from workbench.secrets import SystemSecrets, home_id

if TYPE_CHECKING:
    from workbench.chat.escalating.counts import CountsTokens
    from workbench.cloud.cloud import Cloud
    from workbench.cloud.spending.money import Ledger
    from workbench.consents.consent import Consents
    from workbench.documents.service import Documents


OfferTools = Callable[[ConversationStore], TurnTools]
"""What the chats of a store may call."""


@dataclass(frozen=True, slots=True)
class Lent:
    """What the rest of the program gives the chats. ``pinned``: what these prompts of a project tell the model first;
    ``tools``: what the chats of a store may call; ``consents``: where a person is asked; None: what is not there."""

    documents: Callable[[], Documents] | None = None
    pinned: Callable[[Sequence[str]], Sequence[str]] = lambda _names: ()
    tools: OfferTools = lambda _conversations: NO_TOOLS
    consents: Consents | None = None
    memory: Callable[[], Memory] | None = None
    ledger: Callable[[], Ledger] | None = None
    cloud: Callable[[], Cloud] | None = None


class ConversationParts:
    """What chats are made of, for the services that are made later. ``lent``: what comes from elsewhere."""

    def __init__(self, base: Foundation, engines: EngineParts, models: ModelParts, lent: Lent) -> None:
        self._base, self._lent = base, lent
        self._models = models.service
        self._vocabulary = engines.vocabulary
        self.servers = RemoteServers(ServerStore(base.database), SystemSecrets(home_id()), base.clock, base.bus)
        self._known = KnownModels(models.service.get, models.advisor.models, engines.traits, self.servers.match)
        self.options = ModelOptionsService(base.database, base.clock, base.bus, self._known)
        self.projects = self._projects()
        self.search = SearchService(SearchStore(base.database), base.clock)
        self.store = ConversationStore(base.database, base.clock)
        self._local = LocalRoute(models.service, engines.service)
        self.feedback = FeedbackService(FeedbackStore(base.database, base.clock), base.bus)
        self.cases = CaseService(CaseStore(base.database, base.clock), self.store, base.bus)
        self.versions = VersionService(VersionStore(base.database, base.clock))
        self.titles = self._titles()
        self.attachments = self._attachments()
        self.route = RouteToServers(self._local, self.servers)
        self.pictures = Pictures(self.attachments.image, self._seeing)
        self.grounds = self._grounds()
        self._choosing = self._around_choices()
        self.router = LazyRouter(lambda: build_router(base, self._choosing, base.database))
        self.forget = engines.states.forget
        self.chat = self._chat()

    def _projects(self) -> ProjectService:
        return ProjectService(
            ProjectStore(self._base.database),
            self._base.bus,
            self._base.clock,
            self.servers.stranger,
            lambda path, cancel: self.attachments.read(path, cancel),
            self._lent.pinned,
        )

    def _titles(self) -> TitleService:
        return TitleService(
            TitleStore(self._base.database),
            self.store,
            self._local.ready,
            lambda: self._base.settings().chat.automatic_titles,
            lambda: self._base.settings().chat.system,
            self._base.bus,
        )

    def _attachments(self) -> AttachmentService:
        return AttachmentService(
            self._base.paths.attachments,
            AttachmentNames(self._base.database).all,
            lambda text, cancel: self.chat.count(text, cancel),
        )

    def _grounds(self) -> Grounds:
        documents = self._lent.documents
        if documents is None:
            return NO_SOURCES
        return WhenAsked(lambda: _grounding(documents, self.servers.stranger))

    def _around_choices(self) -> Around:
        consents = self._lent.consents
        return Around(
            self._base.settings,
            self._known,
            self.servers.stranger,
            self._seeing,
            None if consents is None else lambda: consents,
            self._lent.ledger,
            self._lent.cloud,
        )

    def _chat(self) -> ChatService:
        memory = self._lent.memory
        return ChatService(
            self.store,
            self.route,
            self._base.bus,
            self._base.clock,
            self._of_the_settings,
            self.options.complete,
            self.forget,
            went_on=self.feedback.went_on,
            projects=self.projects,
            pictures=self.pictures,
            grounds=self.grounds,
            memory=NOTHING_KNOWN if memory is None else Knowing(memory, self.servers.stranger),
            tools=self._lent.tools(self.store),
            consents=self._lent.consents,
            router=self.router,
            answers=AnswerRules(self._limits, new_seed),
        )

    def temporary_chat(self) -> ChatService:
        """For one chat that is never written: it lives in memory, as long as the service does. Nobody else hears of it."""
        from workbench import migrations
        from workbench.db import MemoryDatabase

        database = MemoryDatabase(migrations.workbench)
        conversations = ConversationStore(database, self._base.clock)
        return ChatService(
            conversations,
            self.route,
            Bus(),
            self._base.clock,
            self._of_the_settings,
            self.options.complete,
            self.forget,
            pictures=self.pictures,
            grounds=self.grounds,
            keeps=False,
            tools=self._lent.tools(conversations),
            consents=self._lent.consents,
            router=LazyRouter(lambda: build_router(self._base, self._choosing, database)),
            answers=AnswerRules(self._limits, new_seed),
        )

    def ready_here(self) -> ChatBackend | None:
        """The model of this machine that could answer at once."""
        try:
            return self._local.ready(self._base.settings().chat.model)
        except ModelError:
            return None

    def counts(self) -> CountsTokens:
        """What counts the requests that may leave."""
        from workbench.assembly.counting import build_counts  # only when something may

        return build_counts(self.ready_here, self._known, self._models.list, self._vocabulary)

    def _seeing(self) -> list[str]:
        """The names of the models on this disk that see."""
        return [model.name for model in self._models.list() if model.projector is not None and not model.problem]

    def _limits(self) -> AnswerLimits:
        chosen = self._base.settings().answers
        return AnswerLimits(chosen.low_tokens, chosen.medium_tokens, chosen.high_tokens, chosen.most_minutes)

    def _of_the_settings(self) -> Options:
        chat = self._base.settings().chat
        told = None if self._base.settings().memory.enabled else False
        return Options(model=chat.model, system=chat.system, max_tokens=chat.max_tokens or None, memory=told)


def _grounding(documents: Callable[[], Documents], stranger: Callable[[str], str]) -> Grounds:
    from workbench.chat.grounding.grounding import Grounding  # only when a chat asks documents

    return Grounding(documents, stranger)


class LocalRoute:
    """The `BackendRoute` of this machine: the turn is answered by its engine."""

    def __init__(self, models: ModelService, engine: EngineService) -> None:
        self._models = models
        self._engine = engine

    def name(self, model: str) -> str:
        return self._models.get(model or None).name

    def source(self, _model: str) -> str:
        return LOCAL

    def backend(self, model: str, cancel: CancelToken, progress: Callable[[str], None]) -> ChatBackend:
        chosen = self._models.get(model or None)
        self._models.check_first_use(chosen, cancel)
        return self._engine.backend(chosen.path, chosen.name, cancel, progress)

    def ready(self, model: str) -> ChatBackend | None:
        chosen = self._models.get(model or None)
        return self._engine.ready(chosen.path)
