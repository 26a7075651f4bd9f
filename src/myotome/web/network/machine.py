"""What this machine is called on its network, and what each name or address is good for."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from myotome.errors import ServingError
from myotome.web.network.names import Names, address_of, local, names_of
from myotome.web.network.origin import rp_id, why_no_passkey

# Reserved for documentation: asking which way they lie sends nothing.
ELSEWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))


class Machine(Protocol):
    """Where names and addresses come from; tests pass their own."""

    def names(self) -> Iterable[str]:
        """Host names, as the system knows them."""

    def addresses(self) -> Iterable[str]:
        """IP addresses towards the network."""


class ThisMachine:
    """The machine that this runs on."""

    def names(self) -> list[str]:
        """The host name, the same under .local, and the full name where the network gives one."""
        short = socket.gethostname()
        named = [] if local(short) else [f"{short.split('.')[0]}.local"]
        return [*named, short, socket.getfqdn()]

    def addresses(self) -> list[str]:
        """The addresses from which this machine would reach others."""
        found = []
        for family, elsewhere in ELSEWHERE:
            with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((elsewhere, 9))
                found.append(str(probe.getsockname()[0]))
        with contextlib.suppress(OSError):  # a network without a way out has these only
            found += [str(one[4][0]) for one in socket.getaddrinfo(socket.gethostname(), None)]
        return found


@dataclass(frozen=True, slots=True)
class Reach:
    """A name or address under which tablets may reach this machine, and whether passkeys can belong to it."""

    host: str
    passkeys: bool
    why: str | None


def addresses(machine: Machine) -> tuple[Reach, ...]:
    """Names first, then addresses, each once; what cannot stand in a certificate is left out."""
    found: dict[str, Reach] = {}
    for host in [*machine.names(), *machine.addresses()]:
        if local(host):
            continue
        try:
            names = names_of([host])
        except ServingError:
            continue
        plain = str(names)
        found.setdefault(plain, Reach(plain, rp_id(plain) is not None, why_no_passkey(plain)))
    return tuple(found.values())


def served_names(host: str, more: Iterable[str], found: Iterable[Reach], signed: Names | None) -> Names:
    """The names for a certificate: those asked for, else this machine's own that the authority may sign for.

    An address stands in it only when it was asked for: routers change addresses, and each change would need
    a new authority and every tablet's trust again.
    """
    asked = _asked(host, more)
    if all(address_of(name) for name in asked):
        own = [reach.host for reach in found if reach.passkeys]
        # A name that the router gave later must not make the authority useless.
        asked += [name for name in own if signed and signed.covers(names_of([name]))] or own
    if not asked:
        raise ServingError(
            "This machine has no name on its network that a certificate could be for. "
            "Give the one that tablets will use: myotome serve --host 0.0.0.0 --name clinic.local"
        )
    return names_of(asked)


def plain_hosts(host: str, more: Iterable[str], found: Iterable[Reach]) -> list[str]:
    """The hosts of a clinic served without TLS: what was asked for, and whatever leads here."""
    hosts = [name for name in (*_asked(host, more), *(reach.host for reach in found)) if not local(name)]
    if not hosts:
        raise ServingError("This machine has no name or address on a network. Give one: --host 192.168.1.20")
    return hosts


def _asked(host: str, more: Iterable[str]) -> list[str]:
    """The names asked for; a host that means every network is none."""
    bound = address_of(host)
    return [*more] if bound is not None and bound.is_unspecified else [host, *more]
