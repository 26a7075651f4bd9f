"""The plates there are, each read once."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path

from myotome.atlas.pack import read_plate
from myotome.atlas.plate import Plate
from myotome.errors import PlateError


@cache
def plate_ids() -> tuple[str, ...]:
    """Every plate of the atlas, in the order of the index."""
    index = tomllib.loads((files("myotome.atlas") / "plates" / "index.toml").read_text("utf-8"))
    return tuple(index["plates"])


@cache
def unions() -> dict[str, tuple[str, ...]]:
    """Skin areas that gather others, and their parts."""
    table = tomllib.loads((files("myotome.atlas") / "plates" / "unions.toml").read_text("utf-8"))["unions"]
    return {name: tuple(parts) for name, parts in table.items()}


@cache
def plate(name: str) -> Plate:
    """The plate called ``name``, or the one in the folder ``name`` where that is a path to a pack.

    Raises:
        PlateError: there is none, or its files break a rule.
    """
    if name in plate_ids():
        return read_plate(files("myotome.atlas") / "plates" / name)
    if not (Path(name) / "plate.toml").is_file():
        raise PlateError(
            f"There is no plate '{name}'. Choose one of {', '.join(plate_ids())}, or a folder with a plate.toml."
        )
    return replace(read_plate(Path(name)), id=name)
