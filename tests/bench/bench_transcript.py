"""How much the transcript costs: opening, streaming, hostile sizes. Prints one JSON object a line."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtWidgets import QApplication

from ui.appearance import Appearance, load_fonts
from ui.chat.transcript import TranscriptView
from ui.chat.transcript_items import TranscriptItem
from ui.theme import LIGHT
from workbench.markup import Splitter, blocks, to_html
from workbench.messages import Text

TOKEN = 4  # characters
PARAGRAPH = (
    "Attention compares your *query* with every key and returns a **blend of all values**, weighted by how well each "
    "key matched; see `softmax` and [the paper](https://example.org/paper). A normal dict compares your key with "
    "every stored key and returns one value.\n\n"
)
ANSWER = (
    "## What it does\n\n" + PARAGRAPH * 2 + "- **Scaling** keeps the scores small\n- The mask hides the future\n"
    "  - also from itself\n\n```python\ndef attention(q, k, v):\n    return softmax(q @ k.T) @ v  # blend\n```\n\n"
    "| model | size |\n|---|---:|\n| one | 5.0 GB |\n| two | 12.1 GB |\n\n" + PARAGRAPH
)


def main() -> None:
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    load_fonts()
    Appearance(application, "light")
    for measure in (_markup, _open, _stream, _hostile):
        measure()


def _report(name: str, value: float, unit: str, aim: float) -> None:
    print(json.dumps({"name": name, "value": round(value, 2), "unit": unit, "aim": aim}), flush=True)


def _seconds(work: Callable[[], object]) -> float:
    """Of this thread's processor time: what other programs do on the machine does not count."""
    begin = time.thread_time()
    work()
    return time.thread_time() - begin


def _answer(characters: int) -> str:
    return (ANSWER * (characters // len(ANSWER) + 1))[:characters]


def _markup() -> None:
    text = _answer(4_000 * TOKEN)
    best = min(_seconds(lambda: [to_html(block) for block in blocks(text)]) for _ in range(5))
    _report("markup of a 4,000-token message", best * 1e3, "ms", 30)
    splitter = Splitter()
    pieces = [text[at : at + TOKEN] for at in range(0, len(text), TOKEN)]
    slowest = max(_seconds(lambda piece=piece: splitter.feed(piece)) for piece in pieces)  # type: ignore[misc]
    _report("splitting one more token, slowest of 4,000", slowest * 1e3, "ms", 5)


def _view() -> TranscriptView:
    view = TranscriptView()
    view.set_theme(LIGHT)
    view.resize(1000, 760)
    view.show()
    _settle()
    view.set_items([TranscriptItem("warm", "answer", (Text(ANSWER),))])
    _settle()
    return view


def _settle(seconds: float = 0.3) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)


def _frame() -> None:
    QCoreApplication.processEvents()


def _show(view: TranscriptView, items: list[TranscriptItem]) -> None:
    view.set_items(items)
    _frame()


def _scroll(view: TranscriptView, pixels: int) -> None:
    view.scroll_by(pixels)
    _frame()


def _conversation(messages: int, answer: str) -> list[TranscriptItem]:
    items = []
    for index in range(messages // 2):
        question = TranscriptItem(f"q{index}", "question", (Text(f"Question {index}: why?"),), actions=("copy",))
        items += [
            question,
            TranscriptItem(
                f"a{index}", "answer", (Text(answer),), "Model", "On this computer", footer="21 tokens/s",
                actions=("copy", "regenerate"),
            ),
        ]  # fmt: skip
    return items


def _open() -> None:
    view, items = _view(), _conversation(2_000, ANSWER)
    _report("open 2,000 messages", _seconds(lambda: _show(view, items)) * 1e3, "ms", 65)
    _settle()
    _report("find in 2,000 messages", _seconds(lambda: view.find("softmax")) * 1e3, "ms", 50)
    view.find("")
    worst = max(_seconds(lambda: _scroll(view, -400)) for _ in range(60))
    _report("scroll through them, slowest frame", worst * 1e3, "ms", 50)
    view.deleteLater()


def _stream(rate: int = 200, seconds: float = 15) -> None:
    view, text = _view(), _answer(round(rate * seconds) * TOKEN)
    item = TranscriptItem("live", "answer", (Text(""),), "Model", "On this computer", status="streaming")
    view.set_items([TranscriptItem("q", "question", (Text("Go"),)), item])
    begin, cpu, frames = time.perf_counter(), time.process_time(), []
    while (at := time.perf_counter() - begin) < seconds:
        frame = time.thread_time()
        shown = text[: int(at * rate) * TOKEN]
        view.update_item(
            TranscriptItem("live", "answer", (Text(shown),), "Model", "On this computer", status="streaming")
        )
        _frame()
        frames.append(time.thread_time() - frame)
        time.sleep(max(0.0, 0.033 - frames[-1]))
    frames.sort()
    _report("streaming 200 tokens/s, CPU", (time.process_time() - cpu) / seconds * 100, "%", 10)
    _report("streaming 200 tokens/s, p99 frame", frames[int(len(frames) * 0.99)] * 1e3, "ms", 16)
    _report("streaming 200 tokens/s, slowest frame", frames[-1] * 1e3, "ms", 50)
    view.deleteLater()


def _hostile() -> None:
    shapes = {
        "one word of 300 kB": "w" * 300_000,
        "code of 100,000 lines": "```python\n" + "x = f(1)  # why\n" * 100_000 + "```\n",
        "table of 5,000 rows": "| a | b | c |\n|---|---|---|\n" + "| one | two | three |\n" * 5_000,
        "list of 5,000 items": "- item with *some* words in it\n" * 5_000,
    }
    for name, text in shapes.items():
        view = _view()
        slowest = _streamed(view, text)
        _report(f"{name}, streamed, slowest frame", slowest * 1e3, "ms", 50)
        items = [TranscriptItem("whole", "answer", (Text(text),), "Model")]
        whole = _seconds(lambda view=view, items=items: _show(view, items))  # type: ignore[misc]
        _report(f"{name}, opened", whole * 1e3, "ms", 50)
        scrolled = max(_seconds(lambda view=view: _scroll(view, -600)) for _ in range(20))  # type: ignore[misc]
        _report(f"{name}, slowest frame of scrolling", scrolled * 1e3, "ms", 50)
        view.deleteLater()


def _streamed(view: TranscriptView, text: str, updates: int = 120) -> float:
    step = len(text) // updates + 1
    slowest = 0.0
    for end in range(step, len(text) + step, step):
        item = TranscriptItem("live", "answer", (Text(text[:end]),), "Model", status="streaming")

        def frame(item: TranscriptItem = item) -> None:
            view.update_item(item)
            view.flush()
            _frame()

        slowest = max(slowest, _seconds(frame))
    return slowest


if __name__ == "__main__":
    main()
