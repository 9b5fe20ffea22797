"""What the actions of the window do: keys, the list of commands, and what others ask of the chats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from ui.actions import ACTIONS, CHAT_NUMBERS, Actions
from ui.appearance import Appearance
from ui.chat.page import ChatPage
from ui.chat.sidebar import Sidebar
from ui.pages import Pages
from ui.translation import tr

if TYPE_CHECKING:
    from ui.chat.desk import Desk
    from ui.command_list import Command
    from ui.search.desk import SearchDesk
    from ui.widgets.floating import Floating


class WindowActs(QObject):
    """``quick_asked``: the quick entry; ``quit_asked``: the person is done; ``sidebar_asked``: shown or not.

    ``desk`` and ``search`` are None until the core is there: what needs them does nothing before.
    """

    quick_asked = Signal()
    quit_asked = Signal()
    sidebar_asked = Signal(bool)

    def __init__(self, window: QWidget, appearance: Appearance, pages: Pages, page: ChatPage, sidebar: Sidebar) -> None:
        super().__init__(window)
        self._window = window
        self._appearance = appearance
        self._pages = pages
        self._page = page
        self._sidebar = sidebar
        self.desk: Desk | None = None
        self.search: SearchDesk | None = None
        self.actions = Actions(window, self._functions())

    def _functions(self) -> dict[str, Callable[[], None]]:
        functions: dict[str, Callable[[], None]] = {
            "new_chat": self.new_chat,
            "commands": self._open_commands,
            "next_chat": lambda: self.on_desk(lambda desk: self._step_chat(desk, 1)),
            "previous_chat": lambda: self.on_desk(lambda desk: self._step_chat(desk, -1)),
            "composer": self._write,
            "find": lambda: self.on_desk(lambda desk: desk.find()),
            "find_next": lambda: self._page.find_bar.step(),
            "find_previous": lambda: self._page.find_bar.step(backwards=True),
            "sidebar": lambda: self.sidebar_asked.emit(self._sidebar.isHidden()),
            "models": self._pages.open_models,
            "documents": self._pages.open_documents,
            "search_documents": self._pages.search_documents,
            "prompts": self._pages.open_prompts,
            "batches": self._pages.open_batches,
            "tools": self._pages.open_tools,
            "memory": self._pages.open_memory,
            "feedback": self._pages.open_feedback,
            "settings": self._pages.open_settings,
            "shortcuts": self._open_shortcuts,
            "change_shortcuts": self._pages.change_shortcuts,
            "model": lambda: self.on_desk(lambda desk: desk.models.open_list()),
            "second_model": lambda: self.on_desk(lambda desk: desk.models.offer_second()),
            "effort": lambda: self.on_desk(lambda desk: desk.effort.open_list()),
            "ask_stronger": lambda: self.on_desk(lambda desk: desk.escalations.ask_last()),
            "tools_of_chat": lambda: self.on_desk(lambda desk: desk.tools.offer()),
            "attach": lambda: self.on_desk(lambda _desk: self._page.composer.attach_button.click()),
            "copy_answer": lambda: self.on_desk(lambda desk: desk.commands.copy_answer()),
            "copy_code": lambda: self.on_desk(lambda desk: desk.commands.copy_code()),
            "regenerate": lambda: self.on_desk(lambda desk: desk.regenerate()),
            "pin_chat": lambda: self.on_desk(lambda desk: desk.commands.pin()),
            "rename_chat": lambda: self.on_desk(lambda desk: desk.commands.rename()),
            "temporary_chat": lambda: self.on_desk(lambda desk: desk.temporary_chat()),
            "quote": lambda: self.on_desk(lambda desk: desk.steering.quote("")),
            "branches": lambda: self.on_desk(lambda desk: desk.steering.show_tree()),
            "delete_chat": lambda: self.on_desk(lambda desk: desk.commands.delete()),
            "quick_entry": self.quick_asked.emit,
            "quit": self.quit_asked.emit,
            "stop": self.stop,
        }
        for number in CHAT_NUMBERS:
            functions[f"chat_{number}"] = self._opening(number)
        return functions

    def _opening(self, number: int) -> Callable[[], None]:
        return lambda: self.on_desk(lambda desk: desk.open_number(number))

    def on_desk(self, act: Callable[[Desk], None]) -> None:
        """Do something with chats: the chat page comes into view first."""
        if self.desk is not None:
            self._pages.show_chats()
            act(self.desk)

    def _step_chat(self, desk: Desk, by: int) -> None:
        """The chat below or above the one in view, round and round."""
        ids = [chat.id for chat in self._sidebar.model.chats]
        here = desk.chat.state.conversation_id
        if ids:
            place = ids.index(here) + by if here in ids else min(0, by)
            desk.open_chat(ids[place % len(ids)])

    def _write(self) -> None:
        """The composer, from anywhere."""
        self._pages.show_chats()
        self._page.composer.draft.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def new_chat(self) -> None:
        self.on_desk(lambda desk: desk.new_chat())

    def stop(self) -> None:
        """Escape: leave the page, else stop the answer. What floats takes the key before."""
        if not self._pages.step_back() and self.desk is not None:
            self.desk.stop()

    def _open_commands(self) -> None:
        from ui.command_list import Command, CommandList

        if self.desk is None or self._dismissed(CommandList):
            return
        commands = [
            Command(tr(text.text), self.actions[text.id].trigger, text.icon, self.actions.shown_keys(text.id))
            for text in ACTIONS
            if text.listed
        ]
        desk = self.desk
        if desk.escalations.enabled:
            ask = self.actions["ask_stronger"].trigger
            keys = self.actions.shown_keys("ask_stronger")
            commands.append(Command(tr("Ask a stronger model"), ask, "cloud", keys, also=tr("cloud")))
            commands.append(Command(tr("Cloud and spending…"), self._pages.open_cloud, "gauge"))
        else:
            commands.append(Command(tr("Set up the cloud…"), self._pages.open_cloud, "cloud"))
        commands += [
            Command(chat.title or tr("New chat"), partial(desk.open_chat, chat.id), "message-square")
            for chat in self._sidebar.all_chats
        ]
        dialog = CommandList(commands, self._appearance, self._window, self.search)
        self.actions.yield_to(dialog.field)
        dialog.open()
        gone: list[bool] = []
        dialog.destroyed.connect(lambda: gone.append(True))
        desk.prompts.offer_commands(lambda prompts: None if gone else dialog.add(self._showing_chats(prompts)))

    def _showing_chats(self, commands: Sequence[Command]) -> list[Command]:
        """The chats come into view before one of these acts."""

        def after(act: Callable[[], None]) -> Callable[[], None]:
            return lambda: self.on_desk(lambda _desk: act())

        return [replace(one, act=after(one.act)) for one in commands]

    def _open_shortcuts(self) -> None:
        from ui.shortcut_list import ShortcutList

        if not self._dismissed(ShortcutList):
            ShortcutList(self._appearance, self._window, self.actions.own).open()

    def _dismissed(self, kind: type[Floating]) -> bool:
        """The key that opened a list closes it, too."""
        found = [one for one in self._window.findChildren(kind) if one.isVisible()]
        for one in found:
            one.dismiss()
        return bool(found)
