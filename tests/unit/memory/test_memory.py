"""What is remembered, in a real database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from workbench import migrations
from workbench.chat.projects.service import ProjectService
from workbench.chat.projects.store import ProjectStore
from workbench.chat.store import ConversationStore
from workbench.clock import SystemClock
from workbench.consents.consent import Consent, ConsentKind, Question
from workbench.consents.service import ConsentService
from workbench.db import Database, MemoryDatabase
from workbench.errors import UsageError
from workbench.events import Bus, Changed, Topic
from workbench.memory import markdown
from workbench.memory.memory import AboutMe, Fact
from workbench.memory.service import MemoryService
from workbench.memory.store import BIN_DAYS, MemoryStore, keep_accepted


class Clock(SystemClock):
    """It stands still until it is told to go on."""

    def __init__(self) -> None:
        self._now = 1_780_000_000.0

    def now(self) -> float:
        return self._now

    def pass_seconds(self, seconds: float) -> None:
        self._now += seconds


class Place:
    """A memory, and what is beside it in its database."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(exist_ok=True)
        self.clock = Clock()
        self.database = Database(path, migrations.workbench, backups=path.parent / "backups")
        self.bus = Bus()
        self.heard: list[Changed] = []
        self.bus.subscribe(self.heard.append)
        self.projects = ProjectService(
            ProjectStore(self.database),
            self.bus,
            self.clock,
            lambda _model: "",
            lambda _path, _cancel: pytest.fail("read"),
        )
        self.store = MemoryStore(self.database, self.clock)
        self.memory = MemoryService(self.store, self.bus, lambda: {one.id: one.name for one in self.projects.list()})
        self.chats = ConversationStore(self.database, self.clock)

    def consents(self) -> ConsentService:
        """As one process of several has them."""
        found = ConsentService(self.database, self.clock, self.bus, lambda: MemoryDatabase(migrations.workbench))
        found.when_accepted(ConsentKind.MEMORY, keep_accepted, Topic.MEMORY)
        return found

    def propose(self, text: str, chat: str | None = None, project: str | None = None) -> Consent:
        request = {"text": text, "project_id": project}
        return self.consents().ask(
            Question(ConsentKind.MEMORY, "memory", "Remember this?", request, conversation_id=chat, message_id="m1")
        )


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    found = Place(tmp_path / "workbench.db")
    yield found
    found.database.close()


def test_facts_are_newest_first_found_by_all_words_and_there_once(place: Place) -> None:
    first = place.memory.add("  Drinks   tea,\nnever coffee ")
    place.clock.pass_seconds(1)
    second = place.memory.add("Lives in Berlin")
    again = place.memory.add("drinks tea, never COFFEE")
    assert again.id == first.id
    assert [fact.text for fact in place.memory.facts()] == ["Lives in Berlin", "Drinks tea, never coffee"]
    assert place.memory.facts("coffee drinks") == (first,)
    assert place.memory.facts("coffee berlin") == ()
    assert place.memory.get(second.id[:9]) == second
    assert {Topic.MEMORY} in [set(changed.topics) for changed in place.heard]


@pytest.mark.parametrize("text", ["", " \n\t\u200b ", "x" * 501])
def test_what_no_fact_can_be_is_refused(place: Place, text: str) -> None:
    with pytest.raises(UsageError):
        place.memory.add(text)
    fact = place.memory.add("There")
    with pytest.raises(UsageError):
        place.memory.change(fact.id, text)
    assert place.memory.facts() == (fact,)


def test_what_cannot_be_seen_is_not_remembered(place: Place) -> None:
    fact = place.memory.add("Likes\u202e tea\U000e0041 and\u200b cake")
    assert fact.text == "Likes tea and cake"


def test_a_fact_is_changed_switched_off_removed_and_restored(place: Place) -> None:
    fact = place.memory.add("Has a cat")
    place.clock.pass_seconds(5)
    off = place.memory.change(fact.id, active=False)
    assert (off.active, off.changed_at) == (False, fact.changed_at)
    assert not place.memory.told(None)
    changed = place.memory.change(fact.id, "Has two cats", active=True)
    assert (changed.text, changed.active, changed.changed_at) == ("Has two cats", True, fact.changed_at + 5)
    place.memory.remove(fact.id)
    assert place.memory.facts() == ()
    assert not place.memory.told(None)
    assert place.memory.restore(fact.id) == changed
    assert place.memory.facts() == (changed,)


