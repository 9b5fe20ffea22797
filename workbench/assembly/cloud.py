"""Who may be asked in the cloud. Made when somebody wants to know; reaches nobody by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbench.assembly.foundation import Foundation
from workbench.cloud.service import CloudService
from workbench.cloud.store import CloudStore
from workbench.secrets import SystemSecrets, home_id
from workbench.settings import load


def build_cloud(base: Foundation, change: Callable[[str, Any], None]) -> CloudService:
    """``change`` keeps another value of a setting."""
    store, secrets = CloudStore(base.database), SystemSecrets(home_id())
    return CloudService(
        store,
        secrets,
        base.clock,
        base.bus,
        lambda: base.settings().cloud,
        change,
        off_elsewhere=OffElsewhere(base.paths.config),
    )


class OffElsewhere:
    """Whether the settings file says that the cloud is off. `workbench cloud off` holds for an open window, too, which read
    its settings when it started. The file is read again only when it is another one."""

    def __init__(self, config: Path) -> None:
        self._config = config
        self._seen: tuple[int, int, int] | None = None
        self._off = False

    def __call__(self) -> bool:
        try:
            found = self._config.stat()
        except OSError:
            return True  # there is no file, so that nobody has switched it on
        seen = (found.st_mtime_ns, found.st_size, found.st_ino)
        if seen != self._seen:
            self._off = not load(self._config)[0].cloud.enabled
            self._seen = seen
        return self._off
