"""Projects as people use them: made, changed, removed and restored; chats moved in and out; who may answer in them."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from workbench.cancel import CancelToken
from workbench.chat.asking.options import AS_SET, Options
from workbench.chat.attaching.attachments import shown_name
from workbench.chat.events import Preparing
from workbench.chat.projects import projects
from workbench.chat.projects.projects import Project, told_of_moving
from workbench.chat.projects.store import ProjectStore
from workbench.chat.tree import ConversationSummary
from workbench.errors import RefusedError, UsageError
from workbench.events import Bus, Topic
from workbench.jobs import Job
from workbench.messages import Attachment, Id
from workbench.paths import given, is_file
from workbench.ports import Clock

SERVER: Final = "server:"  # what a turn's backend begins with when another machine answered


class ProjectService:
    """Any thread."""

    def __init__(
        self,
        store: ProjectStore,
        bus: Bus,
        clock: Clock,
        stranger: Callable[[str], str],
        read: Callable[[Path, CancelToken], Attachment],
        pinned: Callable[[Sequence[str]], Sequence[str]] = lambda _names: (),
    ) -> None:
        """``stranger``: of a model's name, the label of the machine that answers for it and is not the person's; else "".

        It may raise `ModelError` for a name that nobody knows. ``read``: keeps a file and reads it; raises `UsageError`.
        ``pinned``: of names or ids of prompts, what they tell the model first; those that tell nothing are left out.
        """
        self._store = store
        self._bus = bus
        self._clock = clock
        self._stranger = stranger
        self._read = read
        self._pinned = pinned

    # Reading ----------------------------------------------------------------------------------------------------------

    def list(self) -> tuple[Project, ...]:
        """By name; those of the bin are left out."""
        return self._store.all()

    def removed(self) -> tuple[Project, ...]:
        """Those of the bin."""
        return self._store.removed()

    def private_folders(self) -> tuple[str, ...]:
        """Those that belong to private projects, also of one in the bin."""
        found = (*self.list(), *self.removed())
        return tuple(folder for project in found if project.private for folder in project.folders)

    def get(self, project_id: Id) -> Project:
        """Also one of the bin. Raises `UsageError` for an unknown id."""
        return self._store.get(project_id)

    def find(self, words: str) -> Project:
        """By its name, or the beginning of its id. Raises `UsageError`."""
        return projects.named(words, self._store.all())

    def chats(self, project_id: Id) -> tuple[ConversationSummary, ...]:
        """Last changed first."""
        return self._store.chats(project_id)

    def shown_for(self, conversation_id: Id) -> Project | None:
        """The project that a chat is shown in; None for one that is in none."""
        project = self._project_of(conversation_id)
        return None if project is None or project.removed_at is not None else project

    def gone(self, project: Project) -> frozenset[str]:
        """Its folders and files that are not there any more, or not now."""
        checks = ((project.folders, Path.is_dir), (project.files, is_file))
        return frozenset(path for paths, is_there in checks for path in paths if not _is_there(path, is_there))

    # What turns ask ---------------------------------------------------------------------------------------------------

    def of(self, conversation_id: Id) -> Id | None:
        """The project that a chat belongs to, also one of the bin."""
        return self._store.of(conversation_id)

    def options(self, project_id: Id) -> Options:
        """How a turn in it is run where nothing else is asked; a project of the bin says nothing any more."""
        project = self._store.get(project_id)
        if project.removed_at is not None:
            return AS_SET
        options = project.options
        if not project.prompts:
            return options
        return replace(options, system="\n\n".join(filter(None, (options.system, *self._pinned(project.prompts)))))

    def pinned_told(self, names: Sequence[str]) -> Sequence[str]:
        """What these prompts tell the model first, those left out that tell nothing."""
        return self._pinned(names)

    def check(self, project_id: Id, model: str) -> None:
        """Raises `RefusedError` when a model of this name must not get what belongs to a private project."""
        project = self._store.get(project_id)
        if project.private:
            self._refuse_stranger(project, model)

    def folders(self, project_id: Id) -> tuple[str, ...]:
        """Its folders; a project of the bin has none any more."""
        project = self._store.get(project_id)
        return () if project.removed_at is not None else project.folders

    def files(self, project_id: Id, held: Sequence[str], job: Job) -> tuple[Attachment, ...]:
        """Its files that a chat does not hold yet; ``held``: the names of those it does. Emits `Preparing`.

        Raises `UsageError` for one that cannot be read: nothing is left out in silence.
        """
        project = self._store.get(project_id)
        if project.removed_at is not None:
            return ()
        there = Counter(held)
        found = []
        for path in map(Path, project.files):
            name = shown_name(path.name)
            if there[name] > 0:
                there[name] -= 1
            else:
                job.emit(Preparing(f"Reading {name}"))
                found.append(self._file(project, path, job.cancel))
        return tuple(found)

    def _file(self, project: Project, path: Path, cancel: CancelToken) -> Attachment:
        try:
            return self._read(path, cancel)
        except UsageError as error:
            raise UsageError(
                f"A file of “{project.name}” cannot be given with the question: {error.message}",
                hint="Put it back, or take it out of the project. Nothing was sent.",
            ) from error

    def is_private(self, conversation_id: Id) -> bool:
        """Whether nothing of this chat may leave the person's own machines; also after its project was removed."""
        project = self._project_of(conversation_id)
        return project is not None and project.private

    # Changing ---------------------------------------------------------------------------------------------------------

    def create(self, name: str, changes: Mapping[str, Any] | None = None) -> Project:
        """Raises `UsageError` for a name that is taken or no name, and what `change` raises."""
        now = self._clock.now()
        empty = Project(uuid.uuid4().hex, projects.checked_name(name), created_at=now, updated_at=now)
        project = self._changed(empty, changes or {})
        self._store.add(project)
        self._bus.publish(Topic.PROJECTS)
        return project

    def change(self, project_id: Id, changes: Mapping[str, Any]) -> Project:
        """Keys: `projects.CHANGEABLE`. Raises `UsageError` for what no project can have and for new paths where nothing
        is, `RefusedError` for a model that a private project must not use."""
        project = self._store.change(
            project_id, lambda before: replace(self._changed(before, changes), updated_at=self._clock.now())
        )
        self._bus.publish(Topic.PROJECTS)
        return project

    def remove(self, project_id: Id) -> Project:
        """Into the bin; its chats stay where they are, without what it told the model. `restore` undoes it for 30 days."""
        now = self._clock.now()
        project = self._store.change(project_id, lambda before: replace(before, removed_at=before.removed_at or now))
        self._bus.publish(Topic.PROJECTS, Topic.CHATS)
        return project

    def restore(self, project_id: Id) -> Project:
        """Out of the bin, with its chats. Where its name is taken by now, a number is put behind it."""
        taken = [one.name for one in self._store.all() if one.id != project_id]
        project = self._store.change(
            project_id, lambda before: replace(before, removed_at=None, name=projects.free_name(before.name, taken))
        )
        self._bus.publish(Topic.PROJECTS, Topic.CHATS)
        return project

    def empty_bin(self) -> int:
        """Forget for good what has been in the bin for 30 days. Returns how many projects."""
        return self._store.empty_bin(self._clock.now())

    # Moving -----------------------------------------------------------------------------------------------------------

    def what_moving_changes(self, conversation_id: Id, project_id: Id | None) -> tuple[str, ...]:
        """Sentences to show before `move`; none where it would stay where it is."""
        after = None if project_id is None else self._store.get(project_id)
        answered = self._store.answered_by(conversation_id)
        sent_to = [name.removeprefix(SERVER) for name in answered if name.startswith(SERVER)]
        return told_of_moving(self._said_for(conversation_id), after, sent_to)

    def move(self, conversation_id: Id, project_id: Id | None) -> tuple[str, ...]:
        """Into a project, or (None) out of any; the sentences that `what_moving_changes` gives. Raises `UsageError`."""
        told = self.what_moving_changes(conversation_id, project_id)
        self._store.place(conversation_id, project_id)
        self._bus.publish(Topic.PROJECTS, Topic.CHATS)
        return told

    # Pieces -----------------------------------------------------------------------------------------------------------

    def _project_of(self, conversation_id: Id) -> Project | None:
        project_id = self._store.of(conversation_id)
        return None if project_id is None else self._store.get(project_id)

    def _said_for(self, conversation_id: Id) -> Project | None:
        """What holds for a chat now: of a project in the bin nothing but that it is private."""
        project = self._project_of(conversation_id)
        if project is None or project.removed_at is None:
            return project
        return Project(project.id, project.name, private=project.private)

    def _changed(self, before: Project, changes: Mapping[str, Any]) -> Project:
        paths = {
            "folders": _folders(changes.get("folders", before.folders), before.folders),
            "files": _files(changes.get("files", before.files), before.files),
        }
        project = projects.changed(before, {**changes, **{key: paths[key] for key in paths if key in changes}})
        if project.private and project.model and (project.model, True) != (before.model, before.private):
            self._refuse_stranger(project, project.model)
        return project

    def _refuse_stranger(self, project: Project, model: str) -> None:
        stranger = self._stranger(model)
        if stranger:
            raise RefusedError(
                f"“{project.name}” is private, and {stranger} is not marked as yours: nothing was sent.",
                hint="Choose a model of this computer, mark that machine as yours in the settings, or move the chat out "
                "of the project.",
            )


def _folders(words: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """Absolute paths. Raises `UsageError` for a new one where no folder is; those that were there may be gone for now."""
    return tuple(_path(word, known, Path.is_dir, "folder") for word in words)


def _files(words: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    return tuple(_path(word, known, is_file, "file") for word in words)


def _path(word: str, known: Sequence[str], is_there: Callable[[Path], bool], kind: str) -> str:
    if word in known:
        return word
    path = given(word).absolute()
    if not _is_there(path, is_there):
        raise UsageError(f"There is no {kind} {word}.", hint="Check how it is written.")
    return str(path)


def _is_there(path: str | Path, check: Callable[[Path], bool]) -> bool:
    try:
        return check(Path(path))
    except (OSError, ValueError):  # a name that no file can have
        return False
