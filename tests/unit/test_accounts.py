"""The first owner, invitations, changes, leaving, forgotten passwords and devices, over a real database."""

from __future__ import annotations

import re
import threading

import pytest

from myotome.clinic.access.access import Access
from myotome.clinic.access.accounts import Accounts
from myotome.clinic.actor import Proof
from myotome.clinic.entries.clinics import StaffChanged
from myotome.errors import AccessError, EntryError, MissingError
from tests.clinics import ADDRESS, NAME, QUICK, founded, open_practice, password_of

WORDS = "wet stone, quiet lamp"
OWNER = {
    "clinic": NAME,
    "place": "DE",
    "zone": "Europe/Berlin",
    "name": "Ana Owner",
    "sign_in": "ana",
    "password": WORDS,
}
BOTH = [pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.enable_socket)]
NOT_HELD = "This invitation does not hold"


@pytest.fixture
def clinic(tmp_path):
    with founded("sqlite", tmp_path) as made:
        yield made


@pytest.fixture
def empty(tmp_path):
    with open_practice("sqlite", tmp_path) as practice:
        yield Accounts(practice, Access(practice, QUICK))


def kinds(practice, **wanted):
    with practice.within() as shelf:
        return [one.kind for one in shelf.entries(limit=1000, **wanted)]


def everything(practice):
    """Rows of every table, as they lie there."""
    with practice.within() as shelf:
        tables = ("event", "projection", "drawer")
        return [shelf.reading.connection.exec_driver_sql(f"SELECT * FROM {one}").all() for one in tables]  # noqa: S608


class TestFounding:
    @pytest.mark.parametrize("kind", BOTH)
    def test_makes_clinic_and_owner(self, kind, tmp_path):
        """The owner is signed in; nobody else can sign in, and nothing was there before."""
        with open_practice(kind, tmp_path) as practice:
            accounts = Accounts(practice, Access(practice, QUICK))
            assert not accounts.is_founded()
            for name in ("ana", "owner", "admin", ""):
                with pytest.raises(AccessError, match="do not belong together"):
                    accounts.access.sign_in(name, "admin", ADDRESS)
            owner = accounts.access.actor(accounts.found(**OWNER))
            assert accounts.is_founded()
            assert (owner.name, owner.roles, owner.zone) == ("Ana Owner", {"owner"}, "Europe/Berlin")
            assert practice.settings().name == NAME and not practice.settings().demonstration
            assert kinds(practice)[-4:] == ["clinic.founded", "staff.joined", "credential.changed", "session.began"]
            with pytest.raises(AccessError, match="was founded already"):
                accounts.found(**OWNER)
            assert [one.sign_in for one in practice.staff().values()] == ["ana"]

    @pytest.mark.parametrize(
        ("field", "value", "why"),
        [
            ("clinic", "", "The name cannot be recorded"),
            ("clinic", "two\nlines", "The name cannot be recorded"),
            ("name", "x" * 201, "The name cannot be recorded"),
            ("sign_in", " ", "The sign-in name cannot be recorded"),
            ("place", "Atlantis", "'Atlantis' is no place. Give country"),
            ("zone", "Europe/Nowhere", "'Europe/Nowhere' is no time zone"),
            ("zone", "../../etc/passwd", "is no time zone"),
            ("zone", "", "is no time zone"),
            ("password", "short", "has 5 characters"),
            ("password", "anaowner anaowner!", "guessed here first"),
            ("password", "Practice anyhow", "guessed here first"),
        ],
    )
    def test_refused_whole(self, empty, field, value, why):
        """Nothing of it is there, and the clinic can be founded afterwards."""
        before = everything(empty.practice)
        with pytest.raises(EntryError, match=re.escape(why)):
            empty.found(**{**OWNER, field: value})
        assert everything(empty.practice) == before
        assert empty.found(**OWNER)

    def test_a_demonstration_says_so(self, empty):
        empty.found(**OWNER, demonstration=True)
        assert empty.practice.settings().demonstration

    def test_of_two_at_once_one_wins(self, empty):
        """Whoever comes second changes nothing."""
        told = []

        def found(name):
            try:
                told.append(empty.found(**{**OWNER, "sign_in": name}))
            except AccessError as error:
                told.append(error)

        both = [threading.Thread(target=found, args=(name,)) for name in ("ana", "eve")]
        for one in both:
            one.start()
        for one in both:
            one.join()
        assert sorted(type(one).__name__ for one in told) == ["AccessError", "str"]
        assert len(empty.practice.staff()) == 1


