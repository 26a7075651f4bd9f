"""The first tables, and the triggers that keep events as they are."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

WORDS = "an event is never changed or removed"


def upgrade() -> None:
    """Make tables, indexes and triggers."""
    text, number, data = sa.Text(), sa.BigInteger(), sa.LargeBinary()
    clinic = ("clinic", text)
    _table(
        "event",
        [clinic, ("position", number)],
        {
            "id": text,
            "person": text,
            "visit": text,
            "kind": text,
            "author": text,
            "header": data,
            "body": data,
            "hash": data,
        },
    )
    _table("key", [clinic, ("id", text)], {"owner": text, "master": text, "wrapped": data})
    _table(
        "projection",
        [clinic, ("kind", text), ("id", text)],
        {"person": text, "sort": text, "position": number, "key": text, "sealed": data},
    )
    _table("drawer", [clinic, ("drawer", text), ("id", text)], {"owner": text, "until": text, "sealed": data})
    op.create_index("event_id", "event", ["clinic", "id"], unique=True)
    for column in ("person", "visit", "author"):
        op.create_index(f"event_{column}", "event", ["clinic", column, "position"])
    op.create_index("key_owner", "key", ["clinic", "owner"])
    op.create_index("projection_person", "projection", ["clinic", "kind", "person", "sort"])
    op.create_index("projection_sort", "projection", ["clinic", "kind", "sort"])
    op.create_index("projection_position", "projection", ["clinic", "kind", "position"])
    op.create_index("drawer_owner", "drawer", ["clinic", "drawer", "owner"])
    _guard(op.get_bind().dialect.name)


def _table(
    name: str, keys: list[tuple[str, sa.types.TypeEngine[Any]]], others: dict[str, sa.types.TypeEngine[Any]]
) -> None:
    first = [sa.Column(column, kind, primary_key=True, autoincrement=False) for column, kind in keys]
    op.create_table(name, *first, *(sa.Column(column, kind, nullable=False) for column, kind in others.items()))


def _guard(dialect: str) -> None:
    """Triggers that refuse every change and removal of an event."""
    if dialect == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER event_no_{act.lower()} BEFORE {act} ON event BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION event_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{WORDS}'; END $$"
    )
    for act, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER event_no_{act.lower()} BEFORE {act} ON event "
            f"FOR EACH {each} EXECUTE FUNCTION event_stays()"
        )
