"""The work of the page of feedback and test cases: reads them, and does what the person asks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDir, QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.feedback import words
from ui.feedback.entries import Entry, Shown, entries_of
from ui.feedback.page import FeedbackPage
from ui.notify import Toasts
from ui.translation import tr
from ui.widgets.popover import Choice, Popover
from workbench.chat.cases.cases import Asked, Case
from workbench.chat.feedback.feedback import Feedback
from workbench.chat.feedback.service import Judged, Preferred
from workbench.checks.check import Check, Result
from workbench.events import Changed, Topic

if TYPE_CHECKING:
    from ui.chat.feedback_card import FeedbackCard
    from ui.chat.feedback_case import CaseCard
    from workbench.app import Workbench

TOPICS = frozenset({Topic.FEEDBACK, Topic.CHATS})


class FeedbackPageDesk(QObject):
    """``message_asked``: the chat and message that an entry is about."""

    message_asked = Signal(str, str)

    def __init__(
        self, bridge: Bridge, workbench: Workbench, appearance: Appearance, page: FeedbackPage, toasts: Toasts
    ) -> None:
        super().__init__(page)
        self._bridge, self._workbench, self._appearance = bridge, workbench, appearance
        self._page, self._toasts = page, toasts
        self._loads = 0
        self.card: FeedbackCard | CaseCard | None = None
        page.looked_at.connect(self.load)
        page.which.clicked.connect(self._offer_kinds)
        page.export.clicked.connect(self._offer_exports)
        page.rows.opened.connect(self._open)
        page.rows.changed.connect(self._change)
        page.rows.checked.connect(self._check)
        page.rows.removed.connect(self._remove)
        bridge.listen(self._on_changed)

    def load(self) -> None:
        self._loads += 1
        this, workbench = self._loads, self._workbench

        def read() -> tuple[Entry, ...]:
            sources = workbench.cases.sources()
            cases = ((case, sources.get(case.message_id or "")) for case in workbench.cases.list())
            return entries_of(workbench.feedback.judged(), workbench.feedback.preferred(), cases)

        self._bridge.run(
            lambda _job: read(),
            on_done=lambda found: self._page.show_entries(found) if this == self._loads else None,
            on_failed=self._toasts.tell,
        )

    def _on_changed(self, changed: Changed) -> None:
        if self._page.isVisible() and TOPICS & changed.topics:
            self.load()

    def _do(self, act: Callable[[], Any], then: Callable[[], None] | None = None) -> None:
        self._bridge.run(
            lambda _job: act(), on_done=lambda _done: then() if then else None, on_failed=self._toasts.tell
        )

    def _offer_kinds(self) -> None:
        page = self._page
        choices = [
            Choice(tr(name), partial(page.show_only, shown), checked=shown is page.filter.shown)
            for shown, name in words.SHOWN.items()
        ]
        Popover(tr("What is shown"), choices, self._appearance, page.window()).open_at(page.which)

    # Entries ----------------------------------------------------------------------------------------------------------

    def _open(self, entry: Entry) -> None:
        if entry.place is not None:
            self.message_asked.emit(*entry.place)

    def _remove(self, entry: Entry) -> None:
        feedback, cases = self._workbench.feedback, self._workbench.cases
        match entry.of:
            case Judged(feedback=judged):
                remove, back = partial(feedback.remove, judged.message_id), partial(feedback.restore, judged)
            case Preferred(preference=preference):
                remove = partial(feedback.remove_preference, preference.id)
                back = partial(feedback.restore_preference, preference)
            case Case() as case:
                remove, back = partial(cases.remove, case.id), partial(cases.restore, case)
        said = tr(words.REMOVED[entry.kind])
        self._do(remove, then=lambda: self._toasts.show(said, tr("Undo"), lambda: self._do(back)))

    def _check(self, entry: Entry) -> None:
        """Whether the answer that a case was made from passes."""
        if not isinstance(entry.of, Case):
            return
        case_id = entry.of.id

        def tell(result: Result) -> None:
            row = self._page.rows.row(entry.key)
            if row is not None:
                row.show_result(result)

        self._bridge.run(
            lambda _job: self._workbench.cases.check_stored(case_id), on_done=tell, on_failed=self._toasts.tell
        )

    def _change(self, entry: Entry) -> None:
        if isinstance(entry.of, Case):
            case = entry.of
            self._bridge.run(
                lambda _job: self._workbench.cases.answer(case.id),
                on_done=partial(self._change_case, entry.key, case),
                on_failed=self._toasts.tell,
            )
        elif isinstance(entry.of, Judged):
            self._change_verdict(entry.key, entry.of.feedback)

    # Changing a case --------------------------------------------------------------------------------------------------

    def _change_case(self, key: str, case: Case, answer: str | None) -> None:
        from ui.chat.feedback_case import CaseCard

        asked = Asked(case.title, case.messages, case.model, case.effort, answer or "")
        card = CaseCard(asked, self._appearance, self._page.window(), case.check)
        card.tried.connect(partial(self._try, card, answer))
        card.saved.connect(lambda check, title: self._do(lambda: self._workbench.cases.change(case.id, check, title)))
        card.closed.connect(partial(self._closed, key))
        card.open()
        self.card = card

    def _try(self, card: CaseCard, answer: str | None, check: Check) -> None:
        def tell(result: Result) -> None:
            if self.card is card:
                card.show_result(check, result)

        if answer is not None:
            self._bridge.run(lambda _job: check.passes(answer), on_done=tell)

    # Changing a verdict -----------------------------------------------------------------------------------------------

    def _change_verdict(self, key: str, feedback: Feedback) -> None:
        from ui.chat.feedback_card import FeedbackCard

        service = self._workbench.feedback
        card = FeedbackCard(feedback, self._appearance, self._page.window())
        card.saved.connect(
            lambda reason, correction: self._do(
                lambda: service.judge(feedback.message_id, feedback.verdict, reason, correction)
            )
        )
        card.removed.connect(lambda: self._do(lambda: service.remove(feedback.message_id)))
        card.closed.connect(partial(self._closed, key))
        row = self._page.rows.row(key)
        card.open_by(row.buttons[-2] if row is not None else self._page)
        self.card = card

    def _closed(self, key: str, had_focus: bool) -> None:
        self.card = None
        row = self._page.rows.row(key)
        if had_focus and row is not None:
            row.buttons[-2].setFocus(Qt.FocusReason.PopupFocusReason)

    # Files ------------------------------------------------------------------------------------------------------------

    def _offer_exports(self) -> None:
        choices = [
            Choice(tr("Verdicts and preferences"), partial(self._choose_target, Shown.ALL), note="JSON"),
            Choice(tr("Test cases"), partial(self._choose_target, Shown.CASES), note="JSON"),
        ]
        Popover(tr("Export"), choices, self._appearance, self._page.window()).open_at(self._page.export)

    def _choose_target(self, which: Shown) -> None:
        name = "cases.json" if which is Shown.CASES else "feedback.json"
        dialog = QFileDialog(self._page.window(), tr("Export"), QDir.homePath())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("json")
        dialog.selectFile(name)
        dialog.fileSelected.connect(lambda path: self.export_to(Path(path), which))
        dialog.open()

    def export_to(self, path: Path, which: Shown) -> None:
        """Test cases, or verdicts and preferences, as JSON, in the place of what is there."""
        export = self._workbench.cases.export_to if which is Shown.CASES else self._workbench.feedback.export_to
        self._do(
            lambda: export(path), then=lambda: self._toasts.show(tr("Exported to {path}.").format(path=path), seconds=6)
        )
