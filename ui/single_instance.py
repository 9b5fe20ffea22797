"""One window per data home: a second start brings the first one to the front, or opens its quick entry."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from workbench.doorbell import ANSWER, QUICK, TOKEN_VARIABLE, address


class Doorbell(QObject):
    """Listens for second starts. ``rung``: come to the front. ``quick_rung``: open the quick entry."""

    rung = Signal()
    quick_rung = Signal()

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)
        name = address(home)
        if not self._server.listen(name):
            QLocalServer.removeServer(name)  # left behind by a window that was killed: nobody answered the ring
            self._server.listen(name)

    def close(self) -> None:
        self._server.close()

    def _answer(self) -> None:
        while (caller := self._server.nextPendingConnection()) is not None:
            caller.write(ANSWER)
            caller.flush()
            caller.disconnected.connect(caller.deleteLater)
            caller.readyRead.connect(partial(self._read, caller))
            if caller.bytesAvailable():
                self._read(caller)

    def _read(self, caller: QLocalSocket) -> None:
        """One word, and after it what lets the window come to the front where the desktop wants that."""
        word, _, token = bytes(caller.readAll().data()).decode(errors="replace").partition(" ")
        if token:
            os.environ[TOKEN_VARIABLE] = token
        if word:
            (self.quick_rung if word == QUICK else self.rung).emit()
