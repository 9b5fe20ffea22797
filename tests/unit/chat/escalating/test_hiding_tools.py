"""What tools say of themselves is hidden like all other texts, and comes back into the arguments of their calls."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from tests.fakes.turn_tools import spec
from tests.unit.chat.escalating.tooled import Tooled
from workbench.chat.escalating.escalation import Draft, PieceKind
from workbench.chat.escalating.hiding_tools import fixed_in, texts_of_tools, with_tool_texts, without_told
from workbench.cloud.hiding.redacting import TextRedactor
from workbench.consents.consent import ConsentKind
from workbench.messages import Tool
from workbench.tools.builtin.calculate import CALCULATE
from workbench.tools.builtin.chats import search_chats
from workbench.tools.builtin.documents import search_documents
from workbench.tools.builtin.now import NOW
from workbench.tools.builtin.remember import REMEMBER
from workbench.tools.tool import Outcome
from workbench.tools.web.source import fetch_page

SEARCHES = (search_chats, search_documents)

SCHEMA = {
    "type": "object",
    "title": "Files of CANARY",
    "properties": {
        "path": {"type": "string", "description": "Below CANARY.", "default": "CANARY/x", "pattern": "^/"},
        "type": {"enum": ["CANARY", "other"], "examples": [{"to": ["CANARY"]}]},
    },
    "required": ["path"],
    "$defs": {"description": {"anyOf": [{"const": "CANARY"}, {"type": "integer", "maximum": 4_111_111_111}]}},
    "additionalProperties": False,
}
TOOL = Tool("files_read", "Reads what is in CANARY.", SCHEMA)

HOME = {
    "type": "object",
    "properties": {
        "path": {"type": "string", "description": "A path below /home/anna/notes.", "default": "/home/anna/notes"},
        "to": {"enum": ["ada@example.org", "nobody"], "description": "Who is told."},
    },
    "required": ["path"],
}
READ = replace(spec("files_read", parameters=HOME, source="files"), description="Reads the files of /home/anna.")


def _reads(_arguments: Any, _call: Any) -> Outcome:
    return Outcome("It is empty.")


def offered(world: Tooled, question: str = "What is in my notes?") -> Draft:
    """With the server's tools, which the person has added."""
    draft = world.draft(world.asked(question))
    pieces = tuple(replace(one, kept=True) if one.kind is PieceKind.TOOL else one for one in draft.pieces)
    return replace(draft, pieces=pieces)


def test_what_a_server_says_of_a_folder_or_a_person_does_not_leave(make: Callable[..., Tooled]) -> None:
    world = make({READ: _reads})
    world.will_say([("files_read", {"path": "[ADDRESS_1]/notes/a.txt", "to": "[EMAIL_1]"})], "Nothing.")
    preview = world.escalations.preview(offered(world))
    consent = world.consents.accept(world.escalations.propose(preview).id)
    answer = world.escalations.send(consent.id, world.job())
    assert world.bodies()[0] == preview.outgoing.body, "what was sent is what was shown"
    world.let(ConsentKind.TOOL)
    world.escalations.resume(answer.id, world.job())
    assert world.tools.calls == [("files_read", {"path": "/home/anna/notes/a.txt", "to": "ada@example.org"})]
    world.escalations.send(world.let().id, world.job())
    assert len(world.bodies()) == 2
    for canary in (b"anna", b"ada@example.org"):
        assert not any(canary in body for body in world.bodies())
    assert all(b"A path below [ADDRESS_1]/notes." in body and b"files_read" in body for body in world.bodies())


def test_the_same_placeholder_stands_in_the_question(make: Callable[..., Tooled]) -> None:
    world = make({READ: _reads})
    shown = world.escalations.preview(offered(world, "Tell ada@example.org what is in /home/anna."))
    body = shown.outgoing.body.decode()
    assert "Tell [EMAIL_1] what is in [ADDRESS_1]." in body
    assert {one.placeholder for one in shown.redactions} == {"[EMAIL_1]", "[ADDRESS_1]"}


def test_a_tool_whose_fields_would_tell_is_not_offered(make: Callable[..., Tooled]) -> None:
    fields = {"type": "object", "properties": {"ada@example.org": {"type": "boolean"}}}
    world = make({READ: _reads, replace(spec("mail", parameters=fields), description="Who gets it."): _reads})
    body = json.loads(world.escalations.preview(offered(world)).outgoing.body)
    names = [one.get("function", one)["name"] for one in body["tools"]]
    assert names == ["files_read"]


def test_where_nothing_is_hidden_tools_are_told_as_they_are(make: Callable[..., Tooled]) -> None:
    world = make({READ: _reads})
    body = world.escalations.preview(replace(offered(world), redact=False)).outgoing.body
    assert b"/home/anna/notes" in body
    assert b"ada@example.org" in body


def test_words_and_values_are_changed_and_what_is_compared_is_not() -> None:
    (told,) = with_tool_texts([TOOL], [text.replace("CANARY", "[X]") for text in texts_of_tools([TOOL])])
    assert "CANARY" not in json.dumps([told.name, told.description, told.parameters])
    assert told.parameters["required"] == ["path"]
    assert list(told.parameters["properties"]) == ["path", "type"]
    assert told.parameters["properties"]["type"]["enum"] == ["[X]", "other"]
    assert with_tool_texts([TOOL], texts_of_tools([TOOL])) == (TOOL,)


def test_what_cannot_be_hidden_is_known() -> None:
    fixed = fixed_in(TOOL)
    assert not any("CANARY" in text for text in fixed)
    assert {"files_read", "path", "type", "^/", "description", "to"} <= set(fixed)
    assert without_told([TOOL], lambda texts: [text for text in texts if text == "^/"]) == ()
    assert without_told([TOOL], lambda _texts: ()) == (TOOL,)
    number = Tool("n", "", {"enum": [4111111111111111]})
    assert "4111111111111111" in fixed_in(number)


def test_the_programs_own_tools_lose_no_word() -> None:
    specs = (
        CALCULATE,
        NOW,
        REMEMBER,
        fetch_page(),
        *(search(cast("Any", None), cast("Any", None)).spec for search in SEARCHES),
    )
    texts = texts_of_tools(one.offered for one in specs)
    assert TextRedactor().redact(texts).texts == texts
    fixed = tuple(text for one in specs for text in fixed_in(one.offered))
    assert TextRedactor().redact(fixed).texts == fixed
