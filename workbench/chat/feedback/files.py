"""Feedback and cases as a file of JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from workbench.errors import StorageError


def write_document(path: Path, document: dict[str, Any]) -> None:
    """In the place of what is there. Raises `StorageError` where it cannot be written."""
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    try:
        path.write_text(text, encoding="utf-8")
    except (OSError, UnicodeEncodeError) as error:
        why = error.strerror if isinstance(error, OSError) else None
        raise StorageError(f"{path} cannot be written: {why or error}.", hint="Choose another place.") from error
