"""The database on real files: nothing is half written, and every refusal says what to do."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlite_utils
from sqlite_utils.migrations import Migrations

from workbench import migrations
from workbench.db import Database
from workbench.errors import StorageError

NOBODY = 65534
IMPORTS = """import os, sys
from pathlib import Path
import urllib.parse, psutil, filelock, sqlite_utils
sqlite_utils.Database(memory=True).close()
from sqlite_utils.migrations import Migrations
from workbench.db import Database
from workbench.errors import StorageError
"""


def steps(*names: str) -> Migrations:
    made = Migrations("workbench")
    for name in names:

        def step(db: sqlite_utils.Database, name: str = name) -> None:
            db.execute(f"CREATE TABLE {name} (id INTEGER PRIMARY KEY, text TEXT)")

        made(name=f"m_{name}")(step)
    return made


def open_database(folder: Path, made: Migrations | None = None) -> Database:
    return Database(folder / "workbench.db", made or steps("notes"), backups=folder / "backups")


def test_a_write_is_whole_or_nothing(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    with pytest.raises(ZeroDivisionError), database.write() as tx:
        tx.table("notes").insert({"id": 1, "text": "half"})
        _ = 1 / 0
    assert database.rows("SELECT * FROM notes") == []
    with database.write() as tx:
        tx.table("notes").insert({"id": 1, "text": "whole"})
    database.close()
    again = open_database(tmp_path)
    assert [tuple(row) for row in again.rows("SELECT * FROM notes")] == [(1, "whole")]
    again.close()


def test_full_synchronous_and_foreign_keys_are_on(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    settings = {
        name: database._writer.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "foreign_keys")
    }
    assert settings == {"synchronous": 2, "foreign_keys": 1}
    assert database._writer.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    database.close()


def test_many_writers_lose_nothing(tmp_path: Path) -> None:
    database = open_database(tmp_path)

    def write() -> None:
        for _ in range(25):
            with database.write() as tx:
                tx.execute("INSERT INTO notes (text) VALUES ('x')")

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert database.rows("SELECT count(*) FROM notes")[0][0] == 100
    database.close()


def test_a_newer_database_is_refused_and_not_touched(tmp_path: Path) -> None:
    open_database(tmp_path, steps("notes", "future")).close()
    before = (tmp_path / "workbench.db").read_bytes()
    with pytest.raises(StorageError, match=r"newer Workbench.*m_future") as refused:
        open_database(tmp_path, steps("notes"))
    assert "not touched" in refused.value.hint
    assert (tmp_path / "workbench.db").read_bytes() == before


def test_an_older_database_is_copied_before_it_is_migrated(tmp_path: Path) -> None:
    old = open_database(tmp_path)
    with old.write() as tx:
        tx.execute("INSERT INTO notes (text) VALUES ('kept')")
    old.close()
    new = open_database(tmp_path, steps("notes", "extra"))
    assert new.rows("SELECT text FROM notes")[0][0] == "kept"
    new.close()
    (copy,) = (tmp_path / "backups").iterdir()
    assert copy.name == "workbench-before-m_extra.db"
    assert sqlite_utils.Database(copy).table_names() == ["_sqlite_migrations", "notes"]


def test_three_copies_are_kept(tmp_path: Path) -> None:
    names = ["notes", "a", "b", "c", "d", "e"]
    for count in range(1, len(names) + 1):
        open_database(tmp_path, steps(*names[:count])).close()
    assert len(list((tmp_path / "backups").iterdir())) == 3


@pytest.mark.parametrize(
    "content", [b"this is not a database at all, whatever its name says" * 40, b"SQLite format 3\0" + b"\xff" * 8000]
)
def test_a_damaged_file_is_told_and_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "workbench.db"
    path.write_bytes(content)
    with pytest.raises(StorageError, match="damaged") as refused:
        open_database(tmp_path)
    assert "backups" in refused.value.hint
    assert path.read_bytes() == content


def test_a_file_locked_by_another_program_is_told_within_seconds(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    other = sqlite_utils.Database(tmp_path / "workbench.db")
    other.conn.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="locked by another program"), database.write():
        pass
    other.conn.rollback()
    other.close()
    with database.write() as tx:
        tx.execute("INSERT INTO notes (text) VALUES ('after')")
    database.close()


def test_files_are_private(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        database = open_database(tmp_path)
        with database.write() as tx:
            tx.execute("INSERT INTO notes (text) VALUES ('x')")
        modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir() if file.is_file()}
    finally:
        os.umask(before)
        database.close()
    assert {modes[name] for name in ("workbench.db", "workbench.db-wal", "workbench.db-shm")} == {0o600}


def test_other_processes_changes_are_noticed(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    seen = database.version_seen()
    with database.write() as tx:
        tx.execute("INSERT INTO notes (text) VALUES ('own')")
    assert database.version_seen() == seen
    other = sqlite_utils.Database(tmp_path / "workbench.db")
    other.table("notes").insert({"text": "theirs"})
    other.close()
    assert database.version_seen() != seen
    database.close()


def as_nobody(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run as an ordinary user: under root, permission tests pass for the wrong reason. Its imports come first, because
    an ordinary user may not read root's Python."""
    drop = f"os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})\n"
    command = [sys.executable, "-c", IMPORTS + drop + textwrap.dedent(code), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def everybodys() -> Iterator[Path]:
    """A folder that any user may enter; pytest's own are closed to others."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="needs root to become somebody else")
def test_a_read_only_home_shows_what_is_there_and_saves_nothing(everybodys: Path) -> None:
    folder = everybodys / "home"
    folder.mkdir()
    database = open_database(folder)
    with database.write() as tx:
        tx.execute("INSERT INTO notes (text) VALUES ('readable')")
    database.close()
    folder.chmod(0o555)
    (folder / "workbench.db").chmod(0o444)
    seen = as_nobody(
        """
        made = Migrations("workbench")
        made(name="m_notes")(lambda db: None)
        database = Database(Path(sys.argv[1]) / "workbench.db", made, backups=Path(sys.argv[1]) / "backups")
        print(database.row("SELECT text FROM notes")[0], "|", database.read_only)
        try:
            with database.write(): pass
        except StorageError as error:
            print(error.message)
        """,
        str(folder),
    )
    assert "readable | " in seen.stdout, seen.stderr
    assert "Nothing can be saved" in seen.stdout
    assert "read-only" in seen.stdout


def test_a_full_disk_opens_for_reading_and_says_so(tmp_path: Path) -> None:
    """A real full file system: a small tmpfs, filled up."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], check=False, capture_output=True
    ).returncode:
        pytest.skip("cannot mount a small file system here")
    try:
        database = open_database(disk)
        with database.write() as tx:
            tx.execute("INSERT INTO notes (text) VALUES ('before it was full')")
        with pytest.raises(StorageError, match=r"disk .* is full"), database.write() as tx:
            tx.execute("INSERT INTO notes (text) VALUES (?)", ("x" * (4 << 20),))
        database.close()
        fill(disk / "filler")
        full = open_database(disk)
        assert full.rows("SELECT text FROM notes")[0][0] == "before it was full"
        assert "full" in full.read_only
        with pytest.raises(StorageError, match="Nothing can be saved"), full.write():
            pass
        full.close()
    finally:
        subprocess.run(["umount", disk], check=True)


