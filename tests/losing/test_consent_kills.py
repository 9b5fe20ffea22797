"""Killed while a question waits, is answered, or is acted on: what was said is known, nothing is done twice or unasked."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.losing.consenting import CALL, step, world
from workbench.chat.tooling.making import UNKNOWN_END
from workbench.chat.tooling.permitting import DENIED
from workbench.consents.consent import ConsentState
from workbench.messages import Finish

pytestmark = pytest.mark.keeps_children  # the server that processes are forked from
DONE = "It is written."
Killed = Callable[..., None]


@pytest.fixture(scope="module")
def killed() -> Iterator[Killed]:
    """Runs the steps in ``home``, each in a process of its own that is killed in the middle."""
    from multiprocessing import forkserver, resource_tracker

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.losing.consenting"])

    def run(home: Path, *names: str) -> None:
        for name in names:
            process = context.Process(target=step, args=(home, name))
            process.start()
            process.join()
            assert process.exitcode == -9, name
            process.close()

    yield run
    forkserver._forkserver._stop()  # type: ignore[attr-defined]
    resource_tracker._resource_tracker._stop()  # type: ignore[attr-defined]


def goes_on(home: Path, *, accept: bool | None = None) -> tuple[list[str], str]:
    """Answer what still waits, and go on: what the tool was called with in all lives, and what the model was told of it."""
    scene = world(home, "All is said.")
    try:
        scene.chat.recover()
        if accept is not None:
            (consent,) = scene.consents.list()
            answered = scene.consents.accept(consent.id) if accept else scene.consents.refuse(consent.id)
            assert answered.question.request["arguments"] == {"text": "Tea"}
        assert scene.consents.list() == ()
        answer = scene.chat.resume(scene.answer().id, scene.job())
        assert answer.turn is not None
        assert answer.turn.finish is Finish.STOP
        assert answer.message.text == "All is said."
        (result,) = scene.results()
        notes = home / "notes"
        return notes.read_text("utf-8").splitlines() if notes.exists() else [], result.text
    finally:
        scene.database.close()


@pytest.mark.parametrize("asking", ["asking", "asked"])
@pytest.mark.parametrize(
    ("later", "accept", "notes", "told"),
    [
        ((), True, ["Tea"], DONE),  # it waited through the kill, and is answered after it
        ((), False, [], DENIED),
        (("accepted",), None, ["Tea"], DONE),  # a yes that was not acted on yet
        (("refused",), None, [], DENIED),  # a no that the model was not told of yet
        (("accepted", "at work"), None, ["Tea"], UNKNOWN_END),  # begun, and never begun again
    ],
)
def test_killed_in_each_state(
    tmp_path: Path,
    killed: Killed,
    asking: str,
    later: tuple[str, ...],
    accept: bool | None,
    notes: list[str],
    told: str,
) -> None:
    killed(tmp_path, asking, *later)
    assert goes_on(tmp_path, accept=accept) == (notes, told)


def test_what_waits_is_found_after_a_restart_and_waits_on_when_it_is_not_answered(
    tmp_path: Path, killed: Killed
) -> None:
    killed(tmp_path, "asking")
    scene = world(tmp_path, CALL)
    try:
        scene.chat.recover()
        (consent,) = scene.consents.list()
        answer = scene.chat.resume(scene.answer().id, scene.job())  # without an answer of the person
        assert answer.turn is not None
        assert answer.turn.finish is Finish.WAITING
        assert scene.consents.list() == (consent,)
        assert scene.waiting() == [consent]
        assert consent.state is ConsentState.WAITING
        assert scene.scripted.requests == []  # nothing is told to the model before
        assert not (tmp_path / "notes").exists()
    finally:
        scene.database.close()
