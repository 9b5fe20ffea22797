"""The one door to SQLite: safe settings, one writer at a time, and errors that people understand.

Only this module imports SQLite, through sqlite-utils, so that there is one SQLite library and one family of exceptions.
"""

from __future__ import annotations

import errno
import gc
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlite_utils
from filelock import FileLock, Timeout
from sqlite_utils.migrations import Migrations
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]

from workbench.errors import StorageError

BUSY_MILLISECONDS = 1000
KEPT_BACKUPS = 3
LEAST_FREE_BYTES = 1 << 20
COPIED_PAGES = 2048

Row = Any
File = tuple[int, int]  # device and inode; as long as it is open, no other file is given the same
UNKNOWN_FILE: File = (-1, -1)


def sqlite_version() -> str:
    """The SQLite library in use, for example ``3.51.3``."""
    return str(sqlite3.sqlite_version)


def read_file(path: Path, sql: str) -> list[Row]:
    """All rows of one query on a database that is never written to: the file stays as it is. Raises `StorageError`."""
    try:
        if not path.stat().st_size:  # which SQLite would take for a new, empty one
            raise StorageError(f"{path} is empty.")
        connection = _reading_connection(path)
        try:
            connection.row_factory = sqlite3.Row
            return list(connection.execute(sql))
        finally:
            connection.close()
    except (sqlite3.Error, OSError) as error:
        raise StorageError(_reason(error, path), hint=_hint(error), detail=str(error)) from error


@contextmanager
def making_many() -> Iterator[None]:
    """In this block thousands of lasting objects are made of rows. Python's search for cycles, which new objects set off,
    goes over all that the program has (0.1 s), as often as not in the middle: it waits until they are made."""
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searched:
            gc.enable()


