"""How long a request with tools is, from above."""

from __future__ import annotations

import json

import pytest

from workbench.chat.escalating.counting import (
    PICTURE_TOKENS,
    TOKENS_OF_TOOLS,
    estimated,
    of_template,
    of_texts,
    texts_of_messages,
    texts_of_tools,
    tokens_from_above,
    tokens_of_text,
    without_pictures,
)
from workbench.chat.escalating.counts import FRAMES_OF_RULE, CountedBy, Uncounted
from workbench.messages import ChatRequest, Image, Message, Role, Text, Tool, ToolCall, ToolResult, user

TOOL = Tool("add", "Adds two numbers.", {"type": "object", "properties": {"a": {"type": "integer"}}})
LONG = "The tide at Brest rises by seven metres in spring. " * 200


def test_tools_calls_and_results_count() -> None:
    bare = ChatRequest((user("How much?"),))
    offered = ChatRequest(bare.messages, tools=(TOOL,))
    assert tokens_from_above(offered) > tokens_from_above(bare) + TOKENS_OF_TOOLS
    called = Message(Role.ASSISTANT, (Text("Hm."), ToolCall("c", "add", LONG)))
    given = Message(Role.TOOL, (ToolResult("c", "add", LONG),))
    more = ChatRequest((*bare.messages, called, given), tools=(TOOL,))
    assert tokens_from_above(more) >= tokens_from_above(offered) + 2 * tokens_of_text(LONG)


def test_what_a_provider_tells_of_tools_is_added_to_what_was_counted_here() -> None:
    bare = ChatRequest((user("How much?"),))
    offered = ChatRequest(bare.messages, tools=(TOOL,))
    most = of_template(100, bare, CountedBy.VOCABULARY).most
    assert of_template(100, offered, CountedBy.VOCABULARY).most == most + TOKENS_OF_TOOLS
    assert of_texts(3, 20, offered, FRAMES_OF_RULE).most >= of_texts(3, 20, bare, FRAMES_OF_RULE).most + TOKENS_OF_TOOLS


def test_every_text_that_leaves_is_counted_by_a_vocabulary() -> None:
    called = Message(Role.ASSISTANT, (Text("Hm."), ToolCall("c", "add", '{"a":1}')))
    given = Message(Role.TOOL, (ToolResult("c", "add", "3"),))
    request = ChatRequest((user("How much?"), called, given), tools=(TOOL,))
    assert texts_of_messages(request) == ("How much?", "Hm.", "add", '{"a":1}', "3")
    assert texts_of_tools(request) == ("add", "Adds two numbers.", json.dumps(TOOL.parameters))


def test_a_picture_counts_at_its_most_beside_what_was_counted() -> None:
    seen = Message(Role.USER, (Text("What is it?"), Image("image/png", b"p")))
    request = ChatRequest((seen,))
    assert without_pictures(request).messages == (user("What is it?"),)
    assert of_template(9, request, CountedBy.LOADED).most == of_template(
        9, ChatRequest((user("x"),)), CountedBy.LOADED
    ).most + (PICTURE_TOKENS)


@pytest.mark.parametrize("messages", [1, 2, 30])
def test_openais_published_rule_is_within_the_range(messages: int) -> None:
    """Three tokens for each message and one for its role, three for the answer."""
    count = of_texts(1_000, 0, ChatRequest((user("x"),) * messages), FRAMES_OF_RULE)
    assert count.least <= 1_000 + 4 * messages + 3 <= count.most
    assert count.most - count.least <= 9 * messages + FRAMES_OF_RULE


def test_an_estimate_is_above_and_says_why() -> None:
    request = ChatRequest((user(LONG),))
    count = estimated(request, Uncounted.FAILED, "It broke.")
    assert (count.most, count.by, count.why, count.said) == (
        tokens_from_above(request),
        CountedBy.ESTIMATE,
        Uncounted.FAILED,
        "It broke.",
    )
    assert 0 < count.least < count.most
