"""Test cases: what they take from a chat, and which answers pass."""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.backend import ScriptedBackend
from tests.unit.chat.test_service import ScriptedRoute
from workbench import migrations
from workbench.chat.cases.service import CaseService
from workbench.chat.cases.store import CaseStore
from workbench.chat.service import ChatService
from workbench.chat.store import ConversationStore
from workbench.checks.check import CheckKind, make_check
from workbench.checks.pattern import Pattern, PatternCostError
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.errors import UsageError
from workbench.events import Bus
from workbench.jobs import quiet_job
from workbench.messages import (
    Attachment,
    Message,
    Passage,
    Reasoning,
    ReasoningDelta,
    Role,
    Text,
    TextDelta,
    ToolCall,
    ToolResult,
    user,
)

CONTAINS = make_check(CheckKind.CONTAINS, "Paris")
PICTURE = Attachment("map.png", "image/png", 12, "ab" * 32)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(tmp_path / "workbench.db", migrations.workbench, backups=tmp_path)
    yield made
    made.close()


@pytest.fixture
def conversations(database: Database) -> ConversationStore:
    return ConversationStore(database, SystemClock())


@pytest.fixture
def chat(conversations: ConversationStore) -> ChatService:
    backend = ScriptedBackend([ReasoningDelta("hm"), TextDelta("Lyon.")], "Paris.")
    return ChatService(conversations, ScriptedRoute(backend), Bus(), SystemClock())


@pytest.fixture
def cases(database: Database, conversations: ConversationStore) -> CaseService:
    return CaseService(CaseStore(database, SystemClock()), conversations, Bus())


def test_a_case_is_the_question_with_what_stood_before_it(
    chat: ChatService, cases: CaseService, conversations: ConversationStore
) -> None:
    first = chat.send(None, "A big town in France?", quiet_job())
    other = chat.send(conversations.conversation_of(first.id), "Its  capital?", quiet_job())
    case = cases.save(other.id, CONTAINS)
    assert [(message.role, message.text) for message in case.messages] == [
        (Role.USER, "A big town in France?"), (Role.ASSISTANT, "Lyon."), (Role.USER, "Its  capital?")
    ]  # fmt: skip
    assert not any(isinstance(part, Reasoning) for message in case.messages for part in message.parts)
    assert (case.title, case.model, case.message_id) == ("Its capital?", "fake-model", other.id)
    assert cases.asked(other.id).answer == "Paris."
    assert cases.check(case.id, "It is paris, of course.").passed
    assert cases.list() == (case,) == cases.of_message(other.id)


def test_a_case_keeps_attachments_by_their_content(cases: CaseService, conversations: ConversationStore) -> None:
    conversation = conversations.create("Maps")
    asked = conversations.append(conversation, None, Message(Role.USER, (PICTURE, Text("Where is this?"))))
    case = cases.save(asked.id, CONTAINS, " My  case ")
    assert (case.title, case.messages[0].parts) == ("My case", (PICTURE, Text("Where is this?")))
    assert cases.document()["cases"][0]["messages"][0]["parts"][0]["sha256"] == PICTURE.sha256


def test_a_case_keeps_what_tools_gave(cases: CaseService, conversations: ConversationStore) -> None:
    passage = Passage(1, "/a.txt", "c", "ab" * 32, 0, 3, "Sea", at=5.5)
    result = ToolResult("c1", "look", "[1] Sea", seconds=0.0, passages=(passage,), untrusted=True, cut=9)
    conversation = conversations.create("Sea")
    asked = conversations.append(conversation, None, user("What is it?"))
    parts = (ToolCall("c1", "look", "{}"), result, Text("The sea."))
    answer = conversations.append(conversation, asked.id, Message(Role.ASSISTANT, parts))
    after = conversations.append(conversation, answer.id, user("Sure?"))
    assert conversations.load(conversation).nodes[1].message.parts == parts
    kept = cases.list()[0] if cases.save(after.id, CONTAINS) else None
    assert kept is not None
    assert kept.messages[1].parts == parts


