"""One window per data home: a second start brings the first one to the front."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

KNOCK, ANSWER = b"front", b"here"
WAIT_MILLISECONDS = 700


def server_name(home: Path) -> str:
    """Short, the same for every start on this home, different for every other home (and so for every user)."""
    return "workbench-" + hashlib.sha256(str(home).encode()).hexdigest()[:16]


def knock(home: Path) -> bool:
    """Ask a window that is open on this home to come to the front. True when one answered."""
    socket = QLocalSocket()
    socket.connectToServer(server_name(home))
    if not socket.waitForConnected(WAIT_MILLISECONDS):
        return False
    socket.write(KNOCK)
    socket.flush()
    answered = socket.waitForReadyRead(WAIT_MILLISECONDS) and socket.readAll().data() == ANSWER
    socket.abort()
    return answered


class Doorbell(QObject):
    """Listens for second starts. ``rung``: come to the front."""

    rung = Signal()

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)
        name = server_name(home)
        if not self._server.listen(name):
            QLocalServer.removeServer(name)  # left behind by a window that was killed: nobody answered the knock
            self._server.listen(name)

    def close(self) -> None:
        self._server.close()

    def _answer(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.write(ANSWER)
            socket.flush()
            socket.disconnected.connect(socket.deleteLater)
            self.rung.emit()
