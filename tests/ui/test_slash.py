"""Saved prompts in the composer: the list behind "/", the form, the chip, and what is sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea, QWidget

from tests.fakes.backend import ScriptedBackend, gate
from tests.fakes.workbench import FakeWorkbench
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.chat.answer_details import as_text, details
from ui.chat.desk import Desk
from ui.chat.slash import PromptOffer, chip_tip, offers, slash_in
from ui.command_list import CommandList
from ui.prompts.form import PromptForm
from ui.prompts.form_fields import ClipboardField, LongField
from ui.prompts.form_values import given, label_of, missing, missing_words, starting
from workbench.messages import Effort, TextDelta, UsedPrompt, system, user
from workbench.prompts.prompt import (
    Output,
    OutputKind,
    Preferences,
    Prompt,
    SavedPrompt,
    Step,
    Variable,
    VariableKind,
)
from workbench.prompts.using import used_prompt

GREETING = Prompt("Greeting", "greeting", "Say good morning.")
TRANSLATE = Prompt(
    "Translate",
    "translate",
    "Into {{ language_wanted }}:\n\n{{ words }}",
    system="You translate.",
    variables=(
        Variable("language_wanted", VariableKind.CHOICE, "Language", choices=("Welsh", "Irish"), default="Welsh"),
        Variable("words", VariableKind.LONG_TEXT, help="All of it."),
        Variable("tone", required=False),
    ),
    preferences=Preferences(temperature=0.1),
)


# Pure --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "query"),
    [
        ("/", ""),
        ("/sum", "sum"),
        ("Please /sum", "sum"),
        ("(/x", "x"),
        ("and/or", None),
        ("/home/", None),
        ("/home/ada", None),
        ("km / h", None),
        ("https://x", None),
        ("//", None),
        ("/one two", None),
        ("/résumé", "résumé"),
    ],
)
def test_where_the_name_of_a_prompt_is_being_written(before: str, query: str | None) -> None:
    assert slash_in(before) == query


def saved(prompt: Prompt, prompt_id: str = "", *, favourite: bool = False) -> SavedPrompt:
    return SavedPrompt(prompt_id or prompt.name, prompt, favourite=favourite)


def test_pinned_prompts_are_offered_first() -> None:
    found = (saved(GREETING, favourite=True), saved(TRANSLATE, "t1"))
    first, second = offers(found, ("T1",))
    assert (first.name, first.pinned, first.icon) == ("Translate", True, "pin")
    assert (second.name, second.icon) == ("Greeting", "star")
    assert second.detail.startswith("/greeting · Say good")
    assert offers(found, ("greeting",))[0].name == "Greeting"
    assert PromptOffer("x", "X", "").icon == "book-open"


def test_a_question_keeps_what_the_prompt_prefers() -> None:
    output = Output(OutputKind.TABLE, columns=("name", "year"))
    wishes = Preferences("Big", Effort.LOW, 0.3)
    used = used_prompt(
        SavedPrompt("p", Prompt("T", "t", "x", preferences=wishes, output=output), 4), "Be brief.", ("f",)
    )
    assert (used.prompt_id, used.version, used.model, used.effort, used.temperature) == ("p", 4, "Big", Effort.LOW, 0.3)
    assert used.schema is not None
    assert used.schema["type"] == "array"
    tip = chip_tip(used, ("No such folder.",))
    for words in ("/t, version 4", "Big", "low", "0.3", "JSON", "Be brief.", "No such folder."):
        assert words in tip


def test_a_form_begins_with_what_was_typed_then_the_last_values_then_the_defaults() -> None:
    variables = (
        Variable("a", default="one"),
        Variable("b", default="two"),
        Variable("c", default="three"),
        Variable("d", VariableKind.CHOICE, choices=("x",), default="x"),
        Variable("e", VariableKind.CLIPBOARD),
    )
    last = {"a": "last", "b": "last", "d": "gone", "e": "secret"}
    assert starting(variables, last, {"a": "typed", "b": ""}) == {"a": "typed", "b": "two", "c": "three", "d": "x"}


def test_what_is_missing_is_named() -> None:
    variables = (Variable("first_name"), Variable("words", label="The text"), Variable("tone", required=False))
    assert [one.name for one in missing(variables, {"words": " "})] == ["first_name", "words"]
    assert missing_words(missing(variables, {"words": "x"})) == "First name is still empty."
    assert "The text" in missing_words(missing(variables, {}))
    assert missing_words(()) == ""
    assert given(variables, {"words": "", "tone": "x", "other": "y"}) == {"tone": "x"}
    assert label_of(Variable("_")) == "_"


# In the window ------------------------------------------------------------------------------------------------------------


def with_prompts(*prompts: Prompt) -> Callable[[FakeWorkbench], None]:
    def prepare(workbench: FakeWorkbench) -> None:
        for one in prompts:
            workbench.prompts.save(one)

    return prepare


def typed(opened: OpenWindow, text: str) -> None:
    opened.composer.draft.setFocus()
    QTest.keyClicks(opened.composer.draft, text)


def press(opened: OpenWindow, key: Qt.Key, widget: QWidget | None = None, *, ctrl: bool = False) -> None:
    held = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(widget or opened.composer.draft, key, held)


def desk_of(opened: OpenWindow) -> Desk:
    desk = opened.window.desk
    assert desk is not None
    return desk


def listed(opened: OpenWindow) -> list[str]:
    return [one.name for one in desk_of(opened).prompts.list.places]


def choose(opened: OpenWindow, text: str, name: str) -> None:
    typed(opened, text)
    opened.until(lambda: listed(opened)[:1] == [name])
    press(opened, Qt.Key.Key_Return)


def form_of(opened: OpenWindow) -> PromptForm:
    opened.until(lambda: desk_of(opened).prompts.form is not None)
    form = desk_of(opened).prompts.form
    assert form is not None
    return form


def test_a_prompt_without_variables_goes_in_at_once_and_is_sent_with_its_system_part(make_window: MakeWindow) -> None:
    backend = ScriptedBackend("Good morning!")
    opened = make_window(backend, with_prompts(Prompt("Greeting", "greeting", "Say good morning.", system="Be kind.")))
    choose(opened, "/greet", "Greeting")
    opened.until(lambda: opened.composer.text() == "Say good morning.")
    assert opened.composer.prompt_chip.isVisible()
    assert "Greeting" in opened.composer.prompt_chip.accessibleName()
    press(opened, Qt.Key.Key_Return)
    opened.until(lambda: opened.texts[-1:] == ["Good morning!"])
    assert backend.requests[0].messages == (system("Be kind."), user("Say good morning."))
    assert not opened.composer.prompt_chip.isVisible()
    opened.until(lambda: opened.workbench.prompts.get("greeting").uses == 1)


def test_the_form_asks_for_what_is_missing_and_enter_sends(make_window: MakeWindow) -> None:
    backend = ScriptedBackend("Bore da.")
    opened = make_window(backend, with_prompts(TRANSLATE))
    choose(opened, "/tr", "Translate")
    form = form_of(opened)
    words = form.fields[1]
    assert isinstance(words, LongField)
    opened.until(words.entry.hasFocus)
    press(opened, Qt.Key.Key_Return, words.entry)
    assert words.problem
    assert not backend.requests
    QTest.keyClicks(words.entry, "Good morning")
    assert not words.problem
    opened.until(lambda: "Good morning" in form.preview.toPlainText())
    opened.until(lambda: "tokens" in form.preview_button.text())
    press(opened, Qt.Key.Key_Return, words.entry)
    opened.until(lambda: opened.texts[-1:] == ["Bore da."])
    request = backend.requests[0]
    assert request.messages == (system("You translate."), user("Into Welsh:\n\nGood morning"))
    assert request.sampling.temperature == 0.1
    assert desk_of(opened).prompts.form is None
    prompts = opened.workbench.prompts
    opened.until(lambda: prompts.last_values(prompts.get("translate").id).get("words") == "Good morning")
    choose(opened, "/tr", "Translate")
    assert form_of(opened).values["words"] == "Good morning"


def test_ctrl_enter_inserts_to_be_edited_and_what_stood_there_stays(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("Bore da."), with_prompts(TRANSLATE))
    choose(opened, "Listen. /tr", "Translate")
    form = form_of(opened)
    QTest.keyClicks(form.fields[1].entry, "Hello")
    press(opened, Qt.Key.Key_Return, form.fields[1].entry, ctrl=True)
    opened.until(lambda: opened.composer.text() == "Listen. Into Welsh:\n\nHello")
    assert opened.composer.prompt is not None
    assert not opened.workbench.chat.list()


def test_escape_leaves_the_form_and_what_was_typed_is_there_the_next_time(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend(), with_prompts(TRANSLATE))
    choose(opened, "Draft /tr", "Translate")
    form = form_of(opened)
    QTest.keyClicks(form.fields[1].entry, "Half a")
    press(opened, Qt.Key.Key_Escape, form.fields[1].entry)
    assert desk_of(opened).prompts.form is None
    assert opened.composer.text() == "Draft"
    assert opened.composer.draft.hasFocus()
    choose(opened, "/tr", "Translate")
    assert form_of(opened).values["words"] == "Half a"


def test_a_path_and_an_escaped_slash_are_sent_as_they_are(make_window: MakeWindow) -> None:
    backend = ScriptedBackend("Yes.")
    opened = make_window(backend, with_prompts(GREETING))
    typed(opened, "/home/ada is full")
    press(opened, Qt.Key.Key_Return)
    opened.until(lambda: opened.texts[:1] == ["/home/ada is full"] and opened.idle())
    typed(opened, "/gr")
    opened.until(lambda: listed(opened) == ["Greeting"])
    press(opened, Qt.Key.Key_Escape)
    assert not listed(opened)
    press(opened, Qt.Key.Key_Return)
    opened.until(lambda: opened.texts[2:3] == ["/gr"])


def test_the_chip_can_be_taken_out_and_the_words_stay(make_window: MakeWindow) -> None:
    backend = ScriptedBackend("Yes.")
    opened = make_window(backend, with_prompts(Prompt("Greeting", "greeting", "Say it.", system="Be kind.")))
    choose(opened, "/gr", "Greeting")
    opened.until(lambda: opened.composer.prompt is not None)
    press(opened, Qt.Key.Key_Delete, opened.composer.prompt_chip.remove_button)
    assert opened.composer.prompt is None
    assert opened.composer.text() == "Say it."
    press(opened, Qt.Key.Key_Return)
    opened.until(lambda: len(backend.requests) == 1)
    assert backend.requests[0].messages == (user("Say it."),)


def test_the_chip_stays_with_its_chat(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("Yes."), with_prompts(GREETING))
    opened.send("First")
    opened.until(lambda: len(opened.texts) == 2 and opened.idle())
    choose(opened, "/gr", "Greeting")
    opened.until(lambda: opened.composer.prompt is not None)
    first = desk_of(opened).chat.state.conversation_id
    assert first is not None
    desk_of(opened).new_chat()
    assert opened.composer.prompt is None
    desk_of(opened).open_chat(first)
    opened.until(lambda: opened.composer.prompt is not None)
    assert opened.composer.text() == "Say good morning."


def test_a_question_that_waits_keeps_its_prompt(make_window: MakeWindow) -> None:
    first = gate()
    backend = ScriptedBackend([first, TextDelta("Done.")], "Hello!")
    opened = make_window(backend, with_prompts(Prompt("Greeting", "greeting", "Say it.", system="Be kind.")))
    opened.send("Wait")
    opened.until(first.reached.is_set)
    choose(opened, "/gr", "Greeting")
    opened.until(lambda: opened.composer.prompt is not None)
    press(opened, Qt.Key.Key_Return)
    assert opened.composer.prompt is None
    first.opened.set()
    opened.until(lambda: len(backend.requests) == 2)
    assert backend.requests[1].messages[-1] == user("Be kind.\n\nSay it.")


def test_editing_a_question_brings_its_prompt_back(make_window: MakeWindow) -> None:
    backend = ScriptedBackend("Yes.")
    opened = make_window(backend, with_prompts(Prompt("Greeting", "greeting", "Say it.", system="Be kind.")))
    choose(opened, "/gr", "Greeting")
    opened.until(lambda: opened.composer.prompt is not None)
    press(opened, Qt.Key.Key_Return)
    opened.until(lambda: len(opened.texts) == 2 and opened.idle())
    desk_of(opened).edit_last()
    assert opened.composer.prompt is not None
    press(opened, Qt.Key.Key_Return)
    opened.until(lambda: len(backend.requests) == 2)
    assert backend.requests[1].messages == backend.requests[0].messages


def test_a_wish_that_cannot_be_had_is_told_on_the_chip(make_window: MakeWindow) -> None:
    wishes = Prompt("Greeting", "greeting", "Say it.", folders=("Papers",), preferences=Preferences("gpt-9"))
    opened = make_window(ScriptedBackend("Yes."), with_prompts(wishes))
    choose(opened, "/gr", "Greeting")
    opened.until(lambda: opened.composer.prompt is not None)
    told = opened.composer.prompt_chip.accessibleDescription()
    assert "Papers is not attached" in told
    assert "gpt-9 is not here" in told


def test_the_clipboard_is_shown_and_sent(make_window: MakeWindow) -> None:
    backend = ScriptedBackend("Yes.")
    prompt = Prompt("Explain", "explain", "Explain: {{ it }}", variables=(Variable("it", VariableKind.CLIPBOARD),))
    opened = make_window(backend, with_prompts(prompt))
    QGuiApplication.clipboard().setText("two words")
    choose(opened, "/ex", "Explain")
    form = form_of(opened)
    assert isinstance(form.fields[0], ClipboardField)
    QGuiApplication.clipboard().setText("three words now")
    press(opened, Qt.Key.Key_Return, form.send_button)
    opened.until(lambda: len(backend.requests) == 1)
    assert backend.requests[0].messages == (user("Explain: three words now"),)
    opened.until(lambda: opened.workbench.prompts.get("explain").uses == 1)
    assert dict(opened.workbench.prompts.last_values(opened.workbench.prompts.get("explain").id)) == {}


def test_a_wrong_value_is_told_and_nothing_is_sent(make_window: MakeWindow) -> None:
    prompt = Prompt("Count", "count", "To {{ n }}", variables=(Variable("n", VariableKind.NUMBER),))
    opened = make_window(ScriptedBackend(), with_prompts(prompt))
    choose(opened, "/co", "Count")
    form = form_of(opened)
    QTest.keyClicks(form.fields[0].entry, "many")
    opened.until(lambda: "no number" in form.problem)
    press(opened, Qt.Key.Key_Return, form.fields[0].entry)
    opened.until(lambda: form.send_button.isEnabled())
    assert desk_of(opened).prompts.form is form
    assert not opened.workbench.chat.list()


def test_a_prompt_with_steps_is_run_elsewhere(make_window: MakeWindow) -> None:
    prompt = Prompt("Line", "line", steps=(Step("one", "Say a word."), Step("two", "{{ steps.one }} again")))
    opened = make_window(ScriptedBackend(), with_prompts(prompt))
    asked: list[str] = []
    desk_of(opened).prompts.run_asked.connect(asked.append)
    choose(opened, "/li", "Line")
    opened.until(lambda: len(asked) == 1)
    assert opened.composer.prompt is None


def test_a_message_can_be_saved_as_a_prompt(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend())
    asked: list[Prompt] = []
    desk_of(opened).prompts.save_asked.connect(asked.append)
    desk_of(opened).prompts.save(
        "\nWrite a poem about the sea.\nMake it rhyme.\n", UsedPrompt("p", "p", "P", system="S")
    )
    assert asked == [Prompt("Write a poem about the sea.", "", "Write a poem about the sea.\nMake it rhyme.", "S")]
    desk_of(opened).prompts.save(" ")
    assert len(asked) == 1


def test_a_prompt_is_found_among_the_commands(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("Yes."), with_prompts(GREETING, TRANSLATE))
    opened.window.actions_["commands"].trigger()
    (dialog,) = opened.window.findChildren(CommandList)
    QTest.keyClicks(dialog.field, "/greet")
    opened.until(lambda: dialog.list.count() > 0 and dialog.list.item(0).text() == "Greeting")
    press(opened, Qt.Key.Key_Return, dialog.field)
    opened.until(lambda: opened.composer.text() == "Say good morning.")


def test_the_details_of_an_answer_name_the_prompt(make_window: MakeWindow) -> None:
    prompt = Prompt("Greeting", "greeting", "Say it.", system="Be kind.", preferences=Preferences(temperature=0.5))
    opened = make_window(ScriptedBackend("Yes."), with_prompts(prompt))
    choose(opened, "/gr", "Greeting")
    opened.until(lambda: opened.composer.prompt is not None)
    press(opened, Qt.Key.Key_Return)
    opened.until(lambda: len(opened.texts) == 2 and opened.idle())
    nodes = desk_of(opened).chat.state.nodes
    told = as_text(details(nodes[-1], nodes))
    for words in ("Greeting (/greeting), version 1", "0.5", "Be kind."):
        assert words in told


def test_a_question_of_the_transcript_can_be_saved_as_a_prompt(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("Yes."))
    opened.send("Write a poem.")
    opened.until(lambda: len(opened.texts) == 2 and opened.idle())
    asked: list[Prompt] = []
    desk_of(opened).prompts.save_asked.disconnect()
    desk_of(opened).prompts.save_asked.connect(asked.append)
    desk_of(opened).act_on(desk_of(opened).chat.state.nodes[0].id, "save_prompt")
    assert [one.text for one in asked] == ["Write a poem."]


def test_a_prompt_of_the_quick_entry_is_filled_in_in_a_new_chat(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("Yes."), with_prompts(TRANSLATE))
    opened.send("First")
    opened.until(lambda: len(opened.texts) == 2 and opened.idle())
    found: list[tuple[PromptOffer, ...]] = []
    desk_of(opened).prompts.find("tra", found.append)
    opened.until(lambda: bool(found))
    opened.window.use_prompt_in_new_chat(found[0][0].prompt_id, "Please.")
    form = form_of(opened)
    QTest.keyClicks(form.fields[1].entry, "Hello")
    press(opened, Qt.Key.Key_Return, form.fields[1].entry, ctrl=True)
    opened.until(lambda: opened.composer.text() == "Please.\n\nInto Welsh:\n\nHello")
    assert desk_of(opened).chat.state.conversation_id is None


def test_enter_pressed_before_the_list_has_followed_takes_what_was_typed(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("Yes."), with_prompts(GREETING, TRANSLATE))
    typed(opened, "/")
    opened.until(lambda: len(listed(opened)) == 2)
    first = listed(opened)[0]
    other = "Translate" if first == "Greeting" else "Greeting"
    typed(opened, other[:3].lower())  # the list still shows what "/" alone finds
    press(opened, Qt.Key.Key_Return)
    if other == "Translate":
        assert form_of(opened).saved.prompt.title == "Translate"
    else:
        opened.until(lambda: opened.composer.text() == "Say good morning.")


def test_the_library_is_read_before_anybody_types(make_window: MakeWindow) -> None:
    """The first "/" after the start is as quick as the others."""
    asked: list[str] = []

    def listen(workbench: FakeWorkbench) -> None:
        find = workbench.prompts.find

        def noted(words: str, tags: Sequence[str] = (), limit: int = 50) -> tuple[SavedPrompt, ...]:
            asked.append(words)
            return find(words, tags, limit)

        workbench.prompts.find = noted  # type: ignore[method-assign]

    opened = make_window(ScriptedBackend(), listen)
    opened.until(lambda: bool(asked))
    assert asked[0], "empty words need no index, so none would be made"
    assert not listed(opened)


def test_the_form_is_as_tall_as_its_fields_where_there_is_room(make_window: MakeWindow) -> None:
    asked = Variable("words", VariableKind.LONG_TEXT, help="All of it, in any language and as long as it needs to be.")
    other = Variable("language_wanted", help="Such as Welsh, Irish or Breton.")
    opened = make_window(ScriptedBackend(), with_prompts(Prompt("Both", "both", "x", variables=(asked, other))))
    opened.window.resize(1200, 900)
    choose(opened, "/both", "Both")
    form = form_of(opened)
    area = form.findChildren(QScrollArea)[0]
    opened.until(lambda: area.height() > 100 and area.verticalScrollBar().maximum() == 0)
    QTest.keyClicks(form.fields[0].entry, "line")
    for _line in range(3):
        press_with_shift(form.fields[0].entry)
    opened.until(lambda: area.verticalScrollBar().maximum() == 0)


def press_with_shift(entry: QWidget) -> None:
    QTest.keyClick(entry, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
