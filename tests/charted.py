"""A founded practice with everything that is done with people in it, and people and visits made in a line.

with charted("sqlite", tmp_path) as desk:
    anna = desk.person(family="Müller", given="Anna")     # registered by pia, opened by her
    visit = desk.visit(anna, example="plan-c7-root-first-visit")
"""

from __future__ import annotations

import datetime
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from myotome.clinic.audit import Audit
from myotome.clinic.consents.consents import Consents
from myotome.clinic.entries.clinics import ClinicChanged
from myotome.clinic.entries.persons import PersonRegistered
from myotome.clinic.entries.visits import HypothesisRecorded, VisitOpened
from myotome.clinic.erasure import Erasure
from myotome.clinic.exports.exports import Exports
from myotome.clinic.governance import Governance
from myotome.clinic.keeper import Keeper
from myotome.clinic.mind import NO_EDITS, Mind
from myotome.clinic.people import People
from myotome.clinic.visits import Visits
from myotome.records.master import write_master
from tests.clinics import Founded, founded
from tests.reading import reasoner

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
NECK, CAUDA = "plan-c7-root-first-visit", "plan-cauda-equina-emergency"
TWO = ["name", "birth date"]
UNTESTED = b"  - {sign: reflex, at: biceps reflex, side: right, result: not tested}\nmedicines:"


@cache
def case_of(example):
    """The file of a published example, with one reflex that was not tested."""
    return (EXAMPLES / f"{example}.yaml").read_bytes().replace(b"medicines:", UNTESTED)


@cache
def _thought(case, day, edits):
    return Mind(reasoner, lambda: "Not reviewed then", dict).think(case, day, edits)


class Remembering(Mind):
    """Thinks each case through once a process."""

    def think(self, case, day, edits=NO_EDITS):
        """What is said of a case on a day."""
        return _thought(case, day, edits)


@dataclass
class Desk:
    """One practice and all its parts."""

    house: Founded
    folder: Path

    def __post_init__(self):
        practice = self.practice = self.house.practice
        self.clock, self.heads, self.key_file = practice.clock, self.folder / "heads", self.folder / "clinic.key"
        write_master(self.key_file, practice.ledger.master)
        self.governance = Governance(practice)
        self.visits = Visits(practice, Remembering(reasoner, self.governance.notice, self.governance.withdrawn))
        self.people, self.consents = People(practice), Consents(practice)
        self.exports, self.audit = Exports(practice, self.governance), Audit(practice, self.heads)
        self.erasure, self.keeper = Erasure(practice, self.heads), Keeper(practice, self.heads, self.key_file)

    def who(self, name):
        """Somebody signed in."""
        return self.house.actor(name)

    def proof(self, name):
        """Somebody who has just signed in again."""
        return self.house.proof(name)

    def place(self, code):
        """Let the retention rules of a place hold."""
        with self.practice.acting(self.who("ana"), "manage clinic") as desk:
            desk.record(ClinicChanged(place=code))

    def person(self, opened_by=("pia",), **told):
        """Somebody new."""
        told = {"family": "Müller", "given": "Anna", "birth_date": datetime.date(1990, 4, 2), **told}
        person = self.people.register(self.who("pia"), PersonRegistered(**told))
        self.open(person, *opened_by)
        return person

    def open(self, person, *names):
        """Open a record by two identifiers."""
        for name in names:
            self.people.open(self.who(name), person, TWO)

    def visit(self, person, who="pia", example="", words="C7 on the left"):
        """A visit with a hypothesis and, where an example is given, its examination."""
        actor = self.who(who)
        visit = self.visits.open(actor, person, VisitOpened(day=self.practice.today(), reason="Neck pain"))
        self.visits.suppose(actor, visit, HypothesisRecorded(text=words))
        if example:
            self.visits.examine(actor, visit, case_of(example))
        return visit

    def state(self, kind, name):
        """A state as it is kept."""
        with self.practice.within() as shelf:
            return shelf.reading.state(kind, name)


@contextmanager
def charted(kind, folder):
    """A founded practice with all its parts."""
    with founded(kind, folder) as house:
        yield Desk(house, folder)
