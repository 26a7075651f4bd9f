"""Harm told later, and the check-ins after needling near the lung: who is to be asked, what they answered."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from myotome.care.session.adverse import actions, is_serious, onsets, outcomes, terms
from myotome.care.session.checkin import NO_ANSWER, questions
from myotome.care.session.followed import (
    DONE,
    NOT_NEEDED,
    WAITING,
    Followed,
    followed,
    harms_told,
    needled_points,
    open_harms,
)
from myotome.care.session.values import Value
from myotome.clinic.actor import Actor
from myotome.clinic.entries.afterwards import AdverseRecorded, CheckinMade
from myotome.clinic.practice import Practice
from myotome.clinic.shelf import Shelf
from myotome.clinic.states import CheckinState, PersonState, VisitState
from myotome.errors import EntryError, MissingError
from myotome.records.event import Receipt

KEPT_IN_VIEW = datetime.timedelta(days=7)  # one that nobody made does not vanish sooner
MILD_FADES = datetime.timedelta(days=14)
MOST = 500  # visits with needles in that time
ROOM = "room"
STRUCK = "This visit was struck as entered in error. Record it in the visit in which it belongs."


@dataclass(frozen=True, slots=True)
class ToAsk:
    """Somebody to be asked how they are, or who was. Nothing of what was charted is in it.

    ``alarm``: an answer asked for action, and nobody has recorded a harm in that visit since.
    """

    visit: str
    person: PersonState
    checkin: Followed
    alarm: bool

    @property
    def stands(self) -> str:
        """Due, overdue, done or to come."""
        return self.checkin.stands


@dataclass(frozen=True, slots=True)
class OpenHarm:
    """A harm that still waits for its end, and in which visit it was told."""

    visit: VisitState
    value: Value


class Adverse:
    """What goes wrong, and what is done so that it is not missed."""

    def __init__(self, practice: Practice) -> None:
        """``practice`` is the gate to the record."""
        self.practice = practice

    def record(self, actor: Actor, visit: str, entry: AdverseRecorded) -> Receipt:
        """A harm, also one told after the note was signed: then it stands beside the note and changes nothing in it.

        Raises:
            EntryError: a word that is not among the fixed terms, or the visit was struck.
        """
        with self.practice.acting(actor, "chart") as desk:
            kept = desk.visit(visit)
            desk.present(actor, "chart", kept.person)
            there = {head.id for value in harms_told(desk.bedside(visit)) for head in value.heads}
            if kept.struck:
                raise EntryError(STRUCK)
            if problem := next(_strange(entry), "") or _gone(entry, there):
                raise EntryError(problem)
            return desk.charted(entry, kept.person, visit)

    def checkins(self, actor: Actor) -> tuple[ToAsk, ...]:
        """Whom to ask today and who was asked, of the last days: overdue first, then due, to come and done.

        Raises:
            AccessError: this person may not.
        """
        now = self.practice.clock()
        with self.practice.looking(actor, "see check-ins", "list of people to be asked") as shelf:
            found = [one for state in _lately(shelf, now) if (one := _to_ask(shelf, state, now))]
        return tuple(sorted(found, key=lambda one: (not one.alarm, one.checkin.due.due)))

    def due_of(self, person: str) -> tuple[ToAsk, ...]:
        """The check-ins of one person that wait now, for whoever was let in to see who it is."""
        now = self.practice.clock()
        with self.practice.within() as shelf:
            states = shelf.reading.states("checkin", shelf.together(shelf.person(person)), limit=20)
            found = [_to_ask(shelf, CheckinState.model_validate(state), now) for _, state in states]
        return tuple(
            one for one in found if one and one.stands in WAITING and one.checkin.due.late > now - KEPT_IN_VIEW
        )

    def one(self, actor: Actor, visit: str, due: str) -> ToAsk:
        """One check-in, to be made now.

        Raises:
            AccessError: this person may not, or has not made sure whom they have on the phone.
            MissingError: there is no such check-in.
        """
        with self.practice.looking(actor, "record check-in") as shelf:  # who may not is not told whether it is there
            person = shelf.visit(visit).person
        now = self.practice.clock()
        with self.practice.looking(actor, "record check-in", "form of a check-in", person) as shelf:
            if shelf.visit(visit).person != person:
                raise MissingError("There is no such check-in in this clinic.")
            return _named(shelf, visit, due, now)

    def made(self, actor: Actor, visit: str, entry: CheckinMade) -> Receipt:
        """Somebody was asked, or was not reached.

        Raises:
            EntryError: the check-in or a question is none of this visit's, or somebody answered who was not reached.
        """
        with self.practice.acting(actor, "record check-in") as desk:
            kept = desk.visit(visit)
            desk.present(actor, "record check-in", kept.person)
            if kept.struck:
                raise EntryError(STRUCK)
            known = [one.due.name for one in followed(desk.bedside(visit), self.practice.clock())]
            if entry.due not in known:
                raise EntryError(f"'{entry.due}' is no check-in of this visit. It has: {', '.join(known) or 'none'}.")
            if strange := sorted(set(entry.answers) - set(questions())):
                raise EntryError(f"'{strange[0]}' is no question of a check-in. Ask: {', '.join(questions())}.")
            if entry.how == NO_ANSWER and entry.answers:
                raise EntryError("Nobody was reached, so nobody answered. Take the answers out, or say how they came.")
            return desk.record(entry, person=kept.person, visit=visit)

    def told(self, visit: str) -> tuple[Value, ...]:
        """The harms of a visit, for whoever was let in to read it."""
        with self.practice.within() as shelf:
            return harms_told(shelf.bedside(visit))

    def needled(self, visit: str) -> tuple[str, ...]:
        """The points that were needled in a visit, for whoever was let in to read it."""
        with self.practice.within() as shelf:
            return needled_points(shelf.bedside(visit))

    def waiting(self, visits: list[VisitState]) -> tuple[OpenHarm, ...]:
        """The harms of these visits that still wait for their end, for whoever was let in to read them.

        A mild one is asked about for two weeks; after that it stands in its visit alone.
        """
        lately = self.practice.today() - MILD_FADES
        with self.practice.within() as shelf:
            return tuple(
                OpenHarm(visit, value)
                for visit in visits
                if not visit.struck
                for value in open_harms(shelf.bedside(visit.id))
                if visit.day >= lately or value.body["severity"] != "mild" or is_serious(value.body)
            )


def _lately(shelf: Shelf, now: datetime.datetime) -> Iterator[CheckinState]:
    for _, state in shelf.reading.states("checkin", limit=MOST):
        one = CheckinState.model_validate(state)
        if datetime.datetime.fromisoformat(one.needled) < now - KEPT_IN_VIEW:
            return  # the latest come first
        if shelf.is_kept(one.person):
            yield one


def _to_ask(shelf: Shelf, state: CheckinState, now: datetime.datetime) -> ToAsk | None:
    """The check-in of a visit that matters now; None where no needle went near the lung, or the visit was struck."""
    if shelf.visit(state.visit).struck:
        return None
    entries = shelf.bedside(state.visit)
    home = [one for one in followed(entries, now) if one.due.checkin.where != ROOM and one.stands != NOT_NEEDED]
    if not home:
        return None
    waiting = next((one for one in home if one.stands in WAITING), None)
    made = [one for one in home if one.stands == DONE]
    chosen = waiting or (made[-1] if made else home[0])
    newest = max((value.heads[-1].position or 0 for value in harms_told(entries)), default=0)
    calls = [(one.heard, one.reached.position or 0) for one in made if one.reached]
    alarm = any(heard and heard.says and position > newest for heard, position in calls)
    return ToAsk(state.visit, shelf.person(state.person), chosen, alarm)


def _named(shelf: Shelf, visit: str, due: str, now: datetime.datetime) -> ToAsk:
    kept = shelf.visit(visit)
    for one in () if kept.struck else followed(shelf.bedside(visit), now):
        if one.due.name == due:
            return ToAsk(visit, shelf.person(kept.person), one, alarm=False)
    raise MissingError("There is no such check-in in this clinic.")


def _strange(entry: AdverseRecorded) -> Iterator[str]:
    """What of an entry is not among the fixed terms."""
    told = (("term", (entry.term,), terms()), ("onset", (entry.onset,), onsets()), ("action", entry.actions, actions()))
    for what, words, known in (*told, ("outcome", (entry.outcome,) if entry.outcome else (), outcomes())):
        for word in words:
            if word not in known:
                yield f"'{word}' is no {what} in fixed words. Choose one of: {', '.join(known)}."


def _gone(entry: AdverseRecorded, there: set[str]) -> str:
    gone = [name for name in entry.replaces if name not in there]
    return "What this entry would replace was changed since. Read the visit again, then write." if gone else ""
