"""The text a patient reads before consenting to needling, in versions that never change once kept.

The newest words are made from the table of statements and the harm rates; each version is kept whole as it was read,
so that a consent signed under it can be shown again when the table has long moved on.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from myotome.care.evidence.harms import Harm, harms, in_range
from myotome.errors import FactError, MissingError
from myotome.facts.kept import Table, kept
from myotome.facts.provenance import Provenance
from myotome.facts.tables import rows

HERE = "myotome.clinic.consents"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of the table; ``words`` holds the rate too where it is about a harm."""

    section: str
    words: str
    harm: str
    reviewed_by: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its statements, in reading order."""

    heading: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One version: its date, the SHA-256 of its words, and the words."""

    version: str
    digest: str
    sections: tuple[Section, ...]

    @property
    def words(self) -> str:
        """Everything a patient reads, one statement a line: what the digest is taken of."""
        return _words(self.sections)


def consent_text(version: str | None = None) -> ConsentText:
    """The newest version, or the one of that date, as patients read it then.

    Raises:
        MissingError: there is no version of that date.
        FactError: a kept version was changed.
    """
    found = versions()
    if version is None:
        return found[max(found)]
    if version not in found:
        raise MissingError(f"There is no consent text of '{version}'. There are {', '.join(sorted(found))}.")
    return found[version]


@cache
def versions() -> Mapping[str, ConsentText]:
    """Every kept version by its date.

    Raises:
        FactError: a kept version was changed, or does not bear the date of its file.
    """
    return Table(versions_in(files(HERE) / "kept"))


def versions_in(folder: Traversable) -> dict[str, ConsentText]:
    """The versions of a folder, each held to the digest that was kept with it."""
    found = {}
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".json"):
            text = _read(file)
            found[text.version] = text
    if not found:
        raise FactError("No consent text is kept. Run tools/keep_consent.py with today's date.")
    return found


def _read(file: Traversable) -> ConsentText:
    row = json.loads(file.read_text("utf-8"))
    sections = tuple(Section(part["heading"], tuple(part["statements"])) for part in row["sections"])
    if file.name != f"{row['version']}.json" or digest_of(sections) != row["digest"]:
        raise FactError(
            f"{file.name}: the words are not those that were kept as version '{row['version']}'. Patients may have "
            "signed them: bring the file back as it was, and keep new words under a new date."
        )
    return ConsentText(row["version"], row["digest"], sections)


@kept
def statements() -> tuple[Statement, ...]:
    """The statements of the newest words with their sources, in reading order.

    Raises:
        FactError: a harm that is not in the table of harms, or a section that is torn apart.
    """
    found: list[Statement] = []
    for where, row, provenance in rows(HERE, "consent", "statement"):
        section, said = row["section"], [s.section for s in found]
        if section in said and said[-1] != section:
            raise FactError(f"{where}: the section '{section}' has begun before. Put its statements together.")
        words = _with_rate(where, row["patient"], row["harm"])
        found.append(Statement(section, words, row["harm"], row["reviewed_by"], provenance))
    return tuple(found)


def made(version: str) -> ConsentText:
    """The words as the tables of today make them, under that date.

    Raises:
        FactError: the version is not a date such as 2026-11-21.
    """
    try:
        plain = datetime.date.fromisoformat(version).isoformat() == version
    except ValueError:
        plain = False
    if not plain:
        raise FactError(f"The version '{version}' is not a date. Write it as in 2026-11-21.")
    headings = dict.fromkeys(statement.section for statement in statements())
    sections = tuple(Section(name, tuple(s.words for s in statements() if s.section == name)) for name in headings)
    return ConsentText(version, digest_of(sections), sections)


def as_json(text: ConsentText) -> str:
    """The form in which a version is kept."""
    sections = [{"heading": part.heading, "statements": list(part.statements)} for part in text.sections]
    row = {"version": text.version, "digest": text.digest, "sections": sections}
    return json.dumps(row, ensure_ascii=False, indent=1) + "\n"


def digest_of(sections: tuple[Section, ...]) -> str:
    """SHA-256 of the words, as 64 hexadecimal digits."""
    return hashlib.sha256(_words(sections).encode("utf-8")).hexdigest()


def _words(sections: tuple[Section, ...]) -> str:
    return "".join(f"# {part.heading}\n" + "".join(f"{words}\n" for words in part.statements) for part in sections)


def _with_rate(where: str, words: str, harm: str) -> str:
    same: list[Harm] = [row for row in harms() if row.name == harm]
    if not words.strip() or "\n" in words or (harm and not same):
        raise FactError(f"{where}: says nothing, has a line break, or the harm '{harm}' is not in harms.toml. Mend it.")
    if not harm:
        return words
    return f"{words} {'How often:' if any(row.per_100 for row in same) else 'It is'} {in_range(same)}"
