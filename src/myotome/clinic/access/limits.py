"""Limits on guessing: buckets of tries that refill, kept with the record so that a restart does not fill them."""

from __future__ import annotations

import datetime
import hashlib
import ipaddress
import math
from dataclasses import dataclass

from myotome.errors import AccessError
from myotome.records.event import instant
from myotome.records.writing import Writing

DRAWER = "limit"
ONE_MINUTE = datetime.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries at once, and one more every ``every``."""

    kind: str
    tries: int
    every: datetime.timedelta


ACCOUNT = Limit("account", 10, ONE_MINUTE)
ADDRESS = Limit("address", 30, datetime.timedelta(seconds=10))
AGAIN = Limit("again", 10, ONE_MINUTE)  # signing in again within a session; no stranger can use these up
CHALLENGES = Limit("challenge", 60, datetime.timedelta(seconds=5))  # passkey challenges of one address
TRAIL = Limit("trail", 60, datetime.timedelta(seconds=10))  # refusals of the whole clinic that are recorded
QUIET = Limit("quiet", 1, ONE_MINUTE)  # one recorded refusal a key


def key_of(text: str) -> str:
    """A key that tells nothing of what it was made of: names that were typed may be passwords."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def network_of(address: str) -> str:
    """An address as it is counted: of the sixth version its network, for one device has a whole one."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped:
            return str(known.ipv4_mapped)
        return str(ipaddress.ip_network((int(known), 64), strict=False))
    return str(known)


def take(record: Writing, limit: Limit, key: str, now: datetime.datetime) -> datetime.timedelta | None:
    """Use up a try; None if there was one, else how long until there is."""
    left, item = _left(record, limit, key, now), f"{limit.kind}:{key}"
    # Kept when refused too: after the clock was set back, waiting counts from now and not from the old time.
    _put(record, limit, item, left - 1 if left >= 1 else left, now)
    return None if left >= 1 else (1 - left) * limit.every


def give_back(record: Writing, limit: Limit, key: str, now: datetime.datetime) -> None:
    """A try that succeeded does not count."""
    left = min(_left(record, limit, key, now) + 1, limit.tries)
    _put(record, limit, f"{limit.kind}:{key}", left, now)


def sweep(record: Writing, now: datetime.datetime) -> None:
    """Throw away buckets that are full again."""
    record.drawer(DRAWER).sweep(instant(now))


def too_many(wait: datetime.timedelta) -> AccessError:
    """The refusal, with when to try again."""
    seconds = max(1, math.ceil(wait.total_seconds()))
    one = "1 second" if seconds == 1 else f"{seconds} seconds"
    return AccessError(f"Too many tries. Wait {one}, then try again.")


def _left(record: Writing, limit: Limit, key: str, now: datetime.datetime) -> float:
    kept = record.drawer(DRAWER).get(f"{limit.kind}:{key}")
    if kept is None:
        return limit.tries
    since = now - datetime.datetime.fromisoformat(kept["at"])
    # A clock set back refills nothing.
    filled = max(since, datetime.timedelta(0)) / limit.every
    return min(float(limit.tries), float(kept["left"]) + filled)


def _put(record: Writing, limit: Limit, item: str, left: float, now: datetime.datetime) -> None:
    full = now + (limit.tries - left) * limit.every
    record.drawer(DRAWER).put(item, {"left": left, "at": instant(now)}, until=instant(full))
