"""Chats as they are kept: listed, named, placed, steered, with what was chosen for each. No model is asked anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from workbench.chat.asking.options import ProjectRules
from workbench.chat.grounding.asked import Grounds
from workbench.chat.steering.drafts import Draft
from workbench.chat.steering.steering import Steering
from workbench.chat.store import ConversationStore
from workbench.chat.tree import SEEN_WHOLE, Conversation, ConversationSummary, Seen
from workbench.errors import UsageError
from workbench.events import Bus, Topic
from workbench.messages import Effort, Id
from workbench.ports import BackendRoute


class Chats:
    """All methods may be called from any thread."""

    def __init__(
        self,
        store: ConversationStore,
        route: BackendRoute,
        bus: Bus,
        forget: Callable[[Id], None],
        projects: ProjectRules,
        grounds: Grounds,
    ) -> None:
        """``forget`` hears of each chat that is deleted or loses a message."""
        self._store = store
        self._route = route
        self._bus = bus
        self._forget = forget
        self._projects = projects
        self._grounds = grounds
        self._steering = Steering(store, store.steering, forget)

    # Reading ----------------------------------------------------------------------------------------------------------

    def list(self) -> tuple[ConversationSummary, ...]:
        return self._store.summaries()

    def open(self, conversation_id: Id) -> Conversation:
        """The whole conversation. Raises `UsageError` for an unknown id."""
        return self._store.load(conversation_id)

    def find(self, prefix: str) -> Id:
        """A full id from its beginning. Raises `UsageError` when it is unknown or ambiguous."""
        return self._store.find(prefix)

    # Steering ---------------------------------------------------------------------------------------------------------

    def show_branch(self, message_id: Id) -> Id:
        """The branch with this message comes into view, where the person was on it last. Returns the conversation."""
        return self._changed(self._steering.show(message_id))

    def delete_message(self, message_id: Id) -> Id:
        """Into the bin: what stands below it hangs on its parent. `restore_message` undoes it for 30 days. Returns the
        conversation; raises `UsageError` while it is being written."""
        return self._changed(self._steering.delete(message_id))

    def restore_message(self, message_id: Id) -> Id:
        """Undo `delete_message`. Raises `UsageError` when it is not in the bin."""
        return self._changed(self._steering.restore(message_id))

    def fork(self, message_id: Id) -> Id:
        """A new chat with a copy of the branch up to this message. Raises `UsageError` while one of it is being written."""
        return self._changed(self._steering.fork(message_id))

    def drafts(self) -> Mapping[Id, Draft]:
        """What was written and not sent, by conversation; `NOT_BEGUN` for the one that is not begun."""
        return self._store.drafts.all()

    def keep_draft(self, conversation_id: Id, draft: Draft) -> None:
        """In place of what was kept before. Nothing is published: only the window that wrote it shows it."""
        self._store.drafts.keep(conversation_id, draft)

    def _changed(self, conversation_id: Id) -> Id:
        self._bus.publish(Topic.CHATS)
        return conversation_id

    def see_whole(self, conversation_id: Id) -> None:
        """Undo `make_room`: the whole chat is sent again."""
        self._see(conversation_id, SEEN_WHOLE)

    def _see(self, conversation_id: Id, seen: Seen) -> None:
        self._store.see(conversation_id, seen)
        self._bus.publish(Topic.CHATS)

    # Keeping ----------------------------------------------------------------------------------------------------------

    def rename(self, conversation_id: Id, title: str) -> None:
        """Raises `UsageError` for an empty title or an unknown id."""
        if not title.strip():
            raise UsageError("A chat needs a title.", hint="Type at least one letter.")
        self._store.rename(conversation_id, " ".join(title.split()))
        self._bus.publish(Topic.CHATS)

    def pin(self, conversation_id: Id, *, pinned: bool) -> None:
        """Keep a chat on top of the list, or let it go with its day again. Raises `UsageError` for an unknown id."""
        self._store.pin(conversation_id, pinned=pinned)
        self._bus.publish(Topic.CHATS)

    def known_folders(self, words: Sequence[str]) -> tuple[str, ...]:
        """As `Options.folders` has them, from ids or names, or with a file's path behind. Raises `UsageError`."""
        return self._grounds.known(words)

    def set_folders(self, conversation_id: Id, folders: Sequence[str]) -> None:
        """The document folders that a chat asks from now on: ids or names, and single files with their path behind.

        Raises `UsageError` for one that is not there, or an unknown chat.
        """
        self._store.set_folders(conversation_id, self._grounds.known(folders))
        self._bus.publish(Topic.CHATS)

    def set_model(self, conversation_id: Id, model: str) -> None:
        """The model that answers in a chat from now on, as `Options.model` names it; empty: as its project and the settings
        say.

        Raises `ModelError` for one that nobody knows, `RefusedError` for one that must not get what belongs to its project,
        `UsageError` for an unknown chat.
        """
        project_id = self._projects.of(conversation_id)
        if model:
            self._route.name(model)
        if model and project_id is not None:
            self._projects.check(project_id, model)
        self._store.choices.set_model(conversation_id, model)
        self._bus.publish(Topic.CHATS)

    def set_effort(self, conversation_id: Id, effort: Effort | None) -> None:
        """How much is thought in a chat from now on, as far as its model knows the effort; None: as its project, the
        settings and the model say. Raises `UsageError` for an unknown chat."""
        self._store.choices.set_effort(conversation_id, effort)
        self._bus.publish(Topic.CHATS)

    def set_tools(self, conversation_id: Id, names: Sequence[str] | None) -> None:
        """The tools that answers of a chat may call from now on; None: as its project and the settings say.

        Raises `UsageError` for an unknown chat.
        """
        self._store.set_tools(conversation_id, names)
        self._bus.publish(Topic.CHATS)

    def set_memory(self, conversation_id: Id, told: bool) -> None:
        """Whether what is remembered is ``told`` in a chat. Raises `UsageError` for an unknown one."""
        self._store.set_memory(conversation_id, on=told)
        self._bus.publish(Topic.CHATS)

    def delete(self, conversation_id: Id) -> None:
        """Into the bin; `restore` undoes it for 30 days."""
        self._store.delete(conversation_id)
        self._forget(conversation_id)
        self._bus.publish(Topic.CHATS)

    def restore(self, conversation_id: Id) -> None:
        self._store.restore(conversation_id)
        self._bus.publish(Topic.CHATS)
