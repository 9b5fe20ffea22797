"""Names and links inside an archive or a record: which of them stay below the folder that they are meant for. Pure."""

from __future__ import annotations

from pathlib import PurePosixPath

from workbench.errors import DownloadError

THROWN_AWAY = "It was thrown away. Nothing was installed."

_MOST_NAME = 400
_BAD_CHARACTERS = frozenset('<>:"|?*\\') | {chr(code) for code in range(32)}


def member_path(name: str) -> PurePosixPath:
    """``name`` as a path below a folder. Raises `DownloadError` for one that would lead out of it or cannot be a name."""
    path = PurePosixPath(name)
    parts = [part for part in path.parts if part != "."]
    bad = (
        not parts
        or path.is_absolute()
        or len(name) > _MOST_NAME
        # ".." and what Windows would make of a name that ends in dots
        or any(part.rstrip(". ") != part or _BAD_CHARACTERS & set(part) for part in parts)
    )
    if bad:
        raise DownloadError(
            f"The archive holds a file with a name that is not allowed: {name[:80]!r}.", hint=THROWN_AWAY
        )
    return PurePosixPath(*parts)


def link_stays_inside(path: PurePosixPath, target: str) -> bool:
    """Whether a link at ``path`` to ``target`` points to something below the folder that ``path`` is relative to."""
    if not target or PurePosixPath(target).is_absolute() or _BAD_CHARACTERS & set(target):
        return False
    depth = len(path.parts) - 1
    for part in PurePosixPath(target).parts:
        depth += -1 if part == ".." else 1
        if depth < 0:
            return False
    return True
