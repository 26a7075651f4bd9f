"""A clinic really served: ports, TLS, the page of trust beside it, and what is refused."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import socket
import ssl
import threading
import time
import urllib.request
from functools import partial

import pytest
from cryptography import x509
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from myotome.errors import ServingError
from myotome.web.network.authority import open_authority
from myotome.web.network.serving import Serving
from myotome.web.network.standing import Wish
from myotome.web.network.trust import trust_app
from tests.web.handshakes import NOW, PEM, Here, made

pytestmark = pytest.mark.enable_socket
EVERYWHERE = "0.0.0.0"  # noqa: S104  # every network of the machine


def clock():
    return NOW


def clinic(standing):
    """An application that answers with what it was told."""

    async def told(request):
        return JSONResponse({"bedside": standing.bedside, "rp_id": standing.rp_id, "scheme": request.url.scheme})

    return Starlette(routes=[Route("/", told)])


@contextlib.contextmanager
def served(wish, folder, at=clock):
    """A clinic served in a thread, with the address and port it answers on."""
    serving = Serving(wish, folder, at, Here())
    status = []
    thread = threading.Thread(target=lambda: status.append(serving.run(clinic)))
    thread.start()
    try:
        while not serving.ready and thread.is_alive():
            time.sleep(0.01)
        yield serving
    finally:
        serving.stop()
        thread.join(10)
    assert status == [0]


def talk(serving, trusted, name="clinic.local", host=b"", **limits):
    """One request over TLS, trusting one authority alone; returns the protocol, the certificate and the answer."""
    context = ssl.create_default_context(cadata=trusted.public_bytes(PEM).decode())
    if limits:
        context.set_ciphers("ALL:@SECLEVEL=0")  # so that it is the server that refuses
        context.minimum_version = ssl.TLSVersion.TLSv1 if limits["maximum_version"] < 0x303 else ssl.TLSVersion.TLSv1_2
        context.maximum_version = limits["maximum_version"]
    with socket.create_connection(("127.0.0.1", serving.port), 5) as plain:  # noqa: SIM117
        with context.wrap_socket(plain, server_hostname=name) as secured:
            secured.sendall(b"GET / HTTP/1.1\r\nConnection: close\r\nHost: " + (host or name.encode()) + b"\r\n\r\n")
            said = b"".join(iter(partial(secured.recv, 4096), b""))
            return secured.version(), secured.getpeercert(binary_form=True), said


def test_a_clinic_on_its_network(tmp_path):
    """From the terminal's words to an answer that only those who trust the authority get."""
    with served(Wish(EVERYWHERE), tmp_path) as serving:
        ours = open_authority(tmp_path, NOW)
        words = "\n".join(serving.sentences())
        trusting = re.findall(r"http://(?:clinic.local|192.168.1.20):(\d+)/", words)
        assert serving.standing.origin.startswith("https://clinic.local:")
        assert f"The clinic is at {serving.standing.origin}/ " in words
        assert ours.fingerprint in words
        assert "This authority is new: every tablet must trust it once." in words
        protocol, _, said = talk(serving, ours.certificate)
        assert protocol == "TLSv1.3"
        assert b'{"bedside":true,"rp_id":"clinic.local","scheme":"https"}' in said
        assert b"\r\nserver:" not in said.lower()
        assert b" 421 " in talk(serving, ours.certificate, host=b"rebound.attacker.example")[2].split(b"\r\n")[0]
        with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
            talk(serving, ours.certificate, "other.local")
        stranger, _ = made(tmp_path / "stranger", "clinic.local")
        with pytest.raises(ssl.SSLCertVerificationError, match=r"self-signed|local issuer|signature"):
            talk(serving, stranger.certificate)
        assert talk(serving, ours.certificate, maximum_version=ssl.TLSVersion.TLSv1_2)[0] == "TLSv1.2"
        with pytest.warns(DeprecationWarning), pytest.raises(ssl.SSLError):
            talk(
                serving, ours.certificate, minimum_version=ssl.TLSVersion.TLSv1, maximum_version=ssl.TLSVersion.TLSv1_1
            )
        file = urllib.request.urlopen(f"http://127.0.0.1:{trusting[0]}/authority.crt", timeout=5)
        assert x509.load_der_x509_certificate(file.read()) == ours.certificate


def test_a_clinic_that_is_never_restarted_renews_its_certificate(tmp_path):
    now = [NOW - dt.timedelta(days=380)]
    with served(Wish(EVERYWHERE), tmp_path, lambda: now[0]) as serving:
        ours = open_authority(tmp_path, now[0])
        before = x509.load_der_x509_certificate(talk(serving, ours.certificate)[1])
        assert not serving.renew()
        assert before.not_valid_after_utc < NOW + dt.timedelta(days=17)
        now[0] = NOW
        assert serving.renew()
        after = x509.load_der_x509_certificate(talk(serving, ours.certificate)[1])
        assert after.not_valid_after_utc > NOW + dt.timedelta(days=390)


