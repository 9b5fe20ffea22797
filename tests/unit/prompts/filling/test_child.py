"""Whatever the child says or does not say, the parent gets its answer in time and starts another one."""

from __future__ import annotations

import json
import struct
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.cancel import CancelToken
from workbench.errors import Cancelled, UsageError
from workbench.prompts.filling import child, worker
from workbench.prompts.filling.engine import Engine
from workbench.prompts.filling.parsing import jinja_source, parse
from workbench.prompts.filling.rendering import BOUNDS, Rendering
from workbench.prompts.filling.worker import Renderer

READY = "w(bytes(4));"
HEARD = "w(bytes(4));"
LIES = {
    "nothing at all": "",
    "it ends": READY,
    "it ends after it was heard": READY + "r();" + HEARD,
    "half a length": READY + "r();" + HEARD + "w(b'abc');",
    "half an answer": READY + "r();" + HEARD + "w(L(99) + b'abc');",
    "a length of four gigabytes": READY + "r();" + HEARD + "w(L(2**32 - 1) + b'a' * 1000);",
    "nothing in an answer": READY + "r();" + HEARD + "w(L(0));",
    "no JSON": READY + "r();" + HEARD + "w(L(3) + b'abc');",
    "not ready but talkative": "w(L(3) + b'abc');",
    "noise": "w(bytes(range(256)) * 99);",
    "silence": READY + "r();" + HEARD + "time.sleep(9999);",
    "no ear": READY + "time.sleep(9999);",
}


@pytest.mark.parametrize("lie", LIES)
def test_a_child_that_lies(lie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    script = (
        "import os, struct, time\n"
        "w, r, L = lambda b: os.write(1, b), lambda: os.read(0, 9999), lambda n: struct.pack('>I', n)\n"
    )
    monkeypatch.setattr(child, "command", lambda _order: [sys.executable, "-I", "-S", "-c", script + LIES[lie]])
    monkeypatch.setattr(worker, "_START_SECONDS", 5.0)
    renderer, template = Renderer(replace(BOUNDS, seconds=0.3)), parse("{{ x | upper }}" + "a" * 200_000)
    rendering = Rendering(template, jinja_source(template), {"x": "v"}, {})
    before, others = psutil.Process().memory_info().rss, set(psutil.Process().children())
    for _time in range(2):
        with pytest.raises(UsageError, match="cannot be filled in"):
            renderer.render(rendering, CancelToken())
    assert psutil.Process().memory_info().rss - before < 30 << 20
    assert set(psutil.Process().children()) <= others
    renderer.close()


def test_a_child_that_cannot_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "command", lambda _order: ["/nonexistent/python"])
    with pytest.raises(UsageError, match="did not start"):
        Renderer().warm(CancelToken())


@settings(max_examples=40)
@given(
    st.binary(max_size=60)
    | st.dictionaries(st.sampled_from(["source", "values", "newline", "only_check"]), st.text()).map(
        lambda one: json.dumps(one).encode()
    )
)
def test_orders_that_are_none_are_answered(order: bytes) -> None:
    answer, healthy = Engine(100).answer(order)
    assert healthy
    assert json.loads(answer).keys() & {"error", "text"}


def test_a_child_that_nobody_asks_any_more_ends() -> None:
    made = worker._Child(BOUNDS)
    assert made.is_up(CancelToken())
    assert made._process.stdin is not None
    made._process.stdin.write(struct.pack(">I", 1_000) + b"half an order")
    made._process.stdin.close()
    assert made._process.wait(20) == 0
    made.end()


@pytest.mark.skipif(sys.platform == "win32", reason="nobody can wait for a pipe there")
def test_a_child_that_ended_for_want_of_orders_is_replaced_without_a_word() -> None:
    renderer, template = Renderer(replace(BOUNDS, idle_seconds=0.05)), parse("{{ x | upper }}")
    rendering = Rendering(template, jinja_source(template), {"x": "v"}, {})
    seen = set[int]()
    for _time in range(3):
        assert renderer.render(rendering, CancelToken()) == "V"
        assert renderer._child is not None
        seen.add(renderer._child._process.pid)
        renderer._child._process.wait(20)
    assert len(seen) == 3
    renderer.close()


def test_many_threads_wait_for_each_other_and_closing_ends_all() -> None:
    others = set(psutil.Process().children())  # engines that the tests share
    renderer, template = Renderer(), parse("{{ x | upper }}")
    endless = parse("{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}")

    def render(word: str) -> str:
        return renderer.render(Rendering(template, jinja_source(template), {"x": word}, {}), CancelToken())

    def never() -> str:
        try:
            return renderer.render(Rendering(endless, jinja_source(endless), {}, {}), CancelToken())
        except (Cancelled, UsageError) as told:
            return type(told).__name__

    with ThreadPoolExecutor(6) as threads:
        assert list(threads.map(render, "abcdef" * 4)) == list("ABCDEF" * 4)
        waiting = [threads.submit(never) for _time in range(6)]
        renderer.close()
        told = {one.result(20) for one in waiting}
    assert "Cancelled" in told
    assert set(psutil.Process().children()) <= others


def test_what_the_child_is_told_of_its_bounds() -> None:
    assert json.loads(child.command(json.dumps(asdict(BOUNDS)))[-1])["memory_bytes"] == 50 << 20
