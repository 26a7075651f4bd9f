"""Random acts over few people and visits of one clinic, and what must hold of the record whatever was done in it."""

from __future__ import annotations

import datetime
import random
import secrets
from collections import Counter
from contextlib import contextmanager, suppress
from pathlib import Path

from myotome.clinic.actor import Proof
from myotome.clinic.entries.clinics import StaffChanged
from myotome.clinic.entries.kinds import read
from myotome.clinic.entries.persons import PersonCorrected, PersonRegistered
from myotome.clinic.entries.visits import HypothesisRecorded, VisitOpened
from myotome.clinic.folding.projector import ClinicProjector
from myotome.clinic.permissions import allowed
from myotome.clinic.practice import Practice
from myotome.errors import MyotomeError
from myotome.records.keys import CLINIC
from myotome.records.ledger import Ledger, found
from myotome.records.master import new_master
from myotome.records.tables import KEY, PROJECTION
from myotome.records.verification.verify import verify
from tests.charted import NECK, TWO, Desk, case_of
from tests.clinics import staffed
from tests.stores import START

WHO = ("ana", "lea", "pia", "ivo", "ada", "rex")
CHARTING, OFTEN = ("pia", "ivo", "lea"), 0.8
ROLES = {
    "pia": (("practitioner",), ("intern",), ("reception",)),
    "lea": (("lead",), ("practitioner",)),
    "ivo": (("intern",), ("practitioner",)),
}
# Who mostly does an act; now and then it is anybody.
FIT = {
    "do_ask": ("ana", "lea"), "do_refuse": ("ana", "lea"), "do_confirm": ("lea", "ana"), "do_merge": ("lea",),
    "do_unmerge": ("lea",), "do_roles": ("ana",), "do_cosign": ("lea", "pia"), "do_sign": ("ivo", "pia"),
}  # fmt: skip
# What must have been allowed to the author of an entry by the roles that the chain gave them before it.
MAY = {
    "person.registered": "register person", "person.corrected": "correct person", "person.merged": "merge people",
    "person.unmerged": "merge people", "visit.opened": "chart", "hypothesis.recorded": "chart",
    "examination.recorded": "chart", "visit.signed": "sign", "visit.cosigned": "cosign", "visit.amended": "amend",
    "visit.struck": "amend", "visit.moved": "move visit", "erasure.asked": "ask erasure",
    "erasure.refused": "ask erasure", "person.erased": "confirm erasure", "consent.given": "record consent",
    "consent.withdrawn": "record consent", "staff.changed": "manage staff", "record.read": "see person",
}  # fmt: skip
AFTER_SIGNATURE = {"visit.cosigned", "visit.amended", "visit.moved", "visit.struck"}


class Ticking:
    """A clock that goes on by a millisecond whenever it is read."""

    def __init__(self, now=START):
        self.now = now

    def __call__(self):
        self.now += datetime.timedelta(milliseconds=1)
        return self.now

    def forward(self, **by):
        self.now += datetime.timedelta(**by)


@contextmanager
def clinic_on(database, folder: Path, clock, names, clinic, seeded=False):
    """A staffed clinic on an open database, with all its parts; ``seeded``: even its keys come out the same again."""
    folder.mkdir(parents=True, exist_ok=True)
    draw = random.Random(clinic).randbytes if seeded else secrets.token_bytes
    master = new_master(clinic, draw)
    found(database, master, draw)
    practice = Practice(Ledger(database, master, ClinicProjector(), draw), clock, names)
    yield Desk(staffed(practice), folder)


