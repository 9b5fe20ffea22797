"""The library as people use it, on a real database: saved, found, kept in versions, thrown away and brought back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from workbench import migrations
from workbench.db import Database
from workbench.errors import StorageError, UsageError
from workbench.events import Bus, Changed, Topic
from workbench.prompts import service
from workbench.prompts.prompt import Origin, Prompt, SavedPrompt, Step, Variable, VariableKind
from workbench.prompts.service import PromptLibrary
from workbench.prompts.store import PromptStore

DAY = 86400.0


class Hands:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.at = 1_000_000.0

    def now(self) -> float:
        self.at += 1.0
        return self.at

    def monotonic(self) -> float:
        return self.at


class Home:
    """A library with all that stands behind it."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(folder / "workbench.db", migrations.workbench, backups=folder / "backups")
        self.clock = Hands()
        self.bus = Bus()
        self.heard: list[Changed] = []
        self.bus.subscribe(self.heard.append)
        self.store = PromptStore(self.database, self.clock)
        self.library = PromptLibrary(self.store, self.bus)

    def news(self) -> int:
        """How often prompts were told to have changed since the last time."""
        told = [one for one in self.heard if Topic.PROMPTS in one.topics]
        self.heard.clear()
        return len(told)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path)
    yield made
    made.database.close()


@pytest.fixture
def library(home: Home) -> PromptLibrary:
    return home.library


def prompt(title: str = "Summarise", text: str = "Sum up {{ text }}", tags: tuple[str, ...] = ()) -> Prompt:
    return Prompt(title, title.lower().replace(" ", "-"), text, tags=tags)


def titles(found: tuple[SavedPrompt, ...]) -> list[str]:
    return [one.prompt.title for one in found]


# Saving ---------------------------------------------------------------------------------------------------------------


def test_a_new_prompt_is_kept_as_it_was_written(home: Home) -> None:
    written = Prompt(
        "Sum", "sum", "Text\r\n\x00🙂", "System", (Variable("x"),), ("mail",), notes="Mine", extra={"a": [1]}
    )
    saved = home.library.save(written, note="first", origin=Origin.IMPORTED)
    assert (saved.changed, saved.beside, saved.prompt.version) == (True, False, 1)
    assert saved.prompt.prompt == written
    assert home.library.get(saved.prompt.id) == saved.prompt
    (version,) = home.library.history(saved.prompt.id)
    assert (version.prompt, version.origin, version.note) == (written, Origin.IMPORTED, "first")
    assert home.news() == 1


def test_each_change_is_a_version_and_no_change_is_none(home: Home) -> None:
    one = home.library.save(prompt()).prompt
    two = home.library.save(replace(one.prompt, text="Shorter"), one.id).prompt
    assert (two.id, two.version, two.prompt.text, two.created_at) == (one.id, 2, "Shorter", one.created_at)
    assert two.changed_at > one.changed_at
    home.news()
    again = home.library.save(two.prompt, one.id)
    assert (again.changed, again.prompt.version, home.news()) == (False, 2, 0)
    assert [version.number for version in home.library.history(one.id)] == [2, 1]
    assert [version.prompt.text for version in home.library.history(one.id)] == ["Shorter", "Sum up {{ text }}"]


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (Prompt(" \n\t", "a", "text"), "a title"),
        (Prompt("A", " ", "text"), "a name"),
        (Prompt("A", "a", " \n "), "a text"),
        (Prompt("A", "a", steps=(Step("first", " "),)), "a text"),
        (Prompt("A", "a", "x" * 10_000_001), "at most 10,000,000 characters"),
    ],
)
def test_what_says_nothing_is_refused(library: PromptLibrary, wrong: Prompt, what: str) -> None:
    with pytest.raises(UsageError, match=what):
        library.save(wrong)
    assert library.all() == ()


@pytest.mark.parametrize(
    "written",
    [Prompt("A", "a", system="Be brief."), Prompt("A", "a", steps=(Step("first", prompt="other"),))],
)
def test_a_system_part_or_a_step_is_something_said(library: PromptLibrary, written: Prompt) -> None:
    assert library.save(written).prompt.prompt == written


