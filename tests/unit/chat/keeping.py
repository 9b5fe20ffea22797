"""Real chats on a real database, for the tests of what keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from workbench import migrations
from workbench.chat.asking.made import Made
from workbench.chat.asking.of_chat import ChatChoice
from workbench.chat.exporting.service import Exports
from workbench.chat.exporting.store import ExportStore
from workbench.chat.exporting.values import KeptChat
from workbench.chat.feedback.feedback import Verdict
from workbench.chat.importing.files import keep_file
from workbench.chat.importing.service import ImportReport, Imports
from workbench.chat.importing.store import ImportStore
from workbench.chat.store import ConversationStore
from workbench.chat.turn_rows import Outcome
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.events import Bus
from workbench.jobs import quiet_job
from workbench.messages import (
    Attachment,
    Effort,
    Finish,
    Id,
    Message,
    Passage,
    Reasoning,
    Role,
    Text,
    Timings,
    ToolCall,
    ToolResult,
    Usage,
    assistant,
    user,
)


@dataclass
class Home:
    """A database with what writes, exports and imports its chats."""

    folder: Path
    database: Database
    chats: ConversationStore
    export_store: ExportStore
    exports: Exports
    imports: Imports

    def bring_in(self, path: Path) -> ImportReport:
        return self.imports.run(path, quiet_job())

    def read(self, conversation_id: Id) -> KeptChat:
        return self.export_store.read(conversation_id)

    @property
    def ids(self) -> tuple[Id, ...]:
        return self.exports.all()

    @property
    def attachments(self) -> Path:
        return self.folder / "attachments"


FOUND = Passage(3, "https://example.org/tides", "", "ab" * 32, 0, 12, "Moon and sun", label="Tides", at=1_700_000_000.5)


@contextmanager
def new_home(folder: Path) -> Iterator[Home]:
    folder.mkdir(parents=True, exist_ok=True)
    clock, attachments = SystemClock(), folder / "attachments"
    database = Database(folder / "workbench.db", migrations.workbench, backups=folder / "backups")
    store = ExportStore(database)
    imports = Imports(ImportStore(database), partial(keep_file, attachments), Bus(), clock)
    try:
        yield Home(folder, database, ConversationStore(database, clock), store, Exports(store, attachments), imports)
    finally:
        database.close()


def full_chat(home: Home) -> Id:
    """A chat with everything that one can have: branches, thoughts, tools, an attachment, turns, opinions."""
    store = home.chats
    chat = store.create("The sea & <b>the</b> land", choice=ChatChoice("Qwen3 30B", Effort.LOW))
    sha256 = keep_file(home.attachments, b"Tides: 12 h 25 min")
    attached = Attachment("tides.txt", "text/plain", 18, sha256, "Tides: 12 h 25 min", "", 9)
    question = store.append(chat, None, Message(Role.USER, (attached, Text("What makes the tides? 🌊"))))
    first = _answer(home, chat, question.id, (Reasoning("The moon.", 2.5), Text("The **moon**.")), Finish.STOP)
    second = _answer(
        home,
        chat,
        question.id,
        (
            ToolCall("call-1", "search", '{"q": "tides"}'),
            ToolResult("call-1", "search", "Moon and sun", seconds=1.25, passages=(FOUND,), untrusted=True, cut=12),
            Text("Moon and <script>alert(1)</script> sun.\n\n```py\nprint(1)\n```"),
        ),
        Finish.CANCELLED,
    )
    store.append(chat, first, user("And the sun?"))
    store.append(chat, second, user("Thanks"))
    with home.database.write() as tx:
        tx.execute(
            "INSERT INTO feedback (message_id, verdict, reason, correction, at) VALUES (?, ?, 'good', '', 5.5)",
            (first, Verdict.UP.value),
        )
        tx.execute(
            "INSERT INTO preferences (at, kind, chosen_id, rejected_id) VALUES (6.5, 'regenerate', ?, ?)",
            (second, first),
        )
        for number, text in enumerate(("print(2)", "print(3)"), 1):
            tx.execute(
                "INSERT INTO panel_versions (message_id, place, number, text, at) VALUES (?, '2:70', ?, ?, 7.5)",
                (second, number, text),
            )
    return chat


def small_chat(home: Home, title: str = "Small", answer: str = "Yes.") -> Id:
    chat = home.chats.create(title)
    asked = home.chats.append(chat, None, user("Is it?"))
    home.chats.append(chat, asked.id, assistant(answer))
    return chat


def _answer(home: Home, chat: Id, parent: Id, parts: tuple[object, ...], finish: Finish) -> Id:
    _asked, answer, turn = home.chats.begin_turn(
        chat, parent, None, model="Qwen3 30B", backend="local", options={"effort": "high"}
    )
    made = Made(7, "llama.cpp b1, cpu", "the processor")
    outcome = Outcome(finish, Usage(10, 2, 30), Timings(0.5, 100.0, 20.5, 2.25), made=made)
    home.chats.finish_turn(turn.id, answer.id, parts, outcome)  # type: ignore[arg-type]
    return answer.id