class Acts:
    """One hand that does random acts; ``log`` says of each who did it and what came of it."""

    def __init__(self, desk, seed, actors=None, people=None, visits=None):
        self.desk, self.draw, self.actors = desk, random.Random(seed), actors
        self.people, self.visits, self.log = people or [], visits or [], []

    def actor(self, who):
        return self.actors[who] if self.actors else self.desk.who(who)

    def step(self, names=()):
        """One act; a refusal is an outcome like others."""
        act = self.draw.choice(names or [name for name in vars(Acts) if name.startswith("do_")])
        who = self.draw.choice(FIT.get(act, CHARTING) if self.draw.random() < OFTEN else WHO)
        try:
            self.acting = self.actor(who)
            getattr(self, act)(self.acting, who)
            came = "done"
        except MyotomeError as error:
            came = f"{type(error).__name__}: {error}"
        self.log.append((act, who, came))

    def person(self):
        return self._opened(self._one(self.people))

    def visit(self, visit=""):
        visit = visit or self._one(self.visits)
        state = self.desk.state("visit", visit)
        self._opened(state["person"] if state else self.people[0])
        return visit

    def _opened(self, person):
        """Mostly whoever acts has opened the record."""
        if self.draw.random() < OFTEN:
            with suppress(MyotomeError):
                self.desk.people.open(self.acting, person, TWO)
        return person

    def _one(self, of):
        """Mostly one of the last, to which something can still be done."""
        return self.draw.choice(of[-4:] if self.draw.random() < OFTEN else of)

    def proof(self, actor):
        return Proof(actor.staff, "password", self.desk.clock())

    def do_register(self, actor, _):
        told = {
            "family": self.draw.choice(("Ek", "Öz", "Li")),
            "given": "Kim",
            "birth_date": datetime.date(2000, 2, 29),
        }
        self.people.append(self.desk.people.register(actor, PersonRegistered(**told)))

    def do_open(self, actor, _):
        self.desk.people.open(actor, self._one(self.people), TWO)

    def do_correct(self, actor, _):
        self.desk.people.correct(actor, self.person(), PersonCorrected(phone=str(self.draw.random()), reason="Typed."))

    def do_consent(self, actor, _):
        self.desk.consents.give(actor, self.person(), "needling", "self", "Kim Ek", copy_given=True)

    def do_withdraw(self, actor, _):
        with self.desk.practice.within() as shelf:
            agreed = [name for name in reversed(self.people) if shelf.is_kept(name) and shelf.person(name).consents]
        person = self._opened(agreed[0]) if agreed else self.person()
        given = self.desk.consents.standing(person)
        self.desk.consents.withdraw(actor, person, given[0].consent.consent if given else "none")

    def do_merge(self, actor, _):
        self.desk.people.merge(actor, self.person(), self.person(), "The same.")

    def do_unmerge(self, actor, _):
        self.desk.people.unmerge(actor, self.person(), "Not the same.")

    def do_begin(self, actor, _):
        person = self.person()
        visit = self.desk.visits.open(actor, person, VisitOpened(day=self.desk.practice.today()))
        self.visits.append(visit)
        if self.draw.random() < OFTEN:
            self.desk.visits.suppose(actor, visit, HypothesisRecorded(text="T1"))

    def do_suppose(self, actor, _):
        self.desk.visits.suppose(actor, self.visit(), HypothesisRecorded(text=f"C{self.draw.randint(5, 8)}"))

    def do_examine(self, actor, _):
        self.desk.visits.examine(actor, self.visit(), case_of(NECK))

    def do_sign(self, actor, _):
        self.desk.visits.sign(actor, self.visit(), self.proof(actor))

    def do_cosign(self, actor, _):
        with self.desk.practice.within() as shelf:
            waiting = [one.visit for one in reversed(shelf.waiting())] or self.visits
        self.desk.visits.cosign(actor, self.visit(self.draw.choice(waiting)), self.proof(actor))

    def do_amend(self, actor, _):
        self.desk.visits.amend(actor, self.visit(), "On the left.", "Slip.")

    def do_strike(self, actor, _):
        self.desk.visits.strike(actor, self.visit(), "Entered in error.")

    def do_move(self, actor, _):
        self.desk.visits.move(actor, self.visit(), self.person(), "Wrong person.")

    def do_ask(self, actor, _):
        self.desk.erasure.ask(actor, self.person(), "They asked for it.", law="Order 7")

    def do_refuse(self, actor, _):
        self.desk.erasure.refuse(actor, self.person(), "Not yet.")

    def do_confirm(self, actor, _):
        asked = [one.person for one in self.desk.erasure.asked(actor)] or self.people
        self.desk.erasure.confirm(actor, self.draw.choice(asked), "They asked for it.", self.proof(actor))

    def do_roles(self, actor, _):
        who = self.draw.choice(sorted(ROLES))
        entry = StaffChanged(staff=self.desk.house.staff[who], roles=self.draw.choice(ROLES[who]))
        self.desk.house.accounts.change(actor, entry)

    def do_look(self, actor, _):
        person = self.person()
        with self.desk.practice.looking(actor, "see person", "page", person) as shelf:
            shelf.visits(shelf.together(shelf.person(person)))

    @property
    def done(self):
        return Counter(act for act, _, came in self.log if came == "done")

    @property
    def refused(self):
        return Counter(act for act, _, came in self.log if came != "done")


