"""One clinic with everything that can be done in it; what the doors are handed."""

from __future__ import annotations

from dataclasses import dataclass

from myotome.clinic.access.access import Access
from myotome.clinic.access.accounts import Accounts
from myotome.clinic.audit import Audit
from myotome.clinic.consents.consents import Consents
from myotome.clinic.erasure import Erasure
from myotome.clinic.exports.exports import Exports
from myotome.clinic.governance import Governance
from myotome.clinic.keeper import Keeper
from myotome.clinic.people import People
from myotome.clinic.practice import Practice
from myotome.clinic.visits import Visits


@dataclass(frozen=True, slots=True)
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
