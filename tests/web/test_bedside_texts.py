"""The words of the page at the bedside stand in its catalogue of texts, whole and each of them used."""

import json
import re
from pathlib import Path

import pytest

import myotome.web.bedside
from myotome.anatomy.tables import anatomy
from myotome.atlas.library import plate, plate_ids
from myotome.care.aftercare.advice import advice
from myotome.care.explanation.partition import KINDS
from myotome.web.bedside.script_tokens import TEXT, tokens
from myotome.web.bedside.texts import embedded, texts

STATIC = Path(myotome.web.bedside.__file__).parent / "static"
SCRIPTS = {path.relative_to(STATIC).as_posix(): path.read_text("utf-8") for path in sorted(STATIC.rglob("*.js"))}
# A text asked for by its name, or by the beginning of it: t("needle.count"), t(`needle.mode-${mode}`).
ASKED = re.compile(r"""\bt\((?:"([^"]+)"|`([a-z0-9.-]+)\$\{)""")
# A name handed on to where it is asked for stands alone in its quotes.
NAMED = re.compile(r'"([a-z]+\.[a-z0-9-]+)"')
PLACES = re.compile(r"\{(\w+)\}")
# What looks like words and is none: names of keys, headers and the browser's own.
NO_WORDS = frozenset(
    [
        "Enter",
        "Escape",
        "Home",
        "End",
        "Tab",
        "Backspace",
        "Delete",
        "Shift",
        "Control",
        "Accept",
        "Content-Type",
        "Retry-After",
        "Date",
        "ArrowUp",
        "ArrowDown",
        "ArrowLeft",
        "ArrowRight",
        "PageUp",
        "PageDown",
        "Unidentified",
        "X-CSRF",
        "X-Myotome",
        "Wed",
        "Sec",
        "HKDF",
        "Cache-Control",
        "Space",
    ]
) | {"before the last needle"}  # a value that the clinic has too
# Names by which the tables know a part or a view: what is shown of them comes from there.
TABLES = {*anatomy().muscles, *(region.name for one in plate_ids() for region in plate(one).regions)}
KNOWN = NO_WORDS | TABLES
WORDS = re.compile(r"^[A-Z][a-z’']+([ ,.:;?!…]|$)|[a-z]{2,}[,.:;?!] [A-Za-z]|(^| )[a-z]{2,} [a-z]{2,} [a-z]{2,} |“")


def wordings(told):
    return [told] if isinstance(told, str) else list(told.values())


def test_every_text_that_is_asked_for_exists_and_every_text_is_asked_for():
    known, whole = set(texts()), "\n".join(SCRIPTS.values())
    asked = {exact for exact, _ in ASKED.findall(whole) if exact}
    begun = {beginning for _, beginning in ASKED.findall(whole) if beginning}
    assert asked <= known, sorted(asked - known)
    named = set(NAMED.findall(whole))
    unused = {name for name in known - asked - named if not any(name.startswith(one) for one in begun)}
    assert not unused, sorted(unused)
    assert all(any(name.startswith(one) for name in known) for one in begun), begun


@pytest.mark.parametrize("name", [name for name in SCRIPTS if name != "sw.js"])
def test_no_words_stand_in_a_script(name):
    found = [
        (token.line, token.text)
        for token in tokens(SCRIPTS[name], name)
        if token.kind == TEXT and WORDS.search(token.text.strip("\"'`}")) and token.text.strip("\"'`") not in KNOWN
    ]
    assert not found, f"Give them a name in texts/en/: {found}"


def test_forms_fill_the_same_places_and_nothing_else_looks_like_one():
    for name, told in texts().items():
        places = [set(PLACES.findall(words)) - {"n"} for words in wordings(told)]
        assert all(one == places[0] for one in places), name
        if not isinstance(told, str):
            assert set(told) == {"one", "other"}, f"{name}: English has two forms"
            assert "n" in PLACES.findall(told["other"]), name
        for words in wordings(told):
            assert words.count("{") == words.count("}") == len(PLACES.findall(words)), name
            assert words == words.strip(), f"{name}: blanks beside a text belong to where it is shown"


def test_they_stand_in_the_page_and_cannot_end_it():
    assert json.loads(embedded()) == texts()
    assert "<" not in embedded()


def test_every_code_of_the_tables_that_is_part_of_a_name_has_its_text():
    wanted = {
        "chart.plate-": plate_ids(),
        "explain.kind-": KINDS,
        "aftercare.kind-": {one.kind for one in advice()},
    }
    names = {f"{beginning}{code}" for beginning, codes in wanted.items() for code in codes}
    assert names <= set(texts()), sorted(names - set(texts()))
