"""The clinic's own settings: its name, the place whose rules hold, its time zone."""

from __future__ import annotations

from zoneinfo import available_timezones

from myotome.clinic.actor import Actor
from myotome.clinic.entries.clinics import ClinicChanged
from myotome.clinic.practice import Practice
from myotome.clinic.retention.periods import periods
from myotome.errors import EntryError

ACT = "manage clinic"


def change_clinic(practice: Practice, actor: Actor, entry: ClinicChanged) -> None:
    """Change what is given; what was recorded before keeps its own zone.

    Raises:
        AccessError: this person may not.
        EntryError: nothing is different, or the place or the zone is not known.
    """
    with practice.acting(actor, ACT) as desk:
        if entry.zone is not None and entry.zone not in available_timezones():
            raise EntryError("There is no such time zone. Choose one of the list, such as Europe/Berlin.")
        if entry.place is not None and entry.place not in periods():
            raise EntryError(
                f"No rules of retention are known for this place. Known are {', '.join(sorted(periods()))}."
            )
        before, told = desk.clinic().model_dump(), entry.model_dump(mode="json", exclude_none=True)
        told.pop("on_behalf", None)
        if all(before[name] == value for name, value in told.items()):
            raise EntryError("Nothing is different from what is recorded. Change something, or leave it.")
        desk.record(entry)
