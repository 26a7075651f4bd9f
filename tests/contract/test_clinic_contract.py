"""What a clinic promises on both databases: the same acts give the same record; laws hold whatever is done at once."""

from __future__ import annotations

import datetime
import itertools
import multiprocessing
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from myotome.clinic.folding.projector import ClinicProjector
from myotome.clinic.practice import Practice
from myotome.errors import MyotomeError
from myotome.records.database import Database
from myotome.records.ledger import Ledger
from tests import stores
from tests.charted import Desk
from tests.clinics import Founded, names
from tests.contract.clinic_acts import WHO, Acts, Ticking, clinic_on, hold, kept_states, trail

pytestmark = pytest.mark.enable_socket
STEPS, SEEDS = 150, (1, 11)  # seeds by which every act is done and every law has something to hold
THREADS, EACH, LEAST = 8, 20, 40
AT_ONCE = [f"do_{act}" for act in (
    "suppose", "suppose", "sign", "sign", "cosign", "amend", "move", "move", "merge", "unmerge", "roles",
    "roles", "ask", "confirm", "register", "begin", "begin", "open", "open", "open", "look", "correct",
)]  # fmt: skip


@pytest.fixture(scope="module")
def databases(tmp_path_factory):
    """One open database of each kind; each test makes clinics of its own in it."""
    folder = tmp_path_factory.mktemp("contract")
    with stores.database_url("sqlite", folder) as file, stores.database_url("postgresql", folder) as server:
        opened = {"sqlite": (Database(file), file), "postgresql": (Database(server), server)}
        yield opened
        for database, _ in opened.values():
            database.close()


def _counted():
    number = itertools.count(1)
    return lambda: f"made-{next(number):06}"


def _begun(desk, seed):
    """Hands on three people whom everybody has open, each with a visit."""
    acts = Acts(desk, seed)
    acts.people = [desk.person(family=family, opened_by=WHO[1:]) for family in ("Ek", "Öz", "Li")]
    acts.visits = [desk.visit(person, who) for person, who in zip(acts.people, ("pia", "ivo", "lea"), strict=True)]
    return acts


def _sequence(database, folder, seed):
    with clinic_on(database, folder, Ticking(), _counted(), f"same-{seed}", seeded=True) as desk:
        acts = _begun(desk, seed)
        for _ in range(STEPS):
            acts.step()
            desk.clock.forward(seconds=acts.draw.choice((1, 30, 90)))
        found = acts.log, trail(desk.practice.ledger), kept_states(desk.practice.ledger)
        return acts, found, hold(desk)


def test_the_same_acts_give_the_same_record_on_both_databases(databases, tmp_path):
    done, refused, hits = Counter(), Counter(), Counter()
    for seed in SEEDS:
        acts, here, held = _sequence(databases["sqlite"][0], tmp_path / f"s{seed}", seed)
        _, there, held_there = _sequence(databases["postgresql"][0], tmp_path / f"p{seed}", seed)
        for one, other in zip(here, there, strict=True):
            assert one == other
        assert held == held_there
        done, refused, hits = done + acts.done, refused + acts.refused, hits + held
    everything = {name for name in vars(Acts) if name.startswith("do_")}
    assert len(everything - set(done)) <= 1, everything - set(done)
    assert set(refused) >= everything - {"do_register", "do_open", "do_look"}  # these are seldom refused
    for law in ("roles", "signed", "after signature", "cosigned", "erased", "merged", "moved", "needs", "stands alone"):
        assert hits[law], law


class Flowing:
    """A clock as it goes on the machine, but from another day; two processes share it."""

    def __init__(self, offset):
        self.offset = offset

    def __call__(self):
        return datetime.datetime.fromtimestamp(time.time() + self.offset, datetime.UTC)


def _hammer(desk, seed, actors, people, visits):
    acts = Acts(desk, seed, actors, people, visits)
    for _ in range(EACH):
        acts.step(AT_ONCE)
    return acts.log


def _at_once(desk, seeds, actors, people, visits):
    """Eight hands at once; whatever is no sentence for the person who acts comes out as it is."""
    ready = threading.Barrier(len(seeds))

    def one(seed):
        ready.wait()
        return _hammer(desk, seed, actors, people, visits)

    with ThreadPoolExecutor(len(seeds)) as pool:
        return [line for log in pool.map(one, seeds) for line in log]


