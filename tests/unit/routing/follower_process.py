"""Another process of the same home that follows an answer when it is told to, and says how often it sent something."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.fakes.backend import ScriptedBackend
from tests.fakes.workbench import FakeWorkbench
from tests.patience import until
from tests.unit.chat.escalating.world import KEY, MODEL
from workbench.chat.asking.resolve import KnownModel
from workbench.jobs import quiet_job


def main(home: Path, answer_id: str, go: Path, ready: Path) -> None:
    """``ready`` is written once it could follow, ``go`` when it is to."""
    workbench = FakeWorkbench(home, ScriptedBackend("It is sunny."))
    workbench.known = KnownModel("fake-1b", "Fake 1B", ())
    workbench.change_setting("cloud.model", MODEL)
    workbench.change_setting("cloud.mode", "question")
    workbench.cloud.switch(on=True)
    workbench.cloud.login("openrouter", KEY)
    answer = workbench.store.node(answer_id)[1]
    ready.touch()
    until(go.exists)
    workbench.following.follow(answer, quiet_job())
    print(len(workbench.provider_client.sent))
    workbench.close()


if __name__ == "__main__":
    main(*(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])))