def test_what_is_written_in_another_form_is_tidied(library: PromptLibrary) -> None:
    saved = library.save(Prompt(" Two \n lines\u202e ", "Two Lines!", "x", tags=("#Mail", "mail ", "", "to  do")))
    assert saved.prompt.prompt == Prompt("Two lines", "two-lines", "x", tags=("Mail", "to do"))


def test_a_megabyte_is_kept(library: PromptLibrary) -> None:
    text = "Ein Wört\n" * 120_000
    one = library.save(prompt(text=text)).prompt
    library.save(replace(one.prompt, text=f"{text}!"), one.id)
    assert [len(version.prompt.text) for version in library.history(one.id)] == [len(text) + 1, len(text)]
    assert titles(library.find("wört")) == ["Summarise"]


def test_a_taken_name_gets_a_number_and_keeps_it(library: PromptLibrary) -> None:
    first, second = library.save(prompt()).prompt, library.save(prompt(text="Other")).prompt
    assert (first.prompt.name, second.prompt.name) == ("summarise", "summarise-2")
    again = library.save(replace(second.prompt, name="summarise"), second.id)  # as a file may go on to say
    assert (again.changed, again.prompt.prompt.name) == (False, "summarise-2")
    assert library.save(Prompt("Ä", "ä", "x")).prompt.prompt.name == "ä"
    assert library.save(Prompt("Ä", "Ä", "y")).prompt.prompt.name == "ä-2"  # SQLite knows no case of this letter


def test_a_prompt_may_be_called_otherwise(library: PromptLibrary) -> None:
    one = library.save(prompt()).prompt
    library.save(replace(one.prompt, name="brief"), one.id)
    assert library.get("brief").id == one.id
    with pytest.raises(UsageError, match="no prompt 'summarise'"):
        library.get("summarise")
    assert library.save(prompt()).prompt.prompt.name == "summarise"


def test_unknown_prompts_are_told(library: PromptLibrary) -> None:
    library.save(prompt())
    for work in (
        lambda: library.get("nothing at all"),
        lambda: library.get(""),
        lambda: library.save(prompt(), "unknown"),
        lambda: library.favourite("unknown", on=True),
        lambda: library.history("unknown"),
        lambda: library.restore_version("unknown", 1),
        lambda: library.remove("unknown"),
        lambda: library.bring_back("unknown"),
        lambda: library.duplicate("unknown"),
        lambda: library.used("unknown", {}),
    ):
        with pytest.raises(UsageError, match="There is no prompt"):
            work()
    with pytest.raises(UsageError) as error:
        library.get("sumarise")
    assert error.value.hint.startswith("Did you mean /summarise?")


# Getting and listing --------------------------------------------------------------------------------------------------


def test_a_prompt_is_got_by_name_or_id(library: PromptLibrary) -> None:
    one = library.save(prompt()).prompt
    for words in ("summarise", "/summarise", " SUMMARISE ", one.id, one.id[:8]):
        assert library.get(words).id == one.id
    library.remove(one.id)
    assert library.get(one.id).removed_at is not None
    with pytest.raises(UsageError):
        library.get("summarise")


@pytest.mark.parametrize("words", ["\ud800abcd", "a\x00bcd", "%%%%", "' OR 1=1 --", "x" * 100_000])
def test_any_words_may_be_asked_for(library: PromptLibrary, words: str) -> None:
    library.save(prompt())
    with pytest.raises(UsageError, match="There is no prompt"):
        library.get(words)
    assert library.find(words) == ()


def test_favourites_stand_first_then_titles(home: Home) -> None:
    for title in ("beta", "Alpha", "gamma"):
        home.library.save(prompt(title))
    home.library.favourite(home.library.get("gamma").id, on=True)
    assert titles(home.library.all()) == ["gamma", "Alpha", "beta"]
    home.library.favourite(home.library.get("gamma").id, on=False)
    assert titles(home.library.all()) == ["Alpha", "beta", "gamma"]


def test_the_list_is_kept_until_something_changes(home: Home) -> None:
    one = home.library.save(prompt()).prompt
    first = home.library.all()
    assert home.library.all() is first
    home.bus.publish(Topic.CHATS)
    assert home.library.all() is first
    home.library.favourite(one.id, on=True)
    second = home.library.all()
    assert second is not first
    assert second[0].prompt is first[0].prompt  # a version is read once


