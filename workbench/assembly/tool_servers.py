"""Servers of tools. Built when somebody asks; nothing is started before one of their tools is called."""

from __future__ import annotations

from workbench.assembly.foundation import Foundation
from workbench.consents.consent import Consents
from workbench.secrets import SystemSecrets, home_id
from workbench.tools.servers.service import ToolServers
from workbench.tools.servers.store import ServerStore


def build_tool_servers(base: Foundation, consents: Consents) -> ToolServers:
    secrets = SystemSecrets(home_id())
    return ToolServers(ServerStore(base.database), consents, secrets, base.paths, base.clock, base.bus)
