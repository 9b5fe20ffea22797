"""The cards of the first run: what is being looked at, a model that is here already, a plan. Layout only."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.first_run.facts import Facts
from ui.first_run.state import Candidate, Plan
from ui.first_run.words import (
    found_facts,
    get_words,
    order_words,
    other_words,
    pick_facts,
    rate_words,
    use_words,
)
from ui.fit_words import sum_words
from ui.icons import pixmap
from ui.translation import tr
from ui.widgets.buttons import Button, ElidedButton
from ui.widgets.flow import Flow
from ui.widgets.labels import ElidedLabel, label
from workbench.models.sizing.estimate import Estimate

MOST_REASONS = 2  # why, and how good; the facts say the rest


class Card(QFrame):
    """A card with a column inside; ``primary`` is its one button, None without."""

    primary: Button | None = None

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self.setAccessibleName(name)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(20, 18, 20, 18)
        self.column.setSpacing(12)

    def add_primary(self, appearance: Appearance, words: str, icon_name: str) -> Button:
        """As wide as its words, and narrower where the card is."""
        self.primary = ElidedButton(words, appearance, look="primary", icon_name=icon_name, name=words)
        self.primary.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.column.addWidget(self.primary, 0, Qt.AlignmentFlag.AlignLeft)
        return self.primary


class LookingCard(Card):
    """What is known already and what is not."""

    def __init__(self, appearance: Appearance, steps: tuple[tuple[str, bool], ...]) -> None:
        super().__init__(tr("Looking at this computer"))
        self._appearance = appearance
        self._signs: list[tuple[QLabel, bool]] = []
        self.column.addWidget(label(tr("Looking at this computer…"), "subheading"))
        for words, done in steps:
            sign = QLabel()
            sign.setAccessibleName(tr("Done") if done else tr("Under way"))
            row = QHBoxLayout()
            row.setSpacing(10)
            row.addWidget(sign)
            row.addWidget(label(words, "" if done else "muted"), 1)
            self._signs.append((sign, done))
            self.column.addLayout(row)
        appearance.follow(self._recolour)

    def _recolour(self) -> None:
        tokens = self._appearance.tokens
        for sign, done in self._signs:
            name, colour = ("check", tokens.accent) if done else ("ellipsis", tokens.muted)
            sign.setPixmap(pixmap(name, colour, 16, self.devicePixelRatioF()))


class FoundCard(Card):
    """A model of another program, used where it is. ``taken``: use it."""

    taken = Signal()

    def __init__(self, appearance: Appearance, found: Candidate, processor: str) -> None:
        super().__init__(found.model.name)
        self.column.addWidget(_title(found.model.name, tr("From {program}").format(program=found.model.program)))
        self.column.addWidget(Facts(found_facts(found)))
        self.column.addWidget(SumLine(appearance, found.estimate, processor))
        self.add_primary(appearance, use_words(found), "check").clicked.connect(self.taken)


class PlanCard(Card):
    """The model for this computer: why, how it will run, and the one button that gets it. ``taken``: get it."""

    taken = Signal()

    def __init__(self, appearance: Appearance, plan: Plan, disk_free_bytes: int | None, processor: str) -> None:
        super().__init__(plan.pick.model.name)
        pick = plan.pick
        self.column.addWidget(_title(pick.model.name, pick.role or tr("Recommended")))
        if pick.reasons:
            self.column.addWidget(label(" ".join(pick.reasons[:MOST_REASONS]), "muted", wrap=True))
        self.column.addWidget(Facts(pick_facts(pick, disk_free_bytes)))
        self.column.addWidget(SumLine(appearance, pick.estimate, processor))
        self.add_primary(appearance, get_words(plan), "download").clicked.connect(self.taken)
        if order_words(plan):
            self.column.addWidget(label(order_words(plan), wrap=True))
        licence = tr("Licence: {licence}.").format(licence=pick.model.licence)
        told = f"{rate_words(plan)} {licence} {pick.model.licence_terms}".strip()
        self.column.addWidget(label(told, "caption", wrap=True))


class OtherChoices(Card):
    """What else could be got, a line each. ``taken`` carries the `Plan`."""

    taken = Signal(object)

    def __init__(self, appearance: Appearance, plans: tuple[Plan, ...]) -> None:
        super().__init__(tr("Other choices"))
        for plan in plans:
            self.column.addLayout(self._row(appearance, plan))

    def _row(self, appearance: Appearance, plan: Plan) -> QHBoxLayout:
        name = plan.pick.model.name
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(name, "strong"))
        words.addWidget(label(other_words(plan), "caption", wrap=True))
        get = Button(tr("Get"), appearance, icon_name="download", name=get_words(plan))
        get.setEnabled(not plan.missing_bytes)
        get.clicked.connect(lambda: self.taken.emit(plan))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addLayout(words, 1)
        row.addWidget(get)
        return row


class SumLine(QWidget):
    """The sum of the memory on demand."""

    def __init__(self, appearance: Appearance, estimate: Estimate, processor: str) -> None:
        super().__init__()
        advice = (advice.text for advice in estimate.advice if advice.code != "install_engine")  # the plan has it
        self._sum = label("\n".join((sum_words(estimate, processor), *advice)), "caption", wrap=True, selectable=True)
        self._sum.hide()
        self._button = Button(tr("Show the sum"), appearance, look="link")
        self._button.clicked.connect(self._toggle)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._sum)

    def _toggle(self) -> None:
        shown = self._sum.isHidden()
        self._sum.setVisible(shown)
        self._button.say(tr("Hide the sum") if shown else tr("Show the sum"))
        self._button.setAccessibleName(self._button.text())


def _title(words: str, badge: str) -> QWidget:
    """The badge beside the name, or below it where there is no room."""
    title = QWidget()
    row = Flow(title, gap=10)
    name = ElidedLabel(words, "subheading")
    name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
    row.addWidget(name)
    row.addWidget(label(badge, "badge"))
    return title
