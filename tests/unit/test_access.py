"""Signing in, sessions and limits over a real database, with a clock that can be set."""

from __future__ import annotations

import hashlib
import secrets
import statistics
import time
from dataclasses import replace

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type

from myotome.clinic.access.access import Access
from myotome.clinic.access.choosing import chosen, common, fingerprint
from myotome.clinic.access.limits import network_of
from myotome.clinic.access.passwords import OWASP, Passwords
from myotome.clinic.access.sessions import MOST
from myotome.clinic.entries.clinics import StaffChanged
from myotome.clinic.practice import Practice
from myotome.errors import AccessError, EntryError, MissingError
from tests.clinics import ADDRESS, NAME, QUICK, founded, password_of

WRONG = "do not belong together"
ELSEWHERE = "192.168.1.77"
BOTH = [
    pytest.param("sqlite"),
    pytest.param("postgresql", marks=pytest.mark.enable_socket),
]


@pytest.fixture
def clinic(tmp_path):
    with founded("sqlite", tmp_path) as made:
        yield made


def sign_in(clinic, name="pia", password=None, address=ADDRESS, **other):
    return clinic.access.sign_in(name, password or password_of(name), address, **other)


def wrong(clinic, name="pia", address=ADDRESS, **other):
    with pytest.raises(AccessError) as caught:
        sign_in(clinic, name, "not this password", address, **other)
    return str(caught.value)


def events(clinic, *kinds):
    with clinic.practice.within() as shelf:
        return shelf.entries(kinds=kinds, limit=1000)


def drawers(clinic):
    """Everything in the drawers as it lies in the database."""
    with clinic.practice.within() as shelf:
        rows = shelf.reading.connection.exec_driver_sql("SELECT drawer, id, owner, sealed FROM drawer").all()
    return [(row[0], row[1], row[2], bytes(row[3])) for row in rows]


@pytest.mark.parametrize("kind", BOTH)
def test_a_day_at_the_clinic(kind, tmp_path):
    """In, on for an hour, sign again, out; each in the record, on both databases."""
    with founded(kind, tmp_path) as clinic:
        before = len(events(clinic, "session.began"))
        token = sign_in(clinic)
        actor = clinic.access.actor(token)
        assert (actor.name, actor.roles, actor.device) == ("Pia Practitioner", {"practitioner"}, "desk")
        clinic.clock.forward(minutes=59)
        assert clinic.access.actor(token) == actor
        proof = clinic.access.prove(actor, password_of("pia"), ADDRESS)
        assert proof.holds(actor, clinic.clock())
        assert clinic.access.actor(token) is None
        assert clinic.access.actor(proof.token) == actor
        wrong(clinic)
        clinic.access.sign_out(proof.token)
        assert clinic.access.actor(proof.token) is None
        assert len(events(clinic, "session.began")) == before + 1
        assert [one.body["why"] for one in events(clinic, "session.ended")] == ["signed out"]
        (refused,) = events(clinic, "session.refused")
        assert (refused.author, refused.body["staff"]) == ("nobody", clinic.staff["pia"])


