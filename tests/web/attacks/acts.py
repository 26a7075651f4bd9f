"""Every route of the application and the act of the permission table that it is.

One that is not listed fails the tests, so that a new one cannot be forgotten.
"""

import re

from starlette.routing import Mount

# Every route and the act of the permission table that it is; "" where it asks for nobody's permission.
ACTS = {
    ("GET", "/"): "",
    ("GET", "/health"): "",
    ("GET", "/found"): "",
    ("POST", "/found"): "",
    ("GET", "/sign-in"): "",
    ("POST", "/sign-in"): "",
    ("POST", "/sign-in/passkey"): "",
    ("POST", "/sign-in/passkey/challenge"): "",
    ("GET", "/invitation"): "",
    ("POST", "/invitation"): "",
    ("POST", "/sign-out"): "",
    ("GET", "/visits/plates.css"): "",
    ("GET", "/people/search"): "",  # leads to /people
    ("GET", "/people/new"): "",  # an empty form
    ("GET", "/account"): "manage own account",
    ("POST", "/account/password"): "manage own account",
    ("POST", "/account/charts-for"): "manage own account",
    ("POST", "/account/passkey/challenge"): "manage own account",
    ("GET", "/account/passkeys/new"): "manage own account",
    ("POST", "/account/passkeys/new"): "manage own account",
    ("POST", "/account/passkeys/prove"): "manage own account",
    ("GET", "/account/passkeys/{passkey}"): "manage own account",
    ("POST", "/account/passkeys/{passkey}"): "manage own account",
    ("GET", "/account/sessions/{session}"): "manage own account",
    ("POST", "/account/sessions/{session}"): "manage own account",
    ("GET", "/staff"): "see staff",
    ("GET", "/staff/new"): "manage staff",
    ("POST", "/staff/new"): "manage staff",
    ("GET", "/staff/{staff}"): "manage staff",
    ("POST", "/staff/{staff}"): "manage staff",
    ("GET", "/staff/{staff}/{what}"): "manage staff",
    ("POST", "/staff/{staff}/{what}"): "manage staff",
    ("GET", "/devices"): "manage devices",
    ("POST", "/devices"): "manage devices",
    ("GET", "/devices/{device}/lock"): "manage devices",
    ("POST", "/devices/{device}/lock"): "manage devices",
    ("GET", "/devices/{device}/found"): "manage devices",
    ("POST", "/devices/{device}/found"): "manage devices",
    ("GET", "/clinic"): "manage clinic",
    ("POST", "/clinic"): "manage clinic",
    ("GET", "/people"): "see people",
    ("POST", "/people/search"): "see people",
    ("POST", "/people/new"): "register person",
    ("GET", "/people/{person}/open"): "open person",
    ("POST", "/people/{person}/open"): "open person",
    ("GET", "/people/{person}"): "see person",
    ("GET", "/people/{person}/correct"): "correct person",
    ("POST", "/people/{person}/correct"): "correct person",
    ("GET", "/people/{person}/relatives"): "relate person",
    ("POST", "/people/{person}/relatives"): "relate person",
    ("GET", "/people/{person}/relatives/{relative}"): "relate person",
    ("POST", "/people/{person}/relatives/{relative}"): "relate person",
    ("GET", "/people/{person}/consents"): "record consent",
    ("POST", "/people/{person}/consents"): "record consent",
    ("GET", "/people/{person}/consents/{consent}"): "record consent",
    ("POST", "/people/{person}/consents/{consent}"): "record consent",
    ("GET", "/people/{person}/export.json"): "export record",
    ("GET", "/people/{person}/record.pdf"): "export record",
    ("GET", "/people/{person}/merge"): "merge people",
    ("POST", "/people/{person}/merge/search"): "merge people",
    ("GET", "/people/{person}/merge/{other}"): "merge people",
    ("POST", "/people/{person}/merge/{other}"): "merge people",
    ("GET", "/people/{person}/unmerge"): "merge people",
    ("POST", "/people/{person}/unmerge"): "merge people",
    ("GET", "/people/{person}/course"): "read record",
    ("GET", "/people/{person}/course.pdf"): "read record",
    ("GET", "/people/{person}/visits/new"): "chart",
    ("POST", "/people/{person}/visits/new"): "chart",
    ("GET", "/people/{person}/erasure"): "ask erasure",
    ("POST", "/people/{person}/erasure"): "ask erasure",
    ("GET", "/erasure"): "ask erasure",
    ("GET", "/erasure/{person}"): "ask erasure",
    ("POST", "/erasure/{person}"): "confirm erasure",
    ("GET", "/visits/{visit}"): "read record",
    ("POST", "/visits/{visit}/hypothesis"): "chart",
    ("GET", "/visits/{visit}/examination"): "read record",
    ("POST", "/visits/{visit}/examination"): "chart",
    ("POST", "/visits/{visit}/sign"): "sign",
    ("POST", "/visits/{visit}/cosign"): "cosign",
    ("GET", "/visits/{visit}/amend"): "read record",
    ("POST", "/visits/{visit}/amend"): "amend",
    ("GET", "/visits/{visit}/strike"): "read record",
    ("POST", "/visits/{visit}/strike"): "amend",
    ("GET", "/visits/{visit}/move"): "read record",
    ("POST", "/visits/{visit}/move"): "move visit",
    ("GET", "/visits/{visit}/note.pdf"): "export record",
    ("GET", "/visits/{visit}/aftercare.pdf"): "chart",
    ("GET", "/visits/{visit}/paper-form.pdf"): "chart",
    ("GET", "/people/{person}/consents/{consent}.pdf"): "record consent",
    ("GET", "/paper-form.pdf"): "see people",
    ("GET", "/cosign"): "cosign",
    ("GET", "/checkins"): "see check-ins",
    ("GET", "/visits/{visit}/checkins/{step}"): "record check-in",
    ("POST", "/visits/{visit}/checkins/{step}"): "record check-in",
    ("GET", "/visits/{visit}/adverse"): "read record",
    ("POST", "/visits/{visit}/adverse"): "chart",
    ("GET", "/visits/{visit}/adverse/{entry}/report.pdf"): "export record",
    ("POST", "/visits/{visit}/late-needle"): "chart",
    ("GET", "/audit"): "see audit",
    ("GET", "/audit/verify"): "verify record",
    ("POST", "/audit/verify"): "verify record",
    ("GET", "/review"): "see review",
    ("GET", "/review/{table}"): "see review",
    ("POST", "/review/{table}"): "review rows",
    ("GET", "/review/{table}/{key}"): "see review",
    ("POST", "/review/{table}/{key}"): "review rows",
    ("GET", "/api/people/{person}"): "read record",
    ("GET", "/api/visits/{visit}"): "read record",
    ("POST", "/api/entries"): "chart",
    ("GET", "/api/bedside/me"): "",  # who is signed in, and the key of what waits on this device
    ("GET", "/api/visits/{visit}/bedside"): "read record",
    ("GET", "/api/visits/{visit}/bedside/since"): "read record",
    ("POST", "/api/visits/{visit}/think"): "chart",
    ("POST", "/api/visits/{visit}/sign"): "sign",
    ("POST", "/api/visits/{visit}/amend"): "amend",
    ("POST", "/people/{person}/visits/today"): "chart",
    ("GET", "/bedside/catalogue.json"): "",
    ("GET", "/bedside/sw.js"): "",
    ("GET", "/bedside/static/{path}"): "",
    ("GET", "/bedside/{visit}"): "",  # a shell in which nobody is
}
# Open to whoever asks, the same for everybody and for every id: nobody is in them.
PUBLIC = frozenset(pair for pair in ACTS if pair[1].startswith("/bedside/"))
# They ask for identifiers, compare two people, or say since when a record may go: before it is opened, by design.
BEFORE_OPENING = re.compile(r"/people/\{person\}/(open|merge.*|unmerge|erasure)|/erasure/\{person\}")


def routes_of(app):
    """Every (method, path) of the application, with the names of the ids in it; mounted pages are not in it."""
    found, waiting = [], [(app.routes, "")]
    while waiting:
        routes, before = waiting.pop()
        for route in routes:
            inner = getattr(route, "original_router", None) or getattr(route, "router", None)
            if isinstance(route, Mount):
                continue
            if inner is not None:
                waiting.append((inner.routes, before + getattr(getattr(route, "include_context", None), "prefix", "")))
            else:
                found += [(method, (before + route.path).replace(":path}", "}")) for method in sorted(route.methods)]
    return sorted(pair for pair in found if pair[0] in ("GET", "POST"))
