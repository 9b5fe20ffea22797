"""Opens the options of the model that answers, and keeps what is changed there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.chat.model_options_words import OPTIONS, Field, fields, refusal_words
from ui.notify import Toasts

if TYPE_CHECKING:
    from ui.chat.model_options import ModelOptionsPanel
    from workbench.app import Workbench
    from workbench.errors import WorkbenchError


@dataclass(frozen=True, slots=True)
class Shown:
    """What the panel shows. ``model``: its name."""

    model: str
    fields: tuple[Field, ...]


class ModelOptionsOpener(QObject):
    """One panel at a time, for the model that `chat.model` names when it is opened."""

    def __init__(
        self, bridge: Bridge, workbench: Workbench, appearance: Appearance, host: QWidget, toasts: Toasts
    ) -> None:
        super().__init__(host)
        self._bridge = bridge
        self._workbench = workbench
        self._appearance = appearance
        self._host = host
        self._toasts = toasts
        self._model = ""
        self.panel: ModelOptionsPanel | None = None

    def open_panel(self) -> None:
        self._model = self._workbench.settings.chat.model
        self._load(self._open)

    def _open(self, shown: Shown) -> None:
        from ui.chat.model_options import ModelOptionsPanel  # only when somebody asks

        panel = ModelOptionsPanel(shown.model, self._appearance, self._host.window(), self._keep, self._reset)
        panel.show_fields(shown.fields)
        panel.dismissed.connect(self._forget)
        panel.open_first()
        self.panel = panel

    def _forget(self) -> None:
        self.panel = None

    def _load(self, then: Callable[[Shown], None]) -> None:
        self._bridge.run(lambda _job: self._look(), on_done=then, on_failed=self._toasts.tell)

    def _look(self) -> Shown:
        """In a worker."""
        options = self._workbench.model_options
        known, own = options.known(self._model), options.own(self._model)
        shown = fields(own, options.without_own(self._model), limits_reasoning=known.limits_reasoning)
        return Shown(known.name, shown)

    def _show(self, shown: Shown) -> None:
        if self.panel is not None:
            self.panel.show_fields(shown.fields)

    def _keep(self, key: str, text: str) -> None:
        model = self._model
        self._bridge.run(
            lambda _job: self._workbench.model_options.change(model, {key: text or None}),
            on_done=lambda _own: self._load(self._show),
            on_failed=partial(self._refused, key),
        )

    def _refused(self, key: str, error: WorkbenchError) -> None:
        if self.panel is not None:
            self.panel.show_problem(refusal_words(key, error.message))
        else:
            self._toasts.tell(error)

    def _reset(self) -> None:
        """The effort, which is chosen elsewhere, stays."""
        model, nothing = self._model, dict.fromkeys(OPTIONS)
        self._bridge.run(
            lambda _job: self._workbench.model_options.change(model, nothing),
            on_done=lambda _none: self._load(self._show),
            on_failed=self._toasts.tell,
        )
