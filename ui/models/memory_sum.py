"""The sum on demand: what a model would take here, addend by addend, against what is free, for a context of choice."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.models import words
from ui.models.parts import Sign, empty
from ui.translation import marked, tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.floating import Floating
from ui.widgets.flow import Flow
from ui.widgets.labels import ElidedLabel, label, rule
from ui.widgets.scrolling import scrolling
from workbench.engine.runtimes.builds import EngineBuild
from workbench.errors import WorkbenchError
from workbench.models.advising.advice import Pick
from workbench.models.sizing.estimate import Estimate, Fit
from workbench.sizes import memory_words

WIDTH, MARGIN, FRAME = 460, 8, 2
CONTEXTS = (4096, 8192, 16384, 32768, 65536, 131072)
CONTEXT = marked("Context")
ADDENDS: tuple[tuple[str, str, Callable[[Estimate], int]], ...] = (
    (marked("Weights"), "accent", lambda found: found.weights_bytes),
    (marked("Pictures"), "cloud", lambda found: found.projector_bytes),
    (CONTEXT, "text", lambda found: found.cache_bytes),
    (marked("Computing"), "muted", lambda found: found.compute_bytes),
    (marked("Engine"), "control_border", lambda found: found.overhead_bytes),
)


def free_bytes(found: Estimate) -> int:
    """What is free on the devices it would use."""
    return sum(use.free_bytes for use in found.devices)


def context_words(tokens: int) -> str:
    return f"{tokens // 1024}k"


def _addend_words(title: str, found: Estimate) -> str:
    """The context says how long it is."""
    if title == CONTEXT:
        return tr("Context · {count} tokens").format(count=f"{found.request.context_tokens:,}")
    return tr(title)


def _experts_words(layers: int) -> str:
    if layers == 1:
        return tr("The experts of 1 layer stay in the computer's memory.")
    return tr("The experts of {count} layers stay in the computer's memory.").format(count=layers)


class SumBar(QWidget):
    """The addends beside each other, as a part of what is free, or of the sum where that is larger."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._estimate: Estimate | None = None
        self.setFixedHeight(12)
        self.setAccessibleName(tr("The sum as a bar; the table below says the same"))
        appearance.changed.connect(self.update)

    def show_estimate(self, estimate: Estimate) -> None:
        self._estimate = estimate
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect())
        path = QPainterPath()
        path.addRoundedRect(whole, 4, 4)
        painter.setClipPath(path)
        painter.fillRect(whole, self._appearance.colour("active"))
        found = self._estimate
        if found is None:
            return
        scale = whole.width() / max(1, found.total_bytes, free_bytes(found))
        left = 0.0
        for _title, token, size in ADDENDS:
            width = size(found) * scale
            painter.fillRect(QRectF(left, 0, width, whole.height()), self._appearance.colour(token))
            left += width
        end = free_bytes(found) * scale
        if 0 < end < whole.width() and left > end + 1:  # what is missing
            painter.fillRect(whole.adjusted(end, 0, 0, 0), self._appearance.colour("danger"))
            painter.fillRect(QRectF(end - 1, 0, 2, whole.height()), self._appearance.colour("raised"))


