"""A process that lives in a home as a person does, and says of each thing it did that it is done.

Run: ``python -m tests.losing.living HOME SEED [SYNCHRONOUS]``. Each line of HOME/said is a JSON object: ``try`` names what
is about to be changed, ``done`` with the value that it has from now on. Ends when it is killed, or after `STEPS` steps.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.fakes.backend import Pause, Step, words
from tests.fakes.backend import ScriptedBackend as Backend
from workbench import migrations
from workbench.chat.feedback.feedback import Verdict
from workbench.chat.feedback.service import FeedbackService
from workbench.chat.feedback.store import FeedbackStore
from workbench.chat.searching.service import SearchService
from workbench.chat.searching.store import SearchStore
from workbench.chat.service import ChatService
from workbench.chat.steering.drafts import Draft
from workbench.chat.store import ConversationStore
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.events import Bus
from workbench.jobs import quiet_job
from workbench.messages import Id, TextDelta
from workbench.ports import ChatBackend

STEPS = 400
WORDS = ("sea", "river", "hill", "stone", "lamp", "bread", "letter", "window", "engine", "garden")


class Route:
    """Always the same backend."""

    def __init__(self, backend: ChatBackend) -> None:
        self._backend = backend

    def name(self, model: str) -> str:
        return model or "fake-model"

    def source(self, model: str) -> str:
        return "engine"

    def backend(self, model: str, cancel: Any, progress: Any) -> ChatBackend:
        return self._backend

    def ready(self, model: str) -> ChatBackend | None:
        return self._backend


class Living:
    def __init__(self, home: Path, seed: int, synchronous: str) -> None:
        self._random = random.Random(seed)
        database = Database(home / "workbench.db", migrations.workbench, backups=home / "backups")
        if synchronous:
            database._writer.execute(f"PRAGMA synchronous = {synchronous}")
        clock, bus = SystemClock(), Bus()
        steps: list[Step] = []
        for word in words("A river runs from the hill to the sea and nobody asks it why it does so."):
            steps += [TextDelta(word), Pause(0.001)]
        self._answer = "".join(step.text for step in steps if isinstance(step, TextDelta))
        self._chat = ChatService(ConversationStore(database, clock), Route(Backend(steps)), bus, clock)
        self._feedback = FeedbackService(FeedbackStore(database, clock), bus)
        self._search = SearchService(SearchStore(database), clock)
        self._said = os.open(home / "said", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._chats: list[Id] = []
        self._answers: list[Id] = []

    def step(self) -> None:
        ways: list[Callable[[], None]] = [self._send] * 4
        if self._chats:
            ways += [self._rename, self._draft, self._draft, self._find, self._judge, self._again, self._unmake]
        self._random.choice(ways)()

    def _say(self, **line: Any) -> None:
        os.write(self._said, json.dumps(line).encode() + b"\n")

    def _send(self) -> None:
        chat = self._random.choice([*self._chats, None, None]) if self._chats else None
        text = self._text()
        self._say(**{"try": f"question:{text}"})
        answer = self._chat.send(chat, text, quiet_job())
        conversation = self._chat._store.node(answer.id)[0].id
        if chat is None:
            self._chats.append(conversation)
        self._answers.append(answer.id)
        self._say(done=f"message:{answer.parent_id}", value=text)
        self._say(done=f"message:{answer.id}", value=self._answer)

    def _again(self) -> None:
        old = self._random.choice(self._answers)
        self._say(**{"try": f"again:{old}"})
        answer = self._chat.regenerate(old, quiet_job())
        self._say(done=f"message:{answer.id}", value=self._answer)

    def _rename(self) -> None:
        chat, title = self._random.choice(self._chats), self._text()
        self._say(**{"try": f"title:{chat}"})
        self._chat.rename(chat, title)
        self._say(done=f"title:{chat}", value=title)

    def _draft(self) -> None:
        chat, text = self._random.choice(self._chats), self._text()
        self._say(**{"try": f"draft:{chat}"})
        self._chat.keep_draft(chat, Draft(text))
        self._say(done=f"draft:{chat}", value=text)

    def _judge(self) -> None:
        answer = self._random.choice(self._answers)
        self._say(**{"try": f"verdict:{answer}"})
        verdict = self._random.choice(list(Verdict))
        self._feedback.judge(answer, verdict)
        self._say(done=f"verdict:{answer}", value=verdict.value)

    def _unmake(self) -> None:
        """Into the bin and back: nothing is lost by that either."""
        answer = self._random.choice(self._answers)
        self._say(**{"try": f"message:{answer}"})
        self._chat.delete_message(answer)
        self._chat.restore_message(answer)
        self._say(done=f"message:{answer}", value=self._answer)

    def _find(self) -> None:
        self._search.find(self._random.choice(WORDS), 20)

    def _text(self) -> str:
        return " ".join(self._random.choices(WORDS, k=6)) + f" {self._random.getrandbits(48):x}"


def live(home: str, seed: int, synchronous: str = "") -> None:
    """Until it is killed, or has done `STEPS` things."""
    life = Living(Path(home), seed, synchronous)
    for _ in range(STEPS):
        life.step()


if __name__ == "__main__":
    live(sys.argv[1], int(sys.argv[2]), *sys.argv[3:4])
