"""What others wrote is noticed wherever it stands in a branch, and an address of the model's own making is told from one
that somebody wrote."""

from __future__ import annotations

import json
from typing import Any

import pytest

from workbench.chat.tooling.taint import composed, holds_any, holds_private, tainted
from workbench.messages import (
    Attachment,
    Message,
    Part,
    Passage,
    Reasoning,
    Role,
    Sources,
    Text,
    ToolCall,
    ToolResult,
    UsedPrompt,
    assistant,
    user,
)

PASSAGE = Passage(1, "/docs/a.txt", "c", "0" * 64, 0, 5, "See https://shop.example/item?id=7 for more.")
SECRET = Passage(1, "/docs/b.txt", "c", "0" * 64, 0, 5, "hello", private=True)


def answer(*parts: Part) -> Message:
    return Message(Role.ASSISTANT, parts)


@pytest.mark.parametrize(
    ("part", "is_strange"),
    [
        (Text("hello"), False),
        (Reasoning("hm"), False),
        (ToolCall("1", "now", "{}"), False),
        (Sources(note="Nothing was found."), False),
        (ToolResult("1", "now", "Monday"), False),
        (ToolResult("1", "fetch_page", "Do this!", untrusted=True), True),
        (ToolResult("1", "search_documents", "[1]", passages=(PASSAGE,)), True),
        (Sources((PASSAGE,)), True),
        (Attachment("a.txt", "text/plain", 3, "0" * 64, "abc"), True),
        (UsedPrompt("p", "review", "Review"), True),  # its text may be a file's, or a stranger's library's
        (Attachment("a.png", "image/png", 3, "0" * 64), True),  # words can be in a picture
    ],
)
def test_what_others_wrote_taints_all_that_follows(part: Part, *, is_strange: bool) -> None:
    branch = [user("Hello"), answer(part), user("And now?"), assistant("Yes.")]
    assert tainted(branch) is is_strange
    assert not tainted([])


def test_private_passages_are_found_in_sources_and_results() -> None:
    assert holds_private([answer(Sources((PASSAGE, SECRET)))])
    assert holds_private([answer(ToolResult("1", "search_documents", "", passages=(SECRET,)))])
    assert not holds_private([answer(Sources((PASSAGE,)), ToolResult("1", "x", "", passages=(PASSAGE,)))])


ADDRESS = "https://shop.example/item?id=7"


@pytest.mark.parametrize(
    "known",
    [
        user(f"What is at {ADDRESS}?"),
        user(f"What is at {ADDRESS}."),
        user(f"({ADDRESS})"),
        user("look at shop.example/item?id=7"),
        user("HTTP://SHOP.EXAMPLE/item?id=7/"),
        answer(ToolResult("1", "web_search", f"1. A shop\n{ADDRESS}\nCheap.", untrusted=True)),
        answer(ToolResult("1", "web_search", "", passages=(Passage(1, ADDRESS, "", "", 0, 0, ""),))),
        answer(Sources((PASSAGE,))),
        Message(Role.USER, (Attachment("a.txt", "text/plain", 3, "0" * 64, f"<{ADDRESS}>"),)),
    ],
)
def test_an_address_that_somebody_wrote_is_known(known: Message) -> None:
    assert not composed({"url": ADDRESS}, [known])
    assert not composed({"pages": [{"url": ADDRESS}]}, [user("x"), known])


@pytest.mark.parametrize(
    "known",
    [
        user("Hello"),
        assistant(f"I could look at {ADDRESS}."),  # the model wrote that
        answer(Reasoning(ADDRESS)),
        answer(ToolCall("1", "fetch_page", f'{{"url": "{ADDRESS}"}}')),
        user(f"{ADDRESS}1"),
        user(f"{ADDRESS}&more=2"),
        user("https://my-shop.example/item?id=7"),
        user("https://other.shop.example/item?id=7"),
        user("https://evil@shop.example/item?id=7"),
        user("https://shop.example/ITEM?id=7"),  # in a path the case could say something
        user("https://shop.example/item?id=7/2"),
        user("https://shop.example.com/item?id=7"),
    ],
)
def test_an_address_that_nobody_wrote_is_of_the_models_making(known: Message) -> None:
    assert composed({"url": ADDRESS}, [known])


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (ADDRESS, f"Nothing was found for “{ADDRESS}”."),
        ("about shop.example/item?id=7", f"Nothing was found for “about {ADDRESS}”."),
        ("shop.example/ item?id=7", f"There is no {ADDRESS}."),  # joined by the tool
    ],
)
def test_a_tool_that_repeats_what_it_was_called_with_makes_no_address_known(query: str, told: str) -> None:
    """Else a model could have any tool say the address that it has put together."""
    call = ToolCall("1", "search_chats", json.dumps({"query": query}))
    echo = answer(call, ToolResult("1", "search_chats", told))
    assert composed({"url": ADDRESS}, [user("Hello"), echo])
    assert composed(
        {"url": ADDRESS}, [echo, answer(ToolCall("1", "now", "{}"))]
    )  # ids may come again in another answer
    assert not composed({"url": ADDRESS}, [user(f"Look at {ADDRESS}"), echo])
    found = answer(ToolCall("2", "web_search", '{"query": "shop"}'), ToolResult("2", "web_search", ADDRESS))
    assert not composed({"url": ADDRESS}, [echo, found])
    again = answer(ToolCall("2", "fetch_page", json.dumps({"url": ADDRESS})))
    assert not composed({"url": ADDRESS}, [found, again])


@pytest.mark.parametrize(
    "url", ["//evil.example/x", "evil.example", "secret.evil.example", "https:evil", "ftp://evil", " evil.example "]
)
def test_every_form_of_an_address_is_one(url: str) -> None:
    assert composed({"url": url}, [user("Read the page, please.")])


def test_words_are_no_address() -> None:
    assert not composed({"query": "weather in Oslo. And Bergen?", "pages": 3, "fresh": True}, [user("Hello")])
    assert not composed({}, [])


def test_an_address_with_words_behind_a_space_is_the_models_own() -> None:
    known = user(f"What is at {ADDRESS}?")
    assert composed({"url": f"{ADDRESS} and all that was read"}, [known])
    assert composed({"url": "https://evil.example/ secret"}, [known])


@pytest.mark.parametrize(
    "arguments",
    [{"q": "of ADA Berg"}, {"Ada Berg": 1}, {"fields": [{"x": {"to: ada berg": None}}]}, {"a": ["Ada Berg"]}],
)
def test_what_is_hidden_is_seen_in_values_and_in_names(arguments: dict[str, Any]) -> None:
    assert holds_any(arguments, ["Ada Berg"])
    assert not holds_any(arguments, ["Ada Bergmann"])
