"""Signing in tells nothing by its time: each try costs one check of a password, whoever it is."""

import statistics
import time

import pytest
from argon2 import PasswordHasher

from myotome.clinic.access.access import Access
from myotome.clinic.access.passwords import Cost
from tests.clinics import ADDRESS, password_of
from tests.web.attacks.ground import OURS
from tests.web.rooms import pages, said

pytestmark = pytest.mark.enable_socket
WRONG = "a password of nobody here"
TRIED = {"unknown": "nobody", "wrong": "pia", "left": "ivo", "invited": "new", "markup": "<b>", "empty": ""}


@pytest.fixture(scope="module")
def rooms(tmp_path_factory):
    with pages(tmp_path_factory.mktemp("timed")) as made:
        accounts, ana = made.clinic.accounts, made.made.actor("ana")
        accounts.leave(ana, made.made.staff["ivo"], "moved")
        accounts.invite(ana, "New", "new", ("intern",))
        yield made


def tried(rooms, name, password=WRONG):
    """One try from a browser of its own, once the limits are full again."""
    rooms.made.clock.forward(minutes=2)
    return rooms.client().post("/sign-in", data={"name": name, "password": password}, headers=OURS)


def test_each_refused_try_is_one_check_of_a_password_and_one_page(rooms, monkeypatch):
    """Counted, so that no load of the machine can hide a difference."""
    checks, told, plain = [], set(), PasswordHasher.verify

    def counted(self, kept, given):
        checks.append(bytes(given).decode())
        return plain(self, kept, given)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    for name in TRIED.values():
        checks.clear()
        answer = tried(rooms, name)
        assert checks == [WRONG], name
        told.add((answer.status_code, said(answer), "set-cookie" in answer.headers))
    assert len(told) == 1, told
    checks.clear()
    tried(rooms, "ivo", password_of("ivo"))
    assert checks == [password_of("ivo")], "who left is checked too"


def test_the_time_of_a_refusal_does_not_tell_who_works_here(rooms, monkeypatch):
    """By the processor's time of this process, interleaved, with a check that takes most of it."""
    dear = Cost(memory=4096, passes=2, lanes=1)
    access = Access(rooms.clinic.practice, dear)
    monkeypatch.setattr(rooms.clinic.access.door, "passwords", access.door.passwords)
    access.sign_in("pia", password_of("pia"), ADDRESS)  # her hash is as dear as nobody's from now on
    spent = {name: [] for name in ("nobody", "pia", "ivo")}
    for _ in range(12):
        for name, times in spent.items():
            rooms.made.clock.forward(minutes=2)
            client, since = rooms.client(), time.process_time()
            client.post("/sign-in", data={"name": name, "password": WRONG}, headers=OURS)
            times.append(time.process_time() - since)
    middle = {name: statistics.median(times) for name, times in spent.items()}
    assert max(middle.values()) < 1.5 * min(middle.values()), middle
    since = time.process_time()
    access.door.passwords.fits(None, WRONG)
    assert time.process_time() - since > 0.0005, "the check is too cheap to be seen"


def test_guessing_is_slowed_for_a_name_and_for_an_address_and_says_for_how_long(tmp_path):
    with pages(tmp_path) as rooms:
        client, answers = rooms.client(), []
        for _ in range(11):
            answers.append(said(client.post("/sign-in", data={"name": "pia", "password": WRONG}, headers=OURS)))
        assert "Too many tries. Wait 60 seconds" in answers[-1]
        assert "Too many" not in answers[-2]
        right = {"name": "pia", "password": password_of("pia")}
        assert client.post("/sign-in", data=right, headers=OURS).status_code == 422, "not even the right one"
        forged = OURS | {"X-Forwarded-For": "10.1.2.3", "X-Real-IP": "10.1.2.3"}
        assert client.post("/sign-in", data=right, headers=forged).status_code == 422
        names = [
            said(client.post("/sign-in", data={"name": f"n{n}", "password": "x"}, headers=OURS)) for n in range(25)
        ]
        assert "Too many tries" in names[-1], "one address tries many names"
        rooms.made.clock.forward(minutes=11)
        assert client.post("/sign-in", data=right, headers=OURS).status_code == 303
