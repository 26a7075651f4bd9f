"""``myotome recover``: an owner who cannot sign in any more gets a new invitation, on the clinic's own machine."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Any


def run(chosen: Namespace, doors: Mapping[str, Callable[..., Any]]) -> int:
    """Take away the owner's password and passkeys, and print the code by which new ones are made."""
    with doors["clinic"](chosen) as clinic:
        secret = clinic.accounts.recover(chosen.sign_in)
    print(secret)
    print(
        "Start the clinic and type this code at 'type in its code' below the sign-in; it works once.", file=sys.stderr
    )
    return 0
