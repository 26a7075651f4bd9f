"""How a clinic will be reached: over what, by which names, and what follows for passkeys and the bedside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from myotome.web.network.names import Names, address_of
from myotome.web.network.origin import allowed_hosts, rp_id, why_no_bedside, why_no_passkey

HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for on the command line."""

    host: str = "localhost"
    port: int = 0  # any free one
    names: tuple[str, ...] = ()  # further names for the certificate
    trust_port: int = 0  # the one after the clinic's
    no_tls: bool = False
    new_authority: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What the application is told about where it stands."""

    origin: str  # scheme, host and port, as a browser writes it
    host: str  # that host, an IPv6 address in brackets
    rp_id: str | None  # of passkeys; nothing where there can be none
    tls: bool  # cookies must be Secure
    bedside: bool  # whether bedside mode may be offered
    why: str | None  # why not, or why there are no passkeys
    hosts: frozenset[str]  # the Host headers that are answered


def standing(hosts: Sequence[str], port: int, tls: bool) -> Standing:
    """The standing under these hosts, the one that is printed and that passkeys belong to first."""
    shown = f"[{hosts[0]}]" if ":" in hosts[0] else hosts[0]
    origin = f"{'https' if tls else 'http'}://{shown}" + ("" if port == (443 if tls else 80) else f":{port}")
    refused = why_no_bedside(origin)
    return Standing(
        origin=origin,
        host=shown,
        rp_id=None if refused else rp_id(hosts[0]),
        tls=tls,
        bedside=refused is None,
        why=refused or why_no_passkey(hosts[0], port),
        hosts=allowed_hosts(hosts),
    )


def hosts_here(host: str) -> list[str]:
    """The hosts of a clinic that serves this machine alone."""
    address = address_of(host)
    if address is None:
        return [host.strip().lower().removesuffix("."), *HERE]
    return [*HERE] if str(address) in HERE else [str(address)]


def in_order(wish: Wish, names: Names) -> list[str]:
    """Names before addresses; of each, what was asked for before what was found, and .local before others."""
    asked = [str(address_of(name) or name.strip().lower().removesuffix(".")) for name in (wish.host, *wish.names)]

    def place(name: str) -> tuple[bool, int, bool, str]:
        return (
            address_of(name) is not None,
            asked.index(name) if name in asked else len(asked),
            not name.endswith(".local"),
            name,
        )

    return sorted([*names.hosts, *map(str, names.addresses)], key=place)
