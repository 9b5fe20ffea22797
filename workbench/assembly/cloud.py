"""Who may be asked in the cloud. Made when somebody wants to know; reaches nobody by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workbench.assembly.foundation import Foundation
from workbench.cloud.service import CloudService
from workbench.cloud.store import CloudStore
from workbench.secrets import SystemSecrets, home_id


def build_cloud(base: Foundation, change: Callable[[str, Any], None]) -> CloudService:
    """``change`` keeps another value of a setting."""
    store, secrets = CloudStore(base.database), SystemSecrets(home_id())
    return CloudService(store, secrets, base.clock, base.bus, lambda: base.settings().cloud, change)
