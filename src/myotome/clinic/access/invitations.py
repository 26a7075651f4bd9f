"""Invitations: a secret that lets somebody set their first password, or a new one; once, for 72 hours."""

from __future__ import annotations

import base64
import datetime
import re

from myotome.clinic.access.sessions import digest
from myotome.records.event import instant
from myotome.records.writing import Writing

DRAWER = "invitation"
LASTS = datetime.timedelta(hours=72)
LENGTH = 16  # bytes: 128 bits, in letters that can be read out and typed
GROUP = 4


def invite(record: Writing, staff: str, now: datetime.datetime) -> str:
    """A new secret for somebody; any before it holds no more."""
    drawer = record.drawer(DRAWER)
    drawer.sweep(instant(now))
    drawer.drop_all(staff)
    letters = base64.b32encode(record.keys.randomness(LENGTH)).decode().rstrip("=").lower()
    secret = "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))
    drawer.put(_name(secret), {"staff": staff, "made": instant(now)}, owner=staff, until=instant(now + LASTS))
    return secret


def invited(record: Writing, secret: str, now: datetime.datetime) -> str:
    """Whose secret it is, which is used up by it; '' where it does not hold."""
    drawer = record.drawer(DRAWER)
    kept = drawer.get(_name(secret))
    drawer.drop(_name(secret))
    if kept is None:
        return ""
    since = now - datetime.datetime.fromisoformat(kept["made"])
    return str(kept["staff"]) if datetime.timedelta(0) <= since <= LASTS else ""


def _name(secret: str) -> str:
    return digest(re.sub(r"[\s-]", "", secret).lower())
