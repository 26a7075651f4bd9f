"""One entry of the bedside as the clinic hands it out, or as a device holds it before it is sent."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

DEEPEST = 6  # no body is nested deeper; what lies below is not compared
# Beside what an entry says: how, when, by whom and in place of what it was said.
BESIDE = frozenset({"replaces", "gesture", "clock_off", "happened", "paper", "on_behalf", "when"})
EMPTY: tuple[Any, ...] = (None, "", [], ())


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry. ``position`` is None until the clinic has it; ``late`` is one that came after the signature."""

    id: str
    kind: str
    body: Mapping[str, Any] = field(default_factory=dict)
    by: str = ""
    on_behalf: str = ""
    device: str = ""
    made: str = ""
    zone: str = ""
    received: str = ""
    position: int | None = None
    late: bool = False

    @property
    def happened(self) -> str:
        """When it happened: as it says itself, else when it was entered."""
        return self.word("happened") or self.made

    @property
    def says(self) -> str:
        """What it says, as a text that is equal for entries that say the same."""
        return plain_text({name: it for name, it in self.body.items() if name not in BESIDE and not _empty(it)})

    def ids(self, name: str) -> tuple[str, ...]:
        """The ids that its body lists under ``name``."""
        listed = self.body.get(name)
        return tuple(one for one in listed if isinstance(one, str)) if isinstance(listed, list | tuple) else ()

    def word(self, name: str) -> str:
        """A text of its body; empty where there is none."""
        said = self.body.get(name)
        return said if isinstance(said, str) else ""

    @property
    def rank(self) -> tuple[bool, float, str]:
        """Its place in the order of the record: as received; what the clinic has not got yet comes last."""
        if self.position is not None:
            return (False, self.position, self.id)
        return (True, self._moment(), self.id)

    def _moment(self) -> float:
        off = self.body.get("clock_off")
        ahead = off if isinstance(off, int | float) and not isinstance(off, bool) else 0
        try:
            return datetime.datetime.fromisoformat(self.made).timestamp() - ahead
        except (ValueError, OverflowError):
            return 0.0


def noted(told: Mapping[str, Any]) -> Noted:
    """The entry of a plain mapping, as the clinic hands it out or as a device drafts it."""
    position = told.get("position")
    return Noted(
        id=str(told["id"]),
        kind=str(told["kind"]),
        body=told.get("body") or {},
        by=str(told.get("by") or told.get("author") or ""),
        on_behalf=str(told.get("on_behalf") or ""),
        device=str(told.get("device") or ""),
        made=str(told.get("made") or told.get("device_time") or ""),
        zone=str(told.get("zone") or ""),
        received=str(told.get("received") or ""),
        position=None if position is None else int(position),
        late=bool(told.get("late")),
    )


def in_order(entries: Iterable[Noted]) -> tuple[Noted, ...]:
    """Each entry once, in the order of the record; of one sent twice, the copy that the clinic has."""
    kept: dict[str, Noted] = {}
    for entry in entries:
        before = kept.get(entry.id)
        if before is None or (before != entry and _copy(entry) < _copy(before)):
            kept[entry.id] = entry
    return tuple(sorted(kept.values(), key=lambda entry: entry.rank))


def _copy(entry: Noted) -> tuple[bool, float, str]:
    """Which of two copies counts; the text only decides where somebody gave one id to two entries."""
    return (*entry.rank[:2], plain_text([entry.kind, entry.by, entry.device, entry.made, entry.late, entry.body]))


def plain_text(value: Any, depth: int = 0) -> str:
    """Plain values as one text, whatever the order of their keys."""
    if depth > DEEPEST:
        return "..."
    if isinstance(value, Mapping):
        parts = (f"{json.dumps(str(name))}:{plain_text(value[name], depth + 1)}" for name in sorted(value))
        return "{" + ",".join(parts) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(plain_text(one, depth + 1) for one in value) + "]"
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # 4.0 and 4 are one number
    return json.dumps(value)


def _empty(value: Any) -> bool:
    return any(value is one or (value == one and type(value) is type(one)) for one in EMPTY)
