"""Whether the folder itself is there: its drive may be away, its server may not answer, the system may refuse."""

from __future__ import annotations

import errno
import os
import stat
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath, PureWindowsPath
from typing import Final

ANSWER_SECONDS: Final = 10.0
OFFLINE: Final = "offline"
MISSING: Final = "missing"
NO_PERMISSION: Final = "no_permission"

_DRIVES: Final = ("/media/", "/run/media/", "/mnt/", "/Volumes/", "/net/", "/run/user/")
_NOT_THERE: Final = (errno.ENOENT, errno.ENOTDIR)


@dataclass(frozen=True, slots=True)
class Root:
    """``device``: of the folder, or of the nearest one above it that is there."""

    device: int
    problem: str = ""
    problem_kind: str = ""


NO_ANSWER: Final = Root(0, "Its drive or server does not answer.", OFFLINE)


def look(root: str, seconds: float = ANSWER_SECONDS, listed: Callable[[str], int] | None = None) -> Root:
    """The folder as it is now. A server that does not answer within ``seconds`` is offline: a call to the system cannot be
    ended, so it waits in a thread of its own."""
    answer: list[Root] = []
    asking = threading.Thread(
        target=lambda: answer.append(_ask(root, listed or _listed)), name="workbench-folder", daemon=True
    )
    asking.start()
    asking.join(seconds)
    return answer[0] if answer else NO_ANSWER


def refusal(code: int | None, platform: str = sys.platform) -> str:
    """Why a folder may not be looked into. macOS says "not permitted" for what its privacy settings keep, and "denied" for
    what the folder's own permissions do."""
    if platform == "darwin" and code == errno.EPERM:
        return "macOS keeps it from Workbench: allow it in System Settings > Privacy & Security > Files & Folders."
    return "This user may not look into it."


def lost(path: str, *, windows: bool, there: Callable[[str], bool] = os.path.exists) -> tuple[str, str]:
    """Problem and kind of a folder that is not there: drives are unplugged, other folders are moved or deleted."""
    away = not there(PureWindowsPath(path).anchor) if windows else f"{path}/".startswith(_DRIVES)
    if away:
        return "Its drive is not there.", OFFLINE
    return "The folder is not there: it was moved, renamed or deleted.", MISSING


def _listed(root: str) -> int:
    """The device of a folder that can be listed. Raises `OSError`."""
    status = os.stat(root)  # noqa: PTH116
    if not stat.S_ISDIR(status.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    with os.scandir(root) as entries:
        next(entries, None)
    return status.st_dev


def _ask(root: str, listed: Callable[[str], int]) -> Root:
    try:
        return Root(listed(root))
    except OSError as error:
        if error.errno in _NOT_THERE:
            return Root(_nearest_device(root), *lost(root, windows=os.name == "nt"))
        if error.errno in (errno.EACCES, errno.EPERM):
            return Root(0, refusal(error.errno), NO_PERMISSION)
        return Root(0, f"Its drive cannot be read: {error.strerror or error}.", OFFLINE)
    except ValueError:
        return Root(0, *lost(root, windows=os.name == "nt"))


def _nearest_device(root: str) -> int:
    for folder in PurePath(root).parents:
        try:
            return os.stat(folder).st_dev  # noqa: PTH116
        except OSError:
            continue
    return 0
