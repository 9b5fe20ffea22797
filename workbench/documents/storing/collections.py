"""The folders that a person attached, in workbench.db: the only SQL about them."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from workbench.db import Database
from workbench.documents.collection import Collection, Rules
from workbench.errors import UsageError
from workbench.messages import Id
from workbench.ordering import natural_key

MOST_NAME: Final = 100
USUAL: Final = Rules()
_LIST_HINT: Final = "`workbench folders list` shows them."


class CollectionStore:
    """All methods may be called from any thread, and raise `StorageError`."""

    def __init__(self, database: Database, now: Callable[[], float]) -> None:
        self._db = database
        self._now = now

    # Reading ----------------------------------------------------------------------------------------------------------

    def all(self) -> tuple[Collection, ...]:
        """By name."""
        known = map(_collection, self._db.rows("SELECT * FROM collections"))
        return tuple(sorted(known, key=lambda one: (natural_key(one.name), one.id)))

    def get(self, collection_id: Id) -> Collection:
        """Raises `UsageError` for an unknown id."""
        row = self._db.row("SELECT * FROM collections WHERE id = ?", (collection_id,))
        if row is None:
            raise _unknown(collection_id)
        return _collection(row)

    def find(self, name_or_id: str) -> Collection:
        """Raises `UsageError` for a folder that is not attached."""
        row = self._db.row("SELECT * FROM collections WHERE id = ? OR name = ?", (name_or_id, name_or_id))
        if row is None:
            raise _unknown(name_or_id)
        return _collection(row)

    def paused(self) -> frozenset[Id]:
        return frozenset(row[0] for row in self._db.rows("SELECT id FROM collections WHERE paused"))

    # Writing ----------------------------------------------------------------------------------------------------------

    def add(self, path: Path, name: str = "", rules: Rules = USUAL, *, private: bool = False) -> Collection:
        """``path``: absolute. Without a name, the folder's own, made unique.

        Raises `UsageError` for a path that is attached already, or stands in an attached one or around one, and for a name
        that is taken.
        """
        with self._db.write() as tx:
            others = _all(tx)
            check_apart(path, others)
            name = _free_name(name, others) if name else _own_name(path, others)
            made = Collection(uuid.uuid4().hex, name, path, private, rules, self._now())
            tx.execute(
                "INSERT INTO collections (id, name, path, private, rules, created_at) VALUES (?, ?, ?, ?, ?, ?)",
                (made.id, made.name, os.fsencode(path), int(private), said(rules), made.created_at),
            )
        return made

    def change(
        self,
        collection_id: Id,
        *,
        name: str | None = None,
        rules: Rules | None = None,
        private: bool | None = None,
        path: Path | None = None,
    ) -> Collection:
        """What is None stays. Raises `UsageError` for an unknown id, and as `add`."""
        with self._db.write() as tx:
            row = tx.execute("SELECT * FROM collections WHERE id = ?", (collection_id,)).fetchone()
            if row is None:
                raise _unknown(collection_id)
            others = [one for one in _all(tx) if one.id != collection_id]
            made = _collection(row)
            if path is not None:
                check_apart(path, others)
                made = replace(made, path=path)
            if name is not None:
                made = replace(made, name=_free_name(name, others))
            made = replace(
                made,
                rules=made.rules if rules is None else rules,
                private=made.private if private is None else private,
            )
            tx.execute(
                "UPDATE collections SET name = ?, path = ?, private = ?, rules = ? WHERE id = ?",
                (made.name, os.fsencode(made.path), int(made.private), said(made.rules), collection_id),
            )
        return made

    def pause(self, collection_id: Id, *, paused: bool) -> None:
        """Raises `UsageError` for an unknown id."""
        with self._db.write() as tx:
            done = tx.execute("UPDATE collections SET paused = ? WHERE id = ?", (int(paused), collection_id))
            if not done.rowcount:
                raise _unknown(collection_id)

    def remove(self, collection_id: Id) -> None:
        """Raises `UsageError` for an unknown id."""
        with self._db.write() as tx:
            if not tx.execute("DELETE FROM collections WHERE id = ?", (collection_id,)).rowcount:
                raise _unknown(collection_id)


def check_apart(path: Path, others: Iterable[Collection]) -> None:
    """That no file would be in two folders. Pure. Raises `UsageError`."""
    for other in others:
        if path == other.path:
            raise UsageError(f"{path} is attached already, as {other.name!r}.", hint=_LIST_HINT)
        if path.is_relative_to(other.path):
            raise UsageError(
                f"{path} stands in {other.path}, which is attached as {other.name!r}: it is read with it.",
                hint="Ask that folder, or remove it first.",
            )
        if other.path.is_relative_to(path):
            raise UsageError(
                f"{other.path}, attached as {other.name!r}, stands in {path}.",
                hint=f"Remove {other.name!r} first: what was read of it is kept for a while, and not read again.",
            )


def said(rules: Rules) -> str:
    """As JSON; what is usual is left out."""
    values: dict[str, Any] = {
        "include": list(rules.include),
        "exclude": list(rules.exclude),
        "formats_off": sorted(rules.formats_off),
        "ignore_files": rules.ignore_files,
        "hidden": rules.hidden,
    }

    plain = {
        "include": [],
        "exclude": [],
        "formats_off": [],
        "ignore_files": USUAL.ignore_files,
        "hidden": USUAL.hidden,
    }
    return json.dumps({name: value for name, value in values.items() if value != plain[name]})


def heard(text: str) -> Rules:
    """The opposite; what it does not know, of a newer version, is passed over."""
    values = json.loads(text)
    return Rules(
        tuple(values.get("include", ())),
        tuple(values.get("exclude", ())),
        frozenset(values.get("formats_off", ())),
        bool(values.get("ignore_files", True)),
        bool(values.get("hidden", False)),
    )


def _all(tx: Any) -> list[Collection]:
    return [_collection(row) for row in tx.execute("SELECT * FROM collections").fetchall()]


def _collection(row: Any) -> Collection:
    path = Path(os.fsdecode(row["path"]))
    return Collection(row["id"], row["name"], path, bool(row["private"]), heard(row["rules"]), row["created_at"])


def _free_name(name: str, others: Iterable[Collection]) -> str:
    clean = _clean(name)
    if not clean or len(clean) > MOST_NAME:
        raise UsageError(f"A folder's name has 1 to {MOST_NAME} characters.", hint="Give it another name.")
    if any(other.name.casefold() == clean.casefold() for other in others):
        raise UsageError(f"Another folder is called {clean!r}.", hint="Give this one another name.")
    return clean


def _own_name(path: Path, others: Iterable[Collection]) -> str:
    own = _clean(path.name)[:MOST_NAME] or _clean(str(path)) or "Folder"
    taken = {other.name.casefold() for other in others}
    if own.casefold() not in taken:
        return own
    return next(name for number in range(2, len(taken) + 3) if (name := f"{own} {number}").casefold() not in taken)


def _clean(text: str) -> str:
    """On one line, and such that SQLite stores it."""
    return " ".join(text.encode("utf-8", "replace").decode().split())


def _unknown(name_or_id: str) -> UsageError:
    return UsageError(f"There is no folder {name_or_id!r}.", hint=_LIST_HINT)
