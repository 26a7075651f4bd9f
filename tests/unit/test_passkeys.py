"""Passkeys with real keys and signatures, against a device that lies in every way it could."""

from __future__ import annotations

import json

import pytest

from myotome.clinic.access.passkeys import LARGEST
from myotome.errors import AccessError, EntryError, MissingError
from tests.authenticator import PRESENT, VERIFIED, Authenticator
from tests.clinics import ADDRESS, founded

ORIGIN, RP = "https://clinic.lan:8443", "clinic.lan"
HERE = (ORIGIN, RP)
REFUSED = "This passkey was not accepted"


@pytest.fixture
def clinic(tmp_path):
    with founded("sqlite", tmp_path) as made:
        yield made


def registered(clinic, who="pia", label="Pia's phone", **device):
    """A device whose passkey somebody has added."""
    device = Authenticator(ORIGIN, **device)
    clinic.proof(who)
    options = clinic.access.passkey_challenge("add", *HERE, clinic.token(who))
    added(clinic, who, device.register(options), label)
    return device


def added(clinic, who, answer, label="A key", here=HERE):
    clinic.tokens[f"{who} desk"] = clinic.access.add_passkey(clinic.actor(who), answer, *here, label)


def asked(clinic, here=HERE):
    return clinic.access.passkey_challenge("sign-in", *here, address=ADDRESS)


def sign_in(clinic, answer, here=HERE):
    return clinic.access.sign_in_with_passkey(answer, *here, ADDRESS)


def whys(clinic):
    with clinic.practice.within() as shelf:
        return [one.body.get("why", "") for one in shelf.entries(kinds=["session.refused"])]


def test_signing_in_without_a_name(clinic):
    """Nobody types a name, and the options tell nobody who has passkeys."""
    device = registered(clinic)
    options = asked(clinic)
    told = json.loads(options)
    assert told["userVerification"] == "required"
    assert not told.get("allowCredentials")
    assert clinic.access.actor(sign_in(clinic, device.sign(options))).staff == clinic.staff["pia"]


def test_the_handle_tells_nothing_of_the_person(clinic):
    """It is random, the same for each of somebody's keys, and another person's is another."""
    first, second = registered(clinic), registered(clinic, label="Tablet")
    assert first.handle == second.handle != registered(clinic, "lea").handle
    assert len(first.handle) == 32
    assert clinic.staff["pia"].encode() not in first.handle


def test_registration_asks_for_a_key_that_knows_its_owner(clinic):
    """Discoverable, verified, and not on a device that has one already."""
    device = registered(clinic)
    clinic.proof("pia")
    told = json.loads(clinic.access.passkey_challenge("add", *HERE, clinic.token("pia")))
    assert told["authenticatorSelection"]["residentKey"] == "required"
    assert told["authenticatorSelection"]["userVerification"] == "required"
    assert [one["id"] for one in told["excludeCredentials"]] == [json.loads(device.sign(asked(clinic)))["id"]]


@pytest.mark.parametrize(
    ("device", "lies"),
    [
        ({"origin": "https://clinic.lan.evil.example"}, {}),
        ({"origin": "http://clinic.lan:8443"}, {}),
        ({"flags": PRESENT}, {}),
        ({"flags": VERIFIED}, {}),
        ({}, {"rp_id": "evil.example"}),
        ({}, {"challenge": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}),
    ],
    ids=["other origin", "without TLS", "not verified", "nobody there", "other place", "other challenge"],
)
class TestLies:
    def test_at_sign_in(self, clinic, device, lies):
        """Each lie is refused with the same words, recorded, and the true device gets in afterwards."""
        true = registered(clinic)
        liar = Authenticator(**{"origin": ORIGIN, **device})
        liar.name, liar.key, liar.handle = true.name, true.key, true.handle
        with pytest.raises(AccessError, match=REFUSED):
            sign_in(clinic, liar.sign(asked(clinic), **lies))
        assert whys(clinic) == ["passkey not accepted"]
        assert sign_in(clinic, true.sign(asked(clinic)))

    def test_at_registration(self, clinic, device, lies):
        """Nothing is kept of it."""
        liar = Authenticator(**{"origin": ORIGIN, **device})
        clinic.proof("pia")
        options = clinic.access.passkey_challenge("add", *HERE, clinic.token("pia"))
        with pytest.raises(AccessError, match=REFUSED):
            added(clinic, "pia", liar.register(options, **lies))
        assert clinic.access.passkeys(clinic.actor("pia")) == []


