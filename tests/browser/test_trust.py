"""A real Chromium that trusts the clinic's authority, in its own certificate store: what a tablet would get."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import subprocess
import sys
import threading
import time

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from myotome.web.network.authority import open_authority
from myotome.web.network.serving import Serving
from myotome.web.network.standing import Wish
from tests.browser.conftest import chromium
from tests.web.handshakes import Here, signed

EVERYWHERE = "0.0.0.0"  # noqa: S104  # every network of the machine
# What `certutil -A -t C,,` does, through the library that Chromium itself needs; a process of its own, since
# the library keeps one database open.
TRUSTING = """
import ctypes, sys
from pathlib import Path

class Item(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int), ("data", ctypes.c_char_p), ("len", ctypes.c_uint)]

class Trust(ctypes.Structure):
    _fields_ = [("sites", ctypes.c_uint), ("email", ctypes.c_uint), ("code", ctypes.c_uint)]

nss = ctypes.CDLL("libnss3.so")
for name in ("PK11_GetInternalKeySlot", "CERT_NewTempCertificate", "CERT_GetDefaultCertDB"):
    getattr(nss, name).restype = ctypes.c_void_p
assert nss.NSS_InitReadWrite(b"sql:" + sys.argv[1].encode()) == 0
slot, store = ctypes.c_void_p(nss.PK11_GetInternalKeySlot()), ctypes.c_void_p(nss.CERT_GetDefaultCertDB())
assert nss.PK11_InitPin(slot, None, b"") == 0
data = Path(sys.argv[2]).read_bytes()
made = ctypes.c_void_p(nss.CERT_NewTempCertificate(store, ctypes.byref(Item(0, data, len(data))), None, 0, 1))
assert made, "not a certificate"
assert nss.PK11_ImportCert(slot, made, ctypes.c_ulong(0), b"clinic", 0) == 0
assert nss.CERT_ChangeCertTrust(store, made, ctypes.byref(Trust(1 << 3 | 1 << 4, 0, 0))) == 0
"""
PASSKEY = """async () => {
  const made = await navigator.credentials.create({publicKey: {
    rp: {id: RP, name: "Clinic"}, user: {id: new Uint8Array(8), name: "a", displayName: "A"},
    challenge: new Uint8Array(32), pubKeyCredParams: [{type: "public-key", alg: -7}],
    authenticatorSelection: {residentKey: "required", userVerification: "required"}}});
  return made.type;
}"""
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


def clock():
    return dt.datetime.now(dt.UTC)


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    """A clinic on every network of this machine, called clinic.local."""
    serving = Serving(Wish(EVERYWHERE, names=("clinic.local",)), tmp_path_factory.mktemp("clinic"), clock, Here())

    async def page(_):
        return HTMLResponse("<!doctype html><title>clinic</title>")

    thread = threading.Thread(target=serving.run, args=(lambda _: Starlette(routes=[Route("/", page)]),))
    thread.start()
    while not serving.ready and thread.is_alive():
        time.sleep(0.02)
    yield serving
    serving.stop()
    thread.join(10)


@contextlib.contextmanager
def tablet(browser, home, *trusted):
    """A browser with a home of its own and the authorities it trusts; every name leads to this machine."""
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True)
    for der in trusted:
        (home / "authority.crt").write_bytes(der)
        subprocess.run([sys.executable, "-c", TRUSTING, store, home / "authority.crt"], check=True)
    rules = "--host-resolver-rules=MAP * 127.0.0.1"
    environment = {**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home / "share")}
    started = browser.browser_type.launch(
        executable_path=chromium(), args=["--no-sandbox", rules, "--no-proxy-server"], env=environment
    )
    try:
        yield started.new_page()
    finally:
        started.close()


def test_a_tablet_that_trusts_the_authority(clinic, browser, tmp_path):
    """A secure context with passkeys under the clinic's name; the page of trust without a fault."""
    ours = open_authority(clinic._clinic, clock())
    with tablet(browser, tmp_path, ours.der) as page:
        faults = []
        page.on("console", lambda said: faults.append(said.text))
        page.goto(clinic.trust_pages[0])
        assert page.evaluate("getComputedStyle(document.querySelector('.get')).display") == "inline-block"
        assert not page.evaluate("isSecureContext")
        page.set_viewport_size({"width": 360, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert not faults, faults
        page.goto(clinic.standing.origin)
        assert page.evaluate("isSecureContext && 'serviceWorker' in navigator && !!crypto.subtle")
        link = page.context.new_cdp_session(page)
        link.send("WebAuthn.enable")
        link.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        assert page.evaluate(PASSKEY.replace("RP", f"'{clinic.standing.rp_id}'")) == "public-key"


def test_a_tablet_that_does_not_trust_it_gets_no_page(clinic, browser, tmp_path):
    from playwright.sync_api import Error

    with tablet(browser, tmp_path) as page, pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        page.goto(clinic.standing.origin)


def test_chromium_holds_the_authority_to_its_names(clinic, browser, tmp_path):
    """Harm: with the clinic's key, somebody could be any site for a tablet that trusts the clinic."""
    from playwright.sync_api import Error

    ours = open_authority(clinic._clinic, clock())
    own = clinic.standing.origin
    with tablet(browser, tmp_path, ours.der) as page:
        page.goto(own)
        other = signed(ours, tmp_path, "bank.example", "clinic.local")
        clinic._context.load_cert_chain(other)
        try:
            with pytest.raises(Error, match="ERR_CERT_INVALID"):
                page.goto(own.replace("clinic.local", "bank.example"))
        finally:
            clinic._context.load_cert_chain(ours.folder / "server.pem")
