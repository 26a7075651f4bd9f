"""Recording: one event through a practice, one through the bare ledger, and the same bytes through bare inserts."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Column, LargeBinary, MetaData, Table, insert, select
from tests.stores import database_url

from benchmarks.measure import Figure
from benchmarks.records.clinics import WHO, Clinic
from benchmarks.records.timing import Act, Times, compared, in_turns, said
from myotome.clinic.entries.visits import HypothesisRecorded
from myotome.records.database import Database
from myotome.records.event import Draft
from myotome.records.tables import EVENT

MANY = 100  # events of one transaction
BODY = {"identifiers": ["name", "birth date"]}


def figures(small: Clinic, large: Clinic, times: int, sizes: str) -> Iterator[Figure]:
    """An event through a practice and through the ledger, in turns between the clinics."""
    for name, way in (("event by a practitioner", _charted), ("event into the ledger", _appended)):
        one, other = in_turns(way(small), way(large), times=times)
        yield from compared(f"{large.kind}: {name}", one, other, sizes)


def rates(clinic: Clinic, folder: Path, times: int) -> Iterator[Figure]:
    """Events a second of one client, beside bare inserts of the same bytes in turns with them."""
    with _bare(clinic, folder) as bare:
        for many, rounds in ((1, times), (MANY, times // 10)):
            ours, plain = in_turns(_appended(clinic, many), bare(many), times=rounds)
            name = "events a second" if many == 1 else f"events a second, {many} together"
            yield _rate(f"{clinic.kind}: {name}", ours, plain, many)


def _rate(name: str, ours: Times, plain: Times, many: int) -> Figure:
    told = f"one client; peer: the same bytes by bare SQLAlchemy inserts; {said(ours)}"
    own, peer = ours.rate * many, plain.rate * many
    return Figure(name, f"{own:,.0f}", told, f"{peer:,.0f}", own / peer)


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


def _appended(clinic: Clinic, many: int = 1) -> Callable[[], Act]:
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

    return lambda: partial(append, [draft() for _ in range(many)])


@contextmanager
def _bare(clinic: Clinic, folder: Path) -> Iterator[Callable[[int], Callable[[], Act]]]:
    """A plain table in a database of its own, with the settings that ours has."""
    plain, position = Table("plain", MetaData(), *_columns()), count(1)
    bytes_of = _bytes_of(clinic)

    def inserted(rows: list[dict[str, Any]]) -> None:
        with database.writing("nobody") as connection:
            for row in rows:
                connection.execute(insert(plain), row)

    def way(many: int) -> Callable[[], Act]:
        return lambda: partial(inserted, [{"position": next(position), **bytes_of} for _ in range(many)])

    with database_url(clinic.kind, folder) as url, closing(Database(url)) as database:
        plain.metadata.create_all(database.engine)
        yield way


def _columns() -> list[Column[Any]]:
    data = [Column(name, LargeBinary, nullable=False) for name in ("header", "body", "hash")]
    return [Column("position", BigInteger, primary_key=True, autoincrement=False), *data]


def _bytes_of(clinic: Clinic) -> dict[str, bytes]:
    """What one of ``_appended`` stores."""
    _appended(clinic)()()
    with clinic.practice.ledger.database.reading() as connection:
        stored = select(EVENT.c.header, EVENT.c.body, EVENT.c.hash).order_by(EVENT.c.position.desc()).limit(1)
        return dict(connection.execute(stored).mappings().one())
