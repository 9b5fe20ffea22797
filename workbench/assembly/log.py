"""The program's log: warnings and news, never the words of a conversation."""

from __future__ import annotations

import logging
import os
from logging.handlers import RotatingFileHandler

from workbench.paths import Paths

LOG_BYTES, LOG_FILES = 1 << 20, 3


def log_to(paths: Paths) -> None:
    """Into a small rotating file of this home from now on; of the first home, where a process opens several."""
    logger = logging.getLogger("workbench")
    if any(isinstance(handler, RotatingFileHandler) for handler in logger.handlers):
        return
    file = paths.logs / "workbench.log"
    try:
        os.close(os.open(file, os.O_CREAT | os.O_APPEND, 0o600))
        handler = Log(file, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8")
    except OSError:
        return  # a full disk or a read-only home: the program itself tells about that
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)


class Log(RotatingFileHandler):
    """A full disk loses lines of the log and nothing else: no traceback between the words of an answer."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name in `logging`
        """Called instead of raising; the inherited one prints to standard error."""
