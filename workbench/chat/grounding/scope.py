"""Which documents a chat asks: folders, parts of folders, single files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.documents.collection import Collection, CollectionState, Document
from workbench.documents.retrieval.hit import Query
from workbench.errors import UsageError, WorkbenchError

if TYPE_CHECKING:
    from workbench.chat.grounding.asked import Asked
    from workbench.documents.service import Documents


@dataclass(frozen=True, slots=True)
class Scope:
    """``parts``: folders inside of collections, as patterns in the manner of `.gitignore`. ``gone``: sentences about what
    is asked and cannot be searched."""

    whole: tuple[CollectionState, ...] = ()
    parts: tuple[tuple[CollectionState, str], ...] = ()
    files: tuple[tuple[Collection, Document], ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def collections(self) -> tuple[Collection, ...]:
        states = (*self.whole, *(state for state, _pattern in self.parts))
        return tuple({one.id: one for one in (*(s.collection for s in states), *(c for c, _f in self.files))}.values())

    @property
    def only_files(self) -> bool:
        return bool(self.files) and not self.whole and not self.parts

    def without_private(self) -> Scope:
        return Scope(
            tuple(state for state in self.whole if not state.collection.private),
            tuple(part for part in self.parts if not part[0].collection.private),
            tuple(one for one in self.files if not one[0].private),
        )

    def queries(self, text: str, limit: int) -> Iterator[Query]:
        """One for each kind of place, for a query's filters hold together."""
        if self.whole:
            yield Query(text, collections=tuple(state.collection.id for state in self.whole), limit=limit)
        if self.files:
            yield Query(text, documents=tuple(document.id for _collection, document in self.files), limit=limit)
        for state, pattern in self.parts:
            yield Query(text, collections=(state.collection.id,), path=pattern, limit=limit)

    def told(self) -> str:
        """ "“Contracts” (312 files) and report.pdf"."""
        folders = [_folder(state) for state in self.whole]
        folders += [f"{pattern.strip('/')} of “{state.collection.name}”" for state, pattern in self.parts]
        return listed([*folders, *(document.name for _collection, document in self.files)])


def scope_of(asked: Asked, documents: Documents) -> Scope:
    """What of all that is asked there is. Raises nothing for what is gone."""
    whole: dict[str, CollectionState] = {}
    files: dict[int, tuple[Collection, Document]] = {}
    parts: dict[tuple[str, str], tuple[CollectionState, str]] = {}
    gone: list[str] = []
    for word in asked.folders:
        try:
            state, document = _place(word, documents)
        except WorkbenchError as error:
            gone.append(error.message)
            continue
        if document is None:
            whole[state.collection.id] = state
        else:
            files[document.id] = (state.collection, document)
    for path in asked.paths:
        found = _of_path(Path(path), documents)
        if found is None:
            gone.append(f"{Path(path).name} is not among your document folders, so it was not searched.")
        elif found[1]:
            parts[(found[0].collection.id, found[1])] = found
        else:
            whole[found[0].collection.id] = found[0]
    return Scope(
        tuple(whole.values()),
        tuple(part for part in parts.values() if part[0].collection.id not in whole),
        tuple(one for one in files.values() if one[0].id not in whole),
        tuple(gone),
    )


def known(words: Sequence[str], documents: Documents) -> tuple[str, ...]:
    """As `Asked.folders` has them, from ids or names of folders, or with a file's path behind, or the path of a file.

    Raises `UsageError` for what is not there.
    """
    return tuple(dict.fromkeys(_known(word, documents) for word in words))


def _known(word: str, documents: Documents) -> str:
    try:
        state, document = _place(word, documents)
    except UsageError:
        path = Path(word).expanduser()
        if not path.is_absolute() or (document := documents.find_document(path)) is None:
            raise
        return f"{document.collection_id}/{document.path}"
    return state.collection.id if document is None else f"{state.collection.id}/{document.path}"


def _place(word: str, documents: Documents) -> tuple[CollectionState, Document | None]:
    """A folder by its id or name, or a file of one: ``id/path``. Raises `UsageError`."""
    try:
        return documents.state(word), None
    except UsageError:
        name, slash, path = word.partition("/")
        if not slash or not name:
            raise
        state = documents.state(name)
        document = documents.find_document(state.collection.path / path)
        if document is None:
            raise UsageError(
                f"There is no file {path} in “{state.collection.name}”.",
                hint=f"`workbench folders status {state.collection.name}` lists its files.",
            ) from None
        return state, document


def _of_path(path: Path, documents: Documents) -> tuple[CollectionState, str] | None:
    """The collection that is this folder or holds it, and the pattern of the part; empty: the whole."""
    for state in documents.collections():
        root = state.collection.path
        if path == root:
            return state, ""
        if root in path.parents:
            return state, "/" + re.sub(r"([*?\[\]\\])", r"\\\1", path.relative_to(root).as_posix()) + "/"
    return None


def _folder(state: CollectionState) -> str:
    files = state.files
    return f"“{state.collection.name}” ({files:,} {'file' if files == 1 else 'files'})"


def listed(words: Sequence[str]) -> str:
    """ "a, b and c"."""
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1] if words else "") if part)
