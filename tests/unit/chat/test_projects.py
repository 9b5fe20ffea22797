"""Projects over a real database, real files and a scripted model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.fakes.backend import ScriptedBackend
from tests.unit.chat.test_service import ScriptedRoute
from workbench import migrations
from workbench.chat.asking.options import Options
from workbench.chat.attaching.attachments import AttachmentService
from workbench.chat.context.room import WhenFull
from workbench.chat.projects.projects import Project, changed, free_name, named, told_of_moving, told_of_removing
from workbench.chat.projects.service import ProjectService
from workbench.chat.projects.store import ProjectStore
from workbench.chat.service import ChatService
from workbench.chat.store import ConversationStore
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.errors import ModelError, RefusedError, UsageError
from workbench.events import Bus, Topic
from workbench.jobs import quiet_job
from workbench.messages import Effort, system, user

DAY = 86400.0


class Clock(SystemClock):
    ahead = 0.0

    def now(self) -> float:
        return super().now() + self.ahead


@dataclass
class World:
    projects: ProjectService
    chat: ChatService
    scripted: ScriptedBackend
    clock: Clock
    database: Database
    settings: list[Options] = field(default_factory=lambda: [Options()])
    strangers: set[str] = field(default_factory=set)
    published: list[Topic] = field(default_factory=list)

    def ask(self, project: Project | None = None, text: str = "Hello?") -> str:
        """A chat with one question, in a project."""
        before = {chat.id for chat in self.chat.list()}
        self.chat.send(None, text, quiet_job(), Options(project_id=project.id if project else None))
        return next(chat.id for chat in self.chat.list() if chat.id not in before)

    def told(self) -> tuple[object, ...]:
        """What the model was told first, the last time."""
        return self.scripted.requests[-1].messages[:1]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    database = Database(tmp_path / "workbench.db", migrations.workbench, backups=tmp_path)
    bus, clock, scripted = Bus(), Clock(), ScriptedBackend("Yes.")
    settings, strangers = [Options()], set[str]()
    projects = ProjectService(
        ProjectStore(database),
        bus,
        clock,
        lambda model: f"{model} (1.2.3.4:80)" if model in strangers else "",
        AttachmentService(tmp_path / "attachments", frozenset).read,
        lambda names: tuple(f"As {name} says." for name in names if name != "silent"),
    )
    chat = ChatService(
        ConversationStore(database, clock),
        ScriptedRoute(scripted),
        bus,
        clock,
        lambda: settings[0],
        projects=projects,
    )
    made = World(projects, chat, scripted, clock, database, settings, strangers)
    bus.subscribe(lambda changed: made.published.extend(changed.topics))
    yield made
    database.close()


# Values ---------------------------------------------------------------------------------------------------------------


def test_what_no_project_can_have_is_told() -> None:
    project = Project("1", "Thesis")
    for changes, words in (
        ({"name": " \n "}, "needs a name"),
        ({"name": "x" * 81}, "at most 80"),
        ({"instructions": "x" * 100_001}, "at most 100,000"),
        ({"effort": "hardly"}, "no effort"),
        ({"colour": "red"}, "no 'colour'"),
        ({"prompts": [str(number) for number in range(1001)]}, "at most 1,000"),
    ):
        with pytest.raises(UsageError, match=words):
            changed(project, changes)


def test_values_are_tidied() -> None:
    project = changed(Project("1", "x"), {"name": " My\tthesis\n", "effort": "High ", "prompts": ["a", "b", "a", " "]})
    assert (project.name, project.effort, project.prompts) == ("My thesis", Effort.HIGH, ("a", "b"))
    assert changed(project, {"effort": ""}).effort is None


def test_a_taken_name_gets_a_number() -> None:
    assert free_name("Thesis", ["Letters"]) == "Thesis"
    assert free_name("Thesis", ["thesis", "Thesis 2"]) == "Thesis 3"
    assert free_name("x" * 80, ["x" * 80]) == "x" * 78 + " 2"


def test_projects_are_found_by_name_or_id() -> None:
    projects = [Project("abc1", "Thesis"), Project("abc2", "Letters")]
    assert named(" thesis ", projects).id == "abc1"
    assert named("abc2", projects).name == "Letters"
    for words, told in (("abc", "Several"), ("", "no project"), ("nothing", "no project")):
        with pytest.raises(UsageError, match=told):
            named(words, projects)


# Sentences ------------------------------------------------------------------------------------------------------------

FULL = Project(
    "1", "Thesis", "Be brief.", "Qwen3", Effort.HIGH, private=True, folders=("/a",), files=("/b", "/c"), prompts=("p",)
)
STAYS = "What was said in it stays as it is."


def test_moving_into_a_project_tells_what_changes() -> None:
    assert told_of_moving(None, FULL, ["studio (10.0.0.1:80)"]) == (
        "From the next question on the model is told the instructions of “Thesis”.",
        "Qwen3 answers, unless you choose another model.",
        "It is asked with the effort “high”, where the model knows it.",
        "2 files of “Thesis” are given with the next question. 1 folder of “Thesis” is part of it.",
        "The pinned prompts of “Thesis” stand ready in it, and what they tell first holds.",
        "It becomes private, as all of “Thesis”: only this computer and machines of your own may answer.",
        "What studio (10.0.0.1:80) was sent before cannot be called back.",
        STAYS,
    )


def test_moving_out_of_a_project_tells_what_changes() -> None:
    assert told_of_moving(FULL, None) == (
        "The model is no longer told the instructions of “Thesis”.",
        "Qwen3 no longer answers by itself: the model that you use everywhere does.",
        "It is no longer asked with an effort of its own.",
        "2 files of “Thesis” are no longer given. 1 folder of “Thesis” is out of it.",
        "The pinned prompts of “Thesis” no longer stand ready in it.",
        "It is no longer private: a model of another machine that you choose is sent the whole chat.",
        STAYS,
    )


def test_moving_between_projects_tells_only_what_differs() -> None:
    other = replace(FULL, id="2", name="Letters", instructions="Be kind.")
    assert told_of_moving(FULL, other) == (
        "From the next question on the model is told the instructions of “Letters”, no longer those of “Thesis”.",
        STAYS,
    )
    assert told_of_moving(FULL, replace(FULL, name="Renamed")) == ()
    assert told_of_moving(None, None) == ()
    assert told_of_moving(None, Project("3", "Empty")) == (STAYS,)


def test_removing_tells_what_becomes_of_the_chats() -> None:
    assert told_of_removing(Project("1", "x")) == "It can be restored for 30 days."
    assert told_of_removing(Project("1", "x", chats=1)).startswith("Its chat stays in the list.")
    assert told_of_removing(replace(FULL, chats=1200)).startswith("Its 1,200 chats stay in the list and private.")


# Keeping --------------------------------------------------------------------------------------------------------------


def test_a_project_is_kept_as_it_was_made(world: World, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("x")
    made = world.projects.create(
        "Thesis",
        {
            "instructions": "Be brief. \udc80",
            "model": "Qwen3",
            "effort": "low",
            "folders": [str(tmp_path)],
            "files": [str(file), str(file)],
            "prompts": ["outline"],
        },
    )
    kept = world.projects.get(made.id)
    assert replace(kept, instructions="") == replace(made, instructions="")
    assert (kept.instructions, kept.files) == ("Be brief. ?", (str(file),))
    assert world.projects.find("thesis") == kept
    assert Topic.PROJECTS in world.published


def test_names_are_taken_once(world: World) -> None:
    first = world.projects.create("Thesis")
    second = world.projects.create("Letters")
    with pytest.raises(UsageError, match="Another project"):
        world.projects.create("THESIS")
    with pytest.raises(UsageError, match="Another project"):
        world.projects.change(second.id, {"name": "thesis"})
    assert world.projects.change(first.id, {"name": "THESIS"}).name == "THESIS"  # its own name


def test_new_paths_must_be_there_and_old_ones_may_be_gone(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    project = world.projects.create("Thesis", {"folders": [str(folder)]})
    folder.rmdir()
    kept = world.projects.change(project.id, {"folders": [str(folder), str(tmp_path)]})
    assert kept.folders == (str(folder), str(tmp_path))
    for changes in (
        {"folders": ["/nowhere"]},
        {"files": [str(tmp_path)]},
        {"files": ["a\0b"]},
        {"files": ["x" * 5000]},
    ):
        with pytest.raises(UsageError, match="There is no"):
            world.projects.change(project.id, changes)


def test_two_changes_at_once_keep_both(world: World) -> None:
    project = world.projects.create("Thesis")
    world.projects.change(project.id, {"instructions": "Be brief."})
    world.projects.change(project.id, {"private": True})
    kept = world.projects.get(project.id)
    assert (kept.instructions, kept.private) == ("Be brief.", True)


def test_a_removed_project_comes_back_with_its_chats(world: World) -> None:
    project = world.projects.create("Thesis", {"instructions": "Be brief."})
    chat = world.ask(project)
    world.projects.remove(project.id)
    assert world.projects.list() == ()
    assert [one.id for one in world.projects.removed()] == [project.id]
    assert world.projects.shown_for(chat) is None
    world.chat.send(chat, "And now?", quiet_job())
    assert world.told() != (system("Be brief."),)
    world.projects.create("thesis")
    assert world.projects.restore(project.id).name == "Thesis 2"
    assert [one.id for one in world.projects.chats(project.id)] == [chat]
    assert [one.chats for one in world.projects.list()] == [0, 1]
    world.chat.send(chat, "And now?", quiet_job())
    assert world.told() == (system("Be brief."),)


def test_the_bin_is_emptied_after_thirty_days_and_privacy_outlives_it(world: World) -> None:
    plain, private = world.projects.create("Plain"), world.projects.create("Private", {"private": True})
    left, kept = world.ask(plain), world.ask(private)
    for project in (plain, private):
        world.projects.remove(project.id)
    world.clock.ahead = 29 * DAY
    assert world.projects.empty_bin() == 0
    world.clock.ahead = 31 * DAY
    assert world.projects.empty_bin() == 1
    assert world.projects.of(left) is None
    assert world.projects.is_private(kept)
    world.projects.move(kept, None)
    assert world.projects.empty_bin() == 1


# Chats ----------------------------------------------------------------------------------------------------------------


def test_a_new_chat_is_made_in_its_project(world: World) -> None:
    project = world.projects.create("Thesis")
    inside, outside = world.ask(project), world.ask()
    assert [chat.id for chat in world.projects.chats(project.id)] == [inside]
    assert (world.chat.open(inside).project_id, world.chat.open(outside).project_id) == (project.id, None)
    assert world.projects.get(project.id).chats == 1
    world.chat.delete(inside)
    assert world.projects.get(project.id).chats == 0
    with pytest.raises(UsageError, match="no project"):
        world.chat.send(None, "Hello?", quiet_job(), Options(project_id="nothing"))


def test_asked_for_goes_over_the_project_and_that_over_the_settings(world: World) -> None:
    world.settings[0] = Options(model="settings", system="Be polite.", max_tokens=7)
    project = world.projects.create("Thesis", {"instructions": "Be brief.", "model": "project", "effort": "high"})
    chat = world.ask(project)
    request = world.scripted.requests[-1]
    assert (world.told(), request.effort, request.max_tokens) == ((system("Be brief."),), Effort.HIGH, 7)
    assert world.chat.answers_with(conversation_id=chat) == "project"
    assert world.chat.answers_with(Options(project_id=project.id)) == "project"
    assert world.chat.answers_with() == "settings"
    world.chat.send(chat, "More", quiet_job(), Options(system="Shout.", model="asked", effort=Effort.LOW))
    assert (world.told(), world.scripted.requests[-1].effort) == ((system("Shout."),), Effort.LOW)
    answer = world.chat.open(chat).nodes[-1]
    assert answer.turn is not None
    assert answer.turn.model == "asked"
    world.chat.regenerate(answer.id, quiet_job())
    assert world.told() == (system("Be brief."),)
    world.ask()
    assert world.told() == (system("Be polite."),)


def test_instructions_are_counted_before_they_are_sent(world: World) -> None:
    project = world.projects.create("Thesis", {"instructions": "Be brief and kind."})
    chat = world.ask(project)
    used = [
        world.chat.measure(one, "Hi", quiet_job().cancel, options).tokens
        for one, options in ((None, Options()), (None, Options(project_id=project.id)), (chat, Options()))
    ]
    assert used[0] is not None
    assert used[1] == used[0] + 8
    assert used[2] is not None
    assert used[2] > used[1]


def test_a_moved_chat_follows_its_new_project(world: World) -> None:
    thesis = world.projects.create("Thesis", {"instructions": "Be brief."})
    chat = world.ask()
    world.published.clear()
    told = world.projects.move(chat, thesis.id)
    assert told == told_of_moving(None, thesis)
    assert set(world.published) == {Topic.PROJECTS, Topic.CHATS}
    world.chat.send(chat, "More", quiet_job())
    assert world.told() == (system("Be brief."),)
    assert world.projects.move(chat, thesis.id) == ()
    world.projects.move(chat, None)
    world.chat.send(chat, "More", quiet_job())
    assert world.told() != (system("Be brief."),)
    gone = world.projects.remove(thesis.id)
    for one, where in ((chat, gone.id), ("nothing", None), (chat, "nothing")):
        with pytest.raises(UsageError):
            world.projects.move(one, where)


# Files ----------------------------------------------------------------------------------------------------------------


def test_files_are_given_once_with_the_next_question(world: World, tmp_path: Path) -> None:
    first, second = tmp_path / "notes.txt", tmp_path / "deep" / "notes.txt"
    second.parent.mkdir()
    first.write_text("The tap drips.")
    second.write_text("The roof leaks.")
    project = world.projects.create("House", {"files": [str(first)]})
    chat = world.ask(project)
    sent = world.scripted.requests[-1].messages[-1].text
    assert "The tap drips." in sent
    assert sent.endswith("Hello?")
    (question, _answer) = world.chat.open(chat).nodes
    assert [one.name for one in question.message.attachments] == ["notes.txt"]
    assert world.chat.open(chat).title == "Hello?"

    world.projects.change(project.id, {"files": [str(first), str(second)]})
    world.chat.send(chat, "More", quiet_job())
    asked = [node for node in world.chat.open(chat).nodes if node.message.text == "More"]
    assert ["leaks" in one.text for one in asked[0].message.attachments] == [True]
    world.chat.send(chat, "Even more", quiet_job())
    assert world.chat.open(chat).nodes[-2].message.attachments == ()
    world.projects.remove(project.id)
    other = world.ask(project)
    assert world.chat.open(other).nodes[0].message.attachments == ()


def test_a_file_that_is_gone_is_told_and_nothing_is_sent(world: World, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("x")
    project = world.projects.create("House", {"files": [str(file)]})
    assert world.projects.gone(project) == frozenset()
    file.unlink()
    assert world.projects.gone(project) == {str(file)}
    with pytest.raises(UsageError, match="A file of “House” cannot be given") as told:
        world.ask(project)
    assert "take it out of the project" in told.value.hint
    assert world.chat.list() == ()
    assert world.scripted.requests == []


def test_files_are_read_where_no_model_can_count_them(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_model: str) -> None:
        raise ModelError("There is no model on this disk yet.")

    monkeypatch.setattr(world.chat._route, "ready", none)
    assert world.chat.count("Words.", quiet_job().cancel) is None


# Privacy --------------------------------------------------------------------------------------------------------------


def asking(world: World, chat: str, options: Options) -> list[Callable[[], object]]:
    """Everything that sends a chat somewhere."""
    question, answer = world.chat.open(chat).nodes[:2]
    return [
        lambda: world.chat.send(chat, "More", quiet_job(), options),
        lambda: world.chat.edit(question.id, "Other words", quiet_job(), options),
        lambda: world.chat.regenerate(answer.id, quiet_job(), options),
        lambda: world.chat.make_room(chat, WhenFull.SUMMARISE, quiet_job(), options),
    ]


def test_no_strange_machine_gets_a_private_chat(world: World) -> None:
    world.strangers.add("qwen3@theirs")
    project = world.projects.create("Private", {"private": True})
    chat = world.ask(project)
    nodes, asked = world.chat.open(chat).nodes, len(world.scripted.requests)
    elsewhere = Options(model="qwen3@theirs")
    for act in asking(world, chat, elsewhere):
        with pytest.raises(RefusedError, match="“Private” is private, and qwen3@theirs") as refused:
            act()
        assert "mark that machine as yours" in refused.value.hint
    with pytest.raises(RefusedError):
        world.chat.send(None, "New", quiet_job(), replace(elsewhere, project_id=project.id))
    assert world.chat.open(chat).nodes == nodes  # nothing was kept either
    assert len(world.scripted.requests) == asked
    world.strangers.clear()  # it is marked as the person's own
    world.chat.send(chat, "More", quiet_job(), elsewhere)


def test_a_project_that_becomes_private_while_its_model_loads_is_not_sent(world: World) -> None:
    project = world.projects.create("Thesis")
    chat = world.ask(project)
    asked = len(world.scripted.requests)
    world.strangers.add("qwen3@theirs")
    check = world.projects.check
    seen: list[str] = []

    def late(project_id: str, model: str) -> None:
        check(project_id, model)
        seen.append(model)
        world.projects.change(project_id, {"private": True})

    world.projects.check = late  # type: ignore[method-assign]
    with pytest.raises(RefusedError):
        world.chat.send(chat, "More", quiet_job(), Options(model="qwen3@theirs"))
    assert seen == ["qwen3@theirs"]
    assert len(world.scripted.requests) == asked


def test_a_removed_private_project_keeps_its_chats_private(world: World) -> None:
    world.strangers.add("qwen3@theirs")
    project = world.projects.create("Private", {"private": True})
    chat, other = world.ask(project), world.ask()
    world.projects.remove(project.id)
    assert world.projects.is_private(chat)
    assert not world.projects.is_private(other)
    assert not world.projects.is_private("nothing")
    with pytest.raises(RefusedError):
        world.chat.send(chat, "More", quiet_job(), Options(model="qwen3@theirs"))
    told = world.projects.move(chat, None)
    assert told[0].startswith("It is no longer private")
    world.chat.send(chat, "More", quiet_job(), Options(model="qwen3@theirs"))


def test_a_private_project_cannot_have_a_strange_model(world: World) -> None:
    world.strangers.add("qwen3@theirs")
    with pytest.raises(RefusedError):
        world.projects.create("Private", {"private": True, "model": "qwen3@theirs"})
    project = world.projects.create("Open", {"model": "qwen3@theirs"})
    with pytest.raises(RefusedError):
        world.projects.change(project.id, {"private": True})
    assert not world.projects.get(project.id).private


def test_what_another_machine_was_sent_is_told(world: World) -> None:
    private = world.projects.create("Private", {"private": True})
    chat = world.ask()
    with world.database.write() as tx:
        tx.execute("UPDATE turns SET backend = 'server:studio (10.0.0.1:80)'")
    assert "What studio (10.0.0.1:80) was sent before cannot be called back." in world.projects.move(chat, private.id)


def test_what_pinned_prompts_tell_first_stands_behind_the_instructions(world: World) -> None:
    project = world.projects.create("Thesis")
    world.projects.change(project.id, {"instructions": "Be brief.", "prompts": ["critic", "silent", "tutor"]})
    world.chat.send(None, "Hello", quiet_job(), Options(project_id=project.id))
    assert world.told() == (system("Be brief.\n\nAs critic says.\n\nAs tutor says."),)
    world.projects.change(project.id, {"instructions": "", "prompts": ["silent"]})
    world.chat.send(None, "Hello", quiet_job(), Options(project_id=project.id))
    assert world.told() == (user("Hello"),)


def test_tools_of_a_project_are_offered_in_its_chats(world: World) -> None:
    project = world.projects.create("Thesis", {"tools": ["now", "now", "calculate"]})
    assert project.tools == ("now", "calculate")
    assert project.options.tools == ("now", "calculate")
    assert world.projects.get(project.id).tools == ("now", "calculate")
    none = world.projects.change(project.id, {"tools": []})
    assert (none.tools, none.options.tools) == ((), ())
    told = told_of_moving(None, project)
    assert "Tools that the model may call in it: now, calculate." in told
    assert "No tools are offered in it." in told_of_moving(project, replace(none, id="other"))
    assert world.projects.change(project.id, {"tools": None}).tools is None
