"""Fills the sheet: what would leave, made anew with each change, in jobs; and what the person says to it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.cloud.sheet.aside import Aside, laid_aside, waiting
from ui.cloud.sheet.state import SheetState, asking, carried, page_of
from ui.notify import Toasts
from ui.translation import tr
from workbench.chat.escalating.counts import Uncounted
from workbench.chat.escalating.escalation import Draft, Mode, Preview
from workbench.cloud.asking import NextStep
from workbench.cloud.provider import CloudModel, Provider
from workbench.cloud.spending.money import Cap
from workbench.consents.consent import Consent, Scope
from workbench.errors import WorkbenchError
from workbench.jobs import Job
from workbench.messages import Id

if TYPE_CHECKING:
    from ui.cloud.sheet.sheet import EscalationSheet
    from workbench.app import Workbench

PREVIEW_MILLISECONDS = 40  # a moment in which several letters are one change
IN_SETTINGS = (NextStep.LOGIN, NextStep.RAISE_BUDGET, NextStep.GIVE_PRICE)


class Begun(NamedTuple):
    """What the sheet needs to begin with."""

    draft: Draft
    models: tuple[CloudModel, ...]
    providers: tuple[Provider, ...]
    caps: tuple[Cap, ...]
    askable: frozenset[str]


class Yes(NamedTuple):
    """What the person said yes to. ``consent``: that waited for it; ``instead``: another one that waited, and is none
    any more."""

    preview: Preview
    scope: Scope
    consent: Consent | None = None
    instead: Consent | None = None


class SheetDesk(QObject):
    """One sheet at a time. ``accepted`` carries a `Yes`, ``refused`` the `Consent` that waited: the sheet is gone then.
    ``pasted``: the `Node` of an answer that came by hand. ``settings_asked``: keys, prices and caps are wanted; what stood
    on the sheet is ``aside`` meanwhile. ``page_asked``: an address for the browser."""

    accepted = Signal(object)
    refused = Signal(object)
    pasted = Signal(object)
    settings_asked = Signal()
    page_asked = Signal(str)

    def __init__(
        self, bridge: Bridge, workbench: Workbench, appearance: Appearance, toasts: Toasts, host: QWidget
    ) -> None:
        super().__init__(host)
        self._bridge, self._workbench, self._appearance = bridge, workbench, appearance
        self._toasts, self._host = toasts, host
        self.sheet: EscalationSheet | None = None
        self.state = SheetState()
        self._message_id: Id = ""
        self._instead: Consent | None = None
        self.aside: Aside | None = None
        self._number = 0  # what was asked for before the last change is too old
        self._job: Job | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(PREVIEW_MILLISECONDS)
        self._soon.timeout.connect(self._preview)

    def open(self, message_id: Id, *, choose: bool = False) -> None:
        """For a question, or the question of an answer. ``choose``: another model is to be chosen. What was laid aside for
        it is taken up again."""
        if self.aside is not None and self.aside.message_id == message_id:
            self.take_up(choose=choose)
            return
        self._begin(message_id)
        self._draft(None, choose=choose)

    def take_up(self, *, choose: bool = False) -> None:
        """Show the sheet that was laid aside, as it was left; what has changed meanwhile counts."""
        aside = self.aside
        if aside is None:
            return
        if aside.state.consent is not None:
            self.review(aside.state.consent)
            return
        self._begin(aside.message_id)
        self._instead = aside.instead
        number = self._next()

        def take(begun: Begun) -> None:
            if number == self._number:
                self._show(draft=begun.draft, busy="", **_lists(begun))
                self._preview()
                if choose and self.sheet is not None:
                    self.sheet.choices.choose_model()

        self._show_all(waiting(aside, tr("Getting it ready…")))
        draft = aside.state.draft
        if draft is not None:
            self._bridge.run(
                lambda _job: self._as_of_now(draft), on_done=take, on_failed=partial(self._not_made, number)
            )

    def _as_of_now(self, draft: Draft) -> Begun:
        """In a job's thread. Its model as it is known by now, with the price that was given meanwhile."""
        return self._around(asking(draft, self._workbench.cloud.model(draft.model.full_name)))

    def review(self, consent: Consent) -> None:
        """What waits, exactly as it was kept."""
        self._begin(consent.question.message_id or "")
        number = self._next()

        def read(_job: Job) -> tuple[Preview, Begun]:
            preview = self._workbench.escalations.previewed(consent.id)
            return preview, self._around(preview.draft)

        def take(found: tuple[Preview, Begun]) -> None:
            preview, begun = found
            if number == self._number:
                self._show(consent=consent, draft=preview.draft, preview=preview, busy="", **_lists(begun))

        self._bridge.run(read, on_done=take, on_failed=partial(self._not_made, number))

    # Filling ----------------------------------------------------------------------------------------------------------

    def _begin(self, message_id: Id) -> None:
        from ui.cloud.sheet.sheet import EscalationSheet  # only when somebody asks

        self._message_id, self._instead, self.aside = message_id, None, None
        self.state = SheetState()
        self.sheet = sheet = EscalationSheet(self._appearance, self._host.window())
        sheet.changed.connect(self._change)
        sheet.mode_asked.connect(self._draft)
        sheet.sent.connect(self._send)
        sheet.left.connect(self._refuse)
        sheet.change_asked.connect(self._unfix)
        sheet.step_asked.connect(self._step)
        sheet.hand_off_asked.connect(self._hand_off)
        sheet.pasted.connect(self._paste_back)
        sheet.page_asked.connect(self.page_asked)
        sheet.closed.connect(self._closed)
        self._show(busy=tr("Getting it ready…"))
        sheet.open()

    def _draft(self, mode: Mode | None = None, *, choose: bool = False) -> None:
        """What would leave in this mode; None: as was chosen last."""
        before, message_id = self.state.draft, self._message_id
        model = before.model.full_name if before is not None else ""
        number = self._next()
        words = tr("The model on this computer writes the brief…") if mode is Mode.CONDENSED else ""
        self._show(busy=words or tr("Getting it ready…"), problem="")

        def made(job: Job) -> Begun:
            return self._around(self._workbench.escalations.draft(message_id, job, model, mode))

        def take(begun: Begun) -> None:
            if number != self._number:
                return
            self._show(draft=carried(begun.draft, before), preview=None, busy="", **_lists(begun))
            self._preview()
            if choose and self.sheet is not None:
                self.sheet.choices.choose_model()

        self._job = self._bridge.run(made, on_done=take, on_failed=partial(self._not_made, number))

    def _around(self, draft: Draft) -> Begun:
        """In a job's thread."""
        workbench = self._workbench
        cloud = workbench.cloud
        return Begun(draft, cloud.models(), cloud.providers(), workbench.ledger.caps(), cloud.askable())

    def _change(self, draft: Draft) -> None:
        self._number += 1
        self._show(draft=draft)
        self._soon.start()

    def _preview(self) -> None:
        draft = self.state.draft
        if draft is None or self.sheet is None:
            return
        number = self._next()

        def take(preview: Preview) -> None:
            if number == self._number:  # what must stay here by now is cut in it
                self._show(preview=preview, draft=preview.draft, problem="")
                if preview.count.why is Uncounted.COMING:
                    self._count(preview.draft, number)

        self._bridge.run(
            lambda _job: self._workbench.escalations.preview(draft),
            on_done=take,
            on_failed=partial(self._not_made, number),
        )

    def _count(self, draft: Draft, number: int) -> None:
        """The estimate stands, and may be sent with, until the count is there."""

        def take(preview: Preview) -> None:
            if number == self._number:
                self._job = None
                self._show(preview=preview, draft=preview.draft, problem="")

        self._job = self._bridge.run(
            lambda job: self._workbench.escalations.counted(draft, job.cancel),
            on_done=take,
            on_failed=partial(self._not_made, number),
        )

    def _not_made(self, number: int, error: WorkbenchError) -> None:
        """Where nothing may be asked at all, there is no sheet; else it says what is wrong, and another choice may help."""
        if number != self._number:
            return
        if self.state.draft is None and self.sheet is not None:
            self.sheet.dismiss()
            self._toasts.tell(error)
        else:
            self._show(busy="", problem=f"{error.message} {error.hint}".strip())

    def _next(self) -> int:
        """What is still on its way for the sheet is not wanted any more."""
        if self._job is not None:
            self._job.cancel.cancel()
            self._job = None
        self._number += 1
        return self._number

    def _show(self, **changes: Any) -> None:
        self._show_all(replace(self.state, **changes))

    def _show_all(self, state: SheetState) -> None:
        self.state = state
        if self.sheet is not None:
            self.sheet.show_state(self.state)

    def _unfix(self) -> None:
        """What waits is changed first: it is replaced when that is sent. At the price of now."""
        draft, self._instead = self.state.draft, self.state.consent
        self._show(consent=None)
        if draft is None:
            return
        number = self._next()

        def take(begun: Begun) -> None:
            if number == self._number:
                self._show(draft=begun.draft, **_lists(begun))
                self._preview()

        self._bridge.run(lambda _job: self._as_of_now(draft), on_done=take, on_failed=partial(self._not_made, number))

    def _closed(self) -> None:
        self._next()
        self._soon.stop()
        self.sheet = None

    # Answering --------------------------------------------------------------------------------------------------------

    def _send(self, scope: Scope) -> None:
        preview = self.state.fresh
        if preview is not None and self.state.can_send and self.sheet is not None:
            self.sheet.dismiss()
            self.accepted.emit(Yes(preview, scope, self.state.consent, self._instead))

    def _refuse(self) -> None:
        """What is being changed first goes on waiting as it was kept."""
        consent = self.state.consent
        if consent is not None:
            self.refused.emit(consent)

    def _step(self, step: NextStep) -> None:
        sheet = self.sheet
        if sheet is None:
            return
        if step in IN_SETTINGS:
            self.aside = laid_aside(self._message_id, self.state, self._instead)
            sheet.dismiss()
            self.settings_asked.emit()
        elif step is NextStep.ANSWER_LOCALLY:
            sheet.dismiss()
        elif step is NextStep.OTHER_PROVIDER:
            sheet.choices.choose_model()
        elif step is NextStep.SHORTEN:
            sheet.choices.modes[Mode.QUESTION].setFocus()
        else:
            self._preview()

    # By hand ----------------------------------------------------------------------------------------------------------

    def _hand_off(self, provider: str) -> None:
        """``provider``: whose page is to be used; empty: that of the model's, else the first that there is."""
        draft, sheet = self.state.draft, self.sheet
        if draft is None or sheet is None:
            return
        whose = provider or page_of(draft, self.state.providers)
        models = [one for one in self.state.models if one.provider == whose]
        draft = replace(draft, model=models[0]) if models else draft
        self._bridge.run(
            lambda _job: self._workbench.escalations.hand_off(draft),
            on_done=lambda handed: sheet.show_hand_off(handed) if self.sheet is sheet else None,
            on_failed=self._toasts.tell,
        )

    def _paste_back(self, text: str, name: str) -> None:
        """What was pasted stays in its field until it is kept."""
        draft, sheet = self.state.draft, self.sheet
        if draft is None or sheet is None:
            return

        def kept(node: object) -> None:
            if self.sheet is sheet:
                sheet.dismiss()
            self.pasted.emit(node)

        self._bridge.run(
            lambda _job: self._workbench.escalations.paste_back(draft, text, name),
            on_done=kept,
            on_failed=self._toasts.tell,
        )


def _lists(begun: Begun) -> dict[str, Any]:
    return {name: value for name, value in begun._asdict().items() if name != "draft"}
