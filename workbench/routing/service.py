"""Chooses by the rules of the person, else by those that come with the program; and keeps what came of it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol

from workbench.chat.asking.choice import Choice, Routed
from workbench.chat.asking.routing import Asked
from workbench.chat.tree import Node
from workbench.errors import StorageError, UsageError
from workbench.messages import Id
from workbench.routing.checks import Answered, failures
from workbench.routing.facts import Around, Facts, Task, facts_of
from workbench.routing.models import Local, choice_of
from workbench.routing.reading import Notice, Read, read
from workbench.routing.rules import Rule, Rules, Then, Use, decided
from workbench.routing.store import Kept, RoutedStore
from workbench.settings import replace_file

MOST_BYTES: Final = 1 << 20
DEEPER_RULE: Final = Rule("", then=Then(Use.DEEP, because="you asked for more thought"))


class Surroundings(Protocol):
    """What rules need to know of this program, now."""

    def local(self, rules: Rules, *, private: bool) -> Local:
        """The models that ``rules`` may choose; one that they name and that is not there is passed over. ``private``: only
        the person's own machines. Raises `ModelError` where there is none."""
        ...

    def tools(self, names: Sequence[str] | None) -> bool:
        """Whether an answer may call some; ``names``: as the chat says, None: it says nothing."""
        ...

    def standing(self, conversation_id: Id | None) -> bool:
        """Whether this chat has a lasting yes to be taken elsewhere, and a cap of its own."""
        ...


@dataclass(frozen=True, slots=True)
class Explained:
    """What would be chosen, and from what it was told."""

    choice: Choice
    facts: Facts


class RouterService:
    """`Router`. Any thread. ``own``: the file of the person's rules, where there is one; ``shipped``: the program's."""

    def __init__(self, own: Path, shipped: Path, around: Surroundings, store: RoutedStore) -> None:
        self._own = own
        self._shipped = shipped
        self._around = around
        self._store = store
        self._lock = threading.Lock()
        self._known: tuple[tuple[int, int] | None, Rules, tuple[Notice, ...]] | None = None

    # Choosing ---------------------------------------------------------------------------------------------------------

    def choose(self, asked: Asked) -> Choice:
        """See `Router.choose`."""
        return self.explain(asked).choice

    def explain(self, asked: Asked) -> Explained:
        """What would be chosen, and why; no model is asked. Raises `ModelError` where there is none."""
        rules, _notices = self.rules()
        around = Around(asked.private, asked.documents, asked.schema, self._around.tools(asked.tools))
        facts = facts_of(asked.question, asked.branch, around)
        rule = DEEPER_RULE if asked.deeper else decided(rules, facts)
        local = self._around.local(rules, private=facts.private)
        choice = choice_of(rule, rules, facts, local, asked.effort)
        standing = not facts.private and self._around.standing(asked.conversation_id)
        return Explained(replace(choice, standing=standing), facts)

    # Keeping ----------------------------------------------------------------------------------------------------------

    def began(self, conversation_id: Id, turn_id: Id, choice: Choice, *, overruled: str = "") -> None:
        """See `Router.began`."""
        self._store.begin(conversation_id, turn_id, choice, overruled)

    def answered(self, turn_id: Id, choice: Choice, asked: Asked, answer: Node) -> Routed:
        """See `Router.answered`."""
        turn = answer.turn
        translates = facts_of(asked.question).task is Task.TRANSLATION
        found = failures(
            Answered(asked.question.text, answer.message, turn.finish if turn else None, asked.schema, translates)
        )
        doubts = [{"check": one.check.value, "words": one.words} for one in found]
        self._store.end(turn_id, {"doubts": doubts, "error": ""})
        return Routed(choice, tuple(one.words for one in found))

    def failed(self, turn_id: Id, kind: str) -> None:
        """See `Router.failed`."""
        self._store.end(turn_id, {"error": kind})

    def claim(self, turn_id: Id) -> bool:
        """Whether the caller alone, of all in all processes, goes on with what is proposed for this turn."""
        return self._store.claim(turn_id)

    def followed(self, turn_id: Id, *, sent: bool = False, held: str = "") -> None:
        """What a stronger model's turn came to: it was ``sent`` by the chat's own yes, or ``held`` here, and why."""
        self._store.end(turn_id, {"sent": sent, "held": held})

    def kept(self, limit: int = 100, conversation_id: Id | None = None) -> tuple[Kept, ...]:
        """What was chosen and what came of it, newest first."""
        return self._store.newest(limit, conversation_id)

    # The rules --------------------------------------------------------------------------------------------------------

    @property
    def file(self) -> Path:
        """The person's own rules; it need not be there."""
        return self._own

    def rules(self) -> tuple[Rules, tuple[Notice, ...]]:
        """Those that hold now, and what of the person's file was not taken. Never raises."""
        stamp = _stamp(self._own)
        with self._lock:
            if self._known is None or self._known[0] != stamp:
                shipped = _read(self._shipped).over(Rules())
                own = Read() if stamp is None else _read(self._own)
                self._known = (stamp, own.over(shipped), own.notices)
            return self._known[1], self._known[2]

    def begin_own(self) -> Path:
        """The person's file, made of the program's rules where there is none. Raises `StorageError`."""
        if not self._own.exists():
            replace_file(self._own, self._shipped.read_text(encoding="utf-8"))
        return self._own

    def restore(self) -> Path | None:
        """The program's rules hold again; the person's file is kept beside under the name that is returned. None: there was
        none. Raises `StorageError`."""
        if not self._own.exists():
            return None
        kept = _free_name(self._own)
        try:
            self._own.rename(kept)
        except OSError as error:
            raise StorageError(f"{self._own} cannot be put aside: {error.strerror or error}.") from error
        return kept


def _read(path: Path) -> Read:
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            return _not_taken(path, f"is longer than {MOST_BYTES >> 20} MB")
        return read(raw.decode("utf-8-sig").replace("\r\n", "\n"), path)
    except (OSError, UnicodeDecodeError) as error:
        return _not_taken(path, f"cannot be read ({error})")


def _not_taken(path: Path, why: str) -> Read:
    return Read(notices=(Notice(path, 1, "", f"it {why}; the rules that come with the program are used."),))


def _stamp(path: Path) -> tuple[int, int] | None:
    """Changes with the file; None: there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _free_name(path: Path) -> Path:
    for number in range(1, 1000):
        name = path.with_name(f"{path.stem}-before-{number}{path.suffix}")
        if not name.exists():
            return name
    raise UsageError(f"There are too many old copies of {path.name}.", hint="Remove some of them.")
