"""One term of a dangerous combination, such as ``yes: fever``: read once, checked, asked of any case."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from myotome.anatomy.tables import anatomy
from myotome.care.examination.tables import signs, trophic_kinds
from myotome.care.examination.vocabulary import resolve
from myotome.care.screening.items import items
from myotome.care.screening.patterns import patterns
from myotome.care.screening.view import CaseView, one_name
from myotome.errors import FactError, UnknownNameError


class Term(Protocol):
    """A condition on a case; ``circumstance`` marks what alone is no sign of illness: site, age, sex."""

    @property
    def circumstance(self) -> bool:
        """True for what alone must never fire."""
        ...

    def holds(self, view: CaseView) -> str | None:
        """The sentence of what makes it hold, or None; what is not recorded does not hold."""
        ...


@dataclass(frozen=True, slots=True)
class Answered:
    """A screening item was answered yes."""

    code: str
    circumstance: bool = False

    def holds(self, view: CaseView) -> str | None:
        """See :class:`Term`."""
        return f"answered yes: {self.code}" if view.answers.get(self.code) == "yes" else None


@dataclass(frozen=True, slots=True)
class Denied:
    """Each of these screening items was answered no; it stands under ``none`` alone, so no ``no`` ever raises."""

    codes: tuple[str, ...]
    circumstance: bool = False

    def holds(self, view: CaseView) -> str | None:
        """See :class:`Term`."""
        denied = all(view.answers.get(code) == "no" for code in self.codes)
        return f"answered no: {', '.join(self.codes)}" if denied else None


@dataclass(frozen=True, slots=True)
class Found:
    """A sign with one of these results, at one site or (no site) anywhere."""

    sign: str
    site: str | None
    results: frozenset[str]
    circumstance: bool = False

    def holds(self, view: CaseView) -> str | None:
        """See :class:`Term`."""
        texts = [
            seen.text
            for seen in view.seen
            if seen.sign == self.sign and seen.result in self.results and self.site in (None, seen.site.name)
        ]
        return "; ".join(dict.fromkeys(texts)) or None


@dataclass(frozen=True, slots=True)
class Aged:
    """The person is at least, or less than, so many years old."""

    years: float
    below: bool
    circumstance: bool = True

    def holds(self, view: CaseView) -> str | None:
        """See :class:`Term`."""
        age = view.person.age
        return None if age is None or (age < self.years) != self.below else f"age {age:g}"


@dataclass(frozen=True, slots=True)
class OfSex:
    """The person is of this sex."""

    sex: str
    circumstance: bool = True

    def holds(self, view: CaseView) -> str | None:
        """See :class:`Term`."""
        return self.sex if view.person.sex == self.sex else None


@dataclass(frozen=True, slots=True)
class Placed:
    """The complaint is in one of these areas or regions; ``wholly``: and nowhere else."""

    names: frozenset[str]
    wholly: bool
    circumstance: bool = True

    def holds(self, view: CaseView) -> str | None:
        """See :class:`Term`."""
        there = [area for area, names in view.places if names & self.names]
        enough = len(there) == len(view.places) if self.wholly else bool(there)
        return f"the complaint is at the {' and the '.join(there)}" if there and enough else None


@dataclass(frozen=True, slots=True)
class Patterned:
    """The findings show a named pattern."""

    name: str
    circumstance: bool = False

    def holds(self, view: CaseView) -> str | None:
        """See :class:`Term`."""
        return patterns()[self.name].holds(view)


def parse(text: str, where: str, blocking: bool = False) -> Term:
    """The term that ``text`` writes; ``blocking`` terms stand under ``none``.

    Raises:
        FactError: not a term, or a name that no table knows; ``where`` names the row.
    """
    if aged := re.fullmatch(r"age (>=|<) (\d+)", text):
        return Aged(float(aged[2]), aged[1] == "<")
    kind, _, rest = (part.strip() for part in text.partition(":"))
    if kind == ("no" if blocking else "yes") and (answer := _answer(kind, rest)):
        return answer
    if kind == "sex" and rest in ("female", "male"):
        return OfSex(rest)
    if kind == "pattern" and rest in patterns():
        return Patterned(rest)
    if kind == "area":
        return Placed(_areas(rest, where), blocking)
    if kind == "finding":
        return _found(rest, where)
    raise FactError(
        f"{where}: '{text}' is not a term. Write yes: <item> (not under none), no: <item> & <item> (only under "
        "none), finding: <sign> | <site or *> | <results>, age >= <years>, age < <years>, sex: <sex>, "
        "area: <areas> or pattern: <name>."
    )


def _answer(kind: str, text: str) -> Term | None:
    """A yes to one item, or a no to each of several; None where an item is not known."""
    codes = (text,) if kind == "yes" else tuple(code.strip() for code in text.split("&"))
    if not all(code in items() for code in codes):
        return None
    return Answered(text) if kind == "yes" else Denied(codes)


def _areas(text: str, where: str) -> frozenset[str]:
    areas = anatomy().areas
    names = frozenset(name.strip() for name in text.split("|"))
    strange = sorted(names - set(areas) - {area.region for area in areas.values()})
    if strange:
        raise FactError(f"{where}: {', '.join(strange)} is no known area or region. Correct the term.")
    return names


def _found(text: str, where: str) -> Found:
    parts = [part.strip() for part in text.split("|")]
    if len(parts) != 3 or parts[0] not in signs():
        raise FactError(f"{where}: 'finding: {text}' needs sign | site | results, with a known sign. Correct it.")
    sign, at, written = parts
    results = frozenset(result.strip() for result in written.split(","))
    known = {*signs()[sign].results, *(trophic_kinds() if sign == "trophic" else ())}
    if strange := sorted(results - known):
        raise FactError(f"{where}: {', '.join(strange)} is no result of {sign}. Use {', '.join(sorted(known))}.")
    if at == "*":
        return Found(sign, None, results)
    try:
        same = {one_name(sign, resolve(sign, at)[0], result) for result in results}
    except UnknownNameError as error:
        raise FactError(f"{where}: {error} Correct the term.") from None
    (named, site), *others = {(name, place.name) for name, place, _ in same}
    if others:
        raise FactError(f"{where}: 'finding: {text}' means two signs. Write one term for each.")
    return Found(named, site, frozenset(result for _, _, result in same))