class TestPasswords:
    def test_are_kept_as_argon2id_with_the_parameters_of_owasp(self):
        kept = Passwords(OWASP, secrets.token_bytes).hashed("quiet lamp at sea")
        found = extract_parameters(kept)
        assert (found.type, found.memory_cost, found.time_cost, found.parallelism) == (Type.ID, 19456, 2, 1)
        assert (found.salt_len, found.hash_len) == (16, 32)

    def test_each_hash_has_its_own_salt(self, clinic):
        passwords = clinic.access.door.passwords
        first, second = passwords.hashed("the same words"), passwords.hashed("the same words")
        assert first != second
        assert passwords.fits(first, "the same words") and passwords.fits(second, "the same words")

    @pytest.mark.parametrize(
        "other", [" quiet lamp at sea", "quiet lamp at sea ", "Quiet lamp at sea", "quiet lamp at se"]
    )
    def test_are_checked_as_typed(self, clinic, other):
        passwords = clinic.access.door.passwords
        assert not passwords.fits(passwords.hashed("quiet lamp at sea"), other)

    def test_nothing_fits_where_nothing_is_kept(self, clinic):
        """Nor where what is kept is no hash."""
        assert not clinic.access.door.passwords.fits(None, "anything at all")
        assert not clinic.access.door.passwords.fits("no hash", "anything at all")

    def test_are_hashed_anew_when_parameters_change(self, clinic):
        """At the next sign-in, and only then."""
        dearer = Access(clinic.practice, replace(QUICK, passes=2))
        kept = [one for one in drawers(clinic) if one[:2] == ("password", clinic.staff["pia"])]
        dearer.sign_in("pia", password_of("pia"), ADDRESS)
        with clinic.practice.within() as shelf:
            now = shelf.reading.drawer("password").get(clinic.staff["pia"])["hash"]
        assert extract_parameters(now).time_cost == 2
        changed = [one for one in drawers(clinic) if one[:2] == ("password", clinic.staff["pia"])]
        assert changed != kept
        dearer.sign_in("pia", password_of("pia"), ADDRESS)
        assert [one for one in drawers(clinic) if one[:2] == ("password", clinic.staff["pia"])] == changed

    @pytest.mark.parametrize(
        ("password", "why"),
        [
            ("short lamp", "has 10 characters; it needs 12 at least and 128 at most"),
            ("lamp " * 26, "has 130 characters"),
            ("password1234", "on a list of common ones"),
            ("UnBelievable", "on a list of common ones"),
            ("Dragon!!2024!!", "on a list of common ones"),
            ("aaaaaaaaaaaaaaa", "is a pattern"),
            ("lamplamplamp", "is a pattern"),
            ("abcdefghijklmnop", "is a pattern"),
            ("9876543210qwertz", "is a pattern"),
            ("1234lamp5678", "is a pattern"),
            ("Maria in the sea", "guessed here first"),
            ("the mlo of lamps", "guessed here first"),
            ("old-PRACTICE-pot", "guessed here first"),
            ("my myo tome lamp", "guessed here first"),
            ("dry needling cup", "guessed here first"),
        ],
    )
    def test_refused(self, password, why):
        """With why, and without saying the password again."""
        with pytest.raises(EntryError, match=why) as caught:
            chosen(password, ("Maria Lopez", "mlo"), NAME)
        assert password not in str(caught.value)

    @pytest.mark.parametrize(
        "password", ["quiet lamp, wet stone", "köşede üç çay içtik", "kd8-Wq2.mZx7", "p" + "a lamp " * 18]
    )
    def test_taken(self, password):
        """Any characters, and 127 of them; no kind is asked for."""
        assert chosen(password, ("Maria Lopez", "mlo"), NAME) == password

    def test_the_list_holds_enough_of_the_length_that_counts(self):
        """Known ones are on it, whatever their case; it stands as fingerprints, so it is counted by those it lists."""
        assert len(common()) >= 3000 + 3000
        for known in ("motherfucker", "1qaz2wsx3edc", "FinalFantasy", "philadelphia", "sonyericsson"):
            assert fingerprint(known) in common()
        assert fingerprint("quiet lamp, wet stone") not in common()


