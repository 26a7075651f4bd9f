"""Plain words for patients, by topic and name, as rows of a table."""

from __future__ import annotations

from collections.abc import Mapping

from myotome.errors import FactError
from myotome.facts.kept import Table, kept
from myotome.facts.tables import rows

HERE = "myotome.paper"
# The letter of a segment and the part of the spine it belongs to, as a patient says it.
_PLACES = {"C": "neck", "T": "chest", "L": "loin", "S": "sacrum"}


@kept
def words() -> Mapping[str, str]:
    """Every text by ``topic: name``."""
    return Table({f"{row['topic']}: {row['name']}": row["plain"] for _, row, _ in rows(HERE, "plain", "plain")})


def say(topic: str, name: str) -> str:
    """The words for a name of a topic.

    Raises:
        FactError: the table has none.
    """
    try:
        return words()[f"{topic}: {name}"]
    except KeyError:
        raise FactError(f"plain.toml has no words for {topic} '{name}'. Add the row.") from None


def place_of(segment: str) -> str:
    """The part of the spine that a segment belongs to, in plain words."""
    return say("place", _PLACES[segment[0]])
