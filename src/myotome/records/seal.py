"""Encryption of what is stored: AES-256-GCM, with what stands beside it authenticated."""

from __future__ import annotations

from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from myotome.errors import RecordError

KEY = 32  # bytes
NONCE = 12  # bytes, random, before the ciphertext

Randomness = Callable[[int], bytes]


def seal(key: bytes, plain: bytes, beside: bytes, randomness: Randomness) -> bytes:
    """``plain`` encrypted with ``key``; ``beside`` must be the same when it is opened."""
    nonce = randomness(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, beside)


def unseal(key: bytes, sealed: bytes, beside: bytes) -> bytes:
    """What was encrypted.

    Raises:
        RecordError: key, content or what stands beside it is not what it was.
    """
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], beside)
    except (InvalidTag, ValueError):
        raise RecordError(
            "Something stored does not open with its key: it, or the key, was changed. Run 'myotome verify'."
        ) from None
