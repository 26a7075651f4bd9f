"""Which origins browsers trust, which names a certificate may have, and which Host headers are answered."""

from __future__ import annotations

import asyncio

import pytest

from myotome.errors import ServingError
from myotome.web.network.machine import Reach, ThisMachine, addresses, plain_hosts, served_names
from myotome.web.network.names import names_of
from myotome.web.network.origin import (
    OnlyOurHosts,
    allowed_hosts,
    host_allowed,
    rp_id,
    secure_origin,
    why_no_bedside,
    why_no_passkey,
)
from myotome.web.network.standing import Wish, hosts_here, in_order, standing
from tests.web.handshakes import Here

pytestmark = pytest.mark.enable_socket  # an event loop has a pair of them
EVERYWHERE = "0.0.0.0"  # noqa: S104  # every network of the machine
SECURE = [
    "https://clinic.local",
    "https://192.168.1.20:8443/people",
    "wss://clinic.local",
    "http://localhost:8000",
    "http://LOCALHOST./",
    "http://app.localhost",
    "http://127.0.0.1:8000/",
    "http://127.255.1.2",
    "http://[::1]:8000",
]
INSECURE = [
    "http://clinic.local",
    "http://192.168.1.20:8000/",
    "http://localhost.example.org",
    "http://127.0.0.1.example.org",
    "http://notlocalhost",
    "http://128.0.0.1",
    "http://[::2]",
    "http://[fd00::20]",
    "http://localhost@evil.example",
    "http://localhost\\@evil.example",
    "http://localhost:8000@evil.example/",
    "ftp://localhost",
    "localhost",
    "",
    "data:text/html,x",
    "null",
]


@pytest.mark.parametrize("origin", SECURE)
def test_origins_that_browsers_trust(origin):
    assert secure_origin(origin)
    assert why_no_bedside(origin) is None


@pytest.mark.parametrize("origin", INSECURE)
def test_origins_that_browsers_do_not_trust(origin):
    assert not secure_origin(origin)
    said = why_no_bedside(origin)
    assert said.startswith(f"Bedside mode and passkeys are off at {origin}: ")
    assert "Start `myotome serve` without --no-tls, trust the clinic's authority" in said


@pytest.mark.parametrize(
    ("host", "better"),
    [
        ("192.168.1.20", "the https address with"),
        ("[fd00::20]", "the https address with"),
        ("127.0.0.1", "localhost:8000/"),
    ],
)
def test_an_address_cannot_have_passkeys(host, better):
    assert rp_id(host) is None
    said = why_no_passkey(host, 8000)
    assert f"{host} is an IP address" in said
    assert better in said
    assert "or sign in with the password" in said


@pytest.mark.parametrize("host", ["localhost", "Clinic.local.", "praxis.example.org"])
def test_a_name_can_have_passkeys(host):
    assert rp_id(host) == host.lower().removesuffix(".")
    assert why_no_passkey(host) is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["clinic"], r"clinic has no dot: .* every site that ends in .clinic\. .*clinic.local"),
        (["*.clinic.local"], r"is not a host name"),
        ([".local"], r"is not a host name"),
        (["a b.local"], r"is not a host name"),
        (["clinic.local\n.example"], r"is not a host name"),
        (["x" * 64 + ".local"], r"is not a host name"),
        (["1.2.3"], r"is not a host name"),
        (["localhost"], r"needs no certificate"),
        (["127.0.0.1"], r"not the address of one machine .* 192\.168\.1\.20"),
        ([EVERYWHERE], r"not the address of one machine"),
        (["fe80::1%eth0"], r"without %"),
        ([], r"0 names were given; a certificate needs from 1 to 20"),
        ([f"d{n}.local" for n in range(21)], r"21 names were given"),
    ],
)
def test_names_that_no_certificate_should_have(given, said):
    with pytest.raises(ServingError, match=said):
        names_of(given)


def test_names_are_written_one_way():
    names = names_of(["Clinic.LOCAL.", "clinic.local", "[fd00::20]", "192.168.1.20", "Bücher.example"])
    assert str(names) == "clinic.local, xn--bcher-kva.example, 192.168.1.20, fd00::20"


