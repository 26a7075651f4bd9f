"""Opening a person's page: two identifiers confirmed, then the page, through the web application and beneath it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from fastapi.testclient import TestClient

from benchmarks.measure import Figure
from benchmarks.records.clinics import Clinic
from benchmarks.records.timing import Act, compared, in_turns
from myotome.clinic.clinic import Clinic as Whole
from myotome.premises import Premises, assembled
from myotome.web.clinic.app import clinic_app

CONFIRMED = ("name", "birth date")
SHOWN = 21  # visits that the page asks for


def figures(small: Clinic, large: Clinic, times: int, sizes: str) -> Iterator[Figure]:
    """Both ways, in turns between the clinics."""
    for name, way in (("page of a person", _through_web), ("the same, without the web", _beneath)):
        with way(small) as one, way(large) as other:
            own, others = in_turns(one, other, times=times)
        yield from compared(f"{large.kind}: {name}", own, others, sizes)


@contextmanager
def _through_web(clinic: Clinic) -> Iterator[Callable[[], Act]]:
    """Whatever a browser would do: the form of the two identifiers, sent; then the page that it leads to."""
    token = clinic.signed_in()
    client = TestClient(
        clinic_app(_whole(clinic)),
        base_url="http://localhost",
        cookies={f"myotome-{clinic.practice.ledger.clinic}": token},
    )
    client.headers["x-csrf"] = clinic.access.csrf(token)
    people, chosen = list(clinic.past.alike), random.Random(4)

    def page(person: str) -> None:
        confirmed = {"identifier": list(CONFIRMED)}
        answer = client.post(f"/people/{person}/open", data=confirmed, follow_redirects=True)
        if answer.status_code != 200 or answer.text.count("/visits/") < len(clinic.past.alike[person]):
            raise RuntimeError(f"The page of a person did not come ({answer.status_code}).")

    with client:  # one loop for all requests, as in a server
        yield lambda: partial(page, chosen.choice(people))


@contextmanager
def _beneath(clinic: Clinic) -> Iterator[Callable[[], Act]]:
    """What the page asks of the clinic."""
    actor = clinic.access.actor(clinic.signed_in())
    if actor is None:
        raise RuntimeError("Signing in failed.")
    everybody = _whole(clinic).people
    people, chosen = list(clinic.past.alike), random.Random(5)

    def page(person: str) -> None:
        everybody.open(actor, person, CONFIRMED)
        with clinic.practice.looking(actor, "read record", "person's page", person) as shelf:
            shelf.visits(shelf.together(shelf.person(person)), SHOWN)

    yield lambda: partial(page, chosen.choice(people))


def _whole(clinic: Clinic) -> Whole:
    """The clinic with all its parts; those that need its folder or the reasoner are not asked."""
    nowhere = Path("not-used")
    return assembled(clinic.practice, Premises(nowhere, clinic.url, nowhere, nowhere), _no_reasoner)


def _no_reasoner(profile: str) -> object:
    raise RuntimeError(f"Nothing is explained here, yet the reasoner '{profile}' was asked for.")
