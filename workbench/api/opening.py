"""Opens the local API over a `Workbench`; `workbench.entry` hands this to the window and the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.api.desk import AnswerDesk
from workbench.api.listening import Listener
from workbench.api.served_consents import ServedConsents
from workbench.api.served_models import ServedModels

if TYPE_CHECKING:
    from workbench.app import Workbench


def open_api(workbench: Workbench, port: int) -> Listener:
    """Listen on ``port``. Raises `PortTakenError`."""
    api = workbench.api
    desk = AnswerDesk(
        ServedModels(workbench),
        api.token.matches,
        lambda: workbench.settings.api,
        api.activity,
        consents=ServedConsents(workbench),
    )
    desk.port = port
    return Listener(port, desk)