def test_an_answer_works_once(clinic):
    device = registered(clinic)
    answer = device.sign(asked(clinic))
    sign_in(clinic, answer)
    with pytest.raises(AccessError, match=REFUSED):
        sign_in(clinic, answer)


def test_a_challenge_works_once_even_when_refused(clinic):
    """A wrong answer uses it up."""
    device, options = registered(clinic), asked(clinic)
    with pytest.raises(AccessError, match=REFUSED):
        sign_in(clinic, device.sign(options, rp_id="evil.example"))
    with pytest.raises(AccessError, match=REFUSED):
        sign_in(clinic, device.sign(options))


@pytest.mark.parametrize(("minutes", "works"), [(4.9, True), (5.1, False)])
def test_a_challenge_lasts_five_minutes(clinic, minutes, works):
    device, options = registered(clinic), asked(clinic)
    clinic.clock.forward(minutes=minutes)
    if works:
        assert sign_in(clinic, device.sign(options))
        return
    with pytest.raises(AccessError, match=REFUSED):
        sign_in(clinic, device.sign(options))


def test_a_challenge_is_for_one_origin(clinic):
    """One asked for at another address of this clinic does not count here."""
    device = registered(clinic)
    options = asked(clinic, ("https://localhost:8443", "clinic.lan"))
    with pytest.raises(AccessError, match=REFUSED):
        sign_in(clinic, device.sign(options))


def test_a_challenge_is_for_one_purpose(clinic):
    """One for signing in does not prove anything within a session, and the other way round."""
    device = registered(clinic)
    with pytest.raises(AccessError, match=REFUSED):
        clinic.access.prove_with_passkey(clinic.actor("pia"), device.sign(asked(clinic)), *HERE, ADDRESS)
    options = clinic.access.passkey_challenge("prove", *HERE, clinic.token("pia"))
    with pytest.raises(AccessError, match=REFUSED):
        sign_in(clinic, device.sign(options))


def test_a_copied_key_is_noticed_by_its_counter(clinic):
    """A copy that signs with a number that was seen before is refused; so is the same number again."""
    device = registered(clinic, count=7)
    sign_in(clinic, device.sign(asked(clinic), step=5))
    for step in (0, -3):
        with pytest.raises(AccessError, match=REFUSED):
            sign_in(clinic, device.sign(asked(clinic), step=step))
    assert sign_in(clinic, device.sign(asked(clinic), step=4))


def test_a_device_without_counter_is_taken(clinic):
    """Keys that are kept in step between devices always say 0."""
    device = registered(clinic)
    for _ in range(2):
        assert sign_in(clinic, device.sign(asked(clinic), step=0))


@pytest.mark.parametrize("handle", [None, b"", b"x" * 32])
def test_whose_key_it_is_must_be_said_and_right(clinic, handle):
    device = registered(clinic)
    with pytest.raises(AccessError, match=REFUSED):
        sign_in(clinic, device.sign(asked(clinic), handle=handle))


def test_somebody_elses_key(clinic):
    """Lea's key signs nobody in as Pia, proves nothing in Pia's session, and cannot be added a second time."""
    pias, leas = registered(clinic), registered(clinic, "lea")
    with pytest.raises(AccessError, match=REFUSED):
        sign_in(clinic, leas.sign(asked(clinic), handle=pias.handle))
    options = clinic.access.passkey_challenge("prove", *HERE, clinic.token("pia"))
    assert [one["id"] for one in json.loads(options)["allowCredentials"]] != []
    with pytest.raises(AccessError, match=REFUSED):
        clinic.access.prove_with_passkey(clinic.actor("pia"), leas.sign(options), *HERE, ADDRESS)
    clinic.proof("pia")
    options = clinic.access.passkey_challenge("add", *HERE, clinic.token("pia"))
    with pytest.raises(AccessError, match="known here already"):
        added(clinic, "pia", leas.register(options))
    assert len(clinic.access.passkeys(clinic.actor("pia"))) == len(clinic.access.passkeys(clinic.actor("lea"))) == 1


def test_another_key_under_a_known_name(clinic):
    """Who knows a passkey's name but not its key gets nowhere."""
    device = registered(clinic)
    liar = Authenticator(ORIGIN, name=device.name, handle=device.handle)
    with pytest.raises(AccessError, match=REFUSED):
        sign_in(clinic, liar.sign(asked(clinic)))


