"""A clinic served on this machine with visits charted at the bedside, and entries sent to it as a tablet sends them.

with bedside(folder) as room:
    visit = room.visit(room.person())           # nothing recorded yet
    visit = room.planned(POINTS)                # twelve points planned, some findings
    room.entries(visit, "needle.in")            # what the record holds
"""

from __future__ import annotations

import dataclasses
import datetime
import uuid
from contextlib import contextmanager

from myotome.care.screening.items import RED_FLAG, items
from myotome.care.session.ledger import ledger
from myotome.web.bedside.texts import texts
from tests.neck_plan import ASKED
from tests.web.listening import place
from tests.web.records import desks, register, visit_of

ANSWERS = {**{code: "no" for code, item in items().items() if item.kind == RED_FLAG}, **ASKED, "consent": "yes"}
TOLD = {
    ("complaint", "area"): "neck",
    ("complaint", "side"): "left",
    ("build", "height_cm"): 170,
    ("build", "weight_kg"): 68,
    ("visit", "minutes"): 60,
    ("visit", "needle_fear"): "no",
    ("visit", "last_reaction"): "none",
}
LISTS = dict.fromkeys(("medicines", "conditions", "implants"), "none")
TIGHT = ("upper trapezius", "levator scapulae", "infraspinatus", "triceps brachii", "C6 paraspinal", "C7 paraspinal")
TENDER = [{"sign": "tenderness", "at": at, "side": "left", "result": "present"} for at in TIGHT]
TAUT = [{"sign": "taut band", "at": at, "side": "left", "result": "present"} for at in TIGHT[:4]]
POINTS = (
    *("triceps brachii, long head", "triceps brachii, lateral head", "triceps brachii, medial head"),
    *("splenius capitis", "splenius cervicis", "brachioradialis", "biceps brachii, short head"),
    *("biceps brachii, long head", "brachialis", "sternocleidomastoid, upper third", "middle deltoid"),
    "temporalis, posterior part",
)
FOUND = (
    {"sign": "strength", "at": "biceps brachii", "side": "right", "grade": 4, "result": "weak"},
    {"sign": "strength", "at": "triceps brachii", "side": "right", "grade": 4, "result": "weak"},
    {"sign": "reflex", "at": "biceps reflex", "side": "right", "result": "reduced"},
    {"sign": "pain", "at": "shoulder", "side": "right", "result": "present", "intensity": 6},
)


def now():
    return datetime.datetime.now(datetime.UTC)


class Room:
    """The clinic, and what is done in it without a screen."""

    def __init__(self, rooms, address):
        self.rooms, self.address = rooms, address

    @property
    def pia(self):
        """Her browser; a signature gives her another session."""
        return self.rooms.client("pia")

    def person(self, **told):
        """Somebody new, whose record pia has opened."""
        return register(self.pia, **{"given": "Anna", "family": "Müller", **told})

    def visit(self, person, **told):
        """A visit in which nothing is recorded."""
        return visit_of(self.pia, person, **told)

    def planned(self, points=POINTS, findings=FOUND, person=None):
        """A visit of today with a plan and some findings on the right, as if another tablet had charted them.

        Nothing was asked in it; why needles go in all the same is written.
        """
        visit = self.visit(person or self.person(), day=now().date().isoformat())
        self.complaint(visit, "right")
        self.found(visit, *findings)
        self.send(visit, *(("plan.changed", {"point": one, "side": "right", "change": "add"}) for one in points))
        self.send(visit, ("needled.against", {"reason": "It is a test.", "said": [texts()["needle.unasked"]]}))
        return visit

    def send(self, visit, *drafts):
        """Record entries: (kind, body); returns their ids."""
        csrf = self.pia.get("/api/bedside/me").json()["csrf"]
        made = {"visit": visit, "device_time": now().isoformat(timespec="milliseconds"), "zone": "Europe/Berlin"}
        entries = [{"id": str(uuid.uuid4()), "kind": kind, "body": body, **made} for kind, body in drafts]
        for start in range(0, len(entries), 100):
            answer = self.pia.post(
                "/api/entries", json={"entries": entries[start : start + 100]}, headers={"X-CSRF": csrf}
            )
            assert answer.status_code == 200, answer.text[:2000]
        return [entry["id"] for entry in entries]

    def told(self, visit, told):
        """What a person tells: {(part, field): value}."""
        self.send(visit, *(("case.told", {"part": p, "field": f, "value": value}) for (p, f), value in told.items()))

    def screened(self, visit, **other):
        """Everything asked; ``other`` answers take the place of the usual ones."""
        said = {**ANSWERS, **other}
        self.send(visit, *(("screening.answered", {"item": item, "answer": answer}) for item, answer in said.items()))
        self.send(visit, *(("case.told", {"part": part, "value": value}) for part, value in LISTS.items()))
        self.told(visit, TOLD)

    def complaint(self, visit, side, area=""):
        """Where it hurts."""
        self.told(visit, {("complaint", "side"): side} | ({("complaint", "area"): area} if area else {}))

    def found(self, visit, *findings):
        self.send(visit, *(("finding.recorded", finding) for finding in findings))

    def needled(self, visit, *points, side="left", **more):
        """Needles in, each of its own: ``out=True`` for in and out again."""
        needles = [{"needle": str(uuid.uuid4()), "point": point, "side": side, **more} for point in points]
        return self.send(visit, *(("needle.in", one) for one in needles))

    def entries(self, visit, *kinds):
        """What the record holds, in its order, whoever may read it now."""
        return [dataclasses.asdict(one) for one in self.noted(visit) if not kinds or one.kind in kinds]

    def bodies(self, visit, kind):
        """The bodies of the entries of a kind."""
        return [one["body"] for one in self.entries(visit, kind)]

    def ledger(self, visit):
        """The needles as the record has them."""
        return ledger(self.noted(visit))

    def noted(self, visit):
        """The entries as the clinic folds them."""
        with self.rooms.clinic.practice.within() as shelf:
            return shelf.bedside(visit)


@contextmanager
def bedside(folder, port=0):
    """A ``Room`` under a real address, whose clock is that of the machine."""
    with place(port) as here, desks(folder, base=here.address) as rooms:
        rooms.clinic.practice.clock = now
        with here.serving(rooms.app):
            yield Room(rooms, here.address)
