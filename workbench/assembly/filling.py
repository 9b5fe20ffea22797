"""Filling in prompts: what day it is, who the person is, files through the confined reader, passages of folders. Built
when somebody asks."""

from __future__ import annotations

import locale
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workbench.assembly.foundation import Foundation
from workbench.cancel import CancelToken
from workbench.errors import RefusedError, UsageError
from workbench.prompts.filling.fill import Filler, Ground
from workbench.prompts.filling.values import Sources
from workbench.prompts.filling.worker import Renderer

if TYPE_CHECKING:
    from workbench.documents.desk import DocumentDesk

_PASSAGES: Final = 8
_OF_ONE_FILE: Final = 3
_KEPT_FILES: Final = 4


def build_filler(base: Foundation, documents: Callable[[], DocumentDesk]) -> Filler:
    """``documents``: asked only where a prompt searches a folder. The clipboard is the window's to know: it fills it in."""

    def ground() -> Ground:
        now = datetime.fromtimestamp(base.clock.now()).astimezone()
        return Ground(now, base.settings().prompts.user_name or account_name(), _language())

    def search(folder: str, words: str, cancel: CancelToken) -> str:
        return found_in(documents(), folder, words, cancel)

    return Filler(ground, Sources(FileTexts().read, None, search), Renderer())


class FileTexts:
    """Texts of files, the last few kept: a preview asks for them at each key. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[tuple[Path, int, int], str] = {}

    def read(self, path: Path, cancel: CancelToken) -> str:
        """As `file_text`; a file that was changed is read again."""
        try:
            status = path.stat()
        except (OSError, ValueError):
            return file_text(path, cancel)  # says what is wrong with it
        key = (path, status.st_mtime_ns, status.st_size)
        with self._lock:
            if (kept := self._kept.get(key)) is not None:
                return kept
        text = file_text(path, cancel)
        with self._lock:
            self._kept[key] = text
            if len(self._kept) > _KEPT_FILES:
                del self._kept[next(iter(self._kept))]
        return text


def file_text(path: Path, cancel: CancelToken) -> str:
    """What is in a file, read by a confined child; what a model's template could take for its own is broken up.

    Raises `DocumentError`, `UsageError` for a picture, `Cancelled`.
    """
    from workbench.chat.attaching.attachments import marked
    from workbench.documents.citing.prompt import harmless
    from workbench.documents.extract.extraction import extract

    extracted = extract(path, cancel)
    if extracted.pixels is not None:
        raise UsageError(f"{path.name} is a picture: it has no text.", hint="Attach it to the message instead.")
    return harmless(marked(extracted), numbers=False)


def found_in(documents: DocumentDesk, folder: str, words: str, cancel: CancelToken) -> str:
    """The best passages of a folder, fenced; a sentence where there are none. Raises `UsageError`, `RefusedError` for a
    private folder: a text does not know any more where it may go."""
    from workbench.chat.grounding.choosing import numbered, passages_of, telling
    from workbench.documents.citing.prompt import fenced
    from workbench.documents.retrieval.hit import Query

    collection = documents.state(folder).collection
    if collection.private:
        raise RefusedError(
            f"The folder {collection.name} is private: prompts cannot search it.", hint="Ask it in a chat instead."
        )
    query = Query(words, collections=(collection.id,), limit=_PASSAGES, per_document=_OF_ONE_FILE)
    found = numbered(passages_of(telling(documents.search(query, cancel).hits)), ())
    if not found:
        return "(Nothing was found.)"
    return fenced([replace(one, path=Path(one.path).name) for one in found])


def account_name() -> str:
    """The person's name as their account has it; empty where it only has the name to log in with, and on Windows."""
    if sys.platform == "win32":
        return ""
    import pwd

    try:
        account = pwd.getpwuid(os.getuid())
    except KeyError:  # in a container
        return ""
    name = account.pw_gecos.split(",")[0].strip()
    return "" if name.casefold() == account.pw_name.casefold() else name


def _language() -> str:
    """As the system is set: `LC_ALL` and its like, else what the platform says."""
    named = next((os.environ[one] for one in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(one)), "")
    return named or locale.getlocale()[0] or ""
