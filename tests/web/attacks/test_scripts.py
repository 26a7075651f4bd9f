"""Script, markup and templates typed into every field there is: shown as what they are, everywhere they are shown."""

import json
from html.parser import HTMLParser

import pypdfium2
import pytest

from myotome.clinic.consents.texts import consent_text
from tests.web.attacks.acts import ACTS, PUBLIC
from tests.web.attacks.ground import ID, World, may
from tests.web.records import desks, examined, register, sign, visit_of

pytestmark = pytest.mark.enable_socket
HOSTILE = (
    """"'></p></textarea><script>x()</script><img src=x onerror=x()>"""
    """{{1234*4321}}${1234*4321}#eval("1234*4321")$a$ javascript:x()"""
)
CAME_TRUE = ("<script>x", "<img src=x", "5332114")


class Parsed(HTMLParser):
    """The elements of a page."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.words = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)


def inert(text, where):
    """Nothing on a page came from what was typed but words and values of quoted attributes."""
    for tag, attributes in Parsed(text).elements:
        assert tag not in ("img", "iframe", "object", "embed", "base", "style", "template"), (where, tag)
        assert not [name for name in attributes if name.startswith("on") or name == "style"], (where, tag, attributes)
        if tag == "script":
            assert attributes.get("src", "").startswith(("/static/", "/bedside/static/")), where
        for name in ("href", "src", "action", "formaction"):
            told = attributes.get(name)
            assert told is None or told.startswith(("/", "#", "data:,", "https://", "http://")), (where, tag, told)
            assert told is None or "x()" not in told, (where, tag, told)
    assert not [bad for bad in CAME_TRUE if bad in text], where


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A clinic in which everything that can be typed is hostile."""
    with desks(tmp_path_factory.mktemp("hostile")) as rooms:
        world = World(rooms)
        yield _filled(world)


def _filled(world):
    rooms = world.rooms
    ana, pia, lea = (world.client(who) for who in ("ana", "pia", "lea"))
    kept = {"licence": HOSTILE, "name": HOSTILE}
    invited = {"sign_in": HOSTILE, "roles": ["reception"], **kept}
    told = [world.send(ana, "POST", "/staff/new", invited)]
    staff = {"roles": ["practitioner"], "reason": HOSTILE, **kept}
    told.append(world.send(ana, "POST", "/staff/{staff}", staff, staff=rooms.made.staff["pia"]))
    told.append(world.send(ana, "POST", "/devices", {"name": HOSTILE}))
    told.append(world.send(ana, "POST", "/clinic", {"name": HOSTILE, "place": "DE", "zone": "Europe/Berlin"}))
    typed = dict.fromkeys(("family", "given", "text", "phone", "email", "language", "system", "value"), HOSTILE)
    person = register(pia, **typed)
    other = register(lea, **typed | {"value": "2"})
    path = f"/people/{person}"
    relative = {"relation": "guardian", **dict.fromkeys(("name", "phone", "note"), HOSTILE)}
    told.append(pia.sent(f"{path}/relatives", **relative))
    consent = {"treatment": HOSTILE, "by": "guardian", "signature": HOSTILE, "version": consent_text().version}
    told.append(pia.sent(f"{path}/consents", **consent))
    told.append(pia.sent(f"{path}/correct", **typed | {"phone": HOSTILE[::-1], "reason": HOSTILE}))
    visit = visit_of(pia, person, reason=HOSTILE)
    told.append(world.send(pia, "POST", "/visits/{visit}/hypothesis", {"text": HOSTILE}, visit=visit))
    told.append(world.send(pia, "POST", "/api/entries", world.draft(visit, text=HOSTILE)))
    signed = examined(pia, person)
    told.append(sign(pia, signed, "pia"))
    told.append(pia.sent(f"/visits/{signed}/amend", text=HOSTILE, reason=HOSTILE))
    told.append(pia.sent(f"/visits/{visit}/strike", reason=HOSTILE))
    told.append(lea.sent(f"{path}/merge/{other}", into=person, reason=HOSTILE))
    told.append(lea.sent(f"{path}/erasure", reason="asked for", law="<b>GDPR</b>"))
    told.append(world.send(ana, "POST", "/staff/{staff}/leave", {"reason": HOSTILE}, staff=rooms.made.staff["ivo"]))
    governance = rooms.clinic.governance
    table = next(iter(governance.tables(rooms.clinic.access.actor(lea.cookies["myotome-main"]))))
    row = governance.standing().rows[0].row
    row = {"verdict": "rejected", "licence": HOSTILE, "reason": HOSTILE, "digest": row.digest, "key": row.key}
    told.append(world.send(lea, "POST", "/review/{table}/{key}", row, table=table, key=row["key"]))
    assert {one.status_code for one in told} <= {200, 303}, [(one.status_code, one.text[-900:]) for one in told]
    with rooms.clinic.practice.within() as shelf:
        found, device = shelf.person(person), next(iter(shelf.devices()))
    ids = {"person": person, "other": other, "visit": visit, "signed": signed, "device": device, "table": table}
    ids |= {"relative": found.relatives[0].relative, "consent": found.consents[0].consent, "what": "leave"}
    ids |= {"step": "1", "entry": ID, "path": "app.js"}
    world.ids = ids | {"staff": rooms.made.staff["pia"], "session": "others", "passkey": "x", "key": row["key"]}
    return world


