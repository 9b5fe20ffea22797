"""The words child: takes what was read into the index of words, so that the window's own process need not.

Cutting a hundred megabytes of text into words takes a processor for half a minute, and memory that is not given back.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from workbench.cancel import CancelToken
from workbench.engine.launching import containment
from workbench.errors import WorkbenchError
from workbench.paths import Paths

log = logging.getLogger(__name__)

CHILD_FLAG: Final = "--words-child"
WORDS_FOLDER: Final = "index-words"
_NICER: Final = 5


def take_in_apart(paths: Paths, cancel: CancelToken) -> bool:
    """Have a child catch up with the index; blocks until it has, or has failed: False. Raises `Cancelled`."""
    from workbench.documents.extract.extraction import CHILD_FOLDER, child_environment

    try:
        process = subprocess.Popen(
            _command(json.dumps({"parent": os.getpid(), "home": os.fsdecode(paths.home)})),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=CHILD_FOLDER,
            env=child_environment(),
            **containment.spawn_options(),
        )
    except OSError as error:
        log.info("no child takes in words: %s", error)
        return False
    bond = containment.bind(process)
    with process, cancel.unblocks(process.kill):
        status = process.wait()
    del bond
    cancel.check()
    return status == 0


def main(arguments: Sequence[str] | None = None) -> int:
    from workbench.db import Database
    from workbench.documents.retrieval.opening import open_words
    from workbench.documents.storing.chunks import ChunkStore
    from workbench.documents.storing.schema import index

    order = json.loads((sys.argv[1:] if arguments is None else arguments)[-1])
    containment.lower_rights()
    containment.end_with_parent(order["parent"])
    with suppress(OSError, AttributeError):
        os.nice(_NICER)
    paths = Paths(Path(order["home"]))
    try:
        database = Database(paths.index, index, backups=paths.backups, durable=False)
        words = open_words(paths.home / WORDS_FOLDER, ChunkStore(database))
        words.catch_up(CancelToken())
        words.close()
        database.close()
    except WorkbenchError:
        return 1
    return 0


def _command(order: str) -> list[str]:
    """As `extract_child.command`."""
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_FLAG, order]
    return [sys.executable, "-m", "workbench.documents.indexing.words_child", order]


if __name__ == "__main__":
    sys.exit(main())
