"""Every action of the window, once: its words, keys and icon. Buttons, shortcuts, the command list, the list of
shortcuts and the user guide all read this table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QShortcutEvent
from PySide6.QtWidgets import QWidget

from ui.keys import in_use, shown
from ui.translation import marked, tr

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
    ActionText("new_chat", marked("New chat"), ("Ctrl+N", "Ctrl+Shift+O"), "plus"),
    ActionText("temporary_chat", marked("Temporary chat"), ("Ctrl+Shift+'", 'Ctrl+"'), "eye-off"),
    ActionText("commands", marked("Search chats and commands"), ("Ctrl+K",), "search", listed=False),
    ActionText("next_chat", marked("Next chat of the list"), ("Ctrl+Tab", "Ctrl+PgDown"), "chevron-down"),
    ActionText("previous_chat", marked("Previous chat of the list"), ("Ctrl+Shift+Tab", "Ctrl+PgUp"), "chevron-up"),
    ActionText("composer", marked("Write a message"), ("Shift+Esc",), "pencil"),
    ActionText("find", marked("Find in this chat"), ("Ctrl+F",), "search"),
    ActionText("find_next", marked("Next place found"), ("Ctrl+G",), "chevron-down"),
    ActionText("find_previous", marked("Previous place found"), ("Ctrl+Shift+G",), "chevron-up"),
    ActionText("sidebar", marked("Show or hide the sidebar"), ("Ctrl+B",), "panel-left"),
    ActionText("models", marked("Models"), (), "hard-drive"),
    ActionText("documents", marked("Documents"), (), "files"),
    ActionText("search_documents", marked("Search in documents"), ("Ctrl+Shift+F",), "search"),
    ActionText("prompts", marked("Prompts"), ("Ctrl+Shift+P",), "book-open"),
    ActionText("batches", marked("Prompts on many inputs"), (), "layers"),
    ActionText("tools", marked("Tools"), ("Ctrl+Shift+T",), "wrench"),
    ActionText("memory", marked("Memory"), (), "bookmark"),
    ActionText("feedback", marked("Feedback and test cases"), (), "thumbs-up"),
    ActionText("settings", marked("Settings"), ("Ctrl+,",), "settings"),
    ActionText("shortcuts", marked("Keyboard shortcuts"), ("Ctrl+/",), "keyboard"),
    ActionText("change_shortcuts", marked("Change keyboard shortcuts"), (), "keyboard"),
    ActionText("quick_entry", marked("Quick entry: a new chat from any program"), (), "message-square"),
    ActionText("model", marked("Choose a model"), ("Ctrl+L", "Ctrl+Shift+M"), "cpu"),
    ActionText("second_model", marked("Ask two models"), (), "columns-2"),
    ActionText("effort", marked("Choose how much the model thinks"), ("Ctrl+Shift+E",), "lightbulb"),
    ActionText("ask_stronger", marked("Ask a stronger model"), ("Ctrl+Shift+S",), "cloud", listed=False),
    ActionText("tools_of_chat", marked("Choose the tools of this chat"), ("Ctrl+Shift+K",), "wrench"),
    ActionText("attach", marked("Attach files to the message"), ("Ctrl+U",), "paperclip"),
    ActionText("quote", marked("Quote the selected passage"), ("Ctrl+Shift+J",), "quote"),
    ActionText("branches", marked("Branches of this chat"), ("Ctrl+Shift+B",), "list-tree"),
    ActionText("copy_answer", marked("Copy the last answer"), ("Ctrl+Shift+C",), "copy"),
    ActionText("copy_code", marked("Copy the last code block"), ("Ctrl+Shift+;", "Ctrl+:"), "code"),
    ActionText("regenerate", marked("New answer to the last question"), ("Ctrl+R",), "refresh-cw"),
    ActionText("pin_chat", marked("Pin or unpin this chat"), (), "pin"),
    ActionText("rename_chat", marked("Rename this chat"), (), "pencil"),
    ActionText("delete_chat", marked("Delete this chat"), ("Ctrl+Shift+Backspace",), "trash-2"),
    ActionText("quit", marked("Quit Workbench"), ("Ctrl+Q",), "x"),
    ActionText("stop", marked("Stop the answer"), ("Esc",), "square", listed=False),
    *(
        ActionText(
            f"chat_{number}",
            marked("Open chat {number} of the list"),
            (f"Ctrl+{number}",),
            "message-square",
            listed=False,
        )
        for number in CHAT_NUMBERS
    ),
)

# Keys that belong to one field, for the list of shortcuts and the guide.
FIELD_KEYS = (
    ("Enter", marked("Send the message")),
    ("Shift+Enter", marked("New line")),
    ("Up", marked("Edit the last message (field empty)")),
    ("Alt+Left", marked("The version before of a message (in the conversation)")),
    ("Alt+Right", marked("The next version of a message (in the conversation)")),
    ("Ctrl+S", marked("Keep the text as a version (in the panel, in the editor of prompts)")),
    ("F2", marked("Rename (in the list of chats)")),
    ("Del", marked("Delete (in the list of chats)")),
)


HIDDEN_KEYS = frozenset(("Ctrl+:", 'Ctrl+"'))  # the same keys on another keyboard
DEFAULT_KEYS = {action.id: action.keys for action in ACTIONS}
CHANGEABLE = tuple(action for action in ACTIONS if action.id != "stop" and not action.id.startswith("chat_"))


def shortcut_rows(own: Mapping[str, str] | None = None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What the list of shortcuts shows: words and keys, with the person's ``own``; the numbered chats as one row."""
    used = in_use(DEFAULT_KEYS, own or {})
    rows = [
        (action.text, tuple(shown(keys) for keys in used[action.id] if keys not in HIDDEN_KEYS))
        for action in ACTIONS
        if used[action.id] and not action.id.startswith("chat_")
    ]
    rows.append((marked("Open chat 1 to 9 of the list"), (f"{shown('Ctrl+1')} … {shown('Ctrl+9')}",)))
    rows += [(words, (shown(keys),)) for keys, words in FIELD_KEYS]
    return tuple(rows)


