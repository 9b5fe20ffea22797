"""A process that asks a model with a tool that changes something, and is killed at the moment that the test names; see
`living`."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.fakes.backend import calling
from tests.fakes.turn_tools import spec
from tests.unit.chat.tooling.scene import Scene, open_scene
from workbench.chat.events import ConsentWaits
from workbench.jobs import Job, JobEvent
from workbench.tools.tool import Call, Harm, Outcome

CALL = calling(("write", '{"text": "Tea"}'))
WRITE = spec("write", Harm.WRITE)


def world(home: Path, *answers: Any, dies_at_work: bool = False) -> Scene:
    """Over the files in ``home``. What the tool was called with stands in the file ``notes``, a line each."""

    def write(arguments: Mapping[str, Any], _call: Call) -> Outcome:
        with (home / "notes").open("a", encoding="utf-8") as notes:
            notes.write(f"{arguments['text']}\n")
        if dies_at_work:
            _die()
        return Outcome("It is written.")

    return open_scene(home, *answers, tools={WRITE: write})


def step(home: Path, name: str) -> None:
    """Until it is killed: in the middle of asking, after the question is kept, after an answer is kept, at work."""
    scene = world(home, CALL, "It is done.", dies_at_work=name == "at work")
    if name == "asking":
        scene.chat.send(None, "Write down: Tea.", Job(_die_when_asked))
    elif name == "asked":
        scene.ask("Write down: Tea.")
    elif name == "at work":
        scene.chat.recover()
        scene.chat.resume(scene.answer().id, scene.job())
    else:
        answer = scene.consents.accept if name == "accepted" else scene.consents.refuse
        answer(scene.consents.list()[0].id)
    _die()


def _die_when_asked(news: JobEvent) -> None:
    if isinstance(news.payload, ConsentWaits):
        _die()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
