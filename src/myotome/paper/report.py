"""A whole report: the practitioner's page and the patient's, whatever became of the plan."""

from __future__ import annotations

import datetime

from myotome.care.examination.case import Case
from myotome.care.explanation.explain import Explanation
from myotome.care.plan.plan import Plan
from myotome.paper.document import NOT_REVIEWED, Document
from myotome.paper.patient import patient_part
from myotome.paper.practitioner import practitioner_part


def report(case: Case, explained: Explanation, plan: Plan, day: datetime.date, banner: str = NOT_REVIEWED) -> Document:
    """The document of one visit. ``day`` is printed; nothing in it depends on a clock.

    ``banner`` is the notice that a clinic's standing asks for; empty where every safety row is signed.
    """
    said = f"{day.day} {day:%B %Y}"
    parts = (practitioner_part(case, explained, plan, said), patient_part(case, explained, plan))
    footer = f"Myotome, data edition {explained.data_edition}"
    return Document("Needling plan and patient page", parts, banner=banner, footer=footer)
