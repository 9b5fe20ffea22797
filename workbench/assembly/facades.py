"""What the program has: a facade for each of its parts, most of them made when somebody first asks for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from workbench.assembly.conversation import ConversationParts, Lent
from workbench.assembly.engines import EngineParts
from workbench.assembly.foundation import Foundation
from workbench.assembly.models import ModelParts
from workbench.assembly.offered_tools import OfferedTools
from workbench.ports import EngineLauncher

if TYPE_CHECKING:
    from workbench.assembly.running import RunningParts
    from workbench.cancel import CancelToken
    from workbench.chat.escalating.service import EscalationService
    from workbench.chat.exporting.service import Exports
    from workbench.chat.importing.service import Imports
    from workbench.chat.keeping.bin import ChatBin
    from workbench.chat.store import ConversationStore
    from workbench.cloud.service import CloudService
    from workbench.cloud.spending.service import LedgerService
    from workbench.consents.service import ConsentService
    from workbench.diagnostics.backup_making import Backups
    from workbench.diagnostics.bench.service import BenchService
    from workbench.documents.desk import DocumentDesk
    from workbench.engine.checking.checkups import CheckUps
    from workbench.memory.service import MemoryService
    from workbench.prompts.exchange import PromptExchange
    from workbench.prompts.files.following import PromptFiles
    from workbench.prompts.filling.fill import Filler
    from workbench.prompts.filling.filled import Filled
    from workbench.prompts.library import Prompts
    from workbench.prompts.prompt import Prompt
    from workbench.prompts.running.batches.service import Batches
    from workbench.prompts.running.runner import PromptRunner
    from workbench.prompts.running.testing import PromptTests
    from workbench.prompts.warming import WarmPrompts
    from workbench.routing.following import Following
    from workbench.routing.service import RouterService
    from workbench.tools.checking.service import ToolChecks
    from workbench.tools.desk import ToolDesk
    from workbench.tools.servers.service import ToolServers
    from workbench.tools.warming import ToolWarming
    from workbench.tools.web.service import WebSearch


class Facades:
    """A part that is made at the start is an attribute; one that is made later is a cached property with its import inside,
    so nothing is loaded that nobody asked for."""

    def __init__(self, base: Foundation, launcher: EngineLauncher, change_setting: Callable[[str, Any], None]) -> None:
        self._base = base
        self._change_setting = change_setting
        self._engines = engines = EngineParts(
            base, launcher, lambda path: self.models.find(path), lambda: self._models.preferred_path()
        )
        self.engine, self.runtimes, self.hardware = engines.service, engines.runtimes, engines.hardware
        self.traits = engines.traits
        self._models = models = ModelParts(base, engines)
        self.models, self.hub, self.advisor = models.service, models.hub, models.advisor
        self.downloads = models.downloads
        self._conversation = conversation = ConversationParts(base, engines, models, self._lent())
        self.chat, self.model_options, self.servers = conversation.chat, conversation.options, conversation.servers
        self.temporary_chat = conversation.temporary_chat
        self.feedback, self.cases, self.titles = conversation.feedback, conversation.cases, conversation.titles
        self.versions = conversation.versions
        self.projects = conversation.projects
        self.attachments = conversation.attachments
        self.searching = conversation.search

    def _lent(self) -> Lent:
        return Lent(
            documents=lambda: self.documents,
            pinned=self._told_by_pinned,
            tools=self._offered_tools,
            consents=self.consents,
            memory=lambda: self.memory,
            ledger=lambda: self.ledger,
            cloud=lambda: self.cloud,
        )

    @cached_property
    def documents(self) -> DocumentDesk:
        """Document folders. Nothing of their index is opened before it is asked for."""
        from workbench.assembly.documents import build_documents, own_models, own_rankers

        return build_documents(
            self._base,
            lambda: self.engine.status().answering > 0,
            lambda: own_models(self.models, self.engine),
            lambda: own_rankers(self.models, self.engine),
        )

    @cached_property
    def prompts(self) -> Prompts:
        """The prompt library. Nothing of it is read before it is asked for."""
        from workbench.assembly.prompts import build_prompts

        return build_prompts(self._base)

    @cached_property
    def prompt_files(self) -> PromptFiles:
        """Prompts as Markdown files in a folder. Nothing is looked at before it is asked to."""
        from workbench.assembly.prompts import build_prompt_files

        return build_prompt_files(self._base, self.prompts)

    @cached_property
    def prompt_exchange(self) -> PromptExchange:
        """Prompts of other programs, in and out."""
        from workbench.prompts.exchange import PromptExchange

        return PromptExchange(self.prompts)

    @cached_property
    def filler(self) -> Filler:
        """Fills in prompts. The child that renders conditions and loops is started when one is first rendered."""
        from workbench.assembly.filling import build_filler

        return build_filler(self._base, lambda: self.documents)

    @cached_property
    def _running(self) -> RunningParts:
        from workbench.assembly.running import RunningParts

        return RunningParts(
            self._base, self._engines, self._models, self._conversation, lambda: self.prompts, self._fill
        )

    def _fill(
        self, prompt: Prompt, values: Mapping[str, str], cancel: CancelToken, steps: Mapping[str, Any] | None = None
    ) -> Filled:
        return self.filler.fill(prompt, values, cancel, steps)

    @property
    def prompt_runs(self) -> PromptRunner:
        """Performs prompts step by step."""
        return self._running.runner

    @property
    def prompt_tests(self) -> PromptTests:
        """Whether prompts do what their test cases say."""
        return self._running.tests

    @property
    def batches(self) -> Batches:
        """One prompt on many inputs."""
        return self._running.batches

    @cached_property
    def warm_prompts(self) -> WarmPrompts:
        """Favourites whose beginning is read before they are used. Nothing is read before it is started."""
        from workbench.assembly.warming import build_warm_prompts

        return build_warm_prompts(
            self._base, self._engines, self._conversation, lambda: self.prompts, lambda: self.memory
        )

    def _told_by_pinned(self, names: Sequence[str]) -> tuple[str, ...]:
        from workbench.assembly.pinned import told_by_pinned

        return told_by_pinned(lambda: self.prompts, lambda: self.filler)(names)

    @cached_property
    def memory(self) -> MemoryService:
        """What is remembered of the person. Nothing of it is read before it is asked for."""
        from workbench.assembly.memory import build_memory

        return build_memory(self._base, self.projects)

    @cached_property
    def consents(self) -> ConsentService:
        """What a person is asked before something leaves or changes."""
        from workbench.assembly.consents import build_consents

        return build_consents(self._base)

    @cached_property
    def cloud(self) -> CloudService:
        """Who may be asked in the cloud. Reaches nobody by itself."""
        from workbench.assembly.cloud import build_cloud

        return build_cloud(self._base, self._change_setting)

    @cached_property
    def ledger(self) -> LedgerService:
        """What the cloud may cost and what it did."""
        from workbench.assembly.ledger import build_ledger

        return build_ledger(self._base)

    @cached_property
    def escalations(self) -> EscalationService:
        """Questions that are taken to a stronger model. Nobody is reached before a person has said yes."""
        from workbench.assembly.escalating import build_escalations

        return build_escalations(
            self._base,
            self._conversation,
            self.cloud,
            self.ledger,
            self.consents,
            lambda: self.documents,
            self._change_setting,
        )

    @property
    def router(self) -> RouterService:
        """By which rules a model is chosen for a question, and what came of it."""
        return self._conversation.router.service

    @cached_property
    def following(self) -> Following:
        """Questions for which a stronger model is proposed: sent by a chat's own yes and cap, or left to the person."""
        from workbench.assembly.following import build_following

        return build_following(
            self._conversation.store,
            lambda: self.cloud,
            lambda: self.ledger,
            lambda: self.consents,
            lambda: self.escalations,
            lambda: self.router,
        )

    @cached_property
    def web_search(self) -> WebSearch:
        """Who searches the web, and with which key. Nothing is reached before somebody searches."""
        from workbench.assembly.web import build_web_search

        return build_web_search(self._base, self._change_setting)

    @cached_property
    def tool_servers(self) -> ToolServers:
        """Programs and addresses that offer tools. None is started before one of its tools is called."""
        from workbench.assembly.tool_servers import build_tool_servers

        return build_tool_servers(self._base, self.consents)

    @cached_property
    def tools(self) -> ToolDesk:
        """All tools together: which there are and which are switched on. Nothing is asked of them before."""
        return self._tool_desk(self._conversation.store, keeps=True)

    def _tool_desk(self, chats: ConversationStore, *, keeps: bool) -> ToolDesk:
        from workbench.assembly.tools import Surroundings, build_tools
        from workbench.assembly.web import build_web_tools

        around = Surroundings(
            lambda: self.documents,
            chats.folders,
            self.projects,
            self.consents,
            lambda model: self.tool_checks.capable(model),
            lambda off: self._change_setting("tools.off", off),
            (build_web_tools(self._base, self.web_search), self.tool_servers),
            keeps=keeps,
        )
        return build_tools(self._base, around)

    def _offered_tools(self, chats: ConversationStore) -> OfferedTools:
        """Of chats that are never written, too: they have a store of their own."""

        def opened() -> ToolDesk:
            return self.tools if chats is self._conversation.store else self._tool_desk(chats, keeps=False)

        return OfferedTools(cache(opened), self._base)

    @cached_property
    def tool_checks(self) -> ToolChecks:
        """How well models call tools, and which of them may be offered some."""
        from workbench.assembly.tool_checks import build_tool_checks

        return build_tool_checks(self._base, self._engines, self._models, self._conversation, lambda: self.checkups)

    @cached_property
    def tool_warming(self) -> ToolWarming:
        """What tools import is there before they are used. `start` it where somebody will stay."""
        from workbench.assembly.tool_warming import build_tool_warming

        busy = lambda: self.engine.status().answering > 0  # noqa: E731
        return build_tool_warming(self._base, lambda model: self.tool_checks.capable(model), busy)

    @cached_property
    def checkups(self) -> CheckUps:
        from workbench.assembly.checking import build_checkups  # only when somebody asks, as all that follow

        return build_checkups(self._base, self._engines, self._models)

    @cached_property
    def bench(self) -> BenchService:
        from workbench.assembly.bench import build_bench

        return build_bench(self._base, self._engines)

    @cached_property
    def backups(self) -> Backups:
        from workbench.assembly.keeping import build_backups

        return build_backups(self._base)

    @cached_property
    def bin(self) -> ChatBin:
        from workbench.assembly.keeping import build_bin

        return build_bin(self._base)

    @cached_property
    def exports(self) -> Exports:
        from workbench.assembly.keeping import build_exports

        return build_exports(self._base)

    @cached_property
    def imports(self) -> Imports:
        from workbench.assembly.keeping import build_imports

        return build_imports(self._base)
