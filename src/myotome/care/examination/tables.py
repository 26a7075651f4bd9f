"""The signs, trophic kinds and special tests of the examination, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from myotome.anatomy.parts import Part
from myotome.care.examination.names import key
from myotome.errors import FactError
from myotome.facts.kept import Table, kept
from myotome.facts.tables import rows

HERE = "myotome.care.examination"


@dataclass(frozen=True, slots=True)
class Sign(Part):
    """One way of looking, the results it can have, and how long it takes."""

    results: tuple[str, ...]
    how: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Trophic(Part):
    """A trophic or autonomic change of the skin, used as the result of the sign ``trophic``."""

    how: str


@dataclass(frozen=True, slots=True)
class Target:
    """What a special test detects: kind (segments, nerve, plexus, local, referral) and names."""

    kind: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SpecialTest(Part):
    """A provocation test with its published accuracy for its main target."""

    positive: str
    midline: bool
    function: bool
    detects: tuple[Target, ...]
    sensitivity: float
    specificity: float
    against: str
    examined: int
    region: str
    seconds: float


@kept
def signs() -> Mapping[str, Sign]:
    """The signs by name."""
    return Table(
        {
            row["name"]: Sign(
                row["name"],
                tuple(row["synonyms"]),
                provenance,
                tuple(row["results"]),
                row["how"],
                float(row["seconds"]),
            )
            for _, row, provenance in rows(HERE, "signs", "sign")
        }
    )


@kept
def result_words() -> Mapping[str, Mapping[str, str]]:
    """For each sign the words of its results, each with the standard word that it stands for."""
    table = {sign: results for sign, results in _word_list().items() if sign != "implied"}
    return Table(
        {
            sign: {word: name for name, words in results.items() for word in (*words, name)}
            for sign, results in table.items()
        }
    )


@kept
def implied_results() -> Mapping[str, str]:
    """The result that a sign written by what is wrong already says, by the words of the sign in order."""
    return Table({" ".join(key(word)): result for word, _, result in implying()})


def implying() -> Iterator[tuple[str, str, str]]:
    """Each word for a sign that says its result, that sign, and that result."""
    for sign, results in _word_list()["implied"].items():
        for result, words in results.items():
            yield from ((word, sign, result) for word in words)


def _word_list() -> dict[str, Any]:
    return tomllib.loads((files(HERE) / "data" / "results.toml").read_text("utf-8"))


@kept
def trophic_kinds() -> Mapping[str, Trophic]:
    """The trophic and autonomic changes by name."""
    return Table(
        {
            row["name"]: Trophic(row["name"], tuple(row["synonyms"]), provenance, row["how"])
            for _, row, provenance in rows(HERE, "signs", "trophic")
        }
    )


@kept
def special_tests() -> Mapping[str, SpecialTest]:
    """The special tests by name.

    Raises:
        FactError: an accuracy outside 0..1, or a name used twice.
    """
    found: dict[str, SpecialTest] = {}
    for where, row, provenance in rows(HERE, "tests", "test"):
        accuracy = (float(row["sensitivity"]), float(row["specificity"]))
        if not all(0.0 < value < 1.0 for value in accuracy) or row["name"] in found:
            raise FactError(f"{where}: accuracy {accuracy} or a second row of this name. Correct the row.")
        found[row["name"]] = SpecialTest(
            row["name"],
            tuple(row["synonyms"]),
            provenance,
            row["positive"],
            bool(row["midline"]),
            bool(row.get("function", False)),
            tuple(Target(d["kind"], tuple(d["names"])) for d in row["detects"]),
            *accuracy,
            row["against"],
            int(row["n"]),
            row["region"],
            float(row["seconds"]),
        )
    return Table(found)