def test_a_case_outlives_its_chat_and_can_be_changed_and_removed(
    chat: ChatService, cases: CaseService, database: Database
) -> None:
    answer = chat.send(None, "The capital of France?", quiet_job())
    case = cases.save(answer.id, CONTAINS)
    with database.write() as tx:
        tx.execute("UPDATE conversations SET tip_id = NULL")
        tx.execute("DELETE FROM conversations")
    assert cases.find(case.id[:6]) == case.id
    changed = cases.change(case.id, make_check(CheckKind.JUDGEMENT, "Is it polite?"), "Manners")
    assert (changed.title, changed.check.kind, changed.messages) == ("Manners", CheckKind.JUDGEMENT, case.messages)
    cases.remove(case.id)
    with pytest.raises(UsageError, match="no case"):
        cases.get(case.id)
    cases.restore(changed)
    cases.restore(changed)
    assert cases.list() == (changed,)
    assert cases.answer(case.id) is None
    with pytest.raises(UsageError, match="no answer to check"):
        cases.check_stored(case.id)


def test_a_case_is_checked_on_the_answer_it_was_made_from(
    chat: ChatService, cases: CaseService, tmp_path: Path
) -> None:
    answer = chat.send(None, "The capital of France?", quiet_job())
    case = cases.save(answer.id, CONTAINS)
    assert cases.answer(case.id) == "Lyon."
    assert cases.check_stored(case.id).passed is False
    cases.change(case.id, make_check(CheckKind.CONTAINS, "lyon"))
    assert cases.check_stored(case.id).passed
    assert cases.export_to(tmp_path / "cases.json") == 1
    assert json.loads((tmp_path / "cases.json").read_text(encoding="utf-8")) == cases.document()


# Which answers pass ---------------------------------------------------------------------------------------------------

SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {"town": {"type": "string", "pattern": "^[A-Z]"}, "people": {"type": "integer", "minimum": 1}},
        "required": ["town"],
        "additionalProperties": False,
    }
)
REFERRING = '{"anyOf": [{"type": "null"}, {"items": {"$ref": "#/$defs/n"}}], "$defs": {"n": {"const": 1}}}'


@pytest.mark.parametrize(
    ("kind", "expected", "answer", "passed"),
    [
        ("contains", "the  SEA", "I see the\nsea.", True),
        ("contains", "sea", "Lakes only.", False),
        ("regex", r"^\d+ apples$", "3 apples", True),
        ("regex", r"(?i)PARIS\b", "in Paris.", True),
        ("regex", r"^b", "a\nb", False),
        ("regex", r"(?m)^b", "a\nb", True),
        ("schema", SCHEMA, '{"town": "Rome", "people": 2}', True),
        ("schema", SCHEMA, 'Here it is:\n```json\n{"town": "Rome"}\n```\n', True),
        ("schema", SCHEMA, '{"town": "rome"}', False),
        ("schema", SCHEMA, '{"town": "Rome", "people": true}', False),
        ("schema", SCHEMA, '{"town": "Rome", "more": 1}', False),
        ("schema", SCHEMA, '{"people": 1}', False),
        ("schema", SCHEMA, "Rome", False),
        ("schema", '{"enum": [1]}', "true", False),
        ("schema", REFERRING, "[1, 1]", True),
        ("schema", REFERRING, "[1, 2]", False),
        ("number", "4", "2 + 2 = 4.", True),
        ("number", "4", "4 is less than 5", False),
        ("number", "1234.5", "It is 1,234.5", True),
        ("number", "1234.5", "Das sind 1.234,5", True),
        ("number", "-3", "x = −3", True),
        ("number", "3", "item-3", True),
        ("number", "4", "four", False),
        ("reference", "Paris", "paris.", True),
        ("reference", "Paris", "It is Paris.", None),
        ("judgement", "Is it kind?", "Yes", None),
    ],
)  # fmt: skip
def test_which_answers_pass(kind: str, expected: str, answer: str, passed: bool | None) -> None:
    result = make_check(CheckKind(kind), expected).passes(answer)
    assert (result.passed, bool(result.why)) == (passed, True)


def test_a_number_may_be_off_by_its_tolerance() -> None:
    check = make_check(CheckKind.NUMBER, "3.14", 0.01)
    assert [check.passes(answer).passed for answer in ("3.149", "3.2", "pi")] == [True, False, False]
    assert check.passes("first 3.14, then 3.2").why == "The last number of the answer is 3.2."


