"""Things that may change and be thrown away: sessions, credentials, limits. Never part of anybody's record."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from myotome.records.event import CLINIC, canonical
from myotome.records.keys import Keys
from myotome.records.seal import seal, unseal
from myotome.records.tables import DRAWER

ALWAYS = "9999"  # sorts after every moment
# Made once: putting a statement together takes longer than asking SQLite.
WANTED = select(DRAWER.c.id, DRAWER.c.owner, DRAWER.c.until, DRAWER.c.sealed).where(
    DRAWER.c.clinic == bindparam("clinic"), DRAWER.c.drawer == bindparam("drawer")
)
ONE = WANTED.where(DRAWER.c.id == bindparam("id"))
THEIRS = WANTED.where(DRAWER.c.owner == bindparam("owner")).order_by(DRAWER.c.id)


class Drawer:
    """One named drawer of a clinic; its contents are encrypted with the clinic's key."""

    def __init__(self, connection: Connection, clinic: str, name: str, keys: Keys) -> None:
        """Opened by ``Reading.drawer``; only a ``Writing`` can change it."""
        self.connection, self.clinic, self.name, self.keys = connection, clinic, name, keys

    def get(self, item: str) -> dict[str, Any] | None:
        """One thing, or None."""
        row = self.connection.execute(ONE, {"clinic": self.clinic, "drawer": self.name, "id": item}).first()
        return None if row is None else self._opened(row)

    def all(self, owner: str) -> list[tuple[str, dict[str, Any]]]:
        """Everything that belongs to somebody."""
        rows = self.connection.execute(THEIRS, {"clinic": self.clinic, "drawer": self.name, "owner": owner})
        return [(row.id, self._opened(row)) for row in rows]

    def put(self, item: str, value: dict[str, Any], owner: str = "", until: str = ALWAYS) -> None:
        """Put something in, or in the place of what was there. ``until`` (a moment as stored) lets it be swept."""
        sealed = seal(self.keys.of(CLINIC), canonical(value), self._beside(item, owner, until), self.keys.randomness)
        values = {"owner": owner, "until": until, "sealed": sealed}
        here = (DRAWER.c.clinic == self.clinic, DRAWER.c.drawer == self.name, DRAWER.c.id == item)
        if not self.connection.execute(update(DRAWER).where(*here).values(**values)).rowcount:
            self.connection.execute(insert(DRAWER), {"clinic": self.clinic, "drawer": self.name, "id": item, **values})

    def drop(self, item: str) -> bool:
        """Throw one thing away; False where there was none."""
        here = (DRAWER.c.clinic == self.clinic, DRAWER.c.drawer == self.name, DRAWER.c.id == item)
        return bool(self.connection.execute(delete(DRAWER).where(*here)).rowcount)

    def drop_all(self, owner: str) -> int:
        """Throw away everything that belongs to somebody; returns how many there were."""
        theirs = (DRAWER.c.clinic == self.clinic, DRAWER.c.drawer == self.name, DRAWER.c.owner == owner)
        return int(self.connection.execute(delete(DRAWER).where(*theirs)).rowcount)

    def sweep(self, now: str) -> int:
        """Throw away what was only kept until before ``now``."""
        old = (DRAWER.c.clinic == self.clinic, DRAWER.c.drawer == self.name, DRAWER.c.until < now)
        return int(self.connection.execute(delete(DRAWER).where(*old)).rowcount)

    def _opened(self, row: Row[*tuple[Any, ...]]) -> dict[str, Any]:
        beside = self._beside(row.id, row.owner, row.until)
        return dict(json.loads(unseal(self.keys.of(CLINIC), row.sealed, beside)))

    def _beside(self, item: str, owner: str, until: str) -> bytes:
        """Nobody can give somebody else's passkey to himself, or make a session last, by changing a column."""
        return json.dumps(["drawer", self.clinic, self.name, item, owner, until]).encode()
