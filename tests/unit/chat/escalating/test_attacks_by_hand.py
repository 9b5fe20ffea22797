"""An answer that comes back by hand gets the names back that were hidden when its question was handed off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tests.unit.chat.escalating.tooled import Tooled
from workbench.chat.escalating.escalation import Mode
from workbench.jobs import quiet_job

Make = Callable[..., Tooled]
ASKED = "Write to Anna Berg and to Peter Lang."
ANSWER = "Dear [NAME_1], dear [NAME_2]."
RIGHT = "Dear Anna Berg, dear Peter Lang."


def test_whatever_was_asked_or_chosen_since(make: Make) -> None:
    world = make()
    first = world.asked("Write to Maria Kern.")
    local = world.chat.send(world.store.conversation_of(first.id), ASKED, quiet_job())
    draft = world.draft(local)
    handed = world.escalations.hand_off(draft)
    assert ASKED not in handed.text
    assert "[NAME_1]" in handed.text
    chat = world.store.conversation_of(local.id)
    world.chat.send(chat, "Now write to Maria Kern.", quiet_job())
    assert world.escalations.last_handed(chat) == draft.question_id
    for later in (draft, world.draft(local, Mode.BRANCH), replace(draft, redact=False)):
        assert world.escalations.paste_back(later, ANSWER, "My page").message.text == RIGHT
    world.chat.delete_message(local.id)  # what it stood beside
    assert world.escalations.paste_back(draft, ANSWER, "My page").message.text == RIGHT


def test_handed_off_again_each_name_keeps_its_placeholder(make: Make) -> None:
    """Of two texts that were taken to a page either answer may come back."""
    world = make()
    first = world.asked("Write to Maria Kern.")
    local = world.chat.send(world.store.conversation_of(first.id), ASKED, quiet_job())
    draft = world.draft(local)
    world.escalations.hand_off(draft)
    again = world.escalations.hand_off(world.draft(local, Mode.BRANCH)).text
    assert "Write to [NAME_3]." in again
    assert "Write to [NAME_1] and to [NAME_2]." in again
    assert world.escalations.paste_back(draft, f"{ANSWER} [NAME_3]!", "My page").message.text == f"{RIGHT} Maria Kern!"


def test_it_goes_with_its_chat(make: Make) -> None:
    world = make()
    local = world.asked(ASKED)
    world.escalations.hand_off(world.draft(local))
    assert any("Peter Lang" in kept for kept in rows(world))
    with world.workbench.database.write() as tx:
        tx.execute("DELETE FROM conversations")
    assert rows(world) == []


def rows(world: Tooled) -> list[str]:
    return [row["redactions"] for row in world.workbench.database.rows("SELECT redactions FROM hand_offs")]