@pytest.mark.parametrize("given", [["clinic.local", "192.168.1.20", "fd00::0020"]])
@pytest.mark.parametrize(
    ("header", "answered"),
    [
        (b"clinic.local", True),
        (b"Clinic.Local.:8443", True),
        (b"192.168.1.20:8443", True),
        (b"[fd00::20]:8443", True),
        (b"rebound.attacker.example", False),
        (b"clinic.local.attacker.example", False),
        (b"sub.clinic.local", False),
        (b"192.168.1.21", False),
        (b"fd00::20", False),
        (b"clinic.local:port", False),
        (b"clinic.local@attacker.example", False),
        (b"attacker.example/clinic.local", False),
        (b"localhost", False),
        (b"", False),
        (b"\xff", False),
        (b"clinic.local\r\nx: y", False),
    ],
)
def test_another_name_that_leads_here_is_not_answered(given, header, answered):
    """DNS rebinding: a page of somebody else, whose name is turned to this server, must get nothing."""
    allowed = allowed_hosts(given)
    assert host_allowed(header.decode("latin-1"), allowed) is answered
    said = asked([(b"host", header)], allowed)
    assert (said == [b"secret"]) is answered
    assert (said[0] == 421) is not answered
    assert asked([], allowed)[0] == 421
    assert asked([(b"host", b"clinic.local"), (b"host", header)], allowed)[0] == 421, "two hosts are one too many"
    assert (asked([(b"host", header)], allowed, "websocket") == [b"secret"]) is answered


def test_what_this_machine_is_called():
    """Names with passkeys, addresses without; what no tablet could use is left out."""
    found = addresses(Here())
    assert [(one.host, one.passkeys) for one in found] == [("clinic.local", True), ("192.168.1.20", False)]
    assert "IP address" in found[1].why
    assert all(one.host != "localhost" for one in addresses(ThisMachine())), "the real one must not fail"
    assert addresses(Here(("localhost",), ("127.0.0.1", "fe80::1%eth0"))) == ()


def test_which_names_a_certificate_is_for():
    """An address only when asked for; a new name of the router does not make the authority useless."""
    found = addresses(Here(("clinic.local", "clinic.fritz.example")))
    assert str(served_names(EVERYWHERE, [], found, None)) == "clinic.fritz.example, clinic.local"
    assert str(served_names(EVERYWHERE, [], found, names_of(["clinic.local"]))) == "clinic.local"
    assert str(served_names(EVERYWHERE, ["a.local"], found, None)) == "a.local"
    assert str(served_names("192.168.1.20", ["a.local"], found, None)) == "a.local, 192.168.1.20"
    assert str(served_names("192.168.1.20", [], found[:1], None)) == "clinic.local, 192.168.1.20"
    with pytest.raises(ServingError, match=r"no name on its network .* --name clinic.local"):
        served_names(EVERYWHERE, [], (), None)
    with pytest.raises(ServingError, match=r"no name or address on a network"):
        plain_hosts(EVERYWHERE, ["localhost"], ())


def test_passkeys_belong_to_the_name_asked_for():
    """The first name is the one printed: passkeys made under one name do not work under another."""
    wish = Wish(EVERYWHERE, names=("praxis.local",))
    order = in_order(wish, names_of(["a.example.org", "b.local", "praxis.local", "192.168.1.20"]))
    assert order == ["praxis.local", "b.local", "a.example.org", "192.168.1.20"]
    stands = standing(order, 443, tls=True)
    assert (stands.origin, stands.rp_id, stands.bedside) == ("https://praxis.local", "praxis.local", True)
    alone = standing(["fd00::20"], 8443, tls=True)
    assert (alone.origin, alone.rp_id, alone.bedside) == ("https://[fd00::20]:8443", None, True)
    assert "IP address" in alone.why
    open_to_all = standing(plain_hosts(EVERYWHERE, [], [Reach("clinic.local", True, None)]), 80, tls=False)
    assert (open_to_all.origin, open_to_all.rp_id, open_to_all.bedside) == ("http://clinic.local", None, False)
    assert standing(hosts_here("127.0.0.1"), 8000, tls=False).origin == "http://localhost:8000"
    assert standing(hosts_here("127.0.0.2"), 8000, tls=False).origin == "http://127.0.0.2:8000"


def asked(headers, allowed, kind="http"):
    """What a guarded application sends, or its status."""

    async def inner(scope, receive, send):
        await send({"type": "answer", "body": b"secret"})

    async def send(message):
        sent.append(message.get("status", message.get("body", message["type"])))

    sent = []
    asyncio.run(OnlyOurHosts(inner, allowed)({"type": kind, "headers": headers}, None, send))
    return sent
