"""Verdicts and preferences in the database: the only SQL about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from workbench.chat.feedback.feedback import Feedback, Place, Preference, PreferenceKind, Verdict
from workbench.db import Database
from workbench.errors import UsageError
from workbench.messages import Finish, Id, Role
from workbench.ports import Clock

_TEXT = "(SELECT group_concat(text, '') FROM parts WHERE message_id = {id} AND kind = 'text')"
_MODEL = "(SELECT model FROM turns WHERE message_id = {id} ORDER BY rowid DESC LIMIT 1)"


@dataclass(frozen=True, slots=True)
class Told:
    """A message that somebody has an opinion about, for lists and exports. ``prompt``: the message that it answers.
    ``in_bin``: it, or its chat, was deleted."""

    message_id: Id
    conversation_id: Id
    chat: str
    role: Role
    model: str
    text: str
    prompt: str
    in_bin: bool = False


class FeedbackStore:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    # Verdicts ---------------------------------------------------------------------------------------------------------

    def of(self, conversation_id: Id) -> tuple[Feedback, ...]:
        rows = self._db.rows(
            """SELECT feedback.* FROM feedback JOIN messages ON messages.id = message_id
               WHERE conversation_id = ?""",
            (conversation_id,),
        )
        return tuple(map(_feedback, rows))

    def all(self) -> tuple[Feedback, ...]:
        """Newest first."""
        return tuple(map(_feedback, self._db.rows("SELECT * FROM feedback ORDER BY at DESC, rowid DESC")))

    def get(self, message_id: Id) -> Feedback | None:
        row = self._db.row("SELECT * FROM feedback WHERE message_id = ?", (message_id,))
        return _feedback(row) if row else None

    def keep(self, feedback: Feedback) -> Feedback:
        """In the place of an earlier one. Raises `UsageError` for what is no answer."""
        at = self._clock.now()
        with self._db.write() as tx:
            row = tx.execute("SELECT role FROM messages WHERE id = ?", (feedback.message_id,)).fetchone()
            if row is None:
                raise UsageError(
                    f"There is no message {feedback.message_id!r}.", hint="It may have been deleted with its chat."
                )
            if row[0] != Role.ASSISTANT.value:
                raise UsageError("Only an answer can be judged.", hint="Choose the answer below this question.")
            tx.execute(
                """INSERT INTO feedback (message_id, verdict, reason, correction, at) VALUES (?, ?, ?, ?, ?)
                   ON CONFLICT (message_id) DO UPDATE SET verdict = excluded.verdict, reason = excluded.reason,
                   correction = excluded.correction, at = excluded.at""",
                (
                    feedback.message_id,
                    feedback.verdict.value,
                    clean(feedback.reason),
                    clean(feedback.correction),
                    at,
                ),
            )
        return Feedback(feedback.message_id, feedback.verdict, feedback.reason, feedback.correction, at)

    def remove(self, message_id: Id) -> bool:
        """Whether there was one."""
        with self._db.write() as tx:
            return bool(tx.execute("DELETE FROM feedback WHERE message_id = ?", (message_id,)).rowcount)

    def put_back(self, feedback: Feedback) -> None:
        """As it was; a newer verdict on the same answer stays. Raises `UsageError` where the answer is gone."""
        with self._db.write() as tx:
            if tx.execute("SELECT 1 FROM messages WHERE id = ?", (feedback.message_id,)).fetchone() is None:
                raise _gone()
            tx.execute(
                "INSERT OR IGNORE INTO feedback (message_id, verdict, reason, correction, at) VALUES (?, ?, ?, ?, ?)",
                (
                    feedback.message_id,
                    feedback.verdict.value,
                    clean(feedback.reason),
                    clean(feedback.correction),
                    feedback.at,
                ),
            )

    # Preferences ------------------------------------------------------------------------------------------------------

    def preferences(self) -> tuple[Preference, ...]:
        """Newest first."""
        rows = self._db.rows("SELECT * FROM preferences ORDER BY id DESC")
        return tuple(
            Preference(PreferenceKind(row["kind"]), row["chosen_id"], row["rejected_id"], row["at"], row["id"])
            for row in rows
        )

    def prefer(self, preferences: Iterable[Preference]) -> int:
        """Keep these; known ones stay as they are. Of two messages, the last pick counts. Returns how many are new."""
        now = self._clock.now()
        added = 0
        with self._db.write() as tx:
            for one in preferences:
                pair = (one.kind.value, one.chosen_id, one.rejected_id)
                tx.execute(
                    "DELETE FROM preferences WHERE kind = ? AND chosen_id = ? AND rejected_id = ?",
                    (one.kind.value, one.rejected_id, one.chosen_id),
                )
                added += tx.execute(
                    "INSERT OR IGNORE INTO preferences (kind, chosen_id, rejected_id, at) VALUES (?, ?, ?, ?)",
                    (*pair, now),
                ).rowcount
        return added

    def put_back_preference(self, preference: Preference) -> None:
        """As it was, unless the person has picked anew. Raises `UsageError` where a message is gone."""
        one = preference
        with self._db.write() as tx:
            known = "SELECT count(*) FROM messages WHERE id IN (?, ?)"
            if tx.execute(known, (one.chosen_id, one.rejected_id)).fetchone()[0] != 2:
                raise _gone()
            picked = """SELECT 1 FROM preferences WHERE kind = ? AND ((chosen_id = ? AND rejected_id = ?)
                        OR (chosen_id = ? AND rejected_id = ?))"""
            pair = (one.chosen_id, one.rejected_id)
            if tx.execute(picked, (one.kind.value, *pair, *reversed(pair))).fetchone() is None:
                taken = tx.execute("SELECT 1 FROM preferences WHERE id = ?", (one.id,)).fetchone()
                tx.execute(
                    "INSERT INTO preferences (id, kind, chosen_id, rejected_id, at) VALUES (?, ?, ?, ?, ?)",
                    (None if taken else one.id, one.kind.value, *pair, one.at),  # numbers are given again
                )

    def remove_preference(self, preference_id: int) -> bool:
        with self._db.write() as tx:
            return bool(tx.execute("DELETE FROM preferences WHERE id = ?", (preference_id,)).rowcount)

    def remove_all(self) -> int:
        """Every verdict and preference. Returns how many there were."""
        with self._db.write() as tx:
            return sum(tx.execute(f"DELETE FROM {table}").rowcount for table in ("feedback", "preferences"))  # noqa: S608

    # Around them ------------------------------------------------------------------------------------------------------

    def places(self, message_id: Id) -> tuple[Place, ...]:
        """The messages of the chat that holds this one, without their texts."""
        rows = self._db.rows(
            """SELECT id, parent_id, role,
                      (SELECT finish FROM turns WHERE message_id = messages.id ORDER BY rowid DESC LIMIT 1) AS finish,
                      EXISTS (SELECT 1 FROM parts WHERE message_id = messages.id AND kind = 'text' AND text != '') AS said
               FROM messages WHERE deleted_at IS NULL AND conversation_id =
                   (SELECT conversation_id FROM messages WHERE id = ?)
               ORDER BY sequence""",
            (message_id,),
        )
        return tuple(
            Place(
                row["id"],
                row["parent_id"],
                Role(row["role"]),
                Finish(row["finish"]) if row["finish"] else None,
                bool(row["said"]),
            )
            for row in rows
        )

    def told(self, message_ids: Iterable[Id]) -> dict[Id, Told]:
        """What these messages are, by id."""
        found: dict[Id, Told] = {}
        for message_id in dict.fromkeys(message_ids):
            row = self._db.row(
                f"""SELECT messages.id AS id, conversation_id, title, role,
                           {_MODEL.format(id="messages.id")} AS model, {_TEXT.format(id="messages.id")} AS text,
                           {_TEXT.format(id="messages.parent_id")} AS prompt,
                           messages.deleted_at IS NOT NULL OR conversations.deleted_at IS NOT NULL AS in_bin
                    FROM messages JOIN conversations ON conversations.id = conversation_id
                    WHERE messages.id = ?""",  # noqa: S608 - constants
                (message_id,),
            )
            if row is not None:
                found[message_id] = Told(
                    row["id"],
                    row["conversation_id"],
                    row["title"],
                    Role(row["role"]),
                    row["model"] or "",
                    row["text"] or "",
                    row["prompt"] or "",
                    bool(row["in_bin"]),
                )
        return found

    def find_message(self, prefix: str) -> Id:
        """The message whose id begins with ``prefix``. Raises `UsageError` when none or several do."""
        rows = self._db.rows("SELECT id FROM messages WHERE substr(id, 1, ?) = ? LIMIT 2", (len(prefix), prefix))
        if not prefix or not rows:
            raise UsageError(
                f"There is no message {prefix!r}.", hint="`workbench chats show ID --json` shows the ids of a chat."
            )
        if len(rows) > 1:
            raise UsageError(f"Several messages have an id that begins with {prefix!r}.", hint="Give more of the id.")
        return str(rows[0]["id"])


def _gone() -> UsageError:
    return UsageError("The message is not there any more.", hint="It was deleted with its chat.")


def clean(text: str) -> str:
    """Text that SQLite stores and gives back: lone surrogates become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text


def _feedback(row: Any) -> Feedback:
    return Feedback(row["message_id"], Verdict(row["verdict"]), row["reason"], row["correction"], row["at"])
