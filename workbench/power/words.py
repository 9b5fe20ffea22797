"""What a system shows of who holds it awake."""

from __future__ import annotations

PROGRAM = "Workbench"
