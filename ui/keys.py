"""Keys as words: read, shown, compared; what is in use after the person's own choices, and what cannot be used. Pure."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping

from PySide6.QtCore import QKeyCombination
from PySide6.QtGui import QKeySequence

from ui.translation import marked, tr

NONE = marked("No keys")
EDITING = frozenset(("Ctrl+C", "Ctrl+V", "Ctrl+X", "Ctrl+A", "Ctrl+Z", "Ctrl+Y", "Ctrl+Shift+Z"))
COMMAND = "Cmd" if sys.platform == "darwin" else "Ctrl"


def shown(keys: str) -> str:
    """Keys as this system writes them: Ctrl+N, or ⌘N."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def portable(combination: QKeyCombination) -> str:
    """A pressed combination as the settings keep it: Ctrl is Cmd on macOS."""
    return QKeySequence(combination).toString(QKeySequence.SequenceFormat.PortableText)


def parsed(words: str) -> tuple[str, ...] | None:
    """The keys of a value of the settings, with spaces between; () for none, None where one of them is no key."""
    keys = tuple(canonical(word) for word in words.split())
    return keys if all(keys) else None


def usable(words: str) -> tuple[str, ...] | None:
    """The keys of a value of the settings; None where one of them is no key, or is needed for writing."""
    keys = parsed(words)
    return None if keys is None or any(map(problem, keys)) else keys


def in_use(defaults: Mapping[str, tuple[str, ...]], own: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Keys by action: the person's ``own`` in the place of the ``defaults``.

    Own keys win: another action that has them by default gives them up. What cannot be used is as if it were not there.
    """
    chosen = {
        action: keys for action, words in own.items() if action in defaults and (keys := usable(words)) is not None
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
        return tr("These keys are not known.")
    modifiers, _, key = read[0].rpartition("+")
    plain = not set(modifiers.split("+")) & {"Ctrl", "Alt", "Meta"}
    if plain and not re.fullmatch(r"F\d+", key) and not (modifiers and key == "Esc"):
        return tr("{keys} alone is needed for writing. Add {command} or Alt.").format(
            keys=shown(read[0]), command=COMMAND
        )
    if read[0] in EDITING:
        return tr("{keys} is needed for editing text.").format(keys=shown(read[0]))
    return ""


def owner(keys: str, used: Mapping[str, tuple[str, ...]], besides: str = "") -> str:
    """The id of the action that has ``keys``, other than ``besides``; empty when they are free."""
    wanted = canonical(keys)
    return next(
        (action for action, own in used.items() if action != besides and wanted in map(canonical, own)),
        "",
    )
