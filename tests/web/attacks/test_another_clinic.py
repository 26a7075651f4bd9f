"""Two clinics in one PostgreSQL, each behind its own pages: nothing of the one works in the other."""

import secrets
import uuid

import pytest

from myotome.clinic.access.access import Access
from myotome.clinic.folding.projector import ClinicProjector
from myotome.clinic.practice import Practice
from myotome.records.database import Database
from myotome.records.ledger import Ledger, found
from myotome.records.master import new_master
from myotome.web.clinic.app import clinic_app
from tests.clinics import QUICK, Clock, names, staffed
from tests.stores import database_url
from tests.web.attacks.acts import ACTS, PUBLIC
from tests.web.attacks.ground import CHARTED, ID, KNOWN, OURS, World, digest, may
from tests.web.records import register, visit_of
from tests.web.rooms import CODE, HOST, Rooms, clinic_of

pytestmark = pytest.mark.enable_socket
STAFF = {"ana": ("Ana Owner", ("owner", "lead")), "pia": ("Pia Practitioner", ("practitioner", "lead"))}
TOLD = (*KNOWN.values(), *CHARTED.values())


@pytest.fixture(scope="module")
def clinics(tmp_path_factory):
    """(ours, theirs): each with staff of the same names and passwords, and one person whose record is open there."""
    folder = tmp_path_factory.mktemp("two")
    with database_url("postgresql", folder) as url:
        database = Database(url)
        try:
            yield [_clinic(database, folder / name, name) for name in ("main", "other")]
        finally:
            database.close()


def _clinic(database, folder, name):
    folder.mkdir()
    master = new_master(name, secrets.token_bytes)
    found(database, master)
    practice = Practice(Ledger(database, master, ClinicProjector()), Clock(), names)
    made = staffed(practice, STAFF)
    clinic = clinic_of(practice, Access(practice, QUICK), made.accounts, folder)
    world = World(Rooms(clinic, made, clinic_app(clinic, founding_code=CODE, origin=HOST)))
    client = world.rooms.client()
    client.holds(f"myotome-{name}", made.token("pia"))
    client.csrf = clinic.access.csrf(made.token("pia"))
    world.browsers["pia"] = client
    person = register(client, **KNOWN)
    visit = visit_of(client, person, reason=CHARTED["reason"])
    sent = world.send(client, "POST", "/visits/{visit}/hypothesis", {"text": CHARTED["text"]}, visit=visit)
    assert sent.status_code == 303
    rest = dict.fromkeys(("relative", "consent", "device", "session", "passkey", "key", "digest", "what", "entry"), ID)
    rest |= {"table": "x", "step": "1"}
    world.ids = {"person": person, "other": person, "visit": visit, "staff": made.staff["ana"], **rest}
    return world


def test_no_id_of_another_clinic_opens_anything(clinics):
    """Every route with an id, asked by who may do it here."""
    ours, theirs = clinics
    pia, before, asked = ours.client("pia"), digest(ours.rooms.clinic.practice.ledger.database), 0
    for method, path in sorted(ACTS.keys() - PUBLIC):
        if "{" in path and "account" not in path and "review" not in path and may_(ACTS[method, path]):
            form = None if "/api/" in path else theirs.form(path, "pia") | {"proof": ""}
            answer = ours.send(pia, method, path, form, **theirs.ids)
            asked += 1
            assert answer.status_code == 404, (method, path, answer.status_code)
            assert not [word for word in TOLD if word in answer.text], path
    assert asked >= 35
    assert digest(ours.rooms.clinic.practice.ledger.database) == before


def may_(act):
    """What a lead who treats, and an owner, may do."""
    return may("lea", act) or may("pia", act)


