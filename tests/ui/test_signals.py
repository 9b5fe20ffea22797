"""PySide6 on this Python must survive many signals: 6.12 on CPython 3.11 loses a reference at each emit and aborts."""

from __future__ import annotations

import gc
import sys

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

EMITS = 10_000


class Source(QObject):
    plain = Signal()
    loaded = Signal(bool, object, str)


def test_ten_thousand_emits(qapp: QApplication) -> None:
    source = Source()
    received: list[object] = []
    source.plain.connect(lambda: received.append(None))
    source.loaded.connect(lambda *payload: received.append(payload[0]))
    QCoreApplication.processEvents()  # what earlier tests left would be counted as lost references
    gc.collect()
    before = [sys.getrefcount(value) for value in (True, False, None)]
    for number in range(EMITS):
        source.plain.emit()
        source.loaded.emit(number % 2 == 0, None, "text")
    QCoreApplication.processEvents()
    assert len(received) == 2 * EMITS
    received.clear()
    gc.collect()
    after = [sys.getrefcount(value) for value in (True, False, None)]
    lost = [old - new for old, new in zip(before, after, strict=True)]
    assert max(lost) < EMITS // 2, f"references lost to True, False, None: {lost}"


def test_ten_thousand_wrapped_calls(qapp: QApplication) -> None:
    widget = QWidget()
    before = [sys.getrefcount(value) for value in (True, False, None)]
    for number in range(EMITS):
        widget.setEnabled(number % 2 == 0)
        widget.isEnabled()
        widget.parentWidget()
    after = [sys.getrefcount(value) for value in (True, False, None)]
    assert max(old - new for old, new in zip(before, after, strict=True)) < EMITS // 10
    widget.deleteLater()
