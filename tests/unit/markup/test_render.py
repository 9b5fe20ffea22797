"""Nothing but the closed list of tags, attributes and schemes ever comes out, whole or cut anywhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.markup.attacks import ATTACKS, SLOW
from tests.unit.markup.samples import ANSWER, SAMPLES
from workbench.markup import Splitter, blocks, safe_url, text_html, to_html, to_text, unfolded

TAGS = {*"p br hr h1 h2 h3 h4 h5 h6 strong em s code pre blockquote ul ol li a table thead tbody tr th td img".split()}  # noqa: SIM905
ATTRIBUTES = {
    "a": {"href"},
    "ol": {"start"},
    "th": {"align", "width"},
    "td": {"align", "width"},
    "img": {"alt", "title"},
}


class _Checker(HTMLParser):
    """An independent reading of what would be shown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        for name, value in attrs:
            assert name in ATTRIBUTES.get(tag, set()), (tag, name)
            if name == "href":
                self._check_link(value or "")
            elif name in ("start", "width"):
                assert (value or "").rstrip("%").isdecimal()
            elif name == "align":
                assert value in ("left", "center", "right")
            elif name == "title":
                assert value == "display"

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        pytest.fail(f"a comment: {data!r}")

    def handle_decl(self, decl: str) -> None:
        pytest.fail(f"a declaration: {decl!r}")

    def handle_pi(self, data: str) -> None:
        pytest.fail(f"an instruction: {data!r}")

    def unknown_decl(self, data: str) -> None:
        pytest.fail(f"a section: {data!r}")

    def _check_link(self, url: str) -> None:
        scheme = urlsplit(url).scheme
        assert scheme in ("http", "https", "mailto"), url
        assert url.startswith("mailto:") or urlsplit(url).netloc, url
        assert url.isprintable(), url
        self.links.append(url)


def checked(html: str) -> _Checker:
    checker = _Checker()
    checker.feed(html)
    checker.close()
    return checker


def html_of(text: str) -> str:
    return "".join(to_html(block) for block in blocks(text))


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_gets_out_at_any_moment_of_its_stream(attack: str) -> None:
    splitter = Splitter()
    for character in attack + "\nend":
        splitter.feed(character)
        for block in splitter.open:
            checked(to_html(block))
    assert splitter.blocks == blocks(attack + "\nend")
    for block in splitter.blocks:
        checked(to_html(block))
        to_text(block)


def test_there_are_enough_attacks() -> None:
    assert len(ATTACKS) > 250


@pytest.mark.parametrize(
    "attack", ["[x](javascript:alert(1))", "[x](file:///etc/passwd)", "[x](vscode://x)", "[x](#y)"]
)
def test_a_forbidden_link_keeps_its_words_and_loses_its_address(attack: str) -> None:
    assert html_of(attack) == "<p>x</p>"


def test_raw_html_is_shown_as_text() -> None:
    assert checked(html_of("a <b>bold</b> <script>x</script>")).text.strip() == "a <b>bold</b> <script>x</script>"


def test_a_line_break_tag_breaks_the_line_and_nothing_more() -> None:
    assert html_of("a<br>b<BR />c<br onclick=x>d").count("<br>") == 2


