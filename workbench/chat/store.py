"""The conversations in the database: the only SQL about them. Takes and returns the values of `tree`."""

from __future__ import annotations

import json
import statistics
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlite_utils

from workbench import ownership
from workbench.chat.asking.choice import routed_of
from workbench.chat.asking.made import NOT_KNOWN, Made
from workbench.chat.asking.of_chat import NOT_CHOSEN, ChatChoice, choice_of
from workbench.chat.asking.of_chat_store import ChatChoiceStore
from workbench.chat.memory_json import memory_as_json, memory_from_json
from workbench.chat.prompt_json import prompt_as_json, prompt_from_json
from workbench.chat.result_json import result_as_json, result_from_json
from workbench.chat.searching.store import index_message, index_title
from workbench.chat.sources_json import sources_as_json, sources_from_json
from workbench.chat.steering.drafts import DraftStore
from workbench.chat.steering.store import SteeringStore
from workbench.chat.stood_on import handed_down
from workbench.chat.tree import Conversation, ConversationSummary, Node, Seen, Turn, TurnState, standing
from workbench.db import Database, making_many
from workbench.errors import UsageError
from workbench.memory.memory import NOTHING_REMEMBERED, Remembered
from workbench.messages import (
    Attachment,
    Effort,
    Finish,
    Id,
    Image,
    Message,
    Part,
    Reasoning,
    Role,
    Sources,
    Text,
    Timings,
    ToolCall,
    ToolResult,
    Unparsed,
    Usage,
    UsedPrompt,
)
from workbench.ports import Clock

