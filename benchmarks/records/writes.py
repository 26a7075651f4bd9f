"""Recording: one event through a practice, one through the bare ledger, and the same bytes through bare inserts."""

from __future__ import annotations

import random
import secrets
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Column, Engine, LargeBinary, MetaData, Table, create_engine, event, insert, select, text
from sqlalchemy.engine import make_url

from benchmarks.measure import Figure
from benchmarks.records.clinics import WHO, Clinic
from benchmarks.records.timing import Act, Times, compared, in_turns
from myotome.clinic.entries.visits import HypothesisRecorded
from myotome.records.database import Database
from myotome.records.event import Draft
from myotome.records.tables import EVENT
from tests.stores import postgresql

MANY = 100  # events of one transaction
BODY = {"identifiers": ["name", "birth date"]}


def figures(small: Clinic, large: Clinic, times: int, sizes: str) -> Iterator[Figure]:
    """An event through a practice and through the ledger, in turns between the clinics."""
    for name, way in (("event by a practitioner", _charted), ("event into the ledger", _appended)):
        one, other = in_turns(way(small), way(large), times=times)
        yield from compared(f"{large.kind}: {name}", one, other, sizes)


def rates(clinic: Clinic, folder: Path, times: int, sizes: str) -> Iterator[Figure]:
    """Events a second of one client, beside bare inserts of the same bytes in turns with them."""
    with _bare(clinic, folder) as bare:
        for count, rounds in ((1, times), (MANY, max(20, times // 20))):
            ours, plain = in_turns(_appended(clinic, count), bare(count), times=rounds)
            name = "events a second" if count == 1 else f"events a second, {count} together"
            yield _rate(f"{clinic.kind}: {name}", ours, plain, count, sizes)


def _rate(name: str, ours: Times, plain: Times, count: int, sizes: str) -> Figure:
    told = f"one client; peer: bare SQLAlchemy inserts, the same bytes, as durable; {sizes}"
    return Figure(name, f"{ours.rate * count:,.0f}", told, f"{plain.rate * count:,.0f}", ours.rate / plain.rate)


def _charted(clinic: Clinic) -> Callable[[], Act]:
    """A hypothesis into a visit of a person whose record is open: right checked, event and state."""
    actor = clinic.access.actor(clinic.signed_in())
    if actor is None:
        raise RuntimeError("Signing in failed.")
    chosen, practice = random.Random(7), clinic.practice
    people = {person: visits[1:] for person, visits in clinic.past.alike.items()}  # the first of each is explained
    entry = HypothesisRecorded(text="Root C6 on the left, by the pattern of weakness.")
    with practice.acting(actor, "open person") as desk:
        for person in people:
            desk.open_for(actor.session, person, datetime.now(tz=UTC) + timedelta(hours=12))

    def chart(person: str, visit: str) -> None:
        with practice.acting(actor, "chart", person) as desk:
            desk.charted(entry, person, visit)

    def prepare() -> Act:
        person = chosen.choice(list(people))
        return partial(chart, person, chosen.choice(people[person]))

    return prepare


def _appended(clinic: Clinic, count: int = 1) -> Callable[[], Act]:
    """An entry of the audit trail on a person: event only."""
    ledger, people, chosen = clinic.practice.ledger, list(clinic.past.alike), random.Random(8)

    def append(drafts: list[Draft]) -> None:
        with ledger.writing(datetime.now(tz=UTC)) as record:
            for draft in drafts:
                record.append(draft)

    def draft() -> Draft:
        when = {"device_time": datetime.now(tz=UTC).isoformat(), "zone": "Europe/Berlin"}
        told = {"author": WHO, "device": "desk", "id": str(uuid.uuid4()), "person": chosen.choice(people)}
        return Draft("person.opened", 1, BODY, **when, **told)

    return lambda: partial(append, [draft() for _ in range(count)])


@contextmanager
def _bare(clinic: Clinic, folder: Path) -> Iterator[Callable[[int], Callable[[], Act]]]:
    """A plain table in a database of its own, with the settings that ours has."""
    url, made = _empty(clinic, folder)
    database = Database(url)  # the same engine, so the same durability; only its tables are not used
    plain = Table("plain", MetaData(), *_columns())
    plain.metadata.create_all(database.engine)
    bytes_of = _bytes_of(clinic)
    position = iter(range(1, 10**9))

    def inserted(rows: list[dict[str, Any]]) -> None:
        with database.engine.connect() as connection:
            connection.execution_options(writing=True)
            with connection.begin():
                for row in rows:
                    connection.execute(insert(plain), row)

    def prepare(count: int) -> Callable[[], Act]:
        return lambda: partial(inserted, [{"position": next(position), **bytes_of} for _ in range(count)])

    try:
        yield prepare
    finally:
        database.close()
        made()


def _columns() -> list[Column[Any]]:
    data = [Column(name, LargeBinary, nullable=False) for name in ("header", "body", "hash")]
    return [Column("position", BigInteger, primary_key=True, autoincrement=False), *data]


def _bytes_of(clinic: Clinic) -> dict[str, bytes]:
    """What one of ``_appended`` stores."""
    _appended(clinic)()()
    with clinic.practice.ledger.database.reading() as connection:
        stored = select(EVENT.c.header, EVENT.c.body, EVENT.c.hash).order_by(EVENT.c.position.desc()).limit(1)
        return dict(connection.execute(stored).mappings().one())


def _empty(clinic: Clinic, folder: Path) -> tuple[str, Callable[[], None]]:
    if clinic.kind == "sqlite":
        return f"sqlite:///{folder / 'plain.db'}", lambda: None
    server = make_url(postgresql()).set(drivername="postgresql+psycopg")
    name = f"bench{secrets.token_hex(6)}"
    engine: Engine = create_engine(server, isolation_level="AUTOCOMMIT")

    def run(words: str) -> None:
        with engine.connect() as connection:
            connection.execute(text(words))

    run(f"CREATE DATABASE {name}")
    url = server.set(database=name, drivername="postgresql").render_as_string(hide_password=False)
    return url, lambda: run(f"DROP DATABASE {name} WITH (FORCE)")
