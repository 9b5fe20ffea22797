"""The tools over a real home: what they find, and what they never see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.launcher import FakeLauncher
from workbench.app import Workbench, build
from workbench.cancel import CancelToken
from workbench.chat.asking.options import Options
from workbench.chat.turn_rows import Outcome as Ended
from workbench.consents.consent import ConsentKind
from workbench.engine.checking.checkup import CheckStep, CheckUp, Verdict
from workbench.engine.checking.checkups import Subject
from workbench.errors import ToolError
from workbench.jobs import quiet_job
from workbench.messages import Finish, Id, Passage, Sources, Text, user
from workbench.paths import Paths
from workbench.tools.desk import ToolDesk
from workbench.tools.tool import Call, Outcome, Place

NOTES = {
    "work": "The turbine hall was painted in March. The contract runs until October.",
    "diary": "The turbine of my heart: a private note about the doctor.",
    "thesis": "Chapter one: the turbine as a metaphor of industry.",
}


@dataclass
class World:
    """Three attached folders, of which ``diary`` is private, and a private project with the folder ``thesis``."""

    workbench: Workbench
    folders: dict[str, Id]
    project: Id

    def chat(self, question: str, answer: str, project: Id | None = None, folders: tuple[str, ...] = ()) -> Place:
        store = self.workbench._conversation.store
        chat = store.create(question[:30], project, [self.folders[name] for name in folders])
        _asked, node, turn = store.begin_turn(chat, None, user(question), model="tiny", backend="engine")
        store.finish_turn(turn.id, node.id, (Text(answer),), Ended(Finish.STOP))
        return Place(chat, node.id, project, private=project == self.project)

    def names(self, place: Place, desk: ToolDesk | None = None) -> list[str]:
        return [one.spec.name for one in (desk or self.workbench.tools).list(place)]

    def call(self, name: str, place: Place, desk: ToolDesk | None = None, **arguments: Any) -> Outcome:
        desk = desk or self.workbench.tools
        spec = next(one.spec for one in desk.known() if one.spec.name == name)
        return desk.call(spec, arguments, Call(place, CancelToken(), first_number=7, id="call-1"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    root = tmp_path_factory.mktemp("tools")
    workbench = build(Paths(root / "home"))
    folders = {}
    for name, text in NOTES.items():
        (root / name).mkdir()
        (root / name / f"{name}.txt").write_text(text)
        folders[name] = workbench.documents.add(root / name, name, private=name == "diary").id
    workbench.documents.sync(quiet_job())
    project = workbench.projects.create("Thesis", {"private": True, "folders": [str(root / "thesis")]})
    yield World(workbench, folders, project.id)
    workbench.close()


@pytest.fixture
def world(home: World) -> Iterator[World]:
    """Without the chats of other tests."""
    yield home
    for chat in home.workbench.chat.list():
        home.workbench.chat.delete(chat.id)


def paths(outcome: Outcome) -> set[str]:
    return {Path(passage.path).stem for passage in outcome.passages}


# Documents ------------------------------------------------------------------------------------------------------------


def test_a_chat_without_folders_searches_all_that_are_not_private(world: World) -> None:
    found = world.call("search_documents", world.chat("Hello", "Hi"), query="turbine")
    assert paths(found) == {"work", "thesis"}
    assert found.untrusted


def test_a_chat_with_folders_searches_those_a_private_one_too(world: World) -> None:
    found = world.call("search_documents", world.chat("Hello", "Hi", folders=("diary",)), query="turbine")
    assert paths(found) == {"diary"}
    assert all(passage.private for passage in found.passages)


def test_a_chat_of_a_private_project_searches_its_own_folders_only(world: World) -> None:
    place = world.chat("Hello", "Hi", world.project)
    assert paths(world.call("search_documents", place, query="turbine")) == {"thesis"}
    world.workbench.projects.change(world.project, {"folders": []})
    try:
        assert "search_documents" not in world.names(place)
        with pytest.raises(ToolError):
            world.call("search_documents", place, query="turbine")
    finally:
        folder = world.workbench.documents.state("thesis").collection.path
        world.workbench.projects.change(world.project, {"folders": [str(folder)]})


def test_what_is_for_a_model_elsewhere_comes_from_nothing_that_is_private(world: World) -> None:
    """Neither of a private folder, nor of one of a private project, whatever the chat asks."""
    anywhere = replace(world.chat("Hello", "Hi"), outward=True)
    assert paths(world.call("search_documents", anywhere, query="turbine")) == {"work"}
    asks = replace(world.chat("Hello", "Hi", folders=("diary", "work")), outward=True)
    assert paths(world.call("search_documents", asks, query="turbine")) == {"work"}
    only = replace(world.chat("Hello", "Hi", folders=("diary",)), outward=True)
    found = world.call("search_documents", only, query="turbine doctor")
    assert found.passages == ()
    assert "diary" not in found.text


def test_a_model_elsewhere_finds_no_chat_that_stood_on_something_private(world: World) -> None:
    private = world.chat("What does the walrus say?", "The walrus says seven.")
    assert private.message_id is not None
    world.chat("A walrus in the zoo", "A walrus eats clams.")
    passage = Passage(1, "/diary.txt", world.folders["diary"], "a" * 64, 0, 5, "seven", private=True)
    store = world.workbench._conversation.store
    store.checkpoint(private.message_id, (Sources((passage,)), Text("The walrus says seven.")))
    here = world.chat("Hello", "Hi")
    assert "seven" in world.call("search_chats", here, query="walrus").text
    elsewhere = world.call("search_chats", replace(here, outward=True), query="walrus")
    assert "clams" in elsewhere.text
    assert "seven" not in elsewhere.text


def test_passages_stand_in_the_text_under_their_numbers(world: World) -> None:
    found = world.call("search_documents", world.chat("Hello", "Hi"), query="turbine contract")
    assert [passage.number for passage in found.passages] == list(range(7, 7 + len(found.passages)))
    for passage in found.passages:
        assert f"[{passage.number}] {passage.name}" in found.text
        assert passage.text in found.text


def test_nothing_found_is_said(world: World) -> None:
    found = world.call("search_documents", world.chat("Hello", "Hi", folders=("work",)), query="xylophone quartz")
    assert "Nothing was found for “xylophone quartz”" in found.text or found.passages
    with pytest.raises(ToolError, match="nothing to search for"):
        world.call("search_documents", world.chat("Hello", "Hi"), query="   ")


# Chats ----------------------------------------------------------------------------------------------------------------


def test_earlier_chats_are_found_and_cited_with_their_day(world: World) -> None:
    earlier = world.chat("Which hotel in Rome was it?", "The hotel was the Albergo Sole near the Pantheon.")
    here = world.chat("Tell me again", "Yes")
    found = world.call("search_chats", here, query="hotel Rome")
    cited = {passage.path.rpartition("#")[0] for passage in found.passages}
    assert cited == {f"chat:{earlier.conversation_id}"}
    assert all(passage.at and passage.text in found.text for passage in found.passages)
    assert "you said on 20" in found.text


def test_a_word_too_many_does_not_hide_what_was_said(world: World) -> None:
    world.chat("Which hotel in Rome was it?", "The hotel was the Albergo Sole near the Pantheon.")
    here = world.chat("Again", "Yes")
    found = world.call("search_chats", here, query="what was the name of the hotel that we found in Rome with Grandma?")
    assert "Albergo Sole" in found.text


def test_the_chat_that_asks_does_not_find_itself(world: World) -> None:
    world.chat("Something else", "Yes")
    here = world.chat("A zebra crossing", "A zebra has stripes.")
    assert "No earlier chat has “zebra”" in world.call("search_chats", here, query="zebra").text


def test_what_was_said_in_a_private_project_stays_in_it(world: World) -> None:
    secret = world.chat("The password of the walrus", "It is walrus seven.", world.project)
    world.chat("A walrus in the zoo", "A walrus eats clams.")
    outside, inside = world.chat("Hello", "Hi"), world.chat("Hello", "Hi", world.project)
    assert "seven" not in world.call("search_chats", outside, query="walrus").text
    assert "clams" in world.call("search_chats", outside, query="walrus").text
    found = world.call("search_chats", inside, query="walrus")
    assert {passage.path.rpartition("#")[0] for passage in found.passages} == {f"chat:{secret.conversation_id}"}
    assert all(passage.private for passage in found.passages)


def test_a_chat_that_was_moved_into_a_private_project_is_no_longer_seen_outside(world: World) -> None:
    moved = world.chat("The password of the walrus", "It is walrus seven.")
    world.chat("Another", "Yes")
    outside = world.chat("Hello", "Hi")
    assert "seven" in world.call("search_chats", outside, query="walrus").text
    assert moved.conversation_id
    world.workbench.projects.move(moved.conversation_id, world.project)
    assert "seven" not in world.call("search_chats", outside, query="walrus").text


def test_deleted_chats_are_not_found(world: World) -> None:
    gone = world.chat("The password of the walrus", "It is walrus seven.")
    world.chat("Another", "Yes")
    here = world.chat("Hello", "Hi")
    assert gone.conversation_id
    world.workbench.chat.delete(gone.conversation_id)
    assert "seven" not in world.call("search_chats", here, query="walrus").text


@pytest.mark.parametrize(
    "query", ['"', "AND OR NOT", "hotel*", "a", "^hotel", "{text} : x", "日本", "x" * 5_000, "marks:p1"]
)
def test_no_query_is_taken_for_syntax(world: World, query: str) -> None:
    world.chat("Which hotel in Rome was it?", "The hotel was the Albergo Sole.")
    assert world.call("search_chats", world.chat("Hello", "Hi"), query=query).text


def test_a_long_message_gives_the_piece_that_was_asked_for(world: World) -> None:
    world.chat("A long one", f"{'Filler words stand here. ' * 400}The pelican lands. {'More filler. ' * 400}")
    found = world.call("search_chats", world.chat("Hello", "Hi"), query="pelican")
    assert "The pelican lands." in found.passages[0].text
    assert len(found.passages[0].text) <= 1_000


def test_without_another_chat_there_is_nothing_to_search(world: World) -> None:
    place = world.chat("Hello", "Hi")
    assert "search_chats" not in world.names(place)
    world.chat("Another", "Yes")
    assert "search_chats" in world.names(place)


# Memory and temporary chats -------------------------------------------------------------------------------------------


def test_a_fact_is_proposed_and_kept_only_when_it_is_accepted(world: World) -> None:
    place = world.chat("I am a nurse", "Noted")
    told = world.call("remember", place, fact="  Is a nurse\nin Hamburg. ")
    assert "user decides" in told.text
    waiting = [one for one in world.workbench.consents.list() if one.question.kind is ConsentKind.MEMORY]
    assert [one.request["text"] for one in waiting] == ["Is a nurse in Hamburg."]
    assert world.workbench.memory.facts() == ()
    again = world.call("remember", place, fact="Is a nurse in Hamburg.")
    assert again == told
    assert len(world.workbench.consents.list()) == 1
    world.workbench.consents.accept(waiting[0].id)
    assert [(fact.text, fact.project_id) for fact in world.workbench.memory.facts()] == [
        ("Is a nurse in Hamburg.", None)
    ]
    assert world.call("remember", place, fact="Is a nurse in Hamburg.").text == "It is remembered."


def test_a_fact_of_a_private_project_stays_in_it(world: World) -> None:
    place = world.chat("I write about whales", "Noted", world.project)
    world.call("remember", place, fact="Writes about whales.")
    waiting = world.workbench.consents.list(conversation_id=place.conversation_id)
    assert waiting[0].request["project_id"] == world.project
    world.workbench.consents.refuse(waiting[0].id)
    assert "does not want" in world.call("remember", place, fact="Writes about whales.").text


@pytest.mark.parametrize("fact", ["", "  \n", "x" * 600])
def test_no_fact_and_a_long_one_are_refused(world: World, fact: str) -> None:
    with pytest.raises(ToolError):
        world.call("remember", world.chat("Hello", "Hi"), fact=fact)
    assert world.workbench.consents.list() == ()


def test_proposals_can_be_switched_off(world: World) -> None:
    place = world.chat("Hello", "Hi")
    world.workbench.change_setting("memory.proposals", value=False)
    try:
        assert "remember" not in world.names(place)
    finally:
        world.workbench.change_setting("memory.proposals", value=True)


def test_a_temporary_chat_sees_no_other_chat_and_proposes_nothing(world: World) -> None:
    world.chat("Which hotel in Rome was it?", "The hotel was the Albergo Sole.")
    desk = world.workbench._tool_desk(world.workbench._conversation.store, keeps=False)
    assert world.names(Place("temporary"), desk) == ["calculate", "now", "search_documents"]


def test_switching_a_tool_off_is_kept(world: World) -> None:
    place = world.chat("Hello", "Hi")
    world.workbench.tools.switch("now", on=False)
    try:
        assert world.workbench.settings.tools.off == "now"
        assert world.workbench.tools.offered(place, ("now",), "") == ()
    finally:
        world.workbench.tools.switch("now", on=True)
    assert world.workbench.settings.tools.off == ""


# Offered --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verdict", "by_itself", "chosen"),
    [
        (None, [], ["calculate", "now"]),
        (Verdict.OK, ["calculate", "now", "remember"], ["calculate", "now"]),
        (Verdict.PROBLEM, [], []),
    ],
)
def test_what_an_engine_is_sent(
    tmp_path: Path, tiny_qwen3moe: Path, verdict: Verdict | None, by_itself: list[str], chosen: list[str]
) -> None:
    launcher = FakeLauncher("Hello.")
    workbench = build(Paths(tmp_path / "home"), launcher=launcher)
    try:
        workbench.change_setting("chat.model", str(tiny_qwen3moe))
        if verdict is not None:
            model = workbench.models.get(str(tiny_qwen3moe))
            found = CheckUp(model.name, 1.0, "fake", (CheckStep("tools", "Calls a tool", verdict, "Seen."),))
            workbench.checkups._save(Subject(model.name, model.path), found)
        workbench.chat.send(None, "Hi", quiet_job())
        workbench.chat.send(None, "Hi", quiet_job(), Options(tools=("now", "calculate")))
        sent = [body for engine in launcher.engines for body in engine.server.bodies]
        assert [_names(body) for body in sent] == [by_itself, chosen]
    finally:
        workbench.close()


def _names(body: dict[str, Any]) -> list[str]:
    return [tool["function"]["name"] for tool in body.get("tools", ())]
