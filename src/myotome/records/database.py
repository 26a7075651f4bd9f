"""One database, SQLite or PostgreSQL: how it is opened, kept durable, kept to one instance, and brought up to date."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from myotome.errors import RecordError
from myotome.records.checkpoint import PAGES, Checkpoints
from myotome.records.instance import Instance
from myotome.records.trouble import DAMAGED, of_driver, trouble

WAIT = 10  # seconds for another writer before giving up
POOL = 8
LINGERS = (
    "Keys that were destroyed or replaced no longer open anything, but their bytes may still lie in the files of the "
    "database, because somebody was reading or the disk failed. After an erasure this is tried again by itself; after "
    "a change of the master key, change it again."
)


class Database:
    """Connections for reading and for writing; one writer at a time in this process and for each clinic.

    A SQLite file belongs to one running Myotome (a lock beside it); PostgreSQL may be shared.
    """

    def __init__(self, url: str, *, exclusive: bool = True) -> None:
        """Open ``url`` and bring its tables up to date; not ``exclusive``: for reading only.

        Raises:
            RecordError: it cannot be opened, is in use, or was written by a newer Myotome.
        """
        self.url = _url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self.exclusive = exclusive
        self.writing_lock = threading.Lock()
        self.checkpoints: Checkpoints | None = None
        file = Path(self.url.database or "") if self.sqlite else None
        if file is not None and not exclusive and not file.exists():
            raise RecordError(f"There is no record at {file}.")
        self.instance = Instance(file) if file is not None and exclusive else None
        try:
            self.engine = _engine(self.url, self.sqlite, exclusive)
            if self.sqlite and exclusive:
                self.checkpoints = Checkpoints(self.engine)
            with self.spoken():
                self._bring_up_to_date()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give everything back."""
        if self.checkpoints is not None:
            self.checkpoints.finish()
        if hasattr(self, "engine"):
            self.engine.dispose()
        if self.instance is not None:
            self.instance.release()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one moment of the database."""
        with self.spoken(), self.engine.connect() as connection:
            if not self.sqlite:
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self, clinic: str) -> Iterator[Connection]:
        """A connection that alone writes for a clinic; all of it is committed at the end, or none."""
        with self.spoken(), self.writing_lock, self.engine.connect() as connection:
            connection.execution_options(writing=True)
            with connection.begin():
                if not self.sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:c, 7))"), {"c": clinic})
                yield connection
            if self.checkpoints is not None:
                self.checkpoints.after_commit()

    @contextmanager
    def spoken(self) -> Iterator[None]:
        """Turn what the database says into a sentence for the person who waits.

        Raises:
            RecordError: with that sentence.
        """
        try:
            yield
        except DBAPIError as error:
            raise trouble(error, self.sqlite) from None
        except UnicodeDecodeError as error:
            if not of_driver(error):
                raise
            raise RecordError(DAMAGED) from None

    def forget(self) -> None:
        """After keys were destroyed: let no page of the file, nor its log, keep their bytes.

        Raises:
            RecordError: it could not be done, because somebody read for longer than one waits, or the disk failed.
        """
        try:
            done = self.checkpoints.now() if self.checkpoints is not None else self._rewritten()
        except (DBAPIError, sqlite3.Error):
            done = False
        if not done:
            raise RecordError(LINGERS)

    def _rewritten(self) -> bool:
        """PostgreSQL writes both tables anew."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql('VACUUM FULL "key", projection')
        return True

    def _bring_up_to_date(self) -> None:
        config = Config()
        config.set_main_option("script_location", "myotome:records/migrations")
        script = ScriptDirectory.from_config(config)
        with self.engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
        if found == script.get_current_head():
            return
        if found is not None and found not in {change.revision for change in script.walk_revisions()}:
            raise RecordError(f"This record has tables of a newer Myotome ({found}). Open it with that version.")
        if not self.exclusive:
            raise RecordError(
                "This record has tables of an older Myotome. Start 'myotome serve' once to bring it up to date."
            )
        with self.engine.connect().execution_options(writing=True) as connection, connection.begin():
            if not self.sqlite:  # two that start at once on an empty database: the second finds the tables made
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7)")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _url(url: str) -> URL:
    try:
        read = make_url(url)
        backend = read.get_backend_name()
    except (ArgumentError, ValueError):
        backend = ""
    if backend == "sqlite":
        if not read.database or read.database == ":memory:":
            raise RecordError("A record must last: give a file, such as sqlite:////srv/clinic/clinic.db.")
        return read.set(drivername="sqlite+pysqlite")
    if backend in ("postgresql", "postgres"):
        return read.set(drivername="postgresql+psycopg")
    raise RecordError(
        "MYOTOME_DATABASE_URL is not understood. Give sqlite:////FOLDER/clinic.db or postgresql://USER@HOST/NAME."
    )


def _engine(url: URL, sqlite: bool, exclusive: bool) -> Engine:
    if not sqlite:
        settings = f"-c synchronous_commit=on -c lock_timeout={WAIT}s -c timezone=UTC"
        if not exclusive:
            settings += " -c default_transaction_read_only=on"
        arguments: dict[str, Any] = {"options": settings, "connect_timeout": WAIT}
        if not _on_this_machine(url) and "sslmode" not in url.query:
            arguments["sslmode"] = "verify-full"  # nothing goes over a network in the clear, or to a stranger
        return create_engine(url, pool_size=POOL, pool_pre_ping=True, connect_args=arguments)
    if exclusive and url.database is not None:
        _begin_file(Path(url.database))
    engine = create_engine(url, pool_size=POOL, connect_args={"timeout": WAIT, "check_same_thread": False})
    event.listen(engine, "connect", _pragmas if exclusive else _pragmas_read_only)
    event.listen(engine, "begin", _begin)
    return engine


def _on_this_machine(url: URL) -> bool:
    """Whether PostgreSQL is reached over a socket file or this machine's own address."""
    told = url.query.get("host", "")
    host = url.host or (told if isinstance(told, str) else "")
    return not host or host.startswith("/") or host in ("localhost", "127.0.0.1", "::1")


def _begin_file(file: Path) -> None:
    """See that there is a folder and a file for its owner only, whatever the folder lets others see."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise RecordError(f"The folder of {file} cannot be made ({error.strerror}).") from None
    with suppress(OSError):  # it is there already, or SQLite says below why it cannot be
        file.touch(mode=0o600, exist_ok=False)


def _pragmas(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # the driver would begin and commit on its own
    kept = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON")
    for pragma in (*kept, "foreign_keys=ON", "recursive_triggers=ON"):  # or REPLACE would not fire them
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(f"PRAGMA wal_autocheckpoint={PAGES}")


def _pragmas_read_only(connection: Any, _: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA query_only=ON")


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
