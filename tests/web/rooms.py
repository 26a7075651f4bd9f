"""A real clinic behind its real pages, and a browser-like client for somebody signed in.

with pages(tmp_path) as rooms:
    client = rooms.client("ana")       # signed in; rooms.client() is nobody
    client.sent("/staff/new", name="...", roles=["intern"])   # a form with its token, as a browser sends it
"""

from __future__ import annotations

import html
import re
from contextlib import contextmanager
from dataclasses import dataclass

from fastapi.testclient import TestClient

from myotome.clinic.access.access import Access
from myotome.clinic.access.accounts import Accounts
from myotome.clinic.audit import Audit
from myotome.clinic.clinic import Clinic
from myotome.clinic.consents.consents import Consents
from myotome.clinic.erasure import Erasure
from myotome.clinic.exports.exports import Exports
from myotome.clinic.governance import Governance
from myotome.clinic.keeper import Keeper
from myotome.clinic.mind import Mind
from myotome.clinic.people import People
from myotome.clinic.visits import Visits
from myotome.records.master import write_master
from myotome.web.clinic.app import clinic_app
from tests.clinics import QUICK, STAFF, open_practice, staffed

CODE = "lamp-stone-river"
HOST = "http://localhost"
TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


class Client(TestClient):
    """Sends forms as a browser does: from our own page, with the token of that page."""

    def sent(self, path, page=None, **fields):
        """POST a form; ``page`` is where its token is taken from, ``path`` itself where it has none."""
        if "csrf" not in fields and (found := TOKEN.search(self.get(page or path).text)):
            fields["csrf"] = found.group(1)
        return self.post(path, data=fields, headers={"Sec-Fetch-Site": "same-origin", "Origin": "null"})

    def holds(self, name, value):
        """Put a cookie into this browser."""
        host = self.base_url.host
        self.cookies.set(name, value, domain=host if "." in host else f"{host}.local")

    def words(self, path):
        """What a page says, without its marks."""
        return said(self.get(path))


def said(answer):
    """The words of an answer."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


@dataclass
class Rooms:
    """A clinic and its application."""

    clinic: Clinic
    made: object
    app: object
    base: str = HOST

    def client(self, who=""):
        """Somebody with a browser of their own, signed in."""
        client = Client(self.app, base_url=self.base, follow_redirects=False)
        if who:
            https = self.base.startswith("https")
            client.holds(f"{'__Host-' if https else ''}myotome-main", self.made.token(who))
        return client

    @property
    def events(self):
        """How many entries the record has."""
        with self.clinic.practice.within() as shelf:
            return shelf.reading.last()[0]


@contextmanager
def pages(folder, staff=STAFF, *, founded=True, base=HOST, **house):
    """The pages of a clinic with staff of every role, or of one still to be founded."""
    folder.mkdir(parents=True, exist_ok=True)
    with open_practice("sqlite", folder) as practice:
        made = staffed(practice, staff) if founded else None
        access = made.access if made else Access(practice, QUICK)
        clinic = clinic_of(practice, access, made.accounts if made else Accounts(practice, access), folder)
        told = {"founding_code": CODE, "origin": base} | house
        yield Rooms(clinic, made, clinic_app(clinic, **told), base)


def clinic_of(practice, access, accounts, folder):
    """Every part of a clinic over a practice."""
    write_master(folder / "master.key", practice.ledger.master)
    heads, governance = folder / "heads", Governance(practice)
    return Clinic(
        practice=practice,
        people=People(practice),
        visits=Visits(practice, Mind(None, governance.notice, governance.withdrawn)),
        access=access,
        accounts=accounts,
        consents=Consents(practice),
        governance=governance,
        audit=Audit(practice, heads),
        erasure=Erasure(practice, heads),
        exports=Exports(practice, governance),
        keeper=Keeper(practice, heads, folder / "master.key"),
    )