class TestSigningIn:
    @pytest.mark.parametrize("name", ["PIA", " pia ", "ｐｉａ"])
    def test_names_are_compared_loosely(self, clinic, name):
        assert sign_in(clinic, name, password_of("pia"))

    def test_refusals_do_not_tell_who_works_here(self, clinic):
        """The same words for a wrong password, an unknown name, one who left and one who was only invited."""
        clinic.accounts.invite(clinic.actor("ana"), "Nia New", "nia", ["intern"])
        clinic.accounts.leave(clinic.actor("ana"), clinic.staff["rex"], "moved away")
        said = {wrong(clinic, name) for name in ("pia", "nobody-of-here", "rex", "nia", "", "x" * 5000, "\ud800")}
        with pytest.raises(AccessError) as caught:
            sign_in(clinic, "rex")
        assert said == {str(caught.value)}

    def test_takes_as_long_for_a_name_that_nobody_has(self, tmp_path):
        """The middle of thirty tries each, in time of the processor; without a check it would be several times less."""
        with founded("sqlite", tmp_path) as clinic:
            access = Access(clinic.practice, replace(QUICK, memory=4096, passes=3))
            access.sign_in("pia", password_of("pia"), ADDRESS)  # her hash has these parameters from now on
            told = {"pia": [], "nobody-of-here": []}
            for at in range(60):
                name = ("pia", "nobody-of-here")[at % 2]
                clinic.clock.forward(minutes=2)
                begun = time.process_time()
                with pytest.raises(AccessError, match=WRONG):
                    access.sign_in(name, "not this password", ADDRESS)
                told[name].append(time.process_time() - begun)
            known, unknown = (statistics.median(one) for one in told.values())
            assert 0.6 < known / unknown < 1.6

    def test_every_refusal_checks_a_hash_once(self, clinic, monkeypatch):
        """Known, unknown, left: one check with the same parameters each."""
        checked, fits = [], clinic.access.door.passwords.fits
        monkeypatch.setattr(clinic.access.door.passwords, "fits", lambda *told: checked.append(told[0]) or fits(*told))
        clinic.accounts.leave(clinic.actor("ana"), clinic.staff["rex"], "moved away")
        for name in ("pia", "nobody-of-here", "rex"):
            wrong(clinic, name)
        assert len(checked) == 3
        used = [extract_parameters(one or clinic.access.door.passwords.nobodys) for one in checked]
        assert used[0] == used[1] == used[2]

    def test_a_device_nobody_enrolled_is_the_desk(self, clinic):
        """So a made-up name reaches no record."""
        for made_up in ("../../made up", "\x00", "\ud800", "", "x" * 5000, clinic.staff["pia"]):
            assert clinic.access.actor(sign_in(clinic, device=made_up)).device == "desk"
        known = clinic.accounts.enrol(clinic.actor("ana"), "Tablet 1")
        assert clinic.access.actor(sign_in(clinic, device=known)).device == known

    def test_what_was_typed_stands_nowhere(self, clinic):
        """Neither a name that nobody has (it may be a password), nor a token, in drawers or record."""
        wrong(clinic, "my-secret-typed-as-name")
        token = sign_in(clinic)
        lying = b"".join(
            b"".join([kind.encode(), name.encode(), owner.encode(), sealed])
            for kind, name, owner, sealed in drawers(clinic)
        )
        lying += b"".join(repr(one).encode() for one in events(clinic))
        assert b"my-secret" not in lying
        assert token.encode() not in lying
        assert hashlib.sha256(token.encode()).hexdigest().encode() in lying