def test_what_is_written_beside_the_library_is_seen_when_it_is_told(home: Home) -> None:
    one = home.library.save(prompt()).prompt
    assert home.library.all()[0].file == ""
    with home.database.write() as tx:
        tx.execute(
            "INSERT INTO prompt_files VALUES (?, ?, 1, '', 0, 0)",
            (one.id, "Größe/a\udcff.md".encode(errors="surrogateescape")),
        )
    home.bus.publish(Topic.PROMPTS)
    assert home.library.all()[0].file == "Größe/a\udcff.md"


def test_tags_are_counted(library: PromptLibrary) -> None:
    library.save(prompt("One", tags=("mail", "work")))
    library.save(prompt("Two", tags=("Mail",)))
    gone = library.save(prompt("Three", tags=("gone",))).prompt
    library.remove(gone.id)
    assert library.tags() == (("mail", 2), ("work", 1))
    assert titles(library.find("", ["MAIL", "work"])) == ["One"]
    assert titles(library.find("three")) == []


# Changed in two places ------------------------------------------------------------------------------------------------


def test_what_was_written_over_an_older_version_stands_beside_the_newer_one(library: PromptLibrary) -> None:
    one = library.save(prompt()).prompt
    theirs = library.save(replace(one.prompt, text="Theirs"), one.id, instead_of=1)
    mine = library.save(replace(one.prompt, text="Mine"), one.id, instead_of=1)
    assert (theirs.beside, theirs.prompt.version) == (False, 2)
    assert (mine.beside, mine.prompt.prompt.title, mine.prompt.prompt.name) == (True, "Summarise (2)", "summarise-2")
    assert library.get("summarise").prompt.text == "Theirs"
    assert library.history(mine.prompt.id)[0].note == "Written while version 2 of “Summarise” was saved elsewhere."
    on = library.save(replace(mine.prompt.prompt, text="Mine, more"), mine.prompt.id, instead_of=1)
    assert (on.beside, on.prompt.version) == (False, 2)


def test_both_wrote_the_same(library: PromptLibrary) -> None:
    one = library.save(prompt()).prompt
    library.save(replace(one.prompt, text="Same"), one.id, instead_of=1)
    again = library.save(replace(one.prompt, text="Same"), one.id, instead_of=1)
    assert (again.changed, again.beside, again.prompt.version) == (False, False, 2)


def test_who_changed_nothing_writes_over_nothing(library: PromptLibrary) -> None:
    one = library.save(prompt()).prompt
    library.save(replace(one.prompt, text="Theirs"), one.id, instead_of=1)
    kept = library.save(one.prompt, one.id, instead_of=1)
    assert (kept.changed, kept.beside, kept.prompt.prompt.text) == (False, False, "Theirs")


def test_a_newer_version_that_says_the_same_is_no_conflict(library: PromptLibrary) -> None:
    one = library.save(prompt()).prompt
    library.save(replace(one.prompt, text="For a moment"), one.id)
    library.restore_version(one.id, 1)
    mine = library.save(replace(one.prompt, text="Mine"), one.id, instead_of=1)
    assert (mine.beside, mine.prompt.version, mine.prompt.prompt.text) == (False, 4, "Mine")


def test_without_a_version_that_was_seen_the_newest_is_followed(library: PromptLibrary) -> None:
    one = library.save(prompt()).prompt
    library.save(replace(one.prompt, text="Theirs"), one.id)
    mine = library.save(replace(one.prompt, text="Mine"), one.id)
    assert (mine.beside, mine.prompt.version) == (False, 3)


def test_saving_what_somebody_threw_away_brings_it_back(library: PromptLibrary) -> None:
    one = library.save(prompt()).prompt
    library.remove(one.id)
    library.save(prompt(text="Another of this name"))
    saved = library.save(replace(one.prompt, text="Still writing"), one.id, instead_of=1)
    assert (saved.prompt.id, saved.prompt.removed_at, saved.beside) == (one.id, None, False)
    assert saved.prompt.prompt.name == "summarise-2"


