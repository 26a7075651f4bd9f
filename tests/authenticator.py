"""A passkey device in software: real keys and signatures, and the ways in which one may lie."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One device with one passkey, made at registration; its counter goes up at each signature."""

    origin: str
    flags: int = PRESENT | VERIFIED
    count: int = 0
    name: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    handle: bytes = b""

    def register(self, options: str, **lies) -> str:
        """The answer to options of a registration."""
        told = json.loads(options)
        self.handle = base64url_to_bytes(told["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.name).to_bytes(2, "big") + self.name + cbor2.dumps(cose)
        data = self._data(lies.get("rp_id", told["rp"]["id"]), ATTESTED) + attested
        statement = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", lies.get("challenge", told["challenge"]))
        return self._answer({"clientDataJSON": client, "attestationObject": statement})

    def sign(self, options: str, **lies) -> str:
        """The answer to options of a sign-in."""
        told = json.loads(options)
        self.count += lies.get("step", 1)
        data = self._data(lies.get("rp_id", told["rpId"]))
        client = self._client("webauthn.get", lies.get("challenge", told["challenge"]))
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        answer = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        handle = lies.get("handle", self.handle)
        return self._answer(answer if handle is None else {**answer, "userHandle": handle})

    def _data(self, rp_id, more=0):
        flags = bytes([self.flags | more])
        return hashlib.sha256(rp_id.encode()).digest() + flags + self.count.to_bytes(4, "big")

    def _client(self, kind, challenge):
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, response):
        name = bytes_to_base64url(self.name)
        plain = {key: bytes_to_base64url(value) for key, value in response.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": plain})
