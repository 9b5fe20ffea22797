"""How much the model thinks: the chip beside the model's, and its list. Without a choice there is no chip."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.chat.composer import Composer
from ui.chat.effort_words import NAMES, cost_notes, effort_name
from ui.notify import Toasts
from ui.translation import tr
from ui.widgets.popover import Choice, Popover
from workbench.chat.asking.of_chat import NOT_CHOSEN, ChatChoice
from workbench.chat.asking.options import Options
from workbench.errors import ModelError
from workbench.messages import Effort
from workbench.settings import AUTO

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.chat.asking.effort_cost import EffortCost
    from workbench.chat.projects.projects import Project


@dataclass(frozen=True, slots=True)
class Efforts:
    """``costs``: of each effort that the model knows, least first. ``chosen``: with which it would answer now; ``of_chat``:
    that was chosen for the chat in view, and without it another one would hold."""

    model: str = ""
    costs: tuple[EffortCost, ...] = ()
    chosen: Effort | None = None
    of_chat: bool = False


class EffortChoice(QObject):
    """``picked`` carries the `Effort` that was chosen in the list, None: as the settings say."""

    picked = Signal(object)

    def __init__(
        self, bridge: Bridge, workbench: Workbench, appearance: Appearance, composer: Composer, toasts: Toasts
    ) -> None:
        super().__init__(composer)
        self._bridge = bridge
        self._workbench = workbench
        self._appearance = appearance
        self._composer = composer
        self._toasts = toasts
        self._efforts = Efforts()
        self._project: Project | None = None  # of the chat in view
        self._choice = NOT_CHOSEN  # of the chat in view

    def load(self) -> None:
        """Look again which model answers, and what it knows."""
        self._bridge.run(lambda _job: self._look(), on_done=self._show)

    def known(self) -> tuple[Effort, ...]:
        """The efforts that the chosen model knows, least first."""
        return tuple(cost.effort for cost in self._efforts.costs)

    def show_project(self, project: Project | None) -> None:
        """The chat in view belongs to it: an effort of its own holds there, and is what a choice changes."""
        if project != self._project:
            self._project = project
            self.load()

    def show_choice(self, choice: ChatChoice) -> None:
        """What was chosen for the chat in view holds over its project and the settings."""
        if choice != self._choice:
            self._choice = choice
            self.load()

    def open_list(self) -> None:
        """Above the chip: each effort with what it costs."""
        found = self._efforts
        if not found.costs:
            self._toasts.show(no_choice(found.model), seconds=5)
            return
        choices = [
            Choice(
                tr(NAMES[cost.effort]),
                partial(self._pick, cost.effort),
                icon="lightbulb",
                checked=cost.effort is found.chosen,
                note=note,
            )
            for cost, note in zip(found.costs, cost_notes(found.costs), strict=True)
        ]
        if found.of_chat:
            as_set = Choice(tr("As the settings say"), partial(self._pick, None), icon="undo-2", separated=True)
            choices.append(as_set)
        popover = Popover(tr("Effort"), choices, self._appearance, self._composer.window())
        popover.open_at(self._composer.effort_chip, above=True)

    def _pick(self, effort: Effort | None) -> None:
        self.picked.emit(effort)
        self._composer.draft.setFocus()

    def use(self, effort: Effort) -> None:
        """From now on, wherever nothing else is chosen: kept for the model, or the project that has one of its own."""
        model, project = self._model(), self._project

        def keep() -> None:
            if project is not None and project.effort is not None:
                self._workbench.projects.change(project.id, {"effort": effort.value})
            else:
                self._workbench.model_options.change(model, {"effort": effort.value})

        self._bridge.run(
            lambda _job: keep(),
            on_done=lambda _none: self.load(),
            on_failed=self._toasts.tell,
        )

    def _look(self) -> Efforts:
        """In a worker."""
        from workbench.chat.asking.effort_cost import effort_costs  # not needed before the first paint

        model, project, choice = self._model(), self._project, self._choice
        if model == AUTO:  # its rules choose the effort too
            return Efforts(AUTO)
        try:
            known = self._workbench.model_options.known(model)
            below = project.options if project else Options()
            otherwise = self._workbench.model_options.explain(model, below)
            resolved = self._workbench.model_options.explain(model, Options(effort=choice.effort).over(below))
        except ModelError:
            return Efforts()
        if not known.efforts:
            return Efforts(known.name)
        costs = effort_costs(known.efforts, self._workbench.chat.answer_seconds(known.name), known.thoughts)
        chosen = resolved.options.effort or known.default_effort
        of_chat = chosen is not (otherwise.options.effort or known.default_effort)
        return Efforts(known.name, costs, chosen, of_chat=of_chat)

    def _model(self) -> str:
        own = self._project.model if self._project is not None else ""
        return self._choice.model or own or self._workbench.settings.chat.model

    def _show(self, found: Efforts) -> None:
        self._efforts = found
        self._composer.show_effort(effort_name(found.chosen) if found.costs else "", of_chat=found.of_chat)


def no_choice(model: str) -> str:
    """Said when the shortcut is pressed for a model that has none, or is not known yet."""
    if model == AUTO:
        return tr("Auto chooses the effort for each question.")
    if not model:
        return tr("There is no model.")
    return tr("{model} has no choice of effort, or has not shown it yet: ask it something.").format(model=model)