class _Action(QAction):
    """Two of its own keys may be one press: Ctrl+Shift+' is also Ctrl+" where that is one key. Qt calls that ambiguous
    and does nothing; here no two actions share keys, so there is no doubt."""

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QShortcutEvent) and event.isAmbiguous():
            self.trigger()
            return True
        return super().event(event)


class Actions(QObject):
    """The actions of one window, each wired to its function. ``keys_changed``: the person has chosen other keys."""

    keys_changed = Signal()

    def __init__(self, window: QWidget, functions: Mapping[str, Callable[[], None]]) -> None:
        super().__init__(window)
        self._actions: dict[str, QAction] = {}
        self._sequences: set[str] = set()
        self._own: dict[str, str] | None = None
        for text in ACTIONS:
            action = _Action(tr(text.text).replace("{number}", text.id.removeprefix("chat_")), window)
            action.setObjectName(text.id)
            action.triggered.connect(functions[text.id])
            window.addAction(action)
            self._actions[text.id] = action
        self.use({})

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    @property
    def own(self) -> Mapping[str, str]:
        """The person's own keys by action, as in the settings."""
        return self._own or {}

    def use(self, own: Mapping[str, str]) -> None:
        """Take the person's ``own`` keys, and the usual ones for all else."""
        if own == self._own:
            return
        self._own = dict(own)
        used = in_use(DEFAULT_KEYS, own)
        for action_id, keys in used.items():
            self._actions[action_id].setShortcuts([QKeySequence(one) for one in keys])
        self._sequences = {QKeySequence(one).toString() for keys in used.values() for one in keys}
        self.keys_changed.emit()

    def shown_keys(self, action_id: str) -> str:
        """The first keys of an action as this system writes them; empty: it has none."""
        keys = self._actions[action_id].shortcuts()
        return shown(keys[0].toString()) if keys else ""

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
