"""What speaks against needles in a visit as the record has it, and what keeps its note from being signed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from myotome.care.session.against import Course, Known, sentence
from myotome.care.session.keys import ANSWERED
from myotome.care.session.ledger import ledger
from myotome.care.session.noted import Noted
from myotome.care.session.values import CONSENT, values
from myotome.clinic.at_bedside import known_of
from myotome.clinic.carried import as_carried
from myotome.clinic.consents.consents import withdrawn_from
from myotome.clinic.shelf import Shelf
from myotome.clinic.states import VisitState
from myotome.errors import EntryError


def course_of(shelf: Shelf, kept: VisitState, entries: Sequence[Noted], withdrawn: Mapping[str, str]) -> Course:
    """What spoke against needles in a visit. ``withdrawn``: the points that the lead rejected, each with the reason."""
    consent = _no_consent(shelf, kept, entries)
    carried = as_carried(shelf, kept, entries)
    return Course(carried, Known(known_of(shelf, kept), kept.day, withdrawn, consent))


def told(course: Course, kept: VisitState, *, points: bool = False) -> dict[str, Any]:
    """The same for a page.

    ``against``: sentences against any needle; ``excluded``: points that may not be needled in this person, by the
    reason; ``unwritten``: why the note cannot be signed before somebody writes why needles went in. Empty: nothing.
    """
    now = course.now
    more = {"excluded": now.points()} if points else {}
    unwritten = "" if kept.signature or kept.struck else sentence(course.unwritten())
    return {"against": list(now.visit), "unwritten": unwritten, **more}


def signable(shelf: Shelf, kept: VisitState, withdrawn: Mapping[str, str]) -> None:
    """See that every needle of a visit is accounted for, and that somebody wrote why where it went in against advice.

    Raises:
        EntryError: not so, with what is to be done.
    """
    entries = shelf.bedside(kept.id)
    unwritten = sentence(course_of(shelf, kept, entries, withdrawn).unwritten())
    if missing := (*ledger(entries).missing(), *((unwritten,) if unwritten else ())):
        raise EntryError(" ".join(("This note cannot be signed yet.", *missing)))


def _no_consent(shelf: Shelf, kept: VisitState, entries: Sequence[Noted]) -> tuple[str, str]:
    """That a consent was withdrawn, and when; a yes in this visit that came after it counts more."""
    one = withdrawn_from(shelf, shelf.person(kept.person))
    if one is None:
        return "", ""
    answered = values(entries).one(ANSWERED, CONSENT)
    heads = answered.heads if answered else ()
    if any(head.word("answer") == "yes" and (head.received or "9") > one.withdrawn_at for head in heads):
        return "", ""
    at = datetime.datetime.fromisoformat(one.withdrawn_at).astimezone(ZoneInfo(shelf.clinic().zone))
    return f"The consent to {one.treatment} was withdrawn on {at.day} {at:%B %Y}.", one.withdrawn_at
