"""What is remembered of a person, and what of it a turn is told. Pure values, and the facade."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from workbench.messages import Id


@dataclass(frozen=True, slots=True)
class AboutMe:
    """What a person wrote for every chat: ``about`` them, and ``how`` to answer."""

    about: str = ""
    how: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """``project_id`` None: for all chats; else told in that project only. ``conversation_id``, ``message_id``: where it
    came from, None: the person wrote it. ``active`` False: kept, and told to nobody."""

    id: Id
    text: str
    created_at: float
    changed_at: float
    project_id: Id | None = None
    conversation_id: Id | None = None
    message_id: Id | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Remembered:
    """What one turn is told of the person. ``own``: for all chats, ``of_project``: in its project. ``left_out``: how many
    facts found no room."""

    own: AboutMe = AboutMe()
    of_project: AboutMe = AboutMe()
    facts: tuple[Fact, ...] = ()
    left_out: int = 0

    def __bool__(self) -> bool:
        return self != Remembered()


NOTHING_REMEMBERED = Remembered()


class Memory(Protocol):
    """Any thread. Publishes `Topic.MEMORY`."""

    def texts(self, project_id: Id | None = None) -> AboutMe: ...

    def write_texts(self, texts: AboutMe, project_id: Id | None = None) -> None: ...

    def facts(self, query: str = "", project_id: Id | None = None, *, all_projects: bool = True) -> tuple[Fact, ...]:
        """Newest first; those that have all words of ``query``."""
        ...

    def get(self, prefix: str) -> Fact:
        """By the beginning of its id, also a removed one. Raises `UsageError`."""
        ...

    def add(
        self,
        text: str,
        project_id: Id | None = None,
        *,
        conversation_id: Id | None = None,
        message_id: Id | None = None,
    ) -> Fact:
        """Raises `UsageError` for an empty or overlong text. One that is there already is given back."""
        ...

    def change(self, fact_id: Id, text: str | None = None, *, active: bool | None = None) -> Fact: ...

    def remove(self, fact_id: Id) -> None:
        """For good after 30 days; until then `restore` brings it back."""
        ...

    def restore(self, fact_id: Id) -> Fact: ...

    def told(self, project_id: Id | None, tokens: int = 800) -> Remembered:
        """What a turn is told, as far as about so many tokens reach: texts whole, facts newest last, in a steady order so
        that what was read before is found again."""
        ...

    def as_markdown(self) -> str: ...