def test_no_session_and_no_token_of_another_clinic_counts_here(clinics):
    ours, theirs = clinics
    before = digest(ours.rooms.clinic.practice.ledger.database)
    token = theirs.rooms.made.token("ana")
    for name in ("myotome-main", "myotome-other", "__Host-myotome-main"):
        client = ours.rooms.client()
        client.holds(name, token)
        assert client.get("/account").headers["location"] == "/sign-in"
    pia = ours.client("pia")
    foreign = theirs.client("pia").csrf
    form = {"csrf": foreign, "purpose": "prove"}
    assert pia.post("/account/passkey/challenge", data=form, headers=OURS).status_code == 403
    assert pia.get("/account").status_code == 200
    stranger = {"name": "pia", "password": "the password of nobody"}
    assert ours.rooms.client().post("/sign-in", data=stranger, headers=OURS).status_code == 422
    invited = theirs.rooms.made.accounts.invite(theirs.rooms.made.actor("ana"), "Eve", "eve", ("owner",))[1]
    joining = {"secret": invited, "password": "seven herons over water", "again": "seven herons over water"}
    assert ours.rooms.client().post("/invitation", data=joining, headers=OURS).status_code == 422
    after = digest(ours.rooms.clinic.practice.ledger.database)
    assert after["key"] == before["key"]


def test_a_draft_names_visits_of_its_own_clinic_and_ids_do_not_meet(clinics):
    """The id of an entry there may be used here: whether it is taken there cannot be asked."""
    ours, theirs = clinics
    pia, name = ours.client("pia"), str(uuid.uuid4())
    answer = ours.send(pia, "POST", "/api/entries", ours.draft(theirs.ids["visit"]))
    assert answer.status_code == 422
    assert "there is no such visit in this clinic" in answer.json()["problems"][0]["message"]
    never = ours.send(pia, "POST", "/api/entries", ours.draft(ID)).json()
    assert never == answer.json(), "theirs looks like what never was"
    for world in (theirs, ours):
        told = world.send(world.client("pia"), "POST", "/api/entries", world.draft(name=name)).json()
        assert told["receipts"][0]["repeated"] is False


def test_lists_searches_trails_and_exports_hold_one_clinic(clinics):
    ours, theirs = clinics
    ana = ours.rooms.client()
    ana.holds("myotome-main", ours.rooms.made.token("ana"))
    ana.csrf = ours.rooms.clinic.access.csrf(ours.rooms.made.token("ana"))
    pia = ours.client("pia")
    pages = [
        ana.get(path) for path in ("/people", "/audit", "/staff", "/erasure", f"/audit?person={theirs.ids['person']}")
    ]
    pages += [pia.get(ours.path(path)) for path in ("/people/{person}/export.json", "/api/people/{person}", "/cosign")]
    pages.append(ours.send(ana, "POST", "/people/search", {"q": KNOWN["family"]}))
    pages.append(ours.send(ana, "POST", "/audit/verify", {"heads": ""}))
    for answer in pages:
        assert answer.status_code == 200
        for foreign in (theirs.ids["person"], theirs.ids["visit"], *theirs.rooms.made.staff.values()):
            assert foreign not in answer.text.replace(f"person={foreign}", "").replace(f'value="{foreign}"', "")


@pytest.mark.parametrize("bad", ["a\x00b", "\x00", "'; DROP TABLE event; --", "%", "\\", "x" * 5000, "\u202e"])
def test_no_field_that_is_looked_up_breaks_the_database(clinics, bad):
    """PostgreSQL refuses a zero byte in text where SQLite takes it: no field may carry one that far."""
    ours, _ = clinics
    pia, before = ours.client("pia"), ours.rooms.events
    for path, form in (
        ("/people/{person}/open", {"identifier": ["name", "birth date"], "to": bad}),
        ("/people/search", {"q": bad}),
        ("/visits/{visit}/move", {"to": bad, "reason": "x"}),
        ("/account/charts-for", {"staff": bad}),
        ("/review/{table}", {"row": bad, "verdict": "rejected", "reason": "x", "licence": "1", "state": bad}),
        ("/sign-in", {"name": bad, "password": bad}),
        ("/invitation", {"secret": bad, "password": bad, "again": bad}),
        ("/people/{person}/consents", {"version": bad, "by": "self", "signature": "x", "treatment": "x"}),
        ("/audit/verify", {"heads": bad}),
    ):
        client = pia if path not in ("/sign-in", "/invitation") else ours.rooms.client()
        client.csrf = pia.csrf
        answer = ours.send(client, "POST", path, form)
        assert answer.status_code < 500, (path, answer.text[-600:])
    assert ours.rooms.events >= before
