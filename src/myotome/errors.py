"""Errors for the person who made them: each says the value, the rule and the remedy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


class MyotomeError(Exception):
    """Base of every error that Myotome raises on purpose."""


class NetworkError(MyotomeError):
    """A network, its tables or its evidence cannot be reasoned with."""


class FactError(MyotomeError):
    """A row of a data file breaks the rules for facts and their sources."""


class UnknownNameError(MyotomeError):
    """A name that no table knows; carries the nearest known names."""

    def __init__(self, message: str, did_you_mean: Iterable[str] = ()) -> None:
        """Keep the sentence and the nearest names, best first."""
        self.did_you_mean = tuple(did_you_mean)
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class CaseProblem:
    """One thing wrong with a case file: where it is, what and how to mend it."""

    at: str
    message: str
    did_you_mean: tuple[str, ...] = field(default=())
    reason: str = ""  # one word for a program, where it is to do something about it

    def as_dict(self) -> dict[str, Any]:
        """The one JSON shape of a problem."""
        shape: dict[str, Any] = {"at": self.at, "message": self.message}
        if self.did_you_mean:
            shape["did_you_mean"] = list(self.did_you_mean)
        if self.reason:
            shape["reason"] = self.reason
        return shape


class CaseError(MyotomeError):
    """A case file that is refused whole; ``problems`` lists every reason."""

    def __init__(self, problems: Iterable[CaseProblem]) -> None:
        """Keep all problems; the text joins them, one a line."""
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{p.at}: {p.message}" for p in self.problems))


class PlateError(MyotomeError):
    """A plate of the atlas, a mark on it, or what was asked of it, cannot be drawn."""


class PlanError(MyotomeError):
    """The solver did not return a plan that can be trusted."""


class PaperError(MyotomeError):
    """A document that cannot be laid out as it was meant."""


class MechanismError(MyotomeError):
    """A body, a schedule or a course that the mechanism cannot run."""


class RecordError(MyotomeError):
    """The record cannot be opened, written or believed."""


class OutcomeUnknownError(RecordError):
    """The database went away while it was writing: sent again with the same id, an entry is recorded once."""


class AccessError(MyotomeError):
    """Somebody may not do this, or is not who they say."""


class EntryError(MyotomeError):
    """What was handed in is refused whole; the text says what would be right."""


class MissingError(MyotomeError):
    """There is nothing by that name here, or nothing that this person may see."""


class ServingError(MyotomeError):
    """A page that cannot be served as asked: a port, a name, a certificate or its key."""