class MemorySum(Floating):
    """Opened at a fit label. ``context_asked``: work it out for so many tokens."""

    context_asked = Signal(int)

    def __init__(
        self,
        name: str,
        processor: str,
        appearance: Appearance,
        window: QWidget,
        step: tuple[str, Callable[[], None]] | None = None,
    ) -> None:
        """``processor``: as the estimate calls it. ``step``: what can be done in spite of the sum, in words, and how."""
        super().__init__(tr("Memory of {name}").format(name=name), window)
        self._appearance = appearance
        self._processor = processor
        self.setFixedWidth(min(WIDTH, window.width() - 2 * MARGIN))
        self._title = ElidedLabel(name, "title")
        self._fit = label("", "muted", wrap=True)
        self._sign = Sign("info", appearance)
        self._bar = SumBar(appearance)
        self._table = QGridLayout()
        self._table.setHorizontalSpacing(8)
        self._table.setVerticalSpacing(4)
        self._table.setColumnStretch(1, 1)
        self._advice = QVBoxLayout()
        self._advice.setSpacing(6)
        self._contexts = QButtonGroup(self)
        self._close = IconButton("x", tr("Close the sum"), appearance, size=16)
        self._close.clicked.connect(self.dismiss)
        self._contexts.idClicked.connect(self.context_asked)
        self._lay_out()
        if step is not None:
            self._offer(*step)

    def open_at(self, corner: QRect) -> None:
        """Show it below ``corner`` (in the window), or as near as there is room."""
        self.appear()  # first: hidden words are measured in another font
        self._place(corner)
        checked = self._contexts.checkedButton()
        (checked or self._close).setFocus(Qt.FocusReason.PopupFocusReason)

    def show_waiting(self) -> None:
        self._fit.setText(tr("Working it out…"))

    def show_failure(self, error: WorkbenchError) -> None:
        self._sign.show_icon("triangle-alert", "danger")
        self._fit.setText(f"{error.message} {error.hint}".strip())

    def show_estimate(self, found: Estimate, builds: tuple[EngineBuild, ...], pick: Pick | None = None) -> None:
        """The sum, what follows from it and what could be changed."""
        self._sign.show_icon(words.FIT_ICONS[found.fit], "danger" if found.fit is Fit.NONE else "accent")
        self._fit.setText(words.full_fit_words(found, builds))
        button = self._contexts.button(found.request.context_tokens)
        if button is not None:
            button.setChecked(True)
        self._bar.show_estimate(found)
        self._fill_table(found)
        self._fill_advice(found, pick)
        self._settle()

    def _fill_table(self, found: Estimate) -> None:
        empty(self._table)
        for title, token, size in ADDENDS:
            if size(found):
                self._row(_addend_words(title, found), memory_words(size(found)), token)
        self._row(tr("Together"), memory_words(found.total_bytes), "", strong=True)
        for use in found.devices:
            name = tr("Memory") if use.name in ("CPU", self._processor) else use.name
            figure = tr("{needed} needed, {free} free")
            self._row(name, figure.format(needed=memory_words(use.bytes), free=memory_words(use.free_bytes)), "")
        if found.fit is not Fit.NONE:
            left = tr("Left where it is tightest") if len(found.devices) > 1 else tr("Left for you")
            self._row(left, memory_words(found.memory_left_bytes), "")

    def _row(self, title: str, figure: str, token: str, *, strong: bool = False) -> None:
        place = self._table.rowCount()
        if token:
            self._table.addWidget(Sign("square-filled", self._appearance, colour=token, size=11), place, 0)
        tone = "strong" if strong else ""
        self._table.addWidget(ElidedLabel(title, tone or "muted"), place, 1)
        self._table.addWidget(label(figure, tone), place, 2, Qt.AlignmentFlag.AlignRight)

    def _fill_advice(self, found: Estimate, pick: Pick | None) -> None:
        empty(self._advice)
        lines = [advice.text for advice in found.advice]
        if found.expert_layers_on_cpu:
            lines.append(_experts_words(found.expert_layers_on_cpu))
        if found.max_context:
            lines.append(tr("Up to {count} tokens of context fit.").format(count=f"{found.max_context:,}"))
        speed = words.rate_words(found.generation_tokens_per_second)
        if speed:
            told = tr("It would write {speed}, as measured here.") if found.measured else tr("It would write {speed}.")
            lines.append(told.format(speed=speed))
        if pick is not None and pick.answer_seconds.expected:
            lines.append(words.answer_sentence(pick))
        for text in lines:
            self._advice.addWidget(label(text, "caption", wrap=True))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        verdict = QHBoxLayout()
        verdict.setSpacing(8)
        verdict.addWidget(self._sign)
        verdict.addWidget(self._fit, 1)
        chips = Flow(gap=5)
        chips.addWidget(label(tr("Context"), "caption"))
        for tokens in CONTEXTS:
            chip = Button(
                context_words(tokens),
                self._appearance,
                look="chip",
                name=tr("Context of {tokens} tokens").format(tokens=f"{tokens:,}"),
            )
            chip.setCheckable(True)
            self._contexts.addButton(chip, tokens)
            chips.addWidget(chip)
        inside = QWidget()
        inside.setProperty("look", "column")
        inside.setMinimumHeight(1)  # else the scroll area asks for the height of the narrowest width
        self._rows = layout = QVBoxLayout(inside)
        layout.setContentsMargins(16, 12, 16, 14)
        layout.setSpacing(10)
        layout.addLayout(head)
        layout.addLayout(verdict)
        layout.addLayout(chips)
        layout.addWidget(self._bar)
        layout.addLayout(self._table)
        layout.addWidget(rule())
        layout.addLayout(self._advice)
        scroll = scrolling(inside)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(FRAME - 1, FRAME - 1, FRAME - 1, FRAME - 1)  # beside the border of one pixel
        outside.addWidget(scroll)

    def _offer(self, words_: str, act: Callable[[], None]) -> None:
        button = Button(words_, self._appearance)

        def perform() -> None:
            self.dismiss()
            act()

        button.clicked.connect(perform)
        self._rows.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _place(self, corner: QRect) -> None:
        self._fit_height()
        top = max(MARGIN, min(corner.bottom() + MARGIN, self.host.height() - self.height() - MARGIN))
        left = max(MARGIN, min(corner.left(), self.host.width() - self.width() - MARGIN))
        self.move(QPoint(left, top))

    def _fit_height(self) -> None:
        """As tall as its words at this width; more than the window holds scrolls."""
        wanted = self._rows.totalHeightForWidth(self.width() - 2 * FRAME) + 2 * FRAME
        self.resize(self.width(), min(wanted, self.host.height() - 2 * MARGIN))

    def _settle(self) -> None:
        """Keep it inside the window when it has grown."""
        self._fit_height()
        bottom = self.host.height() - MARGIN
        if self.geometry().bottom() > bottom:
            self.move(self.x(), max(MARGIN, bottom - self.height()))
