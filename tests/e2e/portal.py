"""A desktop's notification portal, as far as the program uses it. Run by the system's Python, which has GLib.

Writes one JSON line for each call; a line "press" on stdin is a press on the notification.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from gi.repository import Gio, GLib

NAME, PATH, INTERFACE = (
    "org.freedesktop.portal.Desktop",
    "/org/freedesktop/portal/desktop",
    "org.freedesktop.portal.Notification",
)
XML = f"""<node><interface name="{INTERFACE}">
  <method name="AddNotification"><arg type="s" direction="in"/><arg type="a{{sv}}" direction="in"/></method>
  <method name="RemoveNotification"><arg type="s" direction="in"/></method>
  <signal name="ActionInvoked"><arg type="s"/><arg type="s"/><arg type="av"/></signal>
</interface></node>"""


def say(*words: Any) -> None:
    print(json.dumps(words), flush=True)


def main() -> None:
    loop = GLib.MainLoop()
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)

    def called(_bus: Any, _sender: str, _path: str, _interface: str, method: str, given: Any, reply: Any) -> None:
        say(method, *given.unpack())
        reply.return_value(None)

    interface = Gio.DBusNodeInfo.new_for_xml(XML).interfaces[0]
    bus.register_object(PATH, interface, called, None, None)

    def on_line(_channel: Any, _condition: Any) -> bool:
        if sys.stdin.readline() == "":
            loop.quit()
            return False
        action = GLib.Variant("(ssav)", ("answer", "open", []))
        bus.emit_signal(None, PATH, INTERFACE, "ActionInvoked", action)
        return True

    GLib.io_add_watch(sys.stdin.fileno(), GLib.IO_IN | GLib.IO_HUP, on_line)
    Gio.bus_own_name_on_connection(bus, NAME, Gio.BusNameOwnerFlags.NONE, lambda *_: say("ready"), None)
    loop.run()


if __name__ == "__main__":
    main()
