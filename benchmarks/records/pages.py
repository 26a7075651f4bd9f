"""Opening a person's page: two identifiers confirmed, then the page, through the web application and beneath it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from fastapi.testclient import TestClient

from benchmarks.measure import Figure
from benchmarks.records.clinics import Clinic
from benchmarks.records.timing import Act, compared, in_turns
from myotome.premises import Premises, assembled
from myotome.web.clinic.app import clinic_app

CONFIRMED = ("name", "birth date")
SHOWN = 21  # visits that the page asks for


def figures(small: Clinic, large: Clinic, times: int, sizes: str) -> Iterator[Figure]:
    """Both ways, in turns between the clinics."""
    for name, way in (("page of a person", _through_web), ("the same, without the web", _beneath)):
        one, other = in_turns(way(small), way(large), times=times)
        yield from compared(f"{large.kind}: {name}", one, other, sizes)


def _through_web(clinic: Clinic) -> Callable[[], Act]:
    """Whatever a browser would do: the form of the two identifiers, sent; then the page that it leads to."""
    token = clinic.signed_in()
    nowhere = Path("not-used")
    whole = assembled(clinic.practice, Premises(nowhere, clinic.url, nowhere, nowhere), _no_reasoner)
    app = clinic_app(whole)
    client = TestClient(app, base_url="http://localhost", cookies={f"myotome-{clinic.practice.ledger.clinic}": token})
    client.headers["x-csrf"] = clinic.access.csrf(token)
    people, chosen = list(clinic.past.alike), random.Random(4)

    def page(person: str) -> None:
        confirmed = {"identifier": list(CONFIRMED)}
        answer = client.post(f"/people/{person}/open", data=confirmed, follow_redirects=True)
        if answer.status_code != 200 or answer.text.count("/visits/") < len(clinic.past.alike[person]):
            raise RuntimeError(f"The page of a person did not come ({answer.status_code}).")

    return lambda: partial(page, chosen.choice(people))


def _beneath(clinic: Clinic) -> Callable[[], Act]:
    """What the page asks of the clinic."""
    actor = clinic.access.actor(clinic.signed_in())
    if actor is None:
        raise RuntimeError("Signing in failed.")
    everybody = assembled(clinic.practice, Premises(*[Path("not-used")] * 4), _no_reasoner).people  # type: ignore[arg-type]
    people, chosen = list(clinic.past.alike), random.Random(5)

    def page(person: str) -> None:
        everybody.open(actor, person, CONFIRMED)
        with clinic.practice.looking(actor, "read record", "person's page", person) as shelf:
            shelf.visits(shelf.together(shelf.person(person)), SHOWN)

    return lambda: partial(page, chosen.choice(people))


def _no_reasoner(profile: str) -> object:
    raise RuntimeError(f"Nothing is explained here, yet the reasoner '{profile}' was asked for.")
