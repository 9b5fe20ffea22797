"""The real window on a real display, watched by strace: from the click to the whole preview nothing connects to anybody."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.conftest import Display, Program, ScreenReader, change
from tests.e2e.test_cloud import MODEL, workbench
from tests.e2e.test_window import answered, ask
from tests.e2e.test_window import with_model as with_model
from tests.fakes.cloud_servers import KEY, CloudServer
from tests.patience import until
from tests.unit.chat.escalating.tooled import saying

pytestmark = [pytest.mark.display, pytest.mark.timeout(180)]
QUESTION = "Why is the night sky dark?"
LISTED = f"{QUESTION}, mine waits for your yes"
_INTERNET = re.compile(r"AF_INET6?\b")


@contextmanager
def watched(process_id: int, trace: Path) -> Iterator[None]:
    """In this block strace looks at what the process and its children connect and send."""
    command = ["strace", "-f", "-e", "trace=connect,sendto,sendmsg", "-o", str(trace), "-p", str(process_id)]
    strace = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert strace.stderr is not None
    if "attached" not in (said := strace.stderr.readline()):
        strace.wait(10)
        pytest.skip(f"strace may not look at the window here: {said}")
    try:
        yield
    finally:
        strace.send_signal(signal.SIGINT)
        strace.wait(10)
        strace.stderr.close()


def test_the_sheet_shows_all_of_it_and_reaches_nobody(
    with_model: Path, open_window: Callable[[], Program], reader: ScreenReader, display: Display, tmp_path: Path
) -> None:
    if not shutil.which("strace"):
        pytest.skip("strace is not installed")
    trace = tmp_path / "trace"
    with CloudServer() as server:
        change(
            with_model, ("cloud.enabled", True), ("cloud.addresses", {"mine": server.base_url}), ("cloud.model", MODEL)
        )
        assert workbench("cloud", "prices", MODEL, "--input", "0.15", "--output", "0.60").returncode == 0
        shown = workbench("chat", "--cloud", MODEL, "--key-stdin", "--preview", "--json", QUESTION, key=True)
        assert shown.returncode == 6, shown.stderr
        program = open_window()
        reader.until(lambda: LISTED in reader("items", "Chats"))
        reader.until(lambda: reader("select", LISTED, "Chats"))
        with watched(program.process.pid, trace):
            display.keys("ctrl+shift+s")
            reader.until(lambda: reader("exists", "Exactly what leaves"))
            reader.until(lambda: any('"messages"' in heard and QUESTION in heard for heard in reader("words")))
            reader.until(lambda: reader.hears("no key for"))
        until(lambda: trace.exists())
        called = trace.read_text(errors="replace")
        assert called, "strace saw nothing at all"
        assert not _INTERNET.search(called)
        assert server.connections == 0
        assert KEY not in called
        assert program.end() == 0


def test_a_question_is_taken_there_by_what_is_heard(
    with_model: Path, open_window: Callable[[], Program], reader: ScreenReader
) -> None:
    """Names are pressed and written to: the key, the local answer, the sheet, the yes, and the answer beside it."""
    change(with_model, ("chat.max_tokens", 8))
    with CloudServer() as server:
        change(
            with_model, ("cloud.enabled", True), ("cloud.addresses", {"mine": server.base_url}), ("cloud.model", MODEL)
        )
        assert workbench("cloud", "prices", MODEL, "--input", "0.15", "--output", "0.60").returncode == 0
        program = open_window()
        reader.until(lambda: reader.hears("SmolLM2"))
        reader.press("Settings")
        reader.press("Log in to mine")
        reader.until(lambda: reader("write", "Key of mine", KEY))
        reader.press("Keep the key")
        reader.until(lambda: reader.hears("Can be asked"))
        assert reader("nameless") == []
        reader.press("Close settings")
        ask(reader, QUESTION)
        reader.until(lambda: reader.hears(QUESTION) and answered(reader), 60)
        reader.press("Ask a stronger model")
        send = reader.until(lambda: next((said for said in reader("words") if said.startswith("Send to 127.")), ""))
        assert reader("nameless") == []
        assert server.connections == 0
        reader.press(send)
        reader.until(lambda: reader.hears(server.text), 60)
        assert len(server.questions) == 1
        assert reader("nameless") == []
        assert program.end() == 0


def test_an_answer_that_called_a_tool_is_gone_on_with_by_what_is_heard(
    with_model: Path, open_window: Callable[[], Program], reader: ScreenReader
) -> None:
    """The sheet's switch for tools, the step, the card with what is new in it, and a yes for that."""
    change(with_model, ("chat.max_tokens", 8))
    with CloudServer() as server:
        change(
            with_model, ("cloud.enabled", True), ("cloud.addresses", {"mine": server.base_url}), ("cloud.model", MODEL)
        )
        assert workbench("cloud", "prices", MODEL, "--input", "0.15", "--output", "0.60").returncode == 0
        server.faults[:] = [saying([("calculate", {"expression": "6 * 7"})]), saying("That makes forty-two.")]
        program = open_window()
        reader.until(lambda: reader.hears("SmolLM2"))
        reader.press("Settings")
        reader.press("Log in to mine")
        reader.until(lambda: reader("write", "Key of mine", KEY))
        reader.press("Keep the key")
        reader.until(lambda: reader.hears("Can be asked"))
        reader.press("Close settings")
        ask(reader, QUESTION)
        reader.until(lambda: reader.hears(QUESTION) and answered(reader), 60)
        reader.press("Ask a stronger model")
        reader.until(lambda: reader("exists", "It may call tools"))
        reader.press("It may call tools")
        reader.until(lambda: any('"calculate"' in heard for heard in reader("words")))
        send = reader.until(lambda: next((said for said in reader("words") if said.startswith("Send to 127.")), ""))
        assert reader("nameless") == []
        assert server.questions == []
        reader.press(send)
        reader.until(lambda: reader.hears("Send what its tools gave"), 60)
        reader.until(lambda: any("New in it" in heard and "42" in heard for heard in reader("words")))
        assert reader("nameless") == []
        assert len(server.questions) == 1
        assert reader("exists", "Look at it…")
        assert reader("exists", "Don't send")
        reader.press("Send to mine")
        reader.until(lambda: reader.hears("That makes forty-two."), 60)
        reader.until(lambda: not reader.hears("Send what its tools gave"))
        first, second = server.questions
        assert "42" not in first.body.decode()
        assert next(one["content"] for one in second.json["messages"] if one["role"] == "tool").endswith("42")
        assert reader("nameless") == []
        assert program.end() == 0