def test_saving_what_was_erased_keeps_it_as_a_new_prompt(library: PromptLibrary) -> None:
    one = library.save(prompt()).prompt
    library.remove(one.id)
    library.erase([one.id])
    saved = library.save(replace(one.prompt, text="Still writing"), one.id, instead_of=1)
    assert saved.prompt.id != one.id
    assert (saved.beside, saved.prompt.prompt.text) == (True, "Still writing")


def test_many_threads_lose_nothing(library: PromptLibrary) -> None:
    one = library.save(prompt()).prompt

    def write(number: int) -> None:
        for turn in range(10):
            seen = library.get(one.id)
            library.save(replace(seen.prompt, text=f"{number} {turn}"), one.id, instead_of=seen.version)
            library.used(one.id, {"text": str(number)})

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    there = {version.prompt.text for saved in library.all() for version in library.history(saved.id)}
    assert there >= {f"{number} {turn}" for number in range(4) for turn in range(10)}
    assert library.get(one.id).uses == 40
    assert library.all() == tuple(library.get(saved.id) for saved in library.all())


# Versions -------------------------------------------------------------------------------------------------------------


def test_an_old_version_becomes_the_newest(home: Home) -> None:
    one = home.library.save(prompt()).prompt
    home.library.save(replace(one.prompt, text="Second", name="second"), one.id)
    home.news()
    back = home.library.restore_version(one.id, 1)
    assert (back.version, back.prompt) == (3, one.prompt)
    newest = home.library.history(one.id)[0]
    assert (newest.origin, newest.note) == (Origin.RESTORED, "Version 1 again.")
    assert home.news() == 1
    assert home.library.restore_version(one.id, 3).version == 3
    assert home.library.restore_version(one.id, 1).version == 3  # it says so already
    for number in (0, 4, -1):
        with pytest.raises(UsageError, match=f"There is no version {number} of 'summarise'"):
            home.library.restore_version(one.id, number)


def test_an_old_version_whose_name_is_taken_gets_a_number(library: PromptLibrary) -> None:
    one = library.save(prompt()).prompt
    library.save(replace(one.prompt, name="other"), one.id)
    library.save(prompt())
    assert library.restore_version(one.id, 1).prompt.name == "summarise-2"


def test_ten_thousand_versions(home: Home) -> None:
    one = home.library.save(prompt()).prompt
    with home.database.write() as tx:
        for number in range(2, 10_001):
            content = f'{{"title":"Summarise","name":"summarise","text":"{number}"}}'
            tx.execute("INSERT INTO prompt_versions VALUES (?, ?, 1.0, 'written', '', ?)", (one.id, number, content))
        tx.execute("UPDATE prompts SET version = 10000")
    home.bus.publish(Topic.PROMPTS)
    assert home.library.get(one.id).prompt.text == "10000"
    assert len(home.library.history(one.id)) == 10_000
    assert home.library.restore_version(one.id, 77).prompt.text == "77"


def test_a_version_of_a_newer_program_is_shown(home: Home) -> None:
    one = home.library.save(prompt()).prompt
    with home.database.write() as tx:
        tx.execute("UPDATE prompt_versions SET origin = 'dreamt'")
    assert home.library.history(one.id)[0].origin is Origin.WRITTEN


@pytest.mark.parametrize(
    "damage", ["{", "[]", '{"title":1}', '{"title":"A","steps":[{"cases":[{}]}]}', "[" * 100_000, ""]
)
def test_a_damaged_version_hides_no_other(home: Home, damage: str) -> None:
    one, other = home.library.save(prompt()).prompt, home.library.save(prompt("Other")).prompt
    home.library.save(replace(one.prompt, text="Second"), one.id)
    with home.database.write() as tx:
        tx.execute("UPDATE prompt_versions SET content = ? WHERE prompt_id = ? AND number = 2", (damage, one.id))
        tx.execute("UPDATE prompt_versions SET content = ? WHERE prompt_id = ?", (damage, other.id))
    library = PromptLibrary(home.store, home.bus)
    assert [(seen.prompt, seen.version) for seen in library.all()] == [(one.prompt, 2)]
    assert library.damaged() == ("other", "summarise")
    assert [version.number for version in library.history(one.id)] == [1]
    saved = library.save(replace(one.prompt, text="Third"), one.id, instead_of=2)
    assert (saved.beside, saved.prompt.version, saved.prompt.prompt.text) == (False, 3, "Third")
    assert library.damaged() == ("other",)


