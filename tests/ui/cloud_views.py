"""The cloud in the settings, and what floats above it, for the check that nothing is cut."""

from __future__ import annotations

from collections.abc import Callable

from tests.ui.conftest import OpenWindow
from ui.cloud.settings.section import CloudSection
from ui.widgets.popover import Popover

Then = Callable[[OpenWindow, CloudSection], object]


def settings(then: Then = lambda _opened, _section: None) -> Callable[[OpenWindow], None]:
    """The section where a provider has a key, and what is opened from it."""

    def open_it(opened: OpenWindow) -> None:
        opened.window.pages.open_cloud()
        page = opened.window.settings_page
        assert page is not None
        opened.until(lambda: page.cloud.model.isVisible() and opened.window._bridge.idle)
        then(opened, page.cloud)
        opened.until(lambda: opened.window._bridge.idle)

    return open_it


def side_by_side(_opened: OpenWindow, section: CloudSection) -> None:
    section.open_side_by_side()


def models(_opened: OpenWindow, section: CloudSection) -> None:
    """Models, their prices, and the price that a person may put instead."""
    provider = next(one for one in section._read.providers if one.id == "openrouter")
    section.rows.models_asked.emit(provider)


def login(opened: OpenWindow, section: CloudSection) -> None:
    section.log_in.click()
    opened.until(lambda: bool(opened.window.findChildren(Popover)))
    opened.window.findChildren(Popover)[-1]._entries[0].click()
