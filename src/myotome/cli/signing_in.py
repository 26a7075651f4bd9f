"""Signing in at the terminal, for what only a member of staff may do."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from myotome.clinic.actor import Actor, Proof
from myotome.clinic.clinic import Clinic
from myotome.errors import AccessError

TERMINAL = "terminal"


@contextmanager
def signed_in(clinic: Clinic, who: str) -> Iterator[tuple[Actor, Proof]]:
    """Somebody signed in by name and password, with a proof that they just did; signed out at the end.

    Raises:
        AccessError: name and password do not fit.
    """
    print(f"{who}: ", end="", file=sys.stderr, flush=True)
    name = sys.stdin.readline().strip()
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    token = clinic.access.sign_in(name, password, TERMINAL)
    actor = clinic.access.actor(token)
    if actor is None:
        raise AccessError("You could not be signed in. Try again.")
    proof = clinic.access.prove(actor, password, TERMINAL)
    try:
        yield actor, proof
    finally:
        clinic.access.sign_out(proof.token)
