"""A model hub on loopback, for the real `huggingface_hub` client: repositories in memory, and bytes that come as told.

``/api/models/...`` and ``/OWNER/REPO/resolve/COMMIT/FILE`` answer as the hub does, the latter redirecting to ``/cdn/...``,
whose replies may be scripted like those of any `ScriptedServer`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from tests.fakes.http_server import Exchange, Reply, ScriptedServer, file, redirect, status

COMMIT = "1" * 40


@dataclass
class Repository:
    """``files``: by path. ``lists_sizes`` and ``has_hashes`` False: as some mirrors. ``asks_for``: only with this token."""

    files: dict[str, bytes]
    commit: str = COMMIT
    licence: str = "apache-2.0"
    lists_sizes: bool = True
    has_hashes: bool = True
    asks_for: str = ""

    def described(self, path: str) -> dict[str, object]:
        content = self.files[path]
        sha256 = hashlib.sha256(content).hexdigest()
        lfs = {"sha256": sha256, "oid": sha256, "size": len(content), "pointerSize": 134}
        return {"size": len(content), **({"lfs": lfs} if self.has_hashes else {})}


@dataclass
class LoopbackHub(ScriptedServer):
    """``cdn``: another server that `resolve` redirects to; None: this one. A scripted path answers as scripted.."""

    repositories: dict[str, Repository] = field(default_factory=dict)
    cdn: ScriptedServer | None = None

    def add(self, name: str, **files: bytes) -> Repository:
        """A repository whose files are named by keywords, with ``__`` for a slash; ``.gguf`` is put at the end."""
        repository = Repository({f"{path.replace('__', '/')}.gguf": content for path, content in files.items()})
        self.repositories[name] = repository
        return repository

    def next_reply(self, path: str) -> Reply:
        address = urlsplit(path)
        with self.lock:
            scripted = address.path in self.scripts
        if scripted:
            return super().next_reply(address.path)
        parts = unquote(address.path).strip("/").split("/")
        if parts[:2] == ["api", "models"] and len(parts) >= 4:
            return self._api("/".join(parts[2:4]), parts[4:], parse_qs(address.query))
        if len(parts) > 4 and parts[2] == "resolve":
            return self._resolve("/".join(parts[:2]), parts[3], "/".join(parts[4:]))
        if parts[0] == "cdn":
            return file(self.repositories["/".join(parts[1:3])].files["/".join(parts[3:])])
        return status(404)

    def _api(self, name: str, rest: list[str], query: dict[str, list[str]]) -> Reply:
        repository = self.repositories.get(name)
        if repository is None:
            return status(404, X_Error_Code="RepoNotFound")
        if rest and rest[1] not in (repository.commit, "main"):
            return status(404, X_Error_Code="RevisionNotFound")
        if rest and rest[0] == "paths-info":
            described = [
                {"type": "file", "path": path, "oid": "0" * 40, **repository.described(path)}
                for path in repository.files
            ]
            return _json(described)
        sizes = repository.lists_sizes and "blobs" in query
        siblings = [{"rfilename": path, **(repository.described(path) if sizes else {})} for path in repository.files]
        return _json(
            {"id": name, "sha": repository.commit, "siblings": siblings, "tags": [f"license:{repository.licence}"]}
        )

    def _resolve(self, name: str, commit: str, path: str) -> Reply:
        repository = self.repositories.get(name)
        if repository is None or commit != repository.commit or path not in repository.files:
            return status(404, X_Error_Code="EntryNotFound")

        def reply(exchange: Exchange) -> None:
            if repository.asks_for and exchange.asked.headers.get("authorization") != f"Bearer {repository.asks_for}":
                status(401, X_Error_Code="GatedRepo")(exchange)
                return
            redirect((self.cdn or self).url(f"/cdn/{name}/{path}"))(exchange)

        return reply


def _json(value: object) -> Reply:
    content = json.dumps(value).encode()
    return lambda exchange: exchange.send(200, {"Content-Type": "application/json"}, content)
