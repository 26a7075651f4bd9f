"""What the page at the bedside says, by name: a file for each part of the page, a folder for each language.

A text may hold ``{names}``, which the page fills. Where the wording depends on a number it has forms, as
``{one = "{n} needle", other = "{n} needles"}``: those of the language by the Unicode plural rules, chosen by ``n``.
English is whole by definition; another language must have each of its names with the same places, or is refused.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

ENGLISH = "en"
LANGUAGE = ENGLISH  # what the page speaks
FORMS = frozenset({"zero", "one", "two", "few", "many", "other"})
MOST_SAID = 10  # faults named in one refusal
_NAME = re.compile(r"[a-z][a-z0-9-]*")
_PLACE = re.compile(r"\{(\w+)\}")

Text = str | dict[str, str]


@cache
def texts(language: str = LANGUAGE) -> dict[str, Text]:
    """Every text by its name, ``part.name``.

    Raises:
        ValueError: a file holds what is no text, or the language is not whole: see `faults`.
    """
    found = _read(files(__name__).joinpath(language))
    if language != ENGLISH and (wrong := faults(found, texts(ENGLISH))):
        said = "\n".join((*wrong[:MOST_SAID], *(["…"] if len(wrong) > MOST_SAID else [])))
        raise ValueError(f"{len(wrong)} faults in the texts of '{language}'. Mend each:\n{said}")
    return found


def faults(found: Mapping[str, Text], english: Mapping[str, Text]) -> list[str]:
    """What keeps a language from being whole: names that are missing or nobody asks for, places that differ."""
    missing = [f"{name} is missing." for name in english if name not in found]
    strange = [f"{name} is asked for nowhere." for name in found if name not in english]
    differing = [
        f"{name} fills {_told(found[name])}, in English {_told(english[name])}."
        for name in english
        if name in found and places(found[name]) != places(english[name])
    ]
    return missing + strange + differing


def places(text: Text) -> frozenset[str]:
    """The names that a text fills in any of its forms; a form may leave the number out, so that does not count."""
    wordings = [text] if isinstance(text, str) else text.values()
    return frozenset(one for words in wordings for one in _PLACE.findall(words)) - {"n"}


@cache
def embedded(*parts: str, language: str = LANGUAGE) -> str:
    """Those of some parts, or of all, as JSON that can stand within a page."""
    wanted = {name: text for name, text in texts(language).items() if not parts or name.partition(".")[0] in parts}
    return json.dumps(wanted, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _read(folder: Traversable) -> dict[str, Text]:
    found = sorted((one for one in folder.iterdir() if one.name.endswith(".toml")), key=lambda one: one.name)
    return {
        f"{file.name.removesuffix('.toml')}.{name}": _text(file.name, name, told)
        for file in found
        for name, told in tomllib.loads(file.read_text("utf-8")).items()
    }


def _text(file: str, name: str, told: Any) -> Text:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{file}: {name} is no name of a text. Use small letters, digits and hyphens.")
    if isinstance(told, str) and told:
        return told
    if isinstance(told, dict) and "other" in told and FORMS.issuperset(told):
        return {form: str(words) for form, words in told.items()}
    raise ValueError(f"{file}: {name} is neither words nor forms with an `other`. Mend it.")


def _told(text: Text) -> str:
    return ", ".join(f"{{{one}}}" for one in sorted(places(text))) or "nothing"
