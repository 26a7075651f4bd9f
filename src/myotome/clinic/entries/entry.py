"""What every recorded body has in common, and the words it may hold."""

from __future__ import annotations

import datetime
import unicodedata
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

TURNING = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}  # they turn the direction of what follows
BLANK = {0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0}  # letters and signs that leave no mark
EMPTY: tuple[Any, ...] = (None, "", (), {})  # defaults that say nothing
OLDEST = datetime.date(1900, 1, 1)


def legible(text: str) -> str:
    """Refuse characters that cannot be seen, or that make others look like something else."""
    for character in text:
        category = unicodedata.category(character)
        if (category in ("Cc", "Cs", "Cn") and character not in "\n\t") or ord(character) in TURNING:
            raise ValueError(f"it holds a character that cannot be shown (U+{ord(character):04X}); type it again")
    if text and all(unicodedata.category(one)[0] in "CZM" or ord(one) in BLANK for one in text):
        raise ValueError("it holds nothing that can be seen; type it again")
    return text


def one_line(text: str) -> str:
    """Refuse a second line."""
    if "\n" in text or "\t" in text:
        raise ValueError("it must be one line, without tabs")
    return legible(text)


def lived(day: datetime.date) -> datetime.date:
    """Refuse a birth that nobody alive had. That it is not to come is checked where the day is known."""
    if day < OLDEST:
        raise ValueError(f"{day.isoformat()} is before {OLDEST.isoformat()}")
    return day


def _stripped(least: int, most: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=least, max_length=most, strict=True)


Line = Annotated[str, _stripped(1, 200), AfterValidator(one_line)]
MaybeLine = Annotated[str, _stripped(0, 200), AfterValidator(one_line)]
Prose = Annotated[str, _stripped(1, 5000), AfterValidator(legible)]
MaybeProse = Annotated[str, _stripped(0, 5000), AfterValidator(legible)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", strict=True)]
BirthDate = Annotated[datetime.date, AfterValidator(lived)]


class Entry(BaseModel):
    """One kind of event's body. ``on_behalf`` names the practitioner for whom an assistant charted."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: ClassVar[str]
    version: ClassVar[int] = 1

    on_behalf: str = ""

    def body(self) -> dict[str, Any]:
        """As it is recorded: plain values, nothing that was left empty by default.

        A default that says something is written down: changed one day, it must not change what was recorded before.
        """
        fields = type(self).model_fields
        left = {name for name, field in fields.items() if getattr(self, name) == field.default in EMPTY}
        return self.model_dump(mode="json", exclude=left)

    @classmethod
    def brought_up(cls, body: dict[str, Any], version: int) -> dict[str, Any]:
        """A body of an older version as today's; kinds with older versions override it."""
        if version != cls.version:
            raise ValueError(version)
        return body
