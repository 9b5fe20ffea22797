"""Prompts are compared by digests of their beginnings."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbench.engine.states.chain import BLOCK_CHARACTERS, chain_of, shared_blocks
from workbench.messages import ChatRequest, Effort, Tool, assistant, system, user

LONG = "All work and no play makes a long prompt. " * 100


def test_a_chat_that_goes_on_begins_with_what_was_read() -> None:
    before = chain_of(ChatRequest((system(LONG), user("One?"))))
    after = chain_of(ChatRequest((system(LONG), user("One?"), assistant("Yes. " * 300), user("Two?"))))
    assert shared_blocks(before, after) == len(before) == (len(LONG) + 30) // BLOCK_CHARACTERS
    assert len(after) > len(before)


def test_what_changes_the_head_of_the_prompt_changes_all_of_it() -> None:
    plain = chain_of(ChatRequest((system(LONG),)))
    tool = Tool("get_weather", "Weather.", {"type": "object"})
    for other in (
        ChatRequest((system(LONG),), effort=Effort.HIGH),
        ChatRequest((system(LONG),), tools=(tool,)),
        ChatRequest((user(LONG),)),
    ):
        assert shared_blocks(plain, chain_of(other)) == 0


def test_a_short_prompt_has_no_chain() -> None:
    assert chain_of(ChatRequest((user("Hi"),))) == ()


@given(st.text(max_size=1500), st.text(min_size=1, max_size=1500), st.text(min_size=1, max_size=1500))
def test_shared_blocks_are_those_of_the_shared_text(head: str, one: str, other: str) -> None:
    chains = chain_of(ChatRequest((user(head + one),))), chain_of(ChatRequest((user(head + other),)))
    shared = shared_blocks(*chains)
    assert chains[0][:shared] == chains[1][:shared]
    assert chains[0][shared : shared + 1] != chains[1][shared : shared + 1] or chains[0] == chains[1]