@pytest.mark.parametrize(
    ("kind", "expected", "words"),
    [
        ("contains", "  ", "something to look for"),
        ("regex", "(", "cannot be used"),
        ("regex", r"(a)\1", "a reference to a group"),
        ("regex", "a(?=b)", "looking ahead"),
        ("regex", "(a{1000}){1000}", "too large"),
        ("regex", "(" * 900 + ")" * 900, "nested too deep|cannot be used"),
        ("schema", "{", "no JSON"),
        ("schema", '{"typ": "string"}', "not understood"),
        ("schema", '{"type": "text"}', "no type"),
        ("schema", '{"minimum": "1"}', "cannot be"),
        ("schema", '{"properties": []}', "cannot be"),
        ("schema", '{"anyOf": []}', "at least one"),
        ("schema", '{"required": [[]]}', "must name properties"),
        ("schema", '{"pattern": "("}', "pattern"),
        ("schema", '{"$ref": "https://example.org"}', "begin with #"),
        ("number", "many", "no number"),
        ("number", "nan", "no number"),
    ],
)
def test_a_check_that_cannot_be_made_says_why(kind: str, expected: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        make_check(CheckKind(kind), expected)


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*b", "(.*)*x", "(a*)*(a*)*b", "(?:a?){200}a{200}b", "(|a)*c"])
def test_a_hostile_pattern_ends(pattern: str) -> None:
    result = make_check(CheckKind.REGEX, pattern).passes("a" * 2_000 + "!")
    assert result.passed is not True


def test_a_text_that_is_too_long_for_a_pattern_is_told() -> None:
    with pytest.raises(PatternCostError):
        Pattern("(a|b|c)*d").found_in("abc" * 100, most_steps=500)
    assert make_check(CheckKind.REGEX, "(?:x?){900}y").passes("x" * 100_000).passed is None


def test_a_schema_that_refers_to_itself_ends() -> None:
    check = make_check(CheckKind.SCHEMA, '{"anyOf": [{"$ref": "#"}, {"$ref": "#"}]}')
    assert check.passes("1").passed is not True


ALPHABET = ("a", "b", "0", "_", " ", "\n", "É", "ß")
PIECES = ("a", "b", ".", "[ab]", "[^a]", r"\w", r"\W", r"\d", r"\s", r"\b", r"\B", "^", "$", "(?:ab|a)", "(b|)", "[a-b0]",
          r"\Z", "(?i:A)", "(?s:.)", "é")  # fmt: skip
REPEATS = ("", "", "", "*", "+", "?", "{2}", "{1,3}", "*?", "{2,}")


def test_patterns_match_what_pythons_own_engine_matches() -> None:
    """Random patterns and texts, both engines."""
    chance = random.Random(7)
    flags = ("", "(?i)", "(?m)", "(?s)", "(?a)", "(?im)")
    compared = 0
    for _ in range(3_000):
        body = "".join(chance.choice(PIECES) + chance.choice(REPEATS) for _ in range(chance.randint(1, 4)))
        source = chance.choice(flags) + body
        try:
            own = re.compile(source)
        except re.error:
            continue
        text = "".join(chance.choice(ALPHABET) for _ in range(chance.randint(1, 6)))
        assert Pattern(source).found_in(text) is bool(own.search(text)), (source, text)
        compared += 1
    assert compared > 1_500


@pytest.mark.parametrize(
    ("answer", "passes"),
    [
        ([1, 2, "1", True], True),
        ([[True], [1]], True),
        ([{"a": 1}, {"a": 1.0}], False),
        ([*range(1500), 1400], False),
        ([[0] * 3000 + [number] for number in range(1000)], True),
    ],
)
def test_what_stands_twice_is_found_quickly_in_a_list_of_any_length(answer: list[object], passes: bool) -> None:
    check = make_check(CheckKind.SCHEMA, '{"uniqueItems": true}')
    text = json.dumps(answer)
    begin = time.process_time()
    assert check.passes(text).passed is passes
    assert time.process_time() - begin < 0.8


def test_words_are_contained_however_their_accents_are_written() -> None:
    assert make_check(CheckKind.CONTAINS, "Caf\u00e9").passes("In the cafe\u0301.").passed
