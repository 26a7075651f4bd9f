"""A clinic to be attacked: every route with valid ids and forms, who may use it, and a digest of all that must stay."""

from __future__ import annotations

import hashlib
import re
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import select

from myotome.care.session.checkin import questions
from myotome.clinic.consents.texts import consent_text
from myotome.clinic.permissions import allowed
from myotome.records.tables import DRAWER, EVENT, KEY, PROJECTION
from tests.clinics import STAFF, password_of
from tests.web.records import desks, examined, register, sign, visit_of

COOKIE = "myotome-main"
OURS = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}
ID = "11111111-2222-4333-8444-555555555555"  # nobody's
# By whom somebody is known, and what was charted about them; neither is in any other record or page.
KNOWN = {"family": "Quarrington", "given": "Ottoline", "phone": "030 777 1234", "email": "otto@quarrington.example"}
CHARTED = {"reason": "wry neck since Whitsun", "text": "radiculopathy at the sixth", "relative": "Fenwick Marlowe"}
# What may be added by looking or by being refused: it is the trail of the attempt.
TRACES = ("record.read", "access.refused", "session.refused", "record.exported")
# What may change: how often somebody tried, when a session was used, and challenges that were asked for.
LOOSE = ("limit", "session", "challenge")


@dataclass
class World:
    """A clinic with one person's record that pia opened, and what is in it."""

    rooms: object
    ids: dict = field(default_factory=dict)
    browsers: dict = field(default_factory=dict)

    def client(self, who):
        """Somebody with a browser, always the same, who knows the token of their session."""
        if who not in self.browsers:
            self.browsers[who] = self.rooms.client(who)
            self.browsers[who].csrf = self.rooms.clinic.access.csrf(self.rooms.made.token(who)) if who else ""
        return self.browsers[who]

    def path(self, template, **ids):
        """A route with valid ids, or with those given."""
        return re.sub(r"\{(\w+)\}", lambda found: {**self.ids, **ids}[found.group(1)], template)

    def form(self, template, who):
        """What a page would send, complete and right."""
        ids, proof = self.ids, password_of(who)
        row = {"verdict": "rejected", "licence": "7", "reason": "doubtful", "digest": ids["digest"]}
        chosen = {"row": f"{ids['digest']} {ids['key']}"}
        forms = {
            "/people/new": {"family": "New", "given": "Nora", "birth_date": "1990-01-01", "anyway": "yes"},
            "/people/search": {"q": "x"},
            "/people/{person}/merge/search": {"q": "x"},
            "/people/{person}/open": {"identifier": ["name", "birth date"]},
            "/people/{person}/correct": {"phone": "1", "reason": "moved"},
            "/people/{person}/relatives": {"relation": "guardian", "name": "Gus"},
            "/people/{person}/relatives/{relative}": {"reason": "gone"},
            "/people/{person}/consents": {"treatment": "needling", "by": "self", "signature": "O", "copy": "yes"},
            "/people/{person}/consents/{consent}": {"reason": "changed mind"},
            "/people/{person}/merge/{other}": {"into": ids["other"], "reason": "the same"},
            "/people/{person}/unmerge": {"reason": "not the same"},
            "/people/{person}/visits/new": {"day": "2026-03-01", "reason": "x"},
            "/people/{person}/erasure": {"reason": "asked for", "law": "GDPR 17"},
            "/erasure/{person}": {"reason": "asked for", "answer": "destroy", "proof": proof},
            "/visits/{visit}/hypothesis": {"text": "C6"},
            "/visits/{visit}/examination": {"text": "person: {age: 40}"},
            "/visits/{visit}/sign": {"proof": proof},
            "/visits/{visit}/cosign": {"proof": proof},
            "/visits/{visit}/amend": {"text": "x", "reason": "y"},
            "/visits/{visit}/strike": {"reason": "y"},
            "/visits/{visit}/move": {"to": ids["other"], "reason": "y"},
            "/visits/{visit}/checkins/{step}": {"how": "phone", **{f"q{n}": "no" for n in range(len(questions()))}},
            "/visits/{visit}/late-needle": {"what": "out", "needle": "none"},
            "/visits/{visit}/adverse": {"term": "bruise", "severity": "mild", "onset": "during"},
            "/review/{table}": row | chosen,
            "/review/{table}/{key}": row,
            "/staff/new": {"name": "Eve", "sign_in": "eve", "roles": ["owner"], "licence": ""},
            "/staff/{staff}": {"name": "Eve", "roles": ["owner"], "licence": "", "reason": "x"},
            "/staff/{staff}/{what}": {"reason": "x", "proof": proof},
            "/devices": {"name": "tablet"},
            "/devices/{device}/lock": {"reason": "lost"},
            "/devices/{device}/found": {"reason": "in the other car"},
            "/clinic": {"name": "Mine", "place": "DE", "zone": "Europe/Berlin"},
        }
        return forms.get(template, {})

    def draft(self, visit=None, name=None, text="C6 on the left"):
        """The body of ``/api/entries`` with one hypothesis."""
        told = {"kind": "hypothesis.recorded", "visit": visit or self.ids["visit"], "body": {"text": text}}
        made = {"device_time": "2026-03-01T10:00:00+01:00", "zone": "Europe/Berlin"}
        return {"entries": [{"id": name or str(uuid.uuid4()), **told, **made}]}

    def send(self, client, method, template, form=None, headers=(), **ids):
        """One request to a route, as our own page or a program of ours would send it."""
        path = self.path(template, **ids)
        if method == "GET":
            return client.get(path, headers=dict(headers))
        if template.startswith("/api/"):
            body = self.draft(ids.get("visit")) if form is None else form
            return client.post(path, json=body, headers={"X-CSRF": client.csrf, **dict(headers)})
        return client.post(path, data={"csrf": client.csrf, **(form or {})}, headers={**OURS, **dict(headers)})

    def digest(self):
        """What must stay as it is: by table, and by kind of state."""
        return digest(self.rooms.clinic.practice.ledger.database)

    def kinds(self, since=0):
        """The kinds of entries after a position."""
        with self.rooms.clinic.practice.ledger.database.reading() as connection:
            wanted = select(EVENT.c.kind).where(EVENT.c.position > since).order_by(EVENT.c.position)
            return [kind for (kind,) in connection.execute(wanted)]


