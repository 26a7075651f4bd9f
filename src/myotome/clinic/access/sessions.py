"""Sessions as the server keeps them: a random token whose digest is stored, with device, times and a CSRF secret."""

from __future__ import annotations

import base64
import datetime
import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from myotome.clinic.shelf import OPENED
from myotome.errors import AccessError
from myotome.records.event import IDENTIFIER, instant
from myotome.records.reading import Reading

DRAWER = "session"
SECRET = 32  # bytes
IDLE = datetime.timedelta(minutes=60)
WHOLE = datetime.timedelta(hours=12)
NOTED = datetime.timedelta(minutes=1)  # "last used" is written no more often than this
# Two requests at once may take their times in one order and be served in the other: that is no clock set back.
SET_BACK = datetime.timedelta(seconds=5)
MOST = 10  # sessions of one person; with one more the one longest unused ends
NOT_SIGNED_IN = "You are not signed in, or no longer. Sign in."


@dataclass(frozen=True, slots=True)
class Session:
    """A session; ``id`` is public and opens nothing, ``proved`` is when they last showed who they are."""

    id: str
    staff: str
    device: str
    method: str
    began: str
    used: str
    proved: str
    csrf: str
    on_behalf: str = ""

    @property
    def until(self) -> datetime.datetime:
        """When it ends whatever happens."""
        return _moment(self.began) + WHOLE

    def over(self, now: datetime.datetime) -> str:
        """Why it holds no longer; '' while it does."""
        used = _moment(self.used)
        if now < used - SET_BACK or now < _moment(self.began) - SET_BACK:
            return "the clock was set back"
        if now - used > IDLE:
            return "60 minutes without use"
        return "12 hours after signing in" if now > self.until else ""


@dataclass(frozen=True, slots=True)
class SessionSeen:
    """A session as its owner sees it; ``id`` is public and opens nothing. Times are in UTC."""

    id: str
    staff: str
    device: str
    device_name: str
    method: str
    began: datetime.datetime
    used: datetime.datetime
    mine: bool = False


class Sessions:
    """The sessions of a clinic at one moment; what changes them needs a ``Writing``."""

    def __init__(self, record: Reading) -> None:
        """``record`` is open as long as this is used."""
        self.record, self.drawer = record, record.drawer(DRAWER)

    def find(self, token: str | None) -> Session | None:
        """The session of a token, over or not."""
        kept = self.drawer.get(digest(token)) if token else None
        return None if kept is None else Session(**kept)

    def of(self, staff: str) -> list[tuple[str, Session]]:
        """Somebody's sessions, by the digests of their tokens."""
        if not IDENTIFIER.fullmatch(staff):
            return []
        return [(item, Session(**kept)) for item, kept in self.drawer.all(staff)]

    def by_id(self, staff: str, session: str) -> tuple[str, Session] | None:
        """One of somebody's sessions by its public id."""
        return next(((item, one) for item, one in self.of(staff) if one.id == session), None)

    def put(self, token: str, session: Session) -> None:
        """Keep a session under a token."""
        self._put(digest(token), session)

    def update(self, item: str, session: Session) -> None:
        """Keep a session as it is now."""
        self._put(item, session)

    def renew(self, item: str, session: Session) -> str:
        """Keep a session under a new token; the one before is dead."""
        token = new_secret(self.record)
        self.drawer.drop(item)
        self._put(digest(token), session)
        return token

    def drop(self, item: str, session: Session) -> None:
        """End a session; what it opened is closed."""
        self.drawer.drop(item)
        self.record.drawer(OPENED).drop_all(session.id)

    def crowded(self, staff: str) -> Iterable[tuple[str, Session]]:
        """The sessions that must end so that there is room for one more."""
        kept = sorted(self.of(staff), key=lambda pair: pair[1].used, reverse=True)
        return kept[MOST - 1 :]

    def sweep(self, now: datetime.datetime) -> None:
        """Throw away what ended long ago unseen."""
        for drawer in (DRAWER, OPENED):
            self.record.drawer(drawer).sweep(instant(now))

    def _put(self, item: str, session: Session) -> None:
        self.drawer.put(item, asdict(session), owner=session.staff, until=instant(session.until))


def here(record: Reading, staff: str, session: str, now: datetime.datetime) -> tuple[str, Session]:
    """A session that holds, by its public id, with the digest of its token.

    Raises:
        AccessError: it does not.
    """
    found = Sessions(record).by_id(staff, session)
    if found is None or found[1].over(now):
        raise AccessError(NOT_SIGNED_IN)
    return found


def new_secret(record: Reading) -> str:
    """256 random bits as text for a cookie or a form."""
    return base64.urlsafe_b64encode(record.keys.randomness(SECRET)).rstrip(b"=").decode()


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def seen(session: Session, device_name: str, mine: bool) -> SessionSeen:
    """A session as its owner sees it."""
    told: dict[str, Any] = {"began": _moment(session.began), "used": _moment(session.used), "mine": mine}
    return SessionSeen(session.id, session.staff, session.device, device_name, session.method, **told)


def _moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)