def test_proving_changes_the_token(clinic):
    """The session stays, the token before is dead; the challenge of one session is of no use to another."""
    device, before = registered(clinic), clinic.token("pia")
    actor, other = clinic.actor("pia"), clinic.access.actor(sign_in(clinic, device.sign(asked(clinic))))
    options = clinic.access.passkey_challenge("prove", *HERE, before)
    with pytest.raises(AccessError, match=REFUSED):
        clinic.access.prove_with_passkey(other, device.sign(options), *HERE, ADDRESS)
    options = clinic.access.passkey_challenge("prove", *HERE, before)
    proof = clinic.access.prove_with_passkey(actor, device.sign(options), *HERE, ADDRESS)
    assert (proof.staff, proof.method) == (clinic.staff["pia"], "passkey")
    assert clinic.access.actor(before) is None
    assert clinic.access.actor(proof.token) == actor


def test_adding_needs_a_fresh_sign_in(clinic):
    """Two minutes after it, who took over an open session adds nothing."""
    clinic.proof("pia")
    clinic.clock.forward(minutes=3)
    with pytest.raises(AccessError, match="just after signing in"):
        clinic.access.passkey_challenge("add", *HERE, clinic.token("pia"))
    with pytest.raises(AccessError, match="not signed in"):
        clinic.access.passkey_challenge("add", *HERE, "made-up")


def test_proving_without_a_passkey(clinic):
    with pytest.raises(AccessError, match="You have no passkey here"):
        clinic.access.passkey_challenge("prove", *HERE, clinic.token("pia"))


def test_a_label_that_cannot_be_shown(clinic):
    """Refused, and the challenge is still good for another try."""
    clinic.proof("pia")
    answer = Authenticator(ORIGIN).register(clinic.access.passkey_challenge("add", *HERE, clinic.token("pia")))
    with pytest.raises(EntryError, match="label of the passkey cannot be recorded"):
        added(clinic, "pia", answer, "")
    added(clinic, "pia", answer, "Blue key")
    assert [label for _, label, _ in clinic.access.passkeys(clinic.actor("pia"))] == ["Blue key"]


def test_removing(clinic):
    """It signs in no more; nobody removes another's; all of it is in the record."""
    device = registered(clinic)
    ((name, _, day),) = clinic.access.passkeys(clinic.actor("pia"))
    assert day == "2026-03-01"
    with pytest.raises(MissingError, match="no such passkey"):
        clinic.access.remove_passkey(clinic.actor("lea"), name, clinic.proof("lea"))
    with pytest.raises(AccessError, match="Show again who you are"):
        clinic.access.remove_passkey(clinic.actor("pia"), name, clinic.proof("lea"))
    clinic.access.remove_passkey(clinic.actor("pia"), name, clinic.proof("pia"))
    with pytest.raises(AccessError, match=REFUSED):
        sign_in(clinic, device.sign(asked(clinic)))
    with clinic.practice.within() as shelf:
        told = [one.body["what"] for one in shelf.entries(author=clinic.staff["pia"], kinds=["credential.changed"])]
    assert told == ["password set", "passkey added", "passkey removed"]


def test_who_left_has_no_passkey(clinic):
    device = registered(clinic)
    clinic.accounts.leave(clinic.actor("ana"), clinic.staff["pia"], "moved away")
    with pytest.raises(AccessError, match=REFUSED):
        sign_in(clinic, device.sign(asked(clinic)))


NONSENSE = ["", "{", "[]", "null", "1", '{"response": {"clientDataJSON": "e30"}}', '{"response": 3}', "[" * 9000]


@pytest.mark.parametrize("answer", [*NONSENSE, "x" * LARGEST * 2], ids=range(9))
def test_bytes_of_a_stranger(clinic, answer):
    """Whatever it is, it is refused in the same words."""
    registered(clinic)
    with pytest.raises(AccessError, match=REFUSED):
        sign_in(clinic, answer)


@pytest.mark.parametrize("field", ["clientDataJSON", "authenticatorData", "signature", "userHandle"])
def test_every_part_of_an_answer_counts(clinic, field):
    """Cut, changed, of another type or left out: refused."""
    device = registered(clinic)
    for change in (lambda v: v[:-4], lambda v: "AAAA" + v[4:], lambda v: [v], lambda v: None, lambda v: "é"):
        answer = json.loads(device.sign(asked(clinic)))
        answer["response"][field] = change(answer["response"][field])
        with pytest.raises(AccessError, match=REFUSED):
            sign_in(clinic, json.dumps(answer))
    assert sign_in(clinic, device.sign(asked(clinic)))


def test_challenges_are_limited_by_address(clinic):
    """Nobody fills the record with them."""
    for _ in range(60):
        asked(clinic)
    with pytest.raises(AccessError, match=r"Too many tries. Wait 5 seconds, then try again."):
        asked(clinic)
    assert clinic.access.passkey_challenge("sign-in", *HERE, address="192.168.1.99")
