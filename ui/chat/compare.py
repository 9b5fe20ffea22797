"""Two models on one question: a new one, or another model beside an answer that is there. One of the two is taken."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.chat.answer_source import author_of, from_cloud
from ui.chat.comparison import BothAsked, Comparison, Side
from ui.chat.footer_actions import BESIDE_LOCAL
from ui.chat.state import ChatState
from ui.notify import Toasts
from ui.translation import tr
from ui.widgets.popover import Choice, Popover
from workbench.chat.asking.options import Options
from workbench.chat.tree import Node, siblings
from workbench.messages import Finish

if TYPE_CHECKING:
    from ui.chat.compare_panel import ComparePanel
    from ui.chat.desk import Desk
    from ui.chat.live import LiveChat
    from workbench.app import Workbench
    from workbench.errors import WorkbenchError
    from workbench.jobs import Job

COMPARE = "compare"
MOST_MODELS = 12


class CompareDesk(QObject):
    """One comparison at a time. Closing it without a choice stops the second model; both answers stay in the chat."""

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
        self._both: BothAsked | None = None
        desk.handle(COMPARE, self._offer)
        desk.handle(BESIDE_LOCAL, self._show_both)
        desk.both_asked.connect(self._follow)
        desk.live.changed.connect(self._on_changed)

    # Beside an answer that is there -----------------------------------------------------------------------------------

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
        if two is not None:
            two.job = self._bridge.run(
                lambda job: two.service.regenerate(node.id, job, Options(model=model)), **self._hearing(two)
            )

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
                two.right.state = replace(two.right.state, charged=chat.state.charged)
                self._ended(two, node)

        self._bridge.run(local, on_done=both, on_failed=self._toasts.tell)

    def _opened(self, left: Node, names: tuple[str, str]) -> Comparison | None:
        """The panel with the answer that is there; None: not now."""
        chat = self._desk.chat
        question = next((one for one in chat.state.nodes if one.id == left.parent_id), None)
        conversation_id = chat.state.conversation_id
        if question is None or conversation_id is None or chat.state.busy or self.panel is not None:
            return None
        two = Comparison(chat.service, conversation_id, question, Side(ChatState(conversation_id), left))
        self._open_panel(two, names)
        return two

    # A new question ---------------------------------------------------------------------------------------------------

    def _follow(self, both: BothAsked) -> None:
        """It is about to be sent to the first model."""
        self._both = both

    def _on_changed(self, chat: LiveChat) -> None:
        both = self._both
        if both is None or both.chat is not chat:
            return
        if both.two is None:
            self._begin(both)
        if both.two is None:
            self._both = both if chat.state.busy else None  # it was never sent: the page tells why
            return
        both.two.left.state = chat.state
        self._show(both.two)
        if not chat.state.busy:
            self._both = None
            self._go_on(both, both.two)

    def _begin(self, both: BothAsked) -> None:
        """The question is kept: the first answer grows in the panel too."""
        state, question = both.chat.state, both.question
        if question is None or state.conversation_id is None:
            return
        both.two = Comparison(both.chat.service, state.conversation_id, question, Side(state))
        self._open_panel(both.two, (both.first, both.second))
        if both.at_once:
            self._ask(both, both.two)
        elif self.panel is not None:
            words = tr("{second} answers after {first}: this computer does one at a time.")
            self.panel.say(1, words.format(second=both.second, first=both.first))

    def _go_on(self, both: BothAsked, two: Comparison) -> None:
        """The first answer has ended: the second model is asked, unless the person stopped, or is waited for."""
        answer = both.chat.state.last_answer
        finish = answer.turn.finish if answer is not None and answer.turn is not None else None
        stopped = finish is Finish.CANCELLED or (finish is None and both.chat.state.failure is None)
        if two.taken or answer is None:
            return
        two.left.node = answer
        if finish is Finish.WAITING or stopped:
            if finish is Finish.WAITING:
                self._toasts.show(tr("The first answer waits for you; {name} was not asked.").format(name=both.second))
            self._dismiss()
        elif two.job is None:
            self._ask(both, two)

    def _ask(self, both: BothAsked, two: Comparison) -> None:
        """The second model."""
        if self.panel is not None:
            self.panel.say(1, "")
        options = Options(model=both.model)
        two.job = self._bridge.run(lambda job: two.service.answer(two.question.id, job, options), **self._hearing(two))

    # Both -------------------------------------------------------------------------------------------------------------

    def _open_panel(self, two: Comparison, names: tuple[str, str]) -> None:
        from ui.chat.compare_panel import ComparePanel  # only when somebody asks

        panel = ComparePanel(two.question.message.text, names, self._appearance, self._host.window())
        for column in panel.columns:
            column.view.link_activated.connect(self._desk.follow_link)
        panel.picked.connect(partial(self._pick, two))
        panel.closed.connect(partial(self._closed, two))
        self.panel = panel
        self._show(two)
        panel.open()

    def _hearing(self, two: Comparison) -> dict[str, Any]:
        """Who hears of the second answer."""
        return {
            "on_event": partial(self._news, two),
            "on_done": partial(self._ended, two),
            "on_failed": partial(self._failed, two),
            "on_cancelled": lambda: self._show_left(two),
        }

    def _news(self, two: Comparison, event: Any) -> None:
        two.right.take(event)
        self._show(two)

    def _ended(self, two: Comparison, answer: Node) -> None:
        two.right.end(answer)
        self._show(two)

    def _failed(self, two: Comparison, error: WorkbenchError) -> None:
        """The first answer stays; nothing is left to compare it with."""
        self._toasts.tell(error)
        if not two.taken:
            self._dismiss()

    def _dismiss(self) -> None:
        if self.panel is not None:
            self.panel.dismiss()

    def _show(self, two: Comparison) -> None:
        for index, side in enumerate((two.left, two.right)):
            item = side.item()
            if self.panel is not None and not two.taken and item is not None:
                self.panel.columns[index].show_item(item)

    def _pick(self, two: Comparison, index: int) -> None:
        sides = (two.left, two.right)
        chosen, rejected = sides[index].node, sides[1 - index].node
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
        """Without a choice the first answer comes back into view."""
        self.panel, self._both = None, None
        if two.job is not None and two.right.node is None:
            two.job.cancel.cancel()
        if not two.taken:
            two.taken = True
            self._show_left(two)

    def _show_left(self, two: Comparison) -> None:
        left = two.left.node
        if left is None:  # it is still being written, in view already
            return
        self._bridge.run(
            lambda _job: two.service.show_branch(left.id),
            on_done=lambda _id: self._desk.reload(),
            on_failed=self._toasts.tell,
        )
