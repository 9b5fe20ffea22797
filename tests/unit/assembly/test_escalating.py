"""Who writes the brief of what is taken elsewhere: a model of this machine, and nobody else."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from tests.fakes.backend import ScriptedBackend
from workbench.assembly.escalating import _brief
from workbench.chat.escalating.escalation import Piece, PieceKind
from workbench.errors import ModelError
from workbench.jobs import quiet_job

QUESTION = Piece("q.question", PieceKind.QUESTION, "Your question", "What now?", 1, needed=True)


@dataclass
class Machines:
    """`big@studio` is another machine's, `small` this one's, where there is one."""

    here: str = "small"
    asked: list[str] = field(default_factory=list)

    def name(self, model: str) -> str:
        if not (model or self.here):
            raise ModelError("There is no model on this machine.")
        return model or self.here

    def source(self, model: str) -> str:
        return "server:studio" if model.endswith("@studio") else "engine"

    def backend(self, model: str, _cancel: Any, _progress: Any) -> ScriptedBackend:
        self.asked.append(model)
        return ScriptedBackend("The brief.")


def written(machines: Machines, chosen: str) -> str:
    around: Any = SimpleNamespace(route=machines, chat=SimpleNamespace(answers_with=lambda _options: chosen))
    return _brief(around, (QUESTION,), quiet_job())


@pytest.mark.parametrize("chosen", ["small", "big@studio"])
def test_a_model_of_this_machine_writes_it(chosen: str) -> None:
    machines = Machines()
    assert written(machines, chosen) == "The brief."
    assert machines.asked == ["small"]


def test_where_there_is_none_nobody_is_asked() -> None:
    machines = Machines(here="")
    with pytest.raises(ModelError):
        written(machines, "big@studio")
    assert machines.asked == []
