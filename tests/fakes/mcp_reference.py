"""Real servers of tools from npm, the protocol's reference servers: fetched once, kept in the repository's cache."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

VERSION = "2026.8.31"
PACKAGES = ("server-everything", "server-filesystem")


def why_not() -> str:
    """Why they cannot run on this machine; empty when they can."""
    missing = [one for one in ("node", "npm") if shutil.which(one) is None]
    return f"the reference servers need {' and '.join(missing)}" if missing else ""


@dataclass(frozen=True)
class ReferenceServers:
    folder: Path

    def script(self, package: str) -> str:
        return str(self.folder / "node_modules" / "@modelcontextprotocol" / package / "dist" / "index.js")


def fetch(cache: Path) -> ReferenceServers:
    """Raises `subprocess.SubprocessError` when npm cannot fetch them. Nothing of what they bring along is run."""
    cache.mkdir(parents=True, exist_ok=True)
    found = ReferenceServers(cache)
    with FileLock(cache / "install.lock"):  # several runs of the tests at once
        if not all(Path(found.script(package)).exists() for package in PACKAGES):
            wanted = [f"@modelcontextprotocol/{package}@{VERSION}" for package in PACKAGES]
            command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(cache), *wanted]
            subprocess.run(command, cwd=cache, check=True, capture_output=True, timeout=240)
    return found
