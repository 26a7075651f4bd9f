"""Entries that a device made by itself and sends later, perhaps twice: recorded once, all of them or none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from myotome.clinic.actor import Actor
from myotome.clinic.at_bedside import (
    Thought,
    as_noted,
    charted_at_bedside,
    present_at_bedside,
    thought_so_far,
)
from myotome.clinic.drafted import Drafted, Sent, drafted, wrong
from myotome.clinic.entries.bedside import BedsideEntry, PlanTaken
from myotome.clinic.entries.visits import ExaminationRecorded
from myotome.clinic.mind import written
from myotome.clinic.on_behalf import as_made
from myotome.clinic.practice import Acting, NotOpenedError, Practice
from myotome.clinic.visits import Visits, examined, unsigned
from myotome.errors import CaseError, CaseProblem, EntryError, MissingError
from myotome.records.event import Event, Receipt

MOST = 100  # at once
MOST_EXAMINED = 10  # each is thought through, a second or two
NO_VISIT = "there is no such visit in this clinic. Send what belongs to a visit that was opened here."
USED = "this id was used for another entry. Give the entry a new id."


@dataclass(frozen=True, slots=True)
class _Ready:
    """A draft that was read, and thought through where it is an examination.

    ``seen``: the last entry of the visit before it was thought through, where others may have charted meanwhile.
    """

    draft: Drafted
    entry: Sent
    thought: Thought | None = None
    seen: str = ""


class Drafts:
    """Takes what devices send."""

    def __init__(self, practice: Practice, visits: Visits) -> None:
        """``visits`` thinks examinations through and holds the rules of charting."""
        self.practice, self.visits = practice, visits

    def record(self, actor: Actor, drafts: Sequence[Drafted]) -> list[Receipt]:
        """Record all of them, in their order; one that was recorded before gives its receipt again and nothing else.

        Raises:
            CaseError: one or more are refused, with every problem and its place; nothing was recorded.
            AccessError: this person may not chart, or has not opened a record that is charted in.
        """
        if not 1 <= len(drafts) <= MOST:
            raise CaseError([CaseProblem("entries", f"there are {len(drafts)} entries; send 1 to {MOST} at once.")])
        problems = [problem for place, one in enumerate(drafts) for problem in wrong(place, one, actor.staff)]
        if (count := sum(one.kind == ExaminationRecorded.kind for one in drafts)) > MOST_EXAMINED:
            many = f"there are {count} examinations; send at most {MOST_EXAMINED} of them at once."
            problems.append(CaseProblem("entries", many))
        names = [one.made.id for one in drafts]
        problems += [
            CaseProblem(f"entries[{place}].id", "this id stands here twice. Give each entry an id of its own.")
            for place, name in enumerate(names)
            if name in names[:place]
        ]
        if problems:
            raise CaseError(problems)
        ready = self._frozen(actor, self._ready(actor, drafts))
        with self.practice.acting(actor, "chart") as desk:
            sender, current = desk.actor, [_current(desk, place, one) for place, one in enumerate(ready)]
            return [self._recorded(desk, sender, place, one) for place, one in enumerate(current)]

    def _ready(self, actor: Actor, drafts: Sequence[Drafted]) -> list[_Ready]:
        """Read each; think through what is new, outside of any transaction."""
        ready: list[_Ready] = []
        problems: list[CaseProblem] = []
        for place, draft in enumerate(drafts):
            try:
                with _at(place):
                    ready.append(self._read(actor, draft))
            except CaseError as error:
                problems += error.problems
        if problems:
            raise CaseError(problems)
        return ready

    def _read(self, actor: Actor, draft: Drafted) -> _Ready:
        entry = drafted(draft)
        if not isinstance(entry, ExaminationRecorded):
            return _Ready(draft, entry)
        plain, _ = self.visits.mind.read(written(entry.case))
        entry = ExaminationRecorded(case=plain)
        with self.practice.within() as shelf:
            known = shelf.reading.event(draft.made.id)
        return _Ready(draft, entry, None if known else self.visits.thought(actor, draft.visit, plain))

    def _frozen(self, actor: Actor, ready: list[_Ready]) -> list[_Ready]:
        """With the last plan taken of a visit goes what the software says of it as it then is, thought through here."""
        last = {one.draft.visit: place for place, one in enumerate(ready) if isinstance(one.entry, PlanTaken)}
        made = list(ready)
        for visit, place in last.items():
            with _at(place):
                seen = self._seen(actor, ready[place].draft)
                if not seen:
                    continue
                before = [other for other in ready[:place] if other.draft.visit == visit]
                pending = [as_noted(other.draft, other.entry.body(), actor.staff) for other in before]
                thought = thought_so_far(self.practice, self.visits.mind, visit, pending)
                made[place] = replace(ready[place], thought=thought, seen=seen)
        return made

    def _seen(self, actor: Actor, draft: Drafted) -> str:
        """The last entry of a visit before it is thought through; empty where the draft was recorded before.

        Whoever may not chart there costs nothing.
        """
        with self.practice.acting(actor, "chart") as desk:
            if desk.reading.event(draft.made.id):
                return ""
            kept = desk.visit(draft.visit)
            present_at_bedside(desk, kept)
            return kept.last_entry

    def _recorded(self, desk: Acting, sender: Actor, place: int, one: _Ready) -> Receipt:
        desk.actor = sender
        with _at(place):
            if known := desk.reading.event(one.draft.made.id):
                return _again(desk, known, one)
            kept = desk.visit(one.draft.visit)
            desk.actor = as_made(desk, one.draft.on_behalf)
            if isinstance(one.entry, BedsideEntry):
                return charted_at_bedside(desk, kept, one.entry, one.draft.made, one.thought)
            desk.present(desk.actor, "chart", kept.person)
            unsigned(kept)
            if one.thought is None:
                raise EntryError("this entry was being taken away while it was read. Send it again.")
            return examined(desk, kept, one.thought, one.draft.made)


def _current(desk: Acting, place: int, one: _Ready) -> _Ready:
    """Without what was thought where somebody charted meanwhile: it is thought through again at the signature."""
    if one.thought is None or not one.seen:
        return one
    with _at(place):
        return one if desk.visit(one.draft.visit).last_entry == one.seen else replace(one, thought=None)


def _again(desk: Acting, known: Event, one: _Ready) -> Receipt:
    """The receipt of what was recorded before, if it was the same and this person's.

    Raises:
        EntryError: the id was used for something else.
    """
    body = dict(known.body or {})
    body.pop("on_behalf", None)
    same = (known.kind, known.visit, known.author, known.device_time, known.zone, body)
    made = one.draft.made
    if same != (one.draft.kind, one.draft.visit, desk.actor.staff, made.device_time, made.zone, one.entry.body()):
        raise EntryError(USED)
    return Receipt(known.id, known.position, known.hash, known.received, repeated=True)


@contextmanager
def _at(place: int) -> Iterator[None]:
    """Say at which entry something is wrong; that a record is not opened stays what it is."""
    try:
        yield
    except NotOpenedError:
        raise
    except CaseError as error:
        inside = f"entries[{place}].body.case"
        raise CaseError(CaseProblem(f"{inside}.{p.at}", p.message, p.did_you_mean) for p in error.problems) from None
    except MissingError:
        raise CaseError([CaseProblem(f"entries[{place}].visit", NO_VISIT)]) from None
    except EntryError as error:
        reason = str(getattr(error, "reason", ""))
        raise CaseError([CaseProblem(f"entries[{place}]", str(error), reason=reason)]) from None


__all__ = ["Drafted", "Drafts", "drafted"]
