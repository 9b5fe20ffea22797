"""Filling in prompts without the child that renders conditions."""

from __future__ import annotations

from pathlib import Path

from workbench.cancel import CancelToken
from workbench.errors import UsageError
from workbench.prompts.filling.rendering import Rendering


class NoTemplates:
    """Conditions and loops are for the real renderer."""

    def render(self, rendering: Rendering, cancel: CancelToken) -> str:
        raise UsageError("This template has conditions.", hint="Use plain variables here.")

    def warm(self, cancel: CancelToken) -> None: ...

    def close(self) -> None: ...


def read_text(path: Path, cancel: CancelToken) -> str:
    cancel.check()
    return path.read_text(encoding="utf-8")
