"""The window's work with verdicts and test cases: what the thumbs below an answer do, and what they show."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.chat.feedback_words import KEPT
from ui.notify import Toasts
from ui.translation import marked, tr
from workbench.chat.feedback.feedback import Feedback, Verdict
from workbench.chat.tree import Node
from workbench.events import Changed, Topic
from workbench.messages import Id

if TYPE_CHECKING:
    from ui.chat.desk import Desk
    from ui.chat.feedback_card import FeedbackCard
    from ui.chat.feedback_case import CaseCard
    from workbench.app import Workbench
    from workbench.chat.cases.cases import Asked
    from workbench.checks.check import Check, Result

GOOD, BAD, CASE = "good", "bad", "case"
GIVEN = "_given"  # after the id of a thumb: it was pressed
KEEPS_NOTHING = marked(
    "This chat is temporary and keeps nothing, so no verdicts and no test cases either. "
    "Ask the question in another chat to judge its answer."
)
_VERDICTS = {GOOD: Verdict.UP, BAD: Verdict.DOWN}


class FeedbackDesk(QObject):
    """One card at a time. A pressed thumb is kept at once; its card only adds to it."""

    def __init__(
        self,
        bridge: Bridge,
        workbench: Workbench,
        appearance: Appearance,
        desk: Desk,
        toasts: Toasts,
        host: QWidget,
    ) -> None:
        super().__init__(host)
        self._bridge = bridge
        self._workbench = workbench
        self._appearance = appearance
        self._desk = desk
        self._toasts = toasts
        self._host = host
        self.card: FeedbackCard | CaseCard | None = None
        for action, verdict in _VERDICTS.items():
            desk.handle(action, partial(self._judge, verdict))
            desk.handle(action + GIVEN, self._look_again)
        desk.handle(CASE, self._save_case)
        desk.chat_shown.connect(self._load)
        bridge.listen(self._on_changed)

    # Verdicts ---------------------------------------------------------------------------------------------------------

    def _judge(self, verdict: Verdict, node: Node) -> None:
        if self._keeps_nothing():
            return
        self._bridge.run(
            lambda _job: self._workbench.feedback.judge(node.id, verdict),
            on_done=partial(self._open, node),
            on_failed=self._toasts.tell,
        )

    def _keeps_nothing(self) -> bool:
        """A temporary chat is in view; it is said."""
        temporary = self._desk.chat.service is not self._workbench.chat
        if temporary:
            self._toasts.show(tr(KEEPS_NOTHING), seconds=8)
        return temporary

    def _look_again(self, node: Node) -> None:
        self._bridge.run(
            lambda _job: self._workbench.feedback.get(node.id),
            on_done=partial(self._open, node),
            on_failed=self._toasts.tell,
        )

    def _open(self, node: Node, feedback: Feedback | None) -> None:
        from ui.chat.feedback_card import FeedbackCard  # only when somebody asks

        if feedback is None:  # taken back in another window
            return
        self._load(self._desk.chat.state.conversation_id)
        card = FeedbackCard(feedback, self._appearance, self._host.window())
        card.saved.connect(partial(self._tell_more, node.id, feedback.verdict))
        card.removed.connect(partial(self._remove, node.id))
        card.closed.connect(partial(self._closed, node.id, _action(feedback.verdict)))
        card.open_by(self._desk.anchor(node.id, _action(feedback.verdict)))
        self.card = card

    def _tell_more(self, node_id: Id, verdict: Verdict, reason: str, correction: str) -> None:
        self._bridge.run(
            lambda _job: self._workbench.feedback.judge(node_id, verdict, reason, correction),
            on_done=lambda _kept: self._toasts.show(tr(KEPT[verdict]), seconds=3),
            on_failed=self._toasts.tell,
        )

    def _remove(self, node_id: Id) -> None:
        self._bridge.run(lambda _job: self._workbench.feedback.remove(node_id), on_failed=self._toasts.tell)

    def _closed(self, node_id: Id, action: str, had_focus: bool) -> None:
        """The button that opened the card was made anew since: the focus goes to the one that stands there now."""
        self.card = None
        if had_focus:
            buttons = [self._desk.anchor(node_id, name) for name in (action + GIVEN, action)]
            own = (button for button in buttons if button.objectName().startswith(action))
            next(own, buttons[-1]).setFocus(Qt.FocusReason.PopupFocusReason)

    # What is shown ----------------------------------------------------------------------------------------------------

    def _on_changed(self, changed: Changed) -> None:
        if Topic.FEEDBACK in changed.topics:
            self._load(self._desk.chat.state.conversation_id)

    def _load(self, conversation_id: Id | None) -> None:
        if conversation_id is not None:
            self._bridge.run(
                lambda _job: self._workbench.feedback.of(conversation_id),
                on_done=partial(self._show, conversation_id),
                on_failed=self._toasts.tell,
            )

    def _show(self, conversation_id: Id, given: Any) -> None:
        self._desk.show_verdicts(conversation_id, {one: feedback.verdict.value for one, feedback in given.items()})

    # Test cases -------------------------------------------------------------------------------------------------------

    def _save_case(self, node: Node) -> None:
        if self._keeps_nothing():
            return
        self._bridge.run(
            lambda _job: self._workbench.cases.asked(node.id),
            on_done=partial(self._open_case, node),
            on_failed=self._toasts.tell,
        )

    def _open_case(self, node: Node, asked: Asked) -> None:
        from ui.chat.feedback_case import CaseCard

        card = CaseCard(asked, self._appearance, self._host.window())
        card.tried.connect(partial(self._try, card, asked.answer))
        card.saved.connect(partial(self._keep_case, node.id))
        card.closed.connect(partial(self._closed, node.id, CASE))
        card.open()
        self.card = card

    def _try(self, card: CaseCard, answer: str, check: Check) -> None:
        def tell(result: Result) -> None:
            if self.card is card:
                card.show_result(check, result)

        self._bridge.run(lambda _job: check.passes(answer), on_done=tell)

    def _keep_case(self, node_id: Id, check: Check, title: str) -> None:
        self._bridge.run(
            lambda _job: self._workbench.cases.save(node_id, check, title),
            on_done=lambda case: self._toasts.show(
                tr("Saved as a test case."), tr("Undo"), lambda: self._forget_case(case.id), seconds=6
            ),
            on_failed=self._toasts.tell,
        )

    def _forget_case(self, case_id: Id) -> None:
        self._bridge.run(lambda _job: self._workbench.cases.remove(case_id), on_failed=self._toasts.tell)


def _action(verdict: Verdict) -> str:
    return next(action for action, one in _VERDICTS.items() if one is verdict)
