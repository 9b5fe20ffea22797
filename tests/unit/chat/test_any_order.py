"""Whatever two windows do to a chat in whatever order: what was said is there, in view or a step away, and found."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, precondition, rule

from workbench import migrations
from workbench.chat.searching.service import SearchService
from workbench.chat.searching.store import SearchStore
from workbench.chat.steering.steering import Steering
from workbench.chat.steering.store import SteeringStore
from workbench.chat.store import ConversationStore
from workbench.chat.tree import branch, path_to
from workbench.chat.turn_rows import Outcome
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.errors import UsageError
from workbench.messages import Finish, Id, Text, user

WINDOWS = st.integers(0, 1)


class Window:
    """One process on the home."""

    def __init__(self, home: Path) -> None:
        clock = SystemClock()
        self.database = Database(home / "workbench.db", migrations.workbench, backups=home, durable=False)
        self.chats = ConversationStore(self.database, clock)
        self.steering = Steering(self.chats, SteeringStore(self.database, clock), lambda _chat: None)
        self.search = SearchService(SearchStore(self.database), clock)


class Use(RuleBasedStateMachine):
    """``said``: the one word of each message, by its id; ``gone``: those that were deleted."""

    messages = Bundle("messages")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="wb-test-")
        self.windows = [Window(Path(self.folder.name)) for _ in range(2)]
        self.chats = [self.windows[0].chats.create("Chat")]
        self.chat_of: dict[Id, Id] = {}
        self.said: dict[Id, str] = {}
        self.above: dict[Id, Id | None] = {}
        self.gone: set[Id] = set()

    def teardown(self) -> None:
        for window in self.windows:
            window.database.close()
        self.folder.cleanup()

    def _keep(self, message: Id, chat: Id, parent: Id | None, word: str) -> Id:
        self.chat_of[message], self.above[message], self.said[message] = chat, parent, word
        return message

    def _word(self) -> str:
        return f"word{len(self.said)}x"

    @rule(target=messages, window=WINDOWS)
    def begin(self, window: int) -> Id:
        """Also a second beginning: the first question edited."""
        word, chat = self._word(), self.chats[0]
        steering, chats = self.windows[window].steering, self.windows[window].chats
        steering.branch_off(chats.load(chat), None)
        return self._keep(chats.append(chat, None, user(word)).id, chat, None, word)

    @rule(target=messages, above=messages, window=WINDOWS)
    def go_on(self, above: Id, window: int) -> Id:
        """Below any message, in view or not: a question, an edit or an answer asked for again."""
        chats, chat = self.windows[window].chats, self.chat_of[above]
        if above in self.gone:
            return above
        self.windows[window].steering.branch_off(chats.load(chat), above)
        word = self._word()
        _asked, node, turn = chats.begin_turn(chat, above, None, model="m", backend="b")
        chats.finish_turn(turn.id, node.id, (Text(word),), Outcome(Finish.STOP))
        return self._keep(node.id, chat, above, word)

    @rule(message=messages, window=WINDOWS)
    def delete(self, message: Id, window: int) -> None:
        try:
            self.windows[window].steering.delete(message)
        except UsageError:
            assert message in self.gone
        self.gone.add(message)

    @rule(message=messages, window=WINDOWS)
    def undo(self, message: Id, window: int) -> None:
        try:
            self.windows[window].steering.restore(message)
        except UsageError:
            assert message not in self.gone
            return
        self.gone.discard(message)
        chat = self.windows[window].chats.load(self.chat_of[message])
        assert message in {node.id for node in branch(chat)}

    @rule(message=messages, window=WINDOWS)
    def show(self, message: Id, window: int) -> None:
        if message in self.gone:
            return
        self.windows[window].steering.show(message)
        assert message in {node.id for node in branch(self.windows[1 - window].chats.load(self.chat_of[message]))}

    @precondition(lambda self: len(self.chats) < 4)
    @rule(target=messages, message=messages, window=WINDOWS)
    def fork(self, message: Id, window: int) -> Id:
        if message in self.gone:
            return message
        chats = self.windows[window].chats
        path = path_to(chats.load(self.chat_of[message]), message)
        copy = self.windows[window].steering.fork(message)
        self.chats.append(copy)
        parent: Id | None = None
        for old, new in zip(path, branch(chats.load(copy)), strict=True):
            parent = self._keep(new.id, copy, parent, self.said[old.id])
        assert parent is not None
        return parent

    def _stands_below(self, message: Id) -> Id | None:
        above = self.above[message]
        while above in self.gone:
            above = self.above[above]
        return above

    @invariant()
    def all_that_was_said_is_there(self) -> None:
        for window in self.windows:
            there = {node.id: node for chat in self.chats for node in window.chats.load(chat).nodes}
            assert set(there) == set(self.said) - self.gone
            for message, node in there.items():
                assert (node.message.text, node.parent_id) == (self.said[message], self._stands_below(message))

    @invariant()
    def a_chat_with_messages_shows_one(self) -> None:
        for chat in map(self.windows[0].chats.load, self.chats):
            ids = {node.id for node in chat.nodes}
            assert chat.tip_id in ids if ids else chat.tip_id is None

    @invariant()
    def what_is_there_is_found_and_only_that(self) -> None:
        for word in sorted(set(self.said.values()))[-4:]:
            found = {hit.message for hit in self.windows[1].search.find(f"{word} ", 50)}
            assert found == {one for one, said in self.said.items() if said == word and one not in self.gone}


Use.TestCase.settings = settings(max_examples=12, stateful_step_count=25, deadline=None)
test_any_order = Use.TestCase
