"""A real folder and a real library, brought together."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from workbench import migrations
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.events import Bus, Topic
from workbench.prompts.files import disk
from workbench.prompts.files.markdown import UnreadablePrompt, read_markdown
from workbench.prompts.files.store import FileRows
from workbench.prompts.files.syncing import FolderSync, Report
from workbench.prompts.prompt import Prompt, SavedPrompt
from workbench.prompts.service import PromptLibrary
from workbench.prompts.store import PromptStore
from workbench.prompts.tidy import tidied


@dataclass
class Home:
    root: Path
    library: PromptLibrary
    rows: FileRows
    bus: Bus

    def sync(self, wait: Callable[[float], object] = lambda _seconds: None) -> Report:
        return FolderSync(self.root, self.rows, self.library, lambda: self.bus.publish(Topic.PROMPTS), wait).run()

    def told(self) -> list[str]:
        return [str(one) for one in self.sync().told]

    def save(self, title: str, text: str = "Text.", prompt_id: str | None = None) -> SavedPrompt:
        return self.library.save(Prompt(title, title, text), prompt_id).prompt

    def text(self, path: str) -> str:
        return (self.root / path).read_text()

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(exist_ok=True, parents=True)
        (self.root / path).write_text(text)

    def edit(self, path: str, old: str, new: str) -> None:
        assert old in self.text(path)
        self.write(path, self.text(path).replace(old, new))

    @property
    def files(self) -> list[str]:
        return sorted(disk.folder_files(self.root))

    @property
    def texts(self) -> dict[str, str]:
        return {one.prompt.name: one.prompt.text for one in self.library.all()}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    database = Database(tmp_path / "workbench.db", migrations.workbench, backups=tmp_path / "backups")
    (tmp_path / "prompts").mkdir()
    library = PromptLibrary(PromptStore(database, SystemClock()), bus := Bus())
    return Home(tmp_path / "prompts", library, FileRows(database), bus)


# What is written ------------------------------------------------------------------------------------------------------


def test_each_prompt_becomes_a_file_that_only_its_owner_reads(home: Home) -> None:
    one = home.save("one")
    assert home.sync().written == 1
    assert home.text("one.md") == f"---\ntitle: one\nid: {one.id}\n---\n\nText.\n"
    assert [(home.root / path).stat().st_mode & 0o777 for path in ("one.md", disk.MARK)] == [0o600, 0o600]
    assert home.library.get("one").file == "one.md"
    assert home.sync() == Report()
    home.save("one", "Other.", one.id)
    assert home.sync().written == 1
    assert "Other." in home.text("one.md")
    assert os.listdir(home.root).count("one.md") == len(home.files) == 1  # noqa: PTH208 - hidden ones too
    assert sorted(os.listdir(home.root)) == [disk.MARK, "one.md"]  # noqa: PTH208


def test_a_new_name_is_a_new_file_name_unless_a_person_gave_it(home: Home) -> None:
    one = home.save("one")
    home.write("My own.md", "Mine.")
    home.sync()
    home.library.save(replace(one.prompt, name="first"), one.id)
    mine = home.library.get("my-own")
    home.library.save(replace(mine.prompt, name="yours"), mine.id)
    home.sync()
    assert home.files == ["My own.md", "first.md"]
    assert "name: yours" in home.text("My own.md")
    assert home.sync() == Report()


def test_comments_of_a_person_outlive_what_is_changed_here(home: Home) -> None:
    home.write("mail.md", "---\n# Mine.\ntags: [a]  # for the list\nreviewer: Ada # yearly\n---\nText.\n")
    home.sync()
    one = home.library.get("mail")
    home.library.save(replace(one.prompt, text="Other.", name="letter"), one.id)
    home.sync()
    expected = "---\n# Mine.\ntitle: Mail\ntags: [a]  # for the list\nreviewer: Ada # yearly\n"
    assert home.files == ["letter.md"]
    assert home.text("letter.md").startswith(expected)
    assert home.text("letter.md").endswith("---\n\nOther.\n")
    assert home.library.get("letter").prompt.extra == {"reviewer": "Ada"}
    assert home.sync() == Report()


def test_a_removed_prompt_takes_its_file_along_and_brings_it_back(home: Home) -> None:
    one = home.save("one")
    home.sync()
    home.library.remove(one.id)
    assert home.sync().removed == 1
    assert home.files == []
    home.library.bring_back(one.id)
    home.sync()
    assert home.files == ["one.md"]


def test_links_and_modes_of_a_person_stay(home: Home, tmp_path: Path) -> None:
    one = home.save("one")
    home.sync()
    (home.root / "one.md").rename(tmp_path / "elsewhere.md")
    (tmp_path / "elsewhere.md").chmod(0o640)
    (home.root / "one.md").symlink_to(tmp_path / "elsewhere.md")
    home.save("one", "Other.", one.id)
    home.sync()
    assert (home.root / "one.md").is_symlink()
    assert "Other." in (tmp_path / "elsewhere.md").read_text()
    assert (tmp_path / "elsewhere.md").stat().st_mode & 0o777 == 0o640


def test_files_that_rest_are_not_read_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.save("one")
    home.sync()
    os.utime(home.root / "one.md", (1_700_000_000, 1_700_000_000))
    assert home.sync() == Report()
    monkeypatch.setattr(disk, "read", None)  # whoever reads a file fails
    assert home.sync() == Report()
    assert home.texts == {"one": "Text."}


# What is taken --------------------------------------------------------------------------------------------------------


def test_a_file_that_was_changed_is_a_new_version(home: Home) -> None:
    one = home.save("one")
    home.sync()
    home.edit("one.md", "Text.", "Better text.")
    assert home.sync().taken == 1
    assert [version.prompt.text for version in home.library.history(one.id)] == ["Better text.", "Text."]
    assert home.sync() == Report()


def test_new_files_are_new_prompts_also_in_folders(home: Home) -> None:
    home.write("Say it.md", "Say {{ it }}.")
    home.write("work/mail.md", "---\ntitle: Mail\ntags: [work]\n---\nReply.")
    home.write("README.md", "About these prompts.")
    home.write(".git/x.md", "no")
    home.write("notes.txt", "no")
    before = {path: home.text(path) for path in home.files}
    assert home.sync().taken == 2
    assert home.texts == {"say-it": "Say {{ it }}.", "mail": "Reply."}
    assert {path: home.text(path) for path in home.files} == before  # nothing is written into files of others
    assert home.sync() == Report()


def test_keys_that_are_nearly_known_are_told_when_they_are_taken_over(home: Home) -> None:
    home.write("one.md", "---\ntitle: One\nvaribles: []\n---\nText.")
    assert home.told() == ["one.md, line 3: 'varibles' is not known (did you mean 'variables'?); it is kept"]
    assert home.library.get("one").prompt.extra == {"varibles": []}


def test_a_deleted_file_puts_its_prompt_into_the_bin(home: Home) -> None:
    one = home.save("one")
    home.save("two")
    home.sync()
    (home.root / "one.md").unlink()
    assert home.told() == ["one.md: it was deleted, so “one” is in the bin"]
    assert [removed.id for removed in home.library.bin()] == [one.id]
    assert home.texts == {"two": "Text."}
    assert home.sync() == Report()


def test_a_file_that_is_replaced_by_an_editor_is_not_deleted(home: Home) -> None:
    home.save("one")
    home.sync()
    (home.root / "one.md").rename(home.root / "one.md~")
    report = home.sync(lambda _seconds: (home.root / "one.md~").rename(home.root / "one.md"))
    assert report == Report()
    assert home.texts == {"one": "Text."}


def test_a_renamed_file_is_the_same_prompt_with_another_name(home: Home) -> None:
    one = home.save("one")
    home.sync()
    (home.root / "one.md").rename(home.root / "first.md")
    home.sync()
    assert home.library.get("first").id == one.id
    home.write("plain.md", "By hand.")
    home.sync()
    plain = home.library.get("plain")
    (home.root / "sub").mkdir()
    (home.root / "plain.md").rename(home.root / "sub" / "plainer.md")  # it has no id: by what it says
    home.sync()
    assert home.library.get("plainer").id == plain.id
    assert home.files == ["first.md", "sub/plainer.md"]
    assert home.sync() == Report()


def test_a_removed_prompt_whose_file_comes_back_does_so_too(home: Home) -> None:
    one = home.save("one")
    home.sync()
    content = home.text("one.md")
    (home.root / "one.md").unlink()
    home.save("two")
    home.sync()
    home.write("one.md", content)  # as when a branch is checked out again
    home.sync()
    assert home.library.get("one").id == one.id


def test_files_of_another_home_keep_their_ids(home: Home) -> None:
    home.write("one.md", "---\ntitle: One\nid: abc123\n---\nText.")
    home.sync()
    assert home.library.get("one").id == "abc123"
    assert home.sync() == Report()


# Both -----------------------------------------------------------------------------------------------------------------


def test_a_conflict_keeps_both(home: Home) -> None:
    one = home.save("one")
    home.sync()
    home.edit("one.md", "Text.", "On the disk.")
    home.save("one", "In the window.", one.id)
    report = home.sync()
    assert [str(told) for told in report.told] == [
        "one.md: it was changed here too: what was written here is “one (2)” now"
    ]
    assert home.texts == {"one": "On the disk.", "one-2": "In the window."}
    assert home.files == ["one-2.md", "one.md"]
    assert home.library.get("one").id == one.id
    assert home.sync() == Report()


def test_both_changed_to_the_same_is_no_conflict(home: Home) -> None:
    one = home.save("one")
    home.sync()
    home.edit("one.md", "Text.", "Same.")
    home.save("one", "Same.", one.id)
    home.sync()
    assert home.texts == {"one": "Same."}
    assert home.sync() == Report()


def test_what_was_changed_outlives_what_was_deleted(home: Home) -> None:
    one, two = home.save("one"), home.save("two")
    home.sync()
    (home.root / "one.md").unlink()
    home.save("one", "Changed.", one.id)
    home.edit("two.md", "Text.", "Edited.")
    home.library.remove(two.id)
    assert len(home.told()) == 2
    assert home.texts == {"one": "Changed.", "two": "Edited."}
    assert home.sync() == Report()


def test_copies_that_sync_programs_make_are_understood(home: Home) -> None:
    one = home.save("one")
    home.sync()
    home.write("one (conflicted copy 2026-11-23).md", home.text("one.md"))
    home.write("one.sync-conflict-20261123-101010-ABCDEF.md", home.text("one.md").replace("Text.", "Other."))
    told = home.told()
    assert any("which says the same" in line for line in told)
    assert any("kept two versions" in line for line in told)
    assert home.texts == {"one": "Text.", "one-2": "Other."}
    assert home.library.get("one").id == one.id
    assert len(home.told()) == 1  # the copy that says the same stays as it is
    assert home.texts == {"one": "Text.", "one-2": "Other."}


def test_a_copied_file_is_a_prompt_of_its_own(home: Home) -> None:
    one = home.save("one")
    home.sync()
    home.write("mine.md", home.text("one.md"))
    home.sync()
    assert home.texts == {"one": "Text.", "mine": "Text."}
    home.edit("mine.md", "Text.", "Mine.")
    home.sync()
    assert home.texts == {"one": "Text.", "mine": "Mine."}
    assert home.library.get("one").id == one.id
    assert home.sync() == Report()


# What cannot be read --------------------------------------------------------------------------------------------------


def test_a_file_that_cannot_be_read_is_told_and_left(home: Home) -> None:
    one = home.save("one")
    home.sync()
    for broken in (
        "---\ntitle: [\n---\n",
        "",
        "\xff",
        "---\ntitle: x\n---\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> main\n",
    ):
        (home.root / "one.md").write_bytes(broken.encode("latin-1"))
        home.save("one", f"Changed after {broken!r}.", one.id)
        told = home.told()
        assert len(told) == 1
        assert told[0].startswith("one.md, line ")
        assert (home.root / "one.md").read_bytes() == broken.encode("latin-1")
    home.write("one.md", "Whole again.")
    home.sync()
    assert set(home.texts.values()) == {"Whole again.", f"Changed after {broken!r}."}


def test_a_prompt_about_merges_is_no_unfinished_merge(home: Home) -> None:
    one = home.save("one", "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> main\n")
    home.sync()
    home.edit("one.md", "HEAD", "ours")
    home.sync()
    assert "ours" in home.library.get(one.id).prompt.text


def test_a_folder_that_went_takes_nothing_along(home: Home) -> None:
    home.save("one")
    home.save("two")
    home.sync()
    shutil.move(home.root, home.root.with_name("away"))
    assert "cannot be read" in home.told()[0]
    home.root.mkdir()  # where a drive was mounted
    assert "nothing was removed" in home.told()[0]
    assert len(home.texts) == 2
    assert home.files == []
    home.root.rmdir()
    shutil.move(home.root.with_name("away"), home.root)
    assert home.sync() == Report()
    for path in home.files:
        (home.root / path).unlink()
    assert home.sync().binned == 2  # its own mark says that it is the folder


def test_a_folder_is_known_again_by_its_files(home: Home) -> None:
    home.save("one")
    home.save("two")
    home.sync()
    (home.root / disk.MARK).unlink()
    (home.root / "two.md").unlink()
    assert home.sync().binned == 1


def test_rows_that_were_lost_are_found_again(home: Home) -> None:
    one = home.save("one")
    home.write("two.md", "By hand.")
    home.sync()
    home.rows.clear()
    report = home.sync()
    assert (report.taken, report.written) == (0, 0)
    home.rows.clear()
    home.save("one", "Newer.", one.id)
    assert home.sync().written == 1
    assert home.texts == {"one": "Newer.", "two": "By hand."}


def test_what_changes_while_it_is_decided_is_not_overwritten(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    one = home.save("one")
    home.sync()
    home.save("one", "In the window.", one.id)
    really = disk.put

    def edited_first(*told: object) -> object:
        monkeypatch.setattr(disk, "put", really)
        home.edit("one.md", "Text.", "At the last moment.")
        return really(*told)  # type: ignore[arg-type]

    monkeypatch.setattr(disk, "put", edited_first)
    home.sync()
    assert home.texts == {"one": "At the last moment.", "one-2": "In the window."}


# Storms ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_both_say_the_same_in_the_end_and_nothing_is_lost(home: Home, seed: int) -> None:
    chance = random.Random(seed)
    written: set[str] = set()
    for step in range(50):
        _one_change(home, chance, f"{seed}-{step}", written)
        if chance.random() < 0.4:
            home.sync()
    home.sync()
    assert home.sync().written == home.sync().taken == 0
    library = {one.id: one for one in home.library.all()}
    rows = {row.filed.prompt_id: row.filed.path for row in home.rows.all()}
    assert rows.keys() == library.keys()
    for prompt_id, path in rows.items():
        found = tidied(read_markdown((home.root / path).read_bytes(), Path(path).stem).prompt)
        assert replace(found, name="") == replace(library[prompt_id].prompt, name="")
    everything = {
        v.prompt.text for one in (*library.values(), *home.library.bin()) for v in home.library.history(one.id)
    }
    on_disk = {home.text(path) for path in home.files}
    assert {text for text in written if text not in everything and not any(text in file for file in on_disk)} == set()


def _one_change(home: Home, chance: random.Random, mark: str, written: set[str]) -> None:
    """``written``: texts that the library has said; of files, those between two looks may go, as on any disk."""
    prompts, files = home.library.all(), home.files
    what = chance.randrange(9)
    if what == 0 or not prompts or not files:
        written.add(f"Text {mark}.")
        home.save(f"p{chance.randrange(5)}", f"Text {mark}.")
    elif what == 1:
        one = chance.choice(prompts)
        written.add(f"Text {mark}.")
        home.library.save(replace(one.prompt, text=f"Text {mark}.", name=f"p{chance.randrange(5)}"), one.id)
    elif what == 2:
        home.library.remove(chance.choice(prompts).id)
    elif what == 3:
        home.write(f"f{chance.randrange(5)}.md", f"File {mark}.")
    elif what == 4:
        path = chance.choice(files)
        home.write(path, home.text(path) + f"more {mark}\n")
    elif what == 5:
        (home.root / chance.choice(files)).unlink()
    elif what == 6:
        (home.root / chance.choice(files)).rename(home.root / f"r{chance.randrange(8)}.md")
    elif what == 7:
        home.write(f"c{chance.randrange(5)}.md", home.text(chance.choice(files)))
    elif home.library.bin():
        home.library.bring_back(chance.choice(home.library.bin()).id)


def test_unreadable_is_an_error_with_a_line() -> None:
    with pytest.raises(UnreadablePrompt):
        read_markdown(b"---\n", "x")
