"""The chain over the stored bytes, and its signed heads."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from myotome.errors import RecordError
from myotome.records.event import canonical

HASH = 32  # bytes of SHA-256
SHORTEST = 16  # hexadecimal digits of a hash typed in from paper


def first(clinic: str) -> bytes:
    """What the first row of a clinic is linked to."""
    return hashlib.sha256(b"myotome chain 1 of " + clinic.encode()).digest()


def link(previous: bytes, header: bytes, body: bytes) -> bytes:
    """The hash of a row: over the hash before it, its header and its encrypted body."""
    digests = hashlib.sha256(header).digest() + hashlib.sha256(body).digest()
    return hashlib.sha256(b"myotome row 1" + previous + digests).digest()


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain at one moment, signed by the clinic; ``hash``, ``signer`` and ``signature`` in hexadecimal.

    A head typed in from paper has no signature; it is still compared.
    """

    clinic: str
    position: int
    hash: str
    at: str = ""
    signer: str = ""
    signature: str = ""

    @property
    def words(self) -> str:
        """As printed on a signed note."""
        return f"{self.position}:{self.hash}"

    def as_json(self) -> str:
        """The head as a file."""
        return json.dumps(asdict(self), indent=1) + "\n"


def sign(clinic: str, position: int, hashed: bytes, at: str, secret: bytes) -> Head:
    """A head signed with the clinic's Ed25519 key, given as its 32 secret bytes."""
    key = Ed25519PrivateKey.from_private_bytes(secret)
    unsigned = Head(clinic, position, hashed.hex(), at, key.public_key().public_bytes_raw().hex())
    return Head(clinic, position, unsigned.hash, at, unsigned.signer, key.sign(_signed(unsigned)).hex())


def read_head(text: str, clinic: str = "") -> Head:
    """A head from its file, or from ``POSITION:HASH`` as printed on a note; its signature is checked.

    Raises:
        RecordError: it is no head, or its signature does not fit.
    """
    text = text.strip()
    position, colon, hashed = text.partition(":")
    if colon and position.isdigit():
        hashed = hashed.strip().lower()
        if SHORTEST <= len(hashed) <= 2 * HASH and not set(hashed) - set("0123456789abcdef"):
            return Head(clinic, int(position), hashed)
        raise RecordError(f"'{text[:80]}' is not a head: after the colon stand 16 to 64 hexadecimal digits.")
    try:
        head = Head(**json.loads(text))
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(head.signer))
        public.verify(bytes.fromhex(head.signature), _signed(head))
    except InvalidSignature:
        raise RecordError("The signature of this head does not fit: the head was changed. Take another copy.") from None
    except (ValueError, TypeError, AttributeError):
        raise RecordError("This is not a head: give a head file, or POSITION:HASH as printed on a note.") from None
    return head


def _signed(head: Head) -> bytes:
    return canonical({name: value for name, value in asdict(head).items() if name != "signature"})
