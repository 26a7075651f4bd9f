"""A real TLS handshake, client and server in memory, and the parts that several tests of the network need."""

from __future__ import annotations

import datetime as dt
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from myotome.web.network.authority import Authority, authority
from myotome.web.network.certificate import issue, server_certificate
from myotome.web.network.names import names_of

NOW = dt.datetime.now(dt.UTC)  # OpenSSL looks at the real clock; what we write follows the one passed in
PEM = serialization.Encoding.PEM


class Here:
    """A machine of a clinic, as its network would describe it."""

    def __init__(self, names=("clinic.local", "clinic", "localhost"), addresses=("192.168.1.20", "127.0.0.1")):
        self._names, self._addresses = names, addresses

    def names(self):
        return self._names

    def addresses(self):
        return self._addresses


def made(folder: Path, *names: str, now: dt.datetime = NOW) -> tuple[Authority, Path]:
    """An authority for some names and its server's file."""
    wanted = names_of(names)
    ours = authority(folder, wanted, now)
    return ours, server_certificate(ours, wanted, now).file


def signed(ours: Authority, folder: Path, *names: str) -> Path:
    """A server's file for any names at all, signed with the authority's key past its own refusal."""
    key = ec.generate_private_key(ec.SECP256R1())
    file = folder / "other.pem"
    private = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(private + issue(ours, names_of(names), key.public_key(), NOW).public_bytes(PEM))
    return file


def handshake(file: Path, trusted: x509.Certificate, name: str) -> str:
    """Connect to a server with that file, as ``name``, trusting one authority only; returns the protocol."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    client = ssl.create_default_context(cadata=trusted.public_bytes(PEM).decode())
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    left = client.wrap_bio(down, up, server_hostname=name)
    right = server.wrap_bio(up, down, server_side=True)
    waiting = [left, right]
    for _ in range(10):
        for end in list(waiting):
            try:
                end.do_handshake()
                waiting.remove(end)
            except ssl.SSLWantReadError:
                pass
    assert not waiting, "the handshake did not end"
    return left.version() or ""
