"""The server's certificate: signed by the clinic's authority, for a year, and renewed before it ends."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from myotome.errors import ServingError
from myotome.web.network.authority import AGAIN, EARLIER, Authority
from myotome.web.network.kept import read, write
from myotome.web.network.names import Names

FILE = "server.pem"  # key and certificate in one file, so that they can only change together
LONGEST = dt.timedelta(days=397)
RENEWED = dt.timedelta(days=30)  # before the end
FOR_SERVERS = x509.KeyUsage(
    digital_signature=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


@dataclass(frozen=True, slots=True)
class ServerCertificate:
    """A certificate with its key in ``file``, ready for a server; ``renewed`` when this call made it."""

    file: Path
    certificate: x509.Certificate
    renewed: bool


def server_certificate(authority: Authority, names: Names, now: dt.datetime) -> ServerCertificate:
    """The certificate for these names: the one on disk while it serves, else a new one."""
    if not authority.names.covers(names):
        raise ServingError(
            f"This clinic's authority may sign for {authority.names} only, not for {names}. Serve under one of its "
            f"names, or make another authority. {AGAIN}"
        )
    if now >= authority.certificate.not_valid_after_utc:
        raise ServingError(f"This clinic's authority has ended. {AGAIN}")
    file = authority.folder / FILE
    kept = _kept(file)
    if kept is not None and _serves(kept, authority, names, now):
        return ServerCertificate(file, kept, renewed=False)
    key = ec.generate_private_key(ec.SECP256R1())
    fresh = issue(authority, names, key.public_key(), now)
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    write(file, private + fresh.public_bytes(pem), 0o600)
    return ServerCertificate(file, fresh, renewed=True)


def issue(authority: Authority, names: Names, key: ec.EllipticCurvePublicKey, now: dt.datetime) -> x509.Certificate:
    """Sign a server's certificate; that the names are the clinic's own is for the caller, and for the constraints."""
    root = authority.certificate
    start = max((now - EARLIER).replace(microsecond=0), root.not_valid_before_utc)
    known = root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    alternatives: list[x509.GeneralName] = [x509.DNSName(host) for host in names.hosts]
    alternatives += [x509.IPAddress(address) for address in names.addresses]
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Myotome clinic server")]))
        .issuer_name(root.subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(min(start + LONGEST - dt.timedelta(seconds=1), root.not_valid_after_utc))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(FOR_SERVERS, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(known),
            critical=False,
        )
        .sign(authority.key, hashes.SHA256())
    )


def _kept(file: Path) -> x509.Certificate | None:
    """The certificate on disk if it is whole; a damaged one holds nothing that cannot be made again."""
    if not file.exists():
        return None
    data = read(file, secret=True)
    try:
        key = serialization.load_pem_private_key(data, None)
        certificate = x509.load_pem_x509_certificate(data)
    except Exception:  # whatever the library says of damaged bytes
        return None
    return certificate if key.public_key() == certificate.public_key() else None


def _serves(kept: x509.Certificate, authority: Authority, names: Names, now: dt.datetime) -> bool:
    """Whether a certificate is of this authority, for exactly these names, and neither too early nor near its end."""
    try:
        kept.verify_directly_issued_by(authority.certificate)
        alternatives = kept.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except Exception:
        return False
    hosts = alternatives.get_values_for_type(x509.DNSName)
    addresses = alternatives.get_values_for_type(x509.IPAddress)
    end = kept.not_valid_after_utc
    if end < authority.certificate.not_valid_after_utc:  # else a new one would end no later
        end -= RENEWED
    return (
        set(hosts) == set(names.hosts)
        and set(addresses) == set(names.addresses)
        and kept.not_valid_before_utc <= now < end
    )
