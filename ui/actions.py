"""Every action of the window, once: its words, keys and icon. Buttons, shortcuts, the command list, the list of
shortcuts and the user guide all read this table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

CHAT_NUMBERS = range(1, 10)


@dataclass(frozen=True, slots=True)
class ActionText:
    """``keys`` in Qt's portable form: Ctrl is Cmd on macOS. The first one is the one shown."""

    id: str
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    listed: bool = True


ACTIONS = (
    ActionText("new_chat", "New chat", ("Ctrl+N", "Ctrl+Shift+O"), "plus"),
    ActionText("commands", "Search chats and commands", ("Ctrl+K",), "search", listed=False),
    ActionText("find", "Find in this chat", ("Ctrl+F",), "search"),
    ActionText("sidebar", "Show or hide the sidebar", ("Ctrl+B",), "panel-left"),
    ActionText("models", "Models", (), "hard-drive"),
    ActionText("settings", "Settings", ("Ctrl+,",), "settings"),
    ActionText("shortcuts", "Keyboard shortcuts", ("Ctrl+/",), "keyboard"),
    ActionText("model", "Choose a model", ("Ctrl+L", "Ctrl+Shift+M"), "cpu"),
    ActionText("effort", "Choose how much the model thinks", ("Ctrl+Shift+E",), "lightbulb"),
    ActionText("copy_answer", "Copy the last answer", ("Ctrl+Shift+C",), "copy"),
    ActionText("copy_code", "Copy the last code block", ("Ctrl+Shift+;", "Ctrl+:"), "code"),
    ActionText("regenerate", "New answer to the last question", ("Ctrl+R",), "refresh-cw"),
    ActionText("rename_chat", "Rename this chat", (), "pencil"),
    ActionText("delete_chat", "Delete this chat", ("Ctrl+Shift+Backspace",), "trash-2"),
    ActionText("stop", "Stop the answer", ("Esc",), "square", listed=False),
    *(
        ActionText(
            f"chat_{number}", f"Open chat {number} of the list", (f"Ctrl+{number}",), "message-square", listed=False
        )
        for number in CHAT_NUMBERS
    ),
)

# Keys that belong to one field, for the list of shortcuts and the guide.
FIELD_KEYS = (
    ("Enter", "Send the message"),
    ("Shift+Enter", "New line"),
    ("Up", "Edit the last message (field empty)"),
    ("F2", "Rename (in the list of chats)"),
    ("Del", "Delete (in the list of chats)"),
)


def shown(keys: str) -> str:
    """Keys as this system writes them: Ctrl+N, or ⌘N."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def shortcut_rows() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What the list of shortcuts shows: words and keys; the numbered chats as one row."""
    rows = [
        (action.text, tuple(shown(keys) for keys in action.keys if keys != "Ctrl+:"))
        for action in ACTIONS
        if action.keys and not action.id.startswith("chat_")
    ]
    rows.append(("Open chat 1 to 9 of the list", (f"{shown('Ctrl+1')} … {shown('Ctrl+9')}",)))
    rows += [(words, (shown(keys),)) for keys, words in FIELD_KEYS]
    return tuple(rows)


class Actions(QObject):
    """The actions of one window, each wired to its function."""

    def __init__(self, window: QWidget, functions: Mapping[str, Callable[[], None]]) -> None:
        super().__init__(window)
        self._actions: dict[str, QAction] = {}
        self._sequences: set[str] = set()
        for text in ACTIONS:
            action = QAction(text.text, window)
            action.setObjectName(text.id)
            action.setShortcuts([QKeySequence(keys) for keys in text.keys])
            action.triggered.connect(functions[text.id])
            window.addAction(action)
            self._actions[text.id] = action
            self._sequences |= {QKeySequence(keys).toString() for keys in text.keys}

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def yield_to(self, field: QWidget) -> None:
        """Let the window's shortcuts win over the keys that the text field ``field`` claims for itself."""
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        ours = QKeySequence(event.keyCombination()).toString() in self._sequences
        if ours:
            event.ignore()
        return ours