class TestSessions:
    def test_tokens_are_long_and_all_different(self, clinic):
        tokens = {sign_in(clinic) for _ in range(5)}
        assert len(tokens) == 5
        assert {len(one) for one in tokens} == {43}  # 32 bytes

    @pytest.mark.parametrize("token", [None, "", "made-up", "A" * 43, "\ud800", "' OR 1=1 --"])
    def test_a_made_up_token_opens_nothing(self, clinic, token):
        assert clinic.access.actor(token) is None
        assert clinic.access.csrf(token or "") == ""
        clinic.access.sign_out(token or "")

    def test_the_digest_or_the_public_id_opens_nothing(self, clinic):
        """What is kept, and what is shown, is of no use to who stole it."""
        token = sign_in(clinic)
        actor = clinic.access.actor(token)
        for stolen in (hashlib.sha256(token.encode()).hexdigest(), actor.session, clinic.access.csrf(token)):
            assert clinic.access.actor(stolen) is None

    def test_a_planted_token_is_not_taken_over(self, clinic):
        """Fixation: the browser's token ends at sign-in, whoever's it was, and a new one is drawn."""
        planted = sign_in(clinic, "ivo")
        token = sign_in(clinic, old=planted)
        assert token != planted
        assert clinic.access.actor(planted) is None
        assert clinic.access.actor(sign_in(clinic, old="made-up")).staff == clinic.staff["pia"]

    def test_ends_after_an_hour_without_use(self, clinic):
        token = sign_in(clinic)
        clinic.clock.forward(minutes=60)
        assert clinic.access.actor(token)
        clinic.clock.forward(minutes=60, seconds=1)
        assert clinic.access.actor(token) is None
        assert events(clinic, "session.ended")[-1].body["why"] == "60 minutes without use"

    def test_ends_after_twelve_hours_of_use(self, clinic):
        """However busy; signing in again within it makes it no longer."""
        token = sign_in(clinic)
        for _ in range(12):
            clinic.clock.forward(minutes=59)
            token = clinic.access.prove(clinic.access.actor(token), password_of("pia"), ADDRESS).token
        clinic.clock.forward(minutes=13)
        assert clinic.access.actor(token) is None
        assert events(clinic, "session.ended")[-1].body["why"] == "12 hours after signing in"

    def test_ends_when_the_clock_is_set_back(self, clinic):
        """Behind its last use; a few seconds are two requests that crossed."""
        token = sign_in(clinic)
        clinic.clock.forward(seconds=-4)
        assert clinic.access.actor(token)
        clinic.clock.forward(seconds=-4)
        assert clinic.access.actor(token) is None
        clinic.clock.forward(hours=1)
        assert clinic.access.actor(token) is None
        assert events(clinic, "session.ended")[-1].body["why"] == "the clock was set back"

    def test_use_is_written_once_a_minute(self, clinic):
        token = sign_in(clinic)
        clinic.clock.forward(seconds=59)
        before = drawers(clinic)
        clinic.access.actor(token)
        assert drawers(clinic) == before
        clinic.clock.forward(seconds=1)
        clinic.access.actor(token)
        assert drawers(clinic) != before

    def test_roles_are_those_of_now(self, clinic):
        token = sign_in(clinic, "ivo")
        clinic.accounts.change(clinic.actor("ana"), StaffChanged(staff=clinic.staff["ivo"], roles=("practitioner",)))
        assert clinic.access.actor(token).roles == {"practitioner"}

    def test_survives_a_restart(self, clinic):
        """It is in the database, not in the server's memory."""
        token = sign_in(clinic)
        again = Access(Practice(clinic.practice.ledger, clinic.clock, clinic.practice.names), QUICK)
        assert again.actor(token).staff == clinic.staff["pia"]

    def test_a_person_has_ten_at_most(self, clinic):
        """The one longest unused ends, and that is recorded."""
        first = sign_in(clinic)
        for _ in range(MOST):
            clinic.clock.forward(minutes=1)
            last = sign_in(clinic)
        assert clinic.access.actor(first) is None
        assert len(clinic.access.sessions(clinic.access.actor(last))) == MOST
        assert "too many sessions of one person" in {one.body["why"] for one in events(clinic, "session.ended")}

    def test_are_listed_with_device_and_times(self, clinic):
        tablet = clinic.accounts.enrol(clinic.actor("ana"), "Tablet 1")
        clinic.access.sign_out(clinic.token("pia"))
        sign_in(clinic, device=tablet)
        clinic.clock.forward(minutes=5)
        mine = clinic.access.actor(sign_in(clinic))
        now, then = clinic.access.sessions(mine)
        assert (now.mine, now.device_name, now.method, now.began) == (True, "desk", "password", clinic.clock())
        assert (then.mine, then.device_name, then.device) == (False, "Tablet 1", tablet)

    def test_one_ends_ones_own(self, clinic):
        """After showing again who one is; what it had opened is closed with it."""
        other, pia = sign_in(clinic), clinic.actor("pia")
        session = clinic.access.actor(other).session
        with pytest.raises(AccessError, match="Show again who you are"):
            clinic.access.end(pia, session, clinic.proof("lea"))
        clinic.access.end(pia, session, clinic.proof("pia"))
        assert clinic.access.actor(other) is None
        assert clinic.actor("pia").session == pia.session
        with pytest.raises(MissingError, match="may have ended"):
            clinic.access.end(clinic.actor("pia"), session, clinic.proof("pia"))

    def test_only_who_manages_staff_sees_or_ends_anothers(self, clinic):
        """To others it is as if there were none."""
        session = clinic.actor("pia").session
        with pytest.raises(MissingError, match="no such session"):
            clinic.access.end(clinic.actor("lea"), session, clinic.proof("lea"))
        for act in (
            lambda: clinic.access.sessions(clinic.actor("lea"), clinic.staff["pia"]),
            lambda: clinic.access.end_all(clinic.actor("lea"), clinic.staff["pia"], clinic.proof("lea")),
        ):
            with pytest.raises(AccessError, match="do not let you manage staff"):
                act()
        assert [one.id for one in clinic.access.sessions(clinic.actor("ana"), clinic.staff["pia"])] == [session]
        clinic.access.end(clinic.actor("ana"), session, clinic.proof("ana"))
        for whose in (clinic.staff["pia"], "made-up", "\ud800"):
            assert clinic.access.sessions(clinic.actor("ana"), whose) == []
            assert clinic.access.end_all(clinic.actor("ana"), whose, clinic.proof("ana")) == 0

    def test_all_at_once(self, clinic):
        """Another's all of them; one's own all but this."""
        tokens = [sign_in(clinic) for _ in range(3)]
        assert clinic.access.end_all(clinic.actor("ana"), clinic.staff["pia"], clinic.proof("ana")) == 4
        assert [clinic.access.actor(one) for one in tokens] == [None] * 3
        sign_in(clinic, "ana")
        assert clinic.access.end_all(clinic.actor("ana"), clinic.staff["ana"], clinic.proof("ana")) == 1
        assert clinic.actor("ana")

    def test_an_old_proof_does_not_hold(self, clinic):
        proof = clinic.proof("pia")
        clinic.clock.forward(minutes=2, seconds=1)
        with pytest.raises(AccessError, match="within two minutes"):
            clinic.access.end_all(clinic.actor("pia"), clinic.staff["pia"], proof)

    def test_csrf_belongs_to_the_session(self, clinic):
        """It stays when the token changes, so that other open pages still work; another session's does not hold."""
        token, other = sign_in(clinic), sign_in(clinic, "ivo")
        secret = clinic.access.csrf(token)
        assert len(secret) == 43
        assert clinic.access.csrf_holds(token, secret)
        for made_up in ("", secret[:-1], clinic.access.csrf(other), "é", token):
            assert not clinic.access.csrf_holds(token, made_up)
        assert not clinic.access.csrf_holds("made-up", "")
        after = clinic.access.prove(clinic.access.actor(token), password_of("pia"), ADDRESS).token
        assert clinic.access.csrf_holds(after, secret)
        assert not clinic.access.csrf_holds(token, secret)
        assert clinic.access.csrf(sign_in(clinic)) != secret

    def test_an_assistant_charts_for_who_treats(self, clinic):
        token = clinic.token("ada")
        clinic.access.charts_for(token, clinic.staff["pia"])
        assert clinic.access.actor(token).on_behalf == clinic.staff["pia"]
        for other in (clinic.staff["rex"], clinic.staff["ada"], "made-up", "\ud800"):
            with pytest.raises(AccessError, match="Choose somebody who treats"):
                clinic.access.charts_for(token, other)
        clinic.access.charts_for(token, "")
        assert clinic.access.actor(token).on_behalf == ""
        with pytest.raises(AccessError, match="You chart in your own name"):
            clinic.access.charts_for(clinic.token("pia"), clinic.staff["lea"])
        with pytest.raises(AccessError, match="not signed in"):
            clinic.access.charts_for("made-up", clinic.staff["pia"])


