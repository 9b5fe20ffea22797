"""Mains or battery."""

from __future__ import annotations

from typing import Any


def power() -> str:
    """``mains``, ``battery`` or ``unknown``."""
    import psutil

    return from_sensors(psutil)


def from_sensors(sensors: Any) -> str:
    """``sensors``: psutil, whose function for it is missing on some systems and raises in containers without /sys."""
    try:
        battery = getattr(sensors, "sensors_battery", lambda: None)()
    except OSError:
        return "unknown"
    if battery is None or battery.power_plugged is None:
        return "unknown"
    return "mains" if battery.power_plugged else "battery"