class Database:
    """One SQLite file. Reads use a connection per thread; writes are one at a time, in this process and across processes.

    A full disk or a read-only folder still opens for reading what is there: `read_only` then says why, and a write raises
    `StorageError`.
    """

    def __init__(self, path: Path, migrations: Migrations, *, backups: Path, durable: bool = True) -> None:
        """Open, migrate, or refuse: `StorageError` for a newer, damaged or inaccessible file, then left as it is.

        ``durable`` False: the last commits may be lost when the power is cut, for what can be made again.
        """
        self.path = path
        self._synchronous = "FULL" if durable else "NORMAL"
        self.read_only = ""
        self._local = threading.local()
        self._all: list[Any] = []
        self._lock = threading.RLock()
        self._closed = False
        self._refuse_newer(migrations)
        with self._speaking_storage_errors():
            try:
                self._open_for_writing(migrations, backups)
            except (sqlite3.OperationalError, OSError) as error:
                self._open_for_reading(migrations, error)

    @contextmanager
    def write(self) -> Iterator[sqlite_utils.Database]:
        """One transaction: all of it is on disk when this block ends, or nothing is. Waits at most a second for others."""
        if self.read_only:
            raise StorageError(
                f"Nothing can be saved: {self.read_only}",
                hint="Make room or make the folder writable, then start again.",
            )
        with self._lock, self._speaking_storage_errors():
            if self._closed:
                raise StorageError("The database is closed.", hint="Start Workbench again.")
            connection = self._writer
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield sqlite_utils.Database(connection)
                connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # a full disk may have rolled it back already
                    connection.execute("ROLLBACK")
                raise

    def rows(self, sql: str, arguments: tuple[Any, ...] | dict[str, Any] = ()) -> list[Row]:
        """All rows of one query, readable by position and by name."""
        with self._speaking_storage_errors():
            return list(self._reader().execute(sql, arguments))

    def row(self, sql: str, arguments: tuple[Any, ...] | dict[str, Any] = ()) -> Row | None:
        """The first row, or None."""
        rows = self.rows(sql, arguments)
        return rows[0] if rows else None

    def version_seen(self) -> int:
        """A number that changes when another *process* commits: all writes of this one go through one connection."""
        with self._lock, self._speaking_storage_errors():
            return int(self._writer.execute("PRAGMA data_version").fetchone()[0])

    def replaced(self) -> bool:
        """Whether another file stands in the place of the one that is open, or none: somebody removed it."""
        now = _file_at(self.path)
        return UNKNOWN_FILE not in (now, self._file) and now != self._file

    def check(self) -> str:
        """SQLite's own integrity check: ``ok`` or what is wrong.

        On a new connection: one that has looked into a text index before checks it against what it remembers of it.
        """
        with self._speaking_storage_errors():
            connection = self._connect()
            try:
                return str(connection.execute("PRAGMA integrity_check(5)").fetchone()[0])
            finally:
                connection.close()

    def copy_to(self, target: Path, check: Callable[[], None] = lambda: None) -> None:
        """A copy as of this moment, into a new file; others go on writing. ``check`` is called now and then, and may raise.

        Raises `StorageError`; an unfinished copy is left to the caller.
        """
        with self._speaking_storage_errors():
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            connection, copy = self._connect(), sqlite3.connect(target)
            try:
                connection.execute("BEGIN")  # one moment: what is written meanwhile must not begin the copy anew
                connection.execute("SELECT 1 FROM sqlite_master").fetchone()
                connection.backup(copy, pages=COPIED_PAGES, progress=lambda *_counts: check(), sleep=0.001)
                copy.execute("PRAGMA journal_mode = DELETE")  # one file, also for whoever only reads
            finally:
                copy.close()
                connection.close()

    def close(self) -> None:
        """Fold the write-ahead log into the file and close every connection; later calls raise `StorageError`."""
        with self._lock:
            if self._closed:
                return
            if not self.read_only:
                with suppress(sqlite3.Error, StorageError):
                    self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._closed = True
            for connection in self._all:
                with suppress(sqlite3.Error):
                    connection.close()

    # Opening ----------------------------------------------------------------------------------------------------------

    def _refuse_newer(self, migrations: Migrations) -> None:
        if not self.path.exists():
            return
        known = {migration.name for migration in migrations._migrations}  # noqa: SLF001 - no public list of the names
        with self._speaking_storage_errors():
            connection = self._connect_for_reading()
            try:
                applied = _applied(connection, migrations)
            finally:
                connection.close()
        unknown = sorted(applied - known)
        if unknown:
            raise StorageError(
                f"{self.path} was made by a newer Workbench (it has {unknown[-1]}).",
                hint="Install the newer version, or point WORKBENCH_HOME to another folder. The file was not touched.",
            )

    def _open_for_writing(self, migrations: Migrations, backups: Path) -> None:
        if not self.path.exists():
            os.close(os.open(self.path, os.O_CREAT | os.O_WRONLY, 0o600))
        self._file = _file_at(self.path)
        if not os.access(self.path, os.W_OK) or not os.access(self.path.parent, os.W_OK):
            raise PermissionError(f"{self.path.parent} is read-only")
        if shutil.disk_usage(self.path.parent).free < LEAST_FREE_BYTES:  # told now, not at the first message
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._connect = self._connect_for_writing
        self._writer = self._open_connection()
        database = sqlite_utils.Database(self._writer)
        if not migrations.pending(database):
            return
        try:
            with FileLock(f"{self.path}.migrating", timeout=30, mode=0o600):
                self._migrate(database, migrations, backups)
        except Timeout as error:
            raise StorageError(
                f"Another Workbench is updating {self.path}.", hint="Wait until it has finished, then start again."
            ) from error

    def _migrate(self, database: sqlite_utils.Database, migrations: Migrations, backups: Path) -> None:
        pending = migrations.pending(database)
        if pending and migrations.applied(database):
            self._back_up(backups / f"{self.path.stem}-before-{pending[0].name}.db", backups)
        migrations.apply(database)

    def _back_up(self, target: Path, backups: Path) -> None:
        backups.mkdir(parents=True, exist_ok=True, mode=0o700)
        copy = sqlite3.connect(target)
        try:
            self._writer.backup(copy)
        finally:
            copy.close()
        target.chmod(0o600)
        old = sorted(backups.glob(f"{self.path.stem}-before-*.db"), key=lambda file: file.stat().st_mtime)
        for extra in old[:-KEPT_BACKUPS]:
            extra.unlink()

    def _open_for_reading(self, migrations: Migrations, error: Exception) -> None:
        """The disk is full or the folder read-only: show what is there rather than nothing."""
        self._forget_connections()
        self.read_only = _reason(error, self.path)
        if not self.path.exists() or not self.path.stat().st_size or _is_busy(error):
            raise error
        self._file = _file_at(self.path)
        self._connect = self._connect_for_reading
        self._writer = self._open_connection()
        if migrations.pending(sqlite_utils.Database(self._writer)):
            raise error

    def _connect_for_writing(self) -> Any:
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {self._synchronous}")
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    def _connect_for_reading(self) -> Any:
        return _reading_connection(self.path)

    # Connections and errors -------------------------------------------------------------------------------------------

    _connect: Callable[[], Any]
    _writer: Any
    _file: File = UNKNOWN_FILE

    def _reader(self) -> Any:
        """This thread's own connection: readers never wait for the writer."""
        if self._closed:
            raise StorageError("The database is closed.", hint="Start Workbench again.")
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._open_connection()
        return connection

    def _open_connection(self) -> Any:
        connection = self._connect()
        connection.row_factory = sqlite3.Row
        with self._lock:
            self._all.append(connection)
        return connection

    def _forget_connections(self) -> None:
        for connection in self._all:
            with suppress(sqlite3.Error):
                connection.close()
        self._all.clear()
        self._local = threading.local()

    @contextmanager
    def _speaking_storage_errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StorageError(_reason(error, self.path), hint=_hint(error), detail=str(error)) from error


