"""Read medicines, conditions and implants as people write them; what is not recognised is said so, never dropped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz.distance import DamerauLevenshtein

from myotome.care.examination.visit import Stated
from myotome.care.screening.items import items
from myotome.errors import FactError
from myotome.facts.kept import Table, kept
from myotome.facts.tables import lines, rows

HERE = "myotome.care.safety"
SHORTEST_TO_GUESS = 5  # letters; a shorter word is never taken for another
TWO_SLIPS_FROM = 8  # letters from which two slips are forgiven instead of one
# Longer words that stand beside a name; they are not taken for a misspelt one.
_BESIDE = frozenset(
    {"tablet", "tablets", "capsule", "capsules", "injection", "injections", "drops", "spray", "cream", "ointment"}
    | {"patch", "patches", "syrup", "units", "daily", "twice", "times", "weekly", "month", "monthly", "every"}
    | {"morning", "night", "evening", "needed", "since", "slight", "severe", "percent", "forte"}
)  # fmt: skip


_JOINED = re.compile(r"[,;+&/()]|\b(?:and|plus|also)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be named: what it is called, and the facts about the person that it amounts to.

    ``covers`` are the screening answers that it says more exactly, such as where a lymphoedema is.
    """

    name: str
    facts: tuple[str, ...]
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """What a written text was read as; ``guessed`` where its spelling was forgiven."""

    text: str
    side: str | None
    name: str
    facts: tuple[str, ...]
    guessed: bool
    covers: tuple[str, ...] = ()


@dataclass(slots=True)
class Lexicon:
    """Names in any number of words, found inside what was written."""

    _phrases: dict[tuple[str, ...], Entry] = field(default_factory=dict)
    _longest: int = 1

    def add(self, written: str, entry: Entry, where: str) -> None:
        """Add a name; one name that stands for two things is an error of the tables."""
        words = words_of(written)
        known = self._phrases.setdefault(words, entry)
        if not words or known.facts != entry.facts:
            raise FactError(f"{where}: '{written}' is empty or also names '{known.name}'. Keep one of the two.")
        self._longest = max(self._longest, len(words))

    def add_unless_known(self, written: str, entry: Entry) -> None:
        """Add a name that stands for nothing yet."""
        if (words := words_of(written)) not in self._phrases and words:
            self.add(written, entry, "items.toml")

    def read(self, stated: Stated) -> tuple[Read, ...]:
        """Everything that ``stated`` names, by the longest names first; empty where nothing is recognised."""
        words = words_of(stated.text)
        found, rest = self._exactly(words)
        slips = [(entry, True) for word in rest if (entry := self._nearly(word))]
        named = [(entry, False) for entry in found] + slips
        return tuple(
            Read(stated.text, stated.side, entry.name, entry.facts, guessed, entry.covers)
            for entry, guessed in dict(reversed(named)).items()
        )

    def _exactly(self, words: tuple[str, ...]) -> tuple[list[Entry], list[str]]:
        found, rest, start = [], [], 0
        while start < len(words):
            for size in range(min(self._longest, len(words) - start), 0, -1):
                if entry := self._phrases.get(words[start : start + size]):
                    found.append(entry)
                    start += size
                    break
            else:
                rest.append(words[start])
                start += 1
        return found, rest

    def _nearly(self, word: str) -> Entry | None:
        """The one thing that a misspelt word can mean; None where two are as near, or none is near."""
        if len(word) < SHORTEST_TO_GUESS or word in _BESIDE or not word.isalpha():
            return None
        slips = 2 if len(word) >= TWO_SLIPS_FROM else 1
        near: dict[int, set[tuple[str, ...]]] = {}
        first: dict[int, Entry] = {}
        for phrase, entry in self._phrases.items():
            if len(phrase) == 1 and phrase[0][0] == word[0] and len(phrase[0]) >= SHORTEST_TO_GUESS:
                far = DamerauLevenshtein.distance(word, phrase[0], score_cutoff=slips)
                if far <= slips:
                    near.setdefault(far, set()).add(entry.facts)
                    first.setdefault(far, entry)
        best = min(near, default=None)
        return first[best] if best is not None and len(near[best]) == 1 else None


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text: lower case, no accents, no punctuation."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower().replace("'", "")
    return tuple(re.findall(r"[a-z]+|[0-9]+", plain))


@kept
def lexicons() -> Mapping[str, Lexicon]:
    """What can be recognised of medicines, conditions and implants.

    Raises:
        FactError: a name stands for two things, or a medicine's class is not known.
    """
    found = {name: Lexicon() for name in ("medicines", "conditions", "implants")}
    classes = {row["name"]: (row["name"], *row["means"]) for _, row, _ in rows(HERE, "medicines", "class")}
    for where, line, _ in lines(HERE, "medicines"):
        if line["class"] not in classes:
            raise FactError(f"{where}: there is no class of medicines '{line['class']}'. Correct the row.")
        facts = tuple(dict.fromkeys(classes[line["class"]]))
        name = line["name"] if line["name"] == line["generic"] else f"{line['name']} ({line['generic']})"
        found["medicines"].add(line["name"], Entry(f"{name}, {line['class']}", facts), where)
    for name, facts in classes.items():
        found["medicines"].add(name, Entry(name, tuple(dict.fromkeys(facts))), "medicines.toml")
    for kind in ("condition", "implant"):
        for where, row, _ in rows(HERE, f"{kind}s", kind):
            for written in _names(row):
                facts = tuple(dict.fromkeys((row["name"], *row["means"])))
                found[f"{kind}s"].add(written, Entry(row["name"], facts, tuple(row.get("covers", ()))), where)
    for item in items().values():
        for written in (item.code, *item.synonyms):
            found["conditions"].add_unless_known(written, Entry(item.code, (item.code,)))
    return Table(found)


def _names(row: Mapping[str, Any]) -> Iterator[str]:
    yield from dict.fromkeys((row["name"], *row["synonyms"]))


def read_all(kind: str, listed: Iterable[Stated]) -> tuple[tuple[Read, ...], tuple[str, ...]]:
    """What a list names, and the texts in it, or parts between *and* or a comma, that name nothing known."""
    lexicon = lexicons()[kind]
    read: list[Read] = []
    unknown: list[str] = []
    for stated in listed:
        found = lexicon.read(stated)
        read += found
        parts = [part for part in _JOINED.split(stated.text) if _says_something(part)] if found else [stated.text]
        unknown += [part for part in parts if not lexicon.read(Stated(part))]
    return tuple(read), tuple(dict.fromkeys(unknown))


def _says_something(part: str) -> bool:
    """Whether a part holds a word that could be a name: longer than a dose, and no word that stands beside names."""
    return any(len(word) >= SHORTEST_TO_GUESS and word.isalpha() and word not in _BESIDE for word in words_of(part))
