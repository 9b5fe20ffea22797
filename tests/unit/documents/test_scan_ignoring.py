"""What of a folder is read: ignore files as git reads them, the folder's rules, and what is nobody's document."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from workbench.cancel import CancelToken
from workbench.documents.collection import Rules
from workbench.documents.scanning.patterns import Patterns
from workbench.documents.scanning.scan import scan
from workbench.documents.scanning.seen import Scan

USUAL = Rules()
NAMES = ("a", "b", "foo", "bar.txt", "x.log", "a.b.txt", "docs", "sp ace", "#c", "[q]")
WORDS = (
    *("a", "b/", "/a", "*.log", "*.txt", "!a", "!*.txt", "a/b", "**/b", "a/**", "a/**/b", "foo/*", "!foo/bar.txt", "*"),
    *(
        "!*/",
        "/docs/",
        "do?s",
        "[ab]",
        "[!a]",
        "\\#c",
        "\\[q\\]",
        "sp ace",
        "sp ace ",
        "a.b.*",
        "*.b.txt",
        "#c",
        "",
        "/",
    ),
    *("foo/a/", "!/docs", "**", "x.*", "!x.log", "docs/**/a", "bar.txt/", "b/*/a", "**/foo/**", "!b/", ".b.txt", "*.*"),
    *("[[:alpha:]]", "!?[[:punct:]]*", "[[:alpha:][:digit:]]*.txt", "[![:lower:]]*", "[[]q[]]", "x.log\t", "[]a]*"),
)


def look(root: Path, rules: Rules = USUAL, under: str = "") -> Scan:
    return scan(root, rules, CancelToken(), under)


def plant(root: Path, *files: str, text: str = "words") -> None:
    for file in files:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def grow(root: Path, chance: random.Random, depth: int = 0) -> None:
    for name in chance.sample(NAMES, chance.randint(2, 5)):
        place = root / name
        if depth < 3 and chance.random() < 0.55:
            place.mkdir()
            grow(place, chance, depth + 1)
        else:
            place.write_text("x")
    if depth == 0 or chance.random() < 0.35:
        lines = chance.sample(WORDS, chance.randint(1, 6))
        (root / ".gitignore").write_text(
            "\n".join(lines) + chance.choice(("", "\n", "\r\n" if len(lines) == 1 else ""))
        )


@pytest.mark.skipif(shutil.which("git") is None, reason="git is what it is compared with")
@pytest.mark.parametrize("seed", range(32))
def test_ignore_files_mean_what_git_takes_them_for(tmp_path: Path, seed: int) -> None:
    grow(tmp_path, random.Random(seed))
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(["git", "init", "-q", tmp_path], check=True, env=environment)
    listed = subprocess.run(
        ["git", "ls-files", "--others", "--exclude-per-directory=.gitignore", "-z"],
        cwd=tmp_path,
        env=environment,
        check=True,
        capture_output=True,
    )
    expected = {os.fsdecode(name) for name in listed.stdout.split(b"\0") if name}
    seen = set(look(tmp_path, Rules(hidden=True)).files)
    assert {name for name in seen if not name.endswith(".gitignore")} == {
        name for name in expected if not name.endswith(".gitignore")
    }


def test_a_look_at_one_place_sees_what_a_look_at_the_whole_sees(tmp_path: Path) -> None:
    for seed in range(12):
        root = tmp_path / str(seed)
        root.mkdir()
        grow(root, random.Random(1000 + seed))
        whole = look(root)
        for place in [path.relative_to(root).as_posix() for path in root.rglob("*")]:
            part = look(root, under=place)
            inside = {path for path in (*whole.files, *whole.others) if path == place or path.startswith(f"{place}/")}
            assert set(part.files) | set(part.others) == inside, (seed, place)
            assert part.files.items() <= whole.files.items()
            assert part.others.items() <= whole.others.items()


def test_our_own_ignore_file_counts_before_gits(tmp_path: Path) -> None:
    plant(tmp_path, "notes/a.txt", "notes/b.txt")
    (tmp_path / "notes" / ".gitignore").write_text("*.txt\n")
    (tmp_path / "notes" / ".workbenchignore").write_text("!a.txt\n")
    found = look(tmp_path)
    assert set(found.files) == {"notes/a.txt"}
    assert found.others["notes/b.txt"].reason == "notes/.gitignore says to leave it out."
    assert set(look(tmp_path, Rules(ignore_files=False)).files) == {"notes/a.txt", "notes/b.txt"}


def test_an_ignore_file_that_is_none_counts_for_nothing(tmp_path: Path) -> None:
    plant(tmp_path, "a/x.txt", "b/x.txt", "c/x.txt", "elsewhere")
    (tmp_path / "elsewhere").write_text("*")
    os.mkfifo(tmp_path / "a" / ".gitignore")
    (tmp_path / "b" / ".gitignore").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "c" / ".gitignore").write_bytes(b"\xff\xfe[\n" + b"x" * 5000 + b"\n***[\n!\n")
    assert {"a/x.txt", "b/x.txt", "c/x.txt"} <= set(look(tmp_path).files)


def test_rules_include_and_exclude(tmp_path: Path) -> None:
    plant(tmp_path, "docs/a.txt", "docs/deep/b.md", "src/c.txt", "d.txt")
    found = look(tmp_path, Rules(include=("docs/", "d.txt"), exclude=("deep",)))
    assert set(found.files) == {"docs/a.txt", "d.txt"}
    assert found.others["docs/deep"].reason == "This folder's rules exclude it."
    assert found.others["src/c.txt"].reason == "This folder's rules do not include it."
    assert set(look(tmp_path, Rules(include=("*.md",))).files) == {"docs/deep/b.md"}
    assert set(look(tmp_path, Rules(include=("docs", "!docs/deep"))).files) == {"docs/a.txt"}


def test_kinds_that_are_switched_off_and_those_that_nobody_reads(tmp_path: Path) -> None:
    plant(tmp_path, "a.PDF", "b.docx", "c.png", "README", "Makefile", "d.unknown", "e.zip")
    found = look(tmp_path, Rules(formats_off=frozenset(("pdf", "code"))))
    assert set(found.files) == {"b.docx", "README", "d.unknown"}
    reasons = {path: other.reason for path, other in found.others.items()}
    assert reasons["a.PDF"] == "PDF: switched off for this folder."
    assert reasons["Makefile"] == "Source code: switched off for this folder."
    assert reasons["c.png"] == "Pictures have no text."
    assert reasons["e.zip"]


def test_nobodys_documents_are_told_a_whole_tree_at_once(tmp_path: Path) -> None:
    plant(tmp_path, *(f"app/node_modules/p{number}/index.js" for number in range(20)), ".git/config", "my.env/x.py")
    plant(
        tmp_path, "my.env/pyvenv.cfg", "target/CACHEDIR.TAG", "target/out.txt", "Library.photoslibrary/a.txt", "a.txt"
    )
    found = look(tmp_path)
    assert set(found.files) == {"a.txt"}
    assert set(found.others) == {"app/node_modules", ".git", "my.env", "target", "Library.photoslibrary"}
    assert all(other.reason for other in found.others.values())


@pytest.mark.parametrize(
    "name",
    ["~$letter.docx", ".~lock.a.odt#", "a.txt~", ".a.txt.swp", "x.part", "._a.txt", "#a#", "uv.lock", "app.min.js"],
)
def test_files_that_programs_need_are_not_read(tmp_path: Path, name: str) -> None:
    plant(tmp_path, name, "a.txt", "b.js", "tilde~.txt", "#5 report.txt")
    found = look(tmp_path, Rules(hidden=True))
    assert set(found.files) == {"a.txt", "b.js", "tilde~.txt", "#5 report.txt"}
    assert found.others[name].reason


def test_hidden_names_are_read_where_the_rules_say_so(tmp_path: Path) -> None:
    plant(tmp_path, ".notes/a.txt", ".b.txt", "c.txt")
    assert set(look(tmp_path).files) == {"c.txt"}
    assert set(look(tmp_path).others) == {".notes", ".b.txt"}
    assert set(look(tmp_path, Rules(hidden=True)).files) == {".notes/a.txt", ".b.txt", "c.txt"}


def test_classes_of_characters_and_what_ends_a_line() -> None:
    """As git has them: letters and the like by name, and only spaces at the end are no part of a pattern."""
    patterns = Patterns(["draft[[:digit:]].md", "[[:punct:]]*", "tab.md\t", "[[]x]", "[[:nonsense:]"])
    names = ("draft1.md", "draftx.md", "[a", "~b", "ab", "tab.md", "tab.md\t", "[x]")
    assert {name for name in names if patterns.verdict(name, name, folder=False)} == {
        *("draft1.md", "[a", "~b", "tab.md\t", "[x]"),
    }


def test_the_last_pattern_that_fits_decides() -> None:
    patterns = Patterns(["*.txt", "!keep.txt", "build/", "!k*.txt", "keep.txt"])
    assert patterns.verdict("keep.txt", "keep.txt", folder=False) is True
    assert patterns.verdict("kind.txt", "kind.txt", folder=False) is False
    assert patterns.verdict("a/b.txt", "b.txt", folder=False) is True
    assert patterns.verdict("build", "build", folder=False) is None
    assert patterns.verdict("build", "build", folder=True) is True
    assert not Patterns(["", "# a comment", "   "])
