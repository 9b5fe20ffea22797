"""What a person does with single messages: another version in view, a new answer, a message less, a copy, a quotation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QTextCursor

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.chat.choosing import DEEPER
from ui.chat.effort_choice import EffortChoice
from ui.chat.effort_words import NAMES
from ui.chat.footer_actions import NEXT, PREVIOUS
from ui.chat.live import LiveChat, LiveChats
from ui.chat.model_choice import ModelChoice
from ui.chat.page import ChatPage
from ui.chat.tree_list import open_tree
from ui.keys import shown
from ui.notify import Toasts, announce
from ui.translation import tr
from ui.widgets.popover import Choice, Popover
from workbench.chat.asking import routing
from workbench.chat.asking.options import Options
from workbench.chat.tree import Conversation, Node
from workbench.messages import Id

if TYPE_CHECKING:
    from ui.chat.shown_chat import ShownChat

MOST_MODELS = 8  # offered for a new answer; the others are chosen at the composer


class Steering(QObject):
    """Acts on the chat that the desk has in view."""

    def __init__(
        self,
        desk: ShownChat,
        bridge: Bridge,
        appearance: Appearance,
        page: ChatPage,
        toasts: Toasts,
        live: LiveChats,
        models: ModelChoice,
        effort: EffortChoice,
    ) -> None:
        super().__init__(page)
        self._desk = desk
        self._bridge = bridge
        self._appearance = appearance
        self._page = page
        self._toasts = toasts
        self._live = live
        self._models = models
        self._effort = effort

    @property
    def handlers(self) -> Mapping[str, Callable[[Node], None]]:
        """What is done with a message, by the id of the action."""
        return {
            PREVIOUS: lambda node: self.step(node, -1),
            NEXT: lambda node: self.step(node, 1),
            "regenerate": self.offer_answers,
            DEEPER: lambda node: self.regenerate(node, Options(model=routing.DEEPER)),
            "delete_message": self.delete,
            "fork": self.fork,
            "quote": lambda node: self.quote(node.message.text),
        }

    # Branches ---------------------------------------------------------------------------------------------------------

    def step(self, node: Node, by: int) -> None:
        """The version before or after this one comes into view; after the last comes the first."""
        others = self._chat.state.alternatives.get(node.id, ())
        if len(others) < 2 or self._chat.state.busy:
            return
        place = (others.index(node.id) + by) % len(others)
        self.show_branch(others[place], holding=node.id, focus=PREVIOUS if by < 0 else NEXT)
        announce(self._page, tr("Version {place} of {count}").format(place=place + 1, count=len(others)))

    def show_branch(self, message_id: Id, *, holding: Id = "", focus: str = "", going: bool = False) -> None:
        """The branch with this message comes into view. ``holding``: the message that stays where it is on the screen;
        ``focus``: the button of the message that gets the keyboard, if one of the conversation has it now; ``going``:
        scroll to the message."""
        chat, view = self._chat, self._page.transcript
        if view is None or chat.state.busy:
            return
        in_use = view.isAncestorOf(self._page.window().focusWidget())

        def settle() -> None:
            if going and chat is self._chat:
                view.go_to(message_id)
            button = view.button(message_id, focus) if in_use and focus and chat is self._chat else None
            if button is not None:
                button.setFocus(Qt.FocusReason.OtherFocusReason)

        view.hold(holding)
        self._do(lambda: chat.service.show_branch(message_id), lambda _id: self._live.reload(chat, settle))

    def show_tree(self) -> None:
        """All branches at a glance; choosing a message brings it into view."""
        chat, anchor = self._chat, self._page.branches
        conversation_id = chat.state.conversation_id
        if conversation_id is None or anchor.isHidden():
            self._toasts.show(
                tr("This chat has one branch. Editing a question or asking again makes another."), seconds=5
            )
            return

        def show(conversation: Conversation) -> None:
            if chat is self._chat:
                open_tree(conversation, self._appearance, anchor, self._go_to)

        self._bridge.run(lambda _job: chat.service.open(conversation_id), on_done=show, on_failed=self._toasts.tell)

    def _go_to(self, message_id: Id) -> None:
        view = self._page.transcript
        if view is None:
            return
        if any(item.id == message_id for item in view.items):
            view.go_to(message_id)
        else:
            self.show_branch(message_id, going=True)

    def offer_answers(self, node: Node) -> None:
        """A new answer: as the last one, by another model, or with another effort."""
        key = shown("Ctrl+R") if node == self._chat.state.last_answer else ""
        choices = [Choice(tr("Again"), partial(self.regenerate, node), icon="refresh-cw", key=key)]
        author = node.turn.model if node.turn else ""
        others = [(name, model) for name, model in self._models.names() if name != author][:MOST_MODELS]
        for index, (name, model) in enumerate(others):
            act = partial(self.regenerate, node, Options(model=model))
            choices.append(Choice(name, act, icon="cpu", separated=index == 0))
        for index, effort in enumerate(self._effort.known()):
            act = partial(self.regenerate, node, Options(effort=effort))
            choices.append(
                Choice(
                    tr("Effort: {effort}").format(effort=tr(NAMES[effort]).lower()),
                    act,
                    icon="lightbulb",
                    separated=index == 0,
                )
            )
        popover = Popover(tr("New answer"), choices, self._appearance, self._page.window())
        popover.open_at(self._desk.anchor(node.id, "regenerate"))

    def regenerate(self, node: Node, options: Options | None = None) -> None:
        self._live.regenerate(self._chat, node.id, options or Options())
        self._page.composer.draft.setFocus(Qt.FocusReason.OtherFocusReason)

    # Messages ---------------------------------------------------------------------------------------------------------

    def delete(self, node: Node) -> None:
        """Into the bin, with a way back."""
        chat, view = self._chat, self._page.transcript
        if view is not None:
            view.hold(node.id)

        def offer_undo(_conversation: Any) -> None:
            self._live.reload(chat)
            undo = partial(self._do, lambda: chat.service.restore_message(node.id), lambda _id: self._live.reload(chat))
            self._toasts.show(tr("Message deleted."), tr("Undo"), undo)

        self._do(lambda: chat.service.delete_message(node.id), offer_undo)

    def fork(self, node: Node) -> None:
        """Go on in a copy of the chat up to here."""
        service = self._chat.service

        def turn_to(conversation_id: Id) -> None:
            self._desk.open_chat(conversation_id)
            self._toasts.show(tr("This is a copy of the chat up to that message."))

        self._do(lambda: service.fork(node.id), turn_to)

    def quote(self, text: str) -> None:
        """The selected passage of the conversation, else ``text``, into the next message."""
        view, draft = self._page.transcript, self._page.composer.draft
        words = quotation((view.selected_text() if view is not None else "") or text)
        if not words:
            self._toasts.show(tr("Select a passage of the conversation first."), seconds=5)
            return
        before = draft.toPlainText()
        draft.moveCursor(QTextCursor.MoveOperation.End)
        draft.insertPlainText(("\n" * (2 - _ends(before)) if before else "") + words + "\n\n")
        draft.ensureCursorVisible()
        draft.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_menu(self, corner: QPoint) -> None:
        """What can be done with the selection; ``corner``: of the window, in pixels."""
        view = self._page.transcript
        if view is None:
            return
        chosen = bool(view.selected_text())
        choices = [
            Choice(tr("Copy"), view.copy_selection, icon="copy", key=shown("Ctrl+C"), enabled=chosen),
            Choice(tr("Quote in the next message"), lambda: self.quote(""), icon="quote", enabled=chosen),
            Choice(tr("Select all"), view.select_all, key=shown("Ctrl+A")),
        ]
        Popover(tr("Selection"), choices, self._appearance, self._page.window()).open_with_corner(corner)

    # Inside -----------------------------------------------------------------------------------------------------------

    @property
    def _chat(self) -> LiveChat:
        return self._desk.chat

    def _do(self, work: Callable[[], Id], then: Callable[[Id], None]) -> None:
        """Off the main thread; a failure becomes a toast."""
        self._bridge.run(lambda _job: work(), on_done=then, on_failed=self._toasts.tell)


def quotation(text: str) -> str:
    """A passage as Markdown quotes it, line by line; empty for nothing."""
    lines = text.strip("\n").rstrip().split("\n")
    return "\n".join(f"> {line.rstrip()}".rstrip() for line in lines) if text.strip() else ""


def _ends(text: str) -> int:
    """How many line ends, of two, a text ends with."""
    return min(2, len(text) - len(text.rstrip("\n")))
