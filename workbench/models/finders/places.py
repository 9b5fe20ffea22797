"""Where the programs of one person keep things, on each system."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Places:
    """``platform`` as `sys.platform` has it; ``environment`` as the other programs see it too."""

    home: Path
    environment: Mapping[str, str]
    platform: str

    def named(self, variable: str) -> Path | None:
        """The folder that an environment variable names; None when it is unset, empty or not absolute."""
        return absolute(self.environment.get(variable, ""), self.home)

    @property
    def application_data(self) -> Path:
        """Where programs with a window keep their settings."""
        if self.platform == "win32":
            return self.named("APPDATA") or self.home / "AppData" / "Roaming"
        if self.platform == "darwin":
            return self.home / "Library" / "Application Support"
        return self.named("XDG_CONFIG_HOME") or self.home / ".config"

    @property
    def caches(self) -> Path:
        """Where programs keep what they can fetch again."""
        if self.platform == "win32":
            return self.named("LOCALAPPDATA") or self.home / "AppData" / "Local"
        if self.platform == "darwin":
            return self.home / "Library" / "Caches"
        return self.named("XDG_CACHE_HOME") or self.home / ".cache"


def absolute(text: str, home: Path) -> Path | None:
    """The path that another program wrote down, ``~`` and all; None when it cannot be one."""
    text = text.strip()
    if not text or "\0" in text:
        return None
    path = home / text[2:] if text.startswith(("~/", "~\\")) else Path(text)
    return path if path.is_absolute() else None


def distinct(folders: Iterable[Path | None]) -> tuple[Path, ...]:
    """The folders that are there, each once, in order."""
    found: dict[str, Path] = {}
    for path in folders:
        try:
            if path is not None and path.is_dir():
                found.setdefault(os.path.realpath(path), path)
        except OSError:  # an unplugged drive, a folder of somebody else
            continue
    return tuple(found.values())
