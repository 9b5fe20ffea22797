"""The servers that the person has added: the only SQL about them."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from workbench.db import Database
from workbench.engine.remote.address import parse
from workbench.engine.remote.server import Server, from_json, to_json
from workbench.errors import WorkbenchError


class ServerStore:
    def __init__(self, database: Database) -> None:
        self._db = database

    def all(self) -> tuple[Server, ...]:
        """By name. A row that a newer version wrote with an address that we refuse is left out."""
        servers = []
        for row in self._db.rows("SELECT * FROM servers ORDER BY name COLLATE NOCASE"):
            with suppress(WorkbenchError, ValueError):
                servers.append(_server(row))
        return tuple(servers)

    def save(self, server: Server) -> None:
        """Insert it, or replace the one of the same id."""
        with self._db.write() as tx:
            tx.execute(
                """INSERT OR REPLACE INTO servers
                   (id, name, base_url, mine, has_key, capabilities, consented_at, checked_at)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                (
                    server.id,
                    server.name,
                    server.address.base_url,
                    server.mine,
                    server.has_key,
                    json.dumps(to_json(server.capabilities)),
                    server.consented_at,
                    server.checked_at,
                ),
            )

    def forget(self, server_id: str) -> None:
        with self._db.write() as tx:
            tx.execute("DELETE FROM servers WHERE id = ?", (server_id,))


def _server(row: Any) -> Server:
    return Server(
        row["id"],
        row["name"],
        parse(row["base_url"]),
        bool(row["mine"]),
        bool(row["has_key"]),
        from_json(json.loads(row["capabilities"])),
        row["consented_at"],
        row["checked_at"],
    )
