"""What the system tells of a file or folder besides its size: kept in the cloud, or leading elsewhere.

Values of Apple's ``sys/stat.h`` (a dataless folder lists itself from the server when it is opened: TN3150) and of
Microsoft's "File Attribute Constants" and [MS-FSCC] 2.1.2.1.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from workbench.documents.extract.cloud import kept_elsewhere

_REPARSE_POINT: Final = 0x400
_LEADING_TAGS: Final = frozenset((0xA000000C, 0xA0000003))  # symbolic link, mount point (a junction is one)
_EXTENDED: Final = "\\\\?\\"

Elsewhere = Callable[[os.stat_result], bool]

FLAGGED: Final = sys.platform in ("darwin", "win32")  # only these two tell of either


def leads_elsewhere(status: os.stat_result) -> bool:
    """Whether a folder is a junction or the like, which could lead around in circles; links are known otherwise."""
    attributes = int(getattr(status, "st_file_attributes", 0))
    return bool(attributes & _REPARSE_POINT) and int(getattr(status, "st_reparse_tag", 0)) in _LEADING_TAGS


def elsewhere_here() -> Elsewhere | None:
    """How it is known that a file is kept in the cloud; None on systems that have no such files."""
    return kept_elsewhere if FLAGGED else None


def list_here(folder: Path) -> None:
    """Have a cloud drive bring the names of what is in this folder, and no contents; as slow as its server."""
    with suppress(OSError, ValueError), os.scandir(folder) as entries:
        next(entries, None)


def extended(path: str, *, windows: bool) -> str:
    """A path that may be longer than 260 characters: on Windows a long one has to begin in a special way."""
    if not windows or path.startswith(_EXTENDED) or len(path) < 2:
        return path
    plain = path.replace("/", "\\")
    return f"{_EXTENDED}UNC\\{plain[2:]}" if plain.startswith("\\\\") else f"{_EXTENDED}{plain}"