def test_the_bin_forgets_after_30_days(place: Place) -> None:
    fact = place.memory.add("Has a cat")
    place.memory.remove(fact.id)
    place.clock.pass_seconds(BIN_DAYS * 86400 - 10)
    assert place.store.empty_bin() == 0
    assert place.memory.restore(fact.id)
    place.memory.remove(fact.id)
    place.clock.pass_seconds(BIN_DAYS * 86400 + 10)
    assert place.store.empty_bin() == 1
    with pytest.raises(UsageError):
        place.memory.restore(fact.id)


def test_unknown_and_ambiguous_ids_are_told(place: Place) -> None:
    for action in (place.memory.get, place.memory.remove, place.memory.restore):
        with pytest.raises(UsageError, match="id 'nobody'"):
            action("nobody")
    with pytest.raises(UsageError):
        place.memory.change("nobody", "text")
    with pytest.raises(UsageError):
        place.memory.get("")
    with pytest.raises(UsageError, match="no project"):
        place.memory.add("text", "nowhere")


def test_what_belongs_to_a_project_is_told_there_only_and_not_from_the_bin(place: Place) -> None:
    thesis, garden = place.projects.create("Thesis"), place.projects.create("Garden")
    place.memory.write_texts(AboutMe("I am Ada.", "Briefly."))
    place.memory.write_texts(AboutMe(how="In British English."), thesis.id)
    place.memory.add("Has a cat")
    place.memory.add("Writes about bees", thesis.id)
    there = place.memory.told(thesis.id)
    assert (there.own.about, there.of_project.how) == ("I am Ada.", "In British English.")
    assert [fact.text for fact in there.facts] == ["Has a cat", "Writes about bees"]
    for elsewhere in (None, garden.id, "nowhere"):
        told = place.memory.told(elsewhere)
        assert [fact.text for fact in told.facts] == ["Has a cat"]
        assert told.of_project == AboutMe()
    place.projects.remove(thesis.id)
    assert place.memory.told(thesis.id) == place.memory.told(None)
    assert [fact.text for fact in place.memory.facts()] == ["Has a cat"]
    place.projects.restore(thesis.id)
    assert place.memory.told(thesis.id) == there
    place.projects.remove(thesis.id)
    place.clock.pass_seconds(31 * 86400)
    place.projects.empty_bin()
    place.store.empty_bin()
    assert place.database.row("SELECT count(*) FROM memory_texts")[0] == 1  # type: ignore[index]
    assert place.database.row("SELECT count(*) FROM memory_facts")[0] == 1  # type: ignore[index]


def test_texts_are_bounded_and_writing_the_same_says_nothing(place: Place) -> None:
    place.memory.write_texts(AboutMe(" I am Ada.\n", ""))
    assert place.memory.texts() == AboutMe("I am Ada.", "")
    heard = len(place.heard)
    place.memory.write_texts(AboutMe("I am Ada.", " "))
    assert len(place.heard) == heard
    with pytest.raises(UsageError, match="How to answer"):
        place.memory.write_texts(AboutMe("I am Ada.", "x" * 4_001))
    assert place.memory.texts() == AboutMe("I am Ada.", "")


def test_of_many_facts_the_newest_are_told_and_the_others_counted(place: Place) -> None:
    for number in range(40):
        place.clock.pass_seconds(1)
        place.memory.add(f"{number:02d} {'x' * 97}")
    place.memory.change(place.memory.facts()[0].id, active=False)
    told = place.memory.told(None, tokens=300)
    assert len(told.facts) + told.left_out == 39
    assert told.facts[-1].text.startswith("38 ")
    assert [fact.text[:2] for fact in told.facts] == [f"{number:02d}" for number in range(told.left_out, 39)]
    assert told.left_out == 32  # of 39, 11 would find room; they go eight at a time
    assert place.memory.told(None, tokens=2_000).left_out == 0


# Proposals ------------------------------------------------------------------------------------------------------------


def test_an_accepted_proposal_is_kept_once_as_the_person_edited_it(place: Place) -> None:
    chat = place.chats.create("Cats")
    asked = place.propose("Has a cat", chat)
    assert place.memory.facts() == ()
    place.consents().accept(asked.id, request={"text": "Has a black cat", "project_id": None})
    (fact,) = place.memory.facts()
    assert (fact.text, fact.conversation_id, fact.message_id) == ("Has a black cat", chat, "m1")
    with pytest.raises(UsageError):
        place.consents().accept(asked.id)
    with place.database.write() as tx:
        keep_accepted(tx, asked)
    assert place.memory.facts() == (fact,)


