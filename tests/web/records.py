"""Pages with people in them: a clinic that thinks, somebody registered and opened, visits charted through the pages.

with desks(tmp_path) as rooms:
    pia = rooms.client("pia")
    anna = register(pia, given="Anna", family="Müller")   # opened by two identifiers
    visit = examined(pia, anna)
"""

from __future__ import annotations

from contextlib import contextmanager

from tests.charted import NECK, Remembering, case_of
from tests.clinics import password_of
from tests.reading import reasoner
from tests.web.rooms import TOKEN, pages

ANNA = {"given": "Anna", "family": "Müller", "birth_date": "1990-04-02", "phone": "030 1234567"}


@contextmanager
def desks(folder, **told):
    """A clinic whose visits are really explained and planned."""
    with pages(folder, **told) as rooms:
        governance = rooms.clinic.governance
        rooms.clinic.visits.mind = Remembering(reasoner, governance.notice, governance.withdrawn)
        yield rooms


def last_part(answer):
    """The last part of where an answer leads."""
    assert answer.status_code == 303, (answer.status_code, answer.text[:3000])
    return answer.headers["location"].split("?")[0].rstrip("/").rsplit("/", 1)[-1]


def register(client, *, opened=True, **told):
    """Somebody new, registered and opened through the pages; returns their id."""
    answer = client.sent("/people/new", **{**ANNA, **told, "anyway": "yes"})
    assert answer.status_code == 303, answer.text[:3000]
    person = answer.headers["location"].split("/")[2]
    if opened:
        open_record(client, person)
    return person


def open_record(client, person, **beside):
    """Open a record by name and birth date."""
    answer = client.sent(f"/people/{person}/open", identifier=["name", "birth date"], **beside)
    assert answer.status_code == 303, answer.text[:3000]
    return answer


def visit_of(client, person, day="2026-03-01", reason="Neck and arm"):
    """A visit opened through the pages; returns its id."""
    return last_part(client.sent(f"/people/{person}/visits/new", day=day, reason=reason))


def examine(client, visit, example=NECK, data=None):
    """Hand in a case file as a browser does."""
    page = f"/visits/{visit}/examination"
    token = token_of(client, page)
    file = case_of(example) if data is None else data
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}
    return client.post(page, data={"csrf": token, "text": ""}, files={"file": ("case.yaml", file)}, headers=headers)


def token_of(client, page):
    """The token of a page's form."""
    return TOKEN.search(client.get(page).text).group(1)


def examined(client, person, example=NECK):
    """A visit with an examination, explained and planned."""
    visit = visit_of(client, person)
    answer = examine(client, visit, example)
    assert answer.status_code == 303, answer.text[:3000]
    return visit


def sign(client, visit, who, act="sign"):
    """Sign a note through its page."""
    return client.sent(f"/visits/{visit}/{act}", page=f"/visits/{visit}", proof=password_of(who))
