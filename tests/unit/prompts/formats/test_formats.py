"""Other programs' prompts: read as their files are, written so that nothing is lost that the format can hold."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.prompts.files.made import TRICKY, prompts, texts
from workbench.errors import UsageError
from workbench.prompts.files.markdown import title_of
from workbench.prompts.filling.parsing import Kind, parse
from workbench.prompts.formats import claude, llm, lmstudio, openwebui, ours, prompts_chat
from workbench.prompts.formats.exchanged import Earlier, NotThisFormat, literal
from workbench.prompts.formats.registry import FORMATS, guessed, named, read
from workbench.prompts.names import slug
from workbench.prompts.prompt import (
    Origin,
    Output,
    OutputKind,
    Preferences,
    Prompt,
    SavedPrompt,
    Step,
    Variable,
    VariableKind,
    Version,
)

OPEN_WEBUI = json.dumps(
    [
        {
            "id": "5b1e0c1e", "command": "/summarise_article", "user_id": "u1", "title": "Summarise an article",
            "content": (
                'On {{CURRENT_DATE}} ({{CURRENT_WEEKDAY}}), for {{USER_NAME}}, in {{ lang | text:default="German" }}:\n'
                '{{article | textarea:placeholder="Paste it: all of it, \\"whole\\"":required}}\n'
                '{{length | select:options=["Short (3: bullets)","Long"]:default="Short (3: bullets)":required}}\n'
                '{{count | number:min=1:max=9:default=5}} {{quotes | checkbox:label="Quotes?":default=true}}\n'
                "{{mail | email}} {{article}} {{CLIPBOARD}} {{USER_LOCATION}} {{MESSAGES:END:2}} {not one} {{"
            ),
            "timestamp": 1760000000, "access_control": None,
        },
        {"command": "plain", "name": "Plain", "content": "No variables, {% if %} {# only #} braces.", "tags": ["a", "b"]},
        {"command": "empty", "title": "Empty", "content": " "},
    ]
)  # fmt: skip
CSV = (
    '"act","prompt","for_devs","type","contributor"\r\n'
    '"Travel Guide","I am in ${Place:Rome}. Suggest ""three"" places near ${Place}, by ${transport}.\r\nCosts in $.",'
    '"FALSE","TEXT","someone"\r\n'
    '"","no name","FALSE","TEXT",""\r\n'
)
CLAUDE = """---
allowed-tools: Bash(git add:*), Bash(git status:*)
argument-hint: [pr-number] [priority]
description: Review a pull request: carefully
model: sonnet
---

Review #$1 with priority $2; it costs $100 and ${HOME}.
Status: !`git status` and @src/main.py
"""
LLM = """system: You speak like $voice, for $$5
prompt: >
    Summarise the following text.

    Text: ${input} ($ alone)
model: gpt-4o
defaults:
  voice: GlaDOS
options:
  temperature: 1.8
  top_p: 0.5
schema_object:
  type: object
  properties:
    name: {type: string}
functions: |
  import os
  os.system("true")