@pytest.mark.parametrize(
    ("source", "words", "links"),
    [
        ("![a cat](https://example.org/cat.png)", "Image: a cat (example.org)", ["https://example.org/cat.png"]),
        ("![](https://user@evil.example/x)", "Image: no description (evil.example)", ["https://user@evil.example/x"]),
        ("![a cat](file:///cat.png)", "Image: a cat", []),
        ("![a cat](data:image/png;base64,x)", "Image: a cat", []),
        ("[![a](https://h.example/a.png)](https://l.example)", "Image: a (h.example)", ["https://l.example"]),
    ],
)
def test_an_image_is_words_and_at_most_a_link(source: str, words: str, links: list[str]) -> None:
    found = checked(html_of(source))
    assert (found.text.strip(), found.links) == (words, links)


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see https://example.org/a_(b), please.", ["https://example.org/a_(b)"]),
        ("(https://example.org)", ["https://example.org"]),
        ("https://example.org/x?y=1&z=2#q!", ["https://example.org/x?y=1&z=2#q"]),
        ("`https://example.org`", []),
        ("[https://example.org](https://other.example)", ["https://other.example"]),
        ("https://", []),
        ("me@example.org and www.example.org", []),
        ("<me@example.org>", ["mailto:me@example.org"]),
        ("**https://example.org**", ["https://example.org"]),
    ],
)
def test_bare_addresses(text: str, links: list[str]) -> None:
    assert checked(html_of(text)).links == links


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Steps:\n- a\n- b\n", "<p>Steps:</p><ul><li>a</li><li>b</li></ul>"),
        ("- a\n  - b\n", "<ul><li>a\n<ul><li>b</li></ul></li></ul>"),
        ("- [ ] a\n- [x] b\n", "<ul><li>☐ a</li><li>☑ b</li></ul>"),
        ("- a\n\n- b\n", "<ul><li>a</li><li>b</li></ul>"),
        ("~~a~~ **b** *c*", "<p><s>a</s> <strong>b</strong> <em>c</em></p>"),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("a\nb", "<p>a<br>b</p>"),
        ("```\n<b>\n```", "<pre>&lt;b&gt;</pre>"),
        ("1. a\n   ```py\n   x <\n   ```\n", "<ol><li>a<pre>x &lt;</pre></li></ol>"),
    ],
)
def test_what_models_write(source: str, expected: str) -> None:
    assert html_of(source) == expected


def test_reference_definitions_stay_visible_because_they_may_come_after_their_use() -> None:
    found = checked(html_of(SAMPLES["reference link"]))
    assert "[1]: https://example.org/docs" in found.text
    assert found.links == ["https://example.org/docs"]


def test_plain_text_reads_as_shown() -> None:
    (block,) = blocks("3. a **b**\n4. [c](https://example.org)\n   - d\n")
    assert to_text(block) == "3. a b\n4. c\n  • d"


def test_long_words_can_be_broken_and_copied_whole() -> None:
    word = "w" * 1_000
    shown = checked(html_of(f"a {word} b")).text
    assert max(map(len, shown.replace("\u200b", " ").split())) <= 120
    assert word in unfolded(shown)
    assert unfolded(checked(text_html(word)).text) == word


def test_a_question_is_shown_as_it_was_typed() -> None:
    assert text_html("a <b>\n**c** & d") == "<p>a &lt;b&gt;<br>**c** &amp; d</p>"


@pytest.mark.parametrize("text", SLOW.values(), ids=SLOW)
def test_nothing_takes_long(text: str) -> None:
    """Neither splitting a text nor showing any one of its blocks: what a window does between two frames."""

    def cost(work: Callable[[], object]) -> float:
        begin = time.thread_time()
        work()
        return time.thread_time() - begin

    html_of("warm")
    assert min(cost(lambda: blocks(text)) for _ in range(3)) < 0.1
    largest = sorted(blocks(text), key=lambda block: len(block.source))[-2:]
    for block in largest:
        assert min(cost(lambda block=block: to_html(block)) for _ in range(3)) < 0.1  # type: ignore[misc]


@settings(max_examples=400, deadline=None)
@given(st.text(st.sampled_from("[]()!<>`*_~#-=|&;:/\\\"' \n\t$${}ajsx1.hreftp"), max_size=120))
def test_any_text_at_all(text: str) -> None:
    for block in blocks(text):
        checked(to_html(block))
        to_text(block)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_characters_at_all(text: str) -> None:
    for block in blocks(text):
        checked(to_html(block))


@pytest.mark.parametrize("text", [*SAMPLES.values(), ANSWER])
def test_samples_pass_the_same_check(text: str) -> None:
    checked(html_of(text))


@pytest.mark.parametrize("url", ["https://example.org", "HTTP://example.org/x", "mailto:me@example.org"])
def test_safe_urls(url: str) -> None:
    assert safe_url(url) == url


@pytest.mark.parametrize(
    "url", ["", "https://", "https:///x", "https:\\\\x", "javascript:x", "https://a b", "https://" + "a" * 3_000]
)
def test_unsafe_urls(url: str) -> None:
    assert safe_url(url) is None
