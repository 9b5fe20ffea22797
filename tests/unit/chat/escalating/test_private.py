"""What must not leave although it hides: in other chats, in the bin, in copies, in folders that are gone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.unit.chat.escalating.world import World
from workbench.assembly.escalating import private_by_now
from workbench.cancel import CancelToken
from workbench.chat.asking.options import NoProjects
from workbench.chat.escalating.escalation import Mode, PieceKind
from workbench.chat.searching.said import Reach, SaidBefore
from workbench.chat.searching.store import SearchStore
from workbench.chat.stood_on import StoodOn
from workbench.chat.tree import Node
from workbench.consents.consent import ConsentState
from workbench.documents.storing.collections import CollectionStore
from workbench.errors import RefusedError, UsageError
from workbench.jobs import quiet_job
from workbench.messages import Passage, Sources, ToolCall, ToolResult

DIARY = Passage(1, "/home/diary.txt", "", "b" * 64, 0, 12, "Zanzibar is the word", private=True)
SECRET = "Zanzibar"


def stands_on(world: World, answer: Node, *passages: Passage) -> None:
    parts = world.store.node(answer.id)[1].message.parts
    world.store.checkpoint(answer.id, (Sources(passages), *parts))


def found_by_tool(world: World, answer: Node, *passages: Passage) -> None:
    parts = world.store.node(answer.id)[1].message.parts
    result = ToolResult("t", "search_chats", "[1] …", passages=passages)
    world.store.checkpoint(answer.id, (ToolCall("t", "search_chats", "{}"), result, *parts))


def said_before(world: World) -> tuple[Passage, ...]:
    database = world.workbench.database
    found = SaidBefore(SearchStore(database), StoodOn(database)).find(SECRET, Reach(), 8, CancelToken())
    return tuple(replace(one, number=number) for number, one in enumerate(found, 1))


def leaves(world: World, message: Node, mode: Mode) -> bool:
    """Whatever a person ticks."""
    draft = world.draft(message, mode)
    ticked = replace(draft, pieces=tuple(replace(piece, kept=True, private=False) for piece in draft.pieces))
    return SECRET in world.escalations.preview(ticked).body


@pytest.fixture
def told(tmp_path: Path) -> Any:
    world = World(tmp_path / "told", "The diary says Zanzibar.", "As said, Zanzibar.", "Zanzibar, once more.")
    yield world
    world.close()


def test_what_another_chat_has_of_a_private_folder_stays(told: World) -> None:
    stands_on(told, told.asked("What does my diary say?"), DIARY)
    (found,) = said_before(told)
    assert found.private
    second = told.asked("Sum it up.")
    for passage in (found, replace(found, private=False)):  # as it is found now, and as an older version kept it
        found_by_tool(told, second, passage)
        assert not any(leaves(told, second, mode) for mode in (Mode.QUESTION, Mode.BRANCH, Mode.CHECK))


def test_what_was_found_in_a_chat_that_stands_on_a_private_one_stays(told: World) -> None:
    first = told.asked("What does my diary say?")
    (found,) = said_before(told)
    second = told.asked("Sum it up.")
    found_by_tool(told, second, found)
    third = told.asked("Again.")
    path = f"chat:{told.conversation_of(second)}#{second.id}"
    found_by_tool(told, third, replace(found, path=path))
    assert leaves(told, third, Mode.QUESTION)
    stands_on(told, first, DIARY)
    assert not leaves(told, third, Mode.QUESTION)


def test_what_another_chat_said_stays_until_it_is_added_and_has_no_ids(told: World) -> None:
    told.asked("Where?")
    (found,) = said_before(told)
    second = told.asked("Sum it up.")
    found_by_tool(told, second, found)
    (piece,) = [one for one in told.draft(second).pieces if one.kind is PieceKind.PASSAGE]
    assert (piece.kept, piece.private, bool(piece.note)) == (False, False, True)
    assert piece.title.startswith("An earlier chat · ")
    added = replace(told.draft(second), pieces=tuple(replace(one, kept=True) for one in told.draft(second).pieces))
    body = told.escalations.preview(added).body
    assert SECRET in body
    assert "chat:" not in body
    assert told.conversation_of(second) not in body


def test_a_deleted_answer_still_counts_for_those_below_it_when_it_is_forgotten_and_in_copies(told: World) -> None:
    first = told.asked("What does my diary say?")
    stands_on(told, first, DIARY)
    second = told.asked("Repeat it.", told.conversation_of(first))
    told.chat.delete_message(first.id)
    assert not leaves(told, second, Mode.CHECK)
    third = told.asked("Repeat it again.", told.conversation_of(first))
    told.chat.delete_message(second.id)
    assert not any(leaves(told, third, mode) for mode in (Mode.CHECK, Mode.BRANCH))
    told.store.steering.empty_bin(before=1e12)
    assert not any(leaves(told, third, mode) for mode in (Mode.CHECK, Mode.BRANCH))
    copy = told.store.load(told.chat.fork(third.id))
    answer = copy.nodes[-1]
    assert SECRET in answer.message.text
    assert not any(leaves(told, answer, mode) for mode in (Mode.CHECK, Mode.BRANCH))


def test_a_folder_that_became_private_after_its_answer_was_deleted_counts(told: World, tmp_path: Path) -> None:
    folders = CollectionStore(told.workbench.database, lambda: 1.0)
    folder = folders.add(tmp_path, "diary")
    first = told.asked("What does my diary say?")
    stands_on(told, first, replace(DIARY, collection_id=folder.id, private=False))
    second = told.asked("Repeat it.", told.conversation_of(first))
    told.chat.delete_message(first.id)
    node = told.store.node(second.id)[1]
    assert [passage.collection_id for passage in node.after] == [folder.id]
    assert not any(map(_by_now(folders), node.after))
    folders.change(folder.id, private=True)
    assert all(map(_by_now(folders), node.after))


def _by_now(folders: CollectionStore) -> Any:
    desk = SimpleNamespace(collections=lambda: tuple(SimpleNamespace(collection=one) for one in folders.all()))
    return private_by_now(cast("Any", desk), StoodOn(folders._db), NoProjects())


def test_a_folder_that_was_removed_or_comes_back_as_private_stays_private(world: World, tmp_path: Path) -> None:
    folders = CollectionStore(world.workbench.database, lambda: 1.0)
    folder = folders.add(tmp_path, "diary")
    passage = Passage(1, str(tmp_path / "d.txt"), folder.id, "a" * 64, 0, 5, SECRET)
    assert not _by_now(folders)(passage)
    folders.change(folder.id, private=True)
    assert _by_now(folders)(passage)
    folders.remove(folder.id)
    assert _by_now(folders)(passage)
    folders.add(tmp_path, "diary", private=True)
    assert _by_now(folders)(passage)
    assert _by_now(folders)(replace(passage, collection_id=""))
    assert not _by_now(folders)(Passage(1, "https://example.org/a", "", "", 0, 1, "a"))


def test_what_was_accepted_is_not_sent_once_its_local_answer_is_deleted(world: World) -> None:
    local = world.asked("Rain?")
    consent = world.accepted(local)
    world.chat.delete_message(local.id)
    with pytest.raises(RefusedError, match="deleted"):
        world.escalations.send(consent.id, quiet_job())
    assert not world.client.sent


def test_what_was_accepted_is_not_sent_once_what_it_shows_is_deleted(world: World) -> None:
    first = world.asked("Rain?")
    local = world.asked("And snow?", world.conversation_of(first))
    consent = world.accepted(local, Mode.BRANCH)
    world.chat.delete_message(first.id)
    with pytest.raises(RefusedError, match="deleted"):
        world.escalations.send(consent.id, quiet_job())
    assert not world.client.sent


def test_what_was_accepted_is_not_sent_while_its_chat_is_in_the_bin(world: World) -> None:
    local = world.asked("Rain?")
    consent = world.accepted(local)
    world.chat.delete(world.conversation_of(local))
    assert not world.escalations.is_unsent(consent.id)
    with pytest.raises(RefusedError, match="in the bin"):
        world.escalations.send(consent.id, quiet_job())
    world.chat.restore(world.conversation_of(local))
    assert world.escalations.is_unsent(consent.id)
    assert world.escalations.send(consent.id, quiet_job()).message.text == "A better answer."


def test_what_was_accepted_can_be_refused_until_it_is_sent(world: World) -> None:
    consent = world.accepted(world.asked("Rain?"))
    assert world.consents.refuse(consent.id).state is ConsentState.REFUSED
    with pytest.raises(UsageError, match="not accepted"):
        world.escalations.send(consent.id, quiet_job())
    assert not world.client.sent
    sent = world.accepted(world.asked("Snow?"))
    world.escalations.send(sent.id, quiet_job())
    with pytest.raises(UsageError, match="accepted before"):
        world.consents.refuse(sent.id)
    with pytest.raises(UsageError, match="refused before"):
        world.consents.refuse(consent.id)
