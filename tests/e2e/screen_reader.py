"""Sees and drives a window only through its accessibility tree. Run by the system's Python, which has AT-SPI.

Reads one JSON command a line from stdin, answers one JSON line each: {"ok": ...} or {"error": ...}.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402 - the version is chosen first

APPLICATION = "Workbench"
STANDS = 0.1  # seconds


def roots() -> list[Any]:
    desktop = Atspi.get_desktop(0)
    children = [desktop.get_child_at_index(place) for place in range(desktop.get_child_count())]
    return [child for child in children if child is not None and child.get_name() == APPLICATION]


def walk(node: Any, depth: int = 0) -> Any:
    """Every node that is on the screen, in reading order."""
    yield node, depth
    for place in range(min(node.get_child_count(), 2000)):
        child = node.get_child_at_index(place)
        if child is not None and (depth < 1 or child.get_state_set().contains(Atspi.StateType.SHOWING)):
            yield from walk(child, depth + 1)


def everything() -> Any:
    for root in roots():
        yield from walk(root)


def find(name: str, role: str = "") -> Any:
    for node, _depth in everything():
        if node.get_name() == name and role in ("", node.get_role_name()):
            return node
    raise LookupError(f"nothing on the screen is called {name!r}")


def text_of(node: Any) -> str:
    interface = node.get_text_iface()
    return Atspi.Text.get_text(interface, 0, Atspi.Text.get_character_count(interface)) if interface else ""


def standing(name: str, role: str) -> Any:
    """What is called so and stays what it is for a moment: not about to be made anew."""
    seen = find(name, role)
    while True:
        time.sleep(STANDS)
        for root in roots():
            root.clear_cache()
        again = find(name, role)
        if again == seen:
            return again
        seen = again


def press(name: str, role: str = "") -> bool:
    """Qt clicks a button 0.1 s after it was asked to, and not if the button is gone by then."""
    node = standing(name, role)
    interface = node.get_action_iface()
    if interface is None:
        raise LookupError(f"{name!r} cannot be pressed")
    wanted = ("press", "click", "toggle", "showmenu")
    names = [Atspi.Action.get_action_name(interface, place).casefold() for place in range(interface.get_n_actions())]
    place = next((names.index(word) for word in wanted if word in names), 0)
    return bool(interface.do_action(place))


def press_last(name: str) -> bool:
    """Of several that are called so, the last one in reading order."""
    found = [node for node, _depth in everything() if node.get_name() == name]
    if not found:
        raise LookupError(f"nothing on the screen is called {name!r}")
    return bool(found[-1].get_action_iface().do_action(0))


def write(name: str, text: str) -> bool:
    """Type into a field: replaces what is there."""
    node = find(name)
    node.get_component_iface().grab_focus()
    interface = node.get_editable_text_iface()
    if interface is None:
        raise LookupError(f"{name!r} cannot be written in")
    return bool(interface.set_text_contents(text))


def select(name: str, inside: str) -> bool:
    """Choose the item called ``name`` of the list called ``inside``."""
    chosen = find(inside)
    for place in range(chosen.get_child_count()):
        if chosen.get_child_at_index(place).get_name() == name:
            return bool(chosen.get_selection_iface().select_child(place))
    raise LookupError(f"{inside!r} has no item {name!r}")


def items(inside: str) -> list[str]:
    chosen = find(inside)
    return [chosen.get_child_at_index(place).get_name() for place in range(chosen.get_child_count())]


def words() -> list[str]:
    """Everything a person would hear, in reading order."""
    heard: list[str] = []
    for node, _depth in everything():
        heard += [piece for piece in (node.get_name(), text_of(node)) if piece and piece not in heard[-1:]]
    return heard


def tree() -> list[str]:
    return [f"{'  ' * depth}{node.get_role_name()}: {node.get_name()!r}" for node, depth in everything()]


def nameless() -> list[str]:
    """Controls on the screen that can have the focus and say nothing."""
    found = []
    for node, depth in everything():
        states = node.get_state_set()
        if states.contains(Atspi.StateType.FOCUSABLE) and depth > 1 and not (node.get_name() or text_of(node)):
            found.append(f"{node.get_role_name()} {node.get_description()!r}")
    return found


ANNOUNCED: list[str] = []


def announced() -> list[str]:
    """What programs asked screen readers to say since the first call, in order."""
    context = GLib.MainContext.default()
    while context.iteration(False):  # noqa: FBT003 - GLib takes it so
        pass
    return list(ANNOUNCED)


def hear_announcements() -> Any:
    """Begin to listen; the listener lives as long as what is returned."""
    listener = Atspi.EventListener.new(lambda event: ANNOUNCED.append(str(event.any_data)))
    listener.register("object:announcement")
    return listener


def focused() -> list[str]:
    """Role and name of what has the keyboard. Qt says of the current row of each list that it has it, also where the list
    has not: what else says so is believed first."""
    there = [node for node, _depth in everything() if node.get_state_set().contains(Atspi.StateType.FOCUSED)]
    if not there:
        raise LookupError("nothing has the keyboard")
    node = min(there, key=lambda one: one.get_role_name() == "list item")
    return [node.get_role_name(), node.get_name() or text_of(node)]


def state(name: str) -> list[str]:
    return [one.value_nick for one in find(name).get_state_set().get_states()]


COMMANDS: dict[str, Callable[..., Any]] = {
    "press": press,
    "press_last": press_last,
    "write": write,
    "select": select,
    "items": items,
    "words": words,
    "tree": tree,
    "nameless": nameless,
    "announced": announced,
    "focused": focused,
    "state": state,
    "text": lambda name: text_of(find(name)),
    "exists": lambda name, role="": bool(find(name, role)),
    "windows": lambda: len(roots()),
    "processes": lambda: [root.get_process_id() for root in roots()],
}


def main() -> None:
    warnings.simplefilter("ignore")  # the old names are the ones that Debian's AT-SPI has
    Atspi.init()
    _listener = hear_announcements()
    for line in sys.stdin:
        command, *arguments = json.loads(line)
        for root in roots():
            root.clear_cache()
        try:
            answer = {"ok": COMMANDS[command](*arguments)}
        except Exception as error:  # noqa: BLE001 - everything goes back to the test
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