BIN_DAYS = 30
TITLE_CHARACTERS = 60
ANSWERS_LOOKED_AT = 200
LONG_PROMPT_TOKENS = 200  # shorter ones tell little about the speed


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a turn ended, to be stored with its parts."""

    finish: Finish
    usage: Usage = Usage()
    timings: Timings = Timings()
    error: str = ""
    hint: str = ""
    error_kind: str = ""
    note: str = ""
    made: Made = NOT_KNOWN


class ConversationStore:
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
        parts = self._parts_of(conversation_id)
        turns = self._turns_of(conversation_id)
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
        """Seconds of the last whole answers of a model, by the effort that they were asked for."""
        rows = self._db.rows(
            """SELECT options, total_seconds FROM turns
               WHERE model = ? AND finish = 'stop' AND total_seconds IS NOT NULL ORDER BY rowid DESC LIMIT ?""",
            (model, ANSWERS_LOOKED_AT),
        )
        found: dict[Effort, list[float]] = {}
        for row in rows:
            if (effort := _effort(row["options"])) is not None:
                found.setdefault(effort, []).append(row["total_seconds"])
        return found

    def reading_speed(self, model: str) -> float | None:
        """Tokens per second at which this model's last long prompts were read; None where there were none."""
        rows = self._db.rows(
            """SELECT prompt_tokens_per_second FROM turns
               WHERE model = ? AND prompt_tokens_per_second > 0 AND prompt_tokens - coalesce(cached_tokens, 0) >= ?
               ORDER BY rowid DESC LIMIT 5""",
            (model, LONG_PROMPT_TOKENS),
        )
        return statistics.median(row[0] for row in rows) if rows else None

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
        conversation_id = _new_id()
        now = self._clock.now()
        with self._db.write() as tx:
            tx.table("conversations").insert(
                {
                    "id": conversation_id,
                    "title": _clean(title),
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
            turn = self._insert_turn(tx, answer.id, model, backend, options, memory, how)
            if asked:
                index_message(tx, asked.id)
            self._touch(tx, conversation_id, tip_id=answer.id)
        return asked, replace(answer, turn=turn), turn

    def begin_continuation(
        self,
        conversation_id: Id,
        answer_id: Id,
        *,
        model: str,
        backend: str,
        options: Mapping[str, Any] | None = None,
        memory: Remembered = NOTHING_REMEMBERED,
        how: Mapping[str, Any] | None = None,
    ) -> Turn:
        """One more turn that goes on with an answer."""
        with self._db.write() as tx:
            turn = self._insert_turn(tx, answer_id, model, backend, options, memory, how)
            self._touch(tx, conversation_id, tip_id=answer_id)
        return turn

    def checkpoint(self, message_id: Id, parts: Sequence[Part]) -> None:
        """Keep what there is of a growing answer."""
        with self._db.write() as tx:
            _replace_parts(tx, message_id, parts)

    def finish_turn(self, turn_id: Id, message_id: Id, parts: Sequence[Part], outcome: Outcome) -> None:
        """The answer is complete, or as complete as it will get: message, parts, usage and timings together."""
        with self._db.write() as tx:
            _replace_parts(tx, message_id, parts)
            tx.table("turns").update(
                turn_id,
                {
                    "state": TurnState.ENDED.value,
                    "finish": outcome.finish.value,
                    "error": _clean(outcome.error),
                    "hint": _clean(outcome.hint),
                    "error_kind": outcome.error_kind,
                    "note": _clean(outcome.note),
                    "seed": outcome.made.seed,
                    "engine": outcome.made.engine,
                    "devices": outcome.made.devices,
                    "prompt_tokens": outcome.usage.prompt_tokens,
                    "cached_tokens": outcome.usage.cached_tokens,
                    "completion_tokens": outcome.usage.completion_tokens,
                    "first_token_seconds": outcome.timings.first_token_seconds,
                    "prompt_tokens_per_second": outcome.timings.prompt_tokens_per_second,
                    "generation_tokens_per_second": outcome.timings.generation_tokens_per_second,
                    "total_seconds": outcome.timings.total_seconds,
                    "ended_at": self._clock.now(),
                },
            )
            index_message(tx, message_id)
            conversation = tx.execute("SELECT conversation_id FROM messages WHERE id = ?", (message_id,)).fetchone()
            self._touch(tx, conversation[0])

    def interrupt_orphans(self) -> int:
        """Turns whose process is gone become *interrupted*, with the text they had. Returns how many."""
        rows = self._db.rows("SELECT id, owner FROM turns WHERE state = 'running'")
        gone = [row["id"] for row in rows if not ownership.is_alive(row["owner"])]
        if gone:
            with self._db.write() as tx:
                for turn_id in gone:
                    tx.execute(
                        """UPDATE turns SET state = 'ended', finish = 'interrupted', ended_at = ?
                           WHERE id = ? AND state = 'running'""",
                        (self._clock.now(), turn_id),
                    )
        return len(gone)

    def see(self, conversation_id: Id, seen: Seen) -> None:
        """From now on this is what of the conversation is sent."""
        with self._db.write() as tx:
            self._existing(tx, conversation_id)
            tx.table("conversations").update(
                conversation_id, {"seen_from_id": seen.from_id, "summary": _clean(seen.summary)}
            )

    def rename(self, conversation_id: Id, title: str) -> None:
        with self._db.write() as tx:
            self._existing(tx, conversation_id)
            tx.table("conversations").update(conversation_id, {"title": _clean(title), "titled_by": "person"})
            index_title(tx, conversation_id)

    def folders(self, conversation_id: Id) -> tuple[str, ...]:
        """See `Conversation.folders`; none for an unknown id."""
        row = self._db.row("SELECT folders FROM conversations WHERE id = ?", (conversation_id,))
        return () if row is None else tuple(json.loads(row["folders"]))

    def set_folders(self, conversation_id: Id, folders: Sequence[str]) -> None:
        with self._db.write() as tx:
            self._existing(tx, conversation_id)
            tx.table("conversations").update(conversation_id, {"folders": json.dumps(list(folders))})

    def set_tools(self, conversation_id: Id, names: Sequence[str] | None) -> None:
        """See `Conversation.tools`."""
        with self._db.write() as tx:
            self._existing(tx, conversation_id)
            kept = None if names is None else json.dumps(list(dict.fromkeys(names)))
            tx.table("conversations").update(conversation_id, {"tools": kept})

    def set_memory(self, conversation_id: Id, *, on: bool) -> None:
        with self._db.write() as tx:
            self._existing(tx, conversation_id)
            tx.table("conversations").update(conversation_id, {"memory": int(on)})

    def pin(self, conversation_id: Id, *, pinned: bool) -> None:
        with self._db.write() as tx:
            self._existing(tx, conversation_id)
            tx.table("conversations").update(conversation_id, {"pinned_at": self._clock.now() if pinned else None})

    def delete(self, conversation_id: Id) -> None:
        """Into the bin, from where `restore` brings it back."""
        self._set_deleted(conversation_id, self._clock.now())

    def restore(self, conversation_id: Id) -> None:
        self._set_deleted(conversation_id, None)

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

    def _parts_of(self, conversation_id: Id) -> dict[Id, list[Part]]:
        rows = self._db.rows(
            """SELECT message_id, kind, parts.text AS text, payload FROM parts JOIN messages ON messages.id = message_id
               WHERE conversation_id = ? ORDER BY message_id, position""",
            (conversation_id,),
        )
        parts: dict[Id, list[Part]] = {}
        for row in rows:
            parts.setdefault(row["message_id"], []).append(_part(row))
        return parts

    def _turns_of(self, conversation_id: Id) -> dict[Id, Turn]:
        """The last turn of each message."""
        rows = self._db.rows(
            """SELECT turns.*, routed_turns.choice AS choice, routed_turns.outcome AS outcome
               FROM turns JOIN messages ON messages.id = message_id LEFT JOIN routed_turns ON turn_id = turns.id
               WHERE messages.conversation_id = ? ORDER BY turns.rowid""",
            (conversation_id,),
        )
        return {row["message_id"]: _turn(row) for row in rows}

    def _insert(self, tx: sqlite_utils.Database, conversation_id: Id, parent_id: Id | None, message: Message) -> Node:
        self._existing(tx, conversation_id)
        node = Node(_new_id(), parent_id, message, self._clock.now())
        tx.table("messages").insert(
            {
                "id": node.id,
                "conversation_id": conversation_id,
                "parent_id": parent_id,
                "role": message.role.value,
                "created_at": node.created_at,
            }
        )
        _replace_parts(tx, node.id, message.parts)
        return node

    def _insert_turn(
        self,
        tx: sqlite_utils.Database,
        message_id: Id,
        model: str,
        backend: str,
        options: Mapping[str, Any] | None,
        memory: Remembered,
        how: Mapping[str, Any] | None,
    ) -> Turn:
        kept = json.dumps(dict(options or {}))
        turn = Turn(
            _new_id(), model, backend, TurnState.RUNNING, self._clock.now(), effort=_effort(kept), memory=memory
        )
        tx.table("turns").insert(
            {
                "id": turn.id,
                "message_id": message_id,
                "model": _clean(model),
                "backend": backend,
                "options": kept,
                "memory": memory_as_json(memory),
                "asked": json.dumps(dict(how or {})),
                "state": turn.state.value,
                "owner": ownership.this_process(),
                "started_at": turn.started_at,
            }
        )
        return turn

    def _touch(self, tx: sqlite_utils.Database, conversation_id: Id, **changes: Any) -> None:
        tx.table("conversations").update(conversation_id, {"updated_at": self._clock.now(), **changes})

    def _set_deleted(self, conversation_id: Id, at: float | None) -> None:
        with self._db.write() as tx:
            self._existing(tx, conversation_id)
            tx.table("conversations").update(conversation_id, {"deleted_at": at})

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


def _new_id() -> Id:
    return uuid.uuid4().hex


def _clean(text: str) -> str:
    """Text that SQLite stores and gives back: lone surrogates become the replacement character."""
    return text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text


def _unknown(conversation_id: str) -> UsageError:
    return UsageError(
        f"There is no chat {conversation_id!r}.", hint="`workbench chats list` shows the chats and their ids."
    )


def _replace_parts(tx: sqlite_utils.Database, message_id: Id, parts: Sequence[Part]) -> None:
    tx.execute("DELETE FROM parts WHERE message_id = ?", (message_id,))
    for position, part in enumerate(parts):
        kind, text, payload = _columns(part)
        tx.execute(
            "INSERT INTO parts (message_id, position, kind, text, payload) VALUES (?, ?, ?, ?, ?)",
            (message_id, position, kind, _clean(text), None if payload is None else json.dumps(payload)),
        )


def _columns(part: Part) -> tuple[str, str, dict[str, Any] | None]:
    """Kind, text and payload."""
    match part:
        case Reasoning():
            return "reasoning", part.text, {"seconds": part.seconds}
        case ToolCall():
            return "tool_call", part.arguments, {"id": part.id, "name": part.name}
        case ToolResult():
            return "tool_result", part.text, result_as_json(part)
        case Unparsed():
            return "unparsed", part.text, None
        case Attachment():
            kept = {name: getattr(part, name) for name in ("name", "media_type", "bytes", "sha256", "note", "tokens")}
            return "attachment", part.text, kept
        case Sources():
            return "sources", "", sources_as_json(part)
        case UsedPrompt():
            return "prompt", "", prompt_as_json(part)
        case Image():
            raise ValueError("pictures are kept as attachments")
        case Text():
            return "text", part.text, None


def _part(row: Any) -> Part:
    payload = json.loads(row["payload"] or "{}")
    match row["kind"]:
        case "reasoning":
            return Reasoning(row["text"], payload.get("seconds"))
        case "tool_call":
            return ToolCall(payload.get("id", ""), payload.get("name", ""), row["text"])
        case "tool_result":
            return result_from_json(payload, row["text"])
        case "unparsed":
            return Unparsed(row["text"])
        case "sources":
            return sources_from_json(payload)
        case "attachment":
            return Attachment(text=row["text"], **payload)
        case "prompt":
            return prompt_from_json(payload)
        case _:
            return Text(row["text"])


def _turn(row: Any) -> Turn:
    return Turn(
        row["id"],
        row["model"],
        row["backend"],
        TurnState(row["state"]),
        row["started_at"],
        Finish(row["finish"]) if row["finish"] else None,
        Usage(row["prompt_tokens"], row["cached_tokens"], row["completion_tokens"]),
        Timings(
            row["first_token_seconds"],
            row["prompt_tokens_per_second"],
            row["generation_tokens_per_second"],
            row["total_seconds"],
        ),
        row["error"],
        row["hint"],
        _effort(row["options"]),
        row["error_kind"],
        row["note"],
        memory_from_json(row["memory"]),
        routed_of(row["choice"], row["outcome"]),
        Made(row["seed"], row["engine"], row["devices"]),
    )


def _effort(options: str) -> Effort | None:
    """Of a turn's kept options; None where they tell none, or one of another version."""
    try:
        return Effort(json.loads(options)["effort"])
    except (KeyError, TypeError, ValueError):
        return None