class MemoryDatabase(Database):
    """The same schema in memory: nothing of it is ever written to a disk, and it is gone when it is closed or nobody
    refers to it any more. All threads share one connection, one at a time."""

    def __init__(self, migrations: Migrations) -> None:
        self.path = Path(":memory:")
        self.read_only = ""
        self._local = threading.local()
        self._all = []
        self._lock = threading.RLock()
        self._closed = False
        self._connect = _connect_to_memory
        self._writer = self._open_connection()
        migrations.apply(sqlite_utils.Database(self._writer))

    def rows(self, sql: str, arguments: tuple[Any, ...] | dict[str, Any] = ()) -> list[Row]:
        with self._lock, self._speaking_storage_errors():
            return list(self._reader().execute(sql, arguments))

    def _reader(self) -> Any:
        if self._closed:
            raise StorageError("The database is closed.", hint="Start Workbench again.")
        return self._writer


def _connect_to_memory() -> Any:
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA temp_store = MEMORY")  # sorting spills nowhere
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _reading_connection(path: Path) -> Any:
    """Read-only where SQLite can; where it cannot even make its shared memory, as an unchanging file."""
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        uri = f"{path.as_uri()}?mode=ro&immutable=1"
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    return connection


def _file_at(path: Path) -> File:
    """(0, 0) where there is none; unknown where the system does not say."""
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return (0, 0)
    except OSError:
        return UNKNOWN_FILE
    return (status.st_dev, status.st_ino)


def _applied(connection: Any, migrations: Migrations) -> set[str]:
    has_table = "SELECT 1 FROM sqlite_master WHERE name = ?"
    if not connection.execute(has_table, (migrations.migrations_table,)).fetchone():
        return set()
    query = f"SELECT name FROM {migrations.migrations_table} WHERE migration_set = ?"  # noqa: S608 - a constant
    return {row[0] for row in connection.execute(query, (migrations.name,))}


def _is_busy(error: Exception) -> bool:
    return "locked" in str(error) or "busy" in str(error)


def _reason(error: Exception, path: Path) -> str:
    text = str(error)
    if _is_busy(error):
        return f"{path} is locked by another program."
    if "full" in text or "No space" in text:
        return f"The disk with {path} is full."
    if "malformed" in text or "not a database" in text or "corrupt" in text:
        return f"{path} is damaged and was left as it is."
    if isinstance(error, PermissionError) or "readonly" in text or "read-only" in text or "unable to open" in text:
        return f"{path} cannot be written: its folder or disk is read-only."
    return f"{path} could not be used: {text}."


def _hint(error: Exception) -> str:
    if _is_busy(error):
        return "Close the other program that uses it (a backup or sync tool, perhaps), then try again."
    text = str(error)
    if "malformed" in text or "not a database" in text or "corrupt" in text:
        return "`workbench backup list` shows the backups, `workbench backup restore NAME` puts one in its place."
    return "Make room on the disk or make the folder writable, then try again."
