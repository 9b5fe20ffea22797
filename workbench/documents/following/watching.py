"""The system's own telling of changes, through `watchfiles`, and what it cannot do."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

from workbench.documents.following.hints import AGAIN_SECONDS, Event

TROUBLE_SECONDS: Final = 1800.0  # then it is tried again
LATER: Final = "changes are noticed within a minute."
LIMIT_NOTE: Final = (
    f"The system has no room to watch all its folders: {LATER} On Linux, a larger fs.inotify.max_user_watches helps."
)
_FAILURES: Final = (OSError, RuntimeError, UnicodeError)
_TRIES, _TRY_SECONDS = 5, 0.1


class Watcher(Protocol):
    """As `watchfiles`' own."""

    def watch(
        self, debounce_ms: int, step_ms: int, timeout_ms: int, stop_event: Any, /
    ) -> set[Event] | str: ...  # pragma: no cover - a shape

    def close(self) -> None: ...


def watchfiles(paths: list[str]) -> Watcher:
    """A watcher of these folders and all in them. Raises `OSError`, `RuntimeError`, `UnicodeError`."""
    from watchfiles._rust_notify import RustNotify  # `watchfiles.watch` sees no failure and closes nothing

    # The last would ignore more than folders that may not be read: also that there is no room for watches.
    return RustNotify(paths, False, False, 300, True, False)  # noqa: FBT003 - its own order


def watch_what_fits(
    make: Callable[[list[str]], Watcher], paths: Sequence[str]
) -> tuple[Watcher | None, dict[str, Exception]]:
    """A watcher of all these folders, or of those that can be watched; and why not, of the others.

    One that cannot be watched fails all, and nobody says which it is: then they are tried one by one.
    """
    if not paths:
        return None, {}
    try:
        return make(list(paths)), {}
    except _FAILURES:
        pass
    fit: list[str] = []
    failures: dict[str, Exception] = {}
    watcher: Watcher | None = None
    for path in paths:
        if watcher is not None:
            watcher.close()
        watcher, error = _patiently(make, [*fit, path])
        if error is None:
            fit.append(path)
        else:
            failures[path] = error
            watcher = _patiently(make, fit)[0]
    return watcher, failures if watcher is not None else dict.fromkeys(
        paths, OSError("the limit is reached")
    ) | failures


def why_not_watched(error: Exception) -> tuple[str, float]:
    """A note for a person, and after how many seconds to try again."""
    told = str(error)
    if isinstance(error, PermissionError):  # one folder that may not be read, and nothing of all is watched
        return f"A folder in it may not be looked into, so it cannot be watched: {LATER}", TROUBLE_SECONDS
    if any(word in told for word in ("limit", "No space left", "Too many open files")):
        return LIMIT_NOTE, TROUBLE_SECONDS
    if isinstance(error, UnicodeError):
        return f"Its path is no text, so it cannot be watched: {LATER}", TROUBLE_SECONDS
    return f"It cannot be watched: {LATER}", AGAIN_SECONDS  # something went while it was walked through


def _patiently(make: Callable[[list[str]], Watcher], paths: list[str]) -> tuple[Watcher | None, Exception | None]:
    """Watches of a watcher that was closed are free a moment later."""
    last: Exception | None = None
    for _try in range(_TRIES if paths else 0):
        try:
            return make(paths), None
        except _FAILURES as error:
            last = error
            if isinstance(error, (PermissionError, UnicodeError)):
                break
            time.sleep(_TRY_SECONDS)
    return None, last
