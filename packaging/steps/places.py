"""Where things stand in the repository."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
VENV = ROOT / ".venv"
RUNTIME_LOCK = PACKAGING / "requirements.lock"
DEVELOPMENT_LOCK = PACKAGING / "requirements-dev.lock"

SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
SUFFIX = ".exe" if os.name == "nt" else ""
PYTHON = SCRIPTS / f"python{SUFFIX}"


def script(name: str) -> str:
    """The path of a program that the environment installed."""
    return str(SCRIPTS / f"{name}{SUFFIX}")
