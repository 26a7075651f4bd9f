"""What a tablet is handed at the bedside: the visit as it stands and what the software thinks of it."""

from __future__ import annotations

import base64
import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from threading import Lock
from typing import Any

from myotome.care.examination.case import Case
from myotome.care.explanation.explain import Explanation
from myotome.care.plan.planner import Planner
from myotome.care.session.against import Course
from myotome.care.session.ledger import ledger
from myotome.care.session.noted import Noted
from myotome.clinic.actor import Actor
from myotome.clinic.against import course_of
from myotome.clinic.against import told as against
from myotome.clinic.at_bedside import age_on, as_noted, bedside_document, edits_of, visit_number
from myotome.clinic.carried import last_told
from myotome.clinic.consents.consents import Consents
from myotome.clinic.consents.texts import consent_text
from myotome.clinic.drafts import Drafted, drafted
from myotome.clinic.gone import open_here, refuses
from myotome.clinic.governance import Governance
from myotome.clinic.known_before import known_before
from myotome.clinic.late_needles import told as late_told
from myotome.clinic.mind import edited
from myotome.clinic.on_behalf import behalf, me
from myotome.clinic.people import People
from myotome.clinic.permissions import allowed
from myotome.clinic.practice import Practice
from myotome.clinic.shelf import Shelf
from myotome.clinic.states import PersonState, VisitState
from myotome.clinic.visits import Visits
from myotome.errors import MissingError
from myotome.records.event import instant

SECRETS = "outbox"  # drawer: with what the entries that wait on a device are encrypted there
SECRET = 32  # bytes
MOST_KEPT = 16  # cases thought through that stay in memory
MAY = ("chart", "needle", "sign", "cosign", "amend", "record consent", "export record")
EARLIER = 20  # visits among which the last one with needles is looked for


@dataclass(frozen=True, slots=True)
class _Asked:
    """A visit with entries that still wait, read as a case."""

    kept: VisitState
    case: Case
    document: dict[str, Any]
    entries: list[Noted]
    course: Course


