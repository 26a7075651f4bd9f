"""No text that a patient may read holds a word that promises too much: over every data file of the package."""

import csv
import tomllib
from functools import cache

import pytest

from myotome.care.aftercare.advice import advice
from myotome.care.evidence.claims import claims
from myotome.care.evidence.compare import sections
from myotome.care.evidence.conditions import conditions, expectation
from myotome.care.evidence.harms import harms, in_words, reasons
from myotome.care.evidence.words import GAP, forbidden_in, forbidden_words, instead_of
from tests.house.tree import PACKAGE

# Written for patients wherever they stand; in the evidence and aftercare tables these too.
FOR_PATIENTS = frozenset({"patient", "plain", "wording", "correction", "known", "not_known"})
THERE_TOO = frozenset({"text", "words", "finding", "heading", "outcome", "compared", "follow_up"})
MANY, A_FILE = 600, 10
FORMS = [(word.word, form) for word in forbidden_words().values() for form in word.forms]


def walk(value, fields):
    """The text of every field of these names, however deeply it lies."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in fields and isinstance(inner, str):
                yield name, inner
            yield from walk(inner, fields)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner, fields)


def tables(file):
    if file.suffix == ".csv":
        return list(csv.DictReader(file.read_text("utf-8").splitlines()))
    return tomllib.loads(file.read_text("utf-8"))


@cache
def texts_for_patients():
    """Where it stands and what it says, for every text for patients in the package."""
    return tuple(_texts())


def _texts():
    for file in sorted(p for p in PACKAGE.rglob("data/*") if p.suffix in (".toml", ".csv")):
        near = {"evidence", "aftercare"} & set(file.parts)
        for name, text in walk(tables(file), FOR_PATIENTS | THERE_TOO if near else FOR_PATIENTS):
            yield f"{file.parent.parent.name}/{file.name}: {name}", text


def texts_made():
    """What the code itself puts together for patients."""
    for condition in conditions().values():
        yield from expectation(condition)
    yield from map(in_words, harms())
    yield from (reason.text for reason in reasons())
    yield from (piece.patient for piece in advice())
    yield from (section.text for section in sections())


def test_no_text_for_patients_promises_too_much():
    found, files = {}, {}
    for where, text in texts_for_patients():
        files[where.split(":")[0]] = files.get(where.split(":")[0], 0) + 1
        if hits := forbidden_in(text):
            found[where] = (hits, [instead_of(hit) for hit in hits], text)
    assert not found, found
    assert sum(files.values()) >= MANY, f"only {sum(files.values())} texts were looked at: a field has been renamed"
    for name in ("claims.toml", "conditions.toml", "harms.toml"):
        assert files[f"evidence/{name}"] >= A_FILE, name
    assert files["aftercare/advice.toml"] >= A_FILE


def test_no_sentence_that_is_made_promises_too_much():
    made = list(texts_made())
    assert len(made) >= MANY / 6
    assert not {text: forbidden_in(text) for text in made if forbidden_in(text)}


@pytest.mark.parametrize(("word", "form"), FORMS, ids=[form for _, form in FORMS])
def test_each_word_is_caught_wherever_it_is_planted(word, form):
    """In every real text for patients, at its start, middle and end, in capitals and with any hyphen."""
    planted = form.replace(GAP, " all of the pain ")
    texts = sorted({text for _, text in texts_for_patients()})
    assert len(texts) >= MANY
    for text in texts:
        half = text.find(" ", len(text) // 2)
        middle = f"{text[:half]} {planted}{text[half:]}" if half > 0 else f"{text} {planted}."
        for spoilt in (f"{planted.capitalize()}: {text}", middle, f"{text} It is {planted}."):
            assert forbidden_in(spoilt), spoilt
    for hyphen in ("-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2212"):
        assert forbidden_in(planted.replace("-", hyphen).upper()), hyphen
    assert forbidden_in(planted[:2] + "\u00ad" + planted[2:]), "a soft hyphen hides it"
    assert instead_of(forbidden_in(planted)[0]) == forbidden_words()[word].instead


@pytest.mark.parametrize(
    "text",
    [
        "Road safety matters. For your safety, lie down.",
        "It would be unsafe to needle here.",
        "This is a safeguard against a mistake.",
        "Secure the dressing; do not procure another. A pedicure can wait.",
        "An accurate count was present beforehand; the preset time is over.",
        "Botulinum toxin is another treatment.",
        "Switch to the other side. Take the tape off.",
        "Switch the lamp on.",
        "The root of the nerve and the cause of the pain.",
        "It is an invasive procedure.",
        "The effective dose; highly unlikely.",
        "There is a risk. The limb moves free.",
    ],
)
def test_words_that_only_look_alike_are_left_alone(text):
    assert forbidden_in(text) == ()


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("Safe, SAFELY, safest.", ("Safe", "SAFELY", "safest")),
        ("Needling is not safe.", ("safe",)),
        ("fail-safe", ("safe",)),
        ("noninvasive, non invasive and non\u2011invasive", ("noninvasive", "non invasive", "non-invasive")),
        ("It switched the pain signals off.", ("switched the pain signals off",)),
        ("the root-cause, and the root\ncauses", ("root-cause", "root\ncauses")),
        ("cured", ("cured",)),
        ("We re-set and reset.", ("re-set", "reset")),
    ],
)
def test_inflections_and_hyphens_are_caught(text, hits):
    assert forbidden_in(text) == hits


def test_a_quoted_claim_is_excepted_because_of_where_it_stands():
    """The words are in `claim` and `quoted`, which are not for patients; each such claim carries its correction."""
    spoilt = [claim for claim in claims().values() if forbidden_in(claim.claim)]
    assert len(spoilt) >= 6
    for claim in spoilt:
        assert claim.correction, f"{claim.id} is shown with {forbidden_in(claim.claim)} and nothing said against it"
    assert any(forbidden_in(words) for section in sections() for words in section.quoted)
    assert not {"claim", "quoted", "quote"} & (FOR_PATIENTS | THERE_TOO)
