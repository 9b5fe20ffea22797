"""Texts are cut into passages: nothing is lost, nothing is there twice, and what belongs together stays together."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.documents.chunking import wire
from workbench.documents.chunking.chunk import chunks
from workbench.documents.chunking.splitting import CAPACITY
from workbench.documents.collection import Chunk
from workbench.documents.extract.document import Extracted, Section

NAMES = (
    "a.md",
    "a.txt",
    "a.rst",
    "a.py",
    "a.ts",
    "a.json",
    "a.yaml",
    "a.toml",
    "a.csv",
    "a.tsv",
    "a.xml",
    "a.eml",
    "a",
)
TYPES = ("", "text/plain", "text/html", "text/markdown", "application/pdf", "text/csv", "application/json")
PIECES = (
    *(
        "# Title\n",
        "## Under it\n",
        "Title\n=====\n",
        "~~~\nover\n~~~\n",
        "```python\n",
        "```\n",
        "| a | b |\n|---|---|\n",
    ),
    *(
        "| 1 | 2 |\n",
        "\n",
        "\n\n",
        "   ",
        "\t",
        "def f(a):\n",
        "    return 1\n",
        "class A:\n",
        "}\n",
        "func x() {\n",
        "{\n",
    ),
    *(
        '"key": {\n',
        "key:\n",
        "[a.b]\n",
        "- item\n",
        'a,"b\nc",d\n',
        "1;2;3\n",
        "word ",
        "Sentence one. ",
        "语言。",
        "é\u0301",
    ),
    *("👩‍👩‍👧", "\u2028", "\x0c", "\x85", "x" * 1300, "long line " * 150, "---\n", '"', "\u0301" * 20),
)


def cut(text: str, name: str = "a.md", kind: str = "", sections: Sequence[Section] = ()) -> tuple[Chunk, ...]:
    return chunks(Extracted(text, kind, tuple(sections)), name)


def check(text: str, found: Sequence[Chunk]) -> None:
    """What holds for any text."""
    assert [one.ordinal for one in found] == list(range(len(found)))
    covered, last = [], 0
    for one in found:
        assert one.text == text[one.start : one.end]
        assert one.text.strip()
        assert len(one.text) <= CAPACITY
        assert one.start >= last
        covered.append(text[last : one.start])
        last = one.end
    assert not "".join((*covered, text[last:])).strip()


@settings(max_examples=400, deadline=None)
@given(
    text=st.lists(st.sampled_from(PIECES) | st.text(max_size=40), max_size=40).map("".join),
    name=st.sampled_from(NAMES),
    kind=st.sampled_from(TYPES),
    starts=st.lists(st.integers(0, 2000), max_size=4),
)
def test_every_text_is_covered_once(text: str, name: str, kind: str, starts: list[int]) -> None:
    sections = [Section(f"Page {n}", at, n) for n, at in enumerate(sorted(min(at, len(text)) for at in starts), 1)]
    found = cut(text, name, kind, sections)
    check(text, found)
    for one in found:
        before = [section for section in sections if section.start <= one.start]
        assert one.page == (before[-1].page if before else None)
        assert all(not one.start < section.start < one.end for section in sections)
    assert wire.heard(json.loads(json.dumps(wire.said(found))), text) == found


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", "a.md"),
        (" \n\t\n", "a.txt"),
        ("w" * 300_000, "a.txt"),
        ("wörter " * 100_000, "a.md"),
        ("a\n" * 100_000, "a.md"),
        ("a\n\n" * 150_000, "a.py"),
        ("[" * 200_000, "a.json"),
        ("    " * 20_000 + "x\n", "a.py"),
        ('"\n' * 50_000, "a.csv"),
        ("# \n" * 50_000, "a.md"),
        ("f(" * 100_000, "a.c"),
        ("=" * 200_000 + "\n" + "=" * 200_000, "a.rst"),
        ("| " * 100_000, "a.md"),
        ("\u0301" * 10_000, "a.txt"),
    ],
)
def test_strange_texts_survive(text: str, name: str) -> None:
    check(text, cut(text, name))


def test_a_markdown_file_is_cut_at_its_titles() -> None:
    this, that, well = "Do this. " * 40, "Do that. " * 40, "Well. " * 60
    text = f"# Guide\n\nFirst.\n\n## Install\n\n{this}\n\n## Use\n\n{that}\n\n# Notes\n\n{well}\n"
    assert [(one.headings, one.text.split("\n")[0]) for one in cut(text)] == [
        (("Guide", "Install"), "# Guide"),
        (("Guide", "Use"), "## Use"),
        (("Notes",), "# Notes"),
    ]


def test_titles_with_lines_under_them() -> None:
    said = "Words stand here. " * 20
    markdown = cut(f"Guide\n===\n\n{said}\n\nUse\n---\n\n{said}\n")
    assert [one.headings for one in markdown] == [("Guide",), ("Guide", "Use")]
    rst = cut(
        f"=====\nGuide\n=====\n\n{said}\n\nUse\n~~~\n\n{said}\n\nMore\n....\n\n{said}\n\nOwn\n~~~\n\n{said}", "a.rst"
    )
    assert [one.headings for one in rst] == [
        ("Guide",),
        ("Guide", "Use"),
        ("Guide", "Use", "More"),
        ("Guide", "Own"),
    ]
    assert not cut(f"Sum\n-----------\n{said}", "a.pdf", "application/pdf")[0].headings


def test_number_signs_are_no_titles_in_plain_text_and_in_fences() -> None:
    assert not cut("# a comment\nlisten = 80\n", "a.txt")[0].headings
    assert cut("# Title\n\n```sh\n# a comment\n```\n\nText.\n")[0].headings == ("Title",)


def test_a_fenced_block_stays_whole() -> None:
    code = "```python\n" + "\n\n".join(f"x{n} = {n}" for n in range(60)) + "\n```"
    found = cut(f"{'Before it. ' * 60}\n\n{code}\n\n{'After it. ' * 60}")
    (block,) = (one for one in found if "x0 = 0" in one.text)
    assert "x59" in block.text
    (alone,) = cut(code)
    assert alone.kind == "code"


def test_rows_of_a_table_keep_its_header() -> None:
    rows = [f"{n},Name {n},{n * 7}.5" for n in range(200)]
    for name, text in (
        ("a.csv", "\n".join(("id,name,price", *rows))),
        ("a.md", "\n".join(("id | name | price", *(row.replace(",", " | ") for row in rows)))),
    ):
        found = cut(text, name)
        assert len(found) > 2
        assert {one.kind for one in found} == {"table"}
        header = text.split("\n")[0]
        assert [one.context for one in found] == ["", *[header] * (len(found) - 1)]
        assert found[1].searched.startswith(header)
        assert all(line.count("Name") == 1 for one in found[1:] for line in one.text.split("\n"))


def test_cells_with_several_lines_stay_in_their_row() -> None:
    rows = [f'{n},"first line of {n}\nsecond line of {n}"' for n in range(100)]
    for one in cut("\n".join(("id,text", *rows)), "a.csv")[1:]:
        assert one.text[0].isdigit()
        assert one.text.endswith('"')


def test_numbers_are_no_header() -> None:
    assert not any(one.context for one in cut("\n".join(f"{n},{n * n}" for n in range(1000)), "a.csv"))


PYTHON = f'''"""A module."""

import os

# What it stands for.
@decorated
class Account(Base):
    """Money."""

    def deposit(self, amount):
        """Put in."""
{"        self.total += amount  # and so on" * 1}
{chr(10).join(f"        self.log({n}, 'some text that is long enough')" for n in range(12))}

    def withdraw(self, amount):
{chr(10).join(f"        self.check({n}, 'some text that is long enough')" for n in range(12))}

def top(level):
{chr(10).join(f"    print({n}, 'a line of a function that is too long for one passage, far too long')" for n in range(40))}
'''


def test_definitions_stay_whole_and_say_where_they_stand() -> None:
    found = cut(PYTHON, "a.py")
    starts = {one.text.strip().split("\n")[0]: one.context for one in found}
    assert starts["def withdraw(self, amount):"] == "class Account(Base):"
    assert starts["def top(level):"] == ""
    parts = [one for one in found if "a line of a function" in one.text]
    assert [one.context for one in parts] == ["", *["def top(level):"] * (len(parts) - 1)]
    assert len(parts) > 1
    assert {one.kind for one in found} == {"code"}
    (account,) = (one for one in found if "class Account" in one.text)
    assert "# What it stands for.\n@decorated\nclass Account" in account.text


BODY = "\n".join(f"        call({n}, with, some, words, that, fill, it);" for n in range(14))
JAVA = f"""public class Shop {{
    public void open(int hour) {{
{BODY}
    }}

    /** Ends. */
    private static int close(String why) {{
{BODY}
    }}
}}
"""
TYPESCRIPT = f"""export class Shop {{
    async open(hour: number): Promise<void> {{
{BODY}
    }}
    shut(why: string) {{
{BODY}
    }}
}}
"""
RUST = f"""impl Shop {{
    pub fn open(&self) {{
{BODY}
    }}

    /// Ends.
    #[inline]
    pub(crate) fn shut(&mut self) -> bool {{
{BODY}
    }}
}}
"""
GO = f"func open() {{\n{BODY}\n}}\nfunc (s *Shop) Shut() error {{\n{BODY}\n}}\n"
C = f"static int open(int a)\n{{\n{BODY}\n}}\n\nint shut(void) {{\n{BODY}\n}}\n"
EU = [f"machine-{n}.example.org" for n in range(20)]
US = [f"machine-{n}.example.com" for n in range(20)]
JSON = json.dumps({"eu": EU, "us": {"west": US}}, indent=2)
YAML = "\n".join(("eu:", *(f"  - {one}" for one in EU), "us:", "  west:", *(f"    - {one}" for one in US)))
TOML = "\n".join(("[eu]", *(f'h{n} = "{one}"' for n, one in enumerate(EU)), "[us]", *(f'h = "{one}"' for one in US)))


@pytest.mark.parametrize(
    ("name", "text", "first", "context"),
    [
        ("a.java", JAVA, "    /** Ends. */", "public class Shop {"),
        ("a.ts", TYPESCRIPT, "    shut(why: string) {", "export class Shop {"),
        ("a.rs", RUST, "    /// Ends.", "impl Shop {"),
        ("a.go", GO, "func (s *Shop) Shut() error {", ""),
        ("a.c", C, "int shut(void) {", ""),
        ("a.json", JSON, '  "us": {', ""),
        ("a.yaml", YAML, "us:", ""),
        ("a.toml", TOML, "[us]", ""),
    ],
)
def test_other_languages(name: str, text: str, first: str, context: str) -> None:
    found = cut(text, name)
    starts = {one.text.split("\n")[0]: one.context for one in found}
    assert starts.get(first) == context, starts
    check(text, found)


def test_what_is_cut_off_a_long_list_of_settings_says_under_which_key() -> None:
    servers = {"servers": {f"host{n}": f"machine-{n}.example.org" for n in range(99)}}
    found = cut(json.dumps(servers, indent=2), "a.json")
    assert len(found) > 3
    assert all(one.context == '"servers": {' for one in found[1:])


def test_pages_keep_their_numbers_and_are_never_joined() -> None:
    text = "First page.\n\nSecond page.\n\n" + "Third page. " * 200
    sections = [Section("Page 1", 0, 1), Section("Page 2", 13, 2), Section("Page 3", 27, 3)]
    found = cut(text, "a.pdf", "application/pdf", sections)
    assert [(one.page, one.label) for one in found[:3]] == [(1, "Page 1"), (2, "Page 2"), (3, "Page 3")]
    assert {one.page for one in found[3:]} == {3}


def test_long_prose_is_cut_between_sentences_into_even_pieces() -> None:
    text = "This is a sentence of some length, and it ends here. " * 60
    found = cut(text, "a.txt")
    assert all(one.text.endswith("here.") for one in found)
    assert min(len(one.text) for one in found) > CAPACITY / 2


def test_no_character_is_torn_apart() -> None:
    text = "👩\u200d👩\u200d👧e\u0301" * 2000
    for one in cut(text, "a.txt"):
        assert one.text[0] not in "\u200d\u0301"
        assert one.text[-1] != "\u200d"


def test_the_time_grows_with_the_text() -> None:
    """Not measured in seconds: the number of times that a text's characters are looked at is what may not grow."""
    text = "word " * 2_000
    for name in NAMES:
        one, ten = len(cut(text, name)), len(cut(text * 10, name))
        assert ten <= 11 * one
