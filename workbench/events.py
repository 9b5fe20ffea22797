"""Say what changed, not what to repaint."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from workbench.messages import Id


class Topic(StrEnum):
    CHATS = "chats"
    PROJECTS = "projects"
    FEEDBACK = "feedback"
    DOCUMENTS = "documents"
    PROMPTS = "prompts"
    RUNS = "runs"
    TOOLS = "tools"
    CONSENTS = "consents"
    MEMORY = "memory"
    CLOUD = "cloud"
    MODELS = "models"
    DOWNLOADS = "downloads"
    ENGINES = "engines"
    ENGINE = "engine"
    SERVERS = "servers"
    API = "api"
    BENCH = "bench"
    SETTINGS = "settings"


KEPT = frozenset(Topic) - {Topic.ENGINES, Topic.ENGINE, Topic.API, Topic.BENCH, Topic.SETTINGS}
"""The topics of what is in the database, where another process may change it too."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Something of these topics changed and is committed. ``origin``: who changed it, so that it need not reload."""

    topics: frozenset[Topic]
    origin: Id | None = None


Listener = Callable[[Changed], None]


class Bus:
    """Delivers each `Changed` to every subscriber, in the publishing thread: subscribers only pass it on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Returns the function that ends the subscription."""
        with self._lock:
            self._listeners.append(listener)

        def unsubscribe() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return unsubscribe

    def publish(self, *topics: Topic, origin: Id | None = None) -> None:
        with self._lock:
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(Changed(frozenset(topics), origin))
