"""SQLite's log is emptied beside the work; what is committed is in the file sooner or later, and at once when asked."""

import sqlite3
from contextlib import closing

from myotome.records.checkpoint import EVERY
from tests.stores import START, draft, open_ledger


def in_file(url):
    """Events in the file itself, as somebody would find them who threw the log away."""
    with closing(sqlite3.connect(f"file:{url.removeprefix('sqlite:///')}?immutable=1", uri=True)) as connection:
        return connection.execute("SELECT count(*) FROM event").fetchone()[0]


def write(ledger, count):
    for _ in range(count):
        with ledger.writing(START) as record:
            record.append(draft())


def test_log_is_emptied_after_some_commits(tmp_path):
    with open_ledger("sqlite", tmp_path) as (ledger, url, _):
        ledger.database.forget()  # the tables themselves
        write(ledger, EVERY // 2)
        assert in_file(url) == 0
        write(ledger, EVERY)
        ledger.database.checkpoints.finish()
        assert in_file(url) >= EVERY // 2


def test_log_is_cut_at_once_when_bytes_must_go(tmp_path):
    with open_ledger("sqlite", tmp_path) as (ledger, url, _):
        write(ledger, EVERY + 5)  # so that the other one may be at it
        ledger.database.forget()
        assert in_file(url) == EVERY + 5
        assert next(tmp_path.glob("*-wal")).stat().st_size == 0