def test_every_page_shows_what_was_typed_as_words(hostile):
    """Each page whole, parsed as a browser parses it; on most of them the hostile words must be found again."""
    shown = set()
    for who in ("ana", "pia", "lea", "rex"):
        client = hostile.client(who)
        if who in ("lea", "rex", "ana"):
            hostile.send(client, "POST", "/people/{person}/open", {"identifier": ["name", "birth date"]})
        for method, path in ACTS:
            if method == "GET" and "pdf" not in path and "json" not in path and may(who, ACTS[method, path]):
                for visit in ("visit", "signed") if "{visit}" in path else ("visit",):
                    answer = hostile.send(client, method, path, visit=hostile.ids[visit])
                    if "html" in answer.headers.get("content-type", ""):
                        inert(answer.text, f"{who} {path}")
                        assert ('action="/sign-out"' in answer.text) is ((method, path) not in PUBLIC), path
                        words = " ".join(Parsed(answer.text).words)
                        if "<script>x()</script><img src=x onerror=x()>{{1234*4321}}" in words:
                            shown.add(path)
    assert len(shown) >= 25, sorted(shown)


def test_a_refused_form_shows_what_was_typed_as_words(hostile):
    """Typed again into every field of every form that is then refused, with names of fields that are hostile too."""
    for who in ("ana", "pia", "lea"):
        client = hostile.client(who)
        for method, path in ACTS:
            if method == "POST" and "/api/" not in path and path != "/sign-out" and may(who, ACTS[method, path]):
                names = (
                    "q",
                    "reason",
                    "text",
                    "name",
                    "family",
                    "birth_date",
                    "to",
                    "into",
                    "identifier",
                    "row",
                    HOSTILE,
                )
                form = dict.fromkeys((*names, "licence", "label", "heads", "signature", "law", "day", "staff"), HOSTILE)
                inert(hostile.send(client, method, path, form, what="reset").text, f"{who} {path}")


def test_a_case_file_that_is_refused_shows_its_words_as_words(hostile):
    pia = hostile.client("pia")
    visit = visit_of(pia, hostile.ids["person"], reason="x")
    case = json.dumps({HOSTILE: HOSTILE, "person": {"age": HOSTILE}, "findings": [{"sign": HOSTILE, "at": HOSTILE}]})
    answer = hostile.send(pia, "POST", "/visits/{visit}/examination", {"text": case}, visit=visit)
    assert answer.status_code == 422
    inert(answer.text, "case")
    told = hostile.send(pia, "POST", "/api/entries", hostile.draft(visit) | {HOSTILE: HOSTILE})
    assert told.headers["content-type"] == "application/json"
    assert told.status_code == 422


def test_json_and_exports_hold_it_unchanged_and_are_taken_for_nothing_else(hostile):
    pia = hostile.client("pia")
    whole = pia.get(hostile.path("/api/people/{person}"))
    assert whole.headers["content-type"] == "application/json"
    assert whole.json()["family"] == HOSTILE
    assert pia.get(hostile.path("/api/visits/{visit}")).json()["hypothesis"]["text"] == HOSTILE
    file = pia.get(hostile.path("/people/{person}/export.json"))
    assert file.headers["content-disposition"].startswith("attachment; ")
    assert file.headers["x-content-type-options"] == "nosniff"
    assert json.dumps(HOSTILE, ensure_ascii=False) in file.text
    json.loads(file.text)


@pytest.mark.parametrize("path", ["/people/{person}/record.pdf", "/visits/{signed}/note.pdf"])
def test_paper_prints_it_as_words(hostile, path):
    """Nothing typed is read as a command of the typesetter, nor as an action of the file."""
    answer = hostile.client("pia").get(hostile.path(path))
    assert answer.headers["content-type"] == "application/pdf"
    with pypdfium2.PdfDocument(answer.content) as document:
        text = "".join(document[page].get_textpage().get_text_range() for page in range(len(document)))
    flat = "".join(text.split())
    assert '#eval("1234*4321")$a$' in flat.replace("\u201c", '"').replace("\u201d", '"')
    assert "{{1234*4321}}" in flat
    assert not [action for action in (b"/JavaScript", b"/JS", b"/Launch", b"/URI") if action in answer.content]


def test_a_line_break_reaches_no_header(hostile):
    pia = hostile.client("pia")
    for path in (
        "/people/%0d%0aSet-Cookie:%20a=b/export.json",
        "/visits/x%0aX-Evil:1/note.pdf",
        "/staff/%0d%0aX-Evil:1",
    ):
        answer = pia.get(path)
        assert answer.status_code in (403, 404)
        assert not {"x-evil", "set-cookie"} & set(answer.headers)
