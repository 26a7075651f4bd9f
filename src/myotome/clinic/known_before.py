"""What the clinic knows of a visit's person before anything is entered at the bedside, in the names of the tables."""

from __future__ import annotations

from typing import Any

from myotome.care.examination.case import Case
from myotome.care.session.document import LISTS, NONE
from myotome.clinic.at_bedside import bedside_document
from myotome.clinic.mind import Mind
from myotome.clinic.shelf import Shelf
from myotome.clinic.states import VisitState
from myotome.errors import CaseError


def known_before(shelf: Shelf, kept: VisitState, mind: Mind) -> dict[str, Any]:
    """The record and the case file, where one was handed in: the page shows and counts with it.

    A file that can no longer be read, as the tables have changed since, is left out: it is refused where it is used.
    """
    document = bedside_document(shelf, kept, ())
    told: dict[str, Any] = {"person": {"age": None, "sex": None, **document.get("person", {})}}
    try:
        _, case = mind.read(document)
    except CaseError:
        return told
    lists = {part: document[part] for part in LISTS if _is_told(document.get(part))}
    return {**_of(case), **lists}


def _of(case: Case) -> dict[str, Any]:
    complaint = {"side": case.complaint.side, "area": case.complaint.area, "text": case.complaint.text or None}
    return {
        "person": {"age": case.person.age, "sex": case.person.sex},
        "build": {"height_cm": case.build.height_cm, "weight_kg": case.build.weight_kg},
        "complaint": complaint,
        "screening": case.answers,
    }


def _is_told(value: Any) -> bool:
    """Whether the page can show it: a list of words, or none."""
    return value == NONE or (isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value))
