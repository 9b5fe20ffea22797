"""The chat in view and its place: what is handed to all that works on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.chat.live import LiveChat, LiveChats
from ui.chat.page import ChatPage
from ui.notify import Toasts

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.chat.projects.projects import Project


@dataclass(frozen=True, slots=True)
class InView:
    """``chat`` tells which chat is in view, ``project`` its project; both are others from one moment to the next."""

    bridge: Bridge
    workbench: Workbench
    appearance: Appearance
    page: ChatPage
    toasts: Toasts
    live: LiveChats
    chat: Callable[[], LiveChat]
    project: Callable[[], Project | None]
