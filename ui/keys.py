"""Keys as words: read, shown, compared; what is in use after the person's own choices, and what cannot be used. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence

NONE = "No keys"
EDITING = frozenset(("Ctrl+C", "Ctrl+V", "Ctrl+X", "Ctrl+A", "Ctrl+Z", "Ctrl+Y", "Ctrl+Shift+Z"))
_MODIFIERS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


def shown(keys: str) -> str:
    """Keys as this system writes them: Ctrl+N, or ⌘N."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def portable(combination: QKeyCombination) -> str:
    """A pressed combination as the settings keep it: Ctrl is Cmd on macOS."""
    return QKeySequence(combination).toString(QKeySequence.SequenceFormat.PortableText)


def parsed(words: str) -> tuple[str, ...] | None:
    """The keys of a value of the settings, with spaces between; () for none, None where one of them is no key."""
    keys = tuple(QKeySequence(word) for word in words.split())
    if any(one.count() != 1 or one[0].key() == Qt.Key.Key_unknown for one in keys):
        return None
    return tuple(one.toString(QKeySequence.SequenceFormat.PortableText) for one in keys)


def in_use(defaults: Mapping[str, tuple[str, ...]], own: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Keys by action: the person's ``own`` in the place of the ``defaults``; what cannot be read leaves those.

    Own keys win: another action that has them by default gives them up.
    """
    chosen = {
        action: keys for action, words in own.items() if action in defaults and (keys := parsed(words)) is not None
    }
    taken = {canonical(key) for keys in chosen.values() for key in keys}
    return {
        action: chosen[action] if action in chosen else tuple(key for key in keys if canonical(key) not in taken)
        for action, keys in defaults.items()
    }


def canonical(keys: str) -> str:
    """One spelling of each combination: "ctrl+n" and "Ctrl+N" are the same."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.PortableText)


def problem(keys: str) -> str:
    """Why ``keys`` cannot be a shortcut, whatever else has them; empty when they can."""
    read = parsed(keys)
    if read is None or len(read) != 1:
        return "These keys are not known."
    combination = QKeySequence(read[0])[0]
    plain = not combination.keyboardModifiers() & _MODIFIERS
    function_key = Qt.Key.Key_F1 <= combination.key() <= Qt.Key.Key_F35
    leaving = combination.key() == Qt.Key.Key_Escape and combination.keyboardModifiers()
    if plain and not function_key and not leaving:
        return (
            f"{shown(read[0])} alone is needed for writing. Add {shown('Ctrl+A').rpartition('+')[0] or 'Cmd'} or Alt."
        )
    if read[0] in EDITING:
        return f"{shown(read[0])} is needed for editing text."
    return ""


def owner(keys: str, used: Mapping[str, tuple[str, ...]], besides: str = "") -> str:
    """The id of the action that has ``keys``, other than ``besides``; empty when they are free."""
    wanted = canonical(keys)
    return next(
        (action for action, own in used.items() if action != besides and wanted in map(canonical, own)),
        "",
    )
