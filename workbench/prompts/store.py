"""The prompt library in the database: the only SQL about prompts, their versions and what was filled in."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from workbench.db import Database, making_many
from workbench.errors import UsageError
from workbench.messages import Id
from workbench.ports import Clock
from workbench.prompts import content, names
from workbench.prompts.prompt import Origin, Prompt, SavedPrompt, Version
from workbench.prompts.rows import AT_ONCE, Stamp, in_parts, saved_of, version_of

BIN_DAYS: Final = 30

_HEADS: Final = """SELECT prompts.*, prompt_files.path AS file
   FROM prompts LEFT JOIN prompt_files ON prompt_files.prompt_id = prompts.id"""
_NEWEST: Final = """SELECT prompt_id, number, content FROM prompt_versions
   JOIN prompts ON prompts.id = prompt_id AND prompts.version = number"""

Known = Mapping[tuple[Id, int], Prompt]
"""Contents that were read before: a version never changes."""


@dataclass(frozen=True, slots=True)
class Put:
    """What became of a prompt that was to be kept: where it is now, whether anything changed, and whether it stands beside
    what somebody else wrote."""

    prompt_id: Id
    changed: bool = True
    beside: bool = False


class PromptStore:
    """All methods may be called from any thread, and raise `StorageError`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    # Reading ----------------------------------------------------------------------------------------------------------

    def generation(self) -> int:
        """A number that changes when another process writes anything."""
        return self._db.version_seen()

    def live(self, known: Known) -> list[SavedPrompt]:
        """Those that are not in the bin, in no order. ``known`` need not be read again."""
        with making_many():
            return self._live(known)

    def _live(self, known: Known) -> list[SavedPrompt]:
        heads = self._db.rows(f"{_HEADS} WHERE removed_at IS NULL")
        missing = [row["id"] for row in heads if (row["id"], row["version"]) not in known]
        found = dict(known) | self._newest(missing, everything=len(missing) > AT_ONCE)
        keys = ((row, found.get((row["id"], row["version"]))) for row in heads)
        return [saved_of(row, prompt) for row, prompt in keys if prompt is not None]

    def removed(self) -> tuple[SavedPrompt, ...]:
        """Those in the bin, last removed first."""
        heads = self._db.rows(f"{_HEADS} WHERE removed_at IS NOT NULL ORDER BY removed_at DESC, prompts.rowid DESC")
        found = self._newest([row["id"] for row in heads])
        keys = ((row, found.get((row["id"], row["version"]))) for row in heads)
        return tuple(saved_of(row, prompt) for row, prompt in keys if prompt is not None)

    def get(self, prompt_id: Id) -> SavedPrompt | None:
        """Also one of the bin."""
        row = self._db.row(f"{_HEADS} WHERE prompts.id = ?", (prompt_id,))
        prompt = self._newest([prompt_id]).get((prompt_id, row["version"])) if row else None
        return None if row is None or prompt is None else saved_of(row, prompt)

    def with_prefix(self, prefix: str) -> tuple[Id, ...]:
        """At most two ids that begin so, of the bin too."""
        rows = self._db.rows("SELECT id FROM prompts WHERE substr(id, 1, ?) = ? LIMIT 2", (len(prefix), prefix))
        return tuple(row["id"] for row in rows)

    def versions(self, prompt_id: Id) -> tuple[Version, ...]:
        """Newest first."""
        rows = self._db.rows("SELECT * FROM prompt_versions WHERE prompt_id = ? ORDER BY number DESC", (prompt_id,))
        return tuple(version for row in rows if (version := version_of(row)) is not None)

    def version(self, prompt_id: Id, number: int) -> Version | None:
        row = self._db.row("SELECT * FROM prompt_versions WHERE prompt_id = ? AND number = ?", (prompt_id, number))
        return version_of(row) if row else None

    def values(self, prompt_id: Id) -> dict[str, str]:
        rows = self._db.rows("SELECT variable, value FROM prompt_values WHERE prompt_id = ?", (prompt_id,))
        return {row["variable"]: row["value"] for row in rows}

    def _newest(self, prompt_ids: Sequence[Id], *, everything: bool = False) -> dict[tuple[Id, int], Prompt]:
        if everything:
            rows = self._db.rows(f"{_NEWEST} WHERE removed_at IS NULL")
        else:
            rows = [
                row for some in in_parts(prompt_ids) for row in self._db.rows(f"{_NEWEST} WHERE {some[0]}", some[1])
            ]
        found = ((row["prompt_id"], row["number"], content.readable(row["content"])) for row in rows)
        read = {(key, number): prompt or self._older(key) for key, number, prompt in found}
        return {key: prompt for key, prompt in read.items() if prompt is not None}

    def _older(self, prompt_id: Id) -> Prompt | None:
        """The newest that can be read, where the newest of all cannot."""
        return next((version.prompt for version in self.versions(prompt_id)), None)

    def damaged(self) -> tuple[str, ...]:
        """The names of those whose newest version cannot be read: an older one is shown in its place."""
        rows = self._db.rows(_NEWEST)
        ids = [row["prompt_id"] for row in rows if content.readable(row["content"]) is None]
        heads = (row for one in ids for row in self._db.rows(f"{_HEADS} WHERE prompts.id = ?", (one,)))
        return tuple(sorted(row["name"] for row in heads))

    # Writing ----------------------------------------------------------------------------------------------------------

    def take_in(self, prompt: Prompt, prompt_id: Id, origin: Origin) -> Put:
        """A new prompt with this id, or the next version of the one that has it (out of the bin, where it is there)."""
        with self._db.write() as tx:
            head = _head(tx, prompt_id)
            if head is None:
                return Put(self._add(tx, prompt, Stamp(origin), prompt_id))
            return self._next(tx, head, prompt, None, Stamp(origin))

    def put(self, prompt: Prompt, prompt_id: Id | None, instead_of: int | None, stamp: Stamp) -> Put:
        """A new prompt, or the next version of one (out of the bin, where it is there); see `library.Prompts.save`.

        ``prompt`` is tidied. Raises `UsageError` for an unknown id, unless the writer saw a version of it: then it was
        erased meanwhile, and what was written is kept as a new prompt.
        """
        with self._db.write() as tx:
            head = _head(tx, prompt_id)
            if prompt_id is not None and head is None and instead_of is None:
                raise unknown(prompt_id)
            if head is None:
                return Put(self._add(tx, prompt, stamp), beside=prompt_id is not None)
            return self._next(tx, head, prompt, instead_of, stamp)

    def _next(self, tx: Any, head: Any, prompt: Prompt, instead_of: int | None, stamp: Stamp) -> Put:
        newest = _content(tx, head["id"], head["version"])
        named = replace(prompt, name=names.free(prompt.name, _taken(tx, head["id"])))
        in_bin = head["removed_at"] is not None
        if named == newest and not in_bin:
            return Put(head["id"], changed=False)
        if instead_of is not None and instead_of != head["version"]:
            seen = _content(tx, head["id"], instead_of)
            if seen is not None and named == seen and not in_bin:
                return Put(head["id"], changed=False)
            if newest is not None and seen != newest:
                why = f"Written while version {head['version']} of “{prompt.title}” was saved elsewhere."
                return Put(self._add(tx, _beside(tx, prompt), replace(stamp, note=stamp.note or why)), beside=True)
        self._append(tx, head, named, stamp)
        return Put(head["id"])

    def _add(self, tx: Any, prompt: Prompt, stamp: Stamp, own_id: Id = "") -> Id:
        prompt_id, now = own_id or uuid.uuid4().hex, self._at(stamp)
        named = replace(prompt, name=names.free(prompt.name, _taken(tx, prompt_id)))
        tx.execute(
            "INSERT INTO prompts (id, name, version, created_at, changed_at) VALUES (?, ?, 1, ?, ?)",
            (prompt_id, named.name, now, now),
        )
        _write_version(tx, prompt_id, 1, now, stamp, named)
        return prompt_id

    def _append(self, tx: Any, head: Any, prompt: Prompt, stamp: Stamp) -> None:
        number, now = head["version"] + 1, self._at(stamp)
        _write_version(tx, head["id"], number, now, stamp, prompt)
        tx.execute(
            "UPDATE prompts SET name = ?, version = ?, changed_at = ?, removed_at = NULL WHERE id = ?",
            (prompt.name, number, now, head["id"]),
        )

    def _at(self, stamp: Stamp) -> float:
        """What was written elsewhere was not written in the future."""
        now = self._clock.now()
        return now if stamp.at is None else min(stamp.at, now)

    def add(self, prompts: Iterable[Prompt], origin: Origin, note: str = "") -> tuple[Id, ...]:
        """New prompts, all or none; each is tidied."""
        with self._db.write() as tx:
            return tuple(self._add(tx, prompt, Stamp(origin, note)) for prompt in prompts)

    def restore_version(self, prompt_id: Id, number: int) -> None:
        """The old version becomes the newest. Raises `UsageError`."""
        with self._db.write() as tx:
            head = _head(tx, prompt_id)
            if head is None:
                raise unknown(prompt_id)
            old = _content(tx, prompt_id, number)
            if old is None:
                hint = f"It has the versions 1 to {head['version']}."
                raise UsageError(f"There is no version {number} of {head['name']!r}.", hint=hint)
            named = replace(old, name=names.free(old.name, _taken(tx, prompt_id)))
            if named != _content(tx, prompt_id, head["version"]) or head["removed_at"] is not None:
                self._append(tx, head, named, Stamp(Origin.RESTORED, f"Version {number} again."))

    def favour(self, prompt_id: Id, *, on: bool) -> None:
        with self._db.write() as tx:
            _changed(tx.execute("UPDATE prompts SET favourite = ? WHERE id = ?", (int(on), prompt_id)), prompt_id)

    def remove(self, prompt_id: Id) -> None:
        """Into the bin; one that is there stays as it is."""
        now = self._clock.now()
        with self._db.write() as tx:
            sql = "UPDATE prompts SET removed_at = coalesce(removed_at, ?) WHERE id = ?"
            _changed(tx.execute(sql, (now, prompt_id)), prompt_id)

    def bring_back(self, prompt_id: Id) -> None:
        """Out of the bin. Where its name is taken, that is a new version with another name."""
        with self._db.write() as tx:
            head = _head(tx, prompt_id)
            if head is None:
                raise unknown(prompt_id)
            name = names.free(head["name"], _taken(tx, prompt_id))
            newest = _content(tx, prompt_id, head["version"])
            if name != head["name"] and newest is not None:
                note = f"“{head['name']}” was taken when it came out of the bin."
                self._append(tx, head, replace(newest, name=name), Stamp(Origin.RESTORED, note))
            else:
                tx.execute("UPDATE prompts SET removed_at = NULL WHERE id = ?", (prompt_id,))

    def erase(self, prompt_ids: Sequence[Id]) -> int:
        """Those of them that are in the bin, for good. Returns how many."""
        with self._db.write() as tx:
            sql = "DELETE FROM prompts WHERE id = ? AND removed_at IS NOT NULL"
            return sum(tx.execute(sql, (prompt_id,)).rowcount for prompt_id in prompt_ids)

    def empty_bin(self) -> int:
        """Forget for good what has been in the bin for 30 days. Returns how many."""
        before = self._clock.now() - BIN_DAYS * 86400
        if not self._db.row("SELECT 1 FROM prompts WHERE removed_at < ? LIMIT 1", (before,)):
            return 0
        with self._db.write() as tx:
            return int(tx.execute("DELETE FROM prompts WHERE removed_at < ?", (before,)).rowcount)

    def used(self, prompt_id: Id, values: Mapping[str, str]) -> None:
        """Count a use, and remember these values beside those of other variables."""
        now = self._clock.now()
        with self._db.write() as tx:
            sql = "UPDATE prompts SET uses = uses + 1, last_used_at = ? WHERE id = ?"
            _changed(tx.execute(sql, (now, prompt_id)), prompt_id)
            for variable, value in values.items():
                tx.execute(
                    """INSERT INTO prompt_values (prompt_id, variable, value) VALUES (?, ?, ?)
                       ON CONFLICT (prompt_id, variable) DO UPDATE SET value = excluded.value""",
                    (prompt_id, content.clean(variable), content.clean(value)),
                )


