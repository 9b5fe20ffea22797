"""10,000 chats of 100 messages: list them, open one, search all, save into them, fill the sidebar.

Prints one JSON object a line. Run: ``python -m tests.bench search``; ``python -m tests.bench.bench_search 1000`` for fewer
chats. The database is made under the system's folder for temporary files (about 2 GB) and removed afterwards.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import time
from bisect import bisect
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

from workbench import migrations
from workbench.chat.searching.service import SearchService
from workbench.chat.searching.store import SearchStore
from workbench.chat.store import ConversationStore
from workbench.chat.tree import ConversationSummary
from workbench.chat.turn_rows import Outcome
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.messages import Finish, Text, user

CHATS, MESSAGES = 10_000, 100
WORDS = 60_000  # that differ; as in any language, few of them make up most of a text
SHORTEST, LONGEST = 5, 75  # words of a message
YEAR = 365 * 86400.0
PAGE, PER_CHAT = 30, 3  # hits that the window asks for
PER_COMMIT = 5000


def row(name: str, value: float, unit: str, aim: str = "") -> None:
    print(json.dumps({"name": name, "value": round(value, 4), "unit": unit, "aim": aim}), flush=True)


class Language:
    """Words by frequency: the n-th is used 1/n as often as the first."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        letters = "etaoinshrdlucmfwypvbgkjqxz"
        made: dict[str, None] = {}
        while len(made) < WORDS:
            size = 2 + int(self._random.betavariate(2, 3) * 10)
            made["".join(self._random.choices(letters, range(26, 0, -1), k=size))] = None
        self.words = list(made)
        self._sums = list(accumulate(1 / rank for rank in range(1, WORDS + 1)))

    def text(self) -> str:
        count = self._random.randint(SHORTEST, LONGEST)
        total = self._sums[-1]
        return " ".join(self.words[bisect(self._sums, self._random.random() * total)] for _ in range(count))


class Spoken(NamedTuple):
    """What is said in one chat: questions and answers in turn; ``at`` is the time of the first, in seconds."""

    title: str
    texts: tuple[str, ...]
    at: float


def conversations(language: Language, chats: int, messages: int = MESSAGES) -> Iterator[Spoken]:
    """Chats of the last year, oldest first: the same words each time for the same seed of ``language``."""
    began = time.time() - YEAR
    for chat in range(chats):
        if chat % 500 == 0:
            print(f"made {chat:,} chats", file=sys.stderr)
        texts = tuple(language.text() for _ in range(messages))
        yield Spoken(language.text()[:50], texts, began + YEAR * chat / chats)


def fill(database: Database, spoken: Iterable[Spoken]) -> None:
    """Chats in the tables of the program; nothing of them is in the index yet."""
    for chat, (title, texts, at) in enumerate(spoken):
        key = f"{chat:032x}"
        messages, parts, turns = [], [], []
        for number, text in enumerate(texts):
            one = f"{chat:08x}{number:024x}"
            parent = f"{chat:08x}{number - 1:024x}" if number else None
            messages.append((one, key, parent, "assistant" if number % 2 else "user", at + number))
            parts.append((one, 0, "text", text))
            if number % 2:
                turns.append((one, one, "Qwen3 4B" if chat % 3 else "gpt-oss 20B", "engine", "ended", "", "stop", at))
        with database.write() as tx:
            tx.execute(
                "INSERT INTO conversations (id, title, created_at, updated_at) VALUES (?, ?, ?, ?)",
                (key, title, at, at + len(texts)),
            )
            many = tx.conn.executemany
            many(
                "INSERT INTO messages (id, conversation_id, parent_id, role, created_at) VALUES (?, ?, ?, ?, ?)",
                messages,
            )
            many("INSERT INTO parts (message_id, position, kind, text) VALUES (?, ?, ?, ?)", parts)
            many(
                "INSERT INTO turns (id, message_id, model, backend, state, owner, finish, started_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                turns,
            )
            tx.execute("UPDATE conversations SET tip_id = ? WHERE id = ?", (messages[-1][0], key))


Times = tuple[float, float]
"""Milliseconds by the clock, and of this thread's processor time: what else the machine does not count there."""


def timed(work: Callable[[], Any]) -> Times:
    clock, processor = time.perf_counter(), time.thread_time()
    work()
    return (time.perf_counter() - clock) * 1000, (time.thread_time() - processor) * 1000


