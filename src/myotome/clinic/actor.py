"""Who acts, from which device, and the proof that it is them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

PROOF_LASTS = datetime.timedelta(minutes=2)  # between signing in again and the signature it was for


@dataclass(frozen=True, slots=True)
class Actor:
    """A member of staff with their roles as they are now; ``on_behalf`` names for whom an assistant charts."""

    staff: str
    name: str
    roles: frozenset[str]
    device: str
    zone: str
    session: str = ""
    on_behalf: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """Somebody has just shown again who they are. Made by ``clinic.access`` only; good for two minutes.

    ``token`` takes the place of the session's token: the cookie must be set to it.
    """

    staff: str
    method: str
    at: datetime.datetime
    token: str = field(default="", repr=False, compare=False)

    def holds(self, actor: Actor, now: datetime.datetime) -> bool:
        """Whether it is this person's, and fresh."""
        return self.staff == actor.staff and datetime.timedelta(0) <= now - self.at <= PROOF_LASTS
