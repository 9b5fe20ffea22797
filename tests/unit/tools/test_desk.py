"""All tools together: names that do not clash, what is offered to whom, and calls that fail in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from workbench.cancel import CancelToken
from workbench.errors import Cancelled, StorageError, ToolError, UsageError
from workbench.settings import Tools
from workbench.tools.desk import MOST_OFFERED, ToolDesk
from workbench.tools.tool import BUILT_IN, Call, Outcome, Place, ToolSpec

HERE = Place("chat")
QUERY = {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]}


def spec(name: str, source: str = BUILT_IN) -> ToolSpec:
    return ToolSpec(name, name.title(), f"{name}.", QUERY, source=source)


class Source:
    """Says what it was called with; ``error``: raises that instead."""

    def __init__(self, *specs: ToolSpec, error: BaseException | None = None) -> None:
        self.there = specs
        self.error = error
        self.called: list[str] = []

    def specs(self, place: Place) -> tuple[ToolSpec, ...]:
        return self.there

    def call(self, name: str, arguments: Mapping[str, Any], call: Call) -> Outcome:
        if self.error is not None:
            raise self.error
        self.called.append(name)
        return Outcome(f"{name}: {arguments['query']}")


class Silent(Source):
    def specs(self, place: Place) -> tuple[ToolSpec, ...]:
        raise StorageError("The disk is away.")


class Desk:
    """A desk over these sources, with settings that change."""

    def __init__(self, *sources: Source, capable: bool | None = True, **settings: Any) -> None:
        self.settings = Tools(**settings)
        self.capable = capable
        self.asked: list[str] = []
        self.desk = ToolDesk(sources, lambda: self.settings, self._capable, self._change, (spec("away"),))

    def _capable(self, model: str) -> bool | None:
        self.asked.append(model)
        return self.capable

    def _change(self, off: str) -> None:
        self.settings = replace(self.settings, off=off)

    def names(self, names: tuple[str, ...] | None = None) -> list[str]:
        return [one.name for one in self.desk.offered(HERE, names, "model")]


def call(desk: ToolDesk, what: ToolSpec, **arguments: Any) -> Outcome:
    return desk.call(what, arguments, Call(HERE, CancelToken()))


def test_only_a_model_that_was_seen_to_call_tools_is_offered_them_by_itself() -> None:
    source = Source(spec("find"), spec("now"))
    assert Desk(source).names() == ["find", "now"]
    assert Desk(source, capable=None).names() == []
    assert Desk(source, capable=False).names() == []


def test_tools_that_a_chat_chose_are_offered_unless_the_model_was_seen_to_fail() -> None:
    source = Source(spec("find"), spec("now"))
    assert Desk(source, capable=None).names(("now", "gone")) == ["now"]
    assert Desk(source, capable=False).names(("now",)) == []
    assert Desk(source, in_chats="off").names(("now",)) == ["now"]


def test_nothing_is_offered_and_nobody_is_asked_where_the_chat_or_the_settings_say_so() -> None:
    desk = Desk(Source(spec("find")), in_chats="off")
    assert desk.names() == []
    assert Desk(Source(spec("find"))).names(()) == []
    assert desk.asked == []


def test_what_is_switched_off_is_offered_nowhere_and_cannot_be_called() -> None:
    desk = Desk(Source(spec("find"), spec("now")))
    desk.desk.switch("find", on=False)
    desk.desk.switch("away", on=False)
    assert desk.settings.off == "find away"
    assert desk.names() == ["now"]
    assert desk.names(("find",)) == []
    with pytest.raises(ToolError, match="not there any more"):
        call(desk.desk, spec("find"), query="x")
    assert desk.desk.switch("find", on=True).name == "find"
    assert desk.names() == ["find", "now"]


def test_a_tool_that_is_not_known_cannot_be_switched_or_chosen() -> None:
    desk = Desk(Source(spec("find"))).desk
    with pytest.raises(UsageError, match="no tool 'fnd'") as refused:
        desk.switch("fnd", on=False)
    assert "find" in refused.value.hint
    assert desk.chosen("find, away") == ("find", "away")
    assert desk.chosen("none") == ()
    with pytest.raises(UsageError):
        desk.chosen("find,other")


def test_known_tools_are_listed_although_they_have_nothing_to_do() -> None:
    listed = Desk(Source(spec("find"), spec("theirs", "server"))).desk.known()
    assert [(one.spec.name, one.is_there) for one in listed] == [("away", False), ("find", True), ("theirs", True)]


def test_a_tool_called_like_another_one_gets_its_servers_name() -> None:
    own, first, second = Source(spec("find")), Source(spec("find", "My Files")), Source(spec("FIND", "my files"))
    desk = Desk(own, first, second, Source(spec("f-i n.d", "other"))).desk
    specs = desk.offered(HERE, None, "model")
    assert [one.name for one in specs] == ["find", "My_Files__find", "my_files2__FIND", "f-i_n_d"]
    for one in specs[:3]:
        call(desk, one, query="x")
    assert [own.called, first.called, second.called] == [["find"], ["find"], ["FIND"]]


def test_names_that_look_alike_are_the_same() -> None:
    desk = Desk(Source(spec("search_documents")), Source(spec("Search-Documents", "evil")))
    assert desk.names() == ["search_documents", "evil__Search-Documents"]


def test_hundreds_of_tools_of_one_name_are_told_apart_and_few_are_offered() -> None:
    desk = Desk(Source(*(spec("x" * 80, "s") for _ in range(200))))
    names = [one.spec.name for one in desk.desk.list(HERE)]
    assert len(set(names)) == 200
    assert max(map(len, names)) <= 64
    assert len(desk.names()) == MOST_OFFERED


def test_a_tool_that_became_another_one_is_not_called() -> None:
    source = Source(replace(spec("find", "server"), fingerprint="new"))
    with pytest.raises(ToolError, match="another one now"):
        call(Desk(source).desk, replace(spec("find", "server"), fingerprint="old"), query="x")
    assert source.called == []


def test_arguments_are_checked_again_before_the_call() -> None:
    source = Source(spec("find"))
    with pytest.raises(ToolError, match="query is not string"):
        call(Desk(source).desk, spec("find"), query=5)
    assert source.called == []


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ToolError("The page is away."), "The page is away."),
        (StorageError("The disk is full."), "The disk is full."),
        (ValueError("secret inner words"), "“Find” failed."),
        (RecursionError(), "“Find” failed."),
    ],
)
def test_whatever_a_tool_raises_is_told_in_a_sentence(error: Exception, told: str) -> None:
    with pytest.raises(ToolError) as failed:
        call(Desk(Source(spec("find"), error=error)).desk, spec("find"), query="x")
    assert failed.value.message == told


def test_an_error_that_may_name_a_folder_of_this_computer_is_not_told_to_a_model_elsewhere() -> None:
    """The desk puts all errors into one kind: what it says is what leaves."""
    broken = StorageError("The index of words in /home/ada/words could not be used.")
    place = Place("chat", outward=True)
    for error, told in ((broken, "“Find” failed."), (ToolError("The page is away."), "The page is away.")):
        desk = Desk(Source(spec("find"), error=error)).desk
        with pytest.raises(ToolError) as failed:
            desk.call(spec("find"), {"query": "x"}, Call(place, CancelToken()))
        assert failed.value.message == told


def test_stopping_goes_through() -> None:
    with pytest.raises(Cancelled):
        call(Desk(Source(spec("find"), error=Cancelled())).desk, spec("find"), query="x")


def test_a_source_that_cannot_say_what_it_offers_does_not_take_the_others_along() -> None:
    assert Desk(Silent(), Source(spec("find"))).names() == ["find"]
