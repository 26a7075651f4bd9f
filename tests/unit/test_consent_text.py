"""The consent text: its versions, its words, its rates, and where each statement comes from."""

import hashlib
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.keep_consent import main as keep

from myotome.care.evidence.harms import harms, in_range
from myotome.care.evidence.words import forbidden_in
from myotome.clinic.consents.texts import (
    as_json,
    consent_text,
    digest_of,
    made,
    statements,
    versions,
    versions_in,
)
from myotome.errors import FactError, MissingError

FIRST = "2026-11-21"
FIRST_DIGEST = "42bbf86522aadf712e358986feeb51bacf5b55b854f80038ac1b20bc89d3175d"
LONGEST_SENTENCE = 40


def test_the_newest_is_what_the_tables_say():
    """Else: tools/keep_consent.py with today's date, and clinics have people sign the new words."""
    newest = consent_text()
    assert newest == made(newest.version), "the tables of statements or harms have changed: keep a new version"


def test_a_version_once_kept_stays_as_it_was():
    """Written here too, so that words and digest cannot be changed together by mistake."""
    assert consent_text(FIRST).digest == FIRST_DIGEST


@pytest.mark.parametrize("version", sorted(versions()))
def test_each_version_can_be_read_and_bears_the_digest_of_its_words(version):
    text = consent_text(version)
    assert text.version == version
    assert text.digest == hashlib.sha256(text.words.encode()).hexdigest()


@pytest.mark.parametrize("version", sorted(versions()))
def test_no_version_promises_too_much(version):
    assert forbidden_in(consent_text(version).words) == ()


def test_there_is_no_version_of_another_day():
    with pytest.raises(MissingError, match=r"no consent text of '2020-01-01'\. There are .*2026-11-21"):
        consent_text("2020-01-01")


@pytest.mark.parametrize("version", ["", "v2", "2026-13-01", "20261121", "2026-11-21 "])
def test_a_version_is_a_date(version):
    with pytest.raises(FactError, match=r"is not a date\. Write it as in 2026-11-21"):
        made(version)


def test_old_versions_stay_readable_when_a_new_one_is_kept(tmp_path, capsys):
    older = made("2026-01-02")
    (tmp_path / "2026-01-02.json").write_text(as_json(older), "utf-8")
    assert keep("2026-03-04", tmp_path) == 0
    found = versions_in(tmp_path)
    assert list(found) == ["2026-01-02", "2026-03-04"]
    assert found["2026-01-02"] == older
    assert found["2026-03-04"].digest in capsys.readouterr().out


@pytest.mark.parametrize("version", ["2026-03-04", "2026-03-03"])
def test_a_kept_date_is_not_written_again(tmp_path, capsys, version):
    """Nor an earlier one: the newest in force would not change, and nobody would notice."""
    keep("2026-03-04", tmp_path)
    before = (tmp_path / "2026-03-04.json").read_bytes()
    assert keep(version, tmp_path) == 1
    assert "kept already and stays as it is" in capsys.readouterr().err
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [before]


@given(st.data())
def test_any_changed_word_of_a_kept_version_is_found(tmp_path_factory, data):
    row = json.loads(as_json(consent_text(FIRST)))
    part = data.draw(st.sampled_from(row["sections"]))
    which = data.draw(st.integers(0, len(part["statements"]) - 1))
    at = data.draw(st.integers(0, len(part["statements"][which]) - 1))
    letter = data.draw(st.characters(codec="utf-8").filter(lambda c: c != part["statements"][which][at]))
    part["statements"][which] = part["statements"][which][:at] + letter + part["statements"][which][at + 1 :]
    folder = tmp_path_factory.mktemp("changed")
    (folder / f"{FIRST}.json").write_text(json.dumps(row), "utf-8")
    with pytest.raises(FactError, match=r"not those that were kept as version '2026-11-21'.*bring the file back"):
        versions_in(folder)


def test_a_version_under_another_name_is_refused(tmp_path):
    (tmp_path / "2030-01-01.json").write_text(as_json(made("2026-01-02")), "utf-8")
    with pytest.raises(FactError, match=r"2030-01-01\.json: the words are not those"):
        versions_in(tmp_path)


def test_an_empty_folder_says_what_to_do(tmp_path):
    with pytest.raises(FactError, match=r"No consent text is kept\. Run tools/keep_consent\.py"):
        versions_in(tmp_path)


def test_moving_a_statement_changes_the_digest():
    """The order is part of what was read, and so is the heading under which it stood."""
    first, second, *rest = consent_text().sections
    assert digest_of((second, first, *rest)) != digest_of((first, second, *rest)) == consent_text().digest


def test_the_rates_are_those_of_the_table_of_harms():
    for statement in statements():
        if statement.harm:
            rate = in_range([harm for harm in harms() if harm.name == statement.harm])
            assert statement.words.endswith(rate)
    assert "from 6 in 100 to 8 in 100" in consent_text().words


def test_every_harm_but_one_is_told():
    """Harm that needed treatment is left out: its figures are within those of serious harm and of minor effects."""
    told = {statement.harm for statement in statements()} - {""}
    assert told == {harm.name for harm in harms()} - {"harm that needed treatment"}
    assert {harm.name for harm in harms() if harm.serious} <= told


@pytest.mark.parametrize(
    "needed",
    [
        "put through the skin into a muscle",
        "it is not acupuncture as the regulator of acupuncturists uses the word",
        "Beside sham needling the difference is small",
        "not proven",
        "collapsed lung (pneumothorax)",
        "sometimes after two days or more",
        "breathlessness, sharp pain on breathing, a dry cough, or pain at the tip of the shoulder",
        "exercise and staying active",
        "stay as it is, or get worse",
        "ask anything at any time",
        "stopped or changed while it goes on",
        "take back your consent at any time",
        "You get a copy",
    ],
)
def test_what_must_be_said_is_said(needed):
    assert needed in consent_text().words


def test_sections_come_in_the_order_of_a_decision():
    assert [section.heading for section in consent_text().sections] == [
        "What it is",
        "What it is not",
        "What it may do for you",
        "What often happens",
        "What rarely happens and can be serious",
        "What else can be done",
        "If you are not treated",
        "Your rights",
    ]


def test_sentences_are_short():
    sentences = re.split(r"(?<=[.:])\s", consent_text().words)
    assert max(len(sentence.split()) for sentence in sentences) <= LONGEST_SENTENCE
    assert sum(len(sentence.split()) for sentence in sentences) / len(sentences) <= LONGEST_SENTENCE / 3


def test_every_statement_names_its_source_and_waits_for_a_signature():
    assert len(statements()) >= 40
    for statement in statements():
        assert statement.provenance.source
        assert statement.reviewed_by == ""
