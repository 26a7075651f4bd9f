"""One clinic with everything that can be done in it; what the doors are handed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from myotome.clinic.access.access import Access
from myotome.clinic.access.accounts import Accounts
from myotome.clinic.adverse import Adverse
from myotome.clinic.audit import Audit
from myotome.clinic.bedside import Bedside
from myotome.clinic.consents.consents import Consents
from myotome.clinic.courses import Courses
from myotome.clinic.drafts import Drafts
from myotome.clinic.erasure import Erasure
from myotome.clinic.exports.exports import Exports
from myotome.clinic.governance import Governance
from myotome.clinic.keeper import Keeper
from myotome.clinic.late_needles import LateNeedles
from myotome.clinic.people import People
from myotome.clinic.practice import Practice
from myotome.clinic.visits import Visits


@dataclass(frozen=True)
class Clinic:
    """The parts of a clinic, over one practice."""

    practice: Practice
    people: People
    visits: Visits
    access: Access
    accounts: Accounts
    consents: Consents
    governance: Governance
    audit: Audit
    erasure: Erasure
    exports: Exports
    keeper: Keeper

    @property
    def drafts(self) -> Drafts:
        """What devices made by themselves and send."""
        return Drafts(self.practice, self.visits)

    @property
    def courses(self) -> Courses:
        """What is told of a person over all their visits."""
        return Courses(self.practice, self.visits.mind)

    @property
    def adverse(self) -> Adverse:
        """What goes wrong, and who is asked how they are."""
        return Adverse(self.practice)

    @property
    def late_needles(self) -> LateNeedles:
        """Needles that came to light after the signature and are in still."""
        return LateNeedles(self.practice)

    @cached_property
    def bedside(self) -> Bedside:
        """What a tablet talks to."""
        return Bedside(self.practice, self.visits, self.consents, self.governance)
