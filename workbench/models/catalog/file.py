"""The catalog as a file: ours, shipped, and the person's own, `catalog.json` in the data home, which extends or changes it.

One bad entry never hides the others: it is left out and told, with file and key.
"""

from __future__ import annotations

import difflib
import json
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from workbench.errors import StorageError, UsageError
from workbench.models.catalog.entry import MODEL_KEYS, Entry, EntryError, as_entry, read_model
from workbench.models.catalog.model import CatalogFile, CatalogModel
from workbench.paths import Paths, asset
from workbench.settings import replace_file

SHIPPED: Final = "catalog.json"
SCHEMA: Final = 1

Entries = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class CatalogNotice:
    """Something in a catalog file that was not taken. ``key``: where, such as ``models[2].files[0].bytes``."""

    file: Path
    key: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}, {self.key}: {self.text}" if self.key else f"{self.file}: {self.text}"


class CatalogStore:
    """The catalog of one home. Read when first asked for, and again when the person's file has changed. Any thread."""

    def __init__(self, paths: Paths, shipped: Path | None = None) -> None:
        self._own = paths.home / SHIPPED
        self._shipped = shipped or asset(SHIPPED)
        self._lock = threading.Lock()
        self._state: tuple[int, int] | None = None
        self._models: tuple[CatalogModel, ...] = ()
        self._notices: tuple[CatalogNotice, ...] = ()

    def models(self) -> tuple[CatalogModel, ...]:
        """All models: ours in their order, as changed by the person, then those the person added."""
        self._refresh()
        return self._models

    def notices(self) -> tuple[CatalogNotice, ...]:
        """What was not taken from the files."""
        self._refresh()
        return self._notices

    def add(self, model: CatalogModel) -> None:
        """Keep ``model`` in the person's file, in the place of one with its id. Raises `StorageError`."""
        document = self._own_document()
        kept = [entry for entry in document["models"] if not _has_id(entry, model.id)]
        document["models"] = [*kept, as_entry(model)]
        self._write(document)

    def remove(self, model_id: str) -> bool:
        """Take what the person's file says of ``model_id`` out of it; whether there was something."""
        document = self._own_document()
        kept = [entry for entry in document["models"] if not _has_id(entry, model_id)]
        if len(kept) == len(document["models"]):
            return False
        document["models"] = kept
        self._write(document)
        return True

    def _refresh(self) -> None:
        try:
            status = self._own.stat()
            state = (status.st_mtime_ns, status.st_size)
        except OSError:
            state = (0, 0)
        with self._lock:
            if state != self._state:
                self._models, self._notices = read_catalog(self._shipped, self._own)
                self._state = state

    def _own_document(self) -> dict[str, Any]:
        if not self._own.exists():
            return {"schema": SCHEMA, "models": []}
        document = _load(self._own)
        if isinstance(document, str):
            raise StorageError(
                f"{self._own} {document}, so nothing was saved in it.",
                hint="Correct or remove the file, then try again.",
            )
        return dict(document)

    def _write(self, document: dict[str, Any]) -> None:
        replace_file(self._own, json.dumps(document, ensure_ascii=False, indent=2) + "\n")
        with self._lock:
            self._state = None


def _has_id(entry: Any, model_id: str) -> bool:
    return isinstance(entry, dict) and entry.get("id") == model_id


def read_catalog(shipped: Path, own: Path) -> tuple[tuple[CatalogModel, ...], tuple[CatalogNotice, ...]]:
    """Our models as changed by the person's file, and what was not taken.

    An entry of the person's file with an id of ours replaces only the keys that it names.
    """
    notices: list[CatalogNotice] = []
    entries: Entries = {}
    models: dict[str, CatalogModel] = {}
    ours: frozenset[str] = frozenset()
    for path in (shipped, own) if own.exists() else (shipped,):
        document = _load(path)
        if isinstance(document, str):
            notices.append(CatalogNotice(path, "", f"{document}; it is not used."))
            continue
        for number, entry in enumerate(document["models"]):
            try:
                model, merged = _take(entry, f"models[{number}]", entries, None if path == shipped else ours)
            except EntryError as bad:
                notices.append(CatalogNotice(path, bad.key, f"{bad.text}; this model is left out or as it was."))
                continue
            notices += [CatalogNotice(path, key, "unknown key, not used.") for key in _unknown(entry, number)]
            models[model.id], entries[model.id] = model, merged
        ours = ours or frozenset(models)
    return tuple(models.values()), tuple(notices)


def _load(path: Path) -> Entry | str:
    """The document, or what is wrong with it."""
    try:
        document = json.loads(path.read_text("utf-8"))
    except OSError as error:
        return f"cannot be read ({error.strerror or error})"
    except (ValueError, RecursionError) as error:
        return f"is not valid JSON ({error})"
    if not isinstance(document, dict) or not isinstance(document.get("models"), list):
        return 'has no list "models"'
    if document.get("schema", SCHEMA) != SCHEMA:
        return f"has schema {document.get('schema')!r}; this program reads {SCHEMA}"
    return document


def _take(entry: Any, where: str, known: Entries, ours: frozenset[str] | None) -> tuple[CatalogModel, dict[str, Any]]:
    """The model, and its entry over the one that was known before. ``ours``: None in our own file."""
    if not isinstance(entry, dict):
        raise EntryError(where, "must be an object")
    named = str(entry.get("id"))
    merged = {**known.get(named, {}), **entry}
    return read_model(merged, where, user_added=ours is not None and named not in ours), merged


def _unknown(entry: Entry, number: int) -> list[str]:
    return [f"models[{number}].{key}" for key in entry if key not in MODEL_KEYS]


# Finding --------------------------------------------------------------------------------------------------------------


def find(models: Iterable[CatalogModel], reference: str) -> tuple[CatalogModel, CatalogFile | None] | None:
    """The model that ``reference`` names, with its build when it names one: an id, or OWNER/REPO/FILE[@COMMIT].

    A commit other than the recorded one is another file: None.
    """
    reference = reference.removeprefix("hf://")
    for model in models:
        if model.id == reference:
            return model, None
        for file in model.files:
            if reference in (file.reference, f"{file.repository}/{file.file}"):
                return model, file
    return None


def require(models: Iterable[CatalogModel], model_id: str) -> CatalogModel:
    """The model with this id. Raises `UsageError` with the nearest one."""
    by_id = {model.id: model for model in models}
    if model_id in by_id:
        return by_id[model_id]
    near = difflib.get_close_matches(model_id, by_id, n=1)
    hint = f"Did you mean {near[0]!r}?" if near else "Run `workbench models recommend` to see what fits this machine."
    raise UsageError(f"There is no model {model_id!r} in the catalog or on this disk.", hint=hint)