class TestInvitations:
    def invited(self, clinic, **other):
        told = {"name": "Nia New", "sign_in": "nia", "roles": ["intern"], "licence": "N-1", **other}
        return clinic.accounts.invite(clinic.actor("ana"), **told)

    def test_let_somebody_join(self, clinic):
        """Nobody knows the password but who chose it; the licence and roles are those of the invitation."""
        staff, secret = self.invited(clinic)
        assert not clinic.practice.staff()[staff].joined
        nia = clinic.access.actor(clinic.accounts.accept(secret, WORDS))
        assert (nia.staff, nia.roles) == (staff, {"intern"})
        joined = clinic.practice.staff()[staff]
        assert (joined.joined, joined.licence, joined.sign_in) == (True, "N-1", "nia")
        assert clinic.access.sign_in("nia", WORDS, ADDRESS)
        assert kinds(clinic.practice, author=staff)[:3] == ["staff.joined", "credential.changed", "session.began"]

    def test_secrets_can_be_typed(self, clinic):
        """128 bits in small letters and digits; capitals, spaces and left-out hyphens do no harm."""
        _, secret = self.invited(clinic)
        assert re.fullmatch(r"([a-z2-7]{4}-){6}[a-z2-7]{2}", secret)
        assert clinic.accounts.accept(f" {secret.upper().replace('-', ' ')} ", WORDS)

    def test_work_once(self, clinic):
        _, secret = self.invited(clinic)
        clinic.accounts.accept(secret, WORDS)
        with pytest.raises(AccessError, match=NOT_HELD):
            clinic.accounts.accept(secret, "another lamp, dry stone")
        assert clinic.access.sign_in("nia", WORDS, ADDRESS)

    @pytest.mark.parametrize(("hours", "works"), [(72, True), (72.01, False), (-1, False)])
    def test_last_three_days(self, clinic, hours, works):
        """And not before they were made, where the clock was set back."""
        _, secret = self.invited(clinic)
        clinic.clock.forward(hours=hours)
        if works:
            assert clinic.accounts.accept(secret, WORDS)
            return
        with pytest.raises(AccessError, match=NOT_HELD):
            clinic.accounts.accept(secret, WORDS)

    def test_a_refused_password_does_not_use_it_up(self, clinic):
        _, secret = self.invited(clinic)
        for password in ("short", "Nia New is here", "password1234"):
            with pytest.raises(EntryError):
                clinic.accounts.accept(secret, password)
        assert clinic.accounts.accept(secret, WORDS)

    @pytest.mark.parametrize("secret", ["", "made-up", "a" * 5000, "\ud800", "' OR 1=1"])
    def test_made_up_ones_open_nothing(self, clinic, secret):
        with pytest.raises(AccessError, match=NOT_HELD):
            clinic.accounts.accept(secret, WORDS)

    def test_guessing_is_limited(self, clinic):
        for _ in range(30):
            with pytest.raises(AccessError, match=NOT_HELD):
                clinic.accounts.accept("made-up", WORDS, address=ADDRESS)
        with pytest.raises(AccessError, match="Too many tries"):
            clinic.accounts.accept(self.invited(clinic)[1], WORDS, address=ADDRESS)

    def test_are_not_kept_as_they_are(self, clinic):
        _, secret = self.invited(clinic)
        lying = repr(everything(clinic.practice))
        assert secret not in lying
        assert secret.replace("-", "") not in lying

    @pytest.mark.parametrize("taken", ["pia", "PIA", " pia ", "ｐｉａ", "rex"])
    def test_a_sign_in_name_is_nobody_elses(self, clinic, taken):
        """Nor that of somebody who left: the record is read by it."""
        clinic.accounts.leave(clinic.actor("ana"), clinic.staff["rex"], "moved away")
        with pytest.raises(EntryError, match="has this sign-in name already"):
            self.invited(clinic, sign_in=taken)

    @pytest.mark.parametrize(
        ("field", "value", "why"),
        [
            ("roles", [], "at least one role of owner, lead, practitioner"),
            ("roles", ["king"], "at least one role of owner, lead, practitioner"),
            ("name", "", "The name cannot be recorded"),
            ("licence", "\u202e", "The licence cannot be recorded"),
        ],
    )
    def test_refused_whole(self, clinic, field, value, why):
        self.invited(clinic, sign_in="other")  # so that the owner's session is as it is
        before = everything(clinic.practice)
        with pytest.raises(EntryError, match=why):
            self.invited(clinic, **{field: value})
        assert everything(clinic.practice) == before