def _other_process(url, master, offset, folder, staff, told):
    """The same from a process of its own, which knows the clinic only by its database and key."""
    database = Database(url)
    try:
        practice = Practice(Ledger(database, master, ClinicProjector()), Flowing(offset), names)
        desk = Desk(Founded(practice, None, None, staff), folder)
        from myotome.clinic.access.access import Access
        from myotome.clinic.access.accounts import Accounts
        from tests.clinics import QUICK

        access = Access(practice, QUICK)
        desk.house.access, desk.house.accounts = access, Accounts(practice, access)
        log = _at_once(desk, range(100, 100 + THREADS // 2), *told)
    finally:
        database.close()
    assert any(came == "done" for _, _, came in log)


@pytest.mark.parametrize("kind", stores.KINDS)
def test_laws_hold_when_eight_act_at_once(databases, tmp_path, kind):
    database, url = databases[kind]
    offset = (stores.START - datetime.datetime.now(datetime.UTC)).total_seconds()
    with clinic_on(database, tmp_path, Flowing(offset), names, "at-once") as desk:
        first = _begun(desk, 7)
        told = {who: desk.who(who) for who in WHO}, first.people, first.visits
        other = None
        if kind == "postgresql":
            given = (url, desk.practice.ledger.master, offset, tmp_path / "other", desk.house.staff, told)
            other = multiprocessing.get_context("spawn").Process(target=_other_process, args=given)
            other.start()
        log = _at_once(desk, range(THREADS), *told)
        if other is not None:
            other.join(120)
            assert other.exitcode == 0
        hits = hold(desk)
    done = Counter(act for act, _, came in log if came == "done")
    assert hits["signed"]
    assert hits["roles"] > LEAST
    assert all(done[act] for act in ("do_roles", "do_move", "do_suppose", "do_look", "do_register")), done


def _one_of_eight(act, actors):
    """Eight do the same at once; how many of them succeeded."""
    ready = threading.Barrier(THREADS)

    def one(number):
        actor = actors[number % len(actors)]
        ready.wait()
        try:
            act(actor, number)
        except MyotomeError:
            return 0
        return 1

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(one, range(THREADS)))


@pytest.mark.parametrize("kind", stores.KINDS)
def test_what_is_done_once_is_done_once_when_eight_try_at_once(databases, tmp_path, kind):
    offset = (stores.START - datetime.datetime.now(datetime.UTC)).total_seconds()
    with clinic_on(databases[kind][0], tmp_path, Flowing(offset), names, "once") as desk:
        first = _begun(desk, 3)
        (anna, bert, carl), (one, two, three) = first.people, first.visits
        pia, lea, ivo, ana = (desk.who(who) for who in ("pia", "lea", "ivo", "ana"))
        visits, people, proof = desk.visits, desk.people, first.proof
        assert _one_of_eight(lambda actor, _: visits.sign(actor, one, proof(actor)), (ivo,)) == 1
        assert _one_of_eight(lambda actor, _: visits.cosign(actor, one, proof(actor)), (pia, lea)) == 1
        assert _one_of_eight(lambda actor, _: visits.move(actor, one, bert, "Wrong person."), (pia, lea)) == 1
        assert _one_of_eight(lambda actor, _: visits.strike(actor, one, "Error."), (pia, lea, ivo)) == 1
        pair = (anna, carl), (carl, anna)
        assert _one_of_eight(lambda actor, n: people.merge(actor, *pair[n % 2], "Same."), (lea, ana)) == 1
        merged = next(name for name in (anna, carl) if desk.state("person", name).get("merged_into"))
        assert _one_of_eight(lambda actor, _: people.unmerge(actor, merged, "No."), (lea, ana)) == 1
        assert _one_of_eight(lambda actor, _: desk.erasure.ask(actor, bert, "Asked.", "Order 7"), (ana,)) == 1

        def sign_or_strike(actor, number):
            visits.strike(actor, two, "Error.") if number % 2 else visits.sign(actor, two, proof(actor))

        assert _one_of_eight(sign_or_strike, (pia, lea)) in (1, 2)  # a signed note may be struck, no struck one signed

        def go_or_erase(actor, number):
            if number % 2:
                desk.erasure.confirm(lea, bert, "Asked.", proof(lea))
            else:
                visits.move(pia, three, bert, "Wrong person.")

        assert 1 <= _one_of_eight(go_or_erase, (pia,)) <= 2
        assert desk.state("person", bert).keys() == {"id", "erased_at"}
        hits = hold(desk)
    assert hits["erased"] == hits["cosigned"] == 1