def told(name: str, times: list[Times], aim: str, share: float = 0.95) -> None:
    at = min(len(times) - 1, int(len(times) * share))
    by_clock, on_processor = (sorted(one[kind] for one in times) for kind in (0, 1))
    row(f"{name}, median", by_clock[len(times) // 2], "ms")
    row(f"{name}, p{round(share * 100)}", by_clock[at], "ms", aim)
    row(f"{name}, p{round(share * 100)}, processor", on_processor[at], "ms")
    row(f"{name}, slowest of {len(times)}", by_clock[-1], "ms")


def queries(language: Language) -> Iterator[tuple[str, str]]:
    """Words of all frequencies: alone, together, as a phrase, as they are typed, and narrowed."""
    pick = random.Random(2)
    for rank in (1, 2, 3, 5, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 59_999):
        yield "a word", f"{language.words[rank - 1]} "
    for _ in range(40):
        low, high = (language.words[int(WORDS ** pick.random()) - 1] for _ in range(2))
        yield "two words", f"{low} {high} "
        yield "a phrase", f'"{low} {high}"'
    for _ in range(20):
        word = language.words[int(WORDS ** pick.random()) - 1]
        for length in range(2, len(word) + 1):
            yield "as it is typed", word[:length]
        yield "narrowed", f"{word} model:qwen after:2026-06"


def search(database: Database, language: Language) -> None:
    service = SearchService(SearchStore(database), SystemClock())
    service.find("warm", PAGE, per_chat=PER_CHAT)
    times: dict[str, list[Times]] = {}
    slowest = ("", 0.0)
    for kind, text in queries(language):
        taken = timed(lambda text=text: service.find(text, PAGE, per_chat=PER_CHAT))  # type: ignore[misc]
        times.setdefault(kind, []).append(taken)
        slowest = max(slowest, (text, taken[0]), key=lambda one: one[1])
    for kind, some in times.items():
        told(f"search, {kind}", some, "<= 50")
    told("search, all", [one for some in times.values() for one in some], "<= 50")
    print(f"slowest: {slowest}", file=sys.stderr)


def save(store: ConversationStore, language: Language, chats: int) -> None:
    """A question, and its answer of about 1,000 words, each in one transaction, on the disk."""
    begun, ended, bare = list[Times](), list[Times](), list[Times]()
    for number in range(300):
        chat = f"{number * chats // 300:032x}"
        texts = [language.text() for _ in range(18)]
        made: list[Any] = []
        tip = store.load(chat).tip_id
        begun.append(
            timed(lambda: made.extend(store.begin_turn(chat, tip, user(texts[0]), model="m", backend="engine")))  # noqa: B023
        )
        _asked, answer, turn = made
        parts = (Text("\n\n".join(texts)),)
        ended.append(timed(lambda: store.finish_turn(turn.id, answer.id, parts, Outcome(Finish.STOP))))  # noqa: B023
        bare.append(timed(lambda: store.rename(chat, "Renamed")))  # noqa: B023
    told("save a title, for comparison", bare, "", 0.99)
    told("save a question", begun, "<= 20", 0.99)
    told("save an answer", ended, "<= 20", 0.99)


def sidebar(count: int) -> None:
    """In the main thread of a window; offscreen."""
    language, now = Language(4), time.time()
    chats = tuple(
        ConversationSummary(f"{n:032x}", language.text()[:50], now - YEAR * n / count, MESSAGES) for n in range(count)
    )
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from ui.appearance import Appearance
    from ui.chat.sidebar import Sidebar

    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    bar = Sidebar(Appearance(application, "light"))
    bar.resize(268, 860)
    bar.show()
    application.processEvents()

    def show(some: tuple[ConversationSummary, ...]) -> None:
        bar.show_chats(some)
        application.processEvents()

    row("sidebar: first filling", timed(lambda: show(chats))[0], "ms", "<= 100")
    changes = [timed(lambda n=n: show((chats[n], *chats[:n], *chats[n + 1 :]))) for n in range(1, 12)]  # type: ignore[misc]
    told("sidebar: another chat comes first", changes, "<= 50")
    bar.close()


def main() -> int:
    chats = int(sys.argv[1]) if len(sys.argv) > 1 else CHATS
    sidebar(chats)
    language = Language(1)
    with tempfile.TemporaryDirectory(prefix="wb-bench-") as home:
        path = Path(home) / "workbench.db"
        database = Database(path, migrations.workbench, backups=Path(home))
        store, index = ConversationStore(database, SystemClock()), SearchStore(database)
        try:
            fill(database, conversations(language, chats))
            bare = path.stat().st_size
            started = time.perf_counter()
            while index.catch_up(PER_COMMIT):
                pass
            row("messages", chats * MESSAGES, "")
            row("index an older database", chats * MESSAGES / (time.perf_counter() - started), "a second")
            row("database without the index", bare / 1e6, "MB")
            row("database with the index", path.stat().st_size / 1e6, "MB")
            told("list all chats", [timed(store.summaries) for _ in range(15)], "<= 100")
            some = random.Random(3).sample(range(chats), 100)
            told("open a chat", [timed(lambda n=n: store.load(f"{n:032x}")) for n in some], "<= 100")  # type: ignore[misc]
            search(database, language)
            save(store, language, chats)
        finally:
            database.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
