"""A practice over a real database with a clock that can be set, and one with staff of every role.

with open_practice("sqlite", tmp_path) as practice: ...
with founded("sqlite", tmp_path) as clinic:
    clinic.actor("pia")      # signed in
    clinic.token("pia")      # her session's token, for a cookie
    clinic.clock.forward(minutes=5)
"""

from __future__ import annotations

import functools
import secrets
import tempfile
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from myotome.clinic.access.access import DESK, Access
from myotome.clinic.access.accounts import Accounts
from myotome.clinic.access.passwords import Cost
from myotome.clinic.actor import Actor, Proof
from myotome.clinic.folding.projector import ClinicProjector
from myotome.clinic.practice import Practice
from myotome.records.database import Database
from myotome.records.ledger import Ledger, found
from myotome.records.master import MasterKey, new_master
from tests.stores import START, database_url

QUICK = Cost(memory=64, passes=1, lanes=1)  # a password is checked in well under a millisecond
ADDRESS = "192.168.1.20"
ZONE, PLACE, NAME = "Europe/Berlin", "DE", "Practice by the Mill"
STAFF = {
    "ana": ("Ana Owner", ("owner",)),
    "lea": ("Lea Lead", ("lead",)),
    "pia": ("Pia Practitioner", ("practitioner",)),
    "ivo": ("Ivo Intern", ("intern",)),
    "ada": ("Ada Assistant", ("assistant",)),
    "rex": ("Rex Reception", ("reception",)),
    "aud": ("Aud Auditor", ("auditor",)),
}


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        """Move it, as ``timedelta`` is told: ``minutes=5``; negative ones set it back."""
        self.now += timedelta(**by)


def names() -> str:
    """A new random identifier."""
    return str(uuid.uuid4())


def password_of(who: str) -> str:
    """Everybody's password in a founded practice."""
    return f"quiet lamp under {ord(who[0])} {ord(who[1])} {ord(who[2])} stones"


@contextmanager
def open_practice(kind: str, folder: Path, clinic: str = "main"):
    """An empty practice on an empty database of a kind, with a ``Clock`` as ``practice.clock``."""
    with database_url(kind, folder) as url:
        database = Database(url)
        master = new_master(clinic, secrets.token_bytes)
        found(database, master)
        try:
            yield Practice(Ledger(database, master, ClinicProjector()), Clock(), names)
        finally:
            database.close()


@dataclass
class Founded:
    """A practice with one joined member of staff a role; ``staff`` gives their ids by sign-in name."""

    practice: Practice
    access: Access
    accounts: Accounts
    staff: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def clock(self) -> Clock:
        """The clock, to be moved."""
        return self.practice.clock

    def token(self, who: str, device: str = DESK) -> str:
        """A token of somebody's session; the same one as long as it holds."""
        held = self.tokens.get(f"{who} {device}", "")
        if self.access.actor(held) is None:
            held = self.access.sign_in(who, password_of(who), ADDRESS, device)
            self.tokens[f"{who} {device}"] = held
        return held

    def actor(self, who: str, device: str = DESK) -> Actor:
        """Somebody signed in."""
        return self.access.actor(self.token(who, device))

    def proof(self, who: str, device: str = DESK) -> Proof:
        """Somebody who has just shown again who they are; their ``token`` follows."""
        proof = self.access.prove(self.actor(who, device), password_of(who), ADDRESS)
        self.tokens[f"{who} {device}"] = proof.token
        return proof


def staffed(practice: Practice, staff: dict = STAFF) -> Founded:
    """Found a practice and let staff join: {sign-in name: (name, roles)}, the first of them the owner."""
    access = Access(practice, QUICK)
    made = Founded(practice, access, Accounts(practice, access))
    (owner, (name, _)), *others = staff.items()
    made.tokens[f"{owner} {DESK}"] = made.accounts.found(NAME, PLACE, ZONE, name, owner, password_of(owner))
    for who, (called, roles) in others:
        _, secret = made.accounts.invite(made.actor(owner), called, who, roles, licence="123")
        made.tokens[f"{who} {DESK}"] = made.accounts.accept(secret, password_of(who))
    made.staff = {one.sign_in: name for name, one in practice.staff().items()}
    return made


@contextmanager
def founded(kind: str, folder: Path, staff: dict = STAFF):
    """An open practice with staff of every role; a copy of one that was made once, where it is a file."""
    if kind != "sqlite":
        with open_practice(kind, folder) as practice:
            yield staffed(practice, staff)
        return
    made, master, data = _made(tuple(staff.items()))
    with database_url(kind, folder) as url:
        Path(url.removeprefix("sqlite:///")).write_bytes(data)
        database = Database(url)
        try:
            practice = Practice(Ledger(database, master, ClinicProjector()), Clock(), names)
            access = Access(practice, QUICK)
            yield Founded(practice, access, Accounts(practice, access), dict(made.staff), dict(made.tokens))
        finally:
            database.close()


@functools.cache
def _made(staff: tuple) -> tuple[Founded, MasterKey, bytes]:
    with tempfile.TemporaryDirectory() as folder, open_practice("sqlite", Path(folder)) as practice:
        made = staffed(practice, dict(staff))
        practice.ledger.database.close()
        (file,) = Path(folder).glob("*.db")
        return made, practice.ledger.master, file.read_bytes()
