"""*Web search* in the settings: nobody is asked before somebody is chosen, and what is shown is what is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from tests.fakes.search_servers import KEY, SearchServer
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.settings.web_search import NOBODY, WebSearchSection
from ui.widgets.buttons import Button
from ui.widgets.popover import Popover
from workbench.errors import WorkbenchError
from workbench.settings import Tools
from workbench.tools.web.brave import brave
from workbench.tools.web.search import Provider
from workbench.tools.web.service import WebSearch


class Shown:
    def __init__(self, opened: OpenWindow, section: WebSearchSection) -> None:
        self.opened, self.section = opened, section
        self.errors: list[WorkbenchError] = []
        self.said: list[str] = []
        section.told.connect(self.errors.append)
        section.said.connect(self.said.append)

    @property
    def tools(self) -> Tools:
        return self.opened.workbench.settings.tools

    def pick(self, words: str) -> None:
        self.section.who.click()
        self.until(lambda: bool(self.opened.window.findChildren(Popover)))
        popover = self.opened.window.findChildren(Popover)[-1]
        next(one for one in popover.findChildren(Button) if one.text().strip() == words).click()

    def until(self, check: Callable[[], bool]) -> None:
        self.opened.until(check)

    def write(self, field: QLineEdit, text: str) -> None:
        field.setFocus()
        field.clear()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)


@pytest.fixture
def shown(make_window: MakeWindow, bridge: Bridge, appearance: Appearance) -> Iterator[Callable[..., Shown]]:
    made: list[WebSearchSection] = []

    def show(known: Callable[[str, Tools], Provider] | None = None) -> Shown:
        opened = make_window()
        fake = opened.workbench
        if known is not None:
            fake.web_search = WebSearch(lambda: fake.settings.tools, fake.change_setting, fake.secrets, known=known)
        section = WebSearchSection(bridge, fake.as_workbench(), appearance)
        section.setParent(opened.window)
        section.resize(640, 560)
        section.show()
        made.append(section)
        opened.until(lambda: bridge.idle)
        return Shown(opened, section)

    yield show
    for section in made:
        section.deleteLater()


def test_nobody_is_asked_until_somebody_is_chosen(shown: Callable[..., Shown]) -> None:
    one = shown()
    assert NOBODY in one.section.who.accessibleName()
    for part in (one.section.address, one.section.key, one.section.query, one.section.send):
        assert not part.isVisible()
    assert one.tools == Tools()


def test_an_own_searxng_is_asked_for_its_address_and_shows_what_it_is_sent(shown: Callable[..., Shown]) -> None:
    one = shown()
    with SearchServer("searxng") as server:
        one.pick("SearXNG of your own")
        assert one.section.address.isVisible()
        assert one.tools.web_search == ""
        one.write(one.section.address, server.address.base_url)
        one.until(lambda: one.section.query.isVisible())
        assert (one.tools.web_search, one.tools.searxng) == ("searxng", server.address.base_url)
        one.write(one.section.query, "high water & moon")
        one.until(lambda: one.section.send.isVisible())
        assert server.asked == []
        one.section.send.click()
        one.until(lambda: one.section.found.isVisible())
        asked = server.asked[0]
        assert one.section.request.text() == f"GET http://127.0.0.1:{server.address.port}{asked.path}"
        assert "2 results" in one.section.found.text()
        assert "https://tides.example/brest" in one.section.found.text()
        QTest.keyClicks(one.section.query, "x")  # another search is shown again before it is sent
        assert not one.section.send.isVisible()
        one.pick(NOBODY)
        one.until(lambda: not one.section.query.isVisible())
        assert one.tools == Tools(searxng=server.address.base_url)
        assert len(server.asked) == 1


def test_a_key_is_kept_shown_by_its_end_and_deleted(shown: Callable[..., Shown]) -> None:
    with SearchServer("brave") as server:
        one = shown(lambda _name, _settings: brave(server.address))
        one.pick("Brave Search")
        one.until(lambda: one.section.key.isVisible())
        assert not one.section.query.isVisible()
        one.write(one.section.key, KEY)
        one.until(lambda: one.section.delete.isVisible())
        assert list(one.opened.workbench.secrets.kept.values()) == [KEY]
        assert one.section.key.text() == ""
        assert "ends in wxyz" in one.section.key_words.text()
        one.write(one.section.query, "tides")
        one.until(lambda: one.section.send.isVisible())
        assert "your key, ending in wxyz" in one.section.request.text()
        assert KEY not in one.section.request.text()
        one.section.send.click()
        one.until(lambda: one.section.found.isVisible())
        assert server.asked[0].headers["x-subscription-token"] == KEY
        one.section.delete.click()
        one.until(lambda: one.section.key.isVisible())
        assert one.opened.workbench.secrets.kept == {}
        assert one.said == ["The key is deleted."]
    assert one.errors == []


def test_failures_of_a_trial_stand_beside_it(shown: Callable[..., Shown]) -> None:
    with SearchServer("brave") as server:
        one = shown(lambda _name, _settings: brave(server.address))
        one.pick("Brave Search")
        one.until(lambda: one.section.key.isVisible())
        one.write(one.section.key, "a-wrong-key-1234")
        one.until(lambda: one.section.query.isVisible())
        one.write(one.section.query, "tides")
        one.until(lambda: one.section.send.isVisible())
        one.section.send.click()
        one.until(lambda: "refuses the key" in one.section.found.text())
        assert one.section.send.isEnabled()


def test_what_is_no_address_is_told_and_nobody_is_chosen(shown: Callable[..., Shown]) -> None:
    one = shown()
    one.pick("SearXNG of your own")
    one.write(one.section.address, "http://93.184.216.34/")
    one.until(lambda: bool(one.errors))
    assert "on the internet" in one.errors[0].message
    assert one.tools == Tools()


def test_a_key_that_was_typed_and_not_kept_is_gone(shown: Callable[..., Shown]) -> None:
    one = shown()
    one.pick("Exa")
    one.until(lambda: one.section.key.isVisible())
    QTest.keyClicks(one.section.key, "half-a-key")
    one.section.hide()
    assert one.section.key.text() == ""


def test_the_page_of_tools_leads_to_it(make_window: MakeWindow) -> None:
    opened = make_window()
    opened.window.actions_["tools"].trigger()
    pages = opened.window.pages
    opened.until(lambda: pages.tools is not None and pages.tools.own.web.isVisible())
    assert pages.tools is not None
    pages.tools.own.web.click()
    opened.until(lambda: pages.settings is not None and pages.settings.web_search.who.hasFocus())
    assert pages.settings is not None
    assert not pages.settings.web_search.who.visibleRegion().isEmpty()
