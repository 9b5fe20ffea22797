"""Servers of tools, and what they offer: the only SQL about them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from workbench.db import Database
from workbench.errors import UsageError, WorkbenchError
from workbench.tools.servers.definition import Server, from_json, to_json
from workbench.tools.servers.offered import OfferedTool
from workbench.tools.servers.offered import to_json as tool_to_json


class ServerStore:
    """Servers of tools as they were agreed to, and their tools. All raise `StorageError`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def all(self) -> tuple[Server, ...]:
        """By name. A row that a newer version wrote in a way that is not understood is left out."""
        servers = []
        for row in self._db.rows("SELECT * FROM tool_servers ORDER BY name COLLATE NOCASE"):
            with suppress(WorkbenchError, ValueError):
                servers.append(_server(row))
        return tuple(servers)

    def add(self, servers: Iterable[Server]) -> None:
        """All of them or none. Raises `UsageError` for a name that another one has."""
        with self._db.write() as tx:
            for server in servers:
                taken = tx.execute("SELECT 1 FROM tool_servers WHERE name = ?", (server.name,)).fetchone()
                if taken:
                    raise UsageError(
                        f"There is a server of tools called {server.name!r} already.",
                        hint="Give this one another name, or remove that one.",
                    )
                tx.execute(
                    """INSERT INTO tool_servers (id, name, definition, enabled, agreed, created_at)
                       VALUES (?, ?, ?, ?, ?, ?)""",
                    (
                        server.id,
                        server.name,
                        json.dumps(to_json(server.definition)),
                        server.enabled,
                        server.agreed,
                        server.created_at,
                    ),
                )

    def save(self, server: Server) -> None:
        """What is different of one that is there; one that was removed stays removed."""
        with self._db.write() as tx:
            tx.execute(
                "UPDATE tool_servers SET definition = ?, enabled = ?, agreed = ? WHERE id = ?",
                (json.dumps(to_json(server.definition)), server.enabled, server.agreed, server.id),
            )

    def forget(self, server_id: str) -> None:
        with self._db.write() as tx:
            tx.execute("DELETE FROM tool_servers WHERE id = ?", (server_id,))

    def tools(self, server_id: str) -> tuple[OfferedTool, ...]:
        """By name."""
        rows = self._db.rows("SELECT * FROM server_tools WHERE server_id = ? ORDER BY name", (server_id,))
        return tuple(_tool(row) for row in rows)

    def offered(self) -> tuple[tuple[str, OfferedTool], ...]:
        """The tools that are switched on, of the servers that are, each with its server's id."""
        rows = self._db.rows(
            """SELECT server_tools.* FROM server_tools JOIN tool_servers ON tool_servers.id = server_id
               WHERE tool_servers.enabled AND server_tools.enabled ORDER BY tool_servers.name, server_tools.name"""
        )
        return tuple((row["server_id"], _tool(row)) for row in rows)

    def save_tools(self, server_id: str, tools: Iterable[OfferedTool]) -> None:
        """These and no others."""
        with self._db.write() as tx:
            if not tx.execute("SELECT 1 FROM tool_servers WHERE id = ?", (server_id,)).fetchone():
                return
            tx.execute("DELETE FROM server_tools WHERE server_id = ?", (server_id,))
            tx.conn.executemany(
                """INSERT INTO server_tools (server_id, name, definition, fingerprint, enabled, reads, note)
                   VALUES (?, ?, ?, ?, ?, ?, ?)""",
                [
                    (
                        server_id,
                        tool.name,
                        json.dumps(tool_to_json(tool)),
                        tool.fingerprint,
                        tool.enabled,
                        tool.reads,
                        tool.note,
                    )
                    for tool in tools
                ],
            )


def _server(row: Any) -> Server:
    return Server(
        row["id"],
        row["name"],
        from_json(json.loads(row["definition"])),
        bool(row["enabled"]),
        row["agreed"],
        row["created_at"],
    )


def _tool(row: Any) -> OfferedTool:
    told = json.loads(row["definition"])
    return OfferedTool(
        row["name"],
        told.get("title", ""),
        told.get("description", ""),
        told.get("parameters", {}),
        told.get("hint", ""),
        row["fingerprint"],
        bool(told.get("usable", True)),
        bool(row["enabled"]),
        bool(row["reads"]),
        row["note"],
    )