def digest(database):
    """A hash of everything but traces of attempts, limits, times of use and challenges."""
    told = {}
    with database.reading() as connection:
        for table in (EVENT, KEY, PROJECTION, DRAWER):
            rows = connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
            kept = [dict(row) for row in rows if row.get("kind") not in TRACES and row.get("drawer") not in LOOSE]
            for row in kept:
                row.pop("position", None)
                row.pop("hash", None)
                row.pop("header", None)  # it holds the position and the hash before
            told[table.name] = hashlib.sha256(repr(kept).encode()).hexdigest()
    return told


def may(who, act):
    """Whether somebody may do an act."""
    return not act or allowed(frozenset(STAFF[who][1]), act)


@contextmanager
def world_in(folder):
    """The clinic of these tests."""
    with desks(folder) as rooms:
        made = World(rooms)
        pia, ana = made.client("pia"), made.client("ana")
        person = register(pia, **{**KNOWN, "system": "health card", "value": "XK-99"})
        other = register(pia, family="Other", given="Olaf", birth_date="1970-01-01", phone="")
        relative = {"relation": "next of kin", "name": CHARTED["relative"], "phone": "1", "note": ""}
        done(pia.sent(f"/people/{person}/relatives", **relative))
        consent = {"treatment": "needling", "by": "self", "signature": "Ottoline Quarrington", "copy": "yes"}
        done(pia.sent(f"/people/{person}/consents", version=consent_text().version, **consent))
        visit = visit_of(pia, person, reason=CHARTED["reason"])
        done(pia.sent(f"/visits/{visit}/hypothesis", page=f"/visits/{visit}", text=CHARTED["text"]))
        signed = examined(pia, person)
        done(sign(pia, signed, "pia"))
        done(ana.sent("/devices", name="a tablet"))
        practice = rooms.clinic.practice
        with practice.within() as shelf:
            kept = shelf.person(person)
            device = next(iter(shelf.devices()))
        governance = rooms.clinic.governance
        table = next(iter(governance.tables(rooms.made.actor("lea"))))
        row = governance.rows(rooms.made.actor("lea"), table, None, 0, 1).rows[0].row
        made.ids = {
            "person": person,
            "other": other,
            "visit": visit,
            "signed": signed,
            "relative": kept.relatives[0].relative,
            "consent": kept.consents[0].consent,
            "staff": rooms.made.staff["ivo"],
            "what": "leave",
            "device": device,
            "session": "others",
            "passkey": ID,
            "table": table,
            "key": row.key,
            "digest": row.digest,
            "step": "1",
            "entry": ID,
            "path": "app.js",
        }
        yield made


def done(answer):
    """Something that was done, not refused."""
    assert answer.status_code == 303, answer.text[:2000]
    return answer
