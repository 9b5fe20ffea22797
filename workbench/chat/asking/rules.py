"""What holds for a turn: what was asked, the project, the settings and the model together; and who may get it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from workbench.chat.asking.knowing import Known, TurnMemory
from workbench.chat.asking.model_options import turn_options
from workbench.chat.asking.of_chat import NOT_CHOSEN, ChatChoice
from workbench.chat.asking.options import AS_SET, Completion, Options, ProjectRules
from workbench.chat.context.room import part_seen
from workbench.chat.grounding.asked import Asked, Grounds
from workbench.chat.tree import Conversation, Node, path_to
from workbench.errors import ModelError
from workbench.memory.memory import NOTHING_REMEMBERED, Remembered
from workbench.memory.told import without_said
from workbench.messages import Id, Sampling, UsedPrompt
from workbench.ports import BackendInfo, BackendRoute


class TurnRules:
    """``defaults`` gives the options of the settings at the time of each turn, ``complete`` those of the model too.
    ``chosen``: what was chosen for a chat."""

    def __init__(
        self,
        route: BackendRoute,
        defaults: Callable[[], Options],
        complete: Completion,
        projects: ProjectRules,
        grounds: Grounds,
        memory: TurnMemory,
        chosen: Callable[[Id], ChatChoice] = lambda _conversation_id: NOT_CHOSEN,
    ) -> None:
        self._route = route
        self._defaults = defaults
        self._complete = complete
        self._projects = projects
        self._grounds = grounds
        self._memory = memory
        self._chosen = chosen

    def placed(self, options: Options, conversation_id: Id | None) -> Options:
        """In the project that the chat belongs to now, with what was chosen for the chat; a new chat is where it was asked
        to be, with what is chosen for it."""
        if conversation_id is None:
            return options
        project_id, of_chat = self._projects.of(conversation_id), self._chosen(conversation_id)
        return replace(options, project_id=project_id, of_chat=of_chat)

    def defaults_in(self, asked: Options) -> Options:
        """What holds where nothing is asked: what the prompt prefers, over what was chosen for the chat, over what the
        project says, over the settings."""
        settings = self._defaults()
        below = settings if asked.project_id is None else self._projects.options(asked.project_id).over(settings)
        if asked.of_chat != NOT_CHOSEN:
            below = self._of_chat(asked.of_chat).over(below)
        return below if asked.prompt is None else self._preferred(asked.prompt).over(below)

    def over_defaults(self, asked: Options) -> Options:
        """With what holds where nothing is asked, before anything is known of the model."""
        return asked.over(self.defaults_in(asked))

    def wanted(self, asked: Options) -> tuple[str, str]:
        """The model that is wanted, and the one that would be where nothing is asked, as they were named."""
        standard = self.defaults_in(asked).model
        return asked.model or standard, standard

    def _of_chat(self, choice: ChatChoice) -> Options:
        """A model that is not there any more is passed over: else its chats could not go on until another is chosen."""
        return Options(self.known(choice.model), effort=choice.effort)

    def _preferred(self, prompt: UsedPrompt) -> Options:
        """How a prompt wants to be answered. A model that is not there is passed over: prompts come from elsewhere too."""
        return Options(
            self.known(prompt.model), sampling=Sampling(prompt.temperature), effort=prompt.effort, schema=prompt.schema
        )

    def known(self, model: str) -> str:
        """``model``, or nothing where it is not there any more."""
        try:
            return model and self._route.name(model) and model
        except ModelError:
            return ""

    def complete(self, asked: Options, info: BackendInfo | None = None) -> Options:
        """With all that was not asked. ``info``: of the backend, once it is ready. Raises `UsageError` for what the model
        cannot do, `ModelError` for one that nobody knows."""
        return self._complete(asked, self.defaults_in(asked), info)

    def permit(
        self, asked: Options, model: str, conversation: Conversation | None = None, branch: Sequence[Node] = ()
    ) -> None:
        """Raises `RefusedError` when what belongs to the project, what of the documents is asked, or what the branch stands
        on must not go to this model."""
        if asked.project_id is not None:
            self._projects.check(asked.project_id, model)
        self._grounds.check(self.documents(asked, conversation), branch, model)

    def documents(self, asked: Options, conversation: Conversation | None) -> Asked:
        """Which documents a question asks."""
        own = () if conversation is None else conversation.folders
        paths = () if asked.project_id is None else self._projects.folders(asked.project_id)
        asks = own if asked.folders is None else asked.folders
        return Asked((*asks, *(asked.prompt.folders if asked.prompt is not None else ())), paths)

    def told(self, asked: Options, chat: Callable[[], Conversation | None], tip: Id | None) -> Known:
        """What the turn below ``tip`` is told of the person. ``chat`` is looked at only where there is something to tell;
        what its branch says itself is not told twice."""
        completed = self.complete(asked)
        if completed.memory is False:
            return NOTHING_REMEMBERED, ""
        known, why_not = self._memory.told(asked.project_id, completed.model)
        conversation = chat() if known or why_not else None
        if conversation is None:
            return known, why_not
        if asked.memory is None and not conversation.memory:
            return NOTHING_REMEMBERED, ""
        said = {node.id for node in part_seen(path_to(conversation, tip), conversation.seen)}
        return without_said(known, said), why_not

    def said_first(self, conversation: Conversation, tip: Id) -> tuple[str, Remembered]:
        """The instructions, and what is remembered, that a turn below ``tip`` is told first; also where no model is on this
        disk that could answer it."""
        below = self.defaults_in(self.placed(AS_SET, conversation.id))
        if below.memory is False or not conversation.memory:
            return below.system, NOTHING_REMEMBERED
        known, _why_not = self._memory.told(below.project_id or self._projects.of(conversation.id), below.model)
        said = {node.id for node in part_seen(path_to(conversation, tip), conversation.seen)}
        return below.system, without_said(known, said)

    def model(self, asked: Options, conversation: Conversation | None) -> str:
        """The model that will answer. What it is known not to do is refused before anything is kept."""
        model = self.complete(asked).model
        branch = () if conversation is None else path_to(conversation, conversation.tip_id)
        self.permit(asked, model, conversation, branch)
        return self._route.name(model)

    def kept(self, asked: Options) -> dict[str, Any]:
        """What a turn keeps of how it was asked for."""
        return turn_options(self.complete(asked))