class TestSigningAgain:
    def test_a_wrong_password_proves_nothing(self, clinic):
        """The session and its token stay as they were."""
        token, actor = clinic.token("pia"), clinic.actor("pia")
        with pytest.raises(AccessError, match="The password is wrong"):
            clinic.access.prove(actor, password_of("lea"), ADDRESS)
        assert clinic.access.actor(token) == actor
        (refused,) = events(clinic, "session.refused")
        assert (refused.author, refused.body["why"]) == (actor.staff, "wrong password on signing in again")

    def test_a_session_that_ended_proves_nothing(self, clinic):
        actor = clinic.actor("pia")
        clinic.access.sign_out(clinic.token("pia"))
        with pytest.raises(AccessError, match="not signed in"):
            clinic.access.prove(actor, password_of("pia"), ADDRESS)

    def test_a_proof_is_of_one_person(self, clinic):
        proof = clinic.proof("pia")
        assert proof.holds(clinic.actor("pia"), clinic.clock())
        assert not proof.holds(clinic.actor("lea"), clinic.clock())
        assert proof.token not in repr(proof)

    def test_changing_the_password(self, clinic):
        """By the old one only; every other session ends, this one goes on under a new token."""
        before, other = clinic.token("pia"), sign_in(clinic)
        new = "wet stone, quiet lamp"
        for old, chosen_one, why in (
            ("not this password", new, "The password is wrong"),
            (password_of("pia"), "short", "has 5 characters"),
            (password_of("pia"), "practitioner Pia!", "guessed here first"),
            (password_of("pia"), password_of("pia"), "is the old one"),
        ):
            with pytest.raises((AccessError, EntryError), match=why):
                clinic.access.change_password(clinic.actor("pia"), old, chosen_one, ADDRESS)
        assert clinic.token("pia") == before
        after = clinic.access.change_password(clinic.actor("pia"), password_of("pia"), new, ADDRESS)
        assert clinic.access.actor(before) is clinic.access.actor(other) is None
        assert clinic.access.actor(after)
        assert WRONG in wrong(clinic)
        assert sign_in(clinic, "pia", new)


