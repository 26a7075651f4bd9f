"""Ports of this machine, or a sentence why one cannot be had."""

from __future__ import annotations

import errno
import os
import socket

from myotome.errors import ServingError
from myotome.web.network.names import address_of, local


def listen(host: str, port: int, option: str) -> socket.socket:
    """A socket that listens for a host of this machine; 0 is any free port."""
    family, where = _where(host)
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere the option would let two programs share a port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if where == "::":
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listening.bind((where, port))
        listening.listen(128)
    except (OSError, OverflowError) as error:
        listening.close()
        raise ServingError(_why(error, host, port, option)) from None
    return listening


def _where(host: str) -> tuple[socket.AddressFamily, str]:
    """The address to bind for a host as it was asked for."""
    address = address_of(host)
    if address is None and local(host):
        return socket.AF_INET, "127.0.0.1"
    if address is not None:
        return (socket.AF_INET if address.version == 4 else socket.AF_INET6), str(address)
    try:
        family, _, _, _, found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError):
        raise ServingError(
            f"{host} is not known on this network. If tablets will know this machine by that name: "
            f"myotome serve --host 0.0.0.0 --name {host}"
        ) from None
    if local(str(found[0])):
        raise ServingError(
            f"{host} leads to {found[0]}, which only this machine itself can reach. "
            f"Serve every network it is on: myotome serve --host 0.0.0.0 --name {host}"
        )
    return family, str(found[0])


def _why(error: OSError | OverflowError, host: str, port: int, option: str) -> str:
    """What is the matter with a port or host, and what to do."""
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        return f"Port {port} is in use, perhaps by another Myotome. End that one, or give another with {option}."
    if number == errno.EADDRNOTAVAIL:
        return f"{host} is not a name or address of this machine. Serve every one it has with --host 0.0.0.0."
    if number == errno.EACCES:
        return f"Port {port} is kept for the system's administrator. Give one above 1023 with {option}."
    reason = getattr(error, "strerror", None) or "ports go from 0 to 65535"
    return f"Port {port} cannot be used ({reason}). Give another with {option}."
