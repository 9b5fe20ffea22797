"""The first run on the chat page: the computer, one proposal with one button, and the ways around it. Layout only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.first_run.cards import Card, FoundCard, LookingCard, OtherChoices, PlanCard
from ui.first_run.state import STARTER, Kind, Offer
from ui.first_run.words import NO_MODEL_HERE, get_words, looking_steps, troubles, use_words
from ui.fit_words import machine_words
from ui.models.downloads import DownloadList
from ui.translation import tr
from ui.widgets.buttons import Button, ElidedButton
from ui.widgets.flow import Flow
from ui.widgets.labels import label
from ui.widgets.notice import NoticeCard, Step
from workbench.sizes import size_words

PROPOSING = (Kind.LOOKING, Kind.FOUND, Kind.PLAN, Kind.NOTHING, Kind.FAILED)


class FirstRunPage(QWidget):
    """Shows one `Offer`: whole in a new chat, its essence above the composer of another one.

    ``found_taken`` carries a `Candidate`, ``plan_taken`` a `Plan`; ``download_asked``: pause, resume or cancel, and the id
    of the download. ``again``: look once more. ``above``: the control that Tab comes from.
    """

    found_taken = Signal(object)
    plan_taken = Signal(object)
    demo_asked = Signal()
    file_asked = Signal()
    models_asked = Signal()
    skipped = Signal()
    again = Signal()
    download_asked = Signal(str, str)

    def __init__(self, appearance: Appearance, demo_bytes: int, above: QWidget) -> None:
        super().__init__()
        self._appearance = appearance
        self._above = above
        self._demo_words = tr("Just try it: a {size} demo").format(size=size_words(demo_bytes))
        self._proposal: Card | None = None
        self._proposed: object = None
        self._offer = Offer(Kind.NONE)
        self._whole = True
        self._machine = label("", "caption", wrap=True)
        self._machine.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._downloads = DownloadList(appearance)
        self._downloads.asked.connect(self.download_asked)
        self._body = QWidget()
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        for part in (self._machine, self._downloads, self._body):
            layout.addWidget(part)
        self.hide()

    def show_whole(self, whole: bool) -> None:
        """A new chat has room for all of it and says itself what it is for."""
        if whole is not self._whole:
            self._whole = whole
            self._fill()

    def show_offer(self, offer: Offer) -> None:
        """What only moves a download is shown in place; else the cards are made anew."""
        before, self._offer = self._offer, offer
        self._downloads.show_items(offer.downloads)
        if _still(before) != _still(offer):
            self._fill()

    # Inside -----------------------------------------------------------------------------------------------------------

    def _fill(self) -> None:
        offer, kind = self._offer, self._offer.kind
        focused = self.focusWidget()
        had_focus = focused is not None and self._body.isAncestorOf(focused)
        _empty(self._column, self._proposal)
        nobody = kind not in (Kind.NONE, Kind.READY)
        self.setVisible(nobody if self._whole else nobody and not offer.demo_only)
        if kind is Kind.READY:
            self.setVisible(self._whole)
        self._downloads.setVisible(bool(offer.downloads))
        self._machine.setVisible(self._whole and offer.machine is not None and kind in PROPOSING)
        self._machine.setText(machine_words(offer.machine) if offer.machine else "")
        if nobody:
            first = self._fill_whole() if self._whole else self._fill_essence()
            if had_focus:
                first.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._proposal is not None and self._column.indexOf(self._proposal) < 0:
            _discard(self._proposal)
            self._proposal = None
        self._order()

    def _kept_card(self, offer: Offer) -> Card | None:
        """The card that is there, while it proposes the same: what comes beside it takes no press of its button away."""
        proposed = _proposed(offer)
        if self._proposal is None or proposed != self._proposed:
            if self._proposal is not None:
                _discard(self._proposal)
            self._proposal, self._proposed = self._card(offer), proposed
        return self._proposal

    def _order(self) -> None:
        """Tab walks through it in reading order, after what stands above it."""
        before = self._above
        for stop in self.findChildren(QWidget):
            if stop.focusPolicy() & Qt.FocusPolicy.TabFocus and not stop.isHidden():
                QWidget.setTabOrder(before, stop)
                before = stop

    def _fill_whole(self) -> QWidget:
        """Returns what has the focus first."""
        offer = self._offer
        for trouble in troubles(offer):
            steps = [(tr("Look again"), self.again.emit)]
            self._column.addWidget(NoticeCard(self._appearance, trouble.text, trouble.hint, steps=steps))
        card = self._kept_card(offer)
        if card is not None:
            self._column.addWidget(card)
        others = self._others(offer)
        ways = self._ways(offer, others)
        if others is not None:  # it opens where the button was that asked for it
            self._column.addWidget(others)
        self._column.addWidget(ways)
        for note in () if offer.kind is Kind.NOTHING else offer.notes:
            words = label(note, "caption", wrap=True)
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            self._column.addWidget(words)
        return card.primary if card is not None and card.primary is not None else ways.findChildren(Button)[0]

    def _fill_essence(self) -> QWidget:
        """The proposal as the step of a notice, above the composer."""
        offer = self._offer
        steps: list[Step] = []
        if offer.found is not None:
            found = offer.found
            steps.append((use_words(found), lambda: self.found_taken.emit(found)))
        elif offer.plan is not None and not offer.plan.missing_bytes:
            plan = offer.plan
            steps.append((get_words(plan), lambda: self.plan_taken.emit(plan)))
        steps += [(tr("Choose a GGUF file…"), self.file_asked.emit), (tr("All models…"), self.models_asked.emit)]
        notice = NoticeCard(self._appearance, tr(NO_MODEL_HERE), steps=steps)
        self._column.addWidget(notice)
        return notice.findChildren(Button)[0]

    def _card(self, offer: Offer) -> Card | None:
        """The proposal itself; there is none while something is under way or nothing can be proposed."""
        machine = offer.machine
        processor = (machine.cpu_name if machine else None) or ""
        match offer.kind:
            case Kind.LOOKING:
                return LookingCard(self._appearance, looking_steps(offer))
            case Kind.FOUND if offer.found:
                found = offer.found
                card = FoundCard(self._appearance, found, processor)
                card.taken.connect(lambda: self.found_taken.emit(found))
                return card
            case Kind.PLAN if offer.plan and not offer.plan.missing_bytes:
                plan = offer.plan
                made = PlanCard(self._appearance, plan, machine.disk_free_bytes if machine else None, processor)
                made.taken.connect(lambda: self.plan_taken.emit(plan))
                return made
            case _:
                return None

    def _others(self, offer: Offer) -> OtherChoices | None:
        """Behind a button until asked for."""
        plans = offer.others if offer.kind is not Kind.FOUND or offer.plan is None else (offer.plan, *offer.others)[:2]
        if not plans:
            return None
        made = OtherChoices(self._appearance, plans)
        made.taken.connect(self.plan_taken)
        made.hide()
        return made

    def _ways(self, offer: Offer, others: OtherChoices | None) -> QWidget:
        """Around the proposal: other models, a file, the demo, not now."""
        ways = QWidget()
        row = Flow(ways, gap=2, centred=True)
        if offer.kind is Kind.SKIPPED:
            row.addWidget(self._way(tr("Set up a model"), self.again.emit))
            return ways
        if others is not None:
            row.addWidget(self._way(tr("Other choices"), lambda: others.setVisible(others.isHidden())))
        row.addWidget(self._way(tr("Choose a GGUF file…"), self.file_asked.emit))
        row.addWidget(self._way(tr("All models…"), self.models_asked.emit))
        if not offer.demo_only and all(item.reference != STARTER for item in offer.downloads):
            row.addWidget(self._way(self._demo_words, self.demo_asked.emit))
        if offer.kind is not Kind.FETCHING:
            row.addWidget(self._way(tr("Skip for now"), self.skipped.emit))
        return ways

    def _way(self, words: str, act: Callable[[], object]) -> Button:
        button = ElidedButton(words, self._appearance, look="quiet")
        button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)  # else nothing is elided
        button.clicked.connect(lambda: act())
        return button


def _still(offer: Offer) -> tuple[Offer, frozenset[str]]:
    """All that the cards show but what moves while something is fetched."""
    machine = None if offer.kind is Kind.SKIPPED else offer.machine
    return replace(offer, machine=machine, downloads=()), frozenset(item.reference for item in offer.downloads)


def _proposed(offer: Offer) -> object:
    """What the card of a proposal tells."""
    machine = offer.machine
    told = (offer.kind, offer.found, offer.plan if offer.kind is Kind.PLAN else None)
    shown = machine and (machine.cpu_name, machine.disk_free_bytes if offer.kind is Kind.PLAN else None)
    return told, shown, looking_steps(offer) if offer.kind is Kind.LOOKING else ()


def _empty(layout: QLayout, kept: QWidget | None = None) -> None:
    """``kept`` leaves the layout only."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None and widget is not kept:
            _discard(widget)


def _discard(widget: QWidget) -> None:
    widget.hide()
    widget.deleteLater()
