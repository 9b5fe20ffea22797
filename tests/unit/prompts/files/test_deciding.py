"""Who wins, for everything that can have happened to a file and its prompt since they were last the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.prompts.files.deciding import (
    Delete,
    File,
    Filed,
    Forget,
    Held,
    Note,
    PutIntoBin,
    Take,
    Told,
    Write,
    decide,
    original,
)
from workbench.prompts.prompt import Prompt

SAID = Prompt("One", "one", "Text.")
EDITED, SAVED = replace(SAID, text="Edited."), replace(SAID, text="Saved.")
ROW = Filed("1", "one.md", 1, "a")
SAME = File("one.md", "a", SAID, "1")
CHANGED = File("one.md", "b", EDITED, "1")
BROKEN = File("one.md", "c", None, "1", 3, "it is broken")
HELD, NEWER = Held("1", 1, SAID), Held("1", 2, SAVED)
BINNED, BINNED_NEWER = replace(HELD, removed=True), replace(NEWER, removed=True)
AS_EDITED = Held("1", 2, EDITED)


@pytest.mark.parametrize(
    ("file", "held", "actions"),
    [
        (SAME, HELD, ()),
        (replace(SAME, same=True, prompt=None), HELD, ()),
        (SAME, NEWER, (Write(NEWER, "one.md", SAME),)),
        (SAME, BINNED, (Delete(SAME, "1"),)),
        (SAME, None, (Forget("1"), Take(SAME, as_id="1"))),
        (CHANGED, HELD, (Take(CHANGED, HELD),)),
        (CHANGED, NEWER, (Take(CHANGED, NEWER, keep=True),)),
        (CHANGED, AS_EDITED, (Note(CHANGED, AS_EDITED),)),
        (CHANGED, BINNED, (Told, Take(CHANGED, BINNED))),
        (None, HELD, (PutIntoBin(HELD, "one.md"),)),
        (None, NEWER, (Told, Write(NEWER, "one.md"))),
        (None, BINNED, (Forget("1"),)),
        (BROKEN, HELD, (Told("one.md", 3, "it is broken"),)),
        (BROKEN, NEWER, (Told("one.md", 3, "it is broken"),)),
        (BROKEN, BINNED_NEWER, (Told("one.md", 3, "it is broken"), Forget("1"))),
    ],
)
def test_a_file_that_was_there_before(file: File | None, held: Held | None, actions: tuple[object, ...]) -> None:
    found = decide([file] if file else [], [ROW], [held] if held else [])
    if file is SAME and held is None:
        found = (*found, *decide([SAME], [], []))  # when the row is forgotten
    assert [one if kind is not Told else type(one) for one, kind in zip(found, actions, strict=True)] == list(actions)


@pytest.mark.parametrize(
    ("file", "held", "actions"),
    [
        (SAME, None, (Take(SAME, as_id="1"),)),
        (SAME, HELD, (Note(SAME, HELD),)),
        (replace(SAME, id=""), HELD, (Note(replace(SAME, id=""), HELD),)),
        (CHANGED, HELD, (Take(CHANGED, HELD, keep=True),)),
        (replace(CHANGED, older=True), HELD, (Write(HELD, "one.md", replace(CHANGED, older=True)),)),
        (CHANGED, BINNED, (Take(CHANGED, BINNED),)),
        (replace(CHANGED, id=""), HELD, (Take(replace(CHANGED, id="")), Write(HELD, "one-2.md"))),
        (BROKEN, HELD, (Told("one.md", 3, "it is broken"), Write(HELD, "one-2.md"))),
        (None, HELD, (Write(HELD, "one.md"),)),
        (None, BINNED, ()),
    ],
)
def test_a_file_that_nothing_is_known_of(file: File | None, held: Held | None, actions: tuple[object, ...]) -> None:
    assert decide([file] if file else [], [], [held] if held else []) == actions


@pytest.mark.parametrize(
    ("file", "held", "action"),
    [
        (replace(SAME, path="two.md", prompt=replace(SAID, name="two")), HELD, Take),
        (replace(SAME, path="sub/one.md"), HELD, Note),
        (replace(SAME, path="two.md", id=""), NEWER, Write),
        (replace(CHANGED, path="two.md"), NEWER, Take),
        (replace(SAME, path="two.md"), BINNED, Delete),
    ],
)
def test_a_file_that_was_renamed(file: File, held: Held, action: type) -> None:
    [found] = decide([file], [ROW], [held])
    assert type(found) is action


def test_a_file_that_is_called_as_its_prompt_is_renamed_with_it() -> None:
    renamed = Held("1", 2, replace(SAID, name="first"))
    [found] = decide([SAME], [ROW], [renamed])
    assert found == Write(renamed, "first.md", SAME)
    own = replace(SAME, prompt=replace(SAID, name="other"))
    assert decide([own], [ROW], [renamed]) == (Write(renamed, "one.md", own),)


def test_no_file_is_written_over_another_whatever_the_disk_thinks_of_case() -> None:
    other = File("ONE.md", "z", None, problem="it is broken")
    found = decide([other], [], [HELD, Held("2", 1, replace(SAID, name="one-2"))])
    assert [one.path for one in found if isinstance(one, Write)] == ["one-2.md", "one-2-2.md"]


@pytest.mark.parametrize(
    ("stem", "found"),
    [
        ("mail (conflicted copy 2026-11-23)", "mail"),
        ("mail (Anna's conflicted copy 2026-11-23)", "mail"),
        ("mail (conflicted copy 2026-11-23 101010)", "mail"),
        ("mail (Case Conflict)", "mail"),
        ("mail.sync-conflict-20261123-101010-ABCDEFG", "mail"),
        ("mail_conflict-20261123-101010", "mail"),
        ("mail (2)", ""),
        ("conflict", ""),
        ("solve (a conflict)", ""),
        ("mail", ""),
    ],
)
def test_copies_of_sync_programs(stem: str, found: str) -> None:
    assert original(stem) == found
