"""The questions to ask before needling, and which of them apply to whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from myotome.anatomy.tables import anatomy
from myotome.care.examination.case import ANSWERS, Person
from myotome.care.examination.names import Names, tokens
from myotome.errors import FactError, UnknownNameError
from myotome.facts.kept import Table, kept
from myotome.facts.provenance import Provenance
from myotome.facts.tables import rows

HERE = "myotome.care.screening"
RED_FLAG = "red flag"
KINDS = (RED_FLAG, "needling", "context")
MOST_SPARE = 4

# Words that people put round the name of an item without changing what is meant.
_ROUND_A_NAME = frozenset(
    {"history", "recent", "any", "known", "current", "new", "has", "had", "have", "is", "or", "with", "reported"}
    | {"severe", "sudden", "acute", "persistent", "ongoing", "marked", "symptom", "patient"}
)  # fmt: skip
# One spelling for both sides of the ocean.
_SPELLING = (("ae", "e"), ("oe", "e"), ("our", "or"), ("isation", "ization"), ("ised", "ized"))


@dataclass(frozen=True, slots=True)
class ScreeningItem:
    """One question; empty regions, sex and zero ages mean everyone; an answer holds for those in ``also`` too."""

    code: str
    synonyms: tuple[str, ...]
    question: str
    kind: str
    regions: frozenset[str]
    sex: str
    age_min: float
    age_max: float
    provenance: Provenance
    reviewed_by: str
    also: tuple[str, ...] = ()

    def applies_to(self, person: Person, region: str | None) -> bool:
        """Whether it should be asked; what is not known of the person never rules it out."""
        age = person.age
        return (
            (region is None or not self.regions or region in self.regions)
            and (not self.sex or person.sex not in ("female", "male") or person.sex == self.sex)
            and (age is None or age >= self.age_min)
            and (age is None or not self.age_max or age <= self.age_max)
        )


@kept
def items() -> Mapping[str, ScreeningItem]:
    """The screening items by code, in table order.

    Raises:
        FactError: an unknown kind or region, or a code used twice.
    """
    known = {area.region for area in anatomy().areas.values()}
    found: dict[str, ScreeningItem] = {}
    for where, row, provenance in rows(HERE, "items", "item"):
        applies = row["applies"]
        strange = sorted(set(applies["areas"]) - known)
        if strange or row["kind"] not in KINDS or row["code"] in found:
            raise FactError(
                f"{where}: regions {strange} or kind '{row['kind']}' not known, or a second row of the "
                f"code. Kinds are {', '.join(KINDS)}; regions are those of the areas. Correct the row."
            )
        found[row["code"]] = ScreeningItem(
            row["code"],
            tuple(row["synonyms"]),
            row["question"],
            row["kind"],
            frozenset(applies["areas"]),
            applies["sex"],
            float(applies["age_min"]),
            float(applies["age_max"]),
            provenance,
            row["reviewed_by"],
            tuple(row.get("also", ())),
        )
    return Table(found)


def spread(answers: Mapping[str, str]) -> dict[str, str]:
    """The answers, with those of a question that asks for several things given to each of them; a yes stays."""
    found = dict(answers)
    for code, answer in answers.items():
        for part in items()[code].also:
            found[part] = min(found.get(part, "not asked"), answer, key=ANSWERS.index)
    return found


def applicable(person: Person, area: str | None) -> tuple[ScreeningItem, ...]:
    """The items to ask this person with a complaint at this area, in table order."""
    place = anatomy().areas.get(area) if area else None
    region = place.region if place else None
    return tuple(item for item in items().values() if item.applies_to(person, region))


def code_of(text: str) -> str:
    """The code of the item that ``text`` names, in any word order and either spelling.

    Raises:
        UnknownNameError: no item, or more than one, of that name; carries the nearest codes.
    """
    found = _exactly().get(" ".join(text.lower().split())) or _names().find(text)
    if found is not None:
        return found
    codes = _without_the_words_round_it(text)
    if len(codes) == 1:
        return next(iter(codes))
    near = tuple(sorted(codes)) or _names().near(text)
    hint = f"Did you mean {' or '.join(near)}?" if near else "See 'myotome vocabulary'."
    what = "means more than one screening item" if codes else "is not a known screening item"
    short = text if len(text) <= 60 else text[:57] + "..."
    raise UnknownNameError(f"'{short}' {what}; an item is named by its code or a synonym. {hint}", near)


@kept
def _exactly() -> Mapping[str, str]:
    """Every code and synonym as written, so that a fall and falls stay apart.

    Raises:
        FactError: one name stands for two items.
    """
    found: dict[str, str] = {}
    for item in items().values():
        for name in (item.code, *item.synonyms):
            if (taken := found.setdefault(name.lower(), item.code)) != item.code:
                raise FactError(f"'{name}' names both '{item.code}' and '{taken}'. Keep one of the two.")
    return Table(found)


@kept
def _names() -> Names:
    names = Names("screening item")
    for item in items().values():
        names.add(item.code, ())
    for item in items().values():
        names.add(item.code, item.synonyms)
    return names


def _without_the_words_round_it(text: str) -> frozenset[str]:
    """The codes that ``text`` names when the fewest words round a name are left out."""
    words = _one_spelling(tokens(text))
    kept = [word for word in words if word not in _ROUND_A_NAME]
    spare = list(dict.fromkeys(word for word in words if word in _ROUND_A_NAME))[:MOST_SPARE]
    for size in range(len(spare), -1, -1):
        found = {
            code for some in combinations(spare, size) for code in _by_words().get(tuple(sorted([*kept, *some])), ())
        }
        if found and kept:
            return frozenset(found)
    return frozenset()


@kept
def _by_words() -> Mapping[tuple[str, ...], frozenset[str]]:
    found: dict[tuple[str, ...], set[str]] = {}
    for item in items().values():
        for name in (item.code, *item.synonyms):
            found.setdefault(tuple(sorted(_one_spelling(tokens(name)))), set()).add(item.code)
    return {key: frozenset(codes) for key, codes in found.items()}


def _one_spelling(words: Iterable[str]) -> list[str]:
    plain: list[str] = []
    for word in words:
        for old, new in _SPELLING:
            word = word.replace(old, new)  # noqa: PLW2901  # a word is folded step by step
        plain.append(word)
    return plain