def kept_states(ledger):
    """Every state as it is kept: (kind, id) -> person, sort, position, key and what is in it."""
    with ledger.reading() as record:
        kinds = record.connection.execute(PROJECTION.select().where(PROJECTION.c.clinic == ledger.clinic)).all()
        return {(r.kind, r.id): (r.person, r.sort, r.position, r.key, record.state(r.kind, r.id)) for r in kinds}


def trail(ledger):
    """Every event but for its hash, in which nonces are."""
    with ledger.reading() as record:
        events = record.events(limit=1_000_000)
    return [
        (e.position, e.id, e.kind, e.version, e.person, e.visit, e.author, e.received, e.key, e.body) for e in events
    ]


def hold(desk):
    """What must hold of every record; returns how often each law had something to hold."""
    ledger = desk.practice.ledger
    with ledger.reading() as record:
        events = record.events(limit=1_000_000)
        keys = {r.id: r.owner for r in record.connection.execute(KEY.select().where(KEY.c.clinic == ledger.clinic))}
    hits = Counter(_order(events)) + Counter(_roles(events)) + Counter(_visits(events)) + Counter(_erased(events, keys))
    before = kept_states(ledger)
    hits += Counter(_people(before)) + Counter(_owned(before, keys))
    ledger.rebuild(desk.clock())
    assert kept_states(ledger) == before
    report = verify(ledger, ledger.clinic, against=[ledger.head(desk.clock())])
    assert (report.faults, report.notices) == ((), ())
    return hits


def _order(events):
    assert [one.position for one in events] == list(range(1, len(events) + 1))
    assert len({one.id for one in events}) == len(events)
    assert [one.received for one in events] == sorted(one.received for one in events)
    yield "order"


def _roles(events):
    """Whoever wrote an entry might do so by the roles that the chain gave them by then."""
    roles = {}
    for event in events:
        if act := MAY.get(event.kind):
            assert allowed(frozenset(roles[event.author]), act), event
            yield "roles"
        if event.kind == "visit.signed" and event.body is not None:
            needs = not allowed(frozenset(roles[event.author]), "cosign")
            assert event.body["needs_cosignature"] is needs
            yield "needs" if needs else "stands alone"
        if event.kind.startswith("staff."):
            entry = read(event.kind, event.version, event.body)
            if getattr(entry, "roles", None):
                roles[entry.staff] = entry.roles


def _visits(events):
    signed, cosigned, struck = {}, set(), set()
    for event in events:
        if not event.visit:
            continue
        if event.visit in signed:
            assert event.kind in AFTER_SIGNATURE, event
            yield "after signature"
        if event.kind == "visit.signed":
            assert event.visit not in struck
            signed[event.visit] = event.author
            yield "signed"
        if event.kind == "visit.cosigned":
            assert event.visit not in cosigned | struck
            assert signed[event.visit] != event.author
            cosigned.add(event.visit)
            yield "cosigned"
        if event.kind == "visit.struck":
            assert event.visit not in struck
            struck.add(event.visit)


def _erased(events, keys):
    gone, dead = set(), set()
    for event in events:
        assert event.person not in gone, event  # nothing is added, and nobody is erased twice
        assert not event.visit or event.visit not in dead, event
        if event.kind == "person.erased":
            gone.add(event.person)
            dead |= set(event.body["keys"])
            yield "erased"
    assert not (gone | dead) & set(keys)
    assert not gone & set(keys.values())
    assert all(event.body is None for event in events if event.key in dead)


def _people(states):
    people = {name: told[4] for (kind, name), told in states.items() if kind == "person"}
    for name, one in people.items():
        above, seen = name, set()
        while above := people[above].get("merged_into", ""):
            assert above not in seen
            seen.add(above)
        assert not one.get("erased_at") or set(one) == {"id", "erased_at"}
        if into := one.get("merged_into"):
            assert people[into]["merged_from"].count(name) == 1
            yield "merged"
        for other in one.get("merged_from", []):
            assert people[other]["merged_into"] == name


def _owned(states, keys):
    """A visit belongs to one person, and its key to the same."""
    for (kind, name), (person, *_, told) in states.items():
        if kind == "visit":
            assert keys[name] == person == told["person"]
            yield "moved" if told.get("moves") else "owned"
    assert {owner for name, owner in keys.items() if name not in states} - {CLINIC} <= set(keys)