def test_on_this_machine_alone_it_is_plain_and_nothing_is_written(tmp_path):
    with served(Wish(), tmp_path) as serving:
        port = serving.port
        assert serving.standing.origin == f"http://localhost:{port}"
        assert serving.sentences() == [f"The clinic is at http://localhost:{port}/ (Ctrl-C ends it)"]
        told = urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).read()
        assert told == b'{"bedside":true,"rp_id":"localhost","scheme":"http"}'
        assert not serving.renew()
    assert not list(tmp_path.iterdir())


def test_without_tls_on_a_network_there_is_no_bedside_and_it_says_so(tmp_path):
    with served(Wish(EVERYWHERE, no_tls=True), tmp_path) as serving:
        port = serving.port
        told = urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).read()
        assert told == b'{"bedside":false,"rp_id":null,"scheme":"http"}'
        words = " ".join(serving.sentences())
        assert f"http://clinic.local:{port}/ " in words
        assert "anybody on this network can read everything that is sent, passwords too" in words
        assert "Bedside mode and passkeys are off at http://clinic.local" in words
    assert not list(tmp_path.iterdir())


def test_stopped_before_it_began_or_failing_at_once_it_gives_the_ports_back(tmp_path):
    stopped, failing = Serving(Wish(), tmp_path, clock), Serving(Wish(), tmp_path, clock)
    stopped.stop()
    assert stopped.run(clinic) == 0
    with pytest.raises(ZeroDivisionError):
        failing.run(lambda _: 1 / 0)
    for port in (stopped.port, failing.port):
        Serving(Wish(port=port), tmp_path, clock).close()


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (
            Wish("192.0.2.7", names=("clinic.local",)),
            r"192.0.2.7 is not a name or address of this machine\. ",
        ),
        (
            Wish("no-such-clinic.invalid"),
            r"not known on this network\. .* --name no-such-clinic.invalid",
        ),
        (Wish(EVERYWHERE, 70000), r"Port 70000 cannot be used \(.*\)\. Give another with --port"),
        (Wish(EVERYWHERE, names=("clinic",)), r"clinic has no dot"),
        (Wish(new_authority=True), r"--new-authority is for serving tablets with TLS"),
        (Wish(EVERYWHERE, new_authority=True, no_tls=True), r"--new-authority is for serving tablets with TLS"),
    ],
)
def test_what_cannot_be_served_is_refused_before_anything_is_written(tmp_path, wish, said):
    with pytest.raises(ServingError, match=said):
        Serving(wish, tmp_path, clock, Here())
    assert not list(tmp_path.iterdir())


def test_a_port_in_use_is_named_and_a_new_authority_is_not_made_for_nothing(tmp_path):
    ours, _ = made(tmp_path, "clinic.local")
    with socket.socket() as taken:
        taken.bind((EVERYWHERE, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServingError, match=rf"Port {port} is in use, perhaps by another Myotome\. .* --port"):
            Serving(Wish(EVERYWHERE, port, new_authority=True), tmp_path, clock, Here())
        with pytest.raises(ServingError, match=rf"Port {port} is in use, .* --trust-port"):
            Serving(Wish(EVERYWHERE, trust_port=port, new_authority=True), tmp_path, clock, Here())
    assert open_authority(tmp_path, NOW).fingerprint == ours.fingerprint
    again = Serving(Wish(EVERYWHERE), tmp_path, clock, Here())
    again.close()
    assert "authority is new" not in " ".join(again.sentences())
    Serving(Wish(EVERYWHERE, new_authority=True), tmp_path, clock, Here()).close()
    assert open_authority(tmp_path, NOW).fingerprint != ours.fingerprint


def test_the_page_of_trust_gives_the_certificate_and_nothing_else(tmp_path):
    ours, _ = made(tmp_path, "clinic.local")
    client = TestClient(trust_app(ours.certificate, ["https://clinic.local:8443/?<b>"], ours.fingerprint))
    page = client.get("/")
    assert "&lt;b&gt;" in page.text
    assert "<b>" not in page.text
    shown = re.sub(r"</code>\s*<code>", ":", page.text)
    assert ours.fingerprint in shown
    for words in ("Certificate Trust Settings", "CA certificate", "Trusted Root Certification Authorities", "certutil"):
        assert words in page.text
    assert "limited to <strong>clinic.local</strong>: " in page.text
    given = client.get("/authority.crt")
    assert given.headers["content-type"] == "application/x-x509-ca-cert"
    assert given.content == ours.der
    others = [
        client.get(path) for path in ("/authority.key", "/..%2fauthority.key", "/docs", "/openapi.json", "/server.pem")
    ]
    refused = [*others, client.post("/"), client.delete("/authority.crt"), client.post("/authority.crt")]
    assert {answer.status_code for answer in others} == {404}
    assert {answer.status_code for answer in refused[len(others) :]} == {405}
    for answer in (page, given, *refused):
        assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "PRIVATE" not in answer.text
