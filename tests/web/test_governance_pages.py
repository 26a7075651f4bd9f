"""Clinical review and erasure through their pages."""

import html
import re

import pytest

from tests.clinics import password_of
from tests.web.records import desks, open_record, register
from tests.web.rooms import said

pytestmark = pytest.mark.enable_socket
TABLE = "/review/referrals"


@pytest.fixture(scope="module")
def rooms(tmp_path_factory):
    with desks(tmp_path_factory.mktemp("governance")) as made:
        yield made


@pytest.fixture(scope="module")
def lea(rooms):
    return rooms.client("lea")


def ticked(page, count=2):
    return [html.unescape(one) for one in re.findall(r'name="row" value="([^"]+)"', page.text)[:count]]


def test_every_table_stands_with_its_counts_and_opens(lea, rooms):
    page = lea.get("/review")
    tables = rooms.clinic.governance.tables(rooms.made.actor("lea"))
    assert len(tables) > 10
    for name in tables:
        assert lea.get(f"/review/{name}").status_code == 200, name
    assert "awaiting" in said(page)
    assert lea.get("/review/no such table").status_code == 404
    assert lea.get("/review/points/no such row").status_code == 404


def test_a_row_shows_its_fields_quote_grade_source_and_where_to_open_it(lea, rooms):
    rows = rooms.clinic.governance.rows(rooms.made.actor("lea"), "referrals").rows
    row = next(one.row for one in rows if one.row.url and one.row.provenance.quote)
    page = lea.get(f"/review/referrals/{row.key}")
    words = said(page)
    assert all(" ".join(told.split()) in words for _, told in row.fields)
    assert row.citation in words
    assert f'href="{html.escape(row.url)}" rel="noreferrer noopener"' in page.text


def test_rows_are_signed_together_by_the_lead_who_shows_who_she_is(lea, rooms):
    chosen = ticked(lea.get(TABLE))
    told = {"row": chosen, "verdict": "signed", "licence": "PT 4711", "start": "0", "state": ""}
    for change in ({"proof": ""}, {"proof": "wrong one, surely"}, {"proof": password_of("lea"), "licence": " "}):
        assert lea.sent(TABLE, **told | change).status_code == 422, change
    assert "No row was chosen" in said(lea.sent(TABLE, **told | {"row": [], "proof": password_of("lea")}))
    assert lea.sent(TABLE, **told, proof=password_of("lea")).status_code == 303
    assert "Signed by Lea Lead, licence PT 4711" in said(lea.get(TABLE))
    assert len(rooms.clinic.governance.rows(rooms.made.actor("lea"), "referrals", "signed").rows) == 2
    assert lea.get(f"{TABLE}?state=signed").text.count('name="row"') == 2


def test_one_row_that_changed_since_it_was_shown_stops_all(lea, rooms):
    first, second = ticked(lea.get(f"{TABLE}?state=awaiting"))
    forged = "0" * 64 + second[64:]
    before = rooms.events
    told = {"verdict": "signed", "licence": "1", "proof": password_of("lea"), "row": [first, forged]}
    answer = lea.sent(TABLE, **told)
    assert (answer.status_code, "it was changed since. Nothing was recorded" in said(answer)) == (422, True)
    kinds = [event.kind for event in events_after(rooms, before)]
    assert "review.given" not in kinds


def events_after(rooms, position):
    with rooms.clinic.practice.within() as shelf:
        return shelf.entries(after=position)


def test_a_row_is_rejected_with_a_reason_and_its_point_is_withdrawn(lea, rooms):
    key = rooms.clinic.governance.rows(rooms.made.actor("lea"), "points").rows[0].row.key
    page = f"/review/points/{key}"
    digest = re.search(r'name="digest" value="([^"]+)"', lea.get(page).text).group(1)
    told = {"digest": digest, "licence": "1", "verdict": "rejected"}
    assert "rejected without a reason" in said(lea.sent(page, **told, reason=""))
    assert lea.sent(page, **told, reason="Too near the bundle").status_code == 303
    assert "Too near the bundle" in said(lea.get(page))
    assert rooms.clinic.governance.withdrawn() == {key: "Too near the bundle"}


def test_who_is_no_lead_reads_and_cannot_sign(rooms):
    pia = rooms.client("pia")
    assert "Your licence number" not in said(pia.get(TABLE))
    answer = pia.sent(TABLE, page="/account", row=["x y"], verdict="rejected", licence="1", reason="no")
    assert "do not let you review rows" in said(answer)
    assert rooms.client("rex").get("/review").status_code == 403


def test_erasure_is_asked_by_one_and_confirmed_by_another(rooms, lea):
    pia, ana = rooms.client("pia"), rooms.client("ana")
    person = register(pia, given="Gone", family="Soon", birth_date="1930-01-01")
    page, answer = f"/people/{person}/erasure", f"/erasure/{person}"
    assert ana.get(answer).status_code == 404
    assert "The period of retention is not over" in said(ana.get(page))
    assert ana.sent(page, reason="They wish it", law="").status_code == 422
    assert ana.sent(page, reason="They wish it", law="Order of the court").status_code == 303
    assert "They wish it" in said(lea.get("/erasure"))
    assert "Order of the court" in said(lea.get(answer))
    own = said(ana.get(answer))
    assert "somebody else must confirm" in own
    told = {"reason": "The order was seen", "proof": password_of("ana"), "answer": "destroy"}
    assert ana.sent(answer, **told).status_code == 422
    assert lea.sent(answer, **told | {"proof": ""}).status_code == 422
    assert lea.sent(answer, **told | {"answer": "perhaps", "proof": password_of("lea")}).status_code == 422
    assert "Gone Soon" in said(pia.get(f"/people/{person}"))
    assert lea.sent(answer, **told | {"proof": password_of("lea")}).status_code == 303
    assert pia.get(f"/people/{person}").status_code == 404
    assert "Gone" not in said(lea.get("/erasure"))


def test_a_request_for_erasure_is_refused_and_the_record_stays(rooms, lea):
    pia, ana = rooms.client("pia"), rooms.client("ana")
    person = register(pia, given="Stays", family="Here", birth_date="1931-01-01")
    ana.sent(f"/people/{person}/erasure", reason="A mistake", law="None really")
    assert "asked to destroy this record" in said(pia.get(f"/people/{person}"))
    assert lea.sent(f"/erasure/{person}", reason="Must be kept", answer="keep").status_code == 303
    assert "asked to destroy" not in said(pia.get(f"/people/{person}"))
    assert pia.get("/erasure").status_code == 403
    open_record(lea, person)
