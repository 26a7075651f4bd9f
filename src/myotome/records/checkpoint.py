"""Moving what was committed from SQLite's log into its file, beside the work instead of in the middle of it.

By default SQLite does this at the end of whichever commit finds the log long: that one waits several times as long as
the others, and the longer the larger the record is. A commit is on disk before; nothing depends on when this happens.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import suppress

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

EVERY = 100  # commits, of some ten pages each
PAGES = 10_000  # of the log; where it grows so long all the same, SQLite empties it in a commit


class Checkpoints:
    """Empties the log of one SQLite file; one thread at a time, which ends when it is done."""

    def __init__(self, engine: Engine) -> None:
        """``engine`` connects to that file."""
        self.engine, self.commits, self.busy = engine, 0, threading.Lock()
        self.thread: threading.Thread | None = None

    def after_commit(self) -> None:
        """Begin to empty the log now and then, unless somebody does already; only the one who writes calls this."""
        self.commits += 1
        if self.commits >= EVERY and (self.thread is None or not self.thread.is_alive()):
            self.commits = 0
            self.thread = threading.Thread(target=self._empty, name="checkpoint", daemon=True)
            self.thread.start()

    def now(self) -> bool:
        """Empty the log whole and cut it to nothing; False where somebody read for longer than one waits."""
        with self.busy:  # SQLite would refuse a second one at once, and the log would keep its bytes
            return self._checkpoint("TRUNCATE")

    def finish(self) -> None:
        """Wait until nobody empties it."""
        if self.thread is not None:
            self.thread.join()

    def _empty(self) -> None:
        # On a full or failing disk the log stays as it is, and the next write says what is wrong.
        with suppress(SQLAlchemyError, sqlite3.Error), self.busy:
            self._checkpoint("PASSIVE")

    def _checkpoint(self, how: str) -> bool:
        pooled = self.engine.raw_connection()  # a checkpoint does nothing inside a transaction
        try:
            [(busy, *_)] = pooled.cursor().execute(f"PRAGMA wal_checkpoint({how})").fetchall()
        finally:
            pooled.close()
        return not busy
