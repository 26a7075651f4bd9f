"""One invented person with a tight left neck and shoulder, everything asked, and the plan for them."""

import copy
import datetime
from functools import cache

from myotome.care.examination.case_file import build
from myotome.care.explanation.explain import explain_case
from myotome.care.plan.planner import planner
from myotome.care.screening.items import RED_FLAG, code_of, items
from tests.reading import reasoner

DAY = datetime.date(2026, 11, 21)
TIGHT = ("upper trapezius", "levator scapulae", "infraspinatus", "triceps brachii", "paraspinal C5-C7")
ASKED = {"pregnancy": "no", "bleeding disorder": "no", "pneumothorax or lung disease": "no", "infection": "no"}
BASE = {
    "person": {"age": 40, "sex": "female"},
    "complaint": {"area": "neck", "side": "left"},
    "screening": {**{c: "no" for c, i in items().items() if i.kind == RED_FLAG}, **ASKED, "consent": "yes"},
    "medicines": "none",
    "conditions": "none",
    "implants": "none",
    "build": {"height_cm": 170, "weight_kg": 68},
    "visit": {"number": 3, "minutes": 60, "needle_fear": "no", "last_reaction": "none"},
    "findings": [{"sign": "tenderness", "at": at, "side": "left", "result": "present"} for at in TIGHT]
    + [{"sign": "taut band", "at": at, "side": "left", "result": "present"} for at in TIGHT[:4]],
}
SIDE = {"left": "right", "right": "left"}


def document(**parts):
    found = copy.deepcopy(BASE)
    for name, value in parts.items():
        found[name] = {**found[name], **value} if isinstance(found.get(name), dict) else value
    return found


def made_of(found, reasoners=reasoner):
    case = build(found, code_of)
    return planner(case, explain_case(case, reasoners, with_next=False, with_intervals=False), DAY)


@cache
def usual():
    made = made_of(document())
    return made, made.plan()


def ids(plan):
    return [point.candidate.id for point in plan.points]


def edited(add=(), remove=(), **parts):
    made = made_of(document(**parts))
    return made.edited(made.plan(), add, remove)
