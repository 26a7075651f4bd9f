"""The tables, the same in both databases. Only ``event`` is the truth; ``projection`` is made from it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, MetaData, Table, Text

METADATA = MetaData()

EVENT = Table(
    "event",
    METADATA,
    Column("clinic", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("visit", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("header", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Index("event_id", "clinic", "id", unique=True),
    Index("event_person", "clinic", "person", "position"),
    Index("event_visit", "clinic", "visit", "position"),
    Index("event_author", "clinic", "author", "position"),
)

KEY = Table(
    "key",
    METADATA,
    Column("clinic", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("master", Text, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Index("key_owner", "clinic", "owner"),
)

PROJECTION = Table(
    "projection",
    METADATA,
    Column("clinic", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("sort", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("key", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("projection_person", "clinic", "kind", "person", "sort"),
    Index("projection_sort", "clinic", "kind", "sort"),
    Index("projection_position", "clinic", "kind", "position"),
)

DRAWER = Table(
    "drawer",
    METADATA,
    Column("clinic", Text, primary_key=True),
    Column("drawer", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("until", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("drawer_owner", "clinic", "drawer", "owner"),
)
