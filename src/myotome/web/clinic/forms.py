"""A form as it was sent, read into an entry; what is wrong is said beside its field, and what was typed is kept."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from myotome.errors import CaseError, EntryError, MyotomeError

Model = TypeVar("Model", bound=BaseModel)
OURS = ("csrf",)
NEVER = ("on_behalf",)  # the session says it, no form does
MISSING = "This is needed."
WORDS = {
    "missing": MISSING,
    "string_too_short": MISSING,
    "too_short": "Choose at least one.",
    "string_too_long": "This is too long: at most {max_length} characters.",
    "too_long": "These are too many: at most {max_length}.",
    "literal_error": "Choose one of: {expected}.",
    "string_pattern_mismatch": "Use small letters, digits and hyphens only.",
    "date_from_datetime_parsing": "Give the day as year-month-day, such as 1980-05-31.",
    "date_parsing": "Give the day as year-month-day, such as 1980-05-31.",
    "int_parsing": "Give a whole number.",
    "float_parsing": "Give a number.",
    "bool_parsing": "Choose yes or no.",
    "extra_forbidden": "This page does not ask for it.",
}


class FormError(EntryError):
    """A form that is refused; ``problems`` by field, the form as a whole under ''."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        """The text joins them."""
        self.problems = dict(problems)
        super().__init__(" ".join(f"{name}: {said}" if name else said for name, said in self.problems.items()))


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed, by field, and what is wrong with it. ``files`` are what was handed in as files."""

    typed: dict[str, list[str]] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, values: BaseModel | Mapping[str, Any]) -> Self:
        """A form filled in beforehand."""
        plain = values.model_dump(mode="json") if isinstance(values, BaseModel) else values
        return cls({name: _as_typed(value) for name, value in plain.items() if value is not None})

    def get(self, name: str, default: str = "") -> str:
        """The last of what was typed in a field, with line ends as they are kept."""
        return (self.typed.get(name) or [default])[-1].replace("\r\n", "\n")

    def all(self, name: str) -> list[str]:
        """Everything that was chosen under a name."""
        return [one.replace("\r\n", "\n") for one in self.typed.get(name, [])]

    def secret(self, name: str) -> str:
        """A password or code exactly as it came; no page shows it again."""
        return (self.typed.get(name) or [""])[-1]

    def entry(self, kind: type[Model], beside: Iterable[str] = (), **given: Any) -> Model:
        """Read the fields of ``kind``; ``given`` are those that the page itself knows, ``beside`` are not of the entry.

        A field left empty is left out where it may be.

        Raises:
            FormError: with a sentence for each field.
        """
        known = {*kind.model_fields, *beside, *OURS} - {*given, *NEVER}
        if strange := sorted(set(self.typed) - known):
            raise FormError({"": f"This page does not ask for '{strange[0][:40]}'. Load it again and fill it in."})
        read = {name: self._read(name, one.annotation) for name, one in kind.model_fields.items() if name in self.typed}
        told = {name: value for name, value in read.items() if value not in ("", ()) or _needed(kind, name)}
        try:
            return kind.model_validate({**told, **given})
        except ValidationError as error:
            raise FormError(said_of(error)) from None

    def refused(self, error: MyotomeError) -> Form:
        """The same form with why it was refused."""
        if isinstance(error, FormError):
            return replace(self, problems=error.problems)
        if isinstance(error, CaseError):
            return replace(self, problems={"": "\n".join(f"{p.at}: {p.message}" for p in error.problems)})
        return replace(self, problems={"": str(error)})

    def without(self, *names: str) -> Form:
        """The same form with some fields forgotten."""
        return replace(self, typed={name: said for name, said in self.typed.items() if name not in names})

    def _read(self, name: str, annotation: Any) -> Any:
        kinds = _kinds(annotation)
        if tuple in kinds or list in kinds:
            return tuple(one for one in self.all(name) if one != "")
        return self.get(name).strip()


def said_of(error: ValidationError) -> dict[str, str]:
    """A sentence for each field that is wrong; never what pydantic itself would say, nor what was typed."""
    said: dict[str, str] = {}
    for one in error.errors(include_url=False, include_input=False):
        place = str(one["loc"][0]) if one["loc"] else ""
        said.setdefault(place, _sentence(one))
    return said


def _sentence(one: Any) -> str:
    context = one.get("ctx", {})
    if one["type"] == "value_error":  # raised by our own checks, in our own words
        words = str(context.get("error", "this cannot be taken"))
        return words[:1].upper() + words[1:].rstrip(".") + "."
    words = WORDS.get(one["type"], "This cannot be taken as it is. Look at it again.")
    return words.format_map({"max_length": "", "expected": ""} | context)


def _as_typed(value: Any) -> list[str]:
    if isinstance(value, bool):
        return ["yes"] if value else []
    if isinstance(value, list | tuple):
        return [str(one) for one in value]
    return [str(value)]


def _kinds(annotation: Any) -> set[Any]:
    """The bare types in an annotation such as ``tuple[Line, ...] | None``."""
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        return {kind for one in get_args(annotation) for kind in _kinds(one)}
    return {origin or annotation}


def _needed(kind: type[BaseModel], name: str) -> bool:
    return kind.model_fields[name].is_required()
