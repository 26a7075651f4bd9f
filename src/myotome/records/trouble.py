"""What a database says when something is wrong, as a sentence with a remedy."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError

from myotome.errors import OutcomeUnknownError, RecordError

FULL = "The disk with the record is full. Nothing of this entry was recorded. Make room, then enter it again."
READ_ONLY = (
    "The record cannot be written to: its disk or file is read-only. Nothing was recorded. "
    "Make it writable, then enter it again."
)
BUSY = "Somebody else was writing for too long. Nothing of this entry was recorded. Enter it again."
DAMAGED = "The record's file is damaged. Stop, keep the file, and restore the last backup with 'myotome restore'."
GONE = (
    "The database went away. It is not known whether this entry was recorded: send it again, it will be recorded once."
)
AWAY = "The database cannot be reached. Start it, or check MYOTOME_DATABASE_URL."
KEPT = "An event is never changed or removed. Record an amendment instead."
OTHER = "The database refused. Nothing of this entry was recorded."

SQLITE = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: "The record's file cannot be opened. Check that it exists and belongs to you.",
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: "This file is not a record of Myotome. Check MYOTOME_DATABASE_URL.",
    sqlite3.SQLITE_IOERR: (
        "The disk failed while it was read or written. Send the entry again; "
        "if this comes back, change the disk and restore."
    ),
}
# Classes and codes of PostgreSQL's SQLSTATE.
POSTGRESQL = {
    "53100": FULL,
    "53200": "The database has no memory left. Nothing of this entry was recorded.",
    "53300": "The database has too many connections. Nothing of this entry was recorded. Try again.",
    "25006": READ_ONLY,
    "55P03": BUSY,
    "40P01": BUSY,
    "40001": BUSY,
    "P0001": KEPT,
    "28": "The database does not know this user or password. Check MYOTOME_DATABASE_URL.",
    "3D000": "There is no such database. Make it, or check MYOTOME_DATABASE_URL.",
    "58": "The disk of the database failed. Send the entry again; if this comes back, change the disk and restore.",
    "XX": DAMAGED,
    "08": GONE,
    "57": GONE,
}


def trouble(error: DBAPIError, sqlite: bool) -> RecordError:
    """The sentence for what a driver raised; the driver's own words may hold data and are left out."""
    origin = error.orig
    if sqlite:
        if "never changed or removed" in str(origin):
            return RecordError(KEPT)
        if "Could not decode" in str(origin):
            return RecordError(DAMAGED)
        code = getattr(origin, "sqlite_errorcode", 0)
        if code == sqlite3.SQLITE_IOERR_SHMSIZE:  # no room for the small file beside the log
            return RecordError(FULL)
        words = SQLITE.get(code & 0xFF, OTHER)
        # A failing disk may yet hold an entry whose writing it reported as failed.
        return OutcomeUnknownError(words) if code & 0xFF == sqlite3.SQLITE_IOERR else RecordError(words)
    state = getattr(origin, "sqlstate", None)
    if state is None:
        began = error.connection_invalidated or error.statement is not None
        return OutcomeUnknownError(GONE) if began else RecordError(AWAY)
    words = POSTGRESQL.get(state) or POSTGRESQL.get(state[:2]) or OTHER
    return OutcomeUnknownError(words) if words is GONE else RecordError(words)


def of_driver(error: Exception) -> bool:
    """Whether an error came out of the database's driver: SQLite's own words of a damaged file may be no text."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and str(trace.tb_frame.f_globals.get("__name__", "")).startswith("sqlalchemy.")
