"""The page of a visit: what was recorded in it, and what the software said, as it was frozen."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from myotome.care.session.noted import Noted
from myotome.clinic.permissions import allowed
from myotome.clinic.states import PersonState, VisitState, WholeState
from myotome.errors import CaseError, MissingError
from myotome.web.clinic.desk import Desk
from myotome.web.clinic.forms import Form
from myotome.web.clinic.leaf import page
from myotome.web.clinic.told import examination, explanation, harm, needles, picture, plan


@dataclass(frozen=True, slots=True)
class Seen:
    """A visit with the person it belongs to and what was frozen with it."""

    visit: VisitState
    person: PersonState
    explanation: WholeState | None
    plan: WholeState | None
    bedside: list[Noted]


def look_at(desk: Desk, request: Request, visit: str, what: str) -> Seen:
    """Read a visit, which is recorded first.

    Raises:
        MissingError: there is none.
        AccessError: this person may not, or has not opened the record.
    """
    practice, actor = desk.clinic.practice, desk.actor(request)
    if not allowed(actor.roles, "read record"):
        with practice.looking(actor, "read record"):  # refuses, and says so in the trail
            raise MissingError("There is no such visit in this clinic.")
    with practice.within() as shelf:
        whose = shelf.visit(visit).person
    with practice.looking(actor, "read record", what, whose) as shelf:
        kept = shelf.visit(visit)
        if kept.person != whose:
            raise MissingError("There is no such visit in this clinic.")
        said = shelf.whole("explanation", visit), shelf.whole("plan", visit)
        return Seen(kept, shelf.person(whose), *said, shelf.bedside(visit))


def shown(desk: Desk, request: Request, visit: str, form: Form | None = None, at: str = "") -> Response:
    """The page of a visit; ``at`` says which of its forms was refused."""
    found = look_at(desk, request, visit, "page of a visit")
    told = {"identifiers": desk.clinic.people.identifiers(found.person), "at": at, "empty": Form()}
    told |= examined(desk, found.visit)
    told["harms"] = harm.in_words(desk.clinic.adverse.told(visit))
    told["late_in"] = needles.late(desk.clinic.late_needles.of_visit(visit))
    told["against"] = needles.against(found.visit, found.plan, found.bedside)
    told["said"] = explanation.in_words(found.explanation.whole) if found.explanation else None
    told["plan"] = plan.in_words(found.plan.whole) if found.plan else None
    return page(desk, request, "visits/visit.html", form=form or Form(), visit=found.visit, person=found.person, **told)


def examined(desk: Desk, visit: VisitState) -> dict[str, Any]:
    """The examination in words and as pictures; as it was recorded where today's reader does not take it."""
    told: dict[str, Any] = {"examination": None, "pictures": None, "raw": ""}
    if visit.case is None:
        return told
    try:
        plain, case = desk.clinic.visits.mind.read(visit.case)
    except CaseError:
        return told | {"raw": json.dumps(visit.case, ensure_ascii=False, indent=1)}
    return told | {"examination": examination.in_words(case, plain), "pictures": picture.pictures(case)}
