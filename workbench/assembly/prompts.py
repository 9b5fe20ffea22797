"""The prompt library. Built when somebody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.assembly.foundation import Foundation
from workbench.assembly.watching import follow
from workbench.prompts.service import PromptLibrary, empty_bin
from workbench.prompts.store import PromptStore

if TYPE_CHECKING:
    from workbench.prompts.files.following import PromptFiles
    from workbench.prompts.library import Prompts


def build_prompts(base: Foundation) -> PromptLibrary:
    """What has been in the bin for 30 days is forgotten by the way."""
    store = PromptStore(base.database, base.clock)
    if not base.database.read_only:
        empty_bin(store)
    return PromptLibrary(store, base.bus)


def build_prompt_files(base: Foundation, library: Prompts) -> PromptFiles:
    """Prompts as files in a folder; nothing is read or followed yet."""
    from workbench.prompts.files.following import PromptFiles
    from workbench.prompts.files.store import FileRows

    return PromptFiles(base.paths, FileRows(base.database), library, base.bus, lambda: base.settings().prompts, follow)
