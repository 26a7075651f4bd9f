"""How the small entries of the bedside are taken, and the case that they make together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from myotome.care.session.document import case_document
from myotome.care.session.noted import Noted
from myotome.care.session.values import values
from myotome.clinic.carried import as_carried
from myotome.clinic.entries.bedside import BedsideEntry, EntryTakenBack
from myotome.clinic.entries.needling import IncidentWritten, NeedleIn
from myotome.clinic.entries.visits import ExaminationRecorded, ExplanationFrozen, PlanFrozen
from myotome.clinic.gone import STRUCK, StruckError, open_here
from myotome.clinic.incidents import told_enough
from myotome.clinic.mind import Edits, Mind
from myotome.clinic.on_behalf import may_needle
from myotome.clinic.practice import Acting, Made, Practice
from myotome.clinic.shelf import Shelf
from myotome.clinic.states import VisitState
from myotome.errors import CaseError, EntryError
from myotome.records.event import Receipt

if TYPE_CHECKING:
    from myotome.clinic.drafts import Drafted

Thought = tuple[ExaminationRecorded, ExplanationFrozen, PlanFrozen]
OFFERED = ("homeostatic", "specialist")  # kinds of points that a clinic may offer or not
UNREAD = "What was found cannot be read together, so nothing can be said of it. Mend it or take it back:"
REPLANS = ("plan.changed", "plan.ordered", "entry.taken-back")  # after these the plan is another
MOST_CHARTED = 5000  # entries of one visit: a hundred times what a session holds
NO_NEEDLES = (
    "Your roles here do not let you needle. A practitioner charts the needles, or an assistant for a practitioner."
)


def charted_at_bedside(
    desk: Acting, kept: VisitState, entry: BedsideEntry, made: Made, thought: Thought | None = None
) -> Receipt:
    """Record a small entry; after the signature too, when it stands beside the note and changes nothing in it.

    ``thought``: what the software says of the visit, frozen with it where the plan is taken.

    Raises:
        NotOpenedError: this person has not opened the record and has charted nothing in this visit.
        StruckError: the visit counts no more.
        EntryError: they may not needle, an incident tells too little, or the visit is full.
    """
    present_at_bedside(desk, kept)
    if kept.struck:
        raise StruckError(STRUCK)
    if _of_needles(desk, kept, entry) and not may_needle(desk.actor, desk.staff()):
        raise EntryError(NO_NEEDLES)
    if isinstance(entry, IncidentWritten):
        told_enough(entry, desk.bedside(kept.id))
    if kept.charted >= MOST_CHARTED:
        raise EntryError(f"This visit holds {MOST_CHARTED} entries, and no more. Open another visit.")
    receipt = desk.charted(entry, kept.person, kept.id, made)
    for one in thought or () if kept.signature is None else ():
        desk.charted(one, kept.person, kept.id)
    return receipt


def present_at_bedside(desk: Acting, kept: VisitState) -> None:
    """See that this person opened the record, or has charted in this visit: what waited on a device still comes in.

    Of a visit that was moved only the first counts: who charted in it had somebody else before them.

    Raises:
        NotOpenedError: neither.
    """
    staff = desk.actor.staff
    if kept.moves or (kept.opened_by != staff and all(one.by != staff for one in desk.bedside(kept.id))):
        open_here(desk, desk.actor, "chart", kept)


def thought_so_far(
    practice: Practice, mind: Mind, visit: str, pending: Sequence[Noted] = (), *, whole: bool = False
) -> Thought | None:
    """What was found at the bedside so far, with ``pending`` entries, and what the software says of it.

    None where nothing was found yet, where it was frozen already, or where it cannot be read as a case.

    Raises:
        EntryError: something was found that cannot be read, and it must be ``whole``.
    """
    with practice.within() as shelf:
        kept = shelf.visit(visit)
        entries = [*shelf.bedside(visit), *pending]
        document = bedside_document(shelf, kept, entries)
    if not entries or (document == kept.case and not _replanned(kept, entries)):
        return None
    try:
        plain, read = mind.read(document)
    except CaseError as error:
        if whole and (document.get("findings") or document.get("screening")):
            raise EntryError(f"{UNREAD} {error.problems[0].message}") from None
        return None
    return (ExaminationRecorded(case=plain, assembled=True), *mind.think(read, kept.day, edits_of(entries)))


def _replanned(kept: VisitState, entries: Sequence[Noted]) -> bool:
    """Whether the plan was changed, or a change taken back, since it was frozen."""
    frozen = kept.examined.at if kept.examined else ""
    return any(one.kind in REPLANS and (not one.received or one.received >= frozen) for one in entries)


def _of_needles(desk: Acting, kept: VisitState, entry: BedsideEntry) -> bool:
    """Whether it says that a needle went in, or takes back that it did: a needle in somebody must not vanish.

    That all were removed whoever is in the room may note: somebody faints, and what was in is still reconciled.
    """
    if isinstance(entry, EntryTakenBack):
        taken = next((one for one in desk.bedside(kept.id) if one.id == entry.entry), None)
        return taken is not None and taken.kind == NeedleIn.kind
    return isinstance(entry, NeedleIn)


def as_noted(draft: Drafted, body: Mapping[str, Any], by: str) -> Noted:
    """A draft as the clinic will hand it out; it has no position yet."""
    return Noted(id=draft.made.id, kind=draft.kind, body=dict(body), by=by, made=draft.made.device_time)


def bedside_document(shelf: Shelf, kept: VisitState, entries: Sequence[Noted]) -> dict[str, Any]:
    """The case of a visit as it was charted so far, with what is known of the person and the visit."""
    early = as_carried(shelf, kept, [one for one in entries if not one.late])
    return case_document(early, known_of(shelf, kept))


def known_of(shelf: Shelf, kept: VisitState) -> dict[str, Any]:
    """What is known of the person and the visit beneath what is charted at the bedside."""
    person = shelf.person(kept.person)
    known: dict[str, Any] = {"visit": {"number": visit_number(shelf, kept), "date": kept.day.isoformat()}}
    if person.birth_date:
        known["person"] = {"age": age_on(person.birth_date, kept.day)}
    if person.sex in ("female", "male", "other"):
        known.setdefault("person", {})["sex"] = person.sex
    offers = shelf.clinic().offers
    if offers:
        known["settings"] = {f"{one}_points": f"{one} points" in offers for one in OFFERED}
    base = (kept.handed_in if kept.assembled else kept.case) or {}  # a case file that was handed in stays beneath
    return {**known, **base}


def visit_number(shelf: Shelf, kept: VisitState) -> int:
    """Which of the person's visits it is, counted from 1; those struck do not count."""
    people = shelf.together(shelf.person(kept.person))
    before = f"{kept.day.isoformat()} {kept.opened_at}"
    return 1 + sum(not one.struck for one in shelf.visits(people, limit=1000, before=before))


def age_on(birth: Any, day: Any) -> int:
    """Whole years."""
    return int(day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day)))


def edits_of(entries: Sequence[Noted]) -> Edits:
    """What the practitioner changed in the plan; where devices differ: without the point, in the planner's order."""
    added: list[tuple[str, str]] = []
    removed: list[tuple[str, str]] = []
    found = values([one for one in entries if not one.late])
    for value in found.all("plan.changed").values():
        point = (str(value.body["point"]), str(value.body["side"]))
        (removed if value.conflict or value.body["change"] == "remove" else added).append(point)
    order = found.one("plan.ordered")
    return Edits(tuple(added), tuple(removed), tuple(order.body["positions"]) if order and not order.conflict else ())
