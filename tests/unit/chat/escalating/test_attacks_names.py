"""Who is named anywhere in a chat is hidden in all that goes, whatever of it stays here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.unit.chat.escalating.tooled import Tooled
from workbench.chat.escalating.escalation import Draft, Mode, Piece, PieceKind
from workbench.chat.escalating.requesting import MOST_BESIDE, asked
from workbench.chat.tree import Node
from workbench.cloud.hiding.redacting import TextRedactor
from workbench.cloud.provider import CloudModel
from workbench.jobs import quiet_job

Make = Callable[..., Tooled]
TITLED = "Frau Kesslermann will das Geld bis Freitag."
BARE = "Was soll ich Kesslermann antworten?"


def later(world: Tooled) -> Node:
    first = world.asked(TITLED)
    return world.chat.send(world.store.conversation_of(first.id), BARE, quiet_job())


def body(world: Tooled, draft: Draft) -> str:
    return world.escalations.preview(draft).body


@pytest.mark.parametrize("mode", [Mode.BRANCH, Mode.QUESTION, Mode.CHECK])
def test_a_name_that_a_title_led_to_is_hidden_where_it_stands_alone(make: Make, mode: Mode) -> None:
    world = make()
    sent = body(world, world.draft(later(world), mode))
    assert "Was soll ich [NAME_1] antworten?" in sent
    assert "Kesslermann" not in sent


def test_to_cut_a_piece_never_shows_more(make: Make) -> None:
    world = make()
    draft = world.draft(later(world), Mode.BRANCH)
    cut = tuple(replace(one, kept=one.text != TITLED) for one in draft.pieces)
    sent = body(world, replace(draft, pieces=cut))
    assert "das Geld" not in sent
    assert "Kesslermann" not in sent


def of_file(title: str, text: str, *around: str) -> str:
    pieces = (
        Piece("q.attachment-1", PieceKind.ATTACHMENT, title, text, 1),
        Piece("q.question", PieceKind.QUESTION, "Your question", "What does Torvik want?", 1, needed=True),
    )
    draft = Draft("c", "q", None, CloudModel("mine", "m"), Mode.QUESTION, pieces, 100)
    return "".join(one.text for one in asked(draft, {}, TextRedactor(), (), (), around).request.messages)


@pytest.mark.parametrize(
    "title", ["Kündigung Anna Torvik.docx", "Anna_Torvik_2024.pdf", "Anna-Torvik.pdf", "Anna Torvik"]
)
def test_the_name_of_a_file_names_a_person_too(title: str) -> None:
    assert "Torvik" not in of_file(title, "The notice.")


def test_of_a_long_chat_the_end_is_read() -> None:
    near, far = ["Frau Torvik came."], ["Frau Torvik came.", "x" * MOST_BESIDE]
    assert "Torvik" not in of_file("a.pdf", "The notice.", *near)
    assert "Torvik" in of_file("a.pdf", "The notice.", *far)
