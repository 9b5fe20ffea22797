"""Where the layers of a model were, as an answer keeps it, in the words of the window. Pure."""

from __future__ import annotations

import re
from typing import Final

from ui.translation import tr
from workbench.chat.asking.made import PROCESSOR

_LAYERS: Final = re.compile(
    r"(?P<devices>.+): (?P<there>\d+) of (?P<all>\d+) layers(?:, experts of (?P<experts>\d+) on the processor)?"
)


def devices_words(devices: str) -> str:
    """``devices``: as `Made.devices`; what is of another form is shown as it is."""
    if devices == PROCESSOR:
        return tr("Processor")
    found = _LAYERS.fullmatch(devices)
    if found is None:
        return devices
    told = tr("{devices}: {there} of {all} layers").format(
        devices=found["devices"], there=found["there"], all=found["all"]
    )
    if found["experts"] is None:
        return told
    return tr("{layers}, experts of {count} on the processor").format(layers=told, count=found["experts"])