def test_a_refused_proposal_and_one_that_no_fact_can_be_keep_nothing(place: Place) -> None:
    refused, empty = place.propose("Has a cat"), place.propose("Has a dog")
    place.consents().refuse(refused.id)
    with pytest.raises(UsageError):
        place.consents().accept(empty.id, request={"text": "  "})
    assert place.memory.facts() == ()
    assert [one.id for one in place.consents().list()] == [empty.id]


def test_what_was_said_in_a_private_project_stays_in_it_whatever_is_proposed(place: Place) -> None:
    private, other = place.projects.create("Secret", {"private": True}), place.projects.create("Open")
    chat = place.chats.create("Plans", private.id)
    for number, proposed in enumerate((None, other.id, "nowhere")):
        place.consents().accept(place.propose(f"Fact {number}", chat, proposed).id)
    assert {fact.project_id for fact in place.memory.facts()} == {private.id}
    place.consents().accept(place.propose("Elsewhere", place.chats.create("Talk"), other.id).id)
    assert place.memory.facts("elsewhere")[0].project_id == other.id


# Markdown -------------------------------------------------------------------------------------------------------------


def test_markdown_is_read_again_without_loss(place: Place, tmp_path: Path) -> None:
    thesis = place.projects.create("Thesis: part # 2")
    hard = "# About me\n\n## Facts\n\\# and \\\\## Project: X\n- a list <!-- since x -->\n\n```\n### How to answer\n```"
    place.memory.write_texts(AboutMe(hard, "Briefly."))
    place.memory.write_texts(AboutMe("For the thesis", hard), thesis.id)
    place.memory.add("- [x] <!-- since 2020; off --> # heading", thesis.id)
    place.clock.pass_seconds(0.125)
    place.memory.change(place.memory.add("Likes ünïcode 🐝", conversation_id="c1", message_id="m1").id, active=False)
    place.memory.add("Has a cat")
    other = Place(tmp_path / "other" / "workbench.db")
    there = other.projects.create("thesis: PART # 2")
    done = other.memory.take(markdown.sections(place.memory.as_markdown()))
    assert (done.texts, done.facts, done.left_out) == (4, 3, ())
    assert other.memory.texts() == place.memory.texts()
    assert other.memory.texts(there.id) == place.memory.texts(thesis.id)
    alike = {thesis.id: there.id, None: None}
    assert sorted(map(_content, other.memory.facts())) == sorted(
        _content(replace(fact, project_id=alike[fact.project_id])) for fact in place.memory.facts()
    )
    again = other.memory.take(markdown.sections(place.memory.as_markdown()))
    assert (again.texts, again.facts) == (0, 0)
    other.database.close()


def _content(fact: Fact) -> tuple[str, str, float, str, bool]:
    return (fact.text, fact.project_id or "", fact.created_at, fact.message_id or "", fact.active)


def test_what_belongs_to_an_unknown_project_is_left_out_and_told(place: Place) -> None:
    written = (
        "# Memory\n\n## Project: Elsewhere\n\n### About me\n\nSecret\n\n### Facts\n\n- Secret too\n\n"
        "## Facts\n\n- Open\n"
    )
    done = place.memory.take(markdown.sections(written))
    assert place.memory.texts() == AboutMe()
    assert [fact.text for fact in place.memory.facts()] == ["Open"]
    assert done.left_out == ("There is no project “Elsewhere” here: what belongs to it was left out.",)


def test_what_comes_in_stands_beside_what_is_there(place: Place) -> None:
    place.memory.write_texts(AboutMe("I am Ada.", "y" * 3_999))
    done = place.memory.take(
        markdown.sections("I code.\n\n## How to answer\nBriefly\n\n## Facts\n* One\n2. Two\n\n" + "z" * 501)
    )
    assert place.memory.texts() == AboutMe("I am Ada.\n\nI code.", "y" * 3_999)
    assert {fact.text for fact in place.memory.facts()} == {"One", "2. Two"}
    assert (done.texts, done.facts, len(done.left_out)) == (1, 2, 2)
