"""Needles that went in against what the software says, as a note tells it: from what was recorded, nothing anew.

Tables change, a signed note does not: so what is told is what was shown with the reason, what the frozen plan says, and
the answer on consent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from myotome.care.plan.against import in_plan
from myotome.care.session.against import CONSENT_NO, WHY, answered_no
from myotome.care.session.ledger import ledger
from myotome.care.session.noted import Noted
from myotome.care.session.values import CONSENT, values

TITLE = "Needled against what the software says"
NO_REASON = "No reason is written."


@dataclass(frozen=True, slots=True)
class Although:
    """``said``: what speaks against needles; ``reasons``: the entries that say why they went in all the same."""

    said: tuple[str, ...]
    reasons: tuple[Noted, ...]

    @property
    def sentence(self) -> str:
        """In words."""
        return f"Needled although: {' '.join(self.said)}"


def although(
    entries: Iterable[Noted], plan: Mapping[str, Any] | None, case: Mapping[str, Any] | None
) -> Although | None:
    """What a note tells beside the needles; None where nothing speaks against them, or there are none."""
    every = tuple(entries)
    if not ledger(every).insertions:
        return None
    reasons = tuple(head for value in values(every).all(WHY).values() for head in value.heads)
    said = dict.fromkeys((*(one for reason in reasons for one in reason.ids("said")), *in_plan(plan)))
    if answered_no(every, case or {}) and not any(CONSENT in one.lower() for one in said):
        said[CONSENT_NO] = None
    return Although(tuple(said), reasons) if said else None
