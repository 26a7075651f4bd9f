"""Where a database may be, and how it is reached."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from myotome.errors import RecordError
from myotome.records.database import Database, _engine, _url


@pytest.mark.parametrize(
    ("address", "mode"),
    [
        ("postgresql://clinic@db.example/clinic", "verify-full"),
        ("postgresql://clinic@192.0.2.7/clinic", "verify-full"),
        ("postgresql://clinic@/clinic?host=db.example", "verify-full"),
        ("postgresql://clinic@db.example/clinic?sslmode=verify-ca", "verify-ca"),
        ("postgresql://clinic@localhost/clinic", None),
        ("postgresql://clinic@/clinic?host=/run/postgresql", None),
    ],
)
def test_a_database_on_another_machine_is_reached_by_tls_with_its_certificate_checked(address, mode):
    engine = _engine(_url(address), sqlite=False, exclusive=True)
    heard = {}

    @event.listens_for(engine, "do_connect")
    def far_enough(_, __, ___, told):
        heard.update(told)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        engine.connect()
    assert heard.get("sslmode") == mode


@pytest.mark.parametrize("address", ["", "mysql://x/y", "sqlite://", "sqlite:///:memory:", "http://x"])
def test_an_address_that_is_none_is_refused_by_its_sentence(address):
    with pytest.raises(RecordError, match=r"is not understood|must last"):
        Database(address)