class TestLimits:
    def test_ten_tries_then_one_a_minute(self, clinic):
        """With when to try again; the right password is not tried either."""
        for _ in range(10):
            assert WRONG in wrong(clinic)
        assert wrong(clinic) == "Too many tries. Wait 60 seconds, then try again."
        clinic.clock.forward(seconds=59)
        with pytest.raises(AccessError, match="Wait 1 second, then"):
            sign_in(clinic)
        clinic.clock.forward(seconds=1)
        assert sign_in(clinic)

    def test_unknown_names_count_too(self, clinic):
        """In the same words and numbers."""
        said = [wrong(clinic, "nobody-of-here") for _ in range(11)]
        assert said == [wrong(clinic, "lea") for _ in range(11)]

    def test_an_address_has_thirty_over_all_names(self, clinic):
        """Then one every ten seconds; other addresses are not touched, nor the tries of a name that it may not try."""
        for at in range(30):
            assert WRONG in wrong(clinic, f"name-{at}")
        for _ in range(20):
            assert wrong(clinic) == "Too many tries. Wait 10 seconds, then try again."
        assert sign_in(clinic, address=ELSEWHERE)
        clinic.clock.forward(seconds=10)
        assert WRONG in wrong(clinic)

    def test_who_succeeds_uses_nothing_up(self, clinic):
        for _ in range(40):
            sign_in(clinic)
        assert WRONG in wrong(clinic)

    def test_survive_a_restart(self, clinic):
        for _ in range(10):
            wrong(clinic)
        again = Access(Practice(clinic.practice.ledger, clinic.clock, clinic.practice.names), QUICK)
        with pytest.raises(AccessError, match="Too many tries"):
            again.sign_in("pia", password_of("pia"), ADDRESS)

    def test_a_clock_set_back_refills_nothing(self, clinic):
        """And locks nobody out until the old time comes again."""
        for _ in range(10):
            wrong(clinic)
        clinic.clock.forward(days=-30)
        assert "Too many tries" in wrong(clinic)
        clinic.clock.forward(minutes=1)
        assert sign_in(clinic)

    def test_strangers_do_not_lock_out_a_known_device(self, clinic):
        """Who signs in from an enrolled tablet has tries of their own."""
        tablet = clinic.accounts.enrol(clinic.actor("ana"), "Tablet 1")
        for _ in range(11):
            said = wrong(clinic, address=ELSEWHERE)
        assert "Too many" in said
        assert sign_in(clinic, device=tablet)
        with pytest.raises(AccessError, match="Too many"):
            sign_in(clinic, device="made-up")

    def test_strangers_do_not_hinder_signing_again(self, clinic):
        actor = clinic.actor("pia")
        for _ in range(11):
            wrong(clinic, address=ELSEWHERE)
        assert clinic.access.prove(actor, password_of("pia"), ADDRESS)

    def test_signing_again_is_limited(self, clinic):
        """Whoever finds an open session guesses ten times."""
        actor = clinic.actor("pia")
        for _ in range(10):
            with pytest.raises(AccessError, match="password is wrong"):
                clinic.access.prove(actor, "not this password", ADDRESS)
        with pytest.raises(AccessError, match="Too many tries"):
            clinic.access.change_password(actor, password_of("pia"), "wet stone, quiet lamp", ADDRESS)

    def test_the_record_is_not_flooded(self, clinic):
        """One refusal a minute for a name and reason, and sixty for all names, then one every ten seconds."""
        for _ in range(15):
            wrong(clinic, address=ELSEWHERE)
        assert [one.body["why"] for one in events(clinic, "session.refused")] == [
            "wrong password or name",
            "too many tries",
        ]
        clinic.clock.forward(minutes=1)
        wrong(clinic, address=ELSEWHERE)
        assert len(events(clinic, "session.refused")) == 3
        for at in range(100):
            wrong(clinic, f"name-{at}", address=f"10.0.0.{at}")
        # Six of the sixty came back in that minute, but the bucket holds no more than sixty.
        assert len(events(clinic, "session.refused")) == 2 + 60
        assert {one.author for one in events(clinic, "session.refused")} == {"nobody"}

    def test_full_buckets_are_thrown_away(self, clinic):
        wrong(clinic, "nobody-of-here")
        clinic.clock.forward(minutes=30)
        wrong(clinic, "another-one")
        assert len([one for one in drawers(clinic) if one[0] == "limit"]) <= 5

    @pytest.mark.parametrize(
        ("address", "counted"),
        [
            ("192.168.1.20", "192.168.1.20"),
            ("::ffff:192.168.1.20", "192.168.1.20"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
            ("", ""),
            ("terminal", "terminal"),
        ],
    )
    def test_addresses_are_counted_by_who_holds_them(self, address, counted):
        """A device of the sixth version has a whole network to change within."""
        assert network_of(address) == counted
