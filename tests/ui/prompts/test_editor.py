"""The editor: versions are made on saving, drafts survive, variables follow the text, both sides of a conflict stay."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from tests.fakes.workbench import FakeWorkbench
from tests.ui.prompts.conftest import PROMPTS, OpenPage, OpenPrompts
from ui.prompts import drafts
from ui.prompts.editor.desk import finished
from ui.prompts.editor.marking import at_unit, units
from ui.prompts.editor.steps import with_one_more, without_steps
from ui.widgets.buttons import Button
from ui.widgets.popover import Popover
from workbench.checks.check import Check, CheckKind
from workbench.prompts.prompt import (
    Output,
    OutputKind,
    Preferences,
    Prompt,
    SavedPrompt,
    Step,
    StepCase,
    Variable,
    VariableKind,
)

MAIL = PROMPTS[0]
CONTROL = Qt.KeyboardModifier.ControlModifier
SCHEMA = Output(OutputKind.SCHEMA, {"type": "object"})


def opened_at(opened: OpenPrompts, name: str) -> SavedPrompt:
    """The editor with this prompt."""
    one = opened.workbench.prompts.get(name)
    opened.desk_.open(one.id)
    opened.until(lambda: opened.prompts.in_editor and opened.desk_.editor.saved is not None)
    return one


def saved(opened: OpenPrompts, name: str, version: int) -> Prompt:
    def there() -> bool:
        return any(one.prompt.name == name and one.version == version for one in opened.workbench.prompts.all())

    opened.until(there)
    return opened.workbench.prompts.get(name).prompt


def test_a_new_prompt_gets_its_name_from_its_title_and_is_saved_by_key(open_prompts: OpenPage) -> None:
    opened = open_prompts(*PROMPTS)
    opened.prompts.library.new.click()
    editor = opened.prompts.editor
    QTest.keyClicks(editor.head.title, "Über uns!")
    assert editor.head.name.text() == "über-uns"
    QTest.keyClicks(editor.text, "Tell {{ what }}.")
    opened.until(lambda: list(editor.variables.fields) == ["what"])
    opened.window.activateWindow()
    editor.text.setFocus()
    QTest.keyClick(editor.text, Qt.Key.Key_S, CONTROL)
    assert saved(opened, "über-uns", 1).text == "Tell {{ what }}."
    opened.until(lambda: editor.status.text() == "Version 1")


def test_leaving_makes_a_version(open_prompts: OpenPage) -> None:
    opened = open_prompts(*PROMPTS)
    opened_at(opened, "reply")
    opened.prompts.editor.text.appendPlainText("Be kind.")
    opened.window.acts.stop()
    assert saved(opened, "reply", 2).text.endswith("Be kind.")
    opened.until(lambda: not opened.prompts.in_editor)


def test_without_a_title_its_first_words_are_one() -> None:
    made = finished(
        Prompt("", "", "Write a poem about rain in the mountains, in the manner of the old ones, please.\nShort.")
    )
    assert made.title == "Write a poem about rain in the mountains, in the manner of…"
    assert made.name.startswith("write-a-poem-about-rain")


def test_leaving_what_says_nothing_leaves_nothing(open_prompts: OpenPage) -> None:
    opened = open_prompts(*PROMPTS)
    opened.prompts.library.new.click()
    opened.window.acts.stop()
    opened.until(lambda: not opened.prompts.in_editor)
    assert len(opened.workbench.prompts.all()) == len(PROMPTS)


def test_a_title_alone_stays_a_draft_and_comes_back(open_prompts: OpenPage) -> None:
    opened = open_prompts(*PROMPTS)
    opened.prompts.library.new.click()
    QTest.keyClicks(opened.prompts.editor.head.title, "Later")
    opened.window.acts.stop()
    opened.until(lambda: not opened.prompts.in_editor)
    opened.prompts.library.new.click()
    assert opened.prompts.editor.head.title.text() == "Later"


def test_what_is_typed_is_on_the_disk_before_it_is_a_version(open_prompts: OpenPage) -> None:
    opened = open_prompts(*PROMPTS)
    one = opened_at(opened, "reply")
    opened.prompts.editor.text.setPlainText("Half a thou")
    place = drafts.folder(opened.workbench.paths)
    opened.until(lambda: (kept := drafts.load(place).get(one.id)) is not None and kept.prompt.text == "Half a thou")
    assert opened.workbench.prompts.get("reply").version == 1
    opened.prompts.editor.save.click()
    saved(opened, "reply", 2)
    opened.until(lambda: drafts.load(place) == {})


def test_the_draft_of_a_run_that_crashed_comes_back(open_prompts: OpenPage) -> None:
    def crash(workbench) -> None:  # type: ignore[no-untyped-def]
        one = workbench.prompts.get("reply")
        place = drafts.folder(workbench.paths)
        drafts.keep(place, drafts.PromptDraft(one.id, 1, replace(one.prompt, text="Almost")))
        (place / "broken.json").write_text("{", encoding="utf-8")

    opened = open_prompts(*PROMPTS, prepare=crash)
    opened_at(opened, "reply")
    assert opened.prompts.editor.text.text == "Almost"
    assert opened.prompts.editor.status.text() == "Not saved"


def test_a_window_that_closes_keeps_the_last_key(open_prompts: OpenPage) -> None:
    opened = open_prompts(*PROMPTS)
    one = opened_at(opened, "reply")
    opened.prompts.editor.text.setPlainText("The last word")
    opened.window.close()
    assert drafts.load(drafts.folder(opened.workbench.paths))[one.id].prompt.text == "The last word"


def test_somebody_else_changed_it_meanwhile_and_both_are_kept(open_prompts: OpenPage) -> None:
    opened = open_prompts(*PROMPTS)
    one = opened_at(opened, "reply")
    opened.prompts.editor.text.setPlainText("Mine")
    opened.workbench.prompts.save(replace(one.prompt, text="Theirs"), one.id, instead_of=1)
    opened.until(lambda: opened.prompts.editor._notice is not None)
    assert opened.prompts.editor.text.text == "Mine"
    opened.prompts.editor.save.click()
    opened.until(lambda: len(opened.workbench.prompts.all()) == len(PROMPTS) + 1)
    texts = {saved.prompt.text for saved in opened.workbench.prompts.all()}
    assert {"Mine", "Theirs"} <= texts
    opened.until(lambda: "Both are kept." in opened.prompts.editor._notice.accessibleName())  # type: ignore[union-attr]


def test_a_change_elsewhere_is_shown_where_nothing_is_written_here(open_prompts: OpenPage) -> None:
    opened = open_prompts(*PROMPTS)
    one = opened_at(opened, "reply")
    opened.workbench.prompts.save(replace(one.prompt, text="Theirs"), one.id, instead_of=1)
    opened.until(lambda: opened.prompts.editor.text.text == "Theirs")
    assert opened.prompts.editor.status.text() == "Version 2"


def test_what_is_removed_elsewhere_while_it_is_written_stays_here(open_prompts: OpenPage) -> None:
    opened = open_prompts(*PROMPTS)
    one = opened_at(opened, "reply")
    opened.prompts.editor.text.setPlainText("Mine")
    opened.workbench.prompts.remove(one.id)
    opened.until(lambda: opened.prompts.editor._notice is not None)
    opened.prompts.editor.save.click()
    assert saved(opened, "reply", 1).text == "Mine"


def test_all_parts_go_through_the_fields_as_they_are(open_prompts: OpenPage) -> None:
    whole = Prompt(
        "Whole",
        "whole",
        "{{ tone }} {{ day }}",
        "Be {{ tone }}.",
        (
            Variable("tone", VariableKind.CHOICE, "Tone", "How", "dry", required=False, choices=("dry", "warm")),
            Variable("unused", VariableKind.FOLDER_SEARCH, folder="Notes"),
        ),
        ("one", "two words"),
        Preferences("Fake 1B", None, 0.7),
        ("Notes", "Papers"),
        Output(OutputKind.TABLE, None, ("name", "price")),
        "For me",
        extra={"theirs": [1, 2]},
    )
    opened = open_prompts(whole)
    one = opened_at(opened, "whole")
    assert opened.prompts.editor.prompt == one.prompt == whole
    assert not opened.desk_.editor.changed


def test_steps_take_over_what_the_prompt_says_and_give_it_back() -> None:
    made = with_one_more(replace(MAIL, output=SCHEMA))
    assert [step.name for step in made.steps] == ["first", "step_2"]
    assert (made.text, made.steps[0].text, made.steps[0].output) == ("", MAIL.text, SCHEMA)
    assert made.steps[1].text == "{{ steps.first }}"
    assert without_steps(replace(made, steps=made.steps[:1])) == replace(MAIL, output=SCHEMA)


def test_a_step_is_added_moved_and_removed(open_prompts: OpenPage) -> None:
    steps = (Step("a", "{{ x }}"), Step("b", "{{ steps.a }}", output=SCHEMA))
    opened = open_prompts(Prompt("Line", "line", steps=steps))
    opened_at(opened, "line")
    editor = opened.prompts.editor
    editor.steps.fields[1].up.click()
    assert [one.step for one in editor.steps.fields] == [steps[1], steps[0]]
    editor.steps.add.click()
    assert [one.step.name for one in editor.steps.fields] == ["b", "a", "step_3"]
    editor.steps.fields[2].drop.click()
    editor.steps.fields[0].drop.click()
    assert editor.prompt.steps == ()
    assert editor.prompt.text == "{{ x }}"
    assert editor.text.isVisible()


def test_problems_are_listed_and_lead_to_their_place(open_prompts: OpenPage) -> None:
    opened = open_prompts(*PROMPTS)
    opened_at(opened, "reply")
    editor = opened.prompts.editor
    editor.text.setPlainText("😀 Dear {{ name }},\nsome {{ open")
    opened.until(lambda: any("closes" in one.message for one in editor.problems.problems))
    problem = next(one for one in editor.problems.problems if "closes" in one.message)
    editor.problems.chosen.emit(problem)
    assert editor.text.textCursor().selectedText().startswith("{{")
    assert editor.text.extraSelections()


def test_a_step_that_takes_what_no_earlier_one_gives_is_a_problem(open_prompts: OpenPage) -> None:
    facts = Output(OutputKind.SCHEMA, {"type": "object", "properties": {"height": {"type": "number"}}})
    steps = (Step("facts", "{{ x }}", output=facts), Step("tell", "{{ steps.facts.weight }}"))
    opened = open_prompts(Prompt("Line", "line", steps=steps))
    opened_at(opened, "line")
    problems = opened.prompts.editor.problems
    opened.until(lambda: any("weight" in one.message for one in problems.problems))


def test_qt_counts_some_letters_twice() -> None:
    assert (at_unit("a😀b", 2), units("a😀b"), at_unit("abc", 2)) == (3, 4, 2)


def test_variables_stand_out_also_after_the_text_has_changed(open_prompts: OpenPage) -> None:
    opened = open_prompts(*PROMPTS)
    opened_at(opened, "reply")
    edit = opened.prompts.editor.text

    def coloured() -> list[str]:
        block = edit.document().firstBlock()
        return [block.text()[one.start : one.start + one.length] for one in block.layout().formats()]

    assert coloured() == ["{{ tone }}"]
    edit.setPlainText("now {{ other }} and {% if other %}")
    assert "{{ other }}" in coloured()


def test_the_preview_fills_in_what_was_used_last(open_prompts: OpenPage) -> None:
    def used(workbench) -> None:  # type: ignore[no-untyped-def]
        workbench.prompts.used(workbench.prompts.get("reply").id, {"tone": "warm", "mail": "Hello?"})

    opened = open_prompts(*PROMPTS, prepare=used)
    opened_at(opened, "reply")
    opened.until(lambda: opened.prompts.editor.preview.text.toPlainText().startswith("Write a warm reply"))
    shown = opened.prompts.editor.preview.text
    assert "Hello?" in shown.toPlainText()
    assert [one.cursor.selectedText() for one in shown.extraSelections()] == ["warm", "Hello?"]


def test_a_wrong_schema_is_told_and_the_last_right_one_stays(open_prompts: OpenPage) -> None:
    opened = open_prompts(replace(MAIL, output=SCHEMA))
    opened_at(opened, "reply")
    answer = opened.prompts.editor.answer
    answer.schema.setPlainText('{"type": ')
    assert answer.wrong
    assert answer.output == SCHEMA
    answer.schema.setPlainText('{"type": "array"}')
    assert not answer.wrong
    assert answer.output.schema == {"type": "array"}


def test_a_duplicate_opens_and_a_removed_one_comes_back(open_prompts: OpenPage) -> None:
    opened = open_prompts(*PROMPTS)
    one = opened_at(opened, "reply")
    opened.desk_._duplicate(one)
    opened.until(lambda: opened.prompts.editor.head.title.text() == "Reply to mail (copy)")
    opened.window.acts.stop()
    opened.desk_._remove(one)
    opened.until(lambda: opened.titles == ["Explain code", "Reply to mail (copy)", "Summarise"])
    opened.prompts.show_bin_button.click()
    opened.until(lambda: len(opened.prompts.bin._prompts) == 1)
    opened.prompts.bin.returned.emit(opened.prompts.bin._prompts[0])
    opened.until(lambda: opened.prompts.bin._prompts == ())
    assert len(opened.workbench.prompts.all()) == 4


def test_erased_is_asked_about_first(open_prompts: OpenPage) -> None:
    opened = open_prompts(*PROMPTS)
    opened.workbench.prompts.remove(opened.workbench.prompts.get("reply").id)
    opened.prompts.show_bin_button.click()
    opened.until(lambda: len(opened.prompts.bin._prompts) == 1)
    dialog = opened.prompts.bin.ask(opened.prompts.bin._prompts)
    assert opened.workbench.prompts.bin()
    dialog.agree.click()
    opened.until(lambda: opened.workbench.prompts.bin() == ())


def test_a_version_is_compared_and_restored(open_prompts: OpenPage) -> None:
    opened = open_prompts(*PROMPTS)
    one = opened.workbench.prompts.get("reply")
    opened.workbench.prompts.save(replace(one.prompt, text="Something {{ else }}"), one.id, instead_of=1)
    opened_at(opened, "reply")
    opened.prompts.editor.history.click()
    history = opened.prompts.history
    opened.until(lambda: "Something" in history.text.toPlainText() and "Write a" in history.text.toPlainText())
    assert not history.restore.isEnabled()
    history.list.setCurrentIndex(history.list.model().index(1, 0))
    opened.until(lambda: "Something" not in history.text.toPlainText())
    history.restore.click()
    assert saved(opened, "reply", 3).text == MAIL.text
    opened.until(lambda: opened.prompts.in_editor and opened.prompts.editor.text.text == MAIL.text)


def test_its_tests_are_run_and_told_with_how_much_that_tells(open_prompts: OpenPage) -> None:
    cases = (
        StepCase({"mail": "Hi", "tone": "dry"}, Check(CheckKind.CONTAINS, "nice to meet"), "Polite"),
        StepCase({"mail": "Hi", "tone": "dry"}, Check(CheckKind.CONTAINS, "Yours"), "Signed"),
    )
    opened = open_prompts(replace(MAIL, cases=cases))
    opened_at(opened, "reply")
    card = opened.prompts.editor.tests
    assert card.isVisible()
    card.run.click()
    opened.until(lambda: any("1 of 2" in one.text() for one in card.findChildren(QLabel)))
    words = [one.text() for one in card.findChildren(QLabel) if one.text()]
    assert any("%" in one for one in words)
    assert any(one.startswith("Signed: The answer does not contain") for one in words)
    assert card.run.accessibleName() == "Run the tests"


def test_each_step_is_previewed_with_what_is_filled_in(open_prompts: OpenPage) -> None:
    line = Prompt(
        "Line",
        "line",
        variables=(Variable("city", default="Oslo"),),
        steps=(Step("facts", "Facts of {{ city }}."), Step("tell", "Tell {{ city }}: {{ steps.facts }}")),
    )
    opened = open_prompts(line)
    opened_at(opened, "line")
    preview = opened.prompts.editor.preview
    opened.until(lambda: preview.text.toPlainText() == "Facts of Oslo.")
    assert preview.step == "facts"
    preview._choose("tell")
    opened.until(lambda: preview.text.toPlainText() == "Tell Oslo: {{ steps.facts }}")
    assert "earlier steps" in preview.note.text()


def test_document_folders_are_chosen_among_those_that_are_attached(open_prompts: OpenPage, tmp_path: Path) -> None:
    def attach(workbench: FakeWorkbench) -> None:
        for name in ("Contracts", "Letters"):
            (tmp_path / name).mkdir()
            workbench.documents.add(tmp_path / name)

    opened = open_prompts(*PROMPTS, prepare=attach)
    opened_at(opened, "reply")
    field = opened.prompts.editor.folders
    opened.prompts.editor.answer_fold.open()
    field.line.setText("Elsewhere")

    def offered() -> dict[str, Button]:
        popovers = [one for one in opened.window.findChildren(Popover) if one.isVisible()]
        return {one.text().strip(): one for popover in popovers for one in popover.findChildren(Button)}

    field.choose.click()
    opened.until(lambda: "Letters" in offered())
    offered()["Letters"].click()
    assert field.names == ("Elsewhere", "Letters")
    opened.desk_.editor.save()
    assert saved(opened, "reply", 2).folders == ("Elsewhere", "Letters")
