"""For whom an assistant charts: chosen in a session, remembered for what is sent after another was chosen.

What a tablet made without the clinic is sent later, perhaps in another session and for another practitioner. So each
entry says for whom it was made, and that holds where its author has chosen them at some time; what says nothing is for
whom the session says.
"""

from __future__ import annotations

from dataclasses import replace

from myotome.clinic.actor import Actor
from myotome.clinic.permissions import CHARTS_FOR_ANOTHER, allowed
from myotome.clinic.practice import Acting
from myotome.clinic.shelf import Shelf
from myotome.clinic.states import StaffState
from myotome.errors import EntryError
from myotome.records.writing import Writing

CHOSEN = "charts for"  # drawer: whom an assistant has ever chosen
NEVER = "the entry is said to be made for somebody for whom its author never charted here. Chart it anew in their name."


def remember(record: Writing, assistant: str, chosen: str) -> None:
    """Keep that an assistant chose to chart for somebody."""
    record.drawer(CHOSEN).put(f"{assistant}:{chosen}", {"staff": chosen}, owner=assistant)


def as_made(desk: Acting, told: str) -> Actor:
    """Who records an entry that was made for ``told``; empty: for whom the session says.

    Raises:
        EntryError: they never charted for them.
    """
    actor = desk.actor
    if told in ("", actor.on_behalf):
        return actor
    if CHARTS_FOR_ANOTHER not in actor.roles or desk.reading.drawer(CHOSEN).get(f"{actor.staff}:{told}") is None:
        raise EntryError(NEVER)
    return replace(actor, on_behalf=told)


def may_needle(actor: Actor, staff: dict[str, StaffState]) -> bool:
    """Whether somebody may record that needles go in: by their own role, or for a practitioner whom they chose."""
    if allowed(actor.roles, "needle"):
        return True
    treats = staff.get(actor.on_behalf)
    return CHARTS_FOR_ANOTHER in actor.roles and treats is not None and allowed(frozenset(treats.roles), "needle")


def must_choose(actor: Actor, staff: dict[str, StaffState]) -> bool:
    """Whether somebody has first to choose for whom they chart."""
    if CHARTS_FOR_ANOTHER not in actor.roles or allowed(actor.roles, "sign"):
        return False
    someone = staff.get(actor.on_behalf)
    treats = someone is not None and someone.joined and not someone.left
    return not treats or someone is None or not allowed(frozenset(someone.roles), "sign")


def me(actor: Actor, shelf: Shelf, acts: tuple[str, ...]) -> dict[str, object]:
    """Who is signed in, for whom they chart, and what they may.

    ``may.needle``: put needles in; ``may.out``: note needles as out, all removed, unused, counted, or an incident.
    """
    staff = shelf.staff()
    choose = must_choose(actor, staff)
    may = {act: allowed(actor.roles, act) for act in acts}
    may |= {"needle": may_needle(actor, staff), "out": may["chart"] and not choose}
    told = {"staff": actor.staff, "name": actor.name, "roles": sorted(actor.roles), "device": actor.device}
    return {**told, **behalf(actor, staff), "must_choose": choose, "may": may}


def behalf(actor: Actor, staff: dict[str, StaffState]) -> dict[str, str]:
    """For whom somebody charts, by id and by name; both empty where they chart in their own name."""
    someone = staff.get(actor.on_behalf)
    return {"on_behalf": actor.on_behalf, "on_behalf_name": someone.name if someone else ""}
