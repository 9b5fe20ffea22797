"""Memory as people use it: texts and facts, written, searched, switched off, removed and restored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from workbench.errors import UsageError
from workbench.events import Bus, Topic
from workbench.memory import told, wording
from workbench.memory.importing import Imported, beside, no_room
from workbench.memory.markdown import Noted, Section, as_markdown
from workbench.memory.memory import AboutMe, Fact, Remembered
from workbench.memory.store import MemoryStore
from workbench.messages import Id


class MemoryService:
    """Implements `Memory`. ``projects``: names by id of those that are there, by name."""

    def __init__(self, store: MemoryStore, bus: Bus, projects: Callable[[], dict[Id, str]]) -> None:
        self._store = store
        self._bus = bus
        self._projects = projects

    # Reading ----------------------------------------------------------------------------------------------------------

    def texts(self, project_id: Id | None = None) -> AboutMe:
        return self._store.texts(project_id)

    def facts(self, query: str = "", project_id: Id | None = None, *, all_projects: bool = True) -> tuple[Fact, ...]:
        words = query.casefold().split()
        return tuple(
            fact
            for fact in self._store.facts()
            if (all_projects or fact.project_id == project_id) and all(word in fact.text.casefold() for word in words)
        )

    def get(self, prefix: str) -> Fact:
        """By the beginning of its id, also a removed one. Raises `UsageError`."""
        return self._store.get(prefix)

    def told(self, project_id: Id | None, tokens: int = 800) -> Remembered:
        project_id = project_id if project_id is not None and self._store.holds(project_id) else None
        own = self._store.texts(None)
        of_project = AboutMe() if project_id is None else self._store.texts(project_id)
        facts, older = self._store.newest(project_id, tokens * told.CHARACTERS_PER_TOKEN)
        return told.chosen(own, of_project, facts, tokens, older)

    def as_markdown(self) -> str:
        projects = self._projects()
        texts = {name: self._store.texts(project_id) for project_id, name in projects.items()}
        return as_markdown(self._store.texts(None), texts, self._store.facts(), projects)

    # Changing ---------------------------------------------------------------------------------------------------------

    def write_texts(self, texts: AboutMe, project_id: Id | None = None) -> None:
        checked = wording.checked_texts(texts)
        self._check_project(project_id)
        if checked != self._store.texts(project_id):
            self._store.write_texts(checked, project_id)
            self._bus.publish(Topic.MEMORY)

    def add(
        self,
        text: str,
        project_id: Id | None = None,
        *,
        conversation_id: Id | None = None,
        message_id: Id | None = None,
    ) -> Fact:
        line = wording.checked_fact(text)
        self._check_project(project_id)
        fact = self._store.add(line, project_id, conversation_id, message_id)
        self._bus.publish(Topic.MEMORY)
        return fact

    def change(self, fact_id: Id, text: str | None = None, *, active: bool | None = None) -> Fact:
        line = None if text is None else wording.checked_fact(text)
        fact = self._store.change(fact_id, line, active)
        self._bus.publish(Topic.MEMORY)
        return fact

    def remove(self, fact_id: Id) -> None:
        self._store.set_removed(fact_id, removed=True)
        self._bus.publish(Topic.MEMORY)

    def restore(self, fact_id: Id) -> Fact:
        fact = self._store.set_removed(fact_id, removed=False)
        self._bus.publish(Topic.MEMORY)
        return fact

    def take(self, sections: Sequence[Section]) -> Imported:
        """What a file says, beside what is there. What belongs to a project that is not here is left out, for it was not
        meant for every chat. Raises `StorageError`."""
        ids = {name.casefold(): project_id for project_id, name in self._projects().items()}
        texts = facts = 0
        left_out: list[str] = []
        for section in sections:
            project_id = ids.get(section.project.casefold()) if section.project else None
            if section.project and project_id is None:
                left_out.append(f"There is no project “{section.project}” here: what belongs to it was left out.")
                continue
            texts += self._take_texts(section.texts, project_id, left_out)
            facts += sum(self._take_fact(noted, project_id, left_out) for noted in section.facts)
        self._bus.publish(Topic.MEMORY)
        return Imported(texts, facts, tuple(dict.fromkeys(left_out)))

    def _take_texts(self, coming: AboutMe, project_id: Id | None, left_out: list[str]) -> int:
        there = self._store.texts(project_id)
        if no_room(there, coming):
            left_out.append("A text was left out, for with it there would be more than every answer should be told.")
        merged = wording.checked_texts(beside(there, coming))
        if merged != there:
            self._store.write_texts(merged, project_id)
        return (merged.about != there.about) + (merged.how != there.how)

    def _take_fact(self, noted: Noted, project_id: Id | None, left_out: list[str]) -> int:
        try:
            return self._store.take(replace(noted, text=wording.checked_fact(noted.text)), project_id)
        except UsageError as error:
            left_out.append(error.message)
            return 0

    def _check_project(self, project_id: Id | None) -> None:
        if project_id is not None and not self._store.holds(project_id):
            raise UsageError(f"There is no project {project_id!r}.", hint="`workbench projects list` shows them.")
