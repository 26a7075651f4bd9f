"""The clinic's authority and its certificates, held against OpenSSL and a second verifier."""

from __future__ import annotations

import datetime as dt
import random
import resource
import signal
import ssl
import subprocess
import sys

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from myotome.errors import ServingError
from myotome.web.network.authority import SIGNS_ONLY, Authority, authority, new_authority, open_authority
from myotome.web.network.certificate import server_certificate
from myotome.web.network.names import names_of
from tests.web.handshakes import NOW, PEM, handshake, made, signed

OURS = ("clinic.local", "praxis.example.org", "192.168.1.20", "fd00::20")
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize("name", [*OURS, "desk.clinic.local"])
def test_own_names_are_trusted(tmp_path, name):
    ours, _ = made(tmp_path, *OURS)
    file = signed(ours, tmp_path, name)
    assert handshake(file, ours.certificate, name) == "TLSv1.3"


@pytest.mark.parametrize("name", ["other.local", "clinic.local.example.net", "192.168.1.21"])
def test_the_servers_certificate_is_for_its_own_names_alone(tmp_path, name):
    ours, file = made(tmp_path, *OURS)
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        handshake(file, ours.certificate, name)


@pytest.mark.parametrize("limited", [OURS, ("clinic.local",), ("192.168.1.20",)], ids=["both", "names", "addresses"])
@pytest.mark.parametrize(
    "site", ["bank.example", "xclinic.local", "shop.local", "10.0.0.1", "192.168.1.21", "2001:db8::1"]
)
def test_whoever_steals_the_key_cannot_vouch_for_another_site(tmp_path, limited, site):
    """Harm: a tablet that trusts a clinic's authority would believe whoever holds its key about any bank."""
    ours, own = made(tmp_path, *limited)
    assert handshake(own, ours.certificate, limited[0])
    file = signed(ours, tmp_path, site)
    with pytest.raises(ssl.SSLCertVerificationError, match="subtree"):
        handshake(file, ours.certificate, site)
    with pytest.raises(VerificationError):
        verified(x509.load_pem_x509_certificate(file.read_bytes()), ours, site)


def test_the_authority_cannot_make_another_authority(tmp_path):
    """A second authority that the first one signed is refused, even for the clinic's own name."""
    ours, _ = made(tmp_path, "clinic.local")
    key = ec.generate_private_key(ec.SECP256R1())
    step = (
        x509.CertificateBuilder()
        .issuer_name(ours.certificate.subject)
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "below")]))
        .public_key(key.public_key())
        .serial_number(5)
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + DAY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(SIGNS_ONLY, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ours.key.public_key()), critical=False)
        .sign(ours.key, hashes.SHA256())
    )
    below = Authority(tmp_path, key, step, ours.names)
    file = signed(below, tmp_path, "clinic.local")
    file.write_bytes(file.read_bytes() + step.public_bytes(PEM))
    with pytest.raises(ssl.SSLCertVerificationError, match="path length"):
        handshake(file, ours.certificate, "clinic.local")


def test_a_certificate_that_ended_is_refused_and_renewed(tmp_path):
    ours, file = made(tmp_path, "clinic.local", now=NOW - 400 * DAY)
    with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
        handshake(file, ours.certificate, "clinic.local")
    made(tmp_path, "clinic.local")
    assert handshake(file, ours.certificate, "clinic.local")


def test_validity_is_a_year_and_five(tmp_path):
    ours, file = made(tmp_path, "clinic.local")
    server = x509.load_pem_x509_certificate(file.read_bytes())
    assert server.not_valid_after_utc - server.not_valid_before_utc < 397 * DAY
    assert ours.certificate.not_valid_after_utc - ours.certificate.not_valid_before_utc == 1826 * DAY
    verified(server, ours, "clinic.local", NOW + 395 * DAY)
    for at in (NOW - 2 * DAY, NOW + 397 * DAY):
        with pytest.raises(VerificationError):
            verified(server, ours, "clinic.local", at)


