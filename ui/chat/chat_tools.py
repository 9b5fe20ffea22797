"""Tools of the chat in view: the list that the composer's button opens, and what the chat chose of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from ui.chat.in_view import InView
from ui.chat.state import ChatState
from ui.chat.steps import one_line
from ui.chat.tools_list import ToolChoice, ToolChoices, ToolsList, effective
from ui.tools.words import from_where, reach
from ui.translation import tr
from workbench.events import Topic
from workbench.tools.tool import Place

if TYPE_CHECKING:
    from workbench.tools.checking.capability import Capability
    from workbench.tools.desk import Listed

NOT_IN_TEMPORARY = ("search_chats", "remember")


@dataclass(frozen=True, slots=True)
class Looked:
    """What there is for one chat and its model. ``offered``: by the settings alone."""

    tools: tuple[Listed, ...]
    offered: tuple[str, ...]
    capability: Capability
    model: str


class ChatTools(QObject):
    """``model``: the name of the one that would answer. ``page_asked``: the person wants to see all about tools."""

    page_asked = Signal()

    def __init__(self, view: InView, model: Callable[[], str]) -> None:
        super().__init__(view.page.composer)
        self._bridge, self._workbench, self._appearance = view.bridge, view.workbench, view.appearance
        self._composer, self._toasts, self._live = view.page.composer, view.toasts, view.live
        self._chat, self._project, self._model = view.chat, view.project, model
        self._looked: Looked | None = None
        self._list: ToolsList | None = None
        self._composer.tools_button.clicked.connect(self.offer)

    def offer(self) -> None:
        """Look which tools there are for the chat in view, then open the list."""
        place, model = self._place(), self._model()
        workbench, project = self._workbench, self._project()
        of_project = None if project is None else project.tools

        def look() -> Looked:
            desk = workbench.tools
            offered = tuple(one.name for one in desk.offered(place, of_project, model))
            return Looked(desk.list(place), offered, workbench.tool_checks.capability(model), model)

        self._bridge.run(lambda _job: look(), on_done=self._open, on_failed=self._toasts.tell)

    def reload(self, topics: frozenset[Topic] | set[Topic]) -> None:
        """The list that is open shows what became of it."""
        if topics & {Topic.CHATS, Topic.SETTINGS, Topic.TOOLS}:
            self.show()

    def show(self) -> None:
        if self._list is not None and isValid(self._list) and self._list.isVisible() and self._looked is not None:
            self._list.show_choices(choices(self._looked, self._chat().state))

    # Inside -----------------------------------------------------------------------------------------------------------

    def _place(self) -> Place:
        state, project = self._chat().state, self._project()
        return Place(state.conversation_id, None, state.project_id, private=project is not None and project.private)

    def _open(self, looked: Looked) -> None:
        self._looked = looked
        shown = self._list = ToolsList(choices(looked, self._chat().state), self._appearance, self._composer.window())
        shown.toggled.connect(self._toggle)
        shown.automatic_asked.connect(self._use_settings)
        shown.memory_toggled.connect(self._tell_memory)
        shown.page_asked.connect(self.page_asked)
        shown.open_above(self._composer.tools_button)

    def _toggle(self, name: str, on: bool) -> None:
        if self._looked is None:
            return
        before = effective(self._chat().state.tools, self._looked.offered)
        after = (*before, name) if on and name not in before else tuple(one for one in before if on or one != name)
        self._live.offer_tools(self._chat(), after)
        self.show()

    def _use_settings(self) -> None:
        self._live.offer_tools(self._chat(), None)
        self.show()

    def _tell_memory(self, on: bool) -> None:
        self._live.tell_memory(self._chat(), told=on)
        self.show()


def choices(looked: Looked, state: ChatState) -> ToolChoices:
    """What the list shows of a chat. Pure."""
    able = looked.capability.able
    on = effective(state.tools, looked.offered)
    there = (one for one in looked.tools if not (state.temporary and one.spec.name in NOT_IN_TEMPORARY))
    tools = tuple(_choice(one, on=one.spec.name in on, able=able is not False) for one in there)
    return ToolChoices(tools, state.tools is None, _why(looked, state), state.memory)


def _choice(listed: Listed, *, on: bool, able: bool) -> ToolChoice:
    spec = listed.spec
    note = reach(spec) if listed.enabled else tr("Switched off on the Tools page.")
    source = from_where(spec)
    title = f"{one_line(spec.title)} · {source}" if source else one_line(spec.title)
    return ToolChoice(spec.name, title, one_line(note), on and listed.enabled and able, listed.enabled and able)


def _why(looked: Looked, state: ChatState) -> str:
    model, why = looked.model or tr("The model"), looked.capability.why
    if not looked.tools:
        return tr("There is no tool yet.")
    if looked.capability.able is False:
        return tr("{model} is not offered tools. {why}").format(model=model, why=why)
    if looked.capability.able is None and state.tools is None:
        words = tr("{model} is offered no tools by itself. {why} Those that you tick here are offered all the same.")
        return words.format(model=model, why=why)
    return ""
