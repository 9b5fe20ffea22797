"""The conversations in the database: the only SQL about them. Takes and returns the values of `tree`."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlite_utils

from workbench.chat.asking.of_chat import NOT_CHOSEN, ChatChoice, choice_of
from workbench.chat.asking.of_chat_store import ChatChoiceStore
from workbench.chat.part_rows import clean, parts_of, replace_parts
from workbench.chat.searching.store import index_message, index_title
from workbench.chat.steering.drafts import DraftStore
from workbench.chat.steering.store import SteeringStore
from workbench.chat.stood_on import handed_down
from workbench.chat.tree import Conversation, ConversationSummary, Node, Seen, Turn, standing
from workbench.chat.turn_rows import (
    Outcome,
    answer_seconds,
    check_is_last,
    end_turn,
    insert_turn,
    interrupt_orphans,
    reading_speed,
    turns_of,
)
from workbench.db import Database, making_many
from workbench.errors import UsageError
from workbench.memory.memory import NOTHING_REMEMBERED, Remembered
from workbench.messages import (
    Effort,
    Id,
    Message,
    Part,
    Role,
)
from workbench.ports import Clock

BIN_DAYS = 30
TITLE_CHARACTERS = 60
ANSWERS_LOOKED_AT = 200
LONG_PROMPT_TOKENS = 200  # shorter ones tell little about the speed


class ConversationStore:
    """What changes a conversation raises `UsageError` for an unknown id. All raise `StorageError`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock
        self.steering = SteeringStore(database, clock)
        self.drafts = DraftStore(database, clock)
        self.choices = ChatChoiceStore(database)

    # Reading ----------------------------------------------------------------------------------------------------------

    def summaries(self) -> tuple[ConversationSummary, ...]:
        """Conversations that are not in the bin, last changed first."""
        with making_many():
            rows = self._db.rows(
                """SELECT id, title, updated_at, messages, project_id, pinned_at
                   FROM conversations WHERE deleted_at IS NULL ORDER BY updated_at DESC, rowid DESC"""
            )
            return tuple(map(ConversationSummary._make, rows))

    def load(self, conversation_id: Id) -> Conversation:
        """The whole tree. Raises `UsageError` for an unknown id."""
        row = self._db.row("SELECT * FROM conversations WHERE id = ?", (conversation_id,))
        if row is None:
            raise _unknown(conversation_id)
        parts = parts_of(self._db, conversation_id)
        turns = turns_of(self._db, conversation_id)
        after = handed_down(self._db, conversation_id)
        messages = self._db.rows(
            "SELECT * FROM messages WHERE conversation_id = ? ORDER BY sequence", (conversation_id,)
        )
        stands = standing((one["id"], one["parent_id"], one["deleted_at"] is not None) for one in messages)
        nodes = tuple(
            Node(
                message["id"],
                stands.get(message["parent_id"]),
                Message(Role(message["role"]), tuple(parts.get(message["id"], ()))),
                message["created_at"],
                turns.get(message["id"]),
                after.get(message["id"], ()),
            )
            for message in messages
            if message["deleted_at"] is None
        )
        seen = Seen(stands.get(row["seen_from_id"]), row["summary"])
        return Conversation(
            row["id"],
            row["title"],
            stands.get(row["tip_id"]),
            nodes,
            row["created_at"],
            row["updated_at"],
            seen,
            row["project_id"],
            row["pinned_at"],
            tuple(json.loads(row["folders"])),
            None if row["tools"] is None else tuple(json.loads(row["tools"])),
            bool(row["memory"]),
            bool(row["imported"]),
            choice_of(row["model"], row["effort"]),
        )

    def node(self, message_id: Id) -> tuple[Conversation, Node]:
        """A message and the conversation that holds it. Raises `UsageError` for an unknown or deleted one."""
        conversation = self.load(self.conversation_of(message_id))
        node = next((node for node in conversation.nodes if node.id == message_id), None)
        if node is None:
            raise UsageError(f"The message {message_id!r} was deleted.", hint="Undo that first.")
        return conversation, node

    def find(self, prefix: str) -> Id:
        """The conversation whose id begins with ``prefix``. Raises `UsageError` when none or several do."""
        rows = self._db.rows(
            "SELECT id, title FROM conversations WHERE substr(id, 1, ?) = ? AND deleted_at IS NULL LIMIT 3",
            (len(prefix), prefix),
        )
        if not prefix or not rows:
            raise _unknown(prefix)
        if len(rows) > 1:
            raise UsageError(f"Several chats have an id that begins with {prefix!r}.", hint="Give more of the id.")
        return str(rows[0]["id"])

    def conversation_of(self, message_id: Id) -> Id:
        """The conversation that holds this message. Raises `UsageError` for an unknown id."""
        row = self._db.row("SELECT conversation_id FROM messages WHERE id = ?", (message_id,))
        if row is None:
            raise UsageError(f"There is no message {message_id!r}.", hint="It may have been deleted with its chat.")
        return str(row[0])

    def how_asked(self, turn_id: Id) -> dict[str, Any]:
        """As `begin_turn` was given it."""
        row = self._db.row("SELECT asked FROM turns WHERE id = ?", (turn_id,))
        return dict(json.loads(row["asked"])) if row is not None else {}

    def answer_seconds(self, model: str) -> dict[Effort, list[float]]:
        """See `turn_rows.answer_seconds`."""
        return answer_seconds(self._db, model)

    def reading_speed(self, model: str) -> float | None:
        """See `turn_rows.reading_speed`."""
        return reading_speed(self._db, model)

    # Writing ----------------------------------------------------------------------------------------------------------

    def create(
        self,
        title: str,
        project_id: Id | None = None,
        folders: Sequence[str] = (),
        tools: Sequence[str] | None = None,
        *,
        memory: bool = True,
        choice: ChatChoice = NOT_CHOSEN,
    ) -> Id:
        conversation_id = uuid.uuid4().hex
        now = self._clock.now()
        with self._db.write() as tx:
            tx.table("conversations").insert(
                {
                    "id": conversation_id,
                    "title": clean(title),
                    "created_at": now,
                    "updated_at": now,
                    "project_id": project_id,
                    "folders": json.dumps(list(folders)),
                    "tools": None if tools is None else json.dumps(list(tools)),
                    "memory": memory,
                    "model": choice.model,
                    "effort": choice.effort.value if choice.effort else "",
                }
            )
            index_title(tx, conversation_id)
        return conversation_id

    def append(self, conversation_id: Id, parent_id: Id | None, message: Message) -> Node:
        """Add a message below ``parent_id``; it becomes the tip."""
        with self._db.write() as tx:
            node = self._insert(tx, conversation_id, parent_id, message)
            index_message(tx, node.id)
            self._touch(tx, conversation_id, tip_id=node.id)
        return node

    def begin_turn(
        self,
        conversation_id: Id,
        parent_id: Id | None,
        question: Message | None,
        *,
        model: str,
        backend: str,
        options: Mapping[str, Any] | None = None,
        memory: Remembered = NOTHING_REMEMBERED,
        how: Mapping[str, Any] | None = None,
    ) -> tuple[Node | None, Node, Turn]:
        """The question, when there is a new one, and the answer that will grow below it: in one transaction, so that an
        acknowledged message always has its turn. ``options``: how it was asked for, as JSON can hold it; ``memory``: what
        the model is told of the person; ``how``: what the person themselves asked for, to go on later in the same way."""
        with self._db.write() as tx:
            asked = self._insert(tx, conversation_id, parent_id, question) if question else None
            answer = self._insert(tx, conversation_id, asked.id if asked else parent_id, Message(Role.ASSISTANT, ()))
            turn = insert_turn(
                tx, answer.id, self._clock.now(), model=model, backend=backend, options=options, memory=memory, how=how
            )
            if asked:
                index_message(tx, asked.id)
            self._touch(tx, conversation_id, tip_id=answer.id)
        return asked, replace(answer, turn=turn), turn

    def begin_continuation(
        self,
        conversation_id: Id,
        answer_id: Id,
        *,
        after: Id,
        model: str,
        backend: str,
        options: Mapping[str, Any] | None = None,
        memory: Remembered = NOTHING_REMEMBERED,
        how: Mapping[str, Any] | None = None,
    ) -> Turn:
        """One more turn that goes on with an answer. ``after``: its last turn, as the caller has read it. Raises
        `UsageError` where another one began meanwhile, here or in another process, or the answer was deleted."""
        with self._db.write() as tx:
            check_is_last(tx, answer_id, after)
            turn = insert_turn(
                tx, answer_id, self._clock.now(), model=model, backend=backend, options=options, memory=memory, how=how
            )
            self._touch(tx, conversation_id, tip_id=answer_id)
        return turn

    def checkpoint(self, message_id: Id, parts: Sequence[Part]) -> None:
        """Keep what there is of a growing answer."""
        with self._db.write() as tx:
            replace_parts(tx, message_id, parts)

    def finish_turn(self, turn_id: Id, message_id: Id, parts: Sequence[Part], outcome: Outcome) -> None:
        """The answer is complete, or as complete as it will get: message, parts, usage and timings together."""
        with self._db.write() as tx:
            replace_parts(tx, message_id, parts)
            end_turn(tx, turn_id, outcome, self._clock.now())
            index_message(tx, message_id)
            conversation = tx.execute("SELECT conversation_id FROM messages WHERE id = ?", (message_id,)).fetchone()
            self._touch(tx, conversation[0])

    def interrupt_orphans(self) -> int:
        """Turns whose process is gone become *interrupted*, with the text they had. Returns how many."""
        return interrupt_orphans(self._db, self._clock.now())

    def see(self, conversation_id: Id, seen: Seen) -> None:
        """From now on this is what of the conversation is sent."""
        self._change(conversation_id, seen_from_id=seen.from_id, summary=clean(seen.summary))

    def rename(self, conversation_id: Id, title: str) -> None:
        with self._db.write() as tx:
            self._existing(tx, conversation_id)
            tx.table("conversations").update(conversation_id, {"title": clean(title), "titled_by": "person"})
            index_title(tx, conversation_id)

    def folders(self, conversation_id: Id) -> tuple[str, ...]:
        """See `Conversation.folders`; none for an unknown id."""
        row = self._db.row("SELECT folders FROM conversations WHERE id = ?", (conversation_id,))
        return () if row is None else tuple(json.loads(row["folders"]))

    def set_folders(self, conversation_id: Id, folders: Sequence[str]) -> None:
        """See `Conversation.folders`."""
        self._change(conversation_id, folders=json.dumps(list(folders)))

    def set_tools(self, conversation_id: Id, names: Sequence[str] | None) -> None:
        """See `Conversation.tools`."""
        self._change(conversation_id, tools=None if names is None else json.dumps(list(dict.fromkeys(names))))

    def set_memory(self, conversation_id: Id, *, on: bool) -> None:
        """See `Conversation.memory`."""
        self._change(conversation_id, memory=int(on))

    def pin(self, conversation_id: Id, *, pinned: bool) -> None:
        """See `Conversation.pinned_at`."""
        self._change(conversation_id, pinned_at=self._clock.now() if pinned else None)

    def delete(self, conversation_id: Id) -> None:
        """Into the bin, from where `restore` brings it back."""
        self._change(conversation_id, deleted_at=self._clock.now())

    def restore(self, conversation_id: Id) -> None:
        """Out of the bin."""
        self._change(conversation_id, deleted_at=None)

    def empty_bin(self) -> int:
        """Forget for good what has been in the bin for 30 days. Returns how many conversations."""
        old = "deleted_at IS NOT NULL AND deleted_at < ?"
        before = self._clock.now() - BIN_DAYS * 86400
        self.steering.empty_bin(before)
        if not self._db.rows(f"SELECT 1 FROM conversations WHERE {old} LIMIT 1", (before,)):  # noqa: S608 - a constant
            return 0
        with self._db.write() as tx:
            gone = int(tx.execute(f"DELETE FROM conversations WHERE {old}", (before,)).rowcount)  # noqa: S608
        self.drafts.sweep()
        return gone

    # Pieces -----------------------------------------------------------------------------------------------------------

    def _insert(self, tx: sqlite_utils.Database, conversation_id: Id, parent_id: Id | None, message: Message) -> Node:
        """Into a chat that was thrown away meanwhile, by another window or a command, too: that comes out of the bin with
        it, or the new words would go where the old ones were meant to."""
        self._existing(tx, conversation_id)
        tx.execute(
            "UPDATE conversations SET deleted_at = NULL WHERE id = ? AND deleted_at IS NOT NULL", (conversation_id,)
        )
        node = Node(uuid.uuid4().hex, parent_id, message, self._clock.now())
        tx.table("messages").insert(
            {
                "id": node.id,
                "conversation_id": conversation_id,
                "parent_id": parent_id,
                "role": message.role.value,
                "created_at": node.created_at,
            }
        )
        replace_parts(tx, node.id, message.parts)
        return node

    def _touch(self, tx: sqlite_utils.Database, conversation_id: Id, **changes: Any) -> None:
        tx.table("conversations").update(conversation_id, {"updated_at": self._clock.now(), **changes})

    def _change(self, conversation_id: Id, **columns: Any) -> None:
        """Of the conversation alone, not of what was said: it stays where it is in the list. Raises `UsageError`."""
        with self._db.write() as tx:
            self._existing(tx, conversation_id)
            tx.table("conversations").update(conversation_id, columns)

    def _existing(self, tx: sqlite_utils.Database, conversation_id: Id) -> None:
        if tx.execute("SELECT 1 FROM conversations WHERE id = ?", (conversation_id,)).fetchone() is None:
            raise _unknown(conversation_id)


def title_of(text: str) -> str:
    """A title from a first message: its first words, on one line, at most 60 characters."""
    line = " ".join(text.split())
    if len(line) <= TITLE_CHARACTERS:
        return line or "New chat"
    cut = line[:TITLE_CHARACTERS].rsplit(" ", 1)[0]
    return f"{cut.rstrip(',.;:')}…"


def _unknown(conversation_id: str) -> UsageError:
    return UsageError(
        f"There is no chat {conversation_id!r}.", hint="`workbench chats list` shows the chats and their ids."
    )
