"""Exports that are broken in any way: what can be read comes in and can be shown, the rest is told in words."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.chat import foreign_chats as foreign
from tests.unit.chat.keeping import Home, full_chat, new_home
from workbench.chat.exporting.service import ExportFormat
from workbench.errors import UsageError

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 1e308, -1e308, 2**70, float("nan"), float("inf"), "", "x", "\0", "\ud800", "9" * 400,
    [], {}, [[]], [None], {"a": 1}, [{}], "user", "tool", "root", "q1", "u1", "2025-99-99", "data:image/png;base64,%%%",
)  # fmt: skip
FILES: dict[str, Callable[[], Any]] = {
    "chatgpt": foreign.chatgpt,
    "claude": foreign.claude,
    "open_webui": foreign.open_webui,
    "lm_studio": foreign.lm_studio,
    "openai": foreign.openai,
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with new_home(tmp_path_factory.mktemp("fuzz") / "home") as made:
        yield made


@pytest.fixture(scope="module")
def ours(home: Home) -> Any:
    return json.loads(home.exports.text(full_chat(home), ExportFormat.JSON))


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from _places(inner, (*path, key))


def _mutated(value: Any, choose: Callable[[Any], Any]) -> Any:
    """A copy with one to three of its values replaced, removed, or exchanged with another one of it."""
    value = copy.deepcopy(value)
    for _ in range(choose(st.integers(1, 3))):
        places = list(_places(value))
        if not places:
            break
        *way, last = choose(st.sampled_from(places))
        at = value
        for key in way:
            at = at[key]
        kind = choose(st.sampled_from(["replace", "replace", "remove", "exchange"]))
        if kind == "remove":
            del at[last]
        elif kind == "replace":
            at[last] = copy.deepcopy(choose(st.sampled_from(ODD)))
        else:
            found = value
            for key in choose(st.sampled_from(places)):
                found = found[key] if isinstance(found, dict | list) else found
            at[last] = copy.deepcopy(found)
    return value


def _bring(home: Home, content: bytes) -> None:
    file = home.folder.parent / "given.json"
    file.write_bytes(content)
    with suppress(UsageError):
        home.bring_in(file)


def _all_can_be_shown(home: Home) -> None:
    for chat in home.ids:
        home.chats.load(chat)
        for form in ExportFormat:
            home.exports.text(chat, form).encode()
    assert home.database.check() == "ok"


FUZZ = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck), database=None)


@pytest.mark.parametrize("name", FILES)
def test_values_of_the_wrong_kind(home: Home, name: str) -> None:
    whole = FILES[name]()

    @FUZZ
    @given(st.data())
    def check(data: st.DataObject) -> None:
        _bring(home, json.dumps(_mutated(whole, data.draw)).encode())

    check()
    _all_can_be_shown(home)


def test_values_of_the_wrong_kind_in_our_own_format(home: Home, ours: Any) -> None:
    @FUZZ
    @given(st.data())
    def check(data: st.DataObject) -> None:
        _bring(home, json.dumps([_mutated(ours, data.draw)]).encode())

    check()
    _all_can_be_shown(home)


@pytest.mark.parametrize("name", FILES)
def test_bytes_that_are_lost_or_changed(home: Home, name: str) -> None:
    content = json.dumps(FILES[name]()).encode()

    @FUZZ
    @given(st.integers(0, len(content)), st.integers(0, len(content)), st.binary(max_size=12))
    def check(begin: int, end: int, put: bytes) -> None:
        begin, end = sorted((begin, end))
        _bring(home, content[:begin] + put + content[end if end - begin < 40 else begin + 1 :])

    check()
    _all_can_be_shown(home)


@FUZZ
@given(st.binary(max_size=400))
def test_damaged_zips(home: Home, put: bytes) -> None:
    packed = bytearray(foreign.zip_bytes({"conversations.json": json.dumps(foreign.claude()).encode()}))
    packed[40 : 40 + len(put)] = put
    _bring(home, bytes(packed))


@FUZZ
@given(st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.sampled_from(ODD),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["mapping", "messages", "chat", "history", "chat_messages", "role", "content", "parts", "format",
                         "versions", "id", "parent", "parentId", "children", "message", "author", "version"]),
        inner, max_size=6,
    ),
    max_leaves=25,
))  # fmt: skip
def test_any_json(home: Home, value: Any) -> None:
    _bring(home, json.dumps(value).encode())