@pytest.mark.parametrize(
    ("days", "renewed"), [(0, False), (300, False), (364, False), (367, True), (800, True), (-0.5, False), (-50, True)]
)
def test_it_is_renewed_in_its_last_month_and_not_before(tmp_path, days, renewed):
    """Set back, the clock makes the certificate one that is not valid yet: it is renewed too."""
    names = names_of(["clinic.local"])
    ours = authority(tmp_path, names, NOW - 100 * DAY)
    assert server_certificate(ours, names, NOW).renewed
    assert server_certificate(ours, names, NOW + days * DAY).renewed is renewed
    assert not server_certificate(ours, names, NOW + days * DAY).renewed


def test_near_the_authoritys_own_end_it_is_not_made_anew_each_time(tmp_path):
    """No certificate outlives its authority, which warns beforehand and then refuses."""
    ours, _ = made(tmp_path, "clinic.local")
    late = NOW + 1810 * DAY
    assert server_certificate(ours, names_of(["clinic.local"]), late).renewed
    again = server_certificate(ours, names_of(["clinic.local"]), late)
    assert not again.renewed
    assert again.certificate.not_valid_after_utc == ours.certificate.not_valid_after_utc
    assert "ends in 14 days" in ours.warning(late)
    assert ours.warning(NOW) is None
    with pytest.raises(ServingError, match=r"ended on .*--new-authority added; every tablet must then trust"):
        authority(tmp_path, names_of(["clinic.local"]), NOW + 1900 * DAY)
    with pytest.raises(ServingError, match=r"before this clinic's authority was made .* Set the clock right"):
        authority(tmp_path, names_of(["clinic.local"]), NOW - 30 * DAY)


def test_fewer_names_need_a_new_certificate_and_other_names_a_new_authority(tmp_path):
    ours, file = made(tmp_path, "clinic.local", "192.168.1.20")
    _, file = made(tmp_path, "clinic.local")
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        handshake(file, ours.certificate, "192.168.1.20")
    kept = file.read_bytes()
    said = r"may sign for clinic.local, 192.168.1.20 only, not for praxis.local\. .*--new-authority"
    with pytest.raises(ServingError, match=said):
        authority(tmp_path, names_of(["praxis.local"]), NOW)
    with pytest.raises(ServingError, match=said):
        server_certificate(ours, names_of(["praxis.local"]), NOW)
    assert file.read_bytes() == kept
    other = new_authority(tmp_path, names_of(["praxis.local"]), NOW)
    assert other.fingerprint != ours.fingerprint
    assert [found.name for found in tmp_path.iterdir()] == ["authority"], "the old key must be gone"
    assert server_certificate(other, names_of(["praxis.local"]), NOW).renewed


def test_a_damaged_server_file_or_one_of_another_authority_is_made_anew(tmp_path):
    ours, file = made(tmp_path, "clinic.local")
    whole = file.read_bytes()
    for bad in (
        b"",
        whole[:300],
        whole.replace(b"MII", b"MIJ", 1),
        made(tmp_path / "x", "clinic.local")[1].read_bytes(),
    ):
        file.write_bytes(bad)
        assert server_certificate(ours, names_of(["clinic.local"]), NOW).renewed
        assert handshake(file, ours.certificate, "clinic.local")


@pytest.mark.parametrize("name", ["authority.key", "server.pem"])
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o601])
def test_a_key_that_others_can_open_is_refused(tmp_path, name, mode):
    made(tmp_path, "clinic.local")
    file = tmp_path / "authority" / name
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(mode)
    with pytest.raises(ServingError, match=rf"{name} can be opened by others .*\(mode {mode:04o}; .*chmod 600"):
        made(tmp_path, "clinic.local")


def test_a_link_or_folder_in_place_of_a_key_is_refused(tmp_path):
    made(tmp_path, "clinic.local")
    key = tmp_path / "authority" / "authority.key"
    key.rename(tmp_path / "elsewhere")
    key.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ServingError, match=r"authority.key cannot be read"):
        open_authority(tmp_path, NOW)
    key.unlink()
    key.mkdir(mode=0o700)
    with pytest.raises(ServingError, match="is not a file"):
        open_authority(tmp_path, NOW)


