"""What tools found and an answer cites: pages of the web and past chats, each opened where it is."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QDesktopServices

from tests.fakes.backend import ScriptedBackend
from tests.ui.conftest import MakeWindow, OpenWindow
from tests.ui.test_steps import called, gave
from tests.ui.test_tools_in_chats import SAYS, able, ask, calling
from tests.ui.test_transcript import answer
from ui.chat.citations import icon_of, kind_of, place_words
from ui.chat.transcript_items import BlockRow, ItemRows, SourcesRow
from workbench.messages import Passage
from workbench.tools.tool import Outcome


def passage(path: str, number: int = 1, context: str = "", label: str = "") -> Passage:
    return Passage(number, path, "", "", 0, 4, "Rain", label=label, context=context, at=1_790_000_000.0)


PAGE = passage("https://example.org/weather", context="Weather", label="example.org")


def test_where_a_passage_is_from_in_words() -> None:
    assert place_words(PAGE).startswith("Weather · example.org · 2026-")
    said = passage("chat:c1#m1", context="Bread", label="you said")
    assert place_words(said).startswith("Bread · you said · 2026-")
    assert [(kind_of(one), icon_of(one)) for one in (PAGE, said, passage("/a/b.pdf"))] == [
        ("page", "globe"), ("chat", "messages-square"), ("file", "file-text"),
    ]  # fmt: skip


def test_a_title_of_others_hides_nothing() -> None:
    assert "\\u202e" in place_words(passage("https://a.example", context="ti\u202etle"))


def test_what_a_tool_found_is_cited_like_what_was_given() -> None:
    item = answer("a1", called("1"), gave("1", "[1] Weather\nRain", passages=(PAGE,)), "It rains [1].")
    rows = ItemRows(item).rows()
    assert any(row.marks for row in rows if isinstance(row, BlockRow)), "the number leads somewhere"
    assert [row.summary.label for row in rows if isinstance(row, SourcesRow)] == ["1 source"]


def cited(make_window: MakeWindow, path: str) -> tuple[OpenWindow, str]:
    """A window whose last answer cites this, and the answer's id."""
    opened = make_window(ScriptedBackend("Hello.", calling("calculate"), f"{SAYS} [1]"), able)
    ask(opened, "An earlier chat.")
    earlier = opened.workbench.chat.open(opened.workbench.chat.list()[0].id)
    place = path.format(chat=earlier.id, message=earlier.nodes[0].id)
    opened.workbench.tool_source.outcomes["calculate"] = Outcome("[1] x\nRain", (passage(place),))
    opened.window.actions_["new_chat"].trigger()
    ask(opened)
    opened.until(lambda: opened.texts[-1].endswith("[1]"))
    return opened, opened.page.transcript.items[-1].id


def test_a_page_of_the_web_is_opened_as_links_are(make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    went: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: went.append(url.toString()))
    opened, answer_id = cited(make_window, PAGE.path)
    opened.page.transcript.open_passage(answer_id, 1, -1)
    assert went == [PAGE.path]


def test_a_past_chat_comes_into_view_at_the_message(make_window: MakeWindow) -> None:
    opened, answer_id = cited(make_window, "chat:{chat}#{message}")
    opened.page.transcript.open_passage(answer_id, 1, -1)
    opened.until(lambda: bool(opened.texts) and opened.texts[0] == "An earlier chat.")
