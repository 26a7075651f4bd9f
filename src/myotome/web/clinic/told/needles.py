"""Needles that a page must name before all else: in against advice, or in by an entry that came after the signature."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from myotome.care.session.although import NO_REASON, although
from myotome.care.session.noted import Noted
from myotome.clinic.late_needles import LateNeedle
from myotome.clinic.states import VisitState, WholeState


def against(visit: VisitState, plan: WholeState | None, entries: Iterable[Noted]) -> dict[str, Any] | None:
    """What speaks against needles that went in, and the reasons; None where nothing does."""
    found = although(entries, plan.whole if plan else None, visit.case)
    if found is None:
        return None
    reasons = [
        {"text": one.word("reason"), "by": one.by, "on_behalf": one.on_behalf, "at": one.received}
        for one in found.reasons
    ]
    return {"sentence": found.sentence, "reasons": reasons, "no_reason": NO_REASON}


def late(found: Iterable[LateNeedle]) -> list[dict[str, Any]]:
    """Each needle: where, who noted it, when it went in by their word, when the clinic was told."""
    return [
        {
            "visit": one.visit,
            "person": one.person,
            "where": one.where,
            "by": one.by,
            "on_behalf": one.insertion.entry.on_behalf,
            "made": one.made,
            "received": one.received,
            "id": one.insertion.id,
            "removed": one.insertion.removed,
        }
        for one in found
    ]
