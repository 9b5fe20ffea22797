"""What the buttons of messages do: each has an id, and one thing that is done with its message."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from ui.chat.answer_source import from_cloud, step_of
from ui.chat.escalating import EscalationDesk
from ui.chat.feed import foot
from ui.chat.footer_actions import MORE, in_list
from ui.chat.in_view import InView
from ui.chat.model_choice import ModelChoice
from ui.translation import tr
from ui.widgets.popover import Choice, Popover
from workbench.chat.context.room import WhenFull
from workbench.chat.tree import Node
from workbench.messages import Finish, Id


class MessageActs:
    """Of the chat in view. ``room_changed`` is called when the model is told more of it, or less."""

    def __init__(
        self, view: InView, models: ModelChoice, escalations: EscalationDesk, room_changed: Callable[[], None]
    ) -> None:
        self._view = view
        self._models = models
        self._escalations = escalations
        self._room_changed = room_changed
        self._handlers: dict[str, Callable[[Node], None]] = {
            MORE: self._show_more,
            "continue": self._continue,
            "models": lambda _node: models.open_list(),
            "drop": lambda _node: self._make_room(WhenFull.DROP),
            "summarise": lambda _node: self._make_room(WhenFull.SUMMARISE),
            "larger_context": lambda _node: view.live.answer_after(view.chat(), view.workbench.enlarge_context),
            "smaller": lambda _node: view.live.answer_after(view.chat(), lambda _job: models.accept_smaller()),
            "see_whole": lambda _node: self._see_whole(),
        }

    def handle(self, action: str, what: Callable[[Node], None]) -> None:
        """From now on ``what`` is done with a message when its action of this id is chosen."""
        self._handlers[action] = what

    def act_on(self, node_id: Id, action: str) -> None:
        """A button of the transcript was pressed. One of a message that is gone does nothing."""
        node = next((node for node in self._view.chat().state.nodes if node.id == node_id), None)
        if node is None:
            return
        if action in self._handlers:
            self._handlers[action](node)
        elif (step := step_of(action)) is not None:
            self._escalations.take_step(node, step)

    def anchor(self, node_id: Id, action: str) -> QWidget:
        """The button where an action of a message was chosen: what opens beside it is placed there."""
        shown = self._view.page.transcript
        found = shown and (shown.button(node_id, action) or shown.button(node_id, MORE))
        return found or self._view.page.composer

    def _continue(self, node: Node) -> None:
        """Go on with an answer that is not whole, or whose question was answered elsewhere."""
        live, chat = self._view.live, self._view.chat()
        if node.turn is not None and (node.turn.finish is Finish.WAITING or from_cloud(node.turn)):
            live.resume(chat, node.id, lambda: None)
        else:
            live.continue_answer(chat)

    def _show_more(self, node: Node) -> None:
        """What else can be done with a message."""
        choices = [
            Choice(
                tr(action.words),
                partial(self.act_on, node.id, action.id),
                icon=action.icon,
                danger=action.danger,
                separated=action.separated,
            )
            for action in in_list(foot(self._view.chat().state, node))
        ]
        window = self._view.page.window()
        Popover(tr("Message"), choices, self._view.appearance, window).open_at(self.anchor(node.id, MORE))

    def _make_room(self, how: WhenFull) -> None:
        self._view.live.make_room(self._view.chat(), how)

    def _see_whole(self) -> None:
        """The model is told the whole chat again; off the main thread."""
        chat = self._view.chat()
        conversation_id, service = chat.state.conversation_id, chat.service
        if conversation_id is not None:
            self._view.bridge.run(
                lambda _job: service.see_whole(conversation_id),
                on_done=lambda _result: self._room_changed(),
                on_failed=self._view.toasts.tell,
            )
