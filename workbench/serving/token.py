"""The token of the local API: in a file that only this user can read, and nowhere else."""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path

from workbench.engine.records import read_private, write_private
from workbench.errors import StorageError
from workbench.paths import Paths

PREFIX = "wb-"
TOKEN_BYTES = 32


class ApiToken:
    """Read anew for each request: a token that was replaced, by whichever process, is worth nothing from then on."""

    def __init__(self, paths: Paths) -> None:
        self.file: Path = paths.run / "api-token"

    def current(self) -> str:
        """The token, made when there is none that only this user can have written. Raises `StorageError`."""
        return self._read() or self.renew()

    def renew(self) -> str:
        """Replace the token; programs that have the old one are refused. Raises `StorageError`."""
        token = PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
        try:
            write_private(self.file, token + "\n")
        except OSError as error:
            raise StorageError(f"{self.file} cannot be written: {error.strerror or error}.") from error
        return token

    def matches(self, given: bytes) -> bool:
        """In a time that tells nothing of how much of it was right."""
        token = self._read()
        return bool(token) and hmac.compare_digest(token.encode(), given)

    def _read(self) -> str:
        token = (read_private(self.file) or "").strip()
        return token if len(token) > TOKEN_BYTES else ""
