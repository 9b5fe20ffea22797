"""Compares Markdown libraries on what models write and on CommonMark's examples; the figures stand in a decision.

Needs `pip install markdown` and CommonMark's specification (npm package `commonmark-spec`, licence CC-BY-SA 4.0):
    python -m tests.bench.markdown_libraries spec.txt
"""

from __future__ import annotations

import importlib
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.bench_transcript import TOKEN, _answer
from tests.unit.markup.samples import SAMPLES

_EXAMPLE = re.compile(r"^`{32} example\n(.*?)^\.\n(.*?)^`{32}$", re.DOTALL | re.MULTILINE)

# What must be in the HTML for a sample to be shown as its writer meant it.
MEANT: dict[str, list[str]] = {
    "list after a line": ["<li>first", "<li>second"],
    "numbers after a line": ["<ol", "<li>first"],
    "nested by two": ["<ul>.*<ul>.*<ul>"],
    "nested by three": ["<ol>.*<ul>.*</ul>.*<li>outer again"],
    "nested by four": ["<ul>.*<ul>"],
    "loose list": ["<li>.*Two.*More of two.*</li>.*<li>"],
    "starts at seven": ['<ol start="7"'],
    "code in a list": ["<ol>.*<pre.*pip install x.*</pre>.*<li>Run"],
    "unclosed fence": ["<pre.*return 1"],
    "four backticks": ["<pre.*```python.*</pre>"],
    "tildes": ["<pre.*``` inside"],
    "fence right after text": ["<p>Text.*<pre.*let a = 1"],
    "table": ["<table.*<td"],
    "table without outer bars": ["<table.*<td"],
    "table after a line": ["<table.*<td"],
    "strike": ["<(s|del)>wrong"],
    "html in text": ["&lt;script"],
    "emphasis next to punctuation": ["<strong>Note:</strong>.*snake_case_name"],
    "quote": ["<blockquote.*<li>item"],
    "rules": ["One.*<hr.*Two.*<hr"],
    "rule right below text": ["<p>Summary.*<hr"],
    "hard breaks": ["violets are blue,\\s*<br.*sweet\\s*<br"],
    "bare link": ['<a [^>]*href="https://example.org/a_\\(b\\)\\?c=d"'],
    "indented code": ["<pre.*indented"],
    "list then fence": ["</ul>.*<pre.*code"],
}


def ours() -> Callable[[str], str]:
    from workbench.markup import blocks, to_html

    return lambda text: "".join(to_html(block) for block in blocks(text))


def markdown_it(preset: str = "commonmark") -> Callable[[str], str]:
    from markdown_it import MarkdownIt

    made = MarkdownIt(preset) if preset == "commonmark" else MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return lambda text: str(made.render(text))


def python_markdown(*extensions: str) -> Callable[[str], str]:
    markdown = importlib.import_module("markdown")
    return lambda text: str(markdown.markdown(text, extensions=list(extensions)))


def main() -> None:
    spec = _EXAMPLE.findall(Path(sys.argv[1]).read_text(encoding="utf-8").replace("→", "\t"))
    message = _answer(4_000 * TOKEN)
    libraries = {
        "markdown, no extensions": python_markdown(),
        "markdown, extra + sane_lists": python_markdown("extra", "sane_lists"),
        "markdown-it-py, commonmark": markdown_it(),
        "markdown-it-py, with tables": markdown_it("tables"),
        "workbench.markup (sanitised)": ours(),
    }
    for name, render in libraries.items():
        failed = [sample for sample, patterns in MEANT.items() if not _meets(render(SAMPLES[sample]), patterns)]
        passed = sum(_same(render(source), expected) for source, expected in spec)
        seconds = min(_seconds(render, message) for _ in range(5))
        print(
            f"{name}: {len(MEANT) - len(failed)} of {len(MEANT)} samples, {passed} of {len(spec)} CommonMark examples, "
            f"{seconds * 1e3:.1f} ms a 4,000-token message; not as meant: {', '.join(failed) or 'none'}"
        )


def _meets(html: str, patterns: list[str]) -> bool:
    return all(re.search(pattern, html, re.DOTALL) for pattern in patterns)


def _same(found: str, expected: str) -> bool:
    return re.sub(r"\s+", "", found.replace(" />", ">")) == re.sub(r"\s+", "", expected.replace(" />", ">"))


def _seconds(render: Callable[[str], str], text: str) -> float:
    begin = time.thread_time()
    render(text)
    return time.thread_time() - begin


if __name__ == "__main__":
    main()
