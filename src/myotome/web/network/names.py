"""The names and addresses that a certificate is for, checked before anything is signed."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

from myotome.errors import ServingError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
MOST = 20  # names of one clinic; more is a mistake


@dataclass(frozen=True, slots=True)
class Names:
    """Host names and addresses, each once and in order."""

    hosts: tuple[str, ...]
    addresses: tuple[Address, ...]

    def __str__(self) -> str:
        return ", ".join([*self.hosts, *map(str, self.addresses)])

    def covers(self, wanted: Names) -> bool:
        """Whether an authority limited to these may sign for those; a host name reaches the names below it."""
        return set(wanted.addresses) <= set(self.addresses) and all(
            any(host == own or host.endswith(f".{own}") for own in self.hosts) for host in wanted.hosts
        )


def names_of(given: Iterable[str]) -> Names:
    """The names as a certificate needs them, or a sentence about the first that cannot be one."""
    hosts: set[str] = set()
    addresses: set[Address] = set()
    for name in given:
        address = address_of(name)
        if address is None:
            hosts.add(_host(name))
        else:
            addresses.add(_own(address))
    if not 1 <= len(hosts) + len(addresses) <= MOST:
        raise ServingError(
            f"{len(hosts) + len(addresses)} names were given; a certificate needs from 1 to {MOST}. "
            "Give the name of this machine on the network, for example clinic.local."
        )
    return Names(tuple(sorted(hosts)), tuple(sorted(addresses, key=lambda one: (one.version, int(one)))))


def address_of(name: str) -> Address | None:
    """The IP address that a name is, with or without brackets; nothing for a host name."""
    try:
        return ipaddress.ip_address(name.strip().removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


def local(name: str) -> bool:
    """Whether a name means this machine to itself: localhost, 127.0.0.0/8 or ::1."""
    address = address_of(name)
    host = name.strip().lower().removesuffix(".")
    return host == "localhost" or host.endswith(".localhost") or bool(address and address.is_loopback)


def _own(address: Address) -> Address:
    """An address that one machine of a network can have."""
    if isinstance(address, ipaddress.IPv6Address) and address.scope_id:
        raise ServingError(f"{address} holds only on one cable of this machine. Give an address without %.")
    if address.is_loopback or address.is_unspecified or address.is_multicast:
        raise ServingError(
            f"{address} is not the address of one machine on a network. Give the address that tablets use, "
            "for example 192.168.1.20."
        )
    return address


def _host(name: str) -> str:
    """A host name of at least two labels, in lower case, as browsers send it."""
    host = name.strip().lower().removesuffix(".")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            raise ServingError(f"{name!r} is not a host name. Letters, digits, - and dots make one.") from None
    labels = host.split(".")
    if len(host) > 253 or not all(LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
        raise ServingError(f"{name!r} is not a host name. Letters, digits, - and dots make one: clinic.local.")
    if local(host):
        raise ServingError(f"{host} is this machine alone and needs no certificate. Give its name on the network.")
    if len(labels) == 1:
        # Limited to "clinic", the authority would reach every site of the public ending .clinic.
        raise ServingError(
            f"{host} has no dot: an authority limited to it would reach every site that ends in .{host}. "
            f"Give the full name on the network, for example {host}.local."
        )
    return host
