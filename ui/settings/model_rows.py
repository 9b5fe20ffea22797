"""The model that answers new messages, and how much of a chat it is told."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.chat.choosing import AUTO_NAME
from ui.settings.parts import Picker, setting_row
from ui.translation import tr
from ui.widgets.popover import Choice
from workbench.settings import AUTO, Settings

if TYPE_CHECKING:
    from workbench.models.library import InstalledModel

CONTEXT_SIZES = (0, 2048, 4096, 8192, 16384, 32768, 65536, 131072)
MODEL, CONTEXT = "chat.model", "engine.context_tokens"


class ModelRows(QWidget):
    """``saved`` carries a key and its new value."""

    saved = Signal(str, object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._settings = Settings()
        self._models: tuple[InstalledModel, ...] = ()
        self._model = Picker(tr("Model"), appearance)
        self._context = Picker(tr("Context size"), appearance)
        self._model.clicked.connect(self._choose_model)
        self._context.clicked.connect(self._choose_context)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(12)
        rows.addWidget(setting_row(tr("Model"), tr("Answers new messages in every chat."), self._model))
        words = tr("Larger remembers more and needs more memory.")
        rows.addWidget(setting_row(tr("Context size"), words, self._context))

    def show_settings(self, settings: Settings) -> None:
        """Show the values as they are."""
        self._settings = settings
        self._context.show_choice(context_words(settings.engine.context_tokens))
        self._show_model()

    def show_models(self, models: Sequence[InstalledModel]) -> None:
        """Those that can answer may be chosen."""
        self._models = tuple(model for model in models if not model.problem)
        self._show_model()

    def _show_model(self) -> None:
        wanted = self._settings.chat.model
        named = next((model.name for model in self._models if wanted in (model.id, model.name)), wanted)
        named = tr(AUTO_NAME) if wanted == AUTO else named
        self._model.show_choice(named or tr("The most useful one"))

    def _choose_model(self) -> None:
        current = self._settings.chat.model
        choices = [
            Choice(tr(AUTO_NAME), partial(self.saved.emit, MODEL, AUTO), checked=current == AUTO),
            Choice(tr("The most useful one"), partial(self.saved.emit, MODEL, ""), checked=not current),
        ]
        choices += [
            Choice(model.name, partial(self.saved.emit, MODEL, model.id), checked=current in (model.id, model.name))
            for model in self._models
        ]
        self._model.offer(choices)

    def _choose_context(self) -> None:
        current = self._settings.engine.context_tokens
        self._context.offer(
            Choice(context_words(size), partial(self.saved.emit, CONTEXT, size), checked=size == current)
            for size in CONTEXT_SIZES
        )


def context_words(tokens: int) -> str:
    """0: as large as fits."""
    return tr("{count} tokens").format(count=f"{tokens:,}") if tokens else tr("As large as fits")
