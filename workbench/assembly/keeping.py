"""What keeps chats: exports, imports, the bin, backups. Built when somebody asks."""

from __future__ import annotations

from functools import partial

from workbench.assembly.foundation import Foundation
from workbench.chat.exporting.service import Exports
from workbench.chat.exporting.store import ExportStore
from workbench.chat.importing.files import keep_file
from workbench.chat.importing.service import Imports
from workbench.chat.importing.store import ImportStore
from workbench.chat.keeping.bin import ChatBin
from workbench.chat.keeping.store import BinStore
from workbench.diagnostics.backup_making import Backups


def build_exports(base: Foundation) -> Exports:
    return Exports(ExportStore(base.database), base.paths.attachments)


def build_imports(base: Foundation) -> Imports:
    return Imports(ImportStore(base.database), partial(keep_file, base.paths.attachments), base.bus, base.clock)


def build_backups(base: Foundation) -> Backups:
    return Backups(base.paths, base.database, base.clock)


def build_bin(base: Foundation) -> ChatBin:
    return ChatBin(BinStore(base.database), base.paths.attachments, base.bus)
