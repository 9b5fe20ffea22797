"""Whether this computer has a network, as the system says; nothing is sent to find out."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QNetworkInformation

Reachability = QNetworkInformation.Reachability


class Network(QObject):
    """``changed`` carries whether there is a network. A system that does not say is taken to have one."""

    changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        QNetworkInformation.loadBackendByFeatures(QNetworkInformation.Feature.Reachability)
        self._information = QNetworkInformation.instance()
        if self._information is not None:
            self._information.reachabilityChanged.connect(self._on_changed)

    @property
    def online(self) -> bool:
        return self._information is None or self._information.reachability() is not Reachability.Disconnected

    def _on_changed(self, _reachability: Reachability) -> None:
        self.changed.emit(self.online)
