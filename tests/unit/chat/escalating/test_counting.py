"""How long a request with tools is, from above."""

from __future__ import annotations

from workbench.chat.escalating.counting import TOKENS_OF_TOOLS, most_of_count, tokens_from_above, tokens_of_text
from workbench.messages import ChatRequest, Message, Role, Text, Tool, ToolCall, ToolResult, user

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
    assert most_of_count(100, ChatRequest(bare.messages, tools=(TOOL,))) == most_of_count(100, bare) + TOKENS_OF_TOOLS
