"""The search over chats: its language, and what it finds in a real database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils.migrations import Migrations

from workbench import migrations
from workbench.cancel import CancelToken
from workbench.chat.searching.search import Hit, Query, expression, parse
from workbench.chat.searching.service import SearchService
from workbench.chat.searching.store import SearchStore
from workbench.chat.searching.text import Term, folded, places, snippet
from workbench.chat.store import ConversationStore
from workbench.chat.turn_rows import Outcome
from workbench.db import Database
from workbench.errors import Cancelled
from workbench.messages import Attachment, Finish, Id, Message, Part, Reasoning, Role, Text, user

TODAY = date(2026, 11, 22)


def at(*day: int) -> float:
    return datetime(*day).astimezone().timestamp()  # type: ignore[arg-type]


@dataclass
class SetClock:
    time: float = at(2026, 11, 22, 12)

    def now(self) -> float:
        self.time += 1
        return self.time

    def monotonic(self) -> float:
        return self.time


@dataclass
class World:
    store: ConversationStore
    search: SearchService
    index: SearchStore
    database: Database
    clock: SetClock

    def chat(self, title: str, *texts: str) -> Id:
        """A chat of questions."""
        chat, parent = self.store.create(title), None
        for text in texts:
            parent = self.store.append(chat, parent, user(text)).id
        return chat

    def answered(self, question: str, answer: tuple[Part, ...], model: str = "Qwen3 4B") -> Id:
        chat = self.store.create("Asked")
        _asked, node, turn = self.store.begin_turn(chat, None, user(question), model=model, backend="engine")
        self.store.finish_turn(turn.id, node.id, answer, Outcome(Finish.STOP))
        return chat

    def find(self, text: str, limit: int = 20, per_chat: int = 0) -> tuple[Hit, ...]:
        return self.search.find(text, limit, per_chat=per_chat)

    def snippets(self, text: str) -> list[str]:
        return [hit.snippet for hit in self.find(text)]


def build(folder: Path) -> World:
    database = Database(folder / "workbench.db", migrations.workbench, backups=folder)
    clock, index = SetClock(), SearchStore(database)
    return World(ConversationStore(database, clock), SearchService(index, clock), index, database, clock)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = build(tmp_path)
    yield made
    made.database.close()


# The language ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("", Query()),
        ("  ", Query()),
        ("Deep SEA", Query((Term("deep"), Term("sea", beginning=True)))),
        ("sea ", Query((Term("sea"),))),
        ('"deep sea"', Query((Term("deep sea"),))),
        ('"deep sea', Query((Term("deep sea"),))),
        ("oce* wave ", Query((Term("oce", beginning=True), Term("wave")))),
        ("sea w", Query((Term("sea"),))),
        ("w", Query((Term("w"),))),
        ("don't ", Query((Term("don t"),))),
        ("model:qwen3 sea ", Query((Term("sea"),), models=("qwen3",))),
        ('model:"Qwen3 4B"', Query(models=("Qwen3 4B",))),
        ("project:thesis", Query(projects=("thesis",))),
        ("after:2026-01-31", Query(after=at(2026, 1, 31))),
        ("before:2026-02 ", Query(before=at(2026, 2, 1))),
        ("after:2025", Query(after=at(2025, 1, 1))),
        ("after:yesterday", Query(after=at(2026, 11, 21))),
        ("after:never ", Query((Term("after never"),))),
        ("has:attachment", Query(has_attachment=True)),
        ("HAS:File in:reasoning", Query(has_attachment=True, reasoning=True)),
        ("model: ", Query()),
        ("has:", Query()),
        ("https://sea.example ", Query((Term("https sea example"),))),
        ("!!! ☃ ", Query()),
        ("海洋 ", Query((Term("海 洋"),))),
        ("Café ", Query((Term("cafe"),))),
    ],
)
def test_what_is_typed_becomes_a_query(typed: str, query: Query) -> None:
    assert parse(typed, TODAY) == query


def test_long_queries_are_cut() -> None:
    assert len(parse("sea " * 10_000, TODAY).terms) == 16


def test_an_expression_holds_plain_words_only() -> None:
    query = parse('sea" OR NEAR( ^wave* model:x"y has:attachment', TODAY)
    assert expression(query, ["a-b"]) == (
        '{text files} : ("sea" AND "or near wave model x" AND "y") AND marks : "attachment" AND marks : ("pab")'
    )


HOSTILE = (
    '"',
    '""',
    "*",
    "a*b*",
    "NEAR(",
    "AND OR NOT",
    "text:",
    "{text} : sea",
    "'; DROP TABLE messages; --",
    "^",
    "-",
    "\0",
)


@pytest.mark.parametrize(
    "typed", [*HOSTILE, "\ud800", "\ud800:\udfff*", "a" * 100_000, '"' * 999, "model:☃", "project:☃"]
)
def test_hostile_queries_never_raise(world: World, typed: str) -> None:
    world.chat("The sea", "Tell me about the sea.")
    world.find(typed)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80), st.text(max_size=200))
def test_snippets_of_anything_are_sound(typed: str, text: str) -> None:
    query = parse(typed, TODAY)
    expression(query)
    piece = snippet(text, query.terms)
    assert len(folded(text)) == len(text)
    assert all(0 <= begin < end <= len(piece.text) for begin, end in piece.marks)


def marked(text: str, typed: str) -> list[str]:
    return [text[begin:end] for begin, end in places(text, parse(typed, TODAY).terms)]


def test_hits_are_marked_as_the_index_finds_them() -> None:
    assert marked("The Sea, the SEASON, and undersea.", "sea") == ["Sea", "SEASON"]
    assert marked("The Sea, the SEASON", "sea ") == ["Sea"]
    assert marked("Zum Café, zum CAFE", "cafe ") == ["Café", "CAFE"]
    assert marked("the deep  sea and deep water", '"deep sea"') == ["deep  sea"]
    assert marked("我喜欢海洋和大海", "海洋 ") == ["海洋"]
    assert marked("ΛΌΓΟΣ και λόγος", "λόγος ") == ["ΛΌΓΟΣ", "λόγος"]
    assert marked("新しいAPI仕様です", "api仕様 ") == ["API仕様"]


def test_a_snippet_is_one_line_around_the_first_hit() -> None:
    piece = snippet("word " * 100 + "the\n\nlighthouse   stands " + "here " * 100, parse("lighthouse ", TODAY).terms)
    assert piece.text.startswith("…")
    assert piece.text.endswith("…")
    assert "\n" not in piece.text
    assert len(piece.text) < 170
    (mark,) = piece.marks
    assert piece.text[mark[0] : mark[1]] == "lighthouse"


@pytest.mark.parametrize(
    ("text", "typed", "shown"),
    [
        ("The **moon** and *its* `tides`", "moon ", "The moon and its tides"),
        ("# Moon\n\n> said\n", "moon ", "Moon said"),
        ("| name | **moon** |\n|---|:--|\n| a | b |", "moon ", "name · moon a · b"),
        ("see [the moon](https://x.example/a)", "moon ", "see the moon"),
        ("see [this](https://moon.example/a)", "moon ", "see [this](https://moon.example/a)"),
        ("```python\nmoon = a ** b | c\n```", "moon ", "moon = a ** b | c"),
        ("def f(*args, **kwargs): moon", "kwargs ", "def f(*args, **kwargs): moon"),
        ("**a**moon", "moon ", "**a**moon"),
        ("a_b_c * moon * d", "moon ", "a_b_c * moon * d"),
    ],
)
def test_a_snippet_reads_as_the_message_does(text: str, typed: str, shown: str) -> None:
    piece = snippet(text, parse(typed, TODAY).terms)
    assert piece.text == shown
    assert piece.marks


# What is found --------------------------------------------------------------------------------------------------------


def test_words_phrases_and_beginnings(world: World) -> None:
    world.chat("One", "The deep blue sea.")
    world.chat("Two", "A deep sleep by the sea, deep blue.")
    assert world.snippets("deep sea ") == ["A deep sleep by the sea, deep blue.", "The deep blue sea."]
    assert world.snippets('"blue sea"') == ["The deep blue sea."]
    assert world.snippets("slee") == ["A deep sleep by the sea, deep blue."]
    assert world.snippets("slee ") == []
    assert world.snippets("mountain") == []


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("Мой ёжик и съёмка", "мой ёжик "),
        ("Мой ёжик", "ЁЖИ"),
        ("Ο λόγος και η ζωή", "λόγος ζωή "),
        ("ΛΌΓΟΣ", "λόγος "),
        ("食べるものがない", "食べる "),
        ("ガスとデータ", "データ"),
        ("新しいAPI仕様です", "仕様 "),
        ("新しいAPI仕様です", "api "),
        ("𠮷野家で", "野家 "),
        ("Les cafe\u0301s ouverts", "cafés "),
        ("Les cafés ouverts", "cafe\u0301s "),
        ("МОИ\u0306 дом", "мой "),
        ("Die Æsir", "ÆSIR "),
        ("한국어 텍스트", "한국"),
        ("हिन्दी में", "हिन्दी "),
    ],
)
def test_words_of_other_scripts_are_found_and_marked(world: World, said: str, typed: str) -> None:
    world.chat("Other", said)
    (hit,) = world.find(typed)
    assert hit.marks


def test_every_letter_is_asked_for_as_the_index_holds_it(world: World) -> None:
    codes = (*range(0xC0, 0x250), *range(0x386, 0x524), *range(0x1E00, 0x2000), *range(0x3041, 0x30FB))
    letters = [chr(code) for code in codes if chr(code).isalpha()]
    words = ["".join(letters[at : at + 8]) for at in range(0, len(letters), 8)]
    world.chat("Letters", " ".join(words))
    for at in range(0, len(words), 16):
        assert world.find(" ".join(words[at : at + 16]) + " "), words[at : at + 16]


def test_a_hit_tells_where_it_stands(world: World) -> None:
    chat = world.chat("Water", "What is a lighthouse for?")
    (hit,) = world.find("lighthouse")
    (node,) = world.store.load(chat).nodes
    assert (hit.conversation, hit.message, hit.title, hit.role, hit.where) == (chat, node.id, "Water", "user", "text")
    assert hit.at == node.created_at
    assert [hit.snippet[begin:end] for begin, end in hit.marks] == ["lighthouse"]


def test_an_answer_is_found_as_soon_as_it_is_saved(world: World) -> None:
    world.answered("What is deep?", (Text("The ocean."),))
    assert world.index.waiting() == 0  # in the same transaction, not by the search
    assert world.snippets("ocean") == ["The ocean."]


def test_of_a_continued_answer_only_the_whole_is_found(world: World) -> None:
    chat = world.store.create("Sea")
    _asked, node, turn = world.store.begin_turn(chat, None, user("Tell me."), model="m", backend="engine")
    world.store.checkpoint(node.id, (Text("The whale"),))
    assert world.snippets("whale") == ["The whale"]  # also while it is being written
    world.store.finish_turn(turn.id, node.id, (Text("The whale"),), Outcome(Finish.CANCELLED))
    again = world.store.begin_continuation(chat, node.id, after=turn.id, model="m", backend="engine")
    world.store.checkpoint(node.id, (Text("The whale sings"),))
    world.store.finish_turn(again.id, node.id, (Text("The whale sings."),), Outcome(Finish.STOP))
    assert world.snippets("whale") == ["The whale sings."]


def test_reasoning_is_searched_only_when_asked_for(world: World) -> None:
    world.answered("Why?", (Reasoning("Perhaps because of the moon."), Text("Tides.")))
    assert world.find("moon") == ()
    (hit,) = world.find("in:reasoning moon")
    assert (hit.where, hit.snippet) == ("reasoning", "Perhaps because of the moon.")


def test_attachments_are_searched_by_name_and_text(world: World) -> None:
    file = Attachment("tides.csv", "text/csv", 9, "0" * 64, "harbour,metres")
    chat = world.store.create("Files")
    world.store.append(chat, None, Message(Role.USER, (Text("Look at this."), file)))
    world.chat("Other", "The harbour is small.")
    assert [hit.where for hit in world.find("harbour")] == ["text", "attachment"]
    (named,) = world.find("tides.csv ")
    assert named.snippet.startswith("tides.csv")
    assert [hit.conversation for hit in world.find("has:attachment harbour")] == [chat]
    assert [hit.snippet for hit in world.find("has:attachment")] == ["Look at this."]


def test_by_model_question_and_answer(world: World) -> None:
    world.answered("Is it deep?", (Text("Very deep."),), "Qwen3 4B")
    world.answered("So deep?", (Text("No, not deep."),), "gpt-oss 20B")
    assert set(world.snippets("deep model:qwen")) == {"Is it deep?", "Very deep."}
    assert set(world.snippets('deep model:"gpt oss"')) == {"So deep?", "No, not deep."}
    assert world.snippets("deep model:llama") == []


def test_by_date(world: World) -> None:
    world.clock.time = at(2025, 5, 5)
    old = world.chat("Old", "The old sea.")
    world.clock.time = at(2026, 5, 5)
    new = world.chat("New", "The new sea.")
    assert [hit.conversation for hit in world.find("sea before:2026")] == [old]
    assert [hit.conversation for hit in world.find("sea after:2026")] == [new]
    assert world.find("sea after:2025-05-06 before:2026-05-05") == ()
    assert [hit.conversation for hit in world.find("after:2026")] == [new]


def test_by_project_also_after_a_move(world: World) -> None:
    inside, outside = world.chat("In", "Sea one."), world.chat("Out", "Sea two.")
    with world.database.write() as tx:
        for name, key in (("Thesis", "p-1"), ("Theses of others", "p-2")):
            tx.table("projects").insert({"id": key, "name": name, "created_at": 0, "updated_at": 0})
        tx.execute("UPDATE conversations SET project_id = 'p-1' WHERE id = ?", (inside,))
    assert [hit.conversation for hit in world.find("sea project:thesis")] == [inside]
    assert [hit.conversation for hit in world.find("sea project:thes")] == [inside]
    assert world.find("sea project:unknown") == ()
    with world.database.write() as tx:
        tx.execute("UPDATE conversations SET project_id = NULL WHERE id = ?", (inside,))
        tx.execute("UPDATE conversations SET project_id = 'p-1' WHERE id = ?", (outside,))
    assert [hit.conversation for hit in world.find("sea project:thesis")] == [outside]


def test_titles_are_found_with_and_without_text(world: World) -> None:
    named = world.chat("A voyage to Ithaca", "Hello.")
    said = world.chat("Other", "The voyage was long.")
    first, second = world.find("voyage")
    assert (first.conversation, first.message, first.where) == (named, None, "title")
    assert [first.title[begin:end] for begin, end in first.title_marks] == ["voyage"]
    assert second.conversation == said
    assert [hit.conversation for hit in world.find("voy before:2020")] == []
    world.store.rename(named, "Home")
    assert [hit.conversation for hit in world.find("voyage")] == [said]


def test_a_message_of_a_chat_that_is_called_so_is_the_hit(world: World) -> None:
    world.chat("Ithaka", "Nothing.")
    chat = world.chat("Ithaca", "Where is Ithaca?")
    (hit,) = world.find("ithaca")
    assert (hit.conversation, hit.where) == (chat, "text")


def test_of_the_newest_matches_the_better_ones_come_first(world: World) -> None:
    best = world.chat("One", "sea wave, sea wave, sea wave")
    for number in range(5):
        world.chat(f"Chat {number}", "the sea is here, and " + "much is said of other things " * 30 + "as of a wave")
    assert world.find("sea wave ")[0].conversation == best


def test_at_most_so_many_of_one_chat(world: World) -> None:
    world.chat("Long", *(f"The sea, part {number}." for number in range(9)))
    other = world.chat("Short", "The sea.")
    assert len(world.find("sea")) == 10
    assert len(world.find("sea", limit=4)) == 4
    hits = world.find("sea", per_chat=2)
    assert len(hits) == 3
    assert other in {hit.conversation for hit in hits}


def test_the_bin_is_not_searched(world: World) -> None:
    chat = world.chat("Gone", "The kraken.")
    world.store.delete(chat)
    assert world.find("kraken") == ()
    assert world.find("gone") == ()
    world.store.restore(chat)
    assert len(world.find("kraken")) == 1


def test_a_deleted_message_is_not_found(world: World) -> None:
    world.chat("Sea", "The kraken.")
    with world.database.write() as tx:
        tx.execute("UPDATE messages SET deleted_at = 1")
    assert world.find("kraken") == ()


def test_enough_of_the_whole_word_is_enough(world: World) -> None:
    world.chat("One", *(f"The ocean {number}." for number in range(3)))
    world.chat("Two", *("Oceans" for _ in range(200)))
    assert len(world.find("ocean", limit=3)) == 3
    world.chat("Three", *(f"An ocean {number}." for number in range(130)))
    assert {hit.where for hit in world.find("ocean", limit=130)} == {"text"}
    assert all("ocean " in hit.snippet for hit in world.find("ocean", limit=100))


def test_what_is_deleted_for_good_leaves_the_index(world: World) -> None:
    chat = world.chat("Gone", "The kraken.")
    with world.database.write() as tx:
        tx.execute("UPDATE conversations SET tip_id = NULL")
        tx.execute("DELETE FROM conversations WHERE id = ?", (chat,))
    assert world.database.rows("SELECT * FROM search_texts WHERE search_texts MATCH 'kraken'") == []
    assert world.find("kraken") == ()


def test_many_messages_of_one_moment(world: World) -> None:
    chat = world.store.create("Imported")
    ids = [world.store.append(chat, None, user(f"The sea {number}.")).id for number in range(50)]
    with world.database.write() as tx:
        tx.execute("UPDATE messages SET created_at = 0")
        for one in ids:
            tx.execute("INSERT INTO search_waiting VALUES (?)", (one,))
    assert {hit.message for hit in world.find("sea", limit=99)} == set(ids)


# The index ------------------------------------------------------------------------------------------------------------


def test_an_older_database_is_indexed_in_pieces(world: World, tmp_path: Path) -> None:
    for number in range(350):
        world.chat(f"Chat {number}", f"The sea {number}.")
    with world.database.write() as tx:  # as after the migration of a database without an index
        tx.execute("DELETE FROM search_places")
        tx.execute("INSERT OR IGNORE INTO search_waiting SELECT id FROM messages")
    left: list[int] = []
    world.search.catch_up(CancelToken(), left.append)
    assert left == [350, 250, 150, 50]
    assert world.search.waiting() == 0
    assert len(world.find("sea", limit=999)) == 350


def test_a_database_without_an_index_is_searched_after_its_migration(tmp_path: Path) -> None:
    older = Migrations("workbench")
    for step in migrations.workbench._migrations:
        if step.name < "m008":
            older(name=step.name)(step.fn)
    database = Database(tmp_path / "workbench.db", older, backups=tmp_path)
    with database.write() as tx:
        tx.execute("INSERT INTO conversations (id, title, created_at, updated_at) VALUES ('c', 'The voyage', 1, 1)")
        for key, gone in (("a", None), ("b", 1.0)):
            tx.execute(
                "INSERT INTO messages (id, conversation_id, role, created_at, deleted_at) VALUES (?, 'c', 'user', 1, ?)",
                (key, gone),
            )
            tx.execute("INSERT INTO parts VALUES (?, 0, 'text', 'The kraken sleeps.', NULL)", (key,))
    database.close()
    world = build(tmp_path)
    assert world.search.waiting() == 3
    assert [hit.message for hit in world.find("kraken")] == ["a"]
    assert [hit.where for hit in world.find("voyage")] == ["title"]
    assert world.store.summaries()[0].messages == 1
    world.database.close()


def test_indexing_can_be_cancelled_and_goes_on_later(world: World) -> None:
    world.chat("Sea", "The sea.")
    with world.database.write() as tx:
        tx.execute("INSERT OR IGNORE INTO search_waiting SELECT id FROM messages")
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        world.search.catch_up(cancel)
    assert world.search.waiting() == 1
    world.search.catch_up(CancelToken())
    assert world.search.waiting() == 0


def test_a_database_that_cannot_be_written_is_searched_as_it_is(world: World) -> None:
    world.chat("Sea", "The sea.")
    with world.database.write() as tx:
        tx.execute("INSERT OR IGNORE INTO search_waiting SELECT id FROM messages")
    world.database.read_only = "The disk is full."
    assert len(world.find("sea")) == 1
    world.search.catch_up(CancelToken())
    assert world.search.waiting() == 1


def test_the_number_of_messages_is_kept(world: World) -> None:
    chat = world.chat("Sea", "One.", "Two.", "Three.")
    assert world.store.summaries()[0].messages == 3
    with world.database.write() as tx:
        tx.execute("UPDATE messages SET deleted_at = 1 WHERE sequence = 2")
    assert world.store.summaries()[0].messages == 2
    with world.database.write() as tx:
        tx.execute("UPDATE messages SET deleted_at = 2 WHERE sequence = 2")
        tx.execute("UPDATE messages SET deleted_at = NULL WHERE sequence = 2")
        tx.execute("UPDATE conversations SET tip_id = NULL")
        tx.execute("DELETE FROM messages WHERE sequence = 3")
    assert (world.store.summaries()[0].id, world.store.summaries()[0].messages) == (chat, 2)


def test_queries_with_nothing_to_look_for_are_empty() -> None:
    assert Query().is_empty
    assert Query(reasoning=True).is_empty
    assert not replace(Query(), has_attachment=True).is_empty


def test_words_beside_chinese_are_indexed_again_by_a_migration(tmp_path: Path) -> None:
    older = Migrations("workbench")
    for step in migrations.workbench._migrations:
        if step.name < "m020":
            older(name=step.name)(step.fn)
    database = Database(tmp_path / "workbench.db", older, backups=tmp_path)
    store = ConversationStore(database, SetClock())
    for text in ("新しいAPI仕様です", "Plain words"):
        store.append(store.create("Chat"), None, user(text))
    with database.write() as tx:
        tx.execute("DELETE FROM search_waiting")  # as if all had been indexed
    database.close()
    world = build(tmp_path)
    assert world.search.waiting() == 1
    assert len(world.find("仕様 ")) == 1
    world.database.close()
