"""Passkeys: challenges that are used once, registration and sign-in by the library ``webauthn``."""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_client_data_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialCreationOptions,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from myotome.records.event import instant
from myotome.records.reading import Reading

DRAWER, HANDLES, CHALLENGES = "passkey", "handle", "challenge"
PURPOSES = ("sign-in", "prove", "add")
LASTS = datetime.timedelta(minutes=5)
LARGEST = 20_000  # characters of a browser's answer
LENGTH = 32  # bytes of a challenge, and of a handle
TIMEOUT = int(LASTS / datetime.timedelta(milliseconds=1))
VERIFIED = UserVerificationRequirement.REQUIRED  # finger, face or PIN: two factors in one


@dataclass(frozen=True, slots=True)
class Asked:
    """What a challenge is good for: nobody and no session where anybody may sign in by it."""

    purpose: str
    origin: str
    rp_id: str
    staff: str = ""
    session: str = ""


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as it is kept; ``count`` is the signature counter last seen, 0 where it has none."""

    id: str
    staff: str
    key: str
    count: int
    label: str
    added: str


class Passkeys:
    """The passkeys of a clinic within one transaction."""

    def __init__(self, record: Reading, now: datetime.datetime) -> None:
        """``record`` is open as long as this is used."""
        self.record, self.now = record, now
        self.kept, self.challenges = record.drawer(DRAWER), record.drawer(CHALLENGES)

    def options(self, asked: Asked, staff_name: str = "", clinic: str = "") -> str:
        """Options for the browser, with a new challenge in them."""
        challenge = self.record.keys.randomness(LENGTH)
        self.challenges.sweep(instant(self.now))
        self.challenges.put(_name(challenge), asdict(asked), owner=asked.session, until=instant(self.now + LASTS))
        known = [PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.id)) for one in self.of(asked.staff)]
        if asked.purpose == "add":
            return options_to_json(self._adding(asked, challenge, known, staff_name, clinic))
        # Nobody's passkeys are named to who has not signed in: the device knows which it has for this place.
        return options_to_json(
            generate_authentication_options(
                rp_id=asked.rp_id,
                challenge=challenge,
                timeout=TIMEOUT,
                allow_credentials=known,
                user_verification=VERIFIED,
            )
        )

    def answered(self, response: str, asked: Asked) -> Passkey | None:
        """The passkey that answers a challenge, with its new counter; None where the answer does not hold."""
        taken = self._taken(response, asked)
        if taken is None:
            return None
        told, challenge = taken
        passkey = self._find(told)
        if passkey is None or asked.staff not in ("", passkey.staff) or not self._of_this_user(told, passkey, asked):
            return None
        try:
            found = verify_authentication_response(
                credential=told,
                expected_challenge=challenge,
                expected_rp_id=asked.rp_id,
                expected_origin=asked.origin,
                credential_public_key=base64url_to_bytes(passkey.key),
                credential_current_sign_count=passkey.count,
                require_user_verification=True,
            )
        except Exception:  # whatever a stranger's bytes make the libraries raise, it does not hold
            return None
        return self._put(passkey, found.new_sign_count)

    def added(self, response: str, asked: Asked, label: str) -> Passkey | None:
        """The new passkey that answers a challenge, kept; None where the answer does not hold or it is kept already."""
        taken = self._taken(response, asked)
        if taken is None:
            return None
        told, challenge = taken
        try:
            found = verify_registration_response(
                credential=told,
                expected_challenge=challenge,
                expected_rp_id=asked.rp_id,
                expected_origin=asked.origin,
                require_user_verification=True,
            )
        except Exception:
            return None
        if self.kept.get(_name(found.credential_id)) is not None:
            return None
        name, key = bytes_to_base64url(found.credential_id), bytes_to_base64url(found.credential_public_key)
        passkey = Passkey(name, asked.staff, key, found.sign_count, label, instant(self.now))
        return self._put(passkey, found.sign_count)

    def of(self, staff: str) -> list[Passkey]:
        """Somebody's passkeys, the first added first."""
        kept = [Passkey(**one) for _, one in self.kept.all(staff)] if staff else []
        return sorted(kept, key=lambda one: (one.added, one.id))

    def drop(self, passkey: Passkey) -> None:
        """Throw one away."""
        self.kept.drop(_name(base64url_to_bytes(passkey.id)))

    def _adding(
        self, asked: Asked, challenge: bytes, known: list[PublicKeyCredentialDescriptor], staff_name: str, clinic: str
    ) -> PublicKeyCredentialCreationOptions:
        chosen = AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=VERIFIED
        )
        return generate_registration_options(
            rp_id=asked.rp_id,
            rp_name=clinic,
            user_name=staff_name,
            user_id=self._handle(asked.staff),
            challenge=challenge,
            timeout=TIMEOUT,
            authenticator_selection=chosen,
            exclude_credentials=known,
        )

    def _put(self, passkey: Passkey, count: int) -> Passkey:
        told = {**asdict(passkey), "count": count}
        self.kept.put(_name(base64url_to_bytes(passkey.id)), told, owner=passkey.staff)
        return Passkey(**told)

    def _taken(self, response: str, asked: Asked) -> tuple[dict[str, Any], bytes] | None:
        """The answer and its challenge, which is used up whatever becomes of it."""
        try:
            told: dict[str, Any] = json.loads(response if len(response) <= LARGEST else "{}")
            client = parse_client_data_json(base64url_to_bytes(told["response"]["clientDataJSON"]))
        except Exception:
            return None
        name = _name(client.challenge)
        self.challenges.sweep(instant(self.now))
        kept = self.challenges.get(name)
        self.challenges.drop(name)
        return (told, client.challenge) if kept == asdict(asked) else None

    def _find(self, told: dict[str, Any]) -> Passkey | None:
        try:
            kept = self.kept.get(_name(base64url_to_bytes(told["rawId"])))
        except Exception:
            return None
        return None if kept is None else Passkey(**kept)

    def _of_this_user(self, told: dict[str, Any], passkey: Passkey, asked: Asked) -> bool:
        given = told["response"].get("userHandle")
        if given is None:
            return bool(asked.staff)  # where no name was typed, the device must say whose it is
        kept = self.record.drawer(HANDLES).get(passkey.staff)
        return kept is not None and given == kept["handle"]

    def _handle(self, staff: str) -> bytes:
        """A random name for somebody towards their devices; it tells nothing of them."""
        drawer = self.record.drawer(HANDLES)
        kept = drawer.get(staff)
        if kept is None:
            kept = {"handle": bytes_to_base64url(self.record.keys.randomness(LENGTH))}
            drawer.put(staff, kept, owner=staff)
        return base64url_to_bytes(kept["handle"])


def _name(of: bytes) -> str:
    return hashlib.sha256(of).hexdigest()
