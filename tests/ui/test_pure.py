"""The window's pure functions, as tables."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ui import window_state
from ui.chat.days import by_day, day_label
from ui.chat.link_texts import link_texts
from ui.chat.words import engine_words, last_code, shortened, smaller_words, time_words
from ui.command_list import Command, found
from ui.links import Verdict, judge
from ui.window_state import WindowState
from workbench.chat.tree import ConversationSummary
from workbench.sizes import size_words

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("then", "label"),
    [
        (date(2026, 11, 22), "Today"),
        (date(2026, 11, 23), "Today"),
        (date(2026, 11, 21), "Yesterday"),
        (date(2026, 11, 20), "This week"),
        (date(2026, 11, 16), "This week"),
        (date(2026, 11, 15), "November"),
        (date(2026, 2, 1), "February"),
        (date(2025, 12, 31), "December 2025"),
    ],
)
def test_day_label(then: date, label: str) -> None:
    assert day_label(then, TODAY) == label


def chat(chat_id: str, title: str, hours_ago: float) -> ConversationSummary:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp()
    return ConversationSummary(chat_id, title, now - hours_ago * 3600, 2)


def test_chats_by_day_are_newest_first() -> None:
    chats = (chat("old", "Old", 24 * 40), chat("a", "A", 2), chat("b", "B", 1), chat("y", "Y", 20))
    grouped = by_day(chats, datetime(2026, 11, 22, 12, tzinfo=UTC))
    assert [(label, [one.id for one in group]) for label, group in grouped] == [
        ("Today", ["b", "a"]),
        ("Yesterday", ["y"]),
        ("October", ["old"]),
    ]


@pytest.mark.parametrize(
    ("target", "text", "verdict"),
    [
        ("https://example.org/a?b=c", "the paper", Verdict.OPEN),
        ("http://example.org", "example.org", Verdict.OPEN),
        ("https://www.example.org/x", "https://example.org/", Verdict.OPEN),
        ("https://evil.test/", "https://example.org", Verdict.ASK),
        ("https://evil.test/", "example.org", Verdict.ASK),
        ("https://example.org@evil.test/", "a link", Verdict.ASK),
        ("https://xn--exmple-cua.org/", "a link", Verdict.ASK),
        ("https://exаmple.org/", "a link", Verdict.ASK),  # a Cyrillic letter
        ("mailto:ana@example.org?subject=a%20b", "write", Verdict.ASK),
        ("steam://run/1", "play", Verdict.ASK),
        ("javascript:alert(1)", "a", Verdict.REFUSE),
        ("JaVaScript:alert(1)", "a", Verdict.REFUSE),
        ("java\nscript:alert(1)", "a", Verdict.REFUSE),
        (" \x00data:text/html,hi", "a", Verdict.REFUSE),
        ("vbscript:x", "a", Verdict.REFUSE),
        ("file:///etc/passwd", "a", Verdict.REFUSE),
        ("C:\\Windows\\notepad.exe", "a", Verdict.REFUSE),
        ("/etc/passwd", "a", Verdict.REFUSE),
        ("relative.md", "a", Verdict.REFUSE),
        ("https://", "a", Verdict.REFUSE),
        ("http://[::1", "a", Verdict.REFUSE),
    ],
)
def test_links(target: str, text: str, verdict: Verdict) -> None:
    assert judge(target, text).verdict is verdict


def test_what_links_say() -> None:
    texts = [
        "[one](https://a.test/x?b=1&c=2) and [**two** `x`](https://a.test/x?b=1&c=2)",
        "- <https://b.test/y>",
        "plain",
    ]
    assert link_texts(texts, "https://a.test/x?b=1&c=2") == ("one", "two x")
    assert link_texts(texts, "https://b.test/y") == ("https://b.test/y",)
    assert link_texts(texts, "https://c.test") == ()


def test_a_link_is_shown_decoded_on_one_line() -> None:
    assert judge("mailto:a@b.c?body=one%0Atwo%20three").shown == "mailto:a@b.c?body=onetwo three"


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 kB"), (93_400_000, "93 MB"), (4_660_000_000, "4.7 GB"), (999, "1 kB")]
)
def test_sizes(count: int, words: str) -> None:
    assert size_words(count) == words


@pytest.mark.parametrize(("seconds", "words"), [(0.2, "1 s"), (59, "59 s"), (90, "2 min"), (3720, "1 h 2 min")])
def test_times(seconds: float, words: str) -> None:
    assert time_words(seconds) == words


@pytest.mark.parametrize(
    ("state", "context", "words"),
    [
        ("stopped", None, "M · Unloaded"),
        ("starting", None, "M · Loading"),
        ("ready", 8192, "M · Ready · 8,192 tokens of context"),
        ("failed", None, "M · The engine stopped"),
    ],
)
def test_engine_words(state: str, context: int | None, words: str) -> None:
    assert engine_words(state, "M", context) == words


def test_engine_words_of_a_model_that_is_kept_ready_and_of_none() -> None:
    assert engine_words("ready", "M", 4096, kept_ready=True) == "M · Kept ready · 4,096 tokens of context"
    assert engine_words("stopped", "", None) == ""


def test_a_smaller_plan_in_words() -> None:
    cause = "The engine ran out of memory."
    changes = [("Context", "4,096 tokens", f"{cause} The model remembers half as much.")]
    assert smaller_words(changes, cause) == (
        "Loaded smaller it may hold: context 4,096 tokens. The model remembers half as much. "
        "Or wait three minutes and go on as before."
    )


def test_shortened() -> None:
    assert (shortened("a" * 40), shortened("a" * 41)) == ("a" * 40, "a" * 39 + "…")


@pytest.mark.parametrize(
    ("markdown", "code"),
    [
        ("no code", ""),
        ("```py\na = 1\n```\ntext\n```\nb = 2\n\nc\n```", "b = 2\n\nc\n"),
        ("~~~\n```\n~~~", "```\n"),
        ("```\nstill being written", "still being written\n"),
        ("````\n```\n````", "```\n"),
    ],
)
def test_last_code(markdown: str, code: str) -> None:
    assert last_code(markdown) == code


def test_commands_that_begin_with_the_words_come_first() -> None:
    commands = [Command(text, lambda: None) for text in ("Delete this chat", "Chat about cats", "New chat")]
    assert [one.text for one in found(commands, "chat")] == ["Chat about cats", "Delete this chat", "New chat"]
    assert found(commands, "chat zebra") == ()


@pytest.mark.parametrize(
    "content", ["", "not json", "[]", '{"width": "wide"}', '{"width": 5, "height": 5}', '{"sidebar": 1}']
)
def test_a_damaged_window_state_is_the_default(tmp_path: Path, content: str) -> None:
    file = tmp_path / "window.json"
    file.write_text(content)
    assert window_state.load(file) == WindowState()


def test_window_state_round_trip(tmp_path: Path) -> None:
    state = WindowState(1000, 700, sidebar=False, chat="abc")
    window_state.save(tmp_path / "window.json", state)
    assert window_state.load(tmp_path / "window.json") == state
    window_state.save(tmp_path / "missing" / "window.json", state)
