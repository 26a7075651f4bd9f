"""The keys of a clinic, its people and their visits, each wrapped by the master key."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from myotome.errors import RecordError
from myotome.records.event import CLINIC
from myotome.records.master import MasterKey
from myotome.records.seal import KEY as LENGTH
from myotome.records.seal import Randomness, seal, unseal
from myotome.records.tables import KEY

SIGNING = "signing"  # the clinic's Ed25519 key
MOST = 64  # keys that are remembered at once
# Made once: putting a statement together takes longer than asking SQLite.
ONE = select(KEY.c.owner, KEY.c.master, KEY.c.wrapped).where(
    KEY.c.clinic == bindparam("clinic"), KEY.c.id == bindparam("id")
)


class Keys:
    """The keys of one clinic over one connection."""

    def __init__(self, connection: Connection, clinic: str, master: MasterKey, randomness: Randomness) -> None:
        """Keys are opened with ``master`` when they are needed; this object remembers the last few."""
        self.connection, self.clinic, self.master, self.randomness = connection, clinic, master, randomness
        self._opened: dict[str, bytes] = {}

    def find(self, name: str) -> bytes | None:
        """A key, or None where there is none (any more).

        Raises:
            RecordError: it does not open with the master key.
        """
        if name in self._opened:
            return self._opened[name]
        row = self.connection.execute(ONE, {"clinic": self.clinic, "id": name}).first()
        if row is None:
            return None
        if len(self._opened) >= MOST:
            self._opened.clear()
        self._opened[name] = self.unwrap(name, row.owner, row.master, row.wrapped)
        return self._opened[name]

    def of(self, name: str) -> bytes:
        """A key that must be there.

        Raises:
            RecordError: it was destroyed, or never made.
        """
        found = self.find(name)
        if found is None:
            raise RecordError("This part of the record was erased, or never existed. Nothing can be added to it.")
        return found

    def unwrap(self, name: str, owner: str, master: str, wrapped: bytes) -> bytes:
        """A key out of its row."""
        return unseal(self.master.of(master), wrapped, self._beside(name, owner))

    def make(self, name: str, owner: str) -> None:
        """A new random key that belongs to ``owner``: destroyed when the owner is erased."""
        self._insert(name, owner, self.randomness(LENGTH))

    def hand_over(self, name: str, owner: str) -> None:
        """Let a key belong to somebody else: a visit that was charted on the wrong person."""
        secret = self.of(name)
        self.connection.execute(delete(KEY).where(KEY.c.clinic == self.clinic, KEY.c.id == name))
        self._insert(name, owner, secret)

    def owned_by(self, owner: str) -> list[str]:
        """Names of the keys of a person."""
        found = select(KEY.c.id).where(KEY.c.clinic == self.clinic, KEY.c.owner == owner).order_by(KEY.c.id)
        return list(self.connection.execute(found).scalars())

    def destroy(self, names: list[str]) -> None:
        """Forget keys for good."""
        self._opened.clear()
        for start in range(0, len(names), 500):
            part = names[start : start + 500]
            self.connection.execute(delete(KEY).where(KEY.c.clinic == self.clinic, KEY.c.id.in_(part)))

    def rewrap(self, master: MasterKey) -> int:
        """Wrap every key with the current key of ``master``; returns how many there were."""
        rows = self.connection.execute(select(KEY).where(KEY.c.clinic == self.clinic)).all()
        for row in rows:
            secret = self.unwrap(row.id, row.owner, row.master, row.wrapped)
            wrapped = seal(master.keys[master.current], secret, self._beside(row.id, row.owner), self.randomness)
            changed = update(KEY).where(KEY.c.clinic == self.clinic, KEY.c.id == row.id)
            self.connection.execute(changed.values(master=master.current, wrapped=wrapped))
        self.master = master
        return len(rows)

    def _insert(self, name: str, owner: str, secret: bytes) -> None:
        current = self.master.current
        wrapped = seal(self.master.keys[current], secret, self._beside(name, owner), self.randomness)
        row = {"clinic": self.clinic, "id": name, "owner": owner, "master": current, "wrapped": wrapped}
        self.connection.execute(insert(KEY), row)

    def _beside(self, name: str, owner: str) -> bytes:
        return f"key {self.clinic} {name} {owner}".encode()


def check_master(connection: Connection, clinic: str, master: MasterKey) -> None:
    """See that the master key opens this clinic.

    Raises:
        RecordError: it does not, or there is no such clinic.
    """
    if master.clinic != clinic:
        raise RecordError(f"The master key belongs to another clinic ({master.clinic[:40]}). Give the one of {clinic}.")
    if Keys(connection, clinic, master, bytes).find(CLINIC) is None:
        raise RecordError(
            f"There is no clinic '{clinic}' in this database. Check MYOTOME_DATABASE_URL, "
            "or make it with 'myotome serve'."
        )
