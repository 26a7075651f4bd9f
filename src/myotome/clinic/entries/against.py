"""Why needles went in although the software says not to needle."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field, StringConstraints

from myotome.clinic.entries.bedside import BedsideEntry
from myotome.clinic.entries.entry import legible

MOST_SAID = 50  # sentences; more never stand against one visit
Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000, strict=True), AfterValidator(legible)
]
AGAINST = (
    "It is {reason, said, replaces}: the reason is 1 to 2000 legible characters; said lists the sentences that were "
    f"shown, 1 to {MOST_SAID}, each as it was shown."
)


class NeedledAgainst(BedsideEntry):
    """The practitioner's reason, and in ``said`` the sentences that they were shown."""

    kind: ClassVar[str] = "needled.against"

    reason: Reason
    said: tuple[Reason, ...] = Field(min_length=1, max_length=MOST_SAID)