def fill(file: Path) -> None:
    with file.open("wb", buffering=0) as stream:
        try:
            while True:
                stream.write(b"x" * 4096)
        except OSError:
            pass


def test_the_real_schema_applies_and_is_sound(tmp_path: Path) -> None:
    database = open_database(tmp_path, migrations.workbench)
    assert database.check() == "ok"
    assert database.rows("PRAGMA foreign_key_check") == []
    database.close()


def test_the_check_is_not_misled_by_what_a_connection_remembers_of_a_text_index(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.db", migrations.workbench, backups=tmp_path / "backups")
    assert database.check() == "ok"
    with database.write() as tx:
        tx.execute("INSERT INTO search_texts (rowid, text) VALUES (7, 'the tides')")
    assert database.check() == "ok"
    database.close()


def test_a_copy_is_of_one_moment_while_others_write(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.db", migrations.workbench, backups=tmp_path / "backups")

    def note(text: str) -> None:
        with database.write() as tx:
            tx.execute(
                "INSERT INTO drafts (conversation_id, text, attachments, updated_at) VALUES (?, ?, '[]', 0)",
                (text, text * 100_000),
            )

    for place in range(15):
        note(f"before {place}")
    written: list[str] = []

    def meanwhile() -> None:
        written.append(f"meanwhile {len(written)}")
        note(written[-1])

    database.copy_to(tmp_path / "copy.db", meanwhile)
    copy = Database(tmp_path / "copy.db", migrations.workbench, backups=tmp_path / "backups")
    kept = {row[0] for row in copy.rows("SELECT conversation_id FROM drafts")}
    assert kept == {f"before {place}" for place in range(15)}
    assert copy.check() == "ok"
    assert written
    with pytest.raises(StorageError):
        database.copy_to(tmp_path / "copy.db")
    copy.close()
    database.close()