# The bin --------------------------------------------------------------------------------------------------------------


def test_into_the_bin_and_out_of_it(home: Home) -> None:
    one, other = home.library.save(prompt()).prompt, home.library.save(prompt("Other")).prompt
    home.library.favourite(one.id, on=True)
    home.news()
    removed = home.library.remove(one.id)
    assert removed.removed_at is not None
    assert home.library.remove(one.id).removed_at == removed.removed_at
    home.library.remove(other.id)
    assert titles(home.library.bin()) == ["Other", "Summarise"]
    assert home.library.all() == ()
    back = home.library.bring_back(one.id)
    assert (back.removed_at, back.favourite, back.version) == (None, True, 1)
    assert titles(home.library.all()) == ["Summarise"]
    assert home.news() == 4


def test_out_of_the_bin_under_another_name_where_its_own_is_taken(library: PromptLibrary) -> None:
    one = library.save(prompt()).prompt
    library.remove(one.id)
    library.save(prompt(text="The next one"))
    back = library.bring_back(one.id)
    assert (back.prompt.name, back.version) == ("summarise-2", 2)
    assert library.history(one.id)[0].note == "“summarise” was taken when it came out of the bin."
    assert library.bring_back(one.id) == back


def test_only_what_is_in_the_bin_is_erased(home: Home) -> None:
    one, other = home.library.save(prompt()).prompt, home.library.save(prompt("Other")).prompt
    home.library.used(one.id, {"text": "x"})
    home.library.remove(one.id)
    home.news()
    home.library.erase([one.id, other.id, "unknown"])
    assert (home.library.bin(), titles(home.library.all()), home.news()) == ((), ["Other"], 1)
    for table in ("prompt_versions", "prompt_values"):
        assert home.database.rows(f"SELECT * FROM {table} WHERE prompt_id = ?", (one.id,)) == []


def test_after_thirty_days_the_bin_forgets(home: Home) -> None:
    one, other = home.library.save(prompt()).prompt, home.library.save(prompt("Other")).prompt
    home.library.remove(one.id)
    home.clock.at += 20 * DAY
    home.library.remove(other.id)
    home.clock.at += 11 * DAY
    service.empty_bin(home.store)
    assert titles(home.library.bin()) == ["Other"]


# Use ------------------------------------------------------------------------------------------------------------------


def test_a_use_is_counted_and_what_was_filled_in_remembered(home: Home) -> None:
    clipboard = Variable("copied", VariableKind.CLIPBOARD)
    one = home.library.save(Prompt("A", "a", "{{ x }} {{ copied }}", variables=(Variable("x"), clipboard))).prompt
    home.library.used(one.id, {"x": "one", "copied": "a secret"})
    home.library.used(one.id, {"x": "two \ud800", "größe": "XL"})
    now = home.library.get(one.id)
    assert (now.uses, now.version) == (2, 1)
    assert now.last_used_at == home.clock.at
    assert home.library.last_values(one.id) == {"x": "two ?", "größe": "XL"}
    assert home.library.last_values("unknown") == {}


def test_a_copy_stands_by_itself(library: PromptLibrary) -> None:
    one = library.save(prompt(tags=("mail",))).prompt
    library.used(one.id, {"text": "x"})
    copy = library.duplicate(one.id)
    assert (copy.prompt.title, copy.prompt.name, copy.uses) == ("Summarise (copy)", "summarise-2", 0)
    assert (copy.prompt.text, copy.prompt.tags, copy.version) == (one.prompt.text, ("mail",), 1)
    library.save(replace(copy.prompt, text="Changed"), copy.id)
    assert library.get(one.id).prompt == one.prompt


def test_a_home_that_cannot_be_written_shows_its_prompts(tmp_path: Path, home: Home) -> None:
    one = home.library.save(prompt()).prompt
    home.database.read_only = "the disk is full"
    assert titles(home.library.all()) == ["Summarise"]
    assert titles(home.library.find("sum")) == ["Summarise"]
    with pytest.raises(StorageError, match="the disk is full"):
        home.library.save(prompt("Other"))
    with pytest.raises(StorageError):
        home.library.used(one.id, {})
    assert titles(home.library.all()) == ["Summarise"]
