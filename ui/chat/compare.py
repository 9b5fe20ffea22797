"""Two models on one question: another model answers beside an answer, and the person takes one of the two."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.chat.answer_source import author_of, from_cloud
from ui.chat.feed import items, live_item
from ui.chat.footer_actions import BESIDE_LOCAL
from ui.chat.state import Answered, Asked, ChatState, StateEvent, reduce
from ui.notify import Toasts
from ui.translation import tr
from ui.widgets.popover import Choice, Popover
from workbench.chat.asking.options import Options
from workbench.chat.tree import Node, siblings
from workbench.messages import Id, Role

if TYPE_CHECKING:
    from ui.chat.compare_panel import ComparePanel
    from ui.chat.desk import Desk
    from ui.chat.live import LiveChat
    from ui.chat.transcript_items import TranscriptItem
    from workbench.app import Workbench
    from workbench.errors import WorkbenchError
    from workbench.jobs import Job

COMPARE = "compare"
MOST_MODELS = 12


class Comparison:
    """One answer that is there, and one that another model writes."""

    def __init__(self, chat: LiveChat, conversation_id: Id, question: Node, answer: Node) -> None:
        self.service = chat.service
        self.left = answer
        self.state = reduce(ChatState(conversation_id, nodes=(question,)), Asked())
        self.right: Node | None = None
        self.job: Job | None = None
        self.taken = False

    def left_item(self) -> TranscriptItem:
        return replace(items(replace(self.state, nodes=(self.left,), failure=None))[0], actions=(), place=(0, 0))

    def right_item(self) -> TranscriptItem | None:
        """None before the answer has its place."""
        live = live_item(self.state)
        if live is not None or self.state.nodes[-1].message.role is Role.USER:
            return live
        return replace(items(self.state)[-1], actions=(), place=(0, 0))

    def take(self, event: StateEvent) -> None:
        self.state = reduce(self.state, event)


class CompareDesk(QObject):
    """One comparison at a time. Closing it without a choice stops the other model; both answers stay in the chat."""

    def __init__(
        self, bridge: Bridge, workbench: Workbench, appearance: Appearance, desk: Desk, toasts: Toasts, host: QWidget
    ) -> None:
        super().__init__(host)
        self._bridge = bridge
        self._workbench = workbench
        self._appearance = appearance
        self._desk = desk
        self._toasts = toasts
        self._host = host
        self.panel: ComparePanel | None = None
        desk.handle(COMPARE, self._offer)
        desk.handle(BESIDE_LOCAL, self._show_both)

    def _offer(self, node: Node) -> None:
        """Which model shall answer beside this answer."""
        author = node.turn.model if node.turn else ""
        others = [(name, model) for name, model in self._desk.models.names() if name != author][:MOST_MODELS]
        if not others:
            self._toasts.show(tr("There is no other model to compare with. The Models page has more."))
            return
        choices = [Choice(name, partial(self._open, node, name, model), icon="cpu") for name, model in others]
        popover = Popover(tr("Compare with"), choices, self._appearance, self._host.window())
        popover.open_at(self._desk.anchor(node.id, COMPARE))

    def _open(self, node: Node, name: str, model: str) -> None:
        two = self._opened(node, (author_of(node.turn) or tr("the first model"), name))
        if two is None:
            return
        two.job = self._bridge.run(
            lambda job: two.service.regenerate(node.id, job, Options(model=model)),
            on_event=partial(self._news, two),
            on_done=lambda answer: self._ended(two, answer),
            on_failed=partial(self._failed, two),
            on_cancelled=lambda: self._show_left(two),
        )

    def _opened(self, left: Node, names: tuple[str, str]) -> Comparison | None:
        """The panel with the answer that is there; None: not now."""
        from ui.chat.compare_panel import ComparePanel  # only when somebody asks

        chat = self._desk.chat
        question = next((one for one in chat.state.nodes if one.id == left.parent_id), None)
        if question is None or chat.state.conversation_id is None or chat.state.busy or self.panel is not None:
            return None
        two = Comparison(chat, chat.state.conversation_id, question, left)
        panel = ComparePanel(question.message.text, names, self._appearance, self._host.window())
        for column in panel.columns:
            column.view.link_activated.connect(self._desk.follow_link)
        panel.picked.connect(partial(self._pick, two))
        panel.closed.connect(partial(self._closed, two))
        panel.columns[0].show_item(two.left_item())
        self.panel = panel
        panel.open()
        return two

    def _show_both(self, node: Node) -> None:
        """An answer from elsewhere beside the newest of this computer."""
        chat = self._desk.chat
        conversation_id, service = chat.state.conversation_id, chat.service
        if conversation_id is None or chat.state.busy:
            return

        def local(_job: Job) -> Node | None:
            others = siblings(service.open(conversation_id), node)
            return next((one for one in reversed(others) if not from_cloud(one.turn) and one.message.text), None)

        def both(found: Node | None) -> None:
            if found is None:
                self._toasts.show(tr("There is no answer of this computer beside it."))
                return
            two = self._opened(found, (author_of(found.turn), author_of(node.turn)))
            if two is not None:
                two.state = replace(two.state, charged=chat.state.charged)
                self._ended(two, node)

        self._bridge.run(local, on_done=both, on_failed=self._toasts.tell)

    def _news(self, two: Comparison, event: Any) -> None:
        two.take(event)
        self._show(two)

    def _ended(self, two: Comparison, answer: Node) -> None:
        two.right = answer
        two.take(Answered(answer))
        self._show(two)

    def _failed(self, two: Comparison, error: WorkbenchError) -> None:
        """The answer that was there stays; nothing is left to compare it with."""
        self._toasts.tell(error)
        if self.panel is not None and not two.taken:
            self.panel.dismiss()

    def _show(self, two: Comparison) -> None:
        item = two.right_item()
        if self.panel is not None and not two.taken and item is not None:
            self.panel.columns[1].show_item(item)

    def _pick(self, two: Comparison, index: int) -> None:
        chosen, rejected = (two.right, two.left) if index else (two.left, two.right)
        two.taken = True
        if chosen is None:
            return
        chosen_id, rejected_id = chosen.id, rejected.id if rejected is not None else ""

        def keep(_job: Job) -> None:
            two.service.show_branch(chosen_id)
            if rejected_id and two.service is self._workbench.chat:  # of a temporary chat nothing is kept
                self._workbench.feedback.pick(chosen_id, rejected_id)

        self._bridge.run(keep, on_done=lambda _none: self._desk.reload(), on_failed=self._toasts.tell)

    def _closed(self, two: Comparison) -> None:
        """Without a choice the answer that was there comes back into view."""
        self.panel = None
        if two.job is not None and two.right is None:
            two.job.cancel.cancel()
        if not two.taken:
            two.taken = True
            self._show_left(two)

    def _show_left(self, two: Comparison) -> None:
        self._bridge.run(
            lambda _job: two.service.show_branch(two.left.id),
            on_done=lambda _id: self._desk.reload(),
            on_failed=self._toasts.tell,
        )
