"""Files that come in with chats, into the attachments folder, where each is named by its sha256."""

from __future__ import annotations

import hashlib
import os
import uuid
from contextlib import suppress
from pathlib import Path

from workbench.errors import StorageError
from workbench.paths import private_folder


def keep_file(folder: Path, content: bytes) -> str:
    """Returns the sha256. What is there already stays. Raises `StorageError` when the disk refuses."""
    sha256 = hashlib.sha256(content).hexdigest()
    target = folder / sha256
    if target.exists():
        with suppress(OSError):
            os.utime(target)  # young again, and so not swept away before a message names it
        return sha256
    private_folder(folder)
    part = folder / f".{sha256[:16]}.{uuid.uuid4().hex[:8]}.part"
    try:
        with part.open("xb") as file:
            part.chmod(0o600)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise StorageError(f"A file cannot be kept in {folder}: {error.strerror or error}.") from error
    return sha256
