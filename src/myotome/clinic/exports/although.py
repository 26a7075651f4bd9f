"""In a printed note beside the needles: that they went in against what the software says, and why."""

from __future__ import annotations

from collections.abc import Iterator

from myotome.care.session.although import NO_REASON, TITLE, although
from myotome.clinic.exports.says import Hours, signed_by
from myotome.clinic.exports.told import Told, words
from myotome.paper.document import Block, Notice


def against(told: Told) -> Iterator[Block]:
    """Nothing where nothing spoke against them."""
    found = although(told.entries, told.plan.whole if told.plan else None, told.visit.case)
    if found is None:
        return
    hours = Hours(told)
    reasons = tuple(f"Reason: {words(one.body.get('reason'))} ({signed_by(told, one, hours)})" for one in found.reasons)
    yield Notice("warning", TITLE, found.sentence, reasons or (NO_REASON,))