class Bedside:
    """The part of a clinic that a tablet talks to."""

    def __init__(self, practice: Practice, visits: Visits, consents: Consents, governance: Governance) -> None:
        """``visits`` thinks; ``governance`` gives the notice that stands on every page."""
        self.practice, self.visits, self.consents, self.governance = practice, visits, consents, governance
        self.people = People(practice)
        self._kept: OrderedDict[str, tuple[Explanation, Planner]] = OrderedDict()
        self._lock = Lock()

    def secret(self, actor: Actor) -> str:
        """The key, in base64, with which what waits on a device is encrypted: one for each person on each device."""
        name = f"{actor.staff}:{actor.device}"
        with self.practice.within() as shelf:
            kept = shelf.reading.drawer(SECRETS).get(name)
        if kept is None:
            with self.practice.changing() as record:
                kept = record.drawer(SECRETS).get(name)
                if kept is None:
                    kept = {"key": base64.b64encode(record.keys.randomness(SECRET)).decode()}
                    record.drawer(SECRETS).put(name, kept, owner=actor.staff)
        return str(kept["key"])

    def secrets(self, actor: Actor) -> list[str]:
        """Those of this person on every device, for a browser that was enrolled as another one before.

        Whoever asks may read on any device what they wrote themselves; that a device was locked says nothing of them.
        """
        with self.practice.within() as shelf:
            return sorted(str(kept["key"]) for _, kept in shelf.reading.drawer(SECRETS).all(actor.staff))

    def now(self) -> str:
        """The clinic's clock."""
        return instant(self.practice.clock())

    def pack(self, actor: Actor, visit: str) -> dict[str, Any]:
        """Everything that the page of a visit needs; reading it is in the trail.

        Raises:
            MissingError: there is no such visit.
            AccessError: this person may not, or has not opened the record.
        """
        withdrawn, whose = self.visits.mind.withdrawn(), self._whose(visit, actor, "read record")
        with self.practice.looking(actor, "read record", "visit at the bedside", whose) as shelf:
            kept = shelf.visit(visit)
            if kept.person != whose:
                raise MissingError("There is no such visit in this clinic.")
            person, clinic = shelf.person(whose), shelf.clinic()
            staff = {name: one.name for name, one in shelf.staff().items()}
            entries = shelf.bedside(visit)
            told = {
                "me": me(actor, shelf, MAY),
                **against(course_of(shelf, kept, entries, withdrawn), kept, points=True),
                "visit": {**_visit(kept), "number": visit_number(shelf, kept)},
                "known": known_before(shelf, kept, self.visits.mind),
                "entries": [asdict(one) for one in entries],
                "late_in": late_told(entries),
                "last": self._last(shelf, kept),
                "frozen": _frozen(shelf, visit),
            }
        standing = [{"current": one.is_newest, **one.consent.model_dump(mode="json")} for one in self._agreed(person)]
        offered = clinic.model_dump(mode="json", include={"name", "zone", "place", "demonstration", "offers"})
        return {
            "now": self.now(),
            "clinic": {**offered, "notice": self.governance.notice()},
            "person": _person(person, kept, self.people.identifiers(person)),
            "staff": staff,
            "consent": {"standing": standing, "current_version": consent_text().version},
            **told,
        }

    def since(self, actor: Actor, visit: str, position: int) -> dict[str, Any]:
        """What came after a position: for a page that keeps itself up to date.

        Raises:
            MissingError: there is no such visit.
            AccessError: this person may not, or has not opened the record.
        """
        with self.practice.watching(actor, "read record", self._whose(visit, actor, "read record")) as shelf:
            kept, entries = shelf.visit(visit), shelf.bedside(visit)
            newer = [asdict(one) for one in entries if (one.position or 0) > position]
            told = {**_visit(kept), "late_in": late_told(entries), "me": behalf(actor, shelf.staff())}
            return {"now": self.now(), "entries": newer, **told}

    def glance(self, actor: Actor, visit: str, pending: Sequence[Drafted]) -> dict[str, Any]:
        """Levels, verdict and referral as the findings stand, with entries that still wait on the device.

        Raises:
            CaseError: they cannot be read as a case, with every problem.
        """
        asked = self._case(actor, visit, pending)
        return {**self.visits.mind.glance(asked.case).as_dict(), **against(asked.course, asked.kept)}

    def whole(self, actor: Actor, visit: str, pending: Sequence[Drafted]) -> dict[str, Any]:
        """The whole explanation, and the plan with what the practitioner changed and every rule it then breaks.

        Raises:
            CaseError: they cannot be read as a case, with every problem.
        """
        asked = self._case(actor, visit, pending)
        explained, planning = self._thought(asked.case, asked.document)
        plan, broken = edited(planning, edits_of(asked.entries))
        notice = self.governance.notice()
        said = {"explanation": explained.as_dict(notice), "plan": plan.as_dict(notice), "broken": list(broken)}
        return {**said, **against(asked.course, asked.kept, points=True)}

    def _case(self, actor: Actor, visit: str, pending: Sequence[Drafted]) -> _Asked:
        withdrawn = self.visits.mind.withdrawn()
        with self.practice.watching(actor, "chart", self._whose(visit, actor, "chart")) as shelf:
            kept = shelf.visit(visit)
            entries = shelf.bedside(visit)
            held = {one.id for one in entries}
            entries += [as_noted(one, drafted(one).body(), actor.staff) for one in pending if one.made.id not in held]
            document, course = bedside_document(shelf, kept, entries), course_of(shelf, kept, entries, withdrawn)
        plain, case = self.visits.mind.read(document)
        return _Asked(kept, case, plain, entries, course)

    def _thought(self, case: Case, document: dict[str, Any]) -> tuple[Explanation, Planner]:
        """An explanation and what plans are made from; kept, as a plan is edited often and its case stays."""
        name = json.dumps([document, sorted(self.visits.mind.withdrawn().items())], sort_keys=True, ensure_ascii=False)
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
                return self._kept[name]
        made = self.visits.mind.thought(case, self.practice.today())
        with self._lock:
            self._kept[name] = made
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return made

    def forget(self) -> None:
        """Keep nothing of any case in memory: somebody's record was destroyed."""
        with self._lock:
            self._kept.clear()

    def _whose(self, visit: str, actor: Actor | None = None, act: str = "") -> str:
        """Whose a visit is; who has not opened a record that it was moved to is told so."""
        with self.practice.within() as shelf:
            kept = shelf.visit(visit)
            if actor and kept.moves and allowed(actor.roles, act):
                open_here(shelf, actor, act, kept)
            return kept.person

    def _agreed(self, person: PersonState) -> Sequence[Any]:
        return self.consents.standing(person)

    def _last(self, shelf: Shelf, kept: VisitState) -> dict[str, Any] | None:
        """The visit before, with what was charted in it; and where needles went in the last visit that had any."""
        before = f"{kept.day.isoformat()} {kept.opened_at}"
        told: dict[str, Any] | None = None
        for one in shelf.visits(shelf.together(shelf.person(kept.person)), limit=EARLIER, before=before):
            entries = [] if one.struck else shelf.bedside(one.id)
            if entries and told is None:
                told = last_told(shelf, kept, one, entries)
            if told and (points := needled(entries)):
                return {**told, "needled": points, "needled_in": one.id, "needled_on": one.day.isoformat()}
        return None if told is None else {**told, "needled": [], "needled_in": "", "needled_on": ""}


def needled(entries: Sequence[Noted]) -> list[dict[str, Any]]:
    """Where needles went, each point once in the order of the first needle, with the size of the last one."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for one in ledger([entry for entry in entries if not entry.late]).insertions:
        told = {size: one.entry.body.get(size) for size in ("gauge_mm", "length_mm")}
        found[one.point, one.side] = {"point": one.point, "side": one.side, **told}
    return list(found.values())


def _person(person: PersonState, kept: VisitState, identifiers: dict[str, str]) -> dict[str, Any]:
    plain = person.model_dump(mode="json", include={"id", "given", "family", "birth_date", "sex", "language"})
    age = age_on(person.birth_date, kept.day) if person.birth_date else None
    return {**plain, "name": person.name, "age": age, "identifiers": identifiers}


def _visit(kept: VisitState) -> dict[str, Any]:
    plain = kept.model_dump(
        mode="json",
        include={
            "id", "person", "day", "reason", "hypothesis", "signature", "cosignature", "amendments", "struck",
            "last_entry", "late", "opened_by", "opened_at", "on_behalf",
        },
    )  # fmt: skip
    return {**plain, "stage": kept.stage, "refuses": refuses(kept)}


def _frozen(shelf: Shelf, visit: str) -> dict[str, Any] | None:
    explanation, plan = shelf.whole("explanation", visit), shelf.whole("plan", visit)
    if explanation is None:
        return None
    return {"explanation": explanation.whole, "plan": plan.whole if plan else None}
