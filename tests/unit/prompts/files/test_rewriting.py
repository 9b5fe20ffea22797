"""A file that somebody keeps by hand: only what changed in a prompt changes in it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.prompts.files.made import prompts
from workbench.messages import Effort
from workbench.prompts.files.markdown import read_markdown, write_markdown
from workbench.prompts.files.rewriting import rewritten
from workbench.prompts.prompt import Preferences, Prompt

KEPT = """\
---
# Mine: reviewed every spring.
tags: work, 'writing'   # for the list
title: "Reply"

# The fast one is good enough.
model: Qwen3 30B # see the wiki
reviewer: Ada  # not Workbench's
variables:
  # What I was sent.
  - {name: mail, type: long_text}
system: |
  You answer mails.
  # Never invent a date.
id: 3f2a
# The end.
---

Answer this:

{{ mail }}

"""


def read(content: bytes | str, stem: str = "reply") -> Prompt:
    return read_markdown(content.encode() if isinstance(content, str) else content, stem).prompt


def changed(prompt: Prompt, content: str = KEPT, stem: str = "reply") -> str:
    made = rewritten(content.encode(), "reply", prompt, "3f2a", stem).decode()
    assert read(made, stem) == prompt
    return made


def test_where_nothing_changed_nothing_changes() -> None:
    assert changed(read(KEPT)) == KEPT


def test_a_new_text_leaves_all_that_stands_before_it() -> None:
    made = changed(replace(read(KEPT), text="Answer kindly:\n\n{{ mail }}"))
    assert made == KEPT.partition("\nAnswer this")[0] + "\nAnswer kindly:\n\n{{ mail }}\n"


def test_a_value_changes_in_its_place_and_the_remark_behind_it_stays() -> None:
    was = read(KEPT)
    made = changed(replace(was, preferences=Preferences("gpt-oss", Effort.LOW)))
    assert made == KEPT.replace("model: Qwen3 30B # see the wiki\n", "model: gpt-oss # see the wiki\neffort: low\n")


def test_what_is_no_longer_there_goes_and_the_comments_around_it_stay() -> None:
    made = changed(replace(read(KEPT), preferences=Preferences(), system=""))
    assert made == KEPT.replace("model: Qwen3 30B # see the wiki\n", "").replace(
        "system: |\n  You answer mails.\n  # Never invent a date.\n", ""
    )


def test_a_title_that_the_name_of_the_file_said_is_written_once_it_is_another() -> None:
    bare = "---\n# Bare.\ntags: [a]\nid: 3f2a\n---\nText.\n"
    assert changed(replace(read(bare), text="More."), bare) == "---\n# Bare.\ntags: [a]\nid: 3f2a\n---\n\nMore.\n"
    made = changed(replace(read(bare), title="Answers"), bare)
    assert made == "---\n# Bare.\ntitle: Answers\ntags: [a]\nid: 3f2a\n---\nText.\n"


def test_a_renamed_prompt_keeps_its_comments_in_its_new_file() -> None:
    made = changed(replace(read(KEPT), name="answer"), stem="answer")
    assert made == KEPT


def test_line_ends_and_byte_order_mark_stay() -> None:
    content = b"\xef\xbb\xbf" + KEPT.replace("\n", "\r\n").encode()
    prompt = replace(read(content), text="One\nTwo")
    made = rewritten(content, "reply", prompt, "3f2a", "reply")
    assert made.startswith(b"\xef\xbb\xbf---\r\n# Mine")
    assert made.endswith(b"---\r\n\r\nOne\r\nTwo\r\n")
    assert made.count(b"\n") == made.count(b"\r\n")
    assert read(made) == prompt


@pytest.mark.parametrize(
    "content",
    [
        "",
        "no front matter",
        "---\n{title: a, tags: [b]}\n---\nx",
        "---\n- a\n---\n",
        "---\ntitle: x",
        "---\ntitle: [\n---\n",
    ],
)
def test_what_cannot_be_changed_in_its_place_is_written_anew(content: str) -> None:
    prompt = Prompt("A", "reply", "Text.")
    assert changed(prompt, content) == write_markdown(prompt, "3f2a", "reply")


@settings(max_examples=300, deadline=None)
@given(prompts, prompts, st.booleans(), st.data())
def test_whatever_changed_the_file_reads_as_the_prompt(
    old: Prompt, new: Prompt, same: bool, data: st.DataObject
) -> None:
    if same:  # most edits touch one thing
        new = replace(old, text=new.text, tags=new.tags)
    front, dashes, below = write_markdown(old, "3f2a", "stem").removeprefix("---\n").partition("\n---\n")
    at = data.draw(st.sampled_from(["", "title", "id"]))
    noted = front.replace(f"\n{at}:", f"\n# Here.\n{at}:", 1) if at else f"# Here.\n{front}"
    content = f"---\n{noted}{dashes}{below}".encode()
    if read_markdown(content, "stem").prompt != old:
        return  # the words stand within a text
    made = rewritten(content, "stem", new, "3f2a", "stem")
    found = read_markdown(made, "stem")
    assert (found.prompt, found.id) == (new, "3f2a")
