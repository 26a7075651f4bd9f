"""A clinic's own certificate authority: made once, limited to the clinic's names, kept in the clinic's folder."""

from __future__ import annotations

import datetime as dt
import ipaddress
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from myotome.errors import ServingError
from myotome.web.network.kept import cannot, read, sync, write
from myotome.web.network.names import Names, names_of

FOLDER, KEY, CERTIFICATE = "authority", "authority.key", "authority.crt"
YEARS = dt.timedelta(days=5 * 365 + 1)
EARLIER = dt.timedelta(days=1)  # a tablet's clock may be behind
SOON = dt.timedelta(days=60)
SIGNS_ONLY = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)
AGAIN = "Start `myotome serve` once with --new-authority added; every tablet must then trust the new one."


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority that was read and found whole."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    names: Names

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate in pairs, as tablets and browsers show it."""
        return self.certificate.fingerprint(hashes.SHA256()).hex(":").upper()

    @property
    def der(self) -> bytes:
        """The certificate as a tablet takes it."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    def warning(self, now: dt.datetime) -> str | None:
        """What to say when the authority ends soon."""
        left = self.certificate.not_valid_after_utc - now
        if left > SOON:
            return None
        return f"This clinic's authority ends in {left.days} days, on {_day(self.certificate)}. {AGAIN}"


def authority(clinic: Path, names: Names, now: dt.datetime) -> Authority:
    """The clinic's authority, made at the first call; refused when it may not sign for these names."""
    folder = clinic / FOLDER
    if not folder.exists():
        return new_authority(clinic, names, now)
    _sweep(clinic)
    found = open_authority(clinic, now)
    if not found.names.covers(names):
        raise ServingError(
            f"This clinic's authority may sign for {found.names} only, not for {names}. Serve under one of its "
            f"names, or make another authority. {AGAIN}"
        )
    return found


def open_authority(clinic: Path, now: dt.datetime) -> Authority:
    """Read the authority of a clinic's folder, checking the key's protection, the pair and the dates."""
    folder = clinic / FOLDER
    for file in (KEY, CERTIFICATE):
        if not (folder / file).exists():
            raise ServingError(f"{file} is missing from {folder}. Put it back from a backup, or start anew. {AGAIN}")
    secret = read(folder / KEY, secret=True)
    public = read(folder / CERTIFICATE, secret=False)
    try:
        key = serialization.load_pem_private_key(secret, None)
        certificate = x509.load_pem_x509_certificate(public)
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
            raise ValueError
        certificate.verify_directly_issued_by(certificate)
        names = names_in(certificate)
    except Exception:  # whatever a damaged file makes the library say, it is one case
        raise ServingError(
            f"The authority in {folder} is damaged, or its key and certificate do not belong together. "
            f"Put both files back from a backup, or make another authority. {AGAIN}"
        ) from None
    if now < certificate.not_valid_before_utc:
        raise ServingError(
            f"By this machine's clock it is {now:%Y-%m-%d}, before this clinic's authority was made "
            f"({certificate.not_valid_before_utc:%Y-%m-%d}). Set the clock right."
        )
    if now >= certificate.not_valid_after_utc:
        raise ServingError(f"This clinic's authority ended on {_day(certificate)}. {AGAIN}")
    return Authority(folder, key, certificate, names)


def new_authority(clinic: Path, names: Names, now: dt.datetime) -> Authority:
    """Make an authority, in place of any before it, whose key is destroyed."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _signed(key, names, now)
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    folder = clinic / FOLDER
    try:
        clinic.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = Path(tempfile.mkdtemp(prefix=f".{FOLDER}-", dir=clinic))
    except OSError as error:
        raise ServingError(cannot("written", folder, error)) from None
    try:
        write(fresh / KEY, private, 0o600)
        write(fresh / CERTIFICATE, certificate.public_bytes(pem), 0o644)
        _put(fresh, folder)
    except OSError as error:
        raise ServingError(cannot("written", folder, error)) from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return Authority(folder, key, certificate, names)


def _put(fresh: Path, folder: Path) -> None:
    """Rename a whole new folder into place; the old one goes."""
    if folder.exists():
        folder.rename(Path(tempfile.mkdtemp(prefix=f".{FOLDER}-", dir=folder.parent)) / "old")
    fresh.rename(folder)
    sync(folder.parent)
    _sweep(folder.parent)


def _sweep(clinic: Path) -> None:
    """Remove what an interrupted change left: it may hold a key that tablets still trust."""
    for old in clinic.glob(f".{FOLDER}-*"):
        shutil.rmtree(old, ignore_errors=True)


def _signed(key: ec.EllipticCurvePrivateKey, names: Names, now: dt.datetime) -> x509.Certificate:
    """The authority's own certificate: it may sign servers of these names, no further authority, nothing else."""
    # Apple's list of roots to trust shows only those with a common name; the date tells two of them apart.
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Myotome clinic authority {now:%Y-%m-%d %H:%M}")])
    start = (now - EARLIER).replace(microsecond=0)
    known = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(called)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(SIGNS_ONLY, critical=True)
        .add_extension(constraints(names), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(known, critical=False)
        .sign(key, hashes.SHA256())
    )


def constraints(names: Names) -> x509.NameConstraints:
    """Limits to these names; a kind of name that is not listed at all would be free, so it is shut out whole."""
    permitted: list[x509.GeneralName] = [x509.DNSName(host) for host in names.hosts]
    permitted += [x509.IPAddress(ipaddress.ip_network(address)) for address in names.addresses]
    excluded: list[x509.GeneralName] = [] if names.hosts else [x509.DNSName("")]
    for version, everywhere in ((4, "0.0.0.0/0"), (6, "::/0")):
        if version not in {address.version for address in names.addresses}:
            excluded.append(x509.IPAddress(ipaddress.ip_network(everywhere)))
    return x509.NameConstraints(permitted or None, excluded or None)


def names_in(certificate: x509.Certificate) -> Names:
    """The names that an authority's certificate limits it to."""
    permitted = certificate.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    hosts = [name.value for name in permitted if isinstance(name, x509.DNSName)]
    networks = [name.value for name in permitted if isinstance(name, x509.IPAddress)]
    return names_of([*hosts, *(str(network).partition("/")[0] for network in networks)])


def _day(certificate: x509.Certificate) -> str:
    return f"{certificate.not_valid_after_utc:%Y-%m-%d}"
