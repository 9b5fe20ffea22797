"""What assistive technology asks of a scroll area; in a process of its own, for Qt's own answer ends the program."""

from __future__ import annotations

import subprocess
import sys

LOOKED_AT = """
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QPushButton, QScrollArea
from ui.application import make_application

application = make_application(["workbench"])
for _ in range(50):  # made, looked at, gone
    area = QScrollArea()
    area.setAccessibleName("Rows")
    area.setWidget(QPushButton("Inside"))
    area.show()
    application.processEvents()
    seen = QAccessible.queryAccessibleInterface(area)
    viewport = seen.child(0)
    assert seen.text(QAccessible.Text.Name) == "Rows"
    assert viewport.child(0).text(QAccessible.Text.Name) == "Inside"
    assert viewport.parent().object() is area
    assert seen.indexOfChild(viewport) == 0
    assert seen.child(seen.childCount()) is None
    assert seen.child(-1) is None
    area.deleteLater()
    application.processEvents()
print("still here")
"""


def test_a_child_that_is_no_more_is_none() -> None:
    done = subprocess.run([sys.executable, "-c", LOOKED_AT], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, "still here\n"), done.stderr[-2000:]