@pytest.mark.parametrize("name", ["authority.key", "authority.crt"])
def test_any_damage_is_a_sentence_or_harmless(tmp_path, name):
    """Cut, emptied, exchanged or with one byte changed: never another exception, never another certificate."""
    ours, _ = made(tmp_path, "clinic.local")
    file = tmp_path / "authority" / name
    whole, draw = file.read_bytes(), random.Random(6)
    other = made(tmp_path / "x", "clinic.local")[0].folder / name
    places = draw.sample(range(len(whole)), 60)
    bad = [bytes([*whole[:at], whole[at] ^ draw.randrange(1, 256), *whole[at + 1 :]]) for at in places]
    refused = 0
    for data in [b"", whole[: len(whole) // 2], other.read_bytes(), b"\0" * 80, *bad]:
        file.write_bytes(data)
        try:
            assert open_authority(tmp_path, NOW).der == ours.der
        except ServingError as error:
            assert "damaged" in str(error)
            assert "--new-authority" in str(error)
            refused += 1
    assert refused > 50
    file.unlink()
    with pytest.raises(ServingError, match=rf"{name} is missing from .* from a backup"):
        authority(tmp_path, names_of(["clinic.local"]), NOW)


def test_a_full_disk_leaves_what_was_there(tmp_path):
    """Writes past a file-size limit fail as on a full disk."""
    ours, file = made(tmp_path, "clinic.local")
    kept = file.read_bytes()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        with pytest.raises(ServingError, match=r"server.pem cannot be written \(File too large\)"):
            server_certificate(ours, names_of(["clinic.local"]), NOW + 380 * DAY)
        with pytest.raises(ServingError, match=r"authority.key cannot be written"):
            new_authority(tmp_path, names_of(["praxis.local"]), NOW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert file.read_bytes() == kept
    assert open_authority(tmp_path, NOW).fingerprint == ours.fingerprint
    assert {found.name for found in tmp_path.rglob("*")} == {
        "authority",
        "authority.key",
        "authority.crt",
        "server.pem",
    }


def test_killed_while_making_it_an_authority_is_whole_or_absent(tmp_path):
    """Harm: a half-written key, found after a power cut, would stop the clinic until somebody understands it."""
    making = (
        "import sys, datetime as dt; from pathlib import Path\n"
        "from myotome.web.network.authority import new_authority; from myotome.web.network.names import names_of\n"
        "print('ready', flush=True)\n"
        "while True: new_authority(Path(sys.argv[1]), names_of(['clinic.local']), dt.datetime.now(dt.UTC))\n"
    )
    draw, opened = random.Random(1), 0
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-c", making, tmp_path], stdout=subprocess.PIPE) as child:
            assert child.stdout.readline() == b"ready\n"
            with pytest.raises(subprocess.TimeoutExpired):
                child.wait(0.05 + draw.random() / 20)
            child.send_signal(signal.SIGKILL)
        if (tmp_path / "authority").exists():
            open_authority(tmp_path, dt.datetime.now(dt.UTC))
            opened += 1
    assert opened
    (tmp_path / ".authority-left").mkdir()
    made(tmp_path, "clinic.local", now=dt.datetime.now(dt.UTC))
    assert [found.name for found in tmp_path.iterdir()] == ["authority"], "left-overs hold keys"


def verified(certificate, ours, name, at=NOW):
    """The second opinion: the verifier of the library cryptography, at any time."""
    names = names_of([name])
    subject = x509.DNSName(names.hosts[0]) if names.hosts else x509.IPAddress(names.addresses[0])
    PolicyBuilder().store(Store([ours.certificate])).time(at).build_server_verifier(subject).verify(certificate, [])


def test_keys_are_on_the_curve_that_tablets_know(tmp_path):
    ours, _ = made(tmp_path, "clinic.local")
    assert isinstance(ours.key.curve, ec.SECP256R1)
    assert ours.certificate.extensions.get_extension_for_class(x509.NameConstraints).critical
    assert len(ours.fingerprint.split(":")) == 32