class TestChanges:
    def test_roles_name_and_licence(self, clinic):
        entry = StaffChanged(staff=clinic.staff["ivo"], name="Ivo Practitioner", roles=("practitioner",), licence="P-9")
        clinic.accounts.change(clinic.actor("ana"), entry)
        now = clinic.practice.staff()[clinic.staff["ivo"]]
        assert (now.name, now.roles, now.licence) == ("Ivo Practitioner", ["practitioner"], "P-9")
        with pytest.raises(EntryError, match="Nothing is different"):
            clinic.accounts.change(clinic.actor("ana"), entry)

    def test_the_last_owner_stays_one(self, clinic):
        """One who was only invited is none yet."""
        ana, me = clinic.staff["ana"], clinic.actor("ana")
        _, secret = clinic.accounts.invite(me, "Oda Other", "oda", ["owner"])
        for act in (
            lambda: clinic.accounts.change(me, StaffChanged(staff=ana, roles=("practitioner",))),
            lambda: clinic.accounts.leave(me, ana, "retired"),
        ):
            with pytest.raises(EntryError, match="would have no owner"):
                act()
        clinic.accounts.accept(secret, WORDS)
        clinic.accounts.leave(me, ana, "retired")
        assert clinic.access.actor(clinic.tokens["ana desk"]) is None

    def test_nobody_by_that_number(self, clinic):
        me = clinic.actor("ana")
        for act in (
            lambda: clinic.accounts.change(me, StaffChanged(staff="made-up", name="X")),
            lambda: clinic.accounts.leave(me, "made-up", ""),
            lambda: clinic.accounts.reset(clinic.actor("ana"), "made-up", clinic.proof("ana")),
        ):
            with pytest.raises(MissingError, match="Nobody works here by that number"):
                act()

    def test_leaving_ends_everything_at_once(self, clinic):
        """Sessions, password, and an invitation that is still open."""
        token, pia = clinic.token("pia"), clinic.staff["pia"]
        clinic.accounts.leave(clinic.actor("ana"), pia, "moved away")
        assert clinic.access.actor(token) is None
        with pytest.raises(AccessError, match="do not belong together"):
            clinic.access.sign_in("pia", password_of("pia"), ADDRESS)
        assert clinic.practice.staff()[pia].left
        assert kinds(clinic.practice, author=clinic.staff["ana"])[-3:] == [
            "credential.changed",
            "session.ended",
            "staff.left",
        ]
        staff, secret = clinic.accounts.invite(clinic.actor("ana"), "Nia New", "nia", ["intern"])
        clinic.accounts.leave(clinic.actor("ana"), staff, "")
        with pytest.raises(AccessError, match=NOT_HELD):
            clinic.accounts.accept(secret, WORDS)
        with pytest.raises(MissingError, match="Nobody works here"):
            clinic.accounts.leave(clinic.actor("ana"), staff, "again")


class TestForgotten:
    def test_a_reset_takes_the_old_away_and_lets_them_choose_anew(self, clinic):
        """By the owner, who has just shown who they are; roles and name stay."""
        token, pia = clinic.token("pia"), clinic.staff["pia"]
        before = clinic.practice.staff()[pia]
        first = clinic.accounts.reset(clinic.actor("ana"), pia, clinic.proof("ana"))
        assert clinic.access.actor(token) is None
        with pytest.raises(AccessError, match="do not belong together"):
            clinic.access.sign_in("pia", password_of("pia"), ADDRESS)
        second = clinic.accounts.reset(clinic.actor("ana"), pia, clinic.proof("ana"))
        with pytest.raises(AccessError, match=NOT_HELD):
            clinic.accounts.accept(first, WORDS)
        assert clinic.access.actor(clinic.accounts.accept(second, WORDS)).staff == pia
        assert clinic.practice.staff()[pia] == before

    def test_needs_a_fresh_proof_of_the_owner(self, clinic):
        proof = clinic.proof("ana")
        made_up = Proof(clinic.staff["pia"], "password", clinic.clock())
        clinic.clock.forward(minutes=3)
        for one in (proof, made_up):
            with pytest.raises(AccessError, match="Show again who you are"):
                clinic.accounts.reset(clinic.actor("ana"), clinic.staff["pia"], one)

    def test_not_ones_own(self, clinic):
        with pytest.raises(EntryError, match="on your account page"):
            clinic.accounts.reset(clinic.actor("ana"), clinic.staff["ana"], clinic.proof("ana"))

    def test_an_owner_alone_is_let_in_from_the_machine(self, clinic):
        """For an owner only, and the record says that it was the machine."""
        token = clinic.token("ana")
        for name in ("pia", "made-up"):
            with pytest.raises(MissingError, match="No owner of this clinic signs in by that name"):
                clinic.accounts.recover(name)
        secret = clinic.accounts.recover("Ana")
        assert clinic.access.actor(token) is None
        assert kinds(clinic.practice, author="server") == ["credential.changed", "session.ended"]
        assert clinic.access.actor(clinic.accounts.accept(secret, WORDS)).roles == {"owner"}