def unknown(words: str, near: Sequence[str] = (), way: str = "") -> UsageError:
    """``near``: names that may have been meant. ``way``: a sentence, how it comes to be there."""
    meant = f"Did you mean {' or '.join(f'/{name}' for name in near)}? " if near else ""
    return UsageError(f"There is no prompt {words!r}.", hint=f"{meant}{way or '`workbench prompts list` shows them.'}")


def _head(tx: Any, prompt_id: Id | None) -> Any:
    return tx.execute("SELECT id, name, version, removed_at FROM prompts WHERE id = ?", (prompt_id,)).fetchone()


def _content(tx: Any, prompt_id: Id, number: int) -> Prompt | None:
    sql = "SELECT content FROM prompt_versions WHERE prompt_id = ? AND number = ?"
    row = tx.execute(sql, (prompt_id, number)).fetchone()
    return content.readable(row[0]) if row else None


def _taken(tx: Any, prompt_id: Id) -> list[str]:
    """The names of the others that are not in the bin."""
    rows = tx.execute("SELECT name FROM prompts WHERE removed_at IS NULL AND id != ?", (prompt_id,))
    return [row[0] for row in rows.fetchall()]


def _beside(tx: Any, prompt: Prompt) -> Prompt:
    """With a title of its own: two that look the same in a list help nobody. The number is that of its name."""
    name = names.free(prompt.name, _taken(tx, ""))
    number = name.rpartition("-")[2] if name != prompt.name else ""
    return replace(prompt, name=name, title=f"{prompt.title} ({number})" if number else prompt.title)


def _write_version(tx: Any, prompt_id: Id, number: int, at: float, stamp: Stamp, prompt: Prompt) -> None:
    tx.execute(
        """INSERT INTO prompt_versions (prompt_id, number, saved_at, origin, note, content)
           VALUES (?, ?, ?, ?, ?, ?)""",
        (prompt_id, number, at, stamp.origin.value, content.clean(stamp.note), content.to_text(prompt)),
    )


def _changed(cursor: Any, prompt_id: Id) -> None:
    if cursor.rowcount == 0:
        raise unknown(prompt_id)
