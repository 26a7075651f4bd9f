"""Where a clinic lives on this machine: its folder, database, master key and heads."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

DEMONSTRATION = "demonstration"


@dataclass(frozen=True, slots=True)
class Premises:
    """The places of one clinic. ``new`` where nothing of it exists yet."""

    folder: Path
    url: str
    key: Path
    heads: Path
    demonstration: bool = False


def premises(environment: Mapping[str, str], folder: str | None = None, demonstration: bool = False) -> Premises:
    """The places that the environment names, else the usual ones of this user.

    ``MYOTOME_DATA`` is the folder, ``MYOTOME_DATABASE_URL`` another database than the SQLite file in it,
    ``MYOTOME_KEY`` the master key's file (by default among the user's settings, away from the data), ``MYOTOME_HEADS``
    the folder of exported heads (better on another disk). The demonstration has a folder, file and key of its own and
    takes none of these but the first.
    """
    home = Path(environment.get("HOME") or Path.home())
    usual = Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share") / "myotome"
    settings = Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "myotome"
    chosen = Path(folder or environment.get("MYOTOME_DATA") or usual).absolute()
    if demonstration:
        chosen = chosen / DEMONSTRATION
        file, key = chosen / f"{DEMONSTRATION}.db", settings / f"{DEMONSTRATION}-{_short(chosen)}.key"
        return Premises(chosen, f"sqlite:///{file}", key, chosen / "heads", demonstration=True)
    url = environment.get("MYOTOME_DATABASE_URL") or f"sqlite:///{chosen / 'clinic.db'}"
    key = Path(environment.get("MYOTOME_KEY") or settings / f"clinic-{_short(chosen)}.key")
    return Premises(chosen, url, key, Path(environment.get("MYOTOME_HEADS") or chosen / "heads"))


def _short(folder: Path) -> str:
    """Clinics in different folders have different key files."""
    return uuid.uuid5(uuid.NAMESPACE_URL, str(folder)).hex[:8]


def record_file(url: str) -> Path | None:
    """The file of a SQLite record; None where the record is on a server, or the address is none."""
    try:
        read = make_url(url)
        return Path(read.database) if read.get_backend_name() == "sqlite" and read.database else None
    except (ArgumentError, ValueError):
        return None


def unborn(places: Premises) -> Path:
    """The master key of a clinic that is being made. So a key under its own name always has a clinic."""
    return places.key.with_name(f"{places.key.name}.new")