"""
PRESET = json.dumps(
    {
        "identifier": "@local:pirate", "name": "Pirate", "changed": False,
        "operation": {"fields": [
            {"key": "llm.prediction.systemPrompt", "value": "Talk like a pirate. {{ not ours }}"},
            {"key": "llm.prediction.temperature", "value": 0.7},
            {"key": "llm.prediction.repeatPenalty", "value": {"checked": True, "value": 1.1}},
            {"key": "llm.prediction.structured", "value": {"type": "json", "jsonSchema": {"type": "object"}}},
        ]},
        "load": {"fields": []},
    }
)  # fmt: skip


def said(prompt: Prompt) -> str:
    """The text as it comes out, with its variables by name."""
    pieces = parse(prompt.text or prompt.system).segments
    whole = prompt.text or prompt.system
    return "".join(
        whole[one.start : one.end]
        if one.kind is Kind.TEXT
        else f"<{one.says}>"
        if one.kind is Kind.VARIABLE
        else one.says
        for one in pieces
    )


# Files as other programs write them -----------------------------------------------------------------------------------


def test_open_webui() -> None:
    found = openwebui.read(OPEN_WEBUI.encode(), "prompts-export.json")
    first, plain = (brought.prompt for brought in found.prompts)
    assert (first.title, first.name) == ("Summarise an article", "summarise_article")
    assert first.variables == (
        Variable("lang", default="German", required=False),
        Variable("article", VariableKind.LONG_TEXT, help='Paste it: all of it, "whole"'),
        Variable("length", VariableKind.CHOICE, default="Short (3: bullets)", choices=("Short (3: bullets)", "Long")),
        Variable("count", VariableKind.NUMBER, default="5", required=False),
        Variable("quotes", VariableKind.CHOICE, "Quotes?", default="true", required=False, choices=("true", "false")),
        Variable("mail", required=False),
        Variable("USER_LOCATION", required=False),
    )
    assert said(first) == (
        "On <date> (<weekday>), for <user_name>, in <lang>:\n<article>\n<length>\n<count> <quotes>\n"
        "<mail> <article> <clipboard> <USER_LOCATION> {{MESSAGES:END:2}} {not one} {{"
    )
    assert (plain.name, plain.tags, said(plain)) == ("plain", ("a", "b"), "No variables, {% if %} {# only #} braces.")
    assert [left.why for left in found.skipped] == [
        "the field “count” loses min, max",
        "the field “quotes” (checkbox) is a plain one here",
        "the field “mail” (email) is a plain one here",
        "{{USER_LOCATION}} is asked for: it is not known here",
        "{{MESSAGES:END:2}} means nothing here and stays as it is",
        "it has no text",
    ]


def test_prompts_chat() -> None:
    found = prompts_chat.read(CSV.encode(), "prompts.csv")
    [brought] = found.prompts
    assert said(brought.prompt) == 'I am in <Place>. Suggest "three" places near <Place>, by <transport>.\nCosts in $.'
    assert brought.prompt.variables == (Variable("Place", default="Rome", required=False), Variable("transport"))
    assert [left.why for left in found.skipped] == ["it has no name or no text"]
    [row] = csv.DictReader(io.StringIO(prompts_chat.write([brought.prompt]).files[0][1].decode()))
    assert row == next(csv.DictReader(io.StringIO(CSV.replace("\r\n", "\n").replace("near ${Place}", "near ${Place}"))))


def test_claude_commands() -> None:
    found = claude.read(CLAUDE.encode(), ".claude/commands/git/review-pr.md")
    [brought] = found.prompts
    prompt = brought.prompt
    assert (prompt.title, prompt.name, prompt.tags) == ("Review pr", "review-pr", ("git",))
    assert prompt.notes == "Review a pull request: carefully"
    assert prompt.variables == (
        Variable("argument_1", label="pr-number", required=False),
        Variable("argument_2", label="priority", required=False),
    )
    assert said(prompt).startswith("Review #<argument_1> with priority <argument_2>; it costs $100 and ${HOME}.")
    assert prompt.extra == {
        "claude": {
            "allowed-tools": "Bash(git add:*), Bash(git status:*)",
            "argument-hint": "[pr-number] [priority]",
            "model": "sonnet",
        }
    }
    assert len(found.skipped) == 2  # what runs in a shell, and files
    [(path, written)] = claude.write([prompt]).files
    assert path == "git/review-pr.md"
    assert claude.read(written, f".claude/commands/{path}").prompts[0].prompt == prompt


def test_templates_of_llm() -> None:
    found = llm.read(LLM.encode(), "in-a-voice.yaml")
    [brought] = found.prompts
    prompt = brought.prompt
    assert (prompt.title, prompt.name) == ("In a voice", "in-a-voice")
    assert prompt.text == "Summarise the following text.\nText: {{ input }} ($ alone)\n"
    assert prompt.system == "You speak like {{ voice }}, for $5"
    assert {one.name: (one.default, one.required) for one in prompt.variables} == {
        "voice": ("GlaDOS", False),
        "input": ("", True),
    }
    assert prompt.preferences == Preferences("gpt-4o", None, 1.8)
    assert prompt.output.schema == {"type": "object", "properties": {"name": {"type": "string"}}}
    assert set(prompt.extra["llm"]) == {"functions", "options"}
    assert [left.why for left in found.skipped] == ["functions, options: kept for llm, without meaning here"]
    [(path, written)] = llm.write([prompt]).files
    assert llm.read(written, path).prompts[0].prompt == prompt


def test_llm_takes_what_is_written_for_it() -> None:
    """Its own class reads what we write."""
    from llm.templates import Template

    from workbench.prompts.files.yaml_reading import read_yaml, value_of

    prompt = Prompt(
        "Cost", "cost", "For {{ input }} in $: {{ place }}", "Be brief.", (Variable("place", default="Rome"),)
    )
    [(_path, written)] = llm.write([prompt]).files
    told: Mapping[str, Any] = value_of(read_yaml(written.decode()))
    made: Any = Template
    assert made(name="x", **told).evaluate("bread") == ("For bread in $: Rome", "Be brief.")


def test_short_templates_of_llm() -> None:
    [brought] = llm.read(b"'Summarise: $input'", "s.yaml").prompts
    assert brought.prompt.text == "Summarise: {{ input }}"
    [brought] = llm.read(b"system: Summarise this", "s.yaml").prompts
    assert (brought.prompt.text, brought.prompt.system) == ("{{ input }}", "Summarise this")
    assert llm.write([brought.prompt]).files[0][1] == b"system: Summarise this\n"


def test_presets_of_lm_studio() -> None:
    [brought] = lmstudio.read(PRESET.encode(), "pirate.preset.json").prompts
    assert said(brought.prompt) == "Talk like a pirate. {{ not ours }}"
    assert brought.prompt.preferences.temperature == 0.7
    assert brought.prompt.output == Output(OutputKind.SCHEMA, {"type": "object"})
    [(path, written)] = lmstudio.write([brought.prompt]).files
    assert lmstudio.read(written, path).prompts[0].prompt == brought.prompt
    assert {one["key"]: one["value"] for one in json.loads(written)["operation"]["fields"]} == {
        one["key"]: one["value"] for one in json.loads(PRESET)["operation"]["fields"]
    }
    old = json.dumps({"name": "Old", "inference_params": {"pre_prompt": "Be kind.", "temp": 0.5}})
    assert lmstudio.read(old.encode(), "old.json").prompts[0].prompt.system == "Be kind."


def test_our_document_with_all_versions() -> None:
    now, before = Prompt("One", "one", "New."), Prompt("One", "one", "Old.")
    saved = SavedPrompt("3f2a", now, 2, favourite=True)
    versions = [Version(2, 2.0, Origin.WRITTEN, "brief", now), Version(1, 1.0, Origin.IMPORTED, "first", before)]
    [(name, written)] = ours.write_json([(saved, versions)]).files
    [brought] = ours.read_json(written, name).prompts
    assert (brought.prompt, brought.earlier, brought.favourite) == (now, (Earlier(before, "first", 1.0),), True)
    assert (brought.note, brought.saved_at) == ("brief", 2.0)
    newer = written.replace(b'"version": 1', b'"version": 2', 1)
    with pytest.raises(NotThisFormat, match="newer Workbench"):
        ours.read_json(newer, name)
    broken = ours.read_json(written.replace(b'"prompt"', b'"promt"'), name)
    assert (broken.prompts, len(broken.skipped)) == ((), 1)


@pytest.mark.parametrize("wrong", [b'"2026-01-01"', b"true", b"-5", b"1e999", b"NaN", b"1700000000000", b"null", b"[]"])
def test_a_time_that_is_none_is_left_out(wrong: bytes) -> None:
    one = Prompt("One", "one", "New.")
    [(name, written)] = ours.write_json([(SavedPrompt("3f2a", one), [Version(1, 7.0, Origin.WRITTEN, "", one)])]).files
    [brought] = ours.read_json(written.replace(b'"saved_at": 7.0', b'"saved_at": ' + wrong), name).prompts
    assert brought.saved_at is None


@pytest.mark.parametrize(
    ("name", "text", "format_name"),
    [
        ("export.json", OPEN_WEBUI, "openwebui"),
        ("prompts.csv", CSV, "prompts.chat"),
        (".claude/commands/git/review-pr.md", CLAUDE, "claude"),
        ("commands/plain.md", "Do it.", "claude"),
        ("in-a-voice.yaml", LLM, "llm"),
        ("pirate.preset.json", PRESET, "lmstudio"),
        ("one.md", "---\ntitle: One\n---\nText $1.", "markdown"),
        ("one.md", "Text.", "markdown"),
        ("one.txt", "Text.", "text"),
        ("all.json", '{"format": "workbench-prompts"}', "json"),
    ],
)
def test_formats_are_recognised(name: str, text: str, format_name: str) -> None:
    assert guessed(text.encode(), name) == format_name


def test_what_is_no_format_is_refused() -> None:
    for name, content in (("x.json", b"[]"), ("x.bin", b"\x00"), ("x.csv", b"a,b\n"), ("x.txt", b"")):
        with pytest.raises(NotThisFormat):
            guessed(content, name)
    with pytest.raises(UsageError, match="There is no format 'x'"):
        named("x")


@settings(max_examples=30, deadline=None)
@given(content=st.binary(max_size=60) | texts.map(str.encode), form=st.sampled_from(sorted(FORMATS)))
def test_any_file_is_read_or_refused(content: bytes, form: str) -> None:
    try:
        found = read(form, content, "x.md")
    except UsageError:
        return
    assert all(isinstance(brought.prompt, Prompt) for brought in found.prompts)


@pytest.mark.parametrize(
    "damage", [b"{" * 50_000, b"[" * 50_000, b'{"a":' * 20_000, b"a: &x [*x]", b'"act","prompt"\n"a,b']
)
def test_files_made_to_hurt_are_refused(damage: bytes) -> None:
    for form in ("json", "openwebui", "lmstudio", "prompts.chat", "llm"):
        with pytest.raises(NotThisFormat):
            read(form, damage, "x")


# Round trips ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", [*TRICKY, "{{{ a }}}", "{{ '{{' }} x", "{ {{ b }} }", "a {", '{"a": {"b": 1}}', "{%raw%}"]
)
def test_words_stay_words(text: str) -> None:
    assert said(Prompt("x", "x", literal(text))) == text


names = st.sampled_from(["topic", "place", "how_many", "Ort"])
plain_words = st.text(st.characters(codec="utf-8", exclude_characters="\r", exclude_categories=["Cs"]), max_size=20)
choices = st.lists(plain_words.filter(bool), min_size=1, max_size=3).map(tuple)
typed = st.one_of(
    st.builds(Variable, names, st.just(VariableKind.TEXT), texts, texts, texts, st.booleans()),
    st.builds(Variable, names, st.just(VariableKind.CHOICE), texts, texts, texts, st.booleans(), choices),
    st.builds(Variable, names, st.sampled_from([VariableKind.NUMBER, VariableKind.DATE, VariableKind.LONG_TEXT])),
)
untyped = st.builds(lambda name, default: Variable(name, default=default, required=not default), names, plain_words)


def built(variables: list[Variable], words: list[str]) -> tuple[str, tuple[Variable, ...]]:
    """A text that uses each of these variables, in this order, between these words."""
    known = {one.name: one for one in reversed(variables)}
    pieces = [literal(words[0])] if words else []
    for at, name in enumerate(dict.fromkeys(one.name for one in variables)):
        pieces += [f"{{{{ {name} }}}}", literal(words[(at + 1) % len(words)]) if words else " "]
    text = "".join(pieces)
    return text, tuple(known[name] for name in dict.fromkeys(one.name for one in variables))


@settings(max_examples=50, deadline=None)
@given(st.lists(typed, max_size=3), st.lists(plain_words, max_size=3), st.lists(plain_words, max_size=2))
def test_open_webui_keeps_what_it_can_hold(variables: list[Variable], words: list[str], tags: list[str]) -> None:
    text, used = built(variables, words)
    prompt = Prompt("A title", "a-name", text, variables=used, tags=tuple(tags))
    exported = openwebui.write([prompt])
    [brought] = openwebui.read(exported.files[0][1], "x.json").prompts or [None]
    if brought is None:
        assert not text.strip()
    elif not exported.lost:
        assert said(brought.prompt) == said(prompt)
        assert brought.prompt.variables == prompt.variables
        assert (brought.prompt.title, brought.prompt.name, brought.prompt.tags) == ("A title", "a-name", prompt.tags)


@settings(max_examples=50, deadline=None)
@given(st.lists(untyped, max_size=3), st.lists(plain_words, max_size=3))
def test_prompts_chat_and_llm_keep_what_they_can_hold(variables: list[Variable], words: list[str]) -> None:
    text, used = built(variables, words)
    prompt = Prompt("A name", "a-name", text, variables=used)
    for form, file in (("prompts.chat", "prompts.csv"), ("llm", "a-name.yaml")):
        write = named(form).write
        assert write is not None
        exported = write([prompt])
        if not text.strip() or exported.lost:
            continue
        [brought] = read(form, exported.files[0][1], file).prompts
        assert said(brought.prompt) == said(prompt)
        assert brought.prompt.variables == prompt.variables


@settings(max_examples=20, deadline=None)
@given(prompt=prompts)
def test_our_formats_keep_everything(prompt: Prompt) -> None:
    [(path, written)] = ours.write_files([prompt]).files
    assert read("markdown", written, path).prompts[0].prompt == prompt
    saved = SavedPrompt("1", prompt)
    [(path, written)] = ours.write_json([(saved, [Version(1, 0.0, Origin.WRITTEN, "", prompt)])]).files
    assert read("json", written, path).prompts[0].prompt == prompt


@settings(max_examples=30, deadline=None)
@given(prompt=prompts, form=st.sampled_from([name for name, one in FORMATS.items() if one.write]))
def test_whatever_is_written_is_read_again_or_told(prompt: Prompt, form: str) -> None:
    write = named(form).write
    assert write is not None
    prompt = replace(prompt, title=title_of("a title"), name=slug("a-title"))
    exported = write([prompt])
    for path, content in exported.files:
        try:
            found = read(form, content, path)
        except NotThisFormat:
            assert not prompt.text.strip() or not prompt.system.strip()
            continue
        assert found.prompts or found.skipped or form in ("openwebui", "prompts.chat")
    if prompt.steps and form != "markdown":
        assert any("several steps" in left.why for left in exported.lost)


def test_what_a_format_cannot_hold_is_told() -> None:
    full = Prompt(
        "Full", "full", "{% if a %}{{ a }}{% endif %} ${b}", "System.", (Variable("a", VariableKind.FILE),), ("t",),
        Preferences("m", None, 0.5), ("Papers",), Output(OutputKind.TABLE, None, ("x",)), "Notes.",
    )  # fmt: skip
    steps = Prompt("Steps", "steps", steps=(Step("one", "x"),))
    told = {
        form: [f"{left.what}: {left.why}" for left in one.write([full, steps]).lost]
        for form, one in FORMATS.items()
        if one.write
    }
    assert told["markdown"] == []
    for form in ("openwebui", "prompts.chat", "claude", "llm", "lmstudio", "text"):
        everything = " | ".join(told[form])
        assert "its document folders" in everything
        assert "the table form of its answers" in everything
        assert "Steps: it has several steps" in everything
        assert ("conditions, loops" in everything) == (form not in {"text", "lmstudio"})
    assert "its system part" in " ".join(told["openwebui"])
    assert "its system part" not in " ".join(told["llm"])
    assert "“a” (file) becomes a field for text" in " ".join(told["openwebui"])
    assert "look like a variable of this format" in " ".join(told["prompts.chat"])