class TestDevices:
    def test_a_locked_device_is_out_at_once(self, clinic):
        """Its sessions end, others stay; nobody signs in on it, whatever their password."""
        tablet = clinic.accounts.enrol(clinic.actor("ana"), "Tablet 1")
        tokens = [clinic.token(who, tablet) for who in ("pia", "ivo")]
        desk = clinic.token("pia")
        clinic.accounts.lock(clinic.actor("lea"), tablet, "left in a train")
        assert [clinic.access.actor(one) for one in tokens] == [None, None]
        assert clinic.access.actor(desk)
        with pytest.raises(AccessError, match="This device was locked as lost"):
            clinic.access.sign_in("pia", password_of("pia"), ADDRESS, tablet)
        with pytest.raises(EntryError, match="locked already"):
            clinic.accounts.lock(clinic.actor("lea"), tablet, "again")
        with clinic.practice.within() as shelf:
            (refused,) = shelf.entries(kinds=["session.refused"])
        assert (refused.device, refused.body["why"]) == (tablet, "the device is locked")

    def test_that_is_found_again_is_used_again(self, clinic):
        """It needs a reason and its name to be free; sessions that were ended stay ended."""
        ana = clinic.actor("ana")
        tablet = clinic.accounts.enrol(ana, "Tablet 1")
        token = clinic.token("pia", tablet)
        with pytest.raises(EntryError, match="is not locked"):
            clinic.accounts.take_back(ana, tablet, "never away")
        with pytest.raises(MissingError, match="no such device"):
            clinic.accounts.take_back(ana, "no-such", "never here")
        clinic.accounts.lock(ana, tablet, "left in a train")
        other = clinic.accounts.enrol(ana, "tablet 1")
        with pytest.raises(EntryError, match="Another device has this name"):
            clinic.accounts.take_back(ana, tablet, "handed in")
        clinic.accounts.lock(ana, other, "broken")
        with pytest.raises(AccessError):
            clinic.accounts.take_back(clinic.actor("pia"), tablet, "handed in")
        clinic.accounts.take_back(ana, tablet, "handed in")
        assert clinic.access.actor(token) is None
        held = clinic.access.sign_in("pia", password_of("pia"), ADDRESS, tablet)
        assert clinic.access.actor(held).device == tablet

    def test_are_listed_by_name(self, clinic):
        """A name is one device's as long as that is in use."""
        me = clinic.actor("ana")
        first = clinic.accounts.enrol(me, "Tablet 1")
        clinic.accounts.enrol(me, "Desk at the door")
        with pytest.raises(EntryError, match="Another device has this name"):
            clinic.accounts.enrol(me, "tablet 1")
        clinic.accounts.lock(me, first, "broken")
        clinic.accounts.enrol(me, "Tablet 1")
        assert [(one.name, one.locked) for one in clinic.accounts.devices(me)] == [
            ("Desk at the door", False),
            ("Tablet 1", False),
            ("Tablet 1", True),
        ]

    def test_refused(self, clinic):
        me = clinic.actor("ana")
        tablet = clinic.accounts.enrol(me, "Tablet 1")
        with pytest.raises(MissingError, match="no such device"):
            clinic.accounts.lock(me, "made-up", "lost")
        with pytest.raises(EntryError, match="The reason cannot be recorded"):
            clinic.accounts.lock(me, tablet, "")
        with pytest.raises(EntryError, match="The name cannot be recorded"):
            clinic.accounts.enrol(me, "")
        assert not clinic.accounts.devices(me)[0].locked


@pytest.mark.parametrize("who", ["lea", "pia", "ivo", "ada", "rex", "aud"])
def test_only_the_owner_manages_staff(clinic, who):
    """Anybody else is refused in words, and that is recorded; nothing else is changed."""
    me, ivo, proof = clinic.actor(who), clinic.staff["ivo"], clinic.proof(who)
    before = clinic.practice.staff()
    for act in (
        lambda: clinic.accounts.invite(me, "Nia New", "nia", ["owner"]),
        lambda: clinic.accounts.change(me, StaffChanged(staff=me.staff, roles=("owner",))),
        lambda: clinic.accounts.leave(me, ivo, ""),
        lambda: clinic.accounts.reset(me, ivo, proof),
    ):
        with pytest.raises(AccessError, match="do not let you manage staff"):
            act()
    assert clinic.practice.staff() == before
    assert kinds(clinic.practice, author=me.staff, kinds=["access.refused"]) == ["access.refused"] * 4


def test_who_sees_staff_and_devices(clinic):
    seen = {who for who in clinic.staff if _may(lambda who=who: clinic.accounts.people(clinic.actor(who)))}
    assert seen == {"ana", "lea", "aud"}
    assert {one.sign_in for one in clinic.accounts.people(clinic.actor("aud"))} == set(clinic.staff)
    manage = {who for who in clinic.staff if _may(lambda who=who: clinic.accounts.enrol(clinic.actor(who), who))}
    assert manage == {"ana", "lea"}


def _may(act):
    try:
        act()
    except AccessError:
        return False
    return True
