"""Whatever is done to a library in whatever order: what was saved is there until it is erased, no name is there twice."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from workbench import migrations
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.errors import UsageError
from workbench.events import Bus
from workbench.prompts import names
from workbench.prompts.prompt import Prompt
from workbench.prompts.service import PromptLibrary
from workbench.prompts.store import PromptStore

TITLES = st.sampled_from(("Plan", "plan!", "Größe", "GRÖSSE", "会议", "con"))
TEXTS = st.text("ab é会\n\x00", min_size=1, max_size=4).filter(str.strip)


class Use(RuleBasedStateMachine):
    """Two windows on one home do as they like."""

    saved = Bundle("saved")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="wb-test-")
        self.databases = [self._open() for _ in range(2)]
        self.windows = [PromptLibrary(PromptStore(one, SystemClock()), Bus()) for one in self.databases]
        self.texts: dict[str, set[str]] = {}  # by id: what was acknowledged

    def _open(self) -> Database:
        home = Path(self.folder.name)
        return Database(home / "workbench.db", migrations.workbench, backups=home, durable=False)

    def teardown(self) -> None:
        for one in self.databases:
            one.close()
        self.folder.cleanup()

    @rule(target=saved, title=TITLES, text=TEXTS, window=st.integers(0, 1))
    def write(self, title: str, text: str, window: int) -> str:
        done = self.windows[window].save(Prompt(title, names.slug(title), text))
        self.texts[done.prompt.id] = {text}
        return done.prompt.id

    @rule(one=saved, text=TEXTS, seen=st.none() | st.integers(1, 6), window=st.integers(0, 1))
    def change(self, one: str, text: str, seen: int | None, window: int) -> None:
        library = self.windows[window]
        before = library.get(one)
        done = library.save(replace(before.prompt, text=text), one, instead_of=seen)
        there = {version.prompt.text for version in library.history(done.prompt.id)}
        assert text in there  # also where nothing was changed, by this writer or at all
        self.texts.setdefault(done.prompt.id, set()).add(text)

    @rule(one=saved, number=st.integers(1, 6), window=st.integers(0, 1))
    def go_back(self, one: str, number: int, window: int) -> None:
        library = self.windows[window]
        old = {version.number: version.prompt.text for version in library.history(one)}
        try:
            assert library.restore_version(one, number).prompt.text == old[number]
        except UsageError:
            assert number not in old

    @rule(one=saved, window=st.integers(0, 1))
    def throw_away(self, one: str, window: int) -> None:
        assert self.windows[window].remove(one).removed_at is not None

    @rule(one=saved, window=st.integers(0, 1))
    def bring_back(self, one: str, window: int) -> None:
        assert self.windows[window].bring_back(one).removed_at is None

    @rule(one=consumes(saved), window=st.integers(0, 1))
    def erase(self, one: str, window: int) -> None:
        library = self.windows[window]
        library.remove(one)
        library.erase([one])
        del self.texts[one]

    @invariant()
    def nothing_is_lost(self) -> None:
        for prompt_id, texts in self.texts.items():
            there = {version.prompt.text for version in self.windows[0].history(prompt_id)}
            assert texts <= there

    @invariant()
    def both_windows_show_the_same(self) -> None:
        one, other = (library.all() for library in self.windows)
        assert one == other
        assert {saved.id for saved in (*one, *self.windows[0].bin())} == set(self.texts)
        shown = [names.folded(saved.prompt.name) for saved in one]
        assert len(set(shown)) == len(shown)
        for saved in one:
            assert self.windows[1].get(saved.prompt.name) == saved
            assert names.problem(saved.prompt.name) == ""


Use.TestCase.settings = settings(max_examples=8, stateful_step_count=25, deadline=None)
TestAnyOrder = Use.TestCase
