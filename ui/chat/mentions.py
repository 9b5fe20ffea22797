"""Folders and files in the composer: what "@" offers, and the chips of what a chat asks. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from ui.translation import tr
from workbench.chat.projects.projects import Project
from workbench.documents.collection import CollectionState, Document, FileStatus
from workbench.ordering import natural_key

MOST_OFFERED = 12
MOST_FOLDERS = 6  # of them, as long as there are files that match
_MENTION = re.compile(r"(?:^|[\s(\[\"'“])@([^\s@]{0,60})\Z")


def mention_in(before: str) -> str | None:
    """What is being written after an "@" at the end of ``before``, without the sign; None: nothing is. In an address of
    mail the sign stands within a word."""
    found = _MENTION.search(before)
    return found[1] if found is not None else None


@dataclass(frozen=True, slots=True)
class Place:
    """A folder or file that a chat can ask. ``word``: as `Options.folders` has it; ``detail``: for the eye, muted."""

    word: str
    name: str
    detail: str = ""
    is_folder: bool = True
    private: bool = False

    @property
    def kind(self) -> str:
        return tr("folder") if self.is_folder else tr("file")

    @property
    def icon(self) -> str:
        return "shield-check" if self.private else "folder-open" if self.is_folder else "file-text"


@dataclass(frozen=True, slots=True)
class FolderChip:
    """One place that the chat in view asks. ``project``: the name of the project that brings it, which it cannot be taken
    out of here; ``problem``: why it does not answer now."""

    place: Place
    project: str = ""
    problem: str = ""

    @property
    def tip(self) -> str:
        """All that is to be told of it."""
        private = tr("Private: nothing of it leaves this computer.") if self.place.private else ""
        project = tr("From the project {name}.").format(name=self.project) if self.project else ""
        return "\n".join(words for words in (self.place.detail, project, private, self.problem) if words)


def folder_place(state: CollectionState) -> Place:
    one = state.collection
    return Place(one.id, one.name, shown(str(one.path)), private=one.private)


def file_place(state: CollectionState, document: Document) -> Place:
    one = state.collection
    where = f"{one.name}/{document.path}".rpartition("/")[0]
    return Place(f"{one.id}/{document.path}", shown(document.name), shown(where), False, one.private)


def offered(
    states: Sequence[CollectionState], files: Sequence[tuple[CollectionState, Document]], query: str
) -> list[Place]:
    """What "@query" offers: folders, then files, best matches first."""
    wanted = query.casefold()
    folders = sorted(
        (folder_place(one) for one in states if wanted in one.collection.name.casefold()),
        key=lambda place: (not place.name.casefold().startswith(wanted), natural_key(place.name)),
    )
    found = sorted(
        (file_place(state, one) for state, one in files if one.status is FileStatus.INDEXED),
        key=lambda place: (_rank(place.name.casefold(), wanted), len(place.name), natural_key(place.name)),
    )
    return [*folders[: MOST_FOLDERS if found else MOST_OFFERED], *found][:MOST_OFFERED]


def _rank(name: str, wanted: str) -> int:
    return 0 if name.startswith(wanted) else 1 if wanted in name else 2


def chips(
    words: Sequence[str], states: Sequence[CollectionState], project: Project | None = None
) -> tuple[FolderChip, ...]:
    """For what the chat asks by itself, and what its project adds."""
    known = {one.collection.id: one for one in states}
    own = tuple(_chip(word, known) for word in words)
    return (*own, *(one for one in _of_project(project, states) if one.place.word not in words))


def _chip(word: str, known: dict[str, CollectionState]) -> FolderChip:
    collection_id, slash, path = word.partition("/")
    state = known.get(collection_id)
    if state is None:
        name = path.rpartition("/")[2] or tr("A folder")
        return FolderChip(Place(word, shown(name), is_folder=not slash), problem=tr("It is not attached any more."))
    if not slash:
        return FolderChip(folder_place(state), problem=state.problem)
    where = f"{state.collection.name}/{path}".rpartition("/")[0]
    name = shown(path.rpartition("/")[2])
    return FolderChip(Place(word, name, shown(where), False, state.collection.private), problem=state.problem)


def _of_project(project: Project | None, states: Sequence[CollectionState]) -> Iterator[FolderChip]:
    """Its folders are paths: those of attached ones, or of parts of them."""
    for path in project.folders if project is not None else ():
        inside = PurePath(path)
        state = next((one for one in states if inside.is_relative_to(one.collection.path)), None)
        problem = (
            state.problem if state is not None else tr("It is not among your document folders, so it does not answer.")
        )
        whole = state is not None and inside == PurePath(state.collection.path)
        word = state.collection.id if whole and state is not None else path
        private = state is not None and state.collection.private
        name = state.collection.name if whole and state is not None else inside.name
        yield FolderChip(
            Place(word, shown(name), shown(path), private=private), project.name if project else "", problem
        )


def shown(name: str) -> str:
    """A name as it can be shown: what is no text in it becomes a question mark."""
    return name.encode("utf-8", "replace").decode("utf-8")
