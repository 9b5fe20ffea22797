"""The model and effort of the chat in view: what the composer's lists choose for it, and what its chips show of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.chat.effort_choice import EffortChoice
from ui.chat.live import LiveChat, LiveChats
from ui.chat.model_choice import ModelChoice
from workbench.chat.asking.of_chat import ChatChoice
from workbench.messages import Effort

if TYPE_CHECKING:
    from workbench.chat.projects.projects import Project


class ChatChoices(QObject):
    """In a chat that has begun, a choice is this chat's. In one that has not, the chat will keep it, and new chats begin
    with it too, unless a project says what they begin with, or it is a temporary one: of that nothing is written."""

    def __init__(
        self,
        live: LiveChats,
        models: ModelChoice,
        effort: EffortChoice,
        chat: Callable[[], LiveChat],
        project: Callable[[], Project | None],
    ) -> None:
        super().__init__(models)
        self._live, self._models, self._effort = live, models, effort
        self._chat, self._project = chat, project
        models.picked.connect(self._pick_model)
        effort.picked.connect(self._pick_effort)

    def show(self) -> None:
        """What holds in the chat in view; one that is still being read changes nothing yet."""
        state = self._chat().state
        if state.conversation_id is None or state.nodes or state.title:
            self._models.show_choice(state.choice)
            self._effort.show_choice(state.choice)

    def _pick_model(self, model: str) -> None:
        chat, project = self._chat(), self._project()
        keep = partial(self._keep, chat, model)
        if _begins_others(chat) and model and not (project is not None and project.model):
            self._models.use(model, keep)
        else:
            keep()

    def _keep(self, chat: LiveChat, model: str) -> None:
        self._live.choose(chat, replace(chat.state.choice, model=model))

    def _pick_effort(self, effort: Effort | None) -> None:
        chat, project = self._chat(), self._project()
        if _begins_others(chat) and effort is not None and not (project is not None and project.effort is not None):
            self._effort.use(effort)
        self._live.choose(chat, ChatChoice(chat.state.choice.model, effort))


def _begins_others(chat: LiveChat) -> bool:
    """Whether new chats begin with what is chosen in it."""
    return chat.state.conversation_id is None and not chat.state.temporary
